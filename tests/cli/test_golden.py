"""What the tool writes for the demo is what it wrote before, byte for byte."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests import golden
from tests.cli.conftest import Run


@pytest.mark.parametrize("version", golden.VERSIONS)
async def test_a_version_of_the_demo_is_written_as_ever(version: str) -> None:
    assert await golden.written(version) == golden.kept(version)


def test_the_store_of_the_demo_holds_the_golden_files(run: Run) -> None:
    assert run("demo").exit_code == 0
    git = ["git", "-C", "schema-sync-demo/snapshots"]
    for version in golden.VERSIONS:
        named = subprocess.run(
            [*git, "ls-tree", "-r", "--name-only", version], capture_output=True, text=True, check=True
        )
        for path in named.stdout.split():
            shown = subprocess.run([*git, "show", f"{version}:{path}"], capture_output=True, check=True)
            assert shown.stdout == golden.kept(version)[path], path


def test_golden_files_are_canonical_for_git_too() -> None:
    assert all(b"\r" not in data for version in golden.VERSIONS for data in golden.kept(version).values())
    assert Path(golden.FOLDER, "sqlite", "v2", "schema", "tables", "credit_notes.json").is_file()
