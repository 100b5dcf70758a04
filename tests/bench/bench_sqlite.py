"""How much dearer a capture is than the bare reading of the same PRAGMAs: `python -m tests.bench sqlite`.

One file of 30 tables; every round has a file of its own, with names that this process has not read before. Both sides
open it anew, with the same driver in the same event loop, and take turns; processor time counts, of all threads, and
the best round: what others do on the machine only ever adds.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from pathlib import Path

import aiosqlite

from schema_sync.adapters.sqlite import SQLiteAdapter
from schema_sync.adapters.sqlite.cell import SCHEMA
from schema_sync.adapters.sqlite.kinds import KINDS
from schema_sync.model.report import TenantContext
from tests.bench import Figure
from tests.bench.__main__ import main

TABLES = 30
ROUNDS = 25
FLEET = 200


def make(path: Path, mark: str) -> Path:
    """A schema of 30 tables with keys, checks and indexes; the mark is in every name."""
    with closing(sqlite3.connect(path)) as connection:
        for n in range(TABLES):
            connection.executescript(
                f"CREATE TABLE table_{n}{mark} (id{mark} INTEGER PRIMARY KEY, code{mark} TEXT NOT NULL UNIQUE,"
                f" amount{mark} NUMERIC(10,2) DEFAULT 0 CHECK (amount{mark} >= 0),"
                f" parent{mark} INT REFERENCES table_{max(n - 1, 0)}{mark} (id{mark}) ON DELETE CASCADE,"
                f" note{mark} TEXT COLLATE NOCASE, created{mark} TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,"
                f" kind{mark} TEXT, rank{mark} INT);"
                f"CREATE INDEX by_kind_{n}{mark} ON table_{n}{mark} (kind{mark}, rank{mark} DESC)"
                f" WHERE kind{mark} IS NOT NULL;"
            )
    return path


async def read_bare(path: Path) -> None:
    """Read what the capture reads, and do nothing with it."""
    async with aiosqlite.connect(f"{path.as_uri()}?mode=ro", uri=True) as connection:
        for query in (SCHEMA, *(cell.query for cell in KINDS if cell.query is not None)):
            await connection.execute_fetchall(query)


async def best(files: Sequence[Path], *sides: Callable[[Path], Awaitable[object]]) -> list[float]:
    """The least processor time that each takes for a file, in seconds."""
    times: list[list[float]] = [[] for _ in sides]
    for path in files:
        for side, found in zip(sides, times, strict=True):
            started = time.process_time()
            await side(path)
            found.append(time.process_time() - started)
    return [min(found) for found in times]


async def measure(folder: Path) -> list[Figure]:
    """All figures."""
    files = [make(folder / f"file-{n}.db", f"_{n}") for n in range(ROUNDS)]
    inspectors = {path: SQLiteAdapter(f"sqlite:{path}").inspector() for path in files}

    async def capture(path: Path) -> None:
        await inspectors[path].inspect(TenantContext(path.stem))

    bare, first, again = await best(files, read_bare, capture, capture)
    return [
        Figure(f"capture of {TABLES} tables / bare reading of their PRAGMAs", first / bare, 4.0),
        Figure("the same for names that this process has read before", again / bare),
        Figure("bare reading", bare * 1e3, unit="ms"),
        Figure("capture", first * 1e3, unit="ms"),
        Figure(f"capture of {FLEET} equal files, a file", await measure_fleet(files[0]) * 1e3, unit="ms"),
    ]


async def measure_fleet(path: Path) -> float:
    """The processor time that a file takes among many that are equal, in seconds."""
    for n in range(FLEET):
        shutil.copy(path, path.parent / f"tenant-{n}.db")
    adapter = SQLiteAdapter(f"sqlite:{path.parent}/tenant-*.db")
    tenants = await adapter.list_tenants()
    started = time.process_time()
    captured = [snapshot async for _tenant, snapshot in adapter.inspector().inspect_many(tenants)]
    assert len(captured) == FLEET
    return (time.process_time() - started) / FLEET


def bench() -> list[Figure]:
    """See `tests.bench`."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(measure(Path(folder)))


if __name__ == "__main__":
    sys.exit(main(["sqlite"]))
