"""Tenants -> groups with plans -> tenants that are where they should be."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from schema_sync.adapters import registry
from schema_sync.adapters.kind import TEMPORARY
from schema_sync.config import Apply
from schema_sync.diff import is_there, usable, with_renames
from schema_sync.engine.groups import Capture, Group, Target
from schema_sync.engine.online import Onlookers
from schema_sync.engine.preflight import ask_rows
from schema_sync.engine.renames import Between
from schema_sync.errors import (
    FingerprintChanged,
    HazardsNotAllowed,
    Refused,
    SchemaSyncError,
    UnknownRevision,
    Unmodelled,
    Unordered,
)
from schema_sync.model.change import Diff, Removed
from schema_sync.model.codec import decode_object
from schema_sync.model.ident import Ident
from schema_sync.model.plan import STOPPING, Hazard, Plan
from schema_sync.model.report import Status, SyncResult, TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.protocols import (
    DatabaseAdapter,
    DiffCalculator,
    FleetEntry,
    MigrationRunner,
    Planner,
    SnapshotStore,
    Version,
)

ALL: frozenset[Hazard] = frozenset(Hazard)
Allowed = Iterable[Hazard | str] | Literal["all"]


@dataclass(frozen=True)
class Policy:
    """What a run may do."""

    allow: frozenset[Hazard] = frozenset()
    """Stopping hazards that need not be asked about."""
    stop_on: frozenset[Hazard] = frozenset()
    """Hazards that are only shown by default and stop here."""
    jobs: int = 8
    """How many tenants at once."""
    canary: int = 1
    """How many tenants of each group go first, one after the other; if one fails, no further tenant is begun."""
    max_failures: int = 1
    """After how many failed tenants no further one is begun."""
    probes: bool = True
    """Whether the rows of all tenants are asked, before the first is touched, if they allow the plan."""

    def refused(self, plan: Plan) -> tuple[Hazard, ...]:
        """The plan's hazards that stop it, in their order."""
        stopping = (STOPPING | self.stop_on) - self.allow
        return tuple(hazard for hazard in plan.hazards if hazard in stopping)


def configured(
    apply: Apply,
    *,
    allow: Allowed = (),
    jobs: int | None = None,
    canary: int | None = None,
    max_failures: int | None = None,
    probes: bool | None = None,
) -> Policy:
    """What a run may do: the configuration's `[apply]`, with what is given here on top."""
    allowed = ALL if allow == "all" else frozenset(Hazard(each) for each in allow)
    return Policy(
        allow=allowed | frozenset(apply.allow),
        stop_on=frozenset(apply.stop_on),
        jobs=jobs if jobs is not None else apply.jobs,
        canary=canary if canary is not None else apply.canary,
        max_failures=max_failures if max_failures is not None else apply.max_failures,
        probes=probes if probes is not None else apply.probes,
    )


class _Past(NamedTuple):
    """What of a tenant's history decides its plan."""

    unversioned: frozenset[Ident]
    renames: frozenset[tuple[Ident, Ident]]


