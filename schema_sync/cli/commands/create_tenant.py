"""`schema-sync create-tenant`: a new tenant at a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from schema_sync.cli.app import Command
from schema_sync.cli.invocation import invocation
from schema_sync.cli.selection import create_extensions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schema_sync.cli.reports import ApplyReport
    from schema_sync.engine import Engine
    from schema_sync.model.plan import Statement


@click.command(
    cls=Command,
    examples="""
    schema-sync create-tenant initech --at v2
    schema-sync create-tenant eu1/initech --at v2
    schema-sync create-tenant eu2/initech --at v2 --furnish
    """,
)
@click.argument("name")
@click.option("--at", "rev", metavar="REV", required=True, help="The version it begins at.")
@create_extensions
@click.option("--furnish", "furnishes", is_flag=True, help="Create what the version needs of shared schemas, too.")
@click.pass_context
def command(ctx: click.Context, name: str, rev: str, installs: bool, furnishes: bool) -> int:
    """Make a new tenant at a version.

    With several databases the name says in which one: eu1/initech. A tenant that is there already is refused, and so
    is a database that lacks what the version needs outside of its tenants. With --furnish an empty database is given
    that: extensions and objects of shared schemas that are missing. What is there is never changed.
    """
    from schema_sync.cli.render.plans import apply_text

    here = invocation(ctx)

    def announce(statements: Sequence[Statement]) -> None:
        from schema_sync.cli.escape import block
        from schema_sync.cli.render.plans import terminated

        here.say("first, outside of the tenant:")
        for each in statements:
            here.say(block(terminated(each.sql)))

    async def work(engine: Engine) -> ApplyReport:
        from schema_sync.cli import describe
        from schema_sync.cli.escape import terminal
        from schema_sync.cli.reports import ApplyReport
        from schema_sync.engine.versions import new_run

        run = new_run()
        target = await engine.revisions.target(rev)
        result = await engine.create_tenant(
            name, target, installs=installs, furnishes=furnishes, announce=announce, run=run
        )
        for note in result.notices:
            here.say(f"{terminal(note.code)}: {terminal(note.message)}")
        if result.tenant not in (await engine.discover()).tenants:
            here.hint(f"the configuration does not select {terminal(result.tenant.id)}: add it to `tenants = …`")
        return ApplyReport(
            command="create-tenant",
            run=run,
            target=describe.target(target),
            executed=True,
            tenants=(describe.result(result),),
        )

    here.show(here.run(work), text=apply_text)
    return 0
