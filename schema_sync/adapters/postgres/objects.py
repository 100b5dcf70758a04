"""The vocabulary of PostgreSQL: what each kind of object means, on one page.

Texts of types, expressions and definitions are the server's own spelling, tenant-neutral and at the fixed point of its
deparsing (`text.py`). Owners: a column, constraint, index or trigger belongs to its table or view.
"""

from __future__ import annotations

from typing import ClassVar, Final

import msgspec

from schema_sync.model.objects import SchemaObject, vocabulary


class Table(SchemaObject, frozen=True, kw_only=True):
    """An ordinary table (pg_class.relkind `r`, not a partition)."""

    kind: ClassVar[str] = "table"

    comment: str | None = None


class Identity(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """GENERATED … AS IDENTITY, and how its sequence counts; `None` is what the column's type gives by itself."""

    always: bool = False
    start: int | None = None
    increment: int = 1
    minimum: int | None = None
    maximum: int | None = None
    cache: int = 1
    cycle: bool = False


class Column(SchemaObject, frozen=True, kw_only=True):
    """A column of a table (pg_attribute). Its type's own needs are in the snapshot's `needs`."""

    kind: ClassVar[str] = "column"
    in_order: ClassVar[bool] = True

    type: str
    """As format_type() prints it: `numeric(10,2)`."""
    nullable: bool = True
    default: str | None = None
    collation: str | None = None
    """As an identifier, where it is not the type's own."""
    identity: Identity | None = None
    generated: str | None = None
    """The expression of GENERATED ALWAYS AS."""
    virtual: bool = False
    """Whether a generated column is computed when it is read (PostgreSQL 18) instead of stored."""
    comment: str | None = None


VOCABULARY: Final = vocabulary([Table, Column])
"""Every kind by its name."""
