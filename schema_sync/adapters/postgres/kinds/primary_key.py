"""Primary keys (manual: CREATE TABLE, PRIMARY KEY; catalogs pg_constraint and pg_index)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from schema_sync.adapters.kind import Action, Answer, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _constrained as constrained
from schema_sync.adapters.postgres.kinds import constraints
from schema_sync.adapters.postgres.objects import PrimaryKey
from schema_sync.adapters.sql import sql

_QUERY: Final = f"""
SELECT {constrained.ADDRESS}, {constrained.COMMON},
       {constrained.COLUMNS} AS columns,
       {constrained.OF_INDEX}
{constrained.FOUND} {constrained.INDEXED}
 WHERE c.contype = 'p'
 ORDER BY ns.oid, c.conrelid, c.conname
"""


def _read(row: Row, reader: Reader) -> PrimaryKey | None:
    ident = constrained.ident(PrimaryKey.kind, row, reader)
    if ident is None:
        return None
    return PrimaryKey(
        ident=ident,
        columns=tuple(row.columns),
        without_overlaps=row.without_overlaps,
        **constrained.index_fields(row, reader, ident),
    )


def _create(key: PrimaryKey, rules: Rules) -> Iterable[Action]:
    return constraints.add_key(key, sql("PRIMARY KEY"), rules)


def _anew(old: PrimaryKey, new: PrimaryKey, rules: Rules) -> Answer:
    return constraints.build_anew(old, new, rules, _create)


CELL: Final = Cell(
    struct=PrimaryKey,
    weight=50,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=constraints.drop,
    on=constraints.on_constraint,
    rename=constraints.rename,
    alter={
        "columns": _anew,
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
