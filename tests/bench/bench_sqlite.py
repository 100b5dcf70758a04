"""How much dearer a capture is than the bare reading of the same PRAGMAs: `python -m tests.bench.bench_sqlite`.

One file of 30 tables. Both sides open the file anew, as a fleet's run does; the best of several rounds counts.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from schema_sync.adapters.sqlite import SQLiteAdapter
from schema_sync.adapters.sqlite.cell import SCHEMA, forget
from schema_sync.adapters.sqlite.kinds import KINDS
from schema_sync.model.report import TenantContext
from tests.bench import Figure, best

TABLES = 30
ROUNDS = 25


def make(path: Path) -> None:
    """A schema of 30 tables with keys, checks and indexes."""
    with closing(sqlite3.connect(path)) as connection:
        for n in range(TABLES):
            connection.executescript(
                f"CREATE TABLE table_{n} (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, amount NUMERIC(10,2)"
                f" DEFAULT 0 CHECK (amount >= 0), parent INT REFERENCES table_{max(n - 1, 0)} (id) ON DELETE CASCADE,"
                " note TEXT COLLATE NOCASE, created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, kind TEXT, rank INT);"
                f"CREATE INDEX by_kind_{n} ON table_{n} (kind, rank DESC) WHERE kind IS NOT NULL;"
            )


def read_bare(path: Path) -> None:
    """Read what the capture reads, and do nothing with it."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        for query in (SCHEMA, *(cell.query for cell in KINDS if cell.query is not None)):
            connection.execute(query).fetchall()


def capture(adapter: SQLiteAdapter, path: Path) -> None:
    """Capture the file."""
    asyncio.run(adapter.inspector().inspect(TenantContext(path.stem)))


def capture_afresh(adapter: SQLiteAdapter, path: Path) -> None:
    """Capture the file as the first of its kind: no text was parsed before."""
    forget()
    capture(adapter, path)


def bench() -> list[Figure]:
    """A capture against the bare reading, for a file whose texts were seen before (a fleet's), and for the first."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        make(path)
        adapter = SQLiteAdapter(f"sqlite:{folder}/*.db")
        bare = best(lambda: read_bare(path), times=ROUNDS)
        first = best(lambda: capture_afresh(adapter, path), times=ROUNDS)
        further = best(lambda: capture(adapter, path), times=ROUNDS)
    return [
        Figure(f"capture of {TABLES} tables / bare reading of their PRAGMAs", further / bare, 4.0),
        Figure(f"the same for texts that were never read before ({first * 1000:.1f} ms)", first / bare),
    ]


if __name__ == "__main__":
    for figure in bench():
        print(figure)
