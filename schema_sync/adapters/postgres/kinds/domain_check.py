"""CHECK constraints of domains (manual: ALTER DOMAIN; catalog pg_constraint.contypid)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.postgres.cell import PG_TYPE, Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _asked_of_types as of_types
from schema_sync.adapters.postgres.kinds import _referred
from schema_sync.adapters.postgres.kinds.domain import is_stored
from schema_sync.adapters.postgres.objects import DomainCheck
from schema_sync.adapters.postgres.rules import SHARE, comment, commenting
from schema_sync.adapters.sql import Name, Sql, raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard

_QUERY: Final[LiteralString] = """
SELECT ns.oid AS ns, 'pg_constraint'::regclass::oid AS classid, k.oid AS objid, 0 AS objsubid, t.oid AS domain,
       k.conname AS name, k.convalidated AS validated,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN pg_get_constraintdef(k.oid) END AS definition,
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_type'::regclass AND d.deptype = 'n'
  JOIN pg_type t ON t.oid = d.objid AND t.typtype = 'd'
  JOIN pg_constraint k ON k.contypid = t.oid AND k.contype = 'c'
  LEFT JOIN pg_description e ON e.objoid = k.oid AND e.classoid = 'pg_constraint'::regclass AND e.objsubid = 0
 ORDER BY ns.oid, t.typname, k.conname
"""


def _read(row: Row, reader: Reader) -> DomainCheck | None:
    owner = reader.ident(PG_TYPE, row.domain)
    if owner is None:
        return None
    ident = Ident("domain_check", row.name, owner)
    return DomainCheck(
        ident=ident,
        definition=reader.text(row.definition, ident).removesuffix(" NOT VALID"),
        validated=row.validated,
        comment=row.comment,
    )


def _domain(check: DomainCheck) -> Sql:
    assert check.owner is not None
    return _referred.own(check.owner.name)


def added(check: DomainCheck, rules: Rules) -> Iterable[Action]:
    """ALTER DOMAIN … ADD CONSTRAINT: tests the values in all tables that use the domain, unless it is NOT VALID."""
    looks = check.validated and check.owner is not None and is_stored(check.owner, rules)
    yield Action(
        sql(
            "ALTER DOMAIN {domain} ADD CONSTRAINT {check} {definition}{valid}",
            domain=_domain(check),
            check=Name(check.name),
            definition=raw(check.definition),
            valid=raw("" if check.validated else " NOT VALID"),
        ),
        hazards=frozenset({Hazard.BLOCKS_WRITES, Hazard.MAY_FAIL} if looks else ()),
        lock=SHARE if looks else None,
        questions=of_types.refused_by(check, rules) if looks else (),
    )
    if check.comment is not None:
        yield comment(_on(check), check.comment)


def _create(check: DomainCheck, rules: Rules) -> Iterable[Action]:
    return added(check, rules)


def _drop(check: DomainCheck, _rules: Rules) -> Iterable[Action]:
    yield Action(sql("ALTER DOMAIN {domain} DROP CONSTRAINT {check}", domain=_domain(check), check=Name(check.name)))


def _validated(_old: DomainCheck, new: DomainCheck, rules: Rules) -> Answer:
    if not new.validated:
        return REPLACE
    stored = new.owner is not None and is_stored(new.owner, rules)
    return [
        Action(
            sql("ALTER DOMAIN {domain} VALIDATE CONSTRAINT {check}", domain=_domain(new), check=Name(new.name)),
            hazards=frozenset({Hazard.BLOCKS_WRITES, Hazard.MAY_FAIL} if stored else ()),
            lock=SHARE if stored else None,
            questions=of_types.refused_by(new, rules) if stored else (),
        )
    ]


def _on(check: DomainCheck) -> Sql:
    return sql("CONSTRAINT {check} ON DOMAIN {domain}", check=Name(check.name), domain=_domain(check))


def _rename(old: DomainCheck, new: DomainCheck, _rules: Rules) -> Iterable[Action]:
    yield Action(
        sql(
            "ALTER DOMAIN {domain} RENAME CONSTRAINT {old} TO {new}",
            domain=_domain(old),
            old=Name(old.name),
            new=Name(new.name),
        )
    )


CELL: Final = Cell(
    struct=DomainCheck,
    weight=14,
    query=_QUERY,
    among=frozenset({"pg_type"}),
    read=_read,
    create=_create,
    drop=_drop,
    on=_on,
    rename=_rename,
    alter={"definition": REPLACE, "validated": _validated, "comment": commenting(_on)},
)
