"""What holds for the rows of a table, and what finds them: constraints and indexes."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from schema_sync.model.objects import SchemaObject


class BackedByIndex(SchemaObject, frozen=True, kw_only=True):
    """What the constraints that have an index of their own have in common; the index goes by the constraint's name."""

    verbatim: ClassVar[tuple[str, ...]] = ("index_comment", "comment")

    include: tuple[str, ...] = ()
    """Columns that the index carries along, in their order."""
    deferrable: bool = False
    initially_deferred: bool = False
    options: tuple[str, ...] = ()
    """Storage parameters of the index, `fillfactor=70`, in the order in which they were set, which pg_dump keeps."""
    tablespace: str | None = None
    """That of the index, where it is not the database's own."""
    attached_to: str | None = None
    """The index of the parent's that it is a part of, if it is one of a partition."""
    valid: bool = True
    """`False` for one of a partitioned table that not all partitions have their part of."""
    index_comment: str | None = None
    """The comment of the index, which is another than that of the constraint."""
    comment: str | None = None


class PrimaryKey(BackedByIndex, frozen=True, kw_only=True):
    """A PRIMARY KEY (pg_constraint.contype `p`). That its columns are NOT NULL is a field of theirs."""

    kind: ClassVar[str] = "primary_key"

    columns: tuple[str, ...]
    without_overlaps: bool = False
    """Whether the last column is a range that may not overlap with others (PostgreSQL 18)."""


class Unique(BackedByIndex, frozen=True, kw_only=True):
    """A UNIQUE constraint (pg_constraint.contype `u`)."""

    kind: ClassVar[str] = "unique"

    columns: tuple[str, ...]
    nulls_not_distinct: bool = False
    """Whether two NULLs count as equal (PostgreSQL 15)."""
    without_overlaps: bool = False
    """Whether the last column is a range that may not overlap with others (PostgreSQL 18)."""


class Check(SchemaObject, frozen=True, kw_only=True):
    """A CHECK constraint of a table (pg_constraint.contype `c`)."""

    kind: ClassVar[str] = "check"

    expression: str
    no_inherit: bool = False
    inherited: bool = False
    """Whether a table has it only from those that it inherits from (not pg_constraint.conislocal). Those that a
    partition shares with its parent come from there, which is not said again."""
    enforced: bool = True
    """`False` for NOT ENFORCED (PostgreSQL 18)."""
    validated: bool = True
    """`False` for NOT VALID: rows that were there before may violate it."""
    comment: str | None = None


class ForeignKey(SchemaObject, frozen=True, kw_only=True):
    """A foreign key (pg_constraint.contype `f`)."""

    kind: ClassVar[str] = "foreign_key"

    columns: tuple[str, ...]
    referenced_table: str
    """As an identifier: `orders`, or `public.countries` where it is shared."""
    referenced_columns: tuple[str, ...]
    match_full: bool = False
    on_update: str | None = None
    """`restrict`, `cascade`, `set null`, `set default`, or `None` for NO ACTION."""
    on_delete: str | None = None
    on_delete_columns: tuple[str, ...] = ()
    """The columns that ON DELETE SET NULL or SET DEFAULT sets, sorted; empty for all (PostgreSQL 15)."""
    period: bool = False
    """Whether the last columns are ranges of which one must cover the other (PostgreSQL 18)."""
    deferrable: bool = False
    initially_deferred: bool = False
    enforced: bool = True
    """`False` for NOT ENFORCED (PostgreSQL 18)."""
    validated: bool = True
    """`False` for NOT VALID: rows that were there before may violate it."""
    unusual_triggers: tuple[str, ...] = ()
    """Which of the triggers that enforce it do not fire as ever, sorted: `referencing disabled`, where DISABLE TRIGGER
    ALL has left the rows of the table unchecked, or `referenced disabled` for those of the other one."""
    comment: str | None = None


class IndexElement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What an index is made over: a column or an expression, and how its values are compared."""

    column: str | None = None
    expression: str | None = None
    """In parentheses, unless it is a call of a function."""
    collation: str | None = None
    """As an identifier, where it is not what the column or expression has."""
    opclass: str | None = None
    """As an identifier, with its parameters, where it is not the type's default."""
    descending: bool = False
    nulls: str | None = None
    """`first` or `last`, where it is not what the direction gives."""
    statistics: int | None = None
    """The statistics target of an expression, where it is not the default."""


class ExcludedElement(IndexElement, frozen=True, kw_only=True):
    """An element of an exclusion constraint."""

    operator: str
    """The operator that may not hold between two rows: `&&`, or `OPERATOR(public.&&)`."""


class Exclusion(BackedByIndex, frozen=True, kw_only=True):
    """An EXCLUDE constraint (pg_constraint.contype `x`)."""

    kind: ClassVar[str] = "exclusion"

    method: str
    elements: tuple[ExcludedElement, ...]
    where: str | None = None


class Index(SchemaObject, frozen=True, kw_only=True):
    """An index that no constraint owns (pg_index), of a table or a materialized view."""

    kind: ClassVar[str] = "index"

    method: str
    elements: tuple[IndexElement, ...]
    include: tuple[str, ...] = ()
    """Columns that it carries along, in their order."""
    unique: bool = False
    nulls_not_distinct: bool = False
    """Whether two NULLs count as equal (PostgreSQL 15)."""
    where: str | None = None
    options: tuple[str, ...] = ()
    """Storage parameters, `fillfactor=70`, in the order in which they were set, which pg_dump keeps."""
    tablespace: str | None = None
    """Where it is not the database's own."""
    attached_to: str | None = None
    """The index of the parent's that it is a part of, if it is one of a partition."""
    valid: bool = True
    """`False` for what a failed CREATE INDEX CONCURRENTLY leaves behind, and for an index of a partitioned table that
    not all partitions have their part of."""
    comment: str | None = None
