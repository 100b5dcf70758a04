"""What tables are made of: tables, their columns, and sequences."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from schema_sync.adapters.postgres.objects.storage import Stored
from schema_sync.model.objects import SchemaObject


class Table(Stored, frozen=True, kw_only=True):
    """A table (pg_class.relkind `r`), partitioned or not (`p`), a partition or not.

    A partition is a table like any other: its columns, constraints and indexes are objects of their own. What it has
    only because its parent has it (copies of foreign keys and of triggers) is none.
    """

    kind: ClassVar[str] = "table"

    partition_by: str | None = None
    """The partition key of a partitioned table: `RANGE (day)`."""
    partition_of: str | None = None
    """The partitioned table that it is attached to, as an identifier."""
    bound: str | None = None
    """The rows that a partition takes: `FOR VALUES IN (1)`, `DEFAULT`."""
    detach_pending: bool = False
    """Whether a DETACH PARTITION CONCURRENTLY was broken off half-way: its rows are no longer the parent's."""
    inherits: tuple[str, ...] = ()
    """The tables that it inherits from, as identifiers, in their order."""
    of_type: str | None = None
    """The composite type of a typed table, as an identifier."""
    row_security: bool = False
    """Whether its policies count."""
    forced_row_security: bool = False
    """Whether they count for its owner too."""
    unlogged: bool = False
    replica_identity: str | None = None
    """`full`, `nothing` or `index`, where it is not the default: what logical replication knows a row by."""
    replica_index: str | None = None
    """The name of the index of the replica identity `index`."""
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
    sequence: str | None = None
    """The name of its sequence, which stays as it is when the table or the column is renamed: `orders_id_seq`."""
    persistence: str | None = None
    """`logged` or `unlogged`, where it is not the table's (PostgreSQL 15)."""
    comment: str | None = None
    """The comment of its sequence."""


class Column(SchemaObject, frozen=True, kw_only=True):
    """A column of a table (pg_attribute). Its type's own needs are in the snapshot's `needs`."""

    kind: ClassVar[str] = "column"
    in_order: ClassVar[bool] = True
    verbatim: ClassVar[tuple[str, ...]] = ("foreign_options", "not_null_comment", "comment")

    type: str
    """As format_type() prints it: `numeric(10,2)`."""
    nullable: bool = True
    """Whether NULL is taken. What PostgreSQL 18 calls the constraint is no difference: older ones know no name."""
    not_null_no_inherit: bool = False
    """Whether NOT NULL stays with this table and is not handed down (PostgreSQL 18)."""
    not_null_validated: bool = True
    """`False` for NOT VALID: rows that were there before may be NULL (PostgreSQL 18)."""
    not_null_comment: str | None = None
    """The comment of the constraint that NOT NULL is (PostgreSQL 18)."""
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
    inherited: bool = False
    """Whether a table has it only from those that it inherits from (not pg_attribute.attislocal). A partition's
    columns all come from its parent, which is not said again."""
    storage: str | None = None
    """`plain`, `external`, `main` or `extended`, where it is not the type's own."""
    compression: str | None = None
    """`pglz` or `lz4`, where it is not the default."""
    statistics: int | None = None
    """The statistics target, where it is not the default."""
    options: tuple[str, ...] = ()
    """Attribute options, `n_distinct=5`, in the order in which they were set, which pg_dump keeps."""
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
