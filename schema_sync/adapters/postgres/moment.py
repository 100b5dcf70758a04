"""Whether a tenant stayed as it was while it was read.

Rows come from the transaction's snapshot, definitions from the catalog as it is when they are deparsed (ruleutils
reads the system caches). A column that somebody renames in between has its old name in its own row and the new one in
an index: no error, nothing missing, and a schema that never was. So the catalog is marked in the snapshot that was
read and once more in a later one: what has other marks is torn. Where nothing at all was committed meanwhile, that
need not be asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, LiteralString

from schema_sync.adapters.postgres.depends import PARTS
from schema_sync.adapters.postgres.session import Connection

_NAMED: Final[LiteralString] = """
WITH RECURSIVE ns AS MATERIALIZED (
  SELECT oid, nspname FROM pg_namespace WHERE nspname = ANY($1::text[]))
"""

_MARKS: Final[LiteralString] = """
, mark(ns, catalog, objid, version) AS (
    SELECT part.ns, 1, c.oid, c.relname::text
      FROM part JOIN pg_class c ON c.oid = part.objid AND part.classid = 'pg_class'::regclass
     UNION ALL
    SELECT part.ns, 2, a.attrelid, a.attnum || ' ' || a.xmin::text
      FROM part JOIN pg_attribute a ON a.attrelid = part.objid AND part.classid = 'pg_class'::regclass AND a.attnum > 0
     UNION ALL
    SELECT part.ns, 3, c.oid, c.xmin::text
      FROM part JOIN pg_constraint c ON c.oid = part.objid AND part.classid = 'pg_constraint'::regclass
     UNION ALL
    SELECT part.ns, 4, t.oid, t.xmin::text
      FROM part JOIN pg_type t ON t.oid = part.objid AND part.classid = 'pg_type'::regclass
     UNION ALL
    SELECT part.ns, 5, p.oid, p.xmin::text
      FROM part JOIN pg_proc p ON p.oid = part.objid AND part.classid = 'pg_proc'::regclass
     UNION ALL
    SELECT part.ns, 6, r.oid, r.xmin::text
      FROM part JOIN pg_rewrite r ON r.oid = part.objid AND part.classid = 'pg_rewrite'::regclass
     UNION ALL
    SELECT part.ns, 7, t.oid, t.xmin::text
      FROM part JOIN pg_trigger t ON t.oid = part.objid AND part.classid = 'pg_trigger'::regclass
     UNION ALL
    SELECT part.ns, 8, p.oid, p.xmin::text
      FROM part JOIN pg_policy p ON p.oid = part.objid AND part.classid = 'pg_policy'::regclass
)
, digest(ns, value) AS (
    SELECT m.ns, sum(hashtextextended(concat_ws(' ', m.catalog, m.objid, m.version), 0))::text FROM mark m GROUP BY m.ns
)
, number(ns, value) AS (SELECT part.ns, count(*) FROM part GROUP BY part.ns)
SELECT ns.nspname AS name, ns.oid, number.value AS parts, digest.value AS digest
  FROM ns
  LEFT JOIN digest ON digest.ns = ns.oid
  LEFT JOIN number ON number.ns = ns.oid
 ORDER BY ns.nspname
"""
"""A row's `xmin` is the transaction that wrote it. Of a relation only the name counts: TRUNCATE and REFRESH write
pg_class, too."""


_CURRENT: Final = "SELECT pg_current_snapshot()::text AS snapshot WHERE NOT pg_is_in_recovery()"


async def current(connection: Connection) -> str | None:
    """Which transactions a snapshot that is taken now sees; of an open transaction, its own.

    If two are equal, none that has written anything was committed in between (manual: 9.27, pg_current_snapshot()):
    it would have been in progress in the first, or begun after it. A standby lists none in progress, and tells nothing.
    """
    rows = await connection.rows(_CURRENT)
    return rows[0].snapshot if rows else None


async def marks(connection: Connection, names: Sequence[str]) -> dict[str, tuple[object, ...]]:
    """The marks of tenants in the transaction's snapshot, by name. Takes no lock and deparses nothing."""
    rows = await connection.rows(_NAMED + PARTS + _MARKS, [list(names)])
    return {row.name: (row.oid, row.parts, row.digest) for row in rows}
