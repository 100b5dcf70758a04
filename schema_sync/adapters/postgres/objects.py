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
    comment: str | None = None


class BackedByIndex(SchemaObject, frozen=True, kw_only=True):
    """What the constraints that have an index of their own have in common; the index goes by the constraint's name."""

    include: tuple[str, ...] = ()
    """Columns that the index carries along, in their order."""
    deferrable: bool = False
    initially_deferred: bool = False
    options: tuple[str, ...] = ()
    """Storage parameters of the index, `fillfactor=70`, in the order in which they were set, which pg_dump keeps."""
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
    valid: bool = True
    """`False` for what a failed CREATE INDEX CONCURRENTLY leaves behind."""
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


# Types, views, routines and triggers.


class Attribute(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A column of a view or an attribute of a composite type, where its place is a part of the meaning."""

    name: str
    type: str
    collation: str | None = None
    """As an identifier, where it is not the type's own."""
    default: str | None = None
    """What INSERT through a view puts in."""
    comment: str | None = None


class Enum(SchemaObject, frozen=True, kw_only=True):
    """An enumerated type (pg_enum)."""

    kind: ClassVar[str] = "enum"

    labels: tuple[str, ...] = ()
    """In the order in which they sort."""
    comment: str | None = None


class Domain(SchemaObject, frozen=True, kw_only=True):
    """A type with rules for its values (pg_type.typtype `d`)."""

    kind: ClassVar[str] = "domain"

    type: str
    nullable: bool = True
    default: str | None = None
    collation: str | None = None
    """As an identifier, where it is not the type's own."""
    comment: str | None = None


class DomainCheck(SchemaObject, frozen=True, kw_only=True):
    """A CHECK constraint of a domain (pg_constraint.contypid)."""

    kind: ClassVar[str] = "domain_check"

    definition: str
    """`CHECK (…)`, without NOT VALID."""
    validated: bool = True
    comment: str | None = None


class CompositeType(SchemaObject, frozen=True, kw_only=True):
    """A row type that is no table's (pg_class.relkind `c`)."""

    kind: ClassVar[str] = "composite_type"

    attributes: tuple[Attribute, ...] = ()
    comment: str | None = None


class View(SchemaObject, frozen=True, kw_only=True):
    """A view. Its columns follow from the definition and from what it reads, and decide what can replace it."""

    kind: ClassVar[str] = "view"

    definition: str
    """The query, without a semicolon."""
    columns: tuple[Attribute, ...] = ()
    security_barrier: bool = False
    security_invoker: bool = False
    check_option: str | None = None
    """`local` or `cascaded`."""
    comment: str | None = None


class MaterializedView(SchemaObject, frozen=True, kw_only=True):
    """A materialized view. Whether it is populated is data."""

    kind: ClassVar[str] = "materialized_view"

    definition: str
    """The query, without a semicolon."""
    columns: tuple[Attribute, ...] = ()
    options: tuple[str, ...] = ()
    """Storage parameters as `name=value`, sorted."""
    comment: str | None = None


class Argument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A parameter of a routine. The columns of RETURNS TABLE are a part of what it returns."""

    type: str
    name: str | None = None
    mode: str = "in"
    """`in`, `out`, `inout` or `variadic`."""
    default: str | None = None


class Procedure(SchemaObject, frozen=True, kw_only=True):
    """A procedure (pg_proc.prokind `p`), named with the types of its input arguments: `pay(integer, text)`."""

    kind: ClassVar[str] = "procedure"

    arguments: tuple[Argument, ...] = ()
    language: str
    body: str | None = None
    """The body where it is a string; the symbol of a C routine."""
    sql_body: str | None = None
    """The body where it is SQL that the server has parsed: BEGIN ATOMIC … END, or RETURN …."""
    library: str | None = None
    """The file of a C routine."""
    security_definer: bool = False
    settings: tuple[str, ...] = ()
    """What SET sets while it runs, as `name=value`, in the order of the server."""
    comment: str | None = None


class Function(Procedure, frozen=True, kw_only=True):
    """A function (pg_proc.prokind `f`, or `w` for window functions), named like a procedure."""

    kind: ClassVar[str] = "function"

    returns: str
    """As pg_get_function_result() prints it: `integer`, `SETOF orders`, `TABLE(id integer)`."""
    window: bool = False
    volatility: str = "volatile"
    parallel: str = "unsafe"
    strict: bool = False
    leakproof: bool = False
    cost: str | None = None
    """Where it is not the default of the language."""
    rows: str | None = None
    """Where it is not the default of 1000."""
    support: str | None = None
    """The planner's support function."""


class Trigger(SchemaObject, frozen=True, kw_only=True):
    """A trigger of a table or a view (pg_trigger); those of foreign keys and of partitions are no objects."""

    kind: ClassVar[str] = "trigger"

    timing: str
    """`BEFORE`, `AFTER` or `INSTEAD OF`."""
    events: tuple[str, ...]
    """Of `INSERT`, `DELETE`, `UPDATE` and `TRUNCATE`, in this order."""
    columns: tuple[str, ...] = ()
    """The columns of UPDATE OF, in the order of the server."""
    level: str = "ROW"
    """`ROW` or `STATEMENT`."""
    old_table: str | None = None
    new_table: str | None = None
    """The transition tables of REFERENCING."""
    when: str | None = None
    execute: str
    """The call: `touch('updated_at')`."""
    constraint: bool = False
    from_table: str | None = None
    deferrable: bool = False
    initially_deferred: bool = False
    enabled: str = "ORIGIN"
    """When it fires, by session_replication_role: `ORIGIN`, `REPLICA`, `ALWAYS`, or `DISABLED`."""
    comment: str | None = None


class Policy(SchemaObject, frozen=True, kw_only=True):
    """A row security policy of a table (pg_policy)."""

    kind: ClassVar[str] = "policy"

    command: str = "ALL"
    """`ALL`, `SELECT`, `INSERT`, `UPDATE` or `DELETE`."""
    permissive: bool = True
    roles: tuple[str, ...] = ("public",)
    """Sorted; `public` stands for everyone."""
    using: str | None = None
    check: str | None = None
    comment: str | None = None


VOCABULARY: Final = vocabulary(
    [
        *(Enum, Domain, DomainCheck, CompositeType),
        *(Table, Column, PrimaryKey, Unique, Check, ForeignKey, Exclusion, Index, Sequence),
        *(View, MaterializedView, Procedure, Function, Trigger, Policy),
    ]
)
"""Every kind by its name."""
