"""`schema-sync snapshot`: what tenants are like now, recorded, and one of them made a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from schema_sync.cli.app import Command
from schema_sync.cli.boundary import worst
from schema_sync.cli.invocation import Invocation, invocation
from schema_sync.errors import SchemaSyncError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schema_sync.cli.reports import SnapshotItem, SnapshotReport
    from schema_sync.engine import Commit, Engine
    from schema_sync.engine.groups import Discovery
    from schema_sync.model.report import TenantContext
    from schema_sync.model.snapshot import Snapshot


@click.command(
    cls=Command,
    examples="""
    schema-sync snapshot acme --tag v1 -m "first version"
    schema-sync snapshot --all
    """,
)
@click.argument("names", metavar="[TENANT]...", nargs=-1)
@click.option("--all", "everyone", is_flag=True, help="All tenants of the fleet.")
@click.option("-m", "--message", metavar="MSG", help="The version's message.")
@click.option("--branch", metavar="BRANCH", help="Commit the schema as a version on this branch.")
@click.option("--tag", metavar="TAG", help="Commit it, on the configured branch, and name the version.")
@click.option(
    "--rename",
    "renames",
    metavar="OLD=NEW",
    multiple=True,
    help="An object of the last version has a new name: tables/users/columns/mail=email.",
)
@click.pass_context
def command(
    ctx: click.Context,
    names: tuple[str, ...],
    everyone: bool,
    message: str | None,
    branch: str | None,
    tag: str | None,
    renames: tuple[str, ...],
) -> int:
    """Capture live schemas; commit one as a version.

    What was seen of each tenant is recorded in any case. With --branch or --tag the schema becomes a version;
    several tenants can make one only if they are equal. Where the branch has this very schema already, nothing is
    committed, and the tag names what is there.

    PostgreSQL knows by itself what was renamed in a tenant that is captured again; elsewhere --rename tells, and
    a plan then renames where it would drop and add.
    """
    from schema_sync.cli.render.versions import snapshot_text

    if message is not None and branch is None and tag is None:
        raise UsageError("a message was given, and no version is made", hint="say --branch BRANCH or --tag TAG")
    if renames and branch is None and tag is None:
        raise UsageError("a rename was given, and no version is made", hint="say --branch BRANCH or --tag TAG")
    if not names and not everyone:
        raise UsageError("no tenants were named", hint="name some, or give --all for all")
    here = invocation(ctx)
    makes = branch is not None or tag is not None

    async def work(engine: Engine) -> tuple[SnapshotReport, int]:
        from schema_sync.cli.selection import chosen

        found = await chosen(here, engine, names, everyone=everyone, default=False)
        seen, failures = await _capture(here, engine, found.tenants)
        report, code = _describe(seen, failures, found)
        made = None
        try:
            if makes and not code:
                by_name = {tenant.id: snapshot for tenant, snapshot in seen.items()}
                made = await engine.commit(by_name, branch=branch, message=message, tag=tag, renames=renames)
                report = await _with_version(engine, report, made)
        finally:
            await engine.record(seen, made.version if made is not None else None)
        return report, code

    report, code = here.run(work)
    here.show(report, text=snapshot_text)
    if makes and code:
        here.hint("no version was made, since not every tenant could be read")
    elif not makes and any(each.fingerprint is not None for each in report.tenants):
        here.hint("recorded only: --tag or --branch makes it a version")
    return code


async def _capture(
    here: Invocation, engine: Engine, tenants: Sequence[TenantContext]
) -> tuple[dict[TenantContext, Snapshot], dict[TenantContext, SchemaSyncError]]:
    seen: dict[TenantContext, Snapshot] = {}
    failures: dict[TenantContext, SchemaSyncError] = {}
    with here.progress("reading tenants", len(tenants)) as advance:
        async for tenant, found in engine.snapshots(tenants):
            if isinstance(found, SchemaSyncError):
                failures[tenant] = found
            else:
                seen[tenant] = found
            advance()
    return seen, failures


def _describe(
    seen: dict[TenantContext, Snapshot], failures: dict[TenantContext, SchemaSyncError], found: Discovery
) -> tuple[SnapshotReport, int]:
    from schema_sync.cli import describe
    from schema_sync.cli.reports import SnapshotItem, SnapshotReport

    items: list[SnapshotItem] = [_item(tenant, snapshot) for tenant, snapshot in seen.items()]
    items += [
        SnapshotItem(tenant=tenant.id, fingerprint=None, error=error.message, hint=error.hint)
        for tenant, error in failures.items()
    ]
    items.sort(key=lambda item: item.tenant)
    code = worst(error.exit_code for error in [*failures.values(), *found.unreachable.values()])
    unreachable = describe.unreachable(found)
    return SnapshotReport(command="snapshot", tenants=tuple(items), unreachable=unreachable), code


def _item(tenant: TenantContext, snapshot: Snapshot) -> SnapshotItem:
    from schema_sync.cli import describe
    from schema_sync.cli.reports import SnapshotItem

    return SnapshotItem(
        tenant=tenant.id,
        fingerprint=snapshot.fingerprint,
        objects=len(snapshot),
        ignored=len(snapshot.ignored),
        diagnostics=describe.notes(snapshot.diagnostics),
    )


async def _with_version(engine: Engine, report: SnapshotReport, made: Commit) -> SnapshotReport:
    from msgspec.structs import replace

    from schema_sync.cli import describe

    version = describe.version(made.version, await engine.store.refs())
    renames = {old.text: new.text for old, new in made.renames.items()}
    return replace(report, version=version, created=made.created, tag=made.tag, renames=renames)
