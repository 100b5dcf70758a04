"""Casts (manual: CREATE CAST; catalog pg_cast). Nothing of one can change in place.

A cast lives in no schema: it is a tenant's if one of its types or its function is. What uses it depends on its
function and not on it, so that it comes as soon as it can.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _referred
from schema_sync.adapters.postgres.objects import Cast
from schema_sync.adapters.postgres.rules import comment, commenting, dropping
from schema_sync.adapters.sql import Sql, raw, sql
from schema_sync.model.ident import Ident

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, 'pg_cast'::regclass::oid AS classid, k.oid AS objid, 0 AS objsubid,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN format_type(k.castsource, NULL) END AS source,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN format_type(k.casttarget, NULL) END AS target,
       {_referred.SIGNATURE} k.castfunc) AS function,
       k.castmethod AS method, k.castcontext AS context, e.description AS comment
  FROM pg_cast k
  JOIN pg_type s ON s.oid = k.castsource
  JOIN pg_type t ON t.oid = k.casttarget
  LEFT JOIN pg_proc f ON f.oid = k.castfunc
  JOIN ns ON ns.oid IN (s.typnamespace, t.typnamespace, f.pronamespace)
  LEFT JOIN pg_description e ON e.objoid = k.oid AND e.classoid = 'pg_cast'::regclass AND e.objsubid = 0
 WHERE k.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend i
                    WHERE i.classid = 'pg_cast'::regclass AND i.objid = k.oid AND i.deptype = 'i')
 ORDER BY ns.oid, k.oid
"""
"""The catalog has few rows but those of initdb, whose oids are below 16384 (manual: 73.1). A range type's cast to its
multirange type is a part of it."""

_METHODS: Final = {"f": "function", "i": "inout", "b": "binary"}
_CONTEXTS: Final = {"e": "explicit", "a": "assignment", "i": "implicit"}
_HOW: Final = {"inout": "WITH INOUT", "binary": "WITHOUT FUNCTION"}
_WHERE: Final = {"explicit": "", "assignment": " AS ASSIGNMENT", "implicit": " AS IMPLICIT"}


def _read(row: Row, reader: Reader) -> Cast:
    first = Ident("cast", "")
    source, target = reader.text(row.source, first), reader.text(row.target, first)
    ident = Ident("cast", f"{source} AS {target}")
    return Cast(
        ident=ident,
        source=source,
        target=target,
        method=_METHODS[row.method],
        function=None if row.function is None else reader.text(row.function, ident),
        context=_CONTEXTS[row.context],
        comment=row.comment,
    )


def _on(cast: Cast) -> Sql:
    return sql("CAST ({source} AS {target})", source=raw(cast.source), target=raw(cast.target))


def _create(cast: Cast, _rules: Rules) -> Iterable[Action]:
    how = raw(_HOW.get(cast.method, ""))
    if cast.function is not None:
        how = sql("WITH FUNCTION {function}", function=_referred.referred(cast.function))
    yield Action(sql("CREATE {on} {how}{context}", on=_on(cast), how=how, context=raw(_WHERE[cast.context])))
    if cast.comment is not None:
        yield comment(_on(cast), cast.comment)


CELL: Final = Cell(
    struct=Cast,
    weight=16,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    alter={
        "source": REPLACE,
        "target": REPLACE,
        "method": REPLACE,
        "function": REPLACE,
        "context": REPLACE,
        "comment": commenting(_on),
    },
)
