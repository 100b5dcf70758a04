"""The vocabulary of SQLite on one page: what a file's schema is made of.

Definitions (`expression`, `body`, `where` …) are canonical token texts, see `text.py`. A constraint without a name is
identified by what it says, `(a, b)`; `constraint` tells the name that was really given. Names in SQLite ignore case;
the spelling is kept.
"""

from __future__ import annotations

from typing import ClassVar, Final

import msgspec

from schema_sync.model.objects import SchemaObject, vocabulary


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One place of a key or an index: a column or an expression."""

    column: str = ""
    expression: str = ""
    desc: bool = False
    collation: str = ""


class Table(SchemaObject, frozen=True, kw_only=True):
    """An ordinary table; its columns and constraints are objects of their own."""

    kind: ClassVar[str] = "table"

    strict: bool = False
    without_rowid: bool = False
    autoincrement: bool = False


class Column(SchemaObject, frozen=True, kw_only=True):
    """A column of a table. Their order is kept in the layout."""

    kind: ClassVar[str] = "column"
    in_order: ClassVar[bool] = True

    type: str = ""
    """As declared, in capitals; SQLite derives the affinity from it."""
    not_null: bool = False
    not_null_conflict: str = ""
    not_null_constraint: str = ""
    """The name of the NOT NULL constraint, where it has one."""
    default: str | None = None
    """A literal, or an expression without the parentheses around it."""
    collation: str = ""
    generated: str | None = None
    stored: bool = False
    """Whether a generated column is written with the row."""


class PrimaryKey(SchemaObject, frozen=True, kw_only=True):
    """The primary key of a table."""

    kind: ClassVar[str] = "primary_key"

    columns: tuple[Part, ...]
    conflict: str = ""
    constraint: str = ""


class Unique(SchemaObject, frozen=True, kw_only=True):
    """A UNIQUE constraint."""

    kind: ClassVar[str] = "unique"

    columns: tuple[Part, ...]
    conflict: str = ""
    constraint: str = ""


class Check(SchemaObject, frozen=True, kw_only=True):
    """A CHECK constraint."""

    kind: ClassVar[str] = "check"

    expression: str
    constraint: str = ""


class ForeignKey(SchemaObject, frozen=True, kw_only=True):
    """A foreign key. Its parent need not exist for it to be created."""

    kind: ClassVar[str] = "foreign_key"

    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...] = ()
    """Empty for the parent's primary key."""
    on_delete: str = ""
    """Empty for NO ACTION."""
    on_update: str = ""
    match: str = ""
    """Kept, though SQLite does not enforce it (https://sqlite.org/foreignkeys.html, section 6)."""
    deferral: str = ""
    """`DEFERRABLE INITIALLY DEFERRED`, say; every other clause means immediate, as none does."""
    constraint: str = ""


class Index(SchemaObject, frozen=True, kw_only=True):
    """An index that CREATE INDEX made; those of constraints are no objects."""

    kind: ClassVar[str] = "index"

    parts: tuple[Part, ...]
    unique: bool = False
    where: str = ""


class View(SchemaObject, frozen=True, kw_only=True):
    """A view."""

    kind: ClassVar[str] = "view"

    columns: tuple[str, ...] = ()
    """The names that are given in parentheses after the view's."""
    body: str


class Trigger(SchemaObject, frozen=True, kw_only=True):
    """A trigger of a table or, INSTEAD OF, of a view."""

    kind: ClassVar[str] = "trigger"

    timing: str
    """`BEFORE`, `AFTER` or `INSTEAD OF`."""
    event: str
    """`INSERT`, `UPDATE` or `DELETE`."""
    columns: tuple[str, ...] = ()
    """UPDATE OF these."""
    when: str = ""
    body: tuple[str, ...]
    """Its statements."""


class VirtualTable(SchemaObject, frozen=True, kw_only=True):
    """A table of a module (FTS5, R-tree); the module's shadow tables are no objects."""

    kind: ClassVar[str] = "virtual_table"

    module: str
    arguments: tuple[str, ...] = ()


STRUCTS: Final = (
    Table,
    Column,
    PrimaryKey,
    Unique,
    Check,
    ForeignKey,
    Index,
    View,
    Trigger,
    VirtualTable,
)

VOCABULARY: Final = vocabulary(STRUCTS)
"""Kind -> struct."""

DIALECT: Final = "sqlite"
