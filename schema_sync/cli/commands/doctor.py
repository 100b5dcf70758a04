"""`schema-sync doctor`: whether everything that is needed is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from schema_sync.cli.app import Command
from schema_sync.cli.invocation import invocation

if TYPE_CHECKING:
    from schema_sync.cli.reports import NotesReport
    from schema_sync.engine import Engine


@click.command(cls=Command, examples="schema-sync doctor")
@click.pass_context
def command(ctx: click.Context) -> int:
    """Check configuration, servers, privileges and leftovers.

    Looks at each configured database and at the store, and says what would be in the way of a run. Ends with 6 where
    something would.
    """
    from schema_sync.cli.commands.verify import notes_report
    from schema_sync.cli.render.versions import notes_text

    async def work(engine: Engine) -> NotesReport:
        return notes_report("doctor", await engine.diagnose())

    here = invocation(ctx)
    report = here.run(work)
    here.show(report, text=notes_text)
    return 0 if report.ok else 6
