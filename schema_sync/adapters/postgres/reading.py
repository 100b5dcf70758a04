"""The statements that read namespaces: the cells' own, and behind them what hangs on what, and what is left unread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final, LiteralString

from schema_sync.adapters.postgres.access import Access
from schema_sync.adapters.postgres.alike import Answers
from schema_sync.adapters.postgres.capture import Capture
from schema_sync.adapters.postgres.depends import LINKS, Links, link, note_foreign
from schema_sync.adapters.postgres.kinds import KINDS
from schema_sync.adapters.postgres.session import Connection
from schema_sync.adapters.postgres.unmodelled import note_unmodelled

_CELLS: Final = {cell.name: cell for cell in KINDS}

NAMESPACES: Final[LiteralString] = """
WITH RECURSIVE ns AS MATERIALIZED (
  SELECT oid, nspname, quote_ident(nspname) || ', pg_temp' AS sp
    FROM pg_namespace WHERE oid = ANY($1::oid[]))
"""
"""Stands before every cell's query. `pg_temp` at the end keeps temporary tables from being found first."""

SHADOWING: Final[LiteralString] = """
SELECT ns.oid AS ns, p.proname AS name
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_proc'::regclass AND d.deptype = 'n'
  JOIN pg_proc p ON p.oid = d.objid
 WHERE EXISTS (SELECT FROM pg_proc s WHERE s.proname = p.proname AND s.pronamespace = 'pg_catalog'::regnamespace)
 UNION
SELECT ns.oid, coalesce(c.relname, t.typname)
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid IN ('pg_class'::regclass, 'pg_type'::regclass) AND d.deptype = 'n'
  LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
  LEFT JOIN pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
 WHERE EXISTS (SELECT FROM pg_type s WHERE s.typname = coalesce(c.relname, t.typname)
                                       AND s.typnamespace = 'pg_catalog'::regnamespace)
    OR EXISTS (SELECT FROM pg_class s WHERE s.relname = coalesce(c.relname, t.typname)
                                        AND s.relnamespace = 'pg_catalog'::regnamespace)
 UNION
SELECT ns.oid, c.collname
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_collation'::regclass AND d.deptype = 'n'
  JOIN pg_collation c ON c.oid = d.objid
 WHERE EXISTS (SELECT FROM pg_collation s WHERE s.collname = c.collname
                                            AND s.collnamespace = 'pg_catalog'::regnamespace)
 UNION
SELECT ns.oid, c.opcname
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_opclass'::regclass AND d.deptype = 'n'
  JOIN pg_opclass c ON c.oid = d.objid
 WHERE EXISTS (SELECT FROM pg_opclass s WHERE s.opcname = c.opcname AND s.opcmethod = c.opcmethod
                                          AND s.opcnamespace = 'pg_catalog'::regnamespace)
 ORDER BY 1, 2
"""
"""Names of functions, types, relations, collations and operator classes that pg_catalog has as well."""


PRESENT: Final[LiteralString] = """
SELECT DISTINCT d.classid::regclass::text AS catalog, c.relkind
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
  LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
 ORDER BY 1, 2
"""
"""What there is in the namespaces at all. Most have nothing of most kinds, and the server takes longer to think about
a query than to find nothing."""


async def ask(connection: Connection, namespaces: Sequence[int], access: Access) -> Mapping[int, Answers]:
    """What the catalog answers about namespaces in the open transaction; every cell's query once for all of them."""
    oids = [list(namespaces)]
    found = {oid: Answers(oid) for oid in namespaces}
    await connection.run("SET LOCAL search_path = ''")
    for row in await connection.rows(NAMESPACES + SHADOWING, oids):
        found[row.ns].shadowing.add(row.name)
    present: set[str] = set()
    for row in await connection.rows(NAMESPACES + PRESENT, oids):
        present |= {row.catalog, f"{row.catalog}.{row.relkind}"}
    cells = [
        cell
        for cell in KINDS
        if not (cell.only_with_owners and access.owners == "ignore") and (not cell.among or cell.among & present)
    ]
    queries = [NAMESPACES + query for query in (*(cell.query for cell in cells), LINKS)]
    *tables, links = await connection.tables("SET LOCAL search_path = ''", queries, oids)
    for cell, table in zip(cells, tables, strict=True):
        for oid, rows in groupby(table.rows, key=itemgetter(0)):
            found[oid].tables[cell.name] = table.of(list(rows))
    for oid, rows in groupby(links.rows, key=itemgetter(0)):
        found[oid].links = links.of(list(rows))
    return found


async def read(
    connection: Connection, captures: Mapping[int, Capture], answers: Mapping[int, Answers], shared: frozenset[str]
) -> Mapping[int, Links]:
    """Give each capture the objects, needs and errors that are in the answers about it.

    Answers with what hangs on what in each.
    """
    for oid, capture in captures.items():
        capture.reader.shadowing = frozenset(answers[oid].shadowing)
        for name, table in answers[oid].tables.items():
            for row in table.named():
                capture.add(_CELLS[name], row)
    links = {oid: Links(capture, answers[oid].links.named()) for oid, capture in captures.items()}
    await connection.run("SET LOCAL search_path = ''")
    await link(connection, links, shared)
    await note_foreign(connection, captures.values(), shared)
    await note_unmodelled(connection, NAMESPACES, links)
    return links
