"""What can be known of a run before the first tenant is touched: whose rows do not allow it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from schema_sync.engine.groups import Group
from schema_sync.errors import Refused, SchemaSyncError, TenantBusy, TenantFailed, UnknownTenant, Unreachable
from schema_sync.model.report import TenantContext
from schema_sync.protocols import DatabaseAdapter


async def ask_rows(
    adapters: Mapping[str, DatabaseAdapter], groups: Sequence[Group], jobs: int
) -> dict[TenantContext, SchemaSyncError]:
    """The tenants of groups with a plan that would fail on their rows, and why; `jobs` are asked at once.

    Reads rows, and changes nothing. A tenant that cannot be asked is not among them: the run will tell.
    """
    at_once = asyncio.Semaphore(jobs)
    found: dict[TenantContext, SchemaSyncError] = {}

    async def one(group: Group, tenant: TenantContext) -> None:
        assert group.plan is not None
        async with at_once:
            try:
                findings = await adapters[tenant.database].probe(tenant, group.plan.probes)
            except (Refused, TenantBusy, UnknownTenant, Unreachable):
                return
            except SchemaSyncError as error:
                found[tenant] = error  # of one tenant's: it ends neither the questions to the others nor the run
                return
        if findings:
            found[tenant] = TenantFailed(
                f"{tenant.id}: its rows do not allow the plan: {'; '.join(findings)}",
                hint="nothing was run: bring its rows in order, or leave it out",
            )

    async with asyncio.TaskGroup() as tasks:
        for group in groups:
            if group.plan is not None and group.plan.probes:
                for tenant in group.tenants:
                    tasks.create_task(one(group, tenant))
    return found
