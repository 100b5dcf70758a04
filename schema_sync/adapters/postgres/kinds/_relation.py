"""What the cells of views and composite types share: columns that are a part of their owner's meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, LiteralString

from schema_sync.adapters.kind import Action
from schema_sync.adapters.postgres import stored
from schema_sync.adapters.postgres.cell import Reader
from schema_sync.adapters.postgres.objects import Attribute, StoredAttribute
from schema_sync.adapters.postgres.rules import comment
from schema_sync.adapters.sql import Name, Sql, raw, sql
from schema_sync.model.ident import Ident

_COLUMNS: Final[LiteralString] = """
  (SELECT json_agg(json_build_object(
            'name', a.attname, 'number', a.attnum,
            'type', CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL
                         THEN format_type(a.atttypid, a.atttypmod) END,
            'collation', CASE WHEN a.attcollation <> t.typcollation
                               AND set_config('search_path', ns.sp, true) IS NOT NULL
                              THEN a.attcollation::regcollation::text END,
            'default', CASE WHEN ad.oid IS NOT NULL AND set_config('search_path', ns.sp, true) IS NOT NULL
                            THEN pg_get_expr(ad.adbin, ad.adrelid) END,
            'comment', e.description{more}) ORDER BY a.attnum)
     FROM pg_attribute a
     JOIN pg_type t ON t.oid = a.atttypid
     LEFT JOIN pg_attrdef ad ON ad.adrelid = a.attrelid AND ad.adnum = a.attnum
     LEFT JOIN pg_description e ON e.objoid = a.attrelid AND e.classoid = 'pg_class'::regclass AND e.objsubid = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)"""

COLUMNS: Final[LiteralString] = _COLUMNS.replace("{more}", "")
"""The columns of the relation `c`, as JSON: a scalar subquery for a cell's SELECT list."""

STORED_COLUMNS: Final[LiteralString] = _COLUMNS.replace("{more}", ", " + stored.JSON)
"""The same with how their values are kept."""


def read_columns(found: Sequence[Mapping[str, Any]] | None, ident: Ident, reader: Reader) -> tuple[Attribute, ...]:
    """The columns out of `COLUMNS`, tenant-neutral."""
    return tuple(Attribute(**_attribute(one, ident, reader)) for one in found or ())


def read_stored_columns(
    found: Sequence[Mapping[str, Any]] | None, ident: Ident, reader: Reader
) -> tuple[StoredAttribute, ...]:
    """The columns out of `STORED_COLUMNS`, tenant-neutral."""
    return tuple(StoredAttribute(**_attribute(one, ident, reader), **stored.column_fields(one)) for one in found or ())


def _attribute(one: Mapping[str, Any], ident: Ident, reader: Reader) -> dict[str, Any]:
    return {
        "name": one["name"],
        "type": reader.text(one["type"], ident),
        "collation": None if one["collation"] is None else reader.text(one["collation"], ident),
        "default": None if one["default"] is None else reader.text(one["default"], ident),
        "comment": one["comment"],
    }


def shapes(columns: Iterable[Attribute]) -> list[tuple[str, str, str | None]]:
    """What of the columns a query decides: neither defaults nor comments."""
    return [(column.name, column.type, column.collation) for column in columns]


def comments(
    relation: str, old: Iterable[Attribute], new: Iterable[Attribute], *, lock: str | None = None
) -> Iterable[Action]:
    """COMMENT ON COLUMN for each column whose comment is not yet what it should be."""
    before = {column.name: column.comment for column in old}
    for column in new:
        if before.get(column.name) != column.comment:
            yield comment(sql("COLUMN {column}", column=Name(relation, column.name)), column.comment, lock=lock)


def typed(column: Attribute) -> Sql:
    """The type and its collation, as they stand in CREATE TYPE and ALTER TYPE."""
    if column.collation is None:
        return raw(column.type)
    return sql("{type} COLLATE {collation}", type=raw(column.type), collation=raw(column.collation))
