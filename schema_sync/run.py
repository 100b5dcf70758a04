"""Plan x session -> a tenant that is where the plan promised, or as it was.

The runner knows no engine: it asks an adapter for a locked session, and commits only what it has read back. Since
convergence is computed from the state that is found, a run that died is finished by running again.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from schema_sync.adapters.kind import TEMPORARY
from schema_sync.diff import diff
from schema_sync.errors import (
    OUR_FAULT,
    FingerprintChanged,
    NotConverged,
    SchemaSyncError,
    TenantBusy,
    TenantFailed,
    Unmodelled,
)
from schema_sync.model.change import Altered, Change
from schema_sync.model.ident import Ident
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
    async def acquire_lock(self, tenant: TenantContext, *, lasting: bool = False) -> AsyncIterator[Session]:
        """Lock the tenant and open a transaction in it; see `MigrationRunner.acquire_lock`."""
        async with self.adapter.acquire_lock(tenant, lasting=lasting) as session:
            yield session

    async def run(self, tenant: TenantContext, plan: Plan, target: Snapshot) -> Snapshot:
        """Bring one tenant along one plan, in one transaction or in the plan's several; see `MigrationRunner.run`."""
        return await self._patiently(lambda: self._once(tenant, plan, target))

    async def _once(self, tenant: TenantContext, plan: Plan, target: Snapshot) -> Snapshot:
        async with self.acquire_lock(tenant, lasting=not plan.is_atomic) as session:
            before = await self._read(session)
            if before.fingerprint == plan.new:
                return before
            self._check(tenant, before, plan)
            course = _Course(tenant, plan, target, before)
            after = await self._segment(session, course, 0)
            for n in range(1, len(plan.segments)):
                after = await self._later(session, course, n, after)
            return after

    async def _read(self, session: Session) -> Snapshot:
        return (await session.inspect()).without(self.ignore)

    async def _segment(
        self, session: Session, course: _Course, n: int, failed_from: Snapshot | None = None
    ) -> Snapshot:
        """One of the plan's transactions, which is open; committed only when all is as it should be by then.

        `failed_from` is what the tenant was before an attempt that has failed.
        """
        statements = course.plan.segments[n] if course.plan.segments else ()
        if all(statement.in_transaction for statement in statements):
            await self.executor.execute(session, statements)
            after = await self._read(session)
            course.verify(after, n)
            await session.commit()
            return after
        await session.rollback()
        if failed_from is None or not await self._swept_on(session, statements, failed_from):
            await self._outside(session, statements)
        await session.begin()
        after = await self._read(session)
        course.verify(after, n)
        await session.rollback()
        return after

    async def _outside(self, session: Session, statements: Sequence[Statement]) -> None:
        """Run what may run in no transaction; nobody rolls it back, so that what a failure leaves is swept away."""
        try:
            await self.executor.execute(session, statements)
        except SchemaSyncError:
            await self._sweep(session, statements)
            raise

    async def _sweep(self, session: Session, statements: Sequence[Statement]) -> None:
        for statement in statements:
            if statement.sweep is not None:
                await session.execute(statement.sweeping())

    async def _swept_on(self, session: Session, statements: Sequence[Statement], before: Snapshot) -> bool:
        """Whether sweeping has brought what has failed to its end, and not back to where it began."""
        await self._sweep(session, statements)
        await session.begin()
        now = await self._read(session)
        await session.rollback()
        return now.fingerprint != before.fingerprint

    async def _later(self, session: Session, course: _Course, n: int, before: Snapshot) -> Snapshot:
        """A transaction after the first: tried again by itself, since those before it are committed."""
        has_failed = False

        async def attempt() -> Snapshot:
            nonlocal has_failed
            failed_from, has_failed = before if has_failed else None, True
            await session.rollback()
            await session.begin()
            return await self._segment(session, course, n, failed_from)

        try:
            return await self._patiently(attempt)
        except SchemaSyncError as error:
            raise TenantFailed(
                f"{error.message}; {n} of the {len(course.plan.segments)} transactions of the plan are committed",
                hint=" ".join(filter(None, [error.hint and f"{error.hint};", "apply again: it goes on from there"])),
            ) from error

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


