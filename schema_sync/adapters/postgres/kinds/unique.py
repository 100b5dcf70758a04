"""UNIQUE constraints (manual: CREATE TABLE, UNIQUE; catalogs pg_constraint and pg_index)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from schema_sync.adapters.kind import Action, Answer, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _constrained as constrained
from schema_sync.adapters.postgres.kinds import constraints
from schema_sync.adapters.postgres.objects import Unique
from schema_sync.adapters.sql import sql

_QUERY: Final = f"""
SELECT {constrained.ADDRESS}, {constrained.COMMON},
       {constrained.COLUMNS} AS columns,
       {constrained.OF_INDEX},
       coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) AS nulls_not_distinct
{constrained.FOUND} {constrained.INDEXED}
 WHERE c.contype = 'u'
 ORDER BY ns.oid, c.conrelid, c.conname
"""


def _read(row: Row, reader: Reader) -> Unique | None:
    ident = constrained.ident(Unique.kind, row, reader)
    if ident is None:
        return None
    return Unique(
        ident=ident,
        columns=tuple(row.columns),
        nulls_not_distinct=row.nulls_not_distinct,
        without_overlaps=row.without_overlaps,
        **constrained.index_fields(row, reader, ident),
    )


def _create(unique: Unique, rules: Rules) -> Iterable[Action]:
    return constraints.add_key(unique, sql("UNIQUE"), rules, nulls_not_distinct=unique.nulls_not_distinct)


def _anew(old: Unique, new: Unique, rules: Rules) -> Answer:
    return constraints.build_anew(old, new, rules, _create)


CELL: Final = Cell(
    struct=Unique,
    weight=52,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=constraints.drop,
    on=constraints.on_constraint,
    rename=constraints.rename,
    alter={
        "columns": _anew,
        "nulls_not_distinct": _anew,
        "without_overlaps": _anew,
        **constraints.INDEX_RULES,
        "include": _anew,
        "deferrable": _anew,
        "initially_deferred": _anew,
    },
    survives=frozenset({"retype", "by_text"}),
    fragile=lambda key: frozenset({"by_text"} if key.without_overlaps else ()),
    claims=constraints.claims,
)
