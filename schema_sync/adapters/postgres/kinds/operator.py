"""Operators (manual: CREATE OPERATOR, ALTER OPERATOR; catalog pg_operator).

A commutator or negator that is not there yet is made as a shell, and filled in by its own CREATE OPERATOR; the links
are kept on both sides by the server, and end when one goes. A shell that nobody fills in is no operator.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.postgres import text, versions
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _referred
from schema_sync.adapters.postgres.objects import Operator
from schema_sync.adapters.postgres.rules import comment, commenting, dropping
from schema_sync.adapters.sql import Sql, join, raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.snapshot import Snapshot

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, o.oid AS objid, 0 AS objsubid, o.oprname AS name,
       CASE WHEN o.oprleft <> 0 AND set_config('search_path', ns.sp, true) IS NOT NULL
            THEN format_type(o.oprleft, NULL) END AS left_type,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL
            THEN format_type(o.oprright, NULL) END AS right_type,
       o.oprcanmerge AS merges, o.oprcanhash AS hashes,
       {_referred.FUNCTION} o.oprcode) AS function,
       {_referred.OPERATOR} o.oprcom) AS commutator,
       {_referred.OPERATOR} o.oprnegate) AS negator,
       {_referred.FUNCTION} o.oprrest) AS restrict,
       {_referred.FUNCTION} o.oprjoin) AS join_estimator,
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_operator'::regclass AND d.deptype = 'n'
  JOIN pg_operator o ON o.oid = d.objid AND o.oprcode <> 0
  LEFT JOIN pg_description e ON e.objoid = o.oid AND e.classoid = d.classid AND e.objsubid = 0
 ORDER BY ns.oid, o.oprname, o.oid
"""


def _read(row: Row, reader: Reader) -> Operator:
    first = Ident("operator", row.name)
    left = None if row.left_type is None else reader.text(row.left_type, first)
    right = reader.text(row.right_type, first)
    return Operator(
        ident=Ident("operator", _called(row.name, left, right)),
        left=left,
        right=right,
        function=row.function,
        commutator=row.commutator,
        negator=row.negator,
        restrict=row.restrict,
        join=row.join_estimator,
        hashes=row.hashes,
        merges=row.merges,
        comment=row.comment,
    )


def _called(name: str, left: str | None, right: str) -> str:
    return f"{name}({left or 'NONE'}, {right})"


def _bare(operator: Operator) -> Sql:
    """The operator's name, qualified: pg_catalog may have one that is called so, and is looked through first."""
    name = operator.name.removesuffix(_called("", operator.left, operator.right))
    return sql("{schema}.{name}", schema=raw(text.PLACEHOLDER), name=raw(name))


def _on(operator: Operator) -> Sql:
    return sql(
        "OPERATOR {name} ({left}, {right})",
        name=_bare(operator),
        left=raw(operator.left or "NONE"),
        right=raw(operator.right),
    )


def _create(operator: Operator, _rules: Rules) -> Iterable[Action]:
    parts = [sql("FUNCTION = {function}", function=_referred.referred(operator.function))]
    if operator.left is not None:
        parts.append(sql("LEFTARG = {type}", type=raw(operator.left)))
    parts.append(sql("RIGHTARG = {type}", type=raw(operator.right)))
    if operator.commutator is not None:
        parts.append(sql("COMMUTATOR = {operator}", operator=_referred.operator(operator.commutator)))
    if operator.negator is not None:
        parts.append(sql("NEGATOR = {operator}", operator=_referred.operator(operator.negator)))
    if operator.restrict is not None:
        parts.append(sql("RESTRICT = {function}", function=_referred.referred(operator.restrict)))
    if operator.join is not None:
        parts.append(sql("JOIN = {function}", function=_referred.referred(operator.join)))
    if operator.hashes:
        parts.append(raw("HASHES"))
    if operator.merges:
        parts.append(raw("MERGES"))
    yield Action(sql("CREATE OPERATOR {name} ({parts})", name=_bare(operator), parts=join(", ", parts)))
    if operator.comment is not None:
        yield comment(_on(operator), operator.comment)


