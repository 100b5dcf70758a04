"""`schema-sync check`: the gate in a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from schema_sync import __version__
from schema_sync.cli.app import Command
from schema_sync.cli.boundary import worst
from schema_sync.cli.invocation import Invocation, invocation
from schema_sync.cli.selection import chosen, tenant_options

if TYPE_CHECKING:
    from schema_sync.cli.reports import FleetReport
    from schema_sync.engine import Engine


@click.command(
    cls=Command,
    formats=("text", "json", "junit", "sarif", "github", "markdown"),
    examples="""
    schema-sync check
    schema-sync check v2 --strict
    schema-sync check v2 --format junit > schema-sync.xml
    schema-sync check --format github
    """,
)
@click.argument("rev", metavar="[REV]", required=False)
@tenant_options
@click.option("--strict", is_flag=True, help="Fail too where a tenant holds what schema-sync does not model.")
@click.pass_context
def command(ctx: click.Context, rev: str | None, names: tuple[str, ...], everyone: bool, strict: bool) -> int:
    """Fail when a tenant is not at its version.

    Holds each tenant against REV; or else against the version that was last applied to it, or where none was, its
    database's release. Ends with 1 and a list where one differs, with 6 where one is busy or cannot be reached: such
    a tenant is never counted as in step.
    """
    from schema_sync.cli.render.fleet import fleet_markdown, fleet_text
    from schema_sync.cli.render.gates import github, junit, sarif

    here = invocation(ctx)

    async def work(engine: Engine) -> tuple[FleetReport, int]:
        return await fleet_report(here, engine, rev, names, everyone=everyone, strict=strict)

    report, code = here.run(work)
    here.show(
        report,
        text=lambda made: fleet_text(made, whole=bool(here.settings.verbose)),
        markdown=fleet_markdown,
        junit=junit,
        github=github,
        sarif=lambda made: sarif(made, __version__),
    )
    return code


async def fleet_report(
    here: Invocation,
    engine: Engine,
    rev: str | None,
    names: tuple[str, ...],
    *,
    everyone: bool,
    strict: bool = False,
    record: bool = False,
) -> tuple[FleetReport, int]:
    """Tenants held against their target, by state; and the exit code of that."""
    from schema_sync.cli import describe
    from schema_sync.cli.reports import FleetReport

    found = await chosen(here, engine, names, everyone=everyone, default=True)
    groups, capture = await engine.compare(rev, found.tenants)
    if record:
        await engine.record(capture.snapshots)
    items = (*(describe.group(each) for each in groups), *describe.unread(capture))
    report = FleetReport(
        command=here.name,
        target=describe.common_target(each.target for each in groups),
        in_sync=sum(len(each.tenants) for each in items if each.status == "in_sync"),
        differs=sum(len(each.tenants) for each in items if each.status == "differs"),
        unread=sum(len(each.tenants) for each in items if each.status not in ("in_sync", "differs")),
        groups=items,
        unreachable=describe.unreachable(found),
    )
    codes = [1 for each in groups if not each.in_step or (strict and each.snapshot.unmodelled)]
    codes += [each.error.exit_code for each in groups if each.error is not None]
    # A tenant that is busy was not read, so it is not known to be in step: 6, whatever an apply would call it.
    codes += [3 if item.status == "refused" else 6 for item in items if item.fingerprint is None]
    codes += [error.exit_code for error in found.unreachable.values()]
    return report, worst(codes)
