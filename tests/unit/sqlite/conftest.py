"""Files to play with."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from schema_sync.adapters.sqlite import SQLiteAdapter
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot

Capture = Callable[[str], Awaitable[Snapshot]]


def load(path: Path, script: str) -> None:
    """Run a script in a file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


@pytest.fixture
def adapter(tmp_path: Path) -> SQLiteAdapter:
    """The adapter of all files in the temporary folder."""
    return SQLiteAdapter(f"sqlite:{tmp_path}/*.db", lock_timeout=0.1)


@pytest.fixture
def capture(tmp_path: Path, adapter: SQLiteAdapter) -> Capture:
    """SQL -> the snapshot of a new file that it was loaded into."""
    count = iter(range(1000))

    async def capture(script: str) -> Snapshot:
        name = f"tenant{next(count)}"
        load(tmp_path / f"{name}.db", script)
        return await adapter.inspector().inspect(TenantContext(name))

    return capture
