"""`schema-sync tenants`: who is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from schema_sync.cli.app import Command
from schema_sync.cli.boundary import worst
from schema_sync.cli.invocation import invocation
from schema_sync.cli.selection import NOBODY

if TYPE_CHECKING:
    from schema_sync.cli.reports import TenantsReport
    from schema_sync.engine import Engine
    from schema_sync.protocols import Base


@click.command(
    cls=Command,
    examples="""
    schema-sync tenants
    schema-sync tenants --format json | jq -r '.tenants[].tenant'
    """,
)
@click.pass_context
def command(ctx: click.Context) -> int:
    """List the tenants that are found.

    Asks the databases which tenants there are, and the store what was last recorded of each. Ends with 6 where a
    database cannot be reached; those of the others are listed.
    """
    from schema_sync.cli.render.fleet import tenants_text

    here = invocation(ctx)
    report, code = here.run(_report)
    here.show(report, text=tenants_text)
    if not report.tenants and not report.unreachable:
        here.hint(NOBODY)
    return code


async def _report(engine: Engine) -> tuple[TenantsReport, int]:
    from schema_sync.cli import describe
    from schema_sync.cli.reports import TenantItem, TenantsReport

    found = await engine.discover()
    fleet, refs = await engine.store.fleet(), await engine.store.refs()
    items = []
    for tenant in found.tenants:
        entry = fleet.get(tenant.id)
        items.append(
            TenantItem(
                tenant=tenant.id,
                database=tenant.database,
                name=tenant.name,
                observed=entry.observed if entry else None,
                version=version_name(entry.base if entry else None, refs),
            )
        )
    code = worst(error.exit_code for error in found.unreachable.values())
    return TenantsReport(command="tenants", tenants=tuple(items), unreachable=describe.unreachable(found)), code


def version_name(base: Base | None, refs: Mapping[str, str]) -> str | None:
    """What people call the version that was last applied: a tag, else the beginning of its id."""
    if base is None:
        return None
    prefix = "refs/tags/"
    tags = [name.removeprefix(prefix) for name, commit in refs.items() if commit == base.commit]
    return next((name for name in tags if not name.startswith("refs/")), base.commit[:10])