class Drafts:
    """Makes the plans of groups: one for each state and target, whatever the number of tenants."""

    def __init__(
        self,
        store: SnapshotStore,
        fleet: Mapping[str, FleetEntry],
        planner: Callable[[str], Planner],
        calculator: DiffCalculator,
        fallback: Version | None,
        onlookers: Onlookers,
    ) -> None:
        self._store = store
        self._fleet = fleet
        self._planner = planner
        self._calculator = calculator
        self._fallback = fallback
        self._onlookers = onlookers
        self._known: dict[tuple[str, frozenset[Ident], str], frozenset[Ident]] = {}
        self._bases: dict[str, Version | None] = {}
        self._between = Between(store)

    def compare(self, group: Group) -> Group:
        """The group with its diff to the target, or the error that forbids one."""
        if group.target.error is not None:
            group.error = group.target.error
            return group
        try:
            group.diff = self._calculator.diff(group.snapshot, group.target.snapshot)
        except SchemaSyncError as error:
            group.error = error
        return group

    async def draft(self, group: Group) -> list[Group]:
        """The group with its plan or error. It is split where its tenants' histories tell hazards apart: what one was
        brought to by a version is another's own.
        """
        self.compare(group)
        if group.error is not None:
            return [group]
        removed = frozenset(change.ident for change in group.diff if isinstance(change, Removed) and _is_own(change))
        parts: dict[_Past, list[TenantContext]] = {}
        for tenant in group.tenants:
            past = _Past(await self._unversioned(tenant, group, removed), await self._renamed(tenant, group))
            parts.setdefault(past, []).append(tenant)
        try:
            online = await self._onlookers.of(group)
        except SchemaSyncError as error:
            group.error = error
            return [group]
        return [self._plan(group, tenants, past, online) for past, tenants in parts.items()]

    async def _renamed(self, tenant: TenantContext, group: Group) -> frozenset[tuple[Ident, Ident]]:
        """What was renamed on the way from the version that the tenant was brought to, and fits its state.

        Without a record of that, all that was ever renamed counts whose old name the target has no more.
        """
        if group.target.version is None:
            return frozenset()
        base = await self._base(tenant)
        old, new = group.snapshot, group.target.snapshot
        found = await self._between.versions(base, group.target.version, new.dialect or old.dialect)
        if base is None:
            found = {was: now for was, now in found.items() if not is_there(new, was)}
        return frozenset(usable(found, old, new).items())

    async def _base(self, tenant: TenantContext) -> Version | None:
        """The version that the tenant was last brought to."""
        entry = self._fleet.get(tenant.id)
        if entry is None or entry.base is None:
            return None
        return await self._applied(entry.base.commit)

    def _plan(self, group: Group, tenants: list[TenantContext], past: _Past, online: frozenset[Ident]) -> Group:
        renames = dict(past.renames)
        found = group.diff
        if renames:
            words = registry.words(group.target.snapshot.dialect)
            found = with_renames(group.snapshot, group.target.snapshot, renames, words)
        part = Group(tenants, group.snapshot, group.target, found, preparation=group.preparation)
        try:
            _compare_unmodelled(part)
            planner = self._planner(tenants[0].database)
            part.plan = planner.plan(
                group.snapshot,
                group.target.snapshot,
                unversioned=past.unversioned,
                online=online,
                renames=renames,
            )
            _spare_unmodelled(part, part.plan)
        except (Refused, Unordered) as error:
            part.error = error
        return part

    async def _unversioned(self, tenant: TenantContext, group: Group, removed: frozenset[Ident]) -> frozenset[Ident]:
        """Which of these were in no version that the tenant was ever brought to; without a record of that, or where
        the store has lost that version, in no version before the target.
        """
        if not removed:
            return removed
        version = await self._base(tenant) or group.target.version or self._fallback
        if version is None:
            return removed
        key = (version.id, removed, group.snapshot.dialect)
        if key not in self._known:
            self._known[key] = removed - await self._held(version, removed, group.snapshot.dialect)
        return self._known[key]

    async def _applied(self, commit: str) -> Version | None:
        """A version that tenants were brought to, if it is still there; looked for once."""
        if commit not in self._bases:
            try:
                self._bases[commit] = await self._store.resolve(commit)
            except UnknownRevision:
                self._bases[commit] = None
        return self._bases[commit]

    async def _held(self, version: Version, wanted: Collection[Ident], dialect: str) -> frozenset[Ident]:
        words = registry.vocabulary(dialect)
        ever = await self._store.ever(version, sorted({f"schema/{ident.path}.json" for ident in wanted}))
        return frozenset(
            obj.ident
            for path, contents in ever.items()
            for data in contents
            for obj in decode_object(path, data, words)
        )


def _is_own(change: Removed) -> bool:
    """Whether it can be somebody's own, and is not what a run of ours left behind."""
    return not change.ident.name.startswith(TEMPORARY)


def _compare_unmodelled(group: Group) -> None:
    """Refuse what would end unequal, before a plan is made of what is known of both sides."""
    differs = sorted(set(group.snapshot.unmodelled) ^ set(group.target.snapshot.unmodelled))
    if differs:
        raise Unmodelled(
            "tenant and target differ in what schema-sync does not model yet: " + "; ".join(differs),
            hint="bring these in step by hand, on both sides",
        )


def _spare_unmodelled(group: Group, plan: Plan) -> None:
    """Refuse to touch an object that holds what nobody read."""
    touched = {part.object for statement in plan.statements for part in statement.parts}
    tops = {"/".join(text.split("/")[:2]) for text in touched}
    for what in group.snapshot.unmodelled:
        _, _, place = what.partition(":")[0].rpartition(" on ")
        if place and "/".join(place.split("/")[:2]) in tops:
            raise Unmodelled(f"the plan touches {place}, which holds what schema-sync does not model yet: {what}")


