"""Publications that have all tables of the tenant (manual: ALTER PUBLICATION; catalog pg_publication_namespace).

The publication itself is the database's. To add a schema to it takes a superuser.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from schema_sync.adapters.kind import Action, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.objects import PublishedSchema
from schema_sync.adapters.sql import Name, sql
from schema_sync.model.ident import Ident

_QUERY: Final = """
SELECT ns.oid AS ns, d.classid, d.objid, 0 AS objsubid, a.object_args[1] AS name
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid AND d.classid = 6237
 CROSS JOIN LATERAL pg_identify_object_as_address(d.classid, d.objid, 0) AS a
 ORDER BY ns.oid, a.object_args[1]
"""
"""6237 is pg_publication_namespace, which came with PostgreSQL 15: it is not named, for the sake of older servers."""


def _read(row: Row, _reader: Reader) -> PublishedSchema:
    return PublishedSchema(ident=Ident(PublishedSchema.kind, row.name))


def _create(published: PublishedSchema, _rules: Rules) -> Iterable[Action]:
    yield Action(sql("ALTER PUBLICATION {name} ADD TABLES IN SCHEMA CURRENT_SCHEMA", name=Name(published.name)))


def _drop(published: PublishedSchema, _rules: Rules) -> Iterable[Action]:
    yield Action(
        sql("ALTER PUBLICATION {name} DROP TABLES IN SCHEMA CURRENT_SCHEMA", name=Name(published.name)),
        note=f"{published.name} no longer tells of changes in the tenant's tables",
    )


CELL: Final = Cell(struct=PublishedSchema, weight=86, query=_QUERY, read=_read, create=_create, drop=_drop, alter={})
