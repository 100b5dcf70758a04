"""Privileges on objects, their columns and the schema (manual: GRANT, REVOKE, 5.7; the aclitem[] of many catalogs).

There is no catalog of grants: one is a row of aclexplode(), set against what acldefault() says. An owner can take from
itself, and everybody has rights that can be taken away: both are said, so that nothing is lost.

A superuser, or a member of the owning role, grants as if it were the owner. What somebody else granted, by a grant
option, only they can take back: such a statement is run as they.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Rules
from schema_sync.adapters.postgres.access import OWNER
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.depends import PG_NAMESPACE
from schema_sync.adapters.postgres.kinds import _owned as owned
from schema_sync.adapters.postgres.kinds._acl import TARGETS, Rights, Step, steps
from schema_sync.adapters.postgres.objects import Grant, Ownership
from schema_sync.adapters.postgres.rules import role, run_as
from schema_sync.adapters.postgres.text import PLACEHOLDER, quote
from schema_sync.adapters.sql import Name, Sql, raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject
from schema_sync.model.plan import Hazard

_QUERY: Final[LiteralString] = """
, held(ns, classid, objid, objsubid, attname, sequence, owner, acl, usual) AS (
    SELECT ns.oid, 'pg_namespace'::regclass::oid, n.oid, 0, NULL::name, NULL::name,
           n.nspowner, n.nspacl, acldefault('n', n.nspowner)
      FROM ns JOIN pg_namespace n ON n.oid = ns.oid WHERE n.nspacl IS NOT NULL
    UNION ALL
    SELECT ns.oid, d.classid, coalesce(i.refobjid, c.oid), coalesce(i.refobjsubid, 0), NULL,
           CASE WHEN i.refobjid IS NOT NULL THEN c.relname END, c.relowner, c.relacl,
           acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner)
      FROM ns JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                              AND d.classid = 'pg_class'::regclass AND d.deptype = 'n'
      JOIN pg_class c ON c.oid = d.objid
      LEFT JOIN pg_depend i ON c.relkind = 'S' AND i.classid = d.classid AND i.objid = c.oid AND i.objsubid = 0
                           AND i.refclassid = d.classid AND i.refobjsubid > 0 AND i.deptype = 'i'
     WHERE c.relacl IS NOT NULL
    UNION ALL
    SELECT ns.oid, d.classid, c.oid, a.attnum, a.attname, NULL, c.relowner, a.attacl, NULL
      FROM ns JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                              AND d.classid = 'pg_class'::regclass AND d.deptype = 'n'
      JOIN pg_class c ON c.oid = d.objid
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attacl IS NOT NULL AND NOT a.attisdropped
    UNION ALL
    SELECT ns.oid, d.classid, p.oid, 0, NULL, NULL, p.proowner, p.proacl, acldefault('f', p.proowner)
      FROM ns JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                              AND d.classid = 'pg_proc'::regclass AND d.deptype = 'n'
      JOIN pg_proc p ON p.oid = d.objid WHERE p.proacl IS NOT NULL
    UNION ALL
    SELECT ns.oid, d.classid, t.oid, 0, NULL, NULL, t.typowner, t.typacl, acldefault('T', t.typowner)
      FROM ns JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                              AND d.classid = 'pg_type'::regclass AND d.deptype = 'n'
      JOIN pg_type t ON t.oid = d.objid WHERE t.typacl IS NOT NULL
)
SELECT h.ns, 0::oid AS classid, h.objid, 0 AS objsubid, h.classid AS of_class, h.objsubid::int AS of_column,
       h.attname AS column, h.sequence, g.grantee = h.owner AS is_owner,
       CASE WHEN g.grantee = 0 THEN 'public' ELSE pg_get_userbyid(g.grantee)::text END AS role,
       CASE WHEN g.grantor <> h.owner THEN pg_get_userbyid(g.grantor)::text END AS grantor,
       g.privileges, g.grantable, g.usual,
       CASE WHEN g.grantor <> h.owner THEN ARRAY(
            SELECT DISTINCT CASE WHEN o.grantor <> h.owner THEN pg_get_userbyid(o.grantor)::text END
              FROM aclexplode(h.acl) AS o
             WHERE o.grantee = g.grantor AND o.privilege_type = g.first AND o.is_grantable ORDER BY 1) END AS sources
  FROM held h
 CROSS JOIN LATERAL (
    SELECT e.grantor, e.grantee, min(e.privilege) AS first,
           array_agg(e.privilege ORDER BY e.privilege) FILTER (WHERE e.held) AS privileges,
           array_agg(e.privilege ORDER BY e.privilege) FILTER (WHERE e.held AND e.option) AS grantable,
           array_agg(e.privilege ORDER BY e.privilege) FILTER (WHERE NOT e.held) AS usual
      FROM (SELECT *, true FROM aclexplode(h.acl) UNION ALL SELECT *, false FROM aclexplode(h.usual))
           AS e(grantor, grantee, privilege, option, held)
     GROUP BY e.grantor, e.grantee, CASE WHEN e.grantor <> h.owner THEN e.privilege END) AS g
 ORDER BY h.ns, h.classid, h.objid, h.objsubid, role, grantor, g.first
