"""Default privileges in the schema (manual: ALTER DEFAULT PRIVILEGES; catalog pg_default_acl).

They only ever add to what the defaults of the server and of the database give; those of the database are not the
tenant's. FOR ROLE takes a membership in that role, which the schema's owner, as whom a superuser's statements run, need
not have: where the two differ, the statement is run as the role itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Rules
from schema_sync.adapters.postgres.access import OWNER
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds._acl import Rights, steps
from schema_sync.adapters.postgres.objects import DefaultPrivilege
from schema_sync.adapters.postgres.rules import role, run_as
from schema_sync.adapters.postgres.text import PLACEHOLDER, quote
from schema_sync.adapters.sql import raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard

_QUERY: Final[LiteralString] = """
SELECT ns.oid AS ns, 0::oid AS classid, a.oid AS objid, 0 AS objsubid, d.classid AS of_class,
       a.defaclobjtype AS objects,
       CASE WHEN a.defaclrole <> n.nspowner THEN pg_get_userbyid(a.defaclrole)::text END AS creator,
       g.grantee = a.defaclrole AS is_creator,
       CASE WHEN g.grantee = 0 THEN 'public' ELSE pg_get_userbyid(g.grantee)::text END AS role,
       array_agg(g.privilege_type ORDER BY g.privilege_type) AS privileges,
       coalesce(array_agg(g.privilege_type ORDER BY g.privilege_type) FILTER (WHERE g.is_grantable), '{}') AS grantable
  FROM ns
  JOIN pg_namespace n ON n.oid = ns.oid
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_default_acl'::regclass
  JOIN pg_default_acl a ON a.oid = d.objid
 CROSS JOIN LATERAL aclexplode(a.defaclacl) AS g
 GROUP BY ns.oid, d.classid, a.oid, a.defaclobjtype, a.defaclrole, n.nspowner, g.grantee
 ORDER BY ns.oid, a.defaclobjtype, creator, role
"""

_OBJECTS: Final = {"r": "TABLES", "S": "SEQUENCES", "f": "FUNCTIONS", "T": "TYPES"}


def _ident(objects: str, creator: str, to: str) -> Ident:
    return Ident("default_privilege", f"{objects} of {quote(creator)} to {to}")


def _read(row: Row, reader: Reader) -> DefaultPrivilege:
    objects = _OBJECTS[row.objects]
    told = _ident(objects, row.creator or OWNER, row.role or OWNER)
    creator = OWNER if row.creator is None else reader.role(row.creator, told)
    to = creator if row.is_creator else reader.role(row.role, told)
    ident = _ident(objects, creator, to)
    reader.alias(row.of_class, row.objid, ident)
    return DefaultPrivilege(
        ident=ident,
        creator=creator,
        objects=objects,
        role=to,
        privileges=tuple(row.privileges),
        grantable=tuple(row.grantable),
    )


def _steps(old: Rights, new: Rights, of: DefaultPrivilege) -> Iterable[Action]:
    head = sql(
        "ALTER DEFAULT PRIVILEGES FOR ROLE {creator} IN SCHEMA {schema} ",
        creator=role(of.creator),
        schema=raw(PLACEHOLDER),
    )
    for step in steps(old, new, of.role, raw(of.objects), head=head):
        hazards = frozenset({Hazard.WIDENS_ACCESS} if step.gives else ())
        statement = step.sql if of.creator == OWNER else run_as(role(of.creator), step.sql)
        yield Action(statement, hazards=hazards)


def _rights(of: DefaultPrivilege) -> Rights:
    return Rights(of.privileges, of.grantable)


def _create(new: DefaultPrivilege, _rules: Rules) -> Iterable[Action]:
    return _steps(Rights(), _rights(new), new)


def _drop(old: DefaultPrivilege, _rules: Rules) -> Iterable[Action]:
    return _steps(_rights(old), Rights(), old)


def _alter(old: DefaultPrivilege, new: DefaultPrivilege, _rules: Rules) -> Iterable[Action]:
    return _steps(_rights(old), _rights(new), new)


CELL: Final = Cell(
    struct=DefaultPrivilege,
    weight=98,
    query=_QUERY,
    among=frozenset({"pg_default_acl"}),
    read=_read,
    create=_create,
    drop=_drop,
    alter={"creator": REPLACE, "objects": REPLACE, "role": REPLACE, "privileges": _alter, "grantable": _alter},
)
