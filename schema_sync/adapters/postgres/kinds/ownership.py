"""Owners, where the configuration has them compared (manual: ALTER TABLE, ALTER SCHEMA, … OWNER TO)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import Action, Rules
from schema_sync.adapters.postgres.access import OWNER
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _owned as owned
from schema_sync.adapters.postgres.objects import Ownership
from schema_sync.adapters.postgres.rules import ACCESS_EXCLUSIVE
from schema_sync.adapters.postgres.text import PLACEHOLDER
from schema_sync.adapters.sql import Sql, raw, sql
from schema_sync.errors import NotConvergeable
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject

_QUERY: Final[LiteralString] = """
, owned(classid, objid, owner) AS (
    SELECT 'pg_class'::regclass::oid, oid, relowner FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
     UNION ALL SELECT 'pg_proc'::regclass, oid, proowner FROM pg_proc
     UNION ALL SELECT 'pg_type'::regclass, oid, typowner FROM pg_type
     UNION ALL SELECT 'pg_collation'::regclass, oid, collowner FROM pg_collation
     UNION ALL SELECT 'pg_conversion'::regclass, oid, conowner FROM pg_conversion
     UNION ALL SELECT 'pg_operator'::regclass, oid, oprowner FROM pg_operator
     UNION ALL SELECT 'pg_opclass'::regclass, oid, opcowner FROM pg_opclass
     UNION ALL SELECT 'pg_opfamily'::regclass, oid, opfowner FROM pg_opfamily
     UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, stxowner FROM pg_statistic_ext
     UNION ALL SELECT 'pg_ts_config'::regclass, oid, cfgowner FROM pg_ts_config
     UNION ALL SELECT 'pg_ts_dict'::regclass, oid, dictowner FROM pg_ts_dict)
SELECT ns.oid AS ns, 0::oid AS classid, o.objid, 0 AS objsubid, o.classid AS of_class,
       pg_get_userbyid(o.owner)::text AS role
  FROM ns
  JOIN pg_namespace n ON n.oid = ns.oid
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid AND d.deptype = 'n'
  JOIN owned o ON o.classid = d.classid AND o.objid = d.objid AND o.owner <> n.nspowner
 WHERE NOT EXISTS (SELECT FROM pg_depend x
                    WHERE x.classid = d.classid AND x.objid = d.objid AND x.objsubid = 0
                      AND (x.deptype = 'e'
                           OR (x.classid = 'pg_class'::regclass AND x.deptype IN ('a', 'i') AND x.refobjsubid > 0)))
 UNION ALL
SELECT ns.oid, 0::oid, n.oid, 0, 0::oid, pg_get_userbyid(n.nspowner)::text
  FROM ns
  JOIN pg_namespace n ON n.oid = ns.oid
 ORDER BY 1, 5, 3
"""
"""A sequence that belongs to a column has its table's owner, and follows it."""

_OWNED: Final = frozenset(
    {
        *("TABLE ", "VIEW ", "MATERIALIZED VIEW ", "FOREIGN TABLE ", "SEQUENCE ", "FUNCTION ", "PROCEDURE "),
        *("AGGREGATE ", "TYPE ", "DOMAIN ", "COLLATION ", "CONVERSION ", "OPERATOR ", "OPERATOR CLASS "),
        *("OPERATOR FAMILY ", "STATISTICS ", "TEXT SEARCH CONFIGURATION ", "TEXT SEARCH DICTIONARY "),
    }
)
"""What has an owner of its own, by what a kind's `on` begins with."""


def _read(row: Row, reader: Reader) -> Ownership | None:
    owner = reader.ident(row.of_class, row.objid) if row.of_class else None
    if row.of_class and owner is None:
        return None
    ident = Ident("ownership", "owner" if row.of_class else "schema", owner)
    return Ownership(ident=ident, role=reader.role(row.role, ident))


def _change(of: Ownership, to: str, rules: Rules) -> Iterable[Action]:
    """To somebody; the schema, together with all in it that is its owner's."""
    if of.owner is not None:
        obj = rules.old.get(of.owner) or rules.new[of.owner]
        yield owned.given(_on(obj, rules), to, ACCESS_EXCLUSIVE if _is_locked(obj, rules) else None)
        return
    yield owned.given(sql("SCHEMA {schema}", schema=raw(PLACEHOLDER)), to, None)
    for obj in rules.new:
        if _has_owner(obj, rules) and owned.ownership(obj.ident) not in rules.new:
            lock = ACCESS_EXCLUSIVE if obj.ident in rules.old and _is_locked(obj, rules) else None
            yield owned.given(_on(obj, rules), to, lock, frozenset({obj.ident}))


def _on(obj: SchemaObject, rules: Rules) -> Sql:
    on = rules.kinds[obj.ident.kind].on
    assert on is not None
    return on(obj)


def _has_owner(obj: SchemaObject, rules: Rules) -> bool:
    on = rules.kinds[obj.ident.kind].on
    return on is not None and on(obj).pieces[0] in _OWNED and getattr(obj, "owned_by", None) is None


def _is_locked(obj: SchemaObject, rules: Rules) -> bool:
    return str(_on(obj, rules).pieces[0]).endswith(("TABLE ", "VIEW ", "SEQUENCE "))


def _create(new: Ownership, rules: Rules) -> Iterable[Action]:
    return _change(new, new.role, rules)


def _drop(old: Ownership, rules: Rules) -> Iterable[Action]:
    """Back to the schema's owner."""
    if old.owner is None:
        raise NotConvergeable(
            "the version does not say who owns the schema: owners were not compared when it was captured",
            hint='capture it again, or set owners = "ignore"',
        )
    return _change(old, OWNER, rules)


def _role(_old: Ownership, new: Ownership, rules: Rules) -> Iterable[Action]:
    return _change(new, new.role, rules)


CELL: Final = Cell(
    struct=Ownership,
    weight=94,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=_drop,
    alter={"role": _role},
    only_with_owners=True,
    survives=frozenset({"retype", "reshape"}),
)