@dataclass
class Run:
    """One run over groups: canaries first, then waves, until too many have failed."""

    policy: Policy
    runner: Callable[[str], MigrationRunner]
    adapters: Mapping[str, DatabaseAdapter]
    failures: int = 0
    reached: dict[TenantContext, Snapshot] = field(default_factory=dict)
    """What was read of tenants after they were brought to their target."""
    unfit: dict[TenantContext, SchemaSyncError] = field(default_factory=dict)
    """Those whose rows do not allow their plan."""

    async def go(self, groups: Sequence[Group]) -> AsyncGenerator[SyncResult]:
        """Run the plans; a result for every tenant as it is known, in no particular order. What is under way when it is
        closed or cancelled is rolled back before that returns.

        Whose rows do not allow its plan has failed before anything is run.
        """
        runnable = [each for each in groups if not each.in_step and self._refusal(each) is None]
        if self.policy.probes:
            self.unfit = await ask_rows(self.adapters, runnable, self.policy.jobs)
            self.failures += len(self.unfit)
        for group in groups:
            fit = [tenant for tenant in group.tenants if tenant not in self.unfit]
            for tenant in (each for each in group.tenants if each in self.unfit):
                yield group.result(tenant, Status.FAILED, error=self.unfit[tenant])
            error = self._refusal(group) or (await self._prepare(group) if fit else None)
            if error is not None:
                for tenant in fit:
                    yield group.result(tenant, Status.UNTOUCHED, error=error)
            elif group.in_step:
                for tenant in group.tenants:
                    self.reached[tenant] = group.snapshot
                    yield group.result(tenant, Status.IN_SYNC)
            else:
                async with aclosing(self._group(group, fit)) as results:
                    async for result in results:
                        yield result

    async def _prepare(self, group: Group) -> SchemaSyncError | None:
        """Let the database have what the target needs; the error, where it cannot."""
        if group.in_step or self.failures >= self.policy.max_failures:
            return None
        try:
            await self.adapters[group.tenants[0].database].prepare(group.preparation)
        except SchemaSyncError as error:
            return error
        return None

    def _refusal(self, group: Group) -> SchemaSyncError | None:
        if group.error is not None:
            return group.error
        assert group.plan is not None
        hazards = self.policy.refused(group.plan)
        if not hazards:
            return None
        notes = [each.note for each in group.plan.statements if each.note and set(each.hazards) & set(hazards)]
        why = f": {notes[0]}" if notes else ""
        return HazardsNotAllowed(
            f"the plan has hazards that are not allowed: {', '.join(hazards)}{why}", hazards=hazards
        )

    async def _group(self, group: Group, tenants: Sequence[TenantContext]) -> AsyncGenerator[SyncResult]:
        queue = list(reversed(tenants))
        canaries = self.policy.canary
        while queue and canaries:
            result = await self._tenant(group, queue.pop())
            yield result
            if result.status is Status.FAILED:
                self.failures = max(self.failures, self.policy.max_failures)
            canaries -= result.status is not Status.SKIPPED
        running: set[asyncio.Task[SyncResult]] = set()
        try:
            while queue or running:
                while queue and len(running) < self.policy.jobs and self.failures < self.policy.max_failures:
                    running.add(asyncio.create_task(self._tenant(group, queue.pop())))
                if not running:
                    break
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    yield task.result()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        for tenant in reversed(queue):
            yield group.result(tenant, Status.UNTOUCHED)

    async def _tenant(self, group: Group, tenant: TenantContext) -> SyncResult:
        assert group.plan is not None
        if self.failures >= self.policy.max_failures:
            return group.result(tenant, Status.UNTOUCHED)
        started = time.monotonic()
        try:
            after = await self.runner(tenant.database).run(tenant, group.plan, group.target.snapshot)
        except FingerprintChanged as error:
            return group.result(tenant, Status.SKIPPED, error=error)
        except SchemaSyncError as error:
            self.failures += 1
            return group.result(tenant, Status.FAILED, seconds=time.monotonic() - started, error=error)
        self.reached[tenant] = after
        return group.result(tenant, Status.APPLIED, new=after.fingerprint, seconds=time.monotonic() - started)


def unread(capture: Capture, targets: Mapping[str, Target]) -> list[SyncResult]:
    """The results of tenants that could not be read."""
    results = []
    for tenant, error in sorted(capture.failures.items()):
        target = targets[tenant.database]
        group = Group([tenant], Snapshot(target.snapshot.dialect), target, Diff(), error=error)
        status = Status.UNTOUCHED if isinstance(error, Refused) else Status.FAILED
        results.append(group.result(tenant, status, error=error))
    return results
