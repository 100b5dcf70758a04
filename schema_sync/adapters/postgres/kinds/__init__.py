"""The cells of PostgreSQL, in the order in which they are read: what is referred to before what refers to it."""

from __future__ import annotations

from typing import Final

from schema_sync.adapters.postgres.cell import Cell
from schema_sync.adapters.postgres.kinds import (
    check,
    column,
    exclusion,
    foreign_key,
    index,
    primary_key,
    sequence,
    table,
    unique,
)

KINDS: Final[tuple[Cell, ...]] = (
    # types
    # tables and what is theirs
    table.CELL,
    column.CELL,
    sequence.CELL,
    primary_key.CELL,
    unique.CELL,
    exclusion.CELL,
    check.CELL,
    foreign_key.CELL,
    index.CELL,
    # views, routines, triggers
)
