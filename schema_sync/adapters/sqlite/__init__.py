"""SQLite: a tenant is a file.

The adapter, and with it the driver, is loaded when it is first asked for: looking at history needs only `objects`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schema_sync.adapters.sqlite.adapter import SQLiteAdapter

__all__ = ["SQLiteAdapter"]


def __getattr__(name: str) -> object:
    if name == "SQLiteAdapter":
        from schema_sync.adapters.sqlite.adapter import SQLiteAdapter

        return SQLiteAdapter
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
