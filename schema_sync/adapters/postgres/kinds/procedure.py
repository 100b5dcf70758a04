"""Procedures (manual: CREATE PROCEDURE; catalog pg_proc)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _routine
from schema_sync.adapters.postgres.objects import Procedure
from schema_sync.adapters.postgres.rules import comment, commenting, dropping
from schema_sync.adapters.sql import Sql, join, raw, sql
from schema_sync.model.plan import Hazard

_QUERY: Final = _routine.SELECT + "   AND p.prokind = 'p'\n ORDER BY ns.oid, p.proname, p.oid\n"


def _read(row: Row, reader: Reader) -> Procedure:
    ident, arguments = _routine.arguments(row, reader, "procedure")
    return Procedure(**_routine.common(row, ident, reader), arguments=arguments)


def _definition(head: Sql, procedure: Procedure) -> Sql:
    clauses = [*_routine.language(procedure)]
    if procedure.security_definer:
        clauses.append(raw("SECURITY DEFINER"))
    clauses += _routine.settings(procedure)
    return sql(
        "{head} {procedure}\n{clauses}\n{body}",
        head=head,
        procedure=_routine.declared(procedure),
        clauses=join(" ", clauses),
        body=_routine.body(procedure),
    )


def _create(procedure: Procedure, rules: Rules) -> Iterable[Action]:
    yield Action(_definition(raw("CREATE PROCEDURE"), procedure), prefers=_routine.called_in_body(procedure, rules))
    if procedure.comment is not None:
        yield comment(_on(procedure), procedure.comment)


def _alter(old: Procedure, new: Procedure, rules: Rules) -> Answer:
    """All but the comment, which CREATE OR REPLACE keeps."""
    if not _routine.replaceable(old, new):
        return REPLACE
    widens = new.security_definer and not old.security_definer
    return [
        Action(
            _definition(raw("CREATE OR REPLACE PROCEDURE"), new),
            prefers=_routine.called_in_body(new, rules),
            hazards=frozenset({Hazard.WIDENS_ACCESS}) if widens else frozenset(),
        )
    ]


def _on(procedure: Procedure) -> Sql:
    return sql("PROCEDURE {procedure}", procedure=_routine.address(procedure))


def _rename(old: Procedure, new: Procedure, _rules: Rules) -> Iterable[Action]:
    yield Action(sql("ALTER {on} RENAME TO {name}", on=_on(old), name=_routine.bare(new)))


CELL: Final = Cell(
    struct=Procedure,
    weight=41,
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
    },
    claims=lambda procedure: [("routine", procedure.name)],
)
