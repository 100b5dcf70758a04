"""Aggregates (manual: CREATE AGGREGATE; catalogs pg_aggregate, pg_proc).

CREATE OR REPLACE AGGREGATE keeps what depends on an aggregate. It is refused where the result, the form, the number of
direct arguments or the name of an argument changes: then the aggregate is replaced, with all that depends on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _referred, _routine
from schema_sync.adapters.postgres.objects import Aggregate, Argument, FinalFunction, Moving
from schema_sync.adapters.postgres.rules import comment, commenting, dropping
from schema_sync.adapters.sql import Literal, Name, Sql, join, raw, sql
from schema_sync.model.ident import Ident

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, p.oid AS objid, 0 AS objsubid, p.proname AS name, p.proparallel AS parallel,
       g.aggkind AS form, g.aggnumdirectargs::integer AS direct, {_routine.ARGUMENTS} AS arguments,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL
            THEN pg_get_function_result(p.oid) END AS returns,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL
            THEN format_type(g.aggtranstype, NULL) END AS state,
       CASE WHEN g.aggmtranstype <> 0 AND set_config('search_path', ns.sp, true) IS NOT NULL
            THEN format_type(g.aggmtranstype, NULL) END AS moving_state,
       {_referred.FUNCTION} g.aggtransfn) AS transition, {_referred.FUNCTION} g.aggfinalfn) AS final,
       {_referred.FUNCTION} g.aggcombinefn) AS combine, {_referred.FUNCTION} g.aggserialfn) AS serialize,
       {_referred.FUNCTION} g.aggdeserialfn) AS deserialize, {_referred.FUNCTION} g.aggmtransfn) AS moving_transition,
       {_referred.FUNCTION} g.aggminvtransfn) AS inverse, {_referred.FUNCTION} g.aggmfinalfn) AS moving_final,
       {_referred.OPERATOR} g.aggsortop) AS sort_operator,
       g.aggfinalextra AS extra, g.aggfinalmodify AS modify, g.aggtransspace AS space, g.agginitval AS initial,
       g.aggmfinalextra AS moving_extra, g.aggmfinalmodify AS moving_modify, g.aggmtransspace AS moving_space,
       g.aggminitval AS moving_initial, e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_proc'::regclass AND d.deptype = 'n'
  JOIN pg_proc p ON p.oid = d.objid
  JOIN pg_aggregate g ON g.aggfnoid = p.oid
  LEFT JOIN pg_description e ON e.objoid = p.oid AND e.classoid = d.classid AND e.objsubid = 0
 WHERE NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = d.classid AND x.objid = d.objid AND x.deptype = 'e')
 ORDER BY ns.oid, p.proname, p.oid
"""

_FORMS: Final = {"n": "normal", "o": "ordered_set", "h": "hypothetical"}
_MODIFY: Final = {"r": "read_only", "s": "shareable", "w": "read_write"}
_PARALLEL: Final = {"s": "safe", "r": "restricted", "u": "unsafe"}


def _read(row: Row, reader: Reader) -> Aggregate:
    ident, arguments = _routine.arguments(row, reader, "aggregate")
    return Aggregate(
        ident=ident,
        form=_FORMS[row.form],
        arguments=arguments,
        direct=row.direct,
        returns=reader.text(row.returns, ident),
        transition=row.transition,
        state=reader.text(row.state, ident),
        space=row.space,
        final=_final(row.final, row.extra, row.modify),
        combine=row.combine,
        serialize=row.serialize,
        deserialize=row.deserialize,
        initial=None if row.initial is None else reader.literal(row.initial, ident),
        moving=_moving(row, ident, reader),
        sort_operator=row.sort_operator,
        parallel=_PARALLEL[row.parallel],
        comment=row.comment,
    )


def _final(function: str | None, extra: bool, modify: str) -> FinalFunction | None:
    return None if function is None else FinalFunction(function=function, extra=extra, modify=_MODIFY[modify])


def _moving(row: Row, ident: Ident, reader: Reader) -> Moving | None:
    if row.moving_transition is None:
        return None
    return Moving(
        transition=row.moving_transition,
        inverse=row.inverse,
        state=reader.text(row.moving_state, ident),
        space=row.moving_space,
        final=_final(row.moving_final, row.moving_extra, row.moving_modify),
        initial=None if row.moving_initial is None else reader.literal(row.moving_initial, ident),
    )


def _signature(aggregate: Aggregate, *, names: bool) -> Sql:
    """The arguments in parentheses, with names only where CREATE sets them."""
    if not aggregate.arguments:
        return raw("(*)")
    parts = [_argument(one, named=names) for one in aggregate.arguments]
    if aggregate.form == "normal":
        return sql("({arguments})", arguments=join(", ", parts))
    direct, ordered = parts[: aggregate.direct], parts[aggregate.direct :] or parts[-1:]
    between = raw(" " if direct else "")
    return sql(
        "({direct}{between}ORDER BY {ordered})",
        direct=join(", ", direct),
        between=between,
        ordered=join(", ", ordered),  # a variadic argument stands on both sides (manual: CREATE AGGREGATE)
    )


