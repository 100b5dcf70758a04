"""Plan x session -> a tenant that is where the plan promised, or as it was.

The runner knows no engine: it asks an adapter for a locked session, and commits only what it has read back. Since
convergence is computed from the state that is found, a run that died is finished by running again.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from schema_sync.diff import diff
from schema_sync.errors import FingerprintChanged, NotConverged, TenantBusy, Unmodelled
from schema_sync.model.plan import Plan, Statement
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.protocols import DatabaseAdapter, Executor, Session

Result = TypeVar("Result")

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0


class InOrder:
    """The built-in `Executor`: one statement after the other."""

    async def execute(self, session: Session, statements: Iterable[Statement]) -> None:
        """Run the statements in order; the first that fails ends it with the session's own error."""
        for statement in statements:
            await session.execute(statement)


class Runner:
    """The built-in `MigrationRunner`, for every adapter.

    `retries` counts the attempts after the first when a lock was not granted; between them it waits 0.1 s, doubled
    each time up to 5 s, with jitter, holding nothing. `ignore` are patterns of objects that are left out wherever
    snapshots are compared.
    """

    def __init__(
        self,
        adapter: DatabaseAdapter,
        *,
        retries: int = 5,
        ignore: Sequence[str] = (),
        executor: Executor | None = None,
    ) -> None:
        self.adapter = adapter
        self.retries = retries
        self.ignore = tuple(ignore)
        self.executor: Executor = executor or InOrder()

    @asynccontextmanager
    async def acquire_lock(self, tenant: TenantContext) -> AsyncIterator[Session]:
        """Lock the tenant and open a transaction in it; see `MigrationRunner.acquire_lock`."""
        async with self.adapter.acquire_lock(tenant) as session:
            yield session

    async def run(self, tenant: TenantContext, plan: Plan, target: Snapshot) -> Snapshot:
        """Bring one tenant along one plan, in one transaction; see `MigrationRunner.run`."""
        return await self._patiently(lambda: self._once(tenant, plan, target))

    async def _once(self, tenant: TenantContext, plan: Plan, target: Snapshot) -> Snapshot:
        async with self.acquire_lock(tenant) as session:
            before = (await session.inspect()).without(self.ignore)
            if before.fingerprint == plan.new:
                return before
            self._check(tenant, before, plan)
            await self.executor.execute(session, plan.statements)
            after = (await session.inspect()).without(self.ignore)
            if after.fingerprint != plan.new or after.unmodelled != target.unmodelled:
                raise _not_converged(tenant, after, target)
            await session.commit()
            return after

    def _check(self, tenant: TenantContext, before: Snapshot, plan: Plan) -> None:
        """Refuse on any other state than that which the plan was made from, before anything runs."""
        if before.fingerprint != plan.old:
            raise FingerprintChanged(
                f"{tenant.id} is no longer in the state that the plan was made from "
                f"({before.fingerprint[:10]}, not {plan.old[:10]}); nothing was run",
                hint="make a new plan",
            )
        if before.unmodelled != plan.unmodelled:
            differs = sorted(set(before.unmodelled) ^ set(plan.unmodelled))
            raise Unmodelled(
                f"{tenant.id} holds other unmodelled objects than the plan was made for: {', '.join(differs)}"
            )

    async def _patiently(self, attempt: Callable[[], Awaitable[Result]]) -> Result:
        pause = _FIRST_PAUSE
        for left in range(self.retries, -1, -1):
            try:
                return await attempt()
            except TenantBusy:
                if not left:
                    raise
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(pause * 2, _LONGEST_PAUSE)
        raise AssertionError("the last attempt returns or raises")


def _not_converged(tenant: TenantContext, after: Snapshot, target: Snapshot) -> NotConverged:
    objects = [change.ident.text for change in diff(after, target)]
    objects += sorted(set(after.unmodelled) ^ set(target.unmodelled))
    shown = ", ".join(objects[:5]) + (f" and {len(objects) - 5} more" if len(objects) > 5 else "")
    return NotConverged(
        f"after the plan {tenant.id} differed from its target in {shown or 'nothing that can be named'}; rolled back",
        objects=objects,
        hint="this is a fault of schema-sync: please report the plan with both schemas",
    )
