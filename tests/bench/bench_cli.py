"""How long the command line takes to come up."""

from __future__ import annotations

import subprocess
import sys

from tests.bench import Figure, best


def bench() -> list[Figure]:
    """`schema-sync --version` against a Python that only imports click."""
    bare = best(lambda: _python("-c", "import click"), times=15)
    ours = best(lambda: _python("-c", "from schema_sync.cli import main; main()", "--version"), times=15)
    return [Figure("schema-sync --version / python -c 'import click'", ours / bare, 2.0)]


def _python(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
