"""Domains (manual: CREATE DOMAIN, ALTER DOMAIN; catalog pg_type). Their CHECKs are objects of their own.

The base type and the collation cannot change in place: the domain is replaced, and its columns go by way of text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _asked_of_types as of_types
from schema_sync.adapters.postgres.kinds import _referred
from schema_sync.adapters.postgres.objects import Column, Domain, MaterializedView
from schema_sync.adapters.postgres.rules import SHARE, comment, commenting, dropping, renaming
from schema_sync.adapters.sql import Sql, join, raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard

_QUERY: Final[LiteralString] = """
SELECT ns.oid AS ns, d.classid, t.oid AS objid, 0 AS objsubid, t.typname AS name, t.typnotnull AS not_null,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL
            THEN format_type(t.typbasetype, t.typtypmod) END AS type,
       t.typdefaultbin IS NOT NULL AS has_default,
       CASE WHEN t.typdefaultbin IS NOT NULL AND set_config('search_path', ns.sp, true) IS NOT NULL
            THEN pg_get_expr(t.typdefaultbin, 0) END AS default_value,
       CASE WHEN t.typcollation <> b.typcollation AND set_config('search_path', ns.sp, true) IS NOT NULL
            THEN t.typcollation::regcollation::text END AS collation,
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_type'::regclass AND d.deptype = 'n'
  JOIN pg_type t ON t.oid = d.objid
  JOIN pg_type b ON b.oid = t.typbasetype
  LEFT JOIN pg_description e ON e.objoid = t.oid AND e.classoid = d.classid AND e.objsubid = 0
 WHERE t.typtype = 'd'
   AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = d.classid AND x.objid = d.objid AND x.deptype = 'e')
 ORDER BY ns.oid, t.typname
"""


def _read(row: Row, reader: Reader) -> Domain:
    ident = Ident("domain", row.name)
    return Domain(
        ident=ident,
        type=reader.text(row.type, ident),
        nullable=not row.not_null,
        default=reader.text(row.default_value, ident) if row.has_default else None,
        collation=None if row.collation is None else reader.text(row.collation, ident),
        comment=row.comment,
    )


def _on(domain: Domain) -> Sql:
    return sql("DOMAIN {domain}", domain=_referred.own(domain.name))


def _create(domain: Domain, _rules: Rules) -> Iterable[Action]:
    parts = [sql("CREATE {on} AS {type}", on=_on(domain), type=raw(domain.type))]
    if domain.collation is not None:
        parts.append(sql("COLLATE {collation}", collation=raw(domain.collation)))
    if domain.default is not None:
        parts.append(sql("DEFAULT {value}", value=raw(domain.default)))
    if not domain.nullable:
        parts.append(raw("NOT NULL"))
    yield Action(join(" ", parts))
    if domain.comment is not None:
        yield comment(_on(domain), domain.comment)


def is_stored(domain: Ident, rules: Rules) -> bool:
    """Whether a relation that exists has values of the domain, or of another that is made of it: a change that is held
    against them locks it.
    """
    return any(
        is_stored(user, rules) if user.kind == domain.kind else user.kind in (Column.kind, MaterializedView.kind)
        for user in rules.old.dependants.get(domain, ())
    )


def _nullable(_old: Domain, new: Domain, rules: Rules) -> Iterable[Action]:
    if new.nullable:
        yield Action(sql("ALTER {on} DROP NOT NULL", on=_on(new)))
    else:
        stored = is_stored(new.ident, rules)
        yield Action(
            sql("ALTER {on} SET NOT NULL", on=_on(new)),
            hazards=frozenset({Hazard.BLOCKS_WRITES, Hazard.MAY_FAIL} if stored else ()),
            lock=SHARE if stored else None,
            questions=of_types.without_value(new, rules) if stored else (),
        )


def _default(_old: Domain, new: Domain, _rules: Rules) -> Iterable[Action]:
    if new.default is None:
        yield Action(sql("ALTER {on} DROP DEFAULT", on=_on(new)))
    else:
        yield Action(sql("ALTER {on} SET DEFAULT {value}", on=_on(new), value=raw(new.default)))


CELL: Final = Cell(
    struct=Domain,
    weight=12,
    query=_QUERY,
    among=frozenset({"pg_type"}),
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    rename=renaming(_on, None),
    alter={
        "type": REPLACE,
        "nullable": _nullable,
        "default": _default,
        "collation": REPLACE,
        "comment": commenting(_on),
    },
    survives=frozenset({"reshape"}),
    claims=lambda domain: [("type", domain.name)],
)
