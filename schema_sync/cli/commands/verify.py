"""`schema-sync verify`: whether the store is what it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from schema_sync.cli.app import Command
from schema_sync.cli.invocation import invocation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schema_sync.cli.reports import NotesReport
    from schema_sync.engine import Engine
    from schema_sync.model.report import Diagnostic


@click.command(
    cls=Command,
    examples="""
    schema-sync verify
    schema-sync verify v1.2
    """,
)
@click.argument("rev", metavar="[REV]", required=False)
@click.pass_context
def command(ctx: click.Context, rev: str | None) -> int:
    """Check the integrity of the store.

    Git's objects and references, and that every file is canonical and where its identity belongs: of one version, or
    of all that branches and tags reach. Ends with 6 where something is damaged.
    """
    from schema_sync.cli.render.versions import notes_text

    async def work(engine: Engine) -> NotesReport:
        return notes_report("verify", await engine.verify(rev))

    here = invocation(ctx)
    report = here.run(work, databases=False)
    here.show(report, text=notes_text)
    return 0 if report.ok else 6


def notes_report(command: str, found: Sequence[Diagnostic]) -> NotesReport:
    """What was found; all is well where nothing is worse than a warning, or than what a killed writer leaves."""
    from schema_sync.cli import describe
    from schema_sync.cli.reports import NotesReport

    ok = all(each.code in ("ok", "warning", "leftover") for each in found)
    return NotesReport(command=command, ok=ok, notes=describe.notes(found))
