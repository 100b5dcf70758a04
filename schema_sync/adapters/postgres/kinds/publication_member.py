"""Tables in publications (manual: ALTER PUBLICATION; catalog pg_publication_rel). The publication is the database's.

SET TABLE would put other tenants' tables out of it, so that other columns or rows mean leaving it and joining it
again, in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from schema_sync.adapters.kind import REPLACE, Action, Rules
from schema_sync.adapters.postgres.cell import PG_CLASS, Cell, Reader, Row
from schema_sync.adapters.postgres.objects import PublicationMember
from schema_sync.adapters.postgres.rules import SHARE_UPDATE_EXCLUSIVE
from schema_sync.adapters.sql import Name, Sql, names, raw, sql
from schema_sync.model.ident import Ident

_QUERY: Final = """
SELECT ns.oid AS ns, 'pg_publication_rel'::regclass::oid AS classid, r.oid AS objid, 0 AS objsubid,
       p.pubname AS name, r.prrelid AS relation, of.columns, of.has_filter, of.filter
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_class'::regclass AND d.deptype = 'n'
  JOIN pg_publication_rel r ON r.prrelid = d.objid
  JOIN pg_publication p ON p.oid = r.prpubid
 CROSS JOIN (SELECT NULL::pg_node_tree AS prqual, NULL::int2vector AS prattrs) AS none
 CROSS JOIN LATERAL (
       SELECT prqual IS NOT NULL AS has_filter,
              CASE WHEN prqual IS NOT NULL AND set_config('search_path', ns.sp, true) IS NOT NULL
                   THEN pg_get_expr(prqual, prrelid) END AS filter,
              ARRAY(SELECT a.attname::text FROM pg_attribute a
                     WHERE a.attrelid = prrelid AND a.attnum = ANY(prattrs::int2[]) ORDER BY a.attname) AS columns
         FROM pg_publication_rel x WHERE x.oid = r.oid) AS of
 ORDER BY ns.oid, r.prrelid, p.pubname
"""
"""`prattrs` and `prqual` came with PostgreSQL 15: before, their names are those of `none`."""


def _read(row: Row, reader: Reader) -> PublicationMember | None:
    owner = reader.ident(PG_CLASS, row.relation)
    if owner is None:
        return None
    ident = Ident(PublicationMember.kind, row.name, owner)
    return PublicationMember(
        ident=ident,
        columns=tuple(row.columns),
        where=reader.text(row.filter, ident) if row.has_filter else None,
    )


def _table(member: PublicationMember) -> Name:
    assert member.owner is not None
    return Name(member.owner.name)


def _create(member: PublicationMember, rules: Rules) -> Iterable[Action]:
    yield Action(
        sql(
            "ALTER PUBLICATION {publication} ADD TABLE ONLY {table}{columns}{where}",
            publication=Name(member.name),
            table=_table(member),
            columns=sql(" ({columns})", columns=names(member.columns)) if member.columns else Sql(()),
            where=sql(" WHERE ({where})", where=raw(member.where)) if member.where is not None else Sql(()),
        ),
        lock=None if member.owner not in rules.old else SHARE_UPDATE_EXCLUSIVE,
    )


def _drop(member: PublicationMember, _rules: Rules) -> Iterable[Action]:
    yield Action(
        sql(
            "ALTER PUBLICATION {publication} DROP TABLE ONLY {table}",
            publication=Name(member.name),
            table=_table(member),
        ),
        lock=SHARE_UPDATE_EXCLUSIVE,
        note=f"{member.name} no longer tells of changes in {_table(member).parts[0]}",
    )


CELL: Final = Cell(
    struct=PublicationMember,
    weight=85,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=_drop,
    alter={"columns": REPLACE, "where": REPLACE},
)
