"""PostgreSQL 14 and newer: a tenant is a schema of a database.

The adapter, and with it the driver, is loaded when it is first asked for: looking at history needs only `objects`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schema_sync.adapters.postgres.adapter import PostgresAdapter

__all__ = ["PostgresAdapter"]


def __getattr__(name: str) -> object:
    if name == "PostgresAdapter":
        from schema_sync.adapters.postgres.adapter import PostgresAdapter

        return PostgresAdapter
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
