"""How constraints and their indexes are found and read: what the queries and readers of their cells have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from schema_sync.adapters.postgres.cell import PG_CLASS, Reader, Row
from schema_sync.model.ident import Ident

FOUND: Final = """
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_class'::regclass AND d.deptype = 'n'
  JOIN pg_constraint c ON c.conrelid = d.objid
  JOIN pg_class r ON r.oid = c.conrelid
  LEFT JOIN pg_description e ON e.objoid = c.oid AND e.classoid = 'pg_constraint'::regclass AND e.objsubid = 0
"""
"""The constraints `c` of the tables `r` of the tenants, with their comments `e`."""

ADDRESS: Final = "ns.oid AS ns, 'pg_constraint'::regclass::oid AS classid, c.oid AS objid, 0 AS objsubid"

COMMON: Final = """c.conname AS name, c.conrelid AS relation, c.condeferrable AS deferrable,
       c.condeferred AS deferred, c.convalidated AS validated, e.description AS comment"""

COLUMNS: Final = """ARRAY(SELECT a.attname::text
               FROM unnest(c.conkey) WITH ORDINALITY AS k(attnum, n)
               JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum
              ORDER BY k.n)"""

INDEXED: Final = """
  JOIN pg_index i ON i.indexrelid = c.conindid
  JOIN pg_class x ON x.oid = i.indexrelid
  LEFT JOIN pg_description f ON f.objoid = x.oid AND f.classoid = 'pg_class'::regclass AND f.objsubid = 0
"""
"""The index of a constraint `c`: its rows `i` and `x`, and its comment `f`."""

INCLUDED: Final = """ARRAY(SELECT a.attname::text
               FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, n)
               JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
              WHERE k.n > i.indnkeyatts
              ORDER BY k.n)"""

STORED: Final = f"""{INCLUDED} AS include, x.reloptions AS options,
       (SELECT o.spcname FROM pg_tablespace o WHERE o.oid = x.reltablespace) AS tablespace"""
"""How an index `i` with its pg_class row `x` is kept. That CLUSTER or a replica identity goes by it is its table's."""

ATTACHED: Final = """i.indisvalid AS is_valid,
       (SELECT o.relname FROM pg_inherits h JOIN pg_class o ON o.oid = h.inhparent WHERE h.inhrelid = i.indexrelid)
           AS attached_to"""
"""Which index of the parent's an index `i` of a partition is a part of."""

OF_INDEX: Final = f"""{STORED}, {ATTACHED}, f.description AS index_comment,
       CASE WHEN c.condeferrable THEN ARRAY(
           SELECT DISTINCT g.tgenabled::text FROM pg_trigger g WHERE g.tgconstraint = c.oid AND g.tgenabled <> 'O'
            ORDER BY 1) END AS unusual_triggers,
       coalesce((to_jsonb(c) ->> 'conperiod')::boolean, false) AS without_overlaps"""
"""What constraints say of their index. `conperiod` came with PostgreSQL 18."""


def ident(kind: str, row: Row, reader: Reader) -> Ident | None:
    """The identity of the constraint of a row; `None` where no cell reads its table."""
    table = reader.ident(PG_CLASS, row.relation)
    return None if table is None else Ident(kind, row.name, table)


def stored_fields(row: Row, reader: Reader) -> dict[str, Any]:
    """How an index is kept, out of the columns of `STORED`."""
    if row.tablespace is not None:
        reader.shared.add(f"tablespace {row.tablespace}")
    return {"options": tuple(row.options or ()), "tablespace": row.tablespace}


def index_fields(row: Row, reader: Reader, ident: Ident) -> dict[str, Any]:
    """The fields of `BackedByIndex`, out of the columns of `COMMON` and `OF_INDEX`.

    What can be deferred is checked by a trigger, which DISABLE TRIGGER ALL takes away: that is only told of.
    """
    if row.unusual_triggers:
        note_triggers(ident, row.unusual_triggers, reader)
    return {
        **stored_fields(row, reader),
        "include": tuple(row.include),
        "deferrable": row.deferrable,
        "initially_deferred": row.deferred,
        "attached_to": row.attached_to,
        "valid": row.is_valid,
        "index_comment": row.index_comment,
        "comment": row.comment,
    }


def note_triggers(ident: Ident, states: Iterable[str], reader: Reader) -> None:
    """Note as unmodelled that the triggers which enforce a constraint are not all enabled as ever."""
    assert ident.owner is not None
    reader.unmodelled(f"triggers of {ident.kind} {ident.name} on {ident.owner.text}: {', '.join(states)}")
