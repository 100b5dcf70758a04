"""What tables are made of: tables, their columns, and sequences."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from schema_sync.model.objects import SchemaObject


class Table(SchemaObject, frozen=True, kw_only=True):
    """An ordinary table (pg_class.relkind `r`, not a partition)."""

    kind: ClassVar[str] = "table"

    row_security: bool = False
    """Whether its policies count."""
    forced_row_security: bool = False
    """Whether they count for its owner too."""
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
    foreign_options: tuple[str, ...] = ()
    """A foreign table's for its wrapper, as `name=value`, in the order in which they were set, which pg_dump keeps."""
    comment: str | None = None


class Sequence(SchemaObject, frozen=True, kw_only=True):
    """A sequence of its own (pg_sequence). `None` is what its type and direction give by themselves."""

    kind: ClassVar[str] = "sequence"

    type: str
    start: int | None = None
    increment: int = 1
    minimum: int | None = None
    maximum: int | None = None
    cache: int = 1
    cycle: bool = False
    unlogged: bool = False
    owned_by: str | None = None
    """The identity text of the column that it goes with: `tables/orders/columns/id`."""
    comment: str | None = None
