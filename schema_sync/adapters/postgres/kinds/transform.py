"""Transforms (manual: CREATE TRANSFORM; catalog pg_transform). Like a cast, one is a tenant's by its parts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _referred
from schema_sync.adapters.postgres.objects import Transform
from schema_sync.adapters.postgres.rules import comment, commenting, dropping
from schema_sync.adapters.sql import Name, Sql, join, raw, sql
from schema_sync.model.ident import Ident

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, 'pg_transform'::regclass::oid AS classid, r.oid AS objid, 0 AS objsubid, l.lanname AS language,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN format_type(r.trftype, NULL) END AS type,
       {_referred.SIGNATURE} r.trffromsql) AS from_sql,
       {_referred.SIGNATURE} r.trftosql) AS to_sql,
       e.description AS comment
  FROM pg_transform r
  JOIN pg_language l ON l.oid = r.trflang
  JOIN pg_type t ON t.oid = r.trftype
  LEFT JOIN pg_proc f ON f.oid = r.trffromsql
  LEFT JOIN pg_proc g ON g.oid = r.trftosql
  JOIN ns ON ns.oid IN (t.typnamespace, f.pronamespace, g.pronamespace)
  LEFT JOIN pg_description e ON e.objoid = r.oid AND e.classoid = 'pg_transform'::regclass AND e.objsubid = 0
 ORDER BY ns.oid, r.oid
"""


def _read(row: Row, reader: Reader) -> Transform:
    type_ = reader.text(row.type, Ident("transform", ""))
    ident = Ident("transform", f"{type_} FOR {row.language}")
    return Transform(
        ident=ident,
        type=type_,
        language=row.language,
        from_sql=None if row.from_sql is None else reader.text(row.from_sql, ident),
        to_sql=None if row.to_sql is None else reader.text(row.to_sql, ident),
        comment=row.comment,
    )


def _on(transform: Transform) -> Sql:
    return sql("TRANSFORM FOR {type} LANGUAGE {language}", type=raw(transform.type), language=Name(transform.language))


def _create(transform: Transform, _rules: Rules) -> Iterable[Action]:
    parts = []
    if transform.from_sql is not None:
        parts.append(sql("FROM SQL WITH FUNCTION {function}", function=_referred.referred(transform.from_sql)))
    if transform.to_sql is not None:
        parts.append(sql("TO SQL WITH FUNCTION {function}", function=_referred.referred(transform.to_sql)))
    yield Action(sql("CREATE {on} ({parts})", on=_on(transform), parts=join(", ", parts)))
    if transform.comment is not None:
        yield comment(_on(transform), transform.comment)


CELL: Final = Cell(
    struct=Transform,
    weight=46,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    alter={"type": REPLACE, "language": REPLACE, "from_sql": REPLACE, "to_sql": REPLACE, "comment": commenting(_on)},
)