@dataclass(frozen=True)
class _Course:
    """One tenant on its way: what it was, what is done to it, what it is to be."""

    tenant: TenantContext
    plan: Plan
    target: Snapshot
    before: Snapshot

    def verify(self, after: Snapshot, n: int) -> None:
        """Hold what a segment has reached against the target: all of it after the last one, before that what no later
        one names. Objects in between have names of ours; what nobody names and nobody has touched comes along with
        something else.
        """
        later = self.plan.segments[n + 1 :]
        if later:
            pending, done = _named(later), _named(self.plan.segments[: n + 1])
            early = [
                ident.text
                for change in diff(after, self.target)
                if not _is_pending(ident := change.ident, pending)
                and (ident.text in done or after.get(ident) != self.before.get(ident))
            ]
            if early:
                raise self._not_converged(early, n)
        elif after.fingerprint != self.plan.new or after.unmodelled != self.target.unmodelled:
            changes = list(diff(after, self.target))
            objects = [change.ident.text for change in changes]
            objects += sorted(set(after.unmodelled) ^ set(self.target.unmodelled))
            unstable = [change.ident.text for change in changes if self._is_unstable(change)]
            raise self._not_converged(objects, n, unstable if len(unstable) == len(objects) else [])
        _spare_ignored(self.tenant, self.before, after)

    def _is_unstable(self, change: Change) -> bool:
        """Whether an object that the plan has written reads back with other text in it, and nothing else is wrong."""
        if not isinstance(change, Altered):
            return False
        written = {part.object for each in self.plan.statements for part in each.parts if part.action != "drop"}
        texts = all(isinstance(one.old, str) and isinstance(one.new, str) for one in change.fields)
        return texts and change.ident.text in written

    def _not_converged(self, objects: Sequence[str], n: int, unstable: Sequence[str] = ()) -> NotConverged:
        shown = ", ".join(objects[:5]) + (f" and {len(objects) - 5} more" if len(objects) > 5 else "")
        alone = [statement for those in self.plan.segments[n : n + 1] for statement in those]
        done = (
            "rolled back"
            if all(statement.in_transaction for statement in alone)
            else "which no transaction could roll back"
        )
        if unstable:
            return NotConverged(
                f"{self.tenant.id}: unstable_text: the server prints {shown} otherwise than it was written; {done}",
                objects=objects,
                hint="run the definition as the server prints it where the target was captured, and capture it again",
            )
        return NotConverged(
            f"after the plan {self.tenant.id} differed from its target in "
            f"{shown or 'nothing that can be named'}; {done}",
            objects=objects,
            hint=OUR_FAULT,
        )


def _named(segments: Iterable[Sequence[Statement]]) -> set[str]:
    """The objects that statements say they change, or that change with them."""
    statements = [each for those in segments for each in those]
    changed = {part.object for each in statements for part in each.parts}
    return changed | {text for each in statements for text in each.carries}


def _is_pending(ident: Ident, pending: Collection[str]) -> bool:
    """Whether a later statement names it, its owner, or what belongs to it: an owner may say something of that."""
    if any(text.startswith(f"{ident.text}/") for text in pending):
        return True
    return any(at.text in pending or at.name.startswith(TEMPORARY) for at in ident.lineage)


def _spare_ignored(tenant: TenantContext, before: Snapshot, after: Snapshot) -> None:
    """Refuse to commit where an ignored object went: it came after the plan, or that would have been refused."""
    lost = sorted(ident.text for ident in before.ignored.keys() - after.ignored.keys())
    if lost:
        raise FingerprintChanged(
            f"{tenant.id} has what the plan does not know of, and would take along: "
            f"{', '.join(lost)}, which is ignored; rolled back",
            hint="make a new plan",
        )
