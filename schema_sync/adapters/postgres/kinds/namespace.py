"""The schema itself, as far as it has anything of its own: a comment (manual: COMMENT; catalog pg_namespace)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import Action, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.objects import Namespace
from schema_sync.adapters.postgres.rules import comment, commenting
from schema_sync.adapters.postgres.text import PLACEHOLDER, STAND_IN
from schema_sync.adapters.sql import Sql, raw, sql
from schema_sync.model.ident import Ident

_QUERY: Final[LiteralString] = """
SELECT ns.oid AS ns, e.classoid AS classid, ns.oid AS objid, 0 AS objsubid, e.description AS comment
  FROM ns
  JOIN pg_description e ON e.objoid = ns.oid AND e.classoid = 'pg_namespace'::regclass AND e.objsubid = 0
 ORDER BY ns.oid
"""


def _read(row: Row, reader: Reader) -> Namespace:
    ident = Ident("namespace", STAND_IN)
    return Namespace(ident=ident, comment=reader.literal(row.comment, ident))


def _on(_of: Namespace) -> Sql:
    return sql("SCHEMA {schema}", schema=raw(PLACEHOLDER))


def _create(of: Namespace, _rules: Rules) -> Iterable[Action]:
    yield comment(_on(of), of.comment)


def _drop(of: Namespace, _rules: Rules) -> Iterable[Action]:
    yield comment(_on(of), None)


CELL: Final = Cell(
    struct=Namespace,
    weight=97,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=_drop,
    on=_on,
    alter={"comment": commenting(_on)},
)
