"""`schema-sync tag`: names of versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from schema_sync.cli.app import Command
from schema_sync.cli.invocation import invocation

if TYPE_CHECKING:
    from schema_sync.cli.reports import RefsReport
    from schema_sync.engine import Engine


@click.command(
    cls=Command,
    examples="""
    schema-sync tag
    schema-sync tag v1.3 main -m "invoices have a due date"
    """,
)
@click.argument("name", metavar="[NAME]", required=False)
@click.argument("rev", metavar="[REV]", required=False)
@click.option("-m", "--message", metavar="MSG", help="The tag's message.")
@click.pass_context
def command(ctx: click.Context, name: str | None, rev: str | None, message: str | None) -> None:
    """List tags, or name a version.

    A tag is annotated, and never moved: one that is there already and names another version is refused.
    """
    from schema_sync.cli.commands.branch import refs_below
    from schema_sync.cli.render.versions import refs_text

    async def work(engine: Engine) -> RefsReport:
        if name is not None:
            version = await engine.resolve(rev or engine.config.store.branch)
            await engine.store.tag(name, version, message or name)
        return await refs_below(engine, "tag", "refs/tags/", name)

    here = invocation(ctx)
    here.show(here.run(work, databases=False), text=refs_text)