"""
"""`sources` are those from whom a grantor that is not the owner has the grant option, NULL for the owner."""

_TABLE_WIDE: Final = frozenset({"SELECT", "INSERT", "UPDATE", "REFERENCES"})
"""What can be granted on a column too; revoked from the table, it is revoked from all its columns (manual: REVOKE)."""


def _read(row: Row, reader: Reader) -> Grant | None:
    place = _place(row, reader)
    if place is None:
        return None
    owner, column = place
    usual, held = set(row.usual or ()), tuple(row.privileges or ())
    rights = Rights(
        tuple(each for each in held if each not in usual),
        tuple(row.grantable or ()),
        tuple(sorted(usual.difference(held))),
    )
    if rights == Rights():
        return None
    to = OWNER if row.is_owner else reader.role(row.role, Ident("grant", row.role, owner))
    by = None if row.grantor is None else reader.role(row.grantor, Ident("grant", to, owner))
    ident = Ident("grant", _name(to, column, row.sequence, by, held), owner)
    if row.sequence is not None and owner is not None:
        reader.needs.setdefault(ident, set()).add(owner)
    _need_the_option(row, reader, ident, by, column, held)
    return Grant(
        ident=ident,
        privileges=rights.privileges,
        grantable=rights.grantable,
        withheld=rights.withheld,
        to=None if ident.name == to else to,
        column=column,
        sequence=row.sequence,
        by=by,
    )


def _place(row: Row, reader: Reader) -> tuple[Ident | None, str | None] | None:
    """Whose grant it is, and the column of it where that is no object; `None` for what no cell has read."""
    if row.of_class == PG_NAMESPACE:
        return None, None
    if (ident := reader.ident(row.of_class, row.objid, row.of_column)) is not None:
        return ident, None
    whole = reader.ident(row.of_class, row.objid) if row.column is not None else None
    return None if whole is None else (whole, row.column)


def _name(to: str, column: str | None, sequence: str | None, by: str | None, held: tuple[str, ...]) -> str:
    words = []
    if by is not None:
        words.append(f"{' '.join(held)} by {quote(by)}")
    if column is not None:
        words.append(f"column {quote(column)}")
    if sequence is not None:
        words.append("sequence")
    return "".join(f"{{{word}}} " for word in words) + to


def _need_the_option(
    row: Row, reader: Reader, ident: Ident, by: str | None, column: str | None, held: tuple[str, ...]
) -> None:
    """What another grants rests on what was granted to them: on the column itself, or on the whole table. To say it
    they have to reach the schema, too.
    """
    if by is None:
        return
    found = reader.needs.setdefault(ident, {Ident("grant", by)})
    for source in row.sources or ():
        from_ = None if source is None else reader.role(source, ident)
        found.add(Ident("grant", _name(by, column, row.sequence, from_, held), ident.owner))
    if not row.sources and ident.owner is not None:
        table = ident.owner if column is not None else ident.owner.owner
        found.update(Ident("grant", by, table) for _ in [0] if table is not None)


def _on(grant: Grant, rules: Rules) -> tuple[Sql, str | None]:
    """What it is granted on, as GRANT calls it, and the column of that."""
    if grant.owner is None:
        return sql("SCHEMA {schema}", schema=raw(PLACEHOLDER)), None
    if grant.sequence is not None:
        return sql("SEQUENCE {sequence}", sequence=Name(grant.sequence)), None
    whole, column = grant.owner, grant.column
    if whole.owner is not None:
        whole, column = whole.owner, whole.name
    return target(rules.new.get(whole) or rules.old[whole], rules), column


def target(obj: SchemaObject, rules: Rules) -> Sql:
    """What GRANT calls an object: `TABLE "orders"` for a view too."""
    kind = rules.kinds[obj.ident.kind]
    on = kind.granted_on or kind.on
    assert on is not None, obj.ident.text
    word, *rest = on(obj).pieces
    return sql("{word} {rest}", word=TARGETS[str(word)][0], rest=Sql(tuple(rest)))


def _actions(old: Rights, new: Rights, grant: Grant, rules: Rules) -> Iterable[Action]:
    on, column = _on(grant, rules)
    for step in steps(old, new, _grantee(grant, rules), on, column):
        yield Action(_by(grant, step.sql, rules), hazards=_hazards(step, grant, rules))
        if not step.gives and column is None:
            yield from _columns_again(step, grant, on, rules)


def _columns_again(step: Step, grant: Grant, on: Sql, rules: Rules) -> Iterable[Action]:
    """What the same role keeps on single columns goes with the table's, and is granted again."""
    for other in sorted(_on_columns(grant, rules), key=lambda other: other.ident.text):
        lost = {*other.privileges} & {*step.privileges} & _TABLE_WIDE
        kept = Rights(tuple(sorted(lost)), tuple(sorted(lost & {*other.grantable})))
        column = other.column or (other.owner.name if other.owner is not None else None)
        for again in steps(Rights(), kept, _grantee(grant, rules), on, column):
            yield Action(_by(grant, again.sql, rules))


