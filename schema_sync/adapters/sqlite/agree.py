"""Holds what was read out of SQL text against what the PRAGMAs say: where they differ, the object is not modelled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from schema_sync.adapters.sqlite.cell import Catalog
from schema_sync.adapters.sqlite.objects import Column, ForeignKey, Index
from schema_sync.adapters.sqlite.parse import TableText
from schema_sync.adapters.sqlite.tokens import folded

_NOT_GENERATED = (False, False)
_GENERATED = {2: (True, False), 3: (True, True)}
"""`hidden` of table_xinfo -> whether it is generated, and stored (https://sqlite.org/pragma.html#pragma_table_xinfo)."""


def disagreements(catalog: Catalog) -> list[str]:
    """`table t` for each table that the text and the PRAGMAs tell differently of, and so for each index."""
    columns = _by_table(catalog.rows[Column.kind])
    keys = _by_table(catalog.rows[ForeignKey.kind])
    found = [
        f"table {table.name}"
        for table, text in catalog.ordinary()
        if not _columns_agree(text, columns.get(table.name, [])) or not _keys_agree(text, keys.get(table.name, []))
    ]
    return [*found, *_strange_indexes(catalog)]


def _by_table(rows: Sequence[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    return {table: [row[1:] for row in those] for table, those in groupby(rows, key=lambda row: row[0])}


def _columns_agree(text: TableText, rows: Sequence[tuple[Any, ...]]) -> bool:
    if len(text.columns) != len(rows):
        return False
    key = {part.column for part in text.primary_key.parts} if text.primary_key is not None else set()
    for column, (name, type_, not_null, has_default, in_key, hidden) in zip(text.columns, rows, strict=True):
        generated = _GENERATED.get(hidden, _NOT_GENERATED)
        if (
            column.name != name
            or (column.type == "") != (type_ == "")
            # A key of a table WITHOUT ROWID is NOT NULL without saying so.
            or (column.not_null != bool(not_null) and not in_key)
            or ((column.default is not None) != bool(has_default) and not generated[0])
            or (column.name in key) != bool(in_key)
            or (column.generated is not None, column.stored) != generated
        ):
            return False
    return True


def _keys_agree(text: TableText, rows: Sequence[tuple[Any, ...]]) -> bool:
    told = sorted(
        (
            folded(rows_of[0][1]),
            tuple(folded(row[2]) for row in rows_of),
            _action(rows_of[0][4]),
            _action(rows_of[0][5]),
        )
        for rows_of in (list(those) for _id, those in groupby(rows, key=lambda row: row[0]))
    )
    read = sorted(
        (folded(key.parent), tuple(folded(column) for column in key.columns), key.on_update, key.on_delete)
        for key in text.foreign_keys
    )
    return told == read


def _action(word: str) -> str:
    return "" if word == "NO ACTION" else word


def _strange_indexes(catalog: Catalog) -> Iterator[str]:
    told: dict[str, list[tuple[Any, ...]]] = {}
    for _table, name, _unique, _origin, _partial, column, desc, collation in catalog.rows[Index.kind]:
        told.setdefault(name, []).append((column, bool(desc), collation))
    for name, text in catalog.indexes.items():
        read = [(part.column or None, part.desc) for part in text.parts]
        if read != [(column, desc) for column, desc, _collation in told.get(name, [])]:
            yield f"index {name}"
