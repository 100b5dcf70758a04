"""What SQLite's cells share: the catalog of one file as read, and how a cell makes objects out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from schema_sync.adapters.kind import Kind
from schema_sync.adapters.sqlite.objects import Part
from schema_sync.adapters.sqlite.parse import IndexText, TableText, TriggerText, ViewText, VirtualTableText
from schema_sync.adapters.sqlite.tokens import folded
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject

SCHEMA: Final = "SELECT type, name, tbl_name, sql, rootpage FROM sqlite_schema ORDER BY type, name"
"""Everything that the file holds, with its text; indexes of constraints have none."""


class Entry(NamedTuple):
    """A row of sqlite_schema."""

    type: str
    name: str
    table: str
    sql: str | None
    rootpage: int


class Definition(NamedTuple):
    """What the engine says of a view or trigger: its canonical texts, and what it uses."""

    texts: tuple[str, ...]
    """A view: its body. A trigger: its condition (may be empty), then its statements."""
    needs: frozenset[Ident]
    is_resolved: bool
    """Whether all that it names is there."""


@dataclass
class Catalog:
    """One file's catalog, read in one transaction."""

    entries: Sequence[Entry]
    rows: Mapping[str, Sequence[tuple[Any, ...]]]
    """The rows of each cell's own query, by kind."""
    tables: dict[str, TableText] = field(default_factory=dict)
    """The parsed text of every ordinary table, by name."""
    virtual_tables: dict[str, VirtualTableText] = field(default_factory=dict)
    """The parsed text of every virtual table, by name."""
    indexes: dict[str, IndexText] = field(default_factory=dict)
    """The parsed text of every index that CREATE INDEX made, by name."""
    views: dict[str, ViewText] = field(default_factory=dict)
    """The parsed text of every view, by name."""
    triggers: dict[str, TriggerText] = field(default_factory=dict)
    """The parsed text of every trigger, by name."""
    relations: dict[str, Ident] = field(default_factory=dict)
    """Tables, virtual tables and views: the name in lower case -> the identity."""
    definitions: dict[Ident, Definition] = field(default_factory=dict)
    """Views and triggers, as the engine resolved them."""

    def of_type(self, type_: str) -> Iterator[Entry]:
        """The entries of one type that have a text, by name."""
        return (entry for entry in self.entries if entry.type == type_ and entry.sql is not None)

    def columns(self, table: Ident, names: Iterable[str]) -> frozenset[Ident]:
        """The identities of a table's columns, given in lower case; other names are passed over."""
        text = self.tables.get(table.name)
        return frozenset() if text is None else column_idents(table, text, names)

    def ordinary(self) -> Iterator[tuple[Ident, TableText]]:
        """The ordinary tables and their texts, by name."""
        return ((Ident("table", name), text) for name, text in self.tables.items())


class Found(NamedTuple):
    """An object that a cell has read, and what it needs."""

    object: SchemaObject
    needs: frozenset[Ident] = frozenset()


TableReader = Callable[[Ident, TableText], Iterable[Found]]
"""Table and its text -> objects."""


@dataclass(frozen=True, kw_only=True)
class Cell(Kind):
    """A kind of object of SQLite: its rules, and how it is read."""

    read: Callable[[Catalog], Iterable[Found]]
    """Catalog -> objects. Pure."""

    query: str | None = None
    """What of the catalog it needs beyond `SCHEMA`; the rows are in `Catalog.rows` under the kind's name."""


def column_idents(table: Ident, text: TableText, names: Iterable[str]) -> frozenset[Ident]:
    """The identities of the columns that have these names, given in lower case."""
    return frozenset([Ident("column", text.spelled[name], table) for name in names if name in text.spelled])


def by_table(read: TableReader) -> Callable[[Catalog], Iterator[Found]]:
    """Read objects that a table's text alone tells."""

    def read_all(catalog: Catalog) -> Iterator[Found]:
        for table, text in catalog.ordinary():
            yield from read(table, text)

    return read_all


def used_by(parts: Iterable[Part]) -> frozenset[str]:
    """The columns that are places themselves, in lower case."""
    return frozenset(folded(part.column) for part in parts if part.column)


def made_name(columns: Iterable[str]) -> str:
    """The name of a constraint that has none: `(a, b)`."""
    return f"({', '.join(columns)})"


def identify(kind: str, owner: Ident, named: Sequence[tuple[str, Any]]) -> list[tuple[Ident, Any]]:
    """Identities for `(name, what)`: a name that comes again gets `#2`, in the order of what they say."""
    if len(named) > 1:
        named = sorted(named, key=lambda pair: (pair[0], repr(pair[1])))
    seen: dict[str, int] = {}
    found = []
    for name, what in named:
        seen[name] = seen.get(name, 0) + 1
        found.append((Ident(kind, name if seen[name] == 1 else f"{name}#{seen[name]}", owner), what))
    return found
