"""Row security policies (manual: CREATE POLICY; catalog pg_policy). Whether they count is a property of the table.

A role belongs to the cluster and not to the tenant: which ones are the tenant's own is configured (`access.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.postgres.cell import PG_CLASS, Cell, Reader, Row
from schema_sync.adapters.postgres.objects import Policy, Table
from schema_sync.adapters.postgres.rules import ACCESS_EXCLUSIVE, comment, commenting, renaming, role
from schema_sync.adapters.sql import Name, Sql, join, raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard

_QUERY: Final[LiteralString] = """
SELECT ns.oid AS ns, 'pg_policy'::regclass::oid AS classid, p.oid AS objid, 0 AS objsubid, c.oid AS relation,
       p.polname AS name, p.polcmd AS command, p.polpermissive AS permissive,
       ARRAY(SELECT coalesce(r.rolname::text, 'public') FROM unnest(p.polroles) AS u(role)
               LEFT JOIN pg_roles r ON r.oid = u.role ORDER BY 1) AS roles,
       p.polqual IS NOT NULL AS has_using, p.polwithcheck IS NOT NULL AS has_check,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN pg_get_expr(p.polqual, p.polrelid) END
           AS using_expression,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN pg_get_expr(p.polwithcheck, p.polrelid) END
           AS check_expression,
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_class'::regclass AND d.deptype = 'n'
  JOIN pg_class c ON c.oid = d.objid
  JOIN pg_policy p ON p.polrelid = c.oid
  LEFT JOIN pg_description e ON e.objoid = p.oid AND e.classoid = 'pg_policy'::regclass AND e.objsubid = 0
 ORDER BY ns.oid, c.relname, p.polname
"""

_COMMANDS: Final = {"*": "ALL", "r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}


def _read(row: Row, reader: Reader) -> Policy | None:
    owner = reader.ident(PG_CLASS, row.relation)
    if owner is None:
        return None
    ident = Ident("policy", row.name, owner)
    return Policy(
        ident=ident,
        command=_COMMANDS[row.command],
        permissive=row.permissive,
        roles=tuple(sorted(reader.role(one, ident) for one in row.roles)),
        using=reader.text(row.using_expression, ident) if row.has_using else None,
        check=reader.text(row.check_expression, ident) if row.has_check else None,
        comment=row.comment,
    )


def _on(policy: Policy) -> Sql:
    assert policy.owner is not None
    return sql("POLICY {policy} ON {table}", policy=Name(policy.name), table=Name(policy.owner.name))


def _to(policy: Policy) -> Sql:
    return join(", ", map(role, policy.roles))


def _expressions(policy: Policy) -> Iterable[Sql]:
    if policy.using is not None:
        yield sql("USING ({expression})", expression=raw(policy.using))
    if policy.check is not None:
        yield sql("WITH CHECK ({expression})", expression=raw(policy.check))


def _create(policy: Policy, rules: Rules) -> Iterable[Action]:
    parts = [sql("CREATE {on}", on=_on(policy))]
    widens = policy.permissive and rules.old.get(policy.ident) != policy
    if not policy.permissive:
        parts.append(raw("AS RESTRICTIVE"))
    parts += [raw(f"FOR {policy.command}"), sql("TO {roles}", roles=_to(policy)), *_expressions(policy)]
    yield Action(join(" ", parts), hazards=_hazards(policy, rules, widens=widens), lock=ACCESS_EXCLUSIVE)
    if policy.comment is not None:
        yield comment(_on(policy), policy.comment)


def _drop(policy: Policy, rules: Rules) -> Iterable[Action]:
    hazards = _hazards(policy, rules, widens=not policy.permissive)
    yield Action(sql("DROP {on}", on=_on(policy)), hazards=hazards, lock=ACCESS_EXCLUSIVE)


def _hazards(policy: Policy, rules: Rules, *, widens: bool) -> frozenset[Hazard]:
    """Access is only widened where policies counted before."""
    table = rules.old.get(policy.owner) if policy.owner is not None else None
    counted = isinstance(table, Table) and table.row_security
    return frozenset({Hazard.BRIEF_LOCK, Hazard.WIDENS_ACCESS} if counted and widens else {Hazard.BRIEF_LOCK})


def _alter(old: Policy, new: Policy, rules: Rules) -> Answer:
    """Roles and expressions. An expression can be changed in place and not be taken away."""
    if (old.using is not None and new.using is None) or (old.check is not None and new.check is None):
        return REPLACE
    parts = [sql("ALTER {on} TO {roles}", on=_on(new), roles=_to(new)), *_expressions(new)]
    return [Action(join(" ", parts), hazards=_hazards(new, rules, widens=True), lock=ACCESS_EXCLUSIVE)]


CELL: Final = Cell(
    struct=Policy,
    weight=85,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=_drop,
    on=_on,
    rename=renaming(_on),
    alter={
        "command": REPLACE,
        "permissive": REPLACE,
        "roles": _alter,
        "using": _alter,
        "check": _alter,
        "comment": commenting(_on),
    },
)
