"""CHECK constraints of tables, not of domains (manual: CREATE TABLE, CHECK; catalog pg_constraint)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from schema_sync.adapters.kind import IGNORE, REBUILD_OWNER, REPLACE, Action, Answer, Rules, Verdict
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _attached as attached
from schema_sync.adapters.postgres.kinds import _constrained as constrained
from schema_sync.adapters.postgres.kinds import _family as family
from schema_sync.adapters.postgres.kinds import _questions as questions
from schema_sync.adapters.postgres.kinds import constraints
from schema_sync.adapters.postgres.objects import Check, ForeignTable
from schema_sync.adapters.postgres.rules import comment
from schema_sync.adapters.sql import Sql, raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard

_QUERY: Final = f"""
SELECT {constrained.ADDRESS}, {constrained.COMMON},
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN pg_get_expr(c.conbin, c.conrelid) END
           AS expression,
       c.connoinherit AS no_inherit, NOT (c.conislocal OR r.relispartition) AS inherited,
       coalesce((to_jsonb(c) ->> 'conenforced')::boolean, true) AS enforced
{constrained.FOUND}
 WHERE c.contype = 'c'
 ORDER BY ns.oid, c.conrelid, c.conname
"""


def _read(row: Row, reader: Reader) -> Check | None:
    ident = constrained.ident(Check.kind, row, reader)
    if ident is None:
        return None
    return Check(
        ident=ident,
        expression=reader.text(row.expression, ident),
        no_inherit=row.no_inherit,
        inherited=row.inherited,
        enforced=row.enforced,
        validated=row.validated or not row.enforced,
        comment=row.comment,
    )


def _is_brought(check: Check, rules: Rules) -> bool:
    """Whether it is made by the statement of a parent's: INHERITS, or a constraint that is passed on."""
    if not family.comes_from_parents(check, rules.new):
        return False
    if constraints.is_new(check, rules) or (check.owner is not None and family.is_remade(check.owner, rules)):
        return not family.is_partition(check.owner, rules.new)
    return bool(family.givers(check, rules.new, rules))


def _drop(check: Check, rules: Rules) -> Iterable[Action]:
    """DROP CONSTRAINT, for the heirs too; for one that is also its own, when its parents' is gone."""
    given = family.givers(check, rules.old, rules)
    if given and family.comes_from_parents(check, rules.old):
        return
    heirs = [heir for heir in family.takers(check, rules.old, rules) if family.comes_from_parents(heir, rules.old)]
    for action in constraints.drop(check, rules):
        yield replace(action, along=family.idents(heirs), follows=family.idents(given))


def _inherited(_old: Check, new: Check, rules: Rules) -> Verdict:
    """Whether it is inherited follows from what is done to its table, or the table is written anew."""
    return REBUILD_OWNER if new.owner is not None and family.is_remade(new.owner, rules) else IGNORE


def _create(check: Check, rules: Rules) -> Iterable[Action]:
    if _is_brought(check, rules):
        if check.validated and any(not one.validated for one in family.givers(check, rules.new, rules)):
            yield constraints.validation(check.name, check, rules, questions.refused(check, rules))
        if check.comment is not None:
            yield comment(constraints.on_constraint(check), check.comment)
        return
    later = constraints.is_checked_later(check, rules)
    scans = check.enforced and check.validated and not later
    heirs = family.takers(check, rules.new, rules)
    stay = [] if check.no_inherit else attached.stay_below(check.owner, rules)
    at_all = not stay or any(Ident(Check.kind, check.name, heir) not in rules.old for heir in stay)
    looks = scans and at_all and _has_rows(check, heirs, rules)
    clause = sql(
        "CHECK ({expression}){inherit}{checking}",
        expression=raw(check.expression),
        inherit=sql(" NO INHERIT") if check.no_inherit else Sql(()),
        checking=constraints.checking(check, rules),
    )
    yield from constraints.add(
        check,
        clause,
        rules,
        hazards=frozenset({Hazard.BLOCKS_READS, Hazard.MAY_FAIL} if looks else {Hazard.BRIEF_LOCK}),
        reaches=bool(stay),
        folds=scans or not check.enforced,
        later=later,
        asked=questions.refused(check, rules) if looks or later else (),
        along=family.idents(heir for heir in heirs if family.comes_from_parents(heir, rules.new)),
        after=family.idents(_made_before(check, rules)),
    )


def _has_rows(check: Check, heirs: Iterable[Check], rules: Rules) -> bool:
    """Whether rows are held against it here: a foreign table's are not, but those of tables that inherit from it."""
    of = [one.owner for one in (check, *heirs) if one.owner is not None and one.owner.kind != ForeignTable.kind]
    return bool(of) and family.reaches_rows(of[0], rules)


def _made_before(check: Check, rules: Rules) -> Iterable[Check]:
    """Those of heirs that have it of their own: what is passed on to them is merged with these."""
    if check.owner is None or check.no_inherit:
        return
    for heir in family.tree(check.owner, rules.new)[1:]:
        found = rules.new.get(Ident(Check.kind, check.name, heir))
        holds_on = bool(family.holding(heir, rules)) or family.maker(check.owner, rules) is not None
        if isinstance(found, Check) and holds_on and not _is_brought(found, rules):
            yield found


def _validated(old: Check, new: Check, rules: Rules) -> Answer:
    return constraints.validate(old, new, rules) if new.validated else REPLACE


def _ties(check: Check, rules: Rules) -> Iterable[Ident]:
    """The same check of the parents' and heirs', which is dropped and made with it: they may differ in whether it is
    validated.
    """
    above = family.givers(check, rules.old, rules) if family.comes_from_parents(check, rules.old) else []
    below = [heir for heir in family.takers(check, rules.old, rules) if family.comes_from_parents(heir, rules.old)]
    return family.idents((*above, *below))


CELL: Final = Cell(
    struct=Check,
    weight=54,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=_drop,
    on=constraints.on_constraint,
    rename=constraints.rename,
    alter={
        "expression": REPLACE,
        "no_inherit": REPLACE,
        "inherited": _inherited,
        "enforced": REPLACE,
        "validated": _validated,
        "comment": constraints.alter_comment,
    },
    ties=_ties,
    claims=constraints.claims,
)