def _argument(one: Argument, *, named: bool) -> Sql:
    parts = [raw("VARIADIC")] if one.mode == "variadic" else []
    if named and one.name is not None:
        parts.append(sql("{name}", name=Name(one.name)))
    return join(" ", [*parts, raw(one.type)])


def _on(aggregate: Aggregate) -> Sql:
    return sql(
        "AGGREGATE {name}{signature}",
        name=_routine.own(aggregate),
        signature=_signature(aggregate, names=False),
    )


def _granted_on(aggregate: Aggregate) -> Sql:
    """GRANT knows no aggregates, but functions with all of their arguments."""
    return sql("FUNCTION {function}", function=_routine.address(aggregate))


def _definition(head: Sql, aggregate: Aggregate) -> Sql:
    return sql(
        "{head} {name}{signature} (\n  {options}\n)",
        head=head,
        name=_routine.bare(aggregate),
        signature=_signature(aggregate, names=True),
        options=join(",\n  ", _options(aggregate)),
    )


def _options(aggregate: Aggregate) -> Iterable[Sql]:
    yield from _state("", aggregate)
    for option, function in (
        ("COMBINEFUNC", aggregate.combine),
        ("SERIALFUNC", aggregate.serialize),
        ("DESERIALFUNC", aggregate.deserialize),
    ):
        if function is not None:
            yield _calls(option, function)
    if aggregate.moving is not None:
        yield _calls("MINVFUNC", aggregate.moving.inverse)
        yield from _state("M", aggregate.moving)
    if aggregate.sort_operator is not None:
        yield sql("SORTOP = {operator}", operator=_referred.operator(aggregate.sort_operator))
    if aggregate.parallel != "unsafe":
        yield raw(f"PARALLEL = {aggregate.parallel.upper()}")
    if aggregate.form == "hypothetical":
        yield raw("HYPOTHETICAL")


def _state(prefix: str, of: Aggregate | Moving) -> Iterable[Sql]:
    """The options that a moving aggregate has once more, with an M before them."""
    yield _calls(f"{prefix}SFUNC", of.transition)
    yield raw(f"{prefix}STYPE = {of.state}")
    if of.space:
        yield raw(f"{prefix}SSPACE = {of.space}")
    if of.final is not None:
        yield _calls(f"{prefix}FINALFUNC", of.final.function)
        if of.final.extra:
            yield raw(f"{prefix}FINALFUNC_EXTRA")
        yield raw(f"{prefix}FINALFUNC_MODIFY = {of.final.modify.upper()}")
    if of.initial is not None:
        yield sql("{option} = {value}", option=raw(f"{prefix}INITCOND"), value=Literal(of.initial))


def _calls(option: str, function: str) -> Sql:
    return sql("{option} = {function}", option=raw(option), function=_referred.referred(function))


def _create(aggregate: Aggregate, _rules: Rules) -> Iterable[Action]:
    yield Action(_definition(raw("CREATE AGGREGATE"), aggregate))
    if aggregate.comment is not None:
        yield comment(_on(aggregate), aggregate.comment)


def _alter(old: Aggregate, new: Aggregate, _rules: Rules) -> Answer:
    """All but the comment, which CREATE OR REPLACE keeps."""
    if (old.form, old.direct, old.returns) != (new.form, new.direct, new.returns):
        return REPLACE
    if not _routine.replaceable(old, new):
        return REPLACE
    return [Action(_definition(raw("CREATE OR REPLACE AGGREGATE"), new))]


def _rename(old: Aggregate, new: Aggregate, _rules: Rules) -> Iterable[Action]:
    yield Action(sql("ALTER {on} RENAME TO {name}", on=_on(old), name=_routine.bare(new)))


CELL: Final = Cell(
    struct=Aggregate,
    weight=42,
    query=_QUERY,
    among=frozenset({"pg_proc"}),
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    granted_on=_granted_on,
    rename=_rename,
    alter={
        "form": _alter,
        "arguments": _alter,
        "direct": _alter,
        "returns": _alter,
        "transition": _alter,
        "state": _alter,
        "space": _alter,
        "final": _alter,
        "combine": _alter,
        "serialize": _alter,
        "deserialize": _alter,
        "initial": _alter,
        "moving": _alter,
        "sort_operator": _alter,
        "parallel": _alter,
        "comment": commenting(_on),
    },
    claims=lambda aggregate: [("routine", aggregate.name)],
)
