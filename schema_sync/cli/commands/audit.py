"""`schema-sync audit`: where the fleet has drifted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from schema_sync.cli.app import Command
from schema_sync.cli.invocation import invocation
from schema_sync.cli.selection import tenant_options

if TYPE_CHECKING:
    from schema_sync.cli.reports import FleetReport
    from schema_sync.engine import Engine


@click.command(
    cls=Command,
    formats=("text", "json", "markdown"),
    examples="""
    schema-sync audit
    schema-sync audit v2 --format markdown > drift.md
    """,
)
@click.argument("rev", metavar="[REV]", required=False)
@tenant_options
@click.option("--record", is_flag=True, help="Record in the store what tenants are like now.")
@click.pass_context
def command(ctx: click.Context, rev: str | None, names: tuple[str, ...], everyone: bool, record: bool) -> int:
    """Report drift, grouped by state; change nothing.

    Tenants in one state make one group, with what it differs by from REV, or else from what is expected of them: the
    version that was last applied to them, or where none was, their database's release. Only reads, and waits only
    briefly for anyone; with -v it shows every field that differs. Ends like check.
    """
    from schema_sync.cli.commands.check import fleet_report
    from schema_sync.cli.render.fleet import fleet_markdown, fleet_text

    here = invocation(ctx)

    async def work(engine: Engine) -> tuple[FleetReport, int]:
        return await fleet_report(here, engine, rev, names, everyone=everyone, record=record)

    report, code = here.run(work)
    here.show(report, text=lambda made: fleet_text(made, whole=bool(here.settings.verbose)), markdown=fleet_markdown)
    return code
