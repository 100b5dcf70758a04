"""Reading: one file's catalog in one transaction, made into a snapshot by the cells."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from schema_sync.adapters.sqlite.agree import disagreements
from schema_sync.adapters.sqlite.cell import SCHEMA, Catalog, Entry
from schema_sync.adapters.sqlite.kinds import KINDS
from schema_sync.adapters.sqlite.objects import DIALECT, Table, View, VirtualTable
from schema_sync.adapters.sqlite.parse import (
    parse_index,
    parse_table,
    parse_trigger,
    parse_view,
    parse_virtual_table,
)
from schema_sync.adapters.sqlite.registered import require
from schema_sync.adapters.sqlite.resolve import Explain, resolve
from schema_sync.adapters.sqlite.tokens import folded
from schema_sync.model.ident import Ident
from schema_sync.model.report import Diagnostic, unmodelled
from schema_sync.model.snapshot import Snapshot

Fetch = Callable[[str], Awaitable[list[tuple[Any, ...]]]]


async def read(fetch: Fetch, explain: Explain) -> Snapshot:
    """The snapshot of the file that is open, within the transaction that the caller holds.

    A handful of statements, whatever the number of tables; one more EXPLAIN for each view and each statement of a
    trigger.

    Raises:
        Refused: the schema uses collations, functions or modules that are not registered.
    """
    entries = [Entry(*row) for row in await fetch(SCHEMA)]
    rows = {cell.name: await fetch(cell.query) for cell in KINDS if cell.query is not None}
    catalog, strange = build(entries, rows)
    await require(catalog, fetch, explain)
    catalog.definitions |= await resolve(catalog, explain)
    return _snapshot(catalog, strange)


def build(entries: list[Entry], rows: dict[str, list[tuple[Any, ...]]]) -> tuple[Catalog, list[str]]:
    """The catalog out of its rows, and what in it cannot be followed. Pure."""
    types = {name: type_ for name, type_, _without_rowid, _strict in rows[Table.kind]}
    catalog = Catalog([], rows)
    strange: list[str] = []
    followed: list[Entry] = []
    # Tables and views before what belongs to them.
    for entry in sorted(entries, key=lambda entry: entry.type not in ("table", "view")):
        if folded(entry.name).startswith("sqlite_") or types.get(entry.table) == "shadow":
            continue
        kind = _relation_kind(entry, types)
        try:
            _follow(entry, kind, catalog)
        except (ValueError, IndexError, KeyError):
            strange.append(f"{entry.type} {entry.name}")
            continue
        if kind is not None:
            catalog.relations[folded(entry.name)] = Ident(kind, entry.name)
        followed.append(entry)
    catalog.entries = followed
    strange += disagreements(catalog)
    return catalog, strange


def _relation_kind(entry: Entry, types: dict[str, str]) -> str | None:
    if entry.type == "view":
        return View.kind
    if entry.type == "table":
        return VirtualTable.kind if entry.rootpage == 0 else Table.kind
    return None


def _follow(entry: Entry, kind: str | None, catalog: Catalog) -> None:
    """Read the text of an entry; what SQLite accepts beyond its grammar is a ValueError."""
    if entry.sql is None:
        return
    match entry.type, kind:
        case "table", VirtualTable.kind:
            catalog.virtual_tables[entry.name] = parse_virtual_table(entry.sql)
        case "table", _:
            catalog.tables[entry.name] = parse_table(entry.name, entry.sql)
        case "index", _:
            text = catalog.tables.get(catalog.relations[folded(entry.table)].name)
            if text is None:
                raise ValueError("it is of no table that could be followed")
            catalog.indexes[entry.name] = parse_index(text.scope, entry.sql)
        case "view", _:
            catalog.views[entry.name] = parse_view(entry.sql)
        case _:
            catalog.triggers[entry.name] = parse_trigger(entry.sql)


def _snapshot(catalog: Catalog, strange: Iterable[str]) -> Snapshot:
    found = [those for cell in KINDS for those in cell.read(catalog)]
    order = {table: [column.name for column in text.columns] for table, text in catalog.ordinary()}
    return Snapshot(
        DIALECT,
        [those.object for those in found],
        needs={those.object.ident: those.needs for those in found if those.needs},
        order=order,
        unmodelled=strange,
        diagnostics=[*(unmodelled(what) for what in strange), *_broken(catalog)],
    )


def _broken(catalog: Catalog) -> Iterable[Diagnostic]:
    for ident, definition in catalog.definitions.items():
        if not definition.is_resolved:
            yield Diagnostic(
                code="unresolved", object=ident.text, message=f"{ident.text} uses something that is not there"
            )
