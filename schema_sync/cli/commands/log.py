"""`schema-sync log`: the history of versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from schema_sync.cli.app import Command
from schema_sync.cli.invocation import NO_VERSION, invocation

if TYPE_CHECKING:
    from schema_sync.cli.reports import LogReport
    from schema_sync.engine import Engine


@click.command(
    cls=Command,
    examples="""
    schema-sync log
    schema-sync log v1.2 -n 5
    """,
)
@click.argument("rev", metavar="[REV]", required=False)
@click.option("-n", "--number", type=click.IntRange(min=1), help="At most so many versions.")
@click.pass_context
def command(ctx: click.Context, rev: str | None, number: int | None) -> None:
    """Show the history of versions.

    Newest first, from a revision or else from the tip of the configured branch.
    """
    from schema_sync.cli.render.versions import log_text

    here = invocation(ctx)

    async def work(engine: Engine) -> LogReport:
        from schema_sync.cli import describe
        from schema_sync.cli.reports import LogReport

        refs = await engine.store.refs()
        if rev is None and f"refs/heads/{engine.config.store.branch}" not in refs:
            here.hint(NO_VERSION)
            return LogReport(command="log")
        start = await engine.resolve(rev or engine.config.store.branch)
        found = [describe.version(each, refs) async for each in engine.store.log(start, limit=number)]
        return LogReport(command="log", versions=tuple(found))

    here.show(here.run(work, databases=False), text=log_text)
