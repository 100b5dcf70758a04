"""`schema-sync doctor`: whether everything that is needed is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from schema_sync.cli.app import Command
from schema_sync.cli.invocation import invocation
from schema_sync.cli.selection import NOBODY
from schema_sync.errors import SchemaSyncError

if TYPE_CHECKING:
    from collections.abc import Set

    from schema_sync.cli.reports import NotesReport
    from schema_sync.engine import Engine
    from schema_sync.model.report import Diagnostic


@click.command(cls=Command, examples="schema-sync doctor")
@click.pass_context
def command(ctx: click.Context) -> int:
    """Check configuration, servers, privileges and leftovers.

    Looks at each configured database and at the store, counts the tenants that are found, and says what would be in
    the way of a run. Ends with 6 where something would.
    """
    from schema_sync.cli.commands.verify import notes_report
    from schema_sync.cli.render.versions import notes_text

    async def work(engine: Engine) -> NotesReport:
        found = await engine.diagnose()
        return notes_report("doctor", [*found, *await _tenants(engine, {each.message for each in found})])

    here = invocation(ctx)
    report = here.run(work)
    here.show(report, text=notes_text)
    return 0 if report.ok else 6


async def _tenants(engine: Engine, said: Set[str]) -> list[Diagnostic]:
    """How many tenants each database is found to have; why they cannot be listed, unless that was `said` before."""
    from schema_sync.cli.render.paint import count
    from schema_sync.model.report import Diagnostic

    try:
        found = await engine.discover()
    except SchemaSyncError as error:
        return [Diagnostic(code="error", object="tenants", message=error.message)] if error.message not in said else []
    notes = []
    for name in engine.adapters:
        number = sum(tenant.database == name for tenant in found.tenants)
        lost = found.unreachable.get(name)
        if lost is None and number:
            notes.append(Diagnostic(code="ok", object=name, message=f"{count(number, 'tenant')} found"))
        elif lost is None:
            notes.append(Diagnostic(code="warning", object=name, message=NOBODY))
        elif lost.message not in said:
            notes.append(Diagnostic(code="error", object=name, message=lost.message))
    return notes
