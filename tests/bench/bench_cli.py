"""How long the command line takes to come up, and to say what changed between two versions."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from schema_sync import Engine, SQLiteAdapter
from tests.bench import Figure, best

TABLES = 200
_MAIN = "from schema_sync.cli import main; main()"


def bench() -> list[Figure]:
    """`schema-sync --version` against a Python that only imports click; `diff` of a large schema, start included."""
    bare = best(lambda: _python("-c", "import click"), times=15)
    ours = best(lambda: _python("-c", _MAIN, "--version"), times=15)
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        asyncio.run(_two_versions(store))
        diff = best(lambda: _python("-c", _MAIN, "diff", "v1", "v2", "--store", str(store)), times=10)
    return [
        Figure("schema-sync --version / python -c 'import click'", ours / bare, 2.0),
        Figure(f"schema-sync diff v1 v2 of {TABLES} tables, ten of them changed", diff, 0.4, "s"),
    ]


async def _two_versions(store: Path) -> None:
    """A store with a schema of many tables, of which the second version changes ten."""
    adapter = SQLiteAdapter(f"sqlite:{store.parent}/*.db")
    async with Engine.from_adapter(adapter, store) as engine:
        for tag, changed in (("v1", 0), ("v2", 10)):
            snapshot = await adapter.elaborate([_table(n, more=n < changed) for n in range(TABLES)])
            await engine.commit({"bench": snapshot}, tag=tag)


def _table(n: int, *, more: bool) -> str:
    further = ", further TEXT" if more else ""
    return (
        f"CREATE TABLE table_{n} (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, amount NUMERIC DEFAULT 0"
        f" CHECK (amount >= 0), parent INT REFERENCES table_{max(n - 1, 0)} (id), kind TEXT, note TEXT{further});"
        f"CREATE INDEX by_kind_{n} ON table_{n} (kind, amount DESC);"
    )


def _python(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
