"""Stores in temporary folders, and plain Git to judge them."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from schema_sync.store import GitStore, create_store
from schema_sync.testing.store import Clock

Git = Callable[..., str]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home: no configuration of the user's or the machine's reaches Git or the store."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return folder


@pytest.fixture
def clock() -> Clock:
    """The clock of the store."""
    return Clock()


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[GitStore]:
    """An empty store with a work tree."""
    async with create_store(tmp_path / "store", clock=clock) as store:
        yield store


def run_git(folder: Path, *arguments: str, given: bytes | None = None) -> str:
    """What Git prints, in a folder."""
    command = ["git", "-c", "user.name=Ann", "-c", "user.email=ann@example.org", *arguments]
    done = subprocess.run(command, cwd=folder, input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture
def git(store: GitStore) -> Git:
    """Plain Git in the store's folder."""
    return lambda *arguments, **options: run_git(store.path, *arguments, **options)


def sound(folder: Path) -> bool:
    """Whether Git finds nothing wrong at all. Objects that no ref names are not wrong."""
    said = subprocess.run(
        ["git", "fsck", "--strict", "--full", "--no-dangling"], cwd=folder, capture_output=True, text=True, check=False
    )
    return said.returncode == 0 and "error" not in said.stderr and "warning" not in said.stderr
