"""`schema-sync branch`: lines of versions."""

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
    schema-sync branch
    schema-sync branch experiment v1.2
    """,
)
@click.argument("name", metavar="[NAME]", required=False)
@click.argument("rev", metavar="[REV]", required=False)
@click.pass_context
def command(ctx: click.Context, name: str | None, rev: str | None) -> None:
    """List branches, or make one.

    A new branch begins at a revision, or else at the tip of the configured branch.
    """
    from schema_sync.cli.render.versions import refs_text

    async def work(engine: Engine) -> RefsReport:
        if name is not None:
            await engine.store.branch(name, await engine.resolve(rev or engine.config.store.branch))
        return await refs_below(engine, "branch", "refs/heads/", name)

    here = invocation(ctx)
    here.show(here.run(work, databases=False), text=refs_text)


async def refs_below(engine: Engine, command: str, prefix: str, name: str | None) -> RefsReport:
    """The references below a prefix, or the one of that name."""
    from schema_sync.cli.reports import RefsReport

    refs = {
        ref.removeprefix(prefix): commit
        for ref, commit in (await engine.store.refs()).items()
        if ref.startswith(prefix)
    }
    return RefsReport(command=command, refs=refs if name is None else {name: refs[name]})
