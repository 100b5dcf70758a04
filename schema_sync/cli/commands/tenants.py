"""`schema-sync tenants`: who is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from schema_sync.cli.app import Command
from schema_sync.cli.invocation import invocation

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
def command(ctx: click.Context) -> None:
    """List the tenants that are found.

    Asks the databases which tenants there are, and the store what was last recorded of each.
    """
    from schema_sync.cli.render.fleet import tenants_text

    here = invocation(ctx)
    here.show(here.run(_report), text=tenants_text)


async def _report(engine: Engine) -> TenantsReport:
    from schema_sync.cli.reports import TenantItem, TenantsReport

    tenants = await engine.list_tenants()
    fleet, refs = await engine.store.fleet(), await engine.store.refs()
    items = []
    for tenant in tenants:
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
    return TenantsReport(command="tenants", tenants=tuple(items))


def version_name(base: Base | None, refs: Mapping[str, str]) -> str | None:
    """What people call the version that was last applied: a tag, else the beginning of its id."""
    if base is None:
        return None
    prefix = "refs/tags/"
    tags = [name.removeprefix(prefix) for name, commit in refs.items() if commit == base.commit]
    return next((name for name in tags if not name.startswith("refs/")), base.commit[:10])
