"""How much dearer a capture is than the bare reading of the same PRAGMAs: `python -m tests.bench sqlite`.

One file of 30 tables; every round has a file of its own, with names that this process has not read before. Both sides
open it anew, with the same driver in the same event loop, one right after the other; processor time counts, of all
threads, and the median of the rounds' ratios: a machine that is busy is so for both.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from statistics import median

import aiosqlite

from schema_sync.adapters.sqlite import SQLiteAdapter
from schema_sync.adapters.sqlite.cell import SCHEMA
from schema_sync.adapters.sqlite.kinds import KINDS
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from tests.bench import Figure
from tests.bench.__main__ import main

TABLES = 30
ROUNDS = 40
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


async def clock(side: Callable[[Path], Awaitable[object]], path: Path) -> float:
    """The processor time that one reading takes, in milliseconds."""
    started = time.process_time()
    await side(path)
    return (time.process_time() - started) * 1e3


async def measure(folder: Path) -> list[Figure]:
    """All figures."""
    files = [make(folder / f"file-{n}.db", f"_{n}") for n in range(ROUNDS)]
    inspectors = {path: SQLiteAdapter(f"sqlite:{path}").inspector() for path in files}

    async def capture(path: Path) -> None:
        await inspectors[path].inspect(TenantContext(path.stem))

    rounds = [[await clock(side, path) for side in (read_bare, capture, capture)] for path in files]
    fleet = await clock(capture_fleet, files[0]) / FLEET
    return [
        Figure(
            f"capture of {TABLES} tables / bare reading of their PRAGMAs",
            median(first / bare for bare, first, _again in rounds),
            4.0,
        ),
        Figure(
            "the same for names that this process has read before",
            median(again / bare for bare, _first, again in rounds),
        ),
        Figure("bare reading", median(bare for bare, _first, _again in rounds), unit="ms"),
        Figure("capture", median(first for _bare, first, _again in rounds), unit="ms"),
        Figure(f"capture of {FLEET} equal files, a file", fleet, unit="ms"),
    ]


async def capture_fleet(path: Path) -> None:
    """Capture many files that are equal, after they were listed."""
    with tempfile.TemporaryDirectory() as folder:
        for n in range(FLEET):
            (Path(folder) / f"tenant-{n}.db").hardlink_to(path)
        adapter = SQLiteAdapter(f"sqlite:{folder}/*.db")
        async for _tenant, captured in adapter.inspector().inspect_many(await adapter.list_tenants()):
            assert isinstance(captured, Snapshot)


def bench() -> list[Figure]:
    """See `tests.bench`."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(measure(Path(folder)))


if __name__ == "__main__":
    sys.exit(main(["sqlite"]))
