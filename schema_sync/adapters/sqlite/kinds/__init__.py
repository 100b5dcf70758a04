"""The cells of SQLite, one a kind of object."""

from __future__ import annotations

from typing import Final

from schema_sync.adapters.sqlite.kinds import (
    check,
    column,
    foreign_key,
    index,
    primary_key,
    table,
    trigger,
    unique,
    view,
    virtual_table,
)

KINDS: Final = (
    table.CELL,
    column.CELL,
    primary_key.CELL,
    unique.CELL,
    check.CELL,
    foreign_key.CELL,
    virtual_table.CELL,
    index.CELL,
    view.CELL,
    trigger.CELL,
)
"""Every kind of object, as the inspector reads them."""
