"""Functions and window functions (manual: CREATE FUNCTION; catalog pg_proc).

CREATE OR REPLACE FUNCTION keeps what depends on a function. It is refused where the result, the name of an input or the
kind of function changes, or a default goes: then the function is replaced, with all that depends on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _referred, _routine
from schema_sync.adapters.postgres.objects import Function
from schema_sync.adapters.postgres.rules import comment, commenting, dropping
from schema_sync.adapters.sql import Sql, join, raw, sql
from schema_sync.model.plan import Hazard

_QUERY: Final = _routine.SELECT + "   AND p.prokind IN ('f', 'w')\n ORDER BY ns.oid, p.proname, p.oid\n"

_VOLATILITY: Final = {"i": "immutable", "s": "stable", "v": "volatile"}
_PARALLEL: Final = {"s": "safe", "r": "restricted", "u": "unsafe"}


def _read(row: Row, reader: Reader) -> Function:
    ident, arguments = _routine.arguments(row, reader, "function")
    usual = "1" if row.language in ("c", "internal") else "100"
    return Function(
        **_routine.common(row, ident, reader),
        arguments=arguments,
        returns=reader.text(row.returns, ident),
        window=row.is_window,
        volatility=_VOLATILITY[row.volatility],
        parallel=_PARALLEL[row.parallel],
        strict=row.strict,
        leakproof=row.leakproof,
        cost=None if row.cost == usual else row.cost,
        rows=None if row.rows == "1000" else row.rows,
        support=row.support,
    )


def _definition(head: Sql, function: Function) -> Sql:
    return sql(
        "{head} {function} RETURNS {returns}\n{clauses}\n{body}",
        head=head,
        function=_routine.declared(function),
        returns=raw(function.returns),
        clauses=join(" ", _clauses(function)),
        body=_routine.body(function),
    )


def _clauses(function: Function) -> Iterable[Sql]:
    yield from _routine.language(function)
    if function.window:
        yield raw("WINDOW")
    if function.volatility != "volatile":
        yield raw(function.volatility.upper())
    if function.parallel != "unsafe":
        yield raw(f"PARALLEL {function.parallel.upper()}")
    if function.strict:
        yield raw("STRICT")
    if function.security_definer:
        yield raw("SECURITY DEFINER")
    if function.leakproof:
        yield raw("LEAKPROOF")
    if function.cost is not None:
        yield raw(f"COST {function.cost}")
    if function.rows is not None:
        yield raw(f"ROWS {function.rows}")
    if function.support is not None:
        yield sql("SUPPORT {function}", function=_referred.referred(function.support))
    yield from _routine.settings(function)


def _create(function: Function, rules: Rules) -> Iterable[Action]:
    yield Action(_definition(raw("CREATE FUNCTION"), function), prefers=_routine.called_in_body(function, rules))
    if function.comment is not None:
        yield comment(_on(function), function.comment)


def _alter(old: Function, new: Function, rules: Rules) -> Answer:
    """All but the comment, which CREATE OR REPLACE keeps."""
    if old.returns != new.returns or old.window != new.window or not _routine.replaceable(old, new):
        return REPLACE
    widens = new.security_definer and not old.security_definer
    return [
        Action(
            _definition(raw("CREATE OR REPLACE FUNCTION"), new),
            prefers=_routine.called_in_body(new, rules),
            hazards=frozenset({Hazard.WIDENS_ACCESS}) if widens else frozenset(),
            note=_outlived(old, new, rules),
        )
    ]


def _outlived(old: Function, new: Function, rules: Rules) -> str | None:
    """Say that results are kept somewhere: no index and no stored column is computed anew."""
    if (old.body, old.sql_body) == (new.body, new.sql_body) or new.returns in ("trigger", "event_trigger"):
        return None
    users = sorted(user.text for user in rules.new.dependants.get(new.ident, ()) if user.owner is not None)
    return f"results that {', '.join(users)} keeps are those of the old body" if users else None


def _on(function: Function) -> Sql:
    return sql("FUNCTION {function}", function=_routine.address(function))


def _rename(old: Function, new: Function, _rules: Rules) -> Iterable[Action]:
    yield Action(sql("ALTER {on} RENAME TO {name}", on=_on(old), name=_routine.bare(new)))


CELL: Final = Cell(
    struct=Function,
    weight=40,
    query=_QUERY,
    among=frozenset({"pg_proc"}),
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    rename=_rename,
    alter={
        "arguments": _alter,
        "language": _alter,
        "body": _alter,
        "sql_body": _alter,
        "library": _alter,
        "security_definer": _alter,
        "settings": _alter,
        "transforms": _alter,
        "comment": commenting(_on),
        "returns": _alter,
        "window": _alter,
        "volatility": _alter,
        "parallel": _alter,
        "strict": _alter,
        "leakproof": _alter,
        "cost": _alter,
        "rows": _alter,
        "support": _alter,
    },
    claims=lambda function: [("routine", function.name)],
)