def _on_columns(grant: Grant, rules: Rules) -> Iterable[Grant]:
    if grant.owner is None or grant.sequence is not None:
        return
    beside = rules.new.children(grant.owner)
    within = [each for child in beside for each in rules.new.children(child.ident)]
    for other in (*beside, *within):
        if isinstance(other, Grant) and other != grant and other.ident in rules.old and other.sequence is None:
            is_column = other.column is not None or other.owner != grant.owner
            if is_column and (other.role, other.by) == (grant.role, grant.by):
                yield other


def _grantee(grant: Grant, rules: Rules) -> str:
    """The role; the owner by name, where it is not the schema's."""
    ownership = _ownership(grant, rules)
    return ownership.role if grant.role == OWNER and ownership is not None else grant.role


def _by(grant: Grant, statement: Sql, rules: Rules) -> Sql:
    """As who grants it; as the login, where the object is not the schema's owner's, or may not be by then."""
    if grant.by is not None:
        return run_as(role(grant.by), statement)
    schema = Ident("ownership", "schema")
    is_owners = _ownership(grant, rules) is None and rules.old.get(schema) == rules.new.get(schema)
    return statement if is_owners else run_as(raw("NONE"), statement)


def _ownership(grant: Grant, rules: Rules) -> Ownership | None:
    if grant.owner is None:
        return None
    ident = owned.ownership(grant.owner.top)
    found = rules.new.get(ident) or rules.old.get(ident)
    return found if isinstance(found, Ownership) else None


def _hazards(step: Step, grant: Grant, rules: Rules) -> frozenset[Hazard]:
    """What was granted before is not widened, nor is access to what is new and empty."""
    before = rules.old.get(grant.ident)
    had = {*before.privileges} if isinstance(before, Grant) else set()
    had_option = {*before.grantable} if isinstance(before, Grant) else set()
    owner = grant.owner
    is_empty = owner is not None and owner not in rules.old and rules.kinds[owner.kind].keeps(rules.new[owner])
    widens = step.gives and not is_empty and not {*step.privileges} <= (had_option if step.option else had)
    return frozenset({Hazard.WIDENS_ACCESS} if widens else ())


def _rights(grant: Grant) -> Rights:
    return Rights(grant.privileges, grant.grantable, grant.withheld)


def _create(new: Grant, rules: Rules) -> Iterable[Action]:
    return _actions(Rights(), _rights(new), new, rules)


def _drop(old: Grant, rules: Rules) -> Iterable[Action]:
    return _actions(_rights(old), Rights(), old, rules)


def _alter(old: Grant, new: Grant, rules: Rules) -> Iterable[Action]:
    return _actions(_rights(old), _rights(new), new, rules)


CELL: Final = Cell(
    struct=Grant,
    weight=95,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=_drop,
    alter={
        "privileges": _alter,
        "grantable": _alter,
        "withheld": _alter,
        "to": REPLACE,
        "column": REPLACE,
        "sequence": REPLACE,
        "by": REPLACE,
    },
    survives=frozenset({"retype", "reshape"}),
)
