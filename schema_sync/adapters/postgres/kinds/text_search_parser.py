"""Text search parsers (manual: CREATE TEXT SEARCH PARSER; catalog pg_ts_parser). None can change in place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _referred
from schema_sync.adapters.postgres.objects import TextSearchParser
from schema_sync.adapters.postgres.rules import comment, commenting, dropping, renaming
from schema_sync.adapters.sql import Sql, join, sql
from schema_sync.model.ident import Ident

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, r.oid AS objid, 0 AS objsubid, r.prsname AS name,
       {_referred.FUNCTION} r.prsstart::oid) AS start,
       {_referred.FUNCTION} r.prstoken::oid) AS token,
       {_referred.FUNCTION} r.prsend::oid) AS ending,
       {_referred.FUNCTION} r.prsheadline::oid) AS headline,
       {_referred.FUNCTION} r.prslextype::oid) AS token_types,
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_ts_parser'::regclass AND d.deptype = 'n'
  JOIN pg_ts_parser r ON r.oid = d.objid
  LEFT JOIN pg_description e ON e.objoid = r.oid AND e.classoid = d.classid AND e.objsubid = 0
 ORDER BY ns.oid, r.prsname
"""


def _read(row: Row, _reader: Reader) -> TextSearchParser:
    return TextSearchParser(
        ident=Ident("text_search_parser", row.name),
        start=row.start,
        token=row.token,
        end=row.ending,
        headline=row.headline,
        token_types=row.token_types,
        comment=row.comment,
    )


def _on(parser: TextSearchParser) -> Sql:
    return sql("TEXT SEARCH PARSER {name}", name=_referred.own(parser.name))


def _create(parser: TextSearchParser, _rules: Rules) -> Iterable[Action]:
    parts = [
        sql("START = {function}", function=_referred.referred(parser.start)),
        sql("GETTOKEN = {function}", function=_referred.referred(parser.token)),
        sql("END = {function}", function=_referred.referred(parser.end)),
        sql("LEXTYPES = {function}", function=_referred.referred(parser.token_types)),
    ]
    if parser.headline is not None:
        parts.append(sql("HEADLINE = {function}", function=_referred.referred(parser.headline)))
    yield Action(sql("CREATE {on} ({parts})", on=_on(parser), parts=join(", ", parts)))
    if parser.comment is not None:
        yield comment(_on(parser), parser.comment)


CELL: Final = Cell(
    struct=TextSearchParser,
    weight=47,
    query=_QUERY,
    among=frozenset({"pg_ts_parser"}),
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    rename=renaming(_on, None),
    alter={
        "start": REPLACE,
        "token": REPLACE,
        "end": REPLACE,
        "headline": REPLACE,
        "token_types": REPLACE,
        "comment": commenting(_on),
    },
    claims=lambda parser: [("text search parser", parser.name)],
)
