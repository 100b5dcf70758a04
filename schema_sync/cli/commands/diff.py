"""`schema-sync diff`: what changed between two revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from schema_sync.cli.app import Command
from schema_sync.cli.invocation import Invocation, invocation, needs_databases
from schema_sync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schema_sync.cli.reports import DiffReport
    from schema_sync.engine import Engine
    from schema_sync.engine.groups import Target
    from schema_sync.model.change import Diff
    from schema_sync.model.plan import Plan
    from schema_sync.model.snapshot import Snapshot
    from schema_sync.protocols import Version


@click.command(
    cls=Command,
    formats=("text", "json", "sql", "markdown"),
    examples="""
    schema-sync diff v1 v2
    schema-sync diff v2 live:acme --exit-code
    schema-sync diff v1 v2 tables/invoices --format json
    schema-sync diff empty v1 --format sql
    """,
)
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.argument("objects", metavar="[OBJECT]...", nargs=-1)
@click.option("--exit-code", is_flag=True, help="End with 1 where something differs.")
@click.pass_context
def command(ctx: click.Context, old: str, new: str, objects: tuple[str, ...], exit_code: bool) -> int:
    """Show what changed between two revisions.

    By object and field, from A to B. With OBJECTs, as in tables/invoices, only those and what belongs to them. The
    sql format is the plan from A to B.
    """
    here = invocation(ctx)
    if here.settings.format == "sql":
        return _show_sql(here, old, new, objects, exit_code)
    from schema_sync.cli.render.changes import diff_markdown, diff_text

    async def work(engine: Engine) -> DiffReport:
        from schema_sync.cli import describe
        from schema_sync.cli.reports import DiffReport

        before, after = [await engine.revisions.identify(rev) for rev in (old, new)]
        sides = {old: before, new: after}
        await _check_objects(engine, sides, [each for each in objects if not _is_path(each)])
        found = await engine.diff(_side(old, before), _side(new, after), objects)
        await _check_objects(engine, sides, [each for each in objects if not _touched(found, each)])
        return DiffReport(
            command="diff",
            source=describe.revision(old, before),
            target=describe.revision(new, after),
            changes=describe.changes(found),
        )

    report = here.run(work, databases=needs_databases((old, new)))
    here.show(report, text=diff_text, markdown=diff_markdown)
    return int(exit_code and bool(report.changes))


def _side(rev: str, found: Target | Version) -> str | Snapshot:
    """What is compared: of two versions only what differs is read; anything else was read already, and only once."""
    from schema_sync.engine.groups import Target

    return found.snapshot if isinstance(found, Target) else rev


def _is_path(ident: str) -> bool:
    """Whether this is written as kinds and names by turns; a slash in a name is escaped."""
    return ident.count("/") % 2 == 1


def _touched(found: Diff, ident: str) -> bool:
    return any(_within(change.ident.text, ident) for change in found)


def _within(text: str, ident: str) -> bool:
    return text == ident or text.startswith(f"{ident}/")


async def _check_objects(engine: Engine, sides: dict[str, Target | Version], unchanged: Sequence[str]) -> None:
    """Refuse a name that is in neither revision, which would read as an object that is the same in both.

    The schemas are read whole only where an object did not change, for a diff of versions reads what differs.

    Raises:
        UnknownObject: one of them is not there.
    """
    if not unchanged:
        return
    from schema_sync.cli.commands.show import unknown_object
    from schema_sync.engine.groups import Target

    snapshots = {
        rev: found.snapshot if isinstance(found, Target) else (await engine.revisions.target(rev)).snapshot
        for rev, found in sides.items()
    }
    known = [obj.ident.text for snapshot in snapshots.values() for obj in snapshot]
    for ident in unchanged:
        if not _is_path(ident) or not any(_within(text, ident) for text in known):
            raise unknown_object(ident, snapshots)


def _show_sql(here: Invocation, old: str, new: str, objects: tuple[str, ...], exit_code: bool) -> int:
    from schema_sync.cli import describe
    from schema_sync.cli.render.plans import statements_sql

    if objects:
        raise UsageError("a plan is made for whole schemas, and objects were named", hint="leave out the objects")

    async def work(engine: Engine) -> Plan:
        return await engine.plan_between(old, new)

    plan = here.run(work, databases=needs_databases((old, new)))
    here.write("\n".join(statements_sql(describe.statements(plan), here.clean_sql)))
    return int(exit_code and not plan.is_empty)