def _set(operator: Operator, parts: Iterable[Sql]) -> Action:
    return Action(sql("ALTER {on} SET ({parts})", on=_on(operator), parts=join(", ", parts)))


def _estimators(old: Operator, new: Operator, _rules: Rules) -> Iterable[Action]:
    parts = []
    if old.restrict != new.restrict:
        parts.append(sql("RESTRICT = {function}", function=_or_none(new.restrict)))
    if old.join != new.join:
        parts.append(sql("JOIN = {function}", function=_or_none(new.join)))
    yield _set(new, parts)


def _or_none(function: str | None) -> Sql:
    return raw("NONE") if function is None else _referred.referred(function)


def _properties(old: Operator, new: Operator, rules: Rules) -> Answer:
    """Links and abilities: from PostgreSQL 17 on they can be set where they were not, and never be taken back."""
    parts = []
    for word, swapped, was, now in (
        ("COMMUTATOR", True, old.commutator, new.commutator),
        ("NEGATOR", False, old.negator, new.negator),
    ):
        if was == now:
            continue
        if _stays_linked(was, old, swapped, rules) or _is_one_sided(now, new, swapped, rules.new):
            return REPLACE
        if now is not None and _is_there(now, new, swapped, rules):
            parts.append(sql("{word} = {operator}", word=raw(word), operator=_referred.operator(now)))
    if (old.hashes and not new.hashes) or (old.merges and not new.merges):
        return REPLACE
    parts += [raw("HASHES")] if new.hashes and not old.hashes else []
    parts += [raw("MERGES")] if new.merges and not old.merges else []
    if not parts:
        return ()
    return [_set(new, parts)] if versions.OPERATOR_LINKS.on(rules.server) else REPLACE


def _stays_linked(name: str | None, operator: Operator, swapped: bool, rules: Rules) -> bool:
    """Whether a link does not end by itself: with the partner, which sees to the links that it returns."""
    if name is None:
        return False
    return _partner(name, operator, swapped) in rules.new or _is_one_sided(name, operator, swapped, rules.old)


def _partner(name: str, operator: Operator, swapped: bool) -> Ident:
    left, right = (operator.right, operator.left) if swapped else (operator.left, operator.right)
    return Ident("operator", _called(name, left, right or "NONE"))


def _is_there(name: str, operator: Operator, swapped: bool, rules: Rules) -> bool:
    """Whether the partner is no operator that this plan makes: that one's own CREATE links both."""
    return _referred.is_qualified(name) or _partner(name, operator, swapped) in rules.old


def _ties(old: Operator, rules: Rules) -> Iterable[Ident]:
    """The operators with a link to this one that it does not return, before or after: DROP would leave that dangling,
    and CREATE would not make it again.
    """
    for side in (rules.old, rules.new):
        for other in side:
            if not isinstance(other, Operator):
                continue
            for swapped, name in ((True, other.commutator), (False, other.negator)):
                if _leads(name, other, swapped, old.ident) and _is_one_sided(name, other, swapped, side):
                    yield other.ident


def _is_one_sided(name: str | None, operator: Operator, swapped: bool, side: Snapshot) -> bool:
    """Whether the partner is linked otherwise: before PostgreSQL 17, one that had a partner was not given another."""
    partner = None if name is None else side.get(_partner(name, operator, swapped))
    if not isinstance(partner, Operator):
        return False
    return not _leads(partner.commutator if swapped else partner.negator, partner, swapped, operator.ident)


def _leads(name: str | None, operator: Operator, swapped: bool, goal: Ident) -> bool:
    """Whether a link of an operator is to that one."""
    return name is not None and not _referred.is_qualified(name) and _partner(name, operator, swapped) == goal


CELL: Final = Cell(
    struct=Operator,
    weight=42,
    query=_QUERY,
    among=frozenset({"pg_operator"}),
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    alter={
        "left": REPLACE,
        "right": REPLACE,
        "function": REPLACE,
        "commutator": _properties,
        "negator": _properties,
        "restrict": _estimators,
        "join": _estimators,
        "hashes": _properties,
        "merges": _properties,
        "comment": commenting(_on),
    },
    ties=_ties,
    claims=lambda operator: [("operator", operator.name)],
)
