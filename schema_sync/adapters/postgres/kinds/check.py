"""CHECK constraints of tables, not of domains (manual: CREATE TABLE, CHECK; catalog pg_constraint)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import constraints
from schema_sync.adapters.postgres.objects import Check, ForeignTable
from schema_sync.adapters.sql import Sql, raw, sql
from schema_sync.model.plan import Hazard

_QUERY: Final = f"""
SELECT {constraints.ADDRESS}, {constraints.COMMON},
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN pg_get_expr(c.conbin, c.conrelid) END
           AS expression,
       c.connoinherit AS no_inherit,
       coalesce((to_jsonb(c) ->> 'conenforced')::boolean, true) AS enforced
{constraints.FOUND}
 WHERE c.contype = 'c'
 ORDER BY ns.oid, c.conrelid, c.conname
"""


def _read(row: Row, reader: Reader) -> Check | None:
    ident = constraints.ident(Check.kind, row, reader)
    if ident is None:
        return None
    return Check(
        ident=ident,
        expression=reader.text(row.expression, ident),
        no_inherit=row.no_inherit,
        enforced=row.enforced,
        validated=row.validated or not row.enforced,
        comment=row.comment,
    )


def _create(check: Check, rules: Rules) -> Iterable[Action]:
    later = constraints.is_checked_later(check, rules)
    scans = check.enforced and check.validated and not later
    looks = scans and check.owner is not None and check.owner.kind != ForeignTable.kind
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
        folds=scans or not check.enforced,
        later=later,
    )


def _validated(old: Check, new: Check, rules: Rules) -> Answer:
    return constraints.validate(old, new, rules) if new.validated else REPLACE


CELL: Final = Cell(
    struct=Check,
    weight=54,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=constraints.drop,
    on=constraints.on_constraint,
    rename=constraints.rename,
    alter={
        "expression": REPLACE,
        "no_inherit": REPLACE,
        "enforced": REPLACE,
        "validated": _validated,
        "comment": constraints.alter_comment,
    },
    claims=constraints.claims,
)
