"""The cells of PostgreSQL, in the order in which they are read: what is referred to before what refers to it."""

from __future__ import annotations

from typing import Final

from schema_sync.adapters.postgres.cell import Cell
from schema_sync.adapters.postgres.kinds import column, table

KINDS: Final[tuple[Cell, ...]] = (
    # types
    # sequences
    # tables and what is theirs
    table.CELL,
    column.CELL,
    # constraints, indexes
    # views, routines, triggers
)
