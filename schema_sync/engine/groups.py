"""Tenants that are in one state, and what that state is held against."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from schema_sync.errors import SchemaSyncError, UnknownTenant, UsageError
from schema_sync.model.change import Diff
from schema_sync.model.plan import Plan, Statement
from schema_sync.model.report import Diagnostic, Proof, Status, SyncResult, TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.protocols import DatabaseAdapter, Version


@dataclass(frozen=True)
class Target:
    """What tenants should be."""

    rev: str
    """As it was asked for."""
    snapshot: Snapshot
    version: Version | None = None
    """The version in the store; `None` for a state that is no version (a live tenant, SQL files)."""
    error: SchemaSyncError | None = None
    """Why it cannot be held against tenants: their server spells definitions differently."""


@dataclass
class Group:
    """Tenants of one database that are in one and the same state, with one target."""

    tenants: list[TenantContext]
    """Sorted."""
    snapshot: Snapshot
    """Their state; `needs` is the union over the group."""
    target: Target
    diff: Diff = field(default_factory=Diff)
    """From the state to the target."""
    plan: Plan | None = None
    """How to get there; `None` where none was asked for, or `error` says why there can be none."""
    preparation: tuple[Statement, ...] = ()
    """What has to be run in the database before these tenants can be brought to the target."""
    proof: Proof | None = None
    """What came of running the plan on a scratch database; `None` where nobody did."""
    notices: tuple[Diagnostic, ...] = ()
    """What is to be known of what the plan brings."""
    error: SchemaSyncError | None = None
    """Why these tenants cannot be held against the target, or brought to it."""
    failures: dict[TenantContext, SchemaSyncError] = field(default_factory=dict)
    """What a run met with single tenants, or refused."""

    @property
    def in_step(self) -> bool:
        """Whether the tenants are what they should be."""
        return self.error is None and self.snapshot.fingerprint == self.target.snapshot.fingerprint

    def preview(self, tenant: TenantContext) -> SyncResult:
        """What would happen to one of them."""
        status = Status.IN_SYNC if self.in_step else Status.UNTOUCHED
        return self.result(tenant, status, new=self.target.snapshot.fingerprint, error=self.error)

    def result(
        self,
        tenant: TenantContext,
        status: Status,
        *,
        new: str | None = None,
        seconds: float = 0.0,
        error: SchemaSyncError | None = None,
    ) -> SyncResult:
        """What happened to one of them."""
        if error is not None:
            self.failures[tenant] = error
        plan = self.plan or Plan(
            dialect=self.snapshot.dialect, old=self.snapshot.fingerprint, new=self.target.snapshot.fingerprint
        )
        return SyncResult(
            tenant=tenant,
            status=status,
            diff=self.diff,
            plan=plan,
            old=self.snapshot.fingerprint,
            new=new or self.snapshot.fingerprint,
            seconds=seconds,
            error=error.message if error else None,
            hint=error.hint if error else None,
            exit_code=error.exit_code if error else 0,
            diagnostics=self.snapshot.diagnostics,
            notices=self.notices,
        )


@dataclass(frozen=True)
class Discovery:
    """Who was found."""

    tenants: tuple[TenantContext, ...]
    """Sorted by full name."""
    unreachable: Mapping[str, SchemaSyncError] = field(default_factory=dict)
    """The databases that could not be asked, by name, and why: they may have more."""

    def look_up(self, names: Iterable[str]) -> list[TenantContext]:
        """The tenants of these names, full or unique; in the order asked for, each once.

        Raises:
            UnknownTenant: there is none, with the names that are near; or several databases have one.
            SchemaSyncError: that of a database that could not be asked, where it may have the tenant.
        """
        wanted = list(names)
        known = {tenant.id for tenant in self.tenants}
        for name in wanted:
            database, slash, _ = name.partition("/")
            if slash and database in self.unreachable:
                raise self.unreachable[database]
            if name not in known:
                # It may be there too, and then the name would be that of two tenants.
                for error in self.unreachable.values():
                    raise error
        return look_up(wanted, self.tenants)


@dataclass
class Capture:
    """What was read of a set of tenants."""

    snapshots: dict[TenantContext, Snapshot] = field(default_factory=dict)
    failures: dict[TenantContext, SchemaSyncError] = field(default_factory=dict)
    """Those that could not be read, and why."""

    async def take(self, seen: AsyncIterator[tuple[TenantContext, Snapshot | SchemaSyncError]]) -> None:
        """Add what is read, until there is no more."""
        async for tenant, found in seen:
            if isinstance(found, Snapshot):
                self.snapshots[tenant] = found
            else:
                self.failures[tenant] = found


async def read(
    adapters: Mapping[str, DatabaseAdapter],
    tenants: Iterable[TenantContext],
    ignored: Mapping[str, Sequence[str]],
) -> AsyncIterator[tuple[TenantContext, Snapshot | SchemaSyncError]]:
    """Read tenants, database by database; each comes with its snapshot, without what is ignored, or its error."""
    by_database: dict[str, list[TenantContext]] = {}
    for tenant in tenants:
        by_database.setdefault(tenant.database, []).append(tenant)
    for database, those in by_database.items():
        async for tenant, seen in adapters[database].inspector().inspect_many(those):
            match seen:
                case Snapshot():
                    yield tenant, seen.without(ignored.get(database, ()))
                case SchemaSyncError():
                    yield tenant, seen
                case _:
                    raise seen


async def ask(adapters: Mapping[str, DatabaseAdapter]) -> Discovery:
    """Ask all databases at once who their tenants are. One that does not answer hides none of the others'.

    Raises:
        UsageError: the configuration of one of them is wrong.
        SchemaSyncError: there is but one database, and it cannot be asked.
    """

    async def one(adapter: DatabaseAdapter) -> Sequence[TenantContext] | SchemaSyncError:
        try:
            return await adapter.list_tenants()
        except SchemaSyncError as error:
            return error

    answers = dict(zip(adapters, await asyncio.gather(*map(one, adapters.values())), strict=True))
    lost = {name: answer for name, answer in answers.items() if isinstance(answer, SchemaSyncError)}
    for error in lost.values():
        if isinstance(error, UsageError) or len(adapters) == 1:
            raise error
    found = [tenant for answer in answers.values() if not isinstance(answer, SchemaSyncError) for tenant in answer]
    return Discovery(tuple(sorted(found, key=lambda tenant: tenant.id)), lost)


def group(snapshots: Mapping[TenantContext, Snapshot], targets: Mapping[TenantContext, Target]) -> list[Group]:
    """Group tenants by database, state and target, the largest group first.

    Two tenants are in one state if fingerprint, unmodelled and ignored objects are the same.
    """
    found: dict[tuple[object, ...], list[TenantContext]] = {}
    for tenant, snapshot in snapshots.items():
        state = (snapshot.fingerprint, snapshot.unmodelled, frozenset(snapshot.ignored.items()))
        found.setdefault((tenant.database, *state, targets[tenant].rev), []).append(tenant)
    groups = [
        Group(sorted(those), _union([snapshots[tenant] for tenant in those]), targets[those[0]])
        for those in found.values()
    ]
    return sorted(groups, key=lambda each: (-len(each.tenants), each.tenants[0]))


def _union(snapshots: Sequence[Snapshot]) -> Snapshot:
    """One snapshot for all: equal objects can need different ones, by the order in which they were created, their
    owners can be others, and a name in a literal is the own one of one of them alone.
    """
    first = snapshots[0]
    notes = dict.fromkeys(note for other in snapshots for note in other.diagnostics)
    if len(notes) > len(first.diagnostics):
        first = first.replace(diagnostics=tuple(sorted(notes, key=lambda note: (note.object, note.code, note.message))))
    if all((other.needs, other.ambient) == (first.needs, first.ambient) for other in snapshots):
        return first
    needs = {
        ident: frozenset().union(*(other.needs.get(ident, frozenset()) for other in snapshots))
        for ident in first.objects
    }
    return first.replace(needs=needs, ambient=dict.fromkeys(each for other in snapshots for each in other.ambient))


def look_up(names: Iterable[str], tenants: Sequence[TenantContext]) -> list[TenantContext]:
    """The tenants of these names, full or unique; in the order asked for, each once.

    Raises:
        UnknownTenant: there is none, with the names that are near; or several databases have one.
    """
    by_id = {tenant.id: tenant for tenant in tenants}
    by_name: dict[str, list[TenantContext]] = {}
    for tenant in tenants:
        by_name.setdefault(tenant.name, []).append(tenant)
    found: dict[TenantContext, None] = {}
    for name in names:
        those = [by_id[name]] if name in by_id else by_name.get(name, [])
        if len(those) > 1:
            ids = [tenant.id for tenant in those]
            raise UnknownTenant(name, near=ids, hint=f"several databases have one: say {' or '.join(ids)}")
        if not those:
            # A name that is unique says it all; a full one is for what was asked for in full.
            unique = [bare for bare, ones in by_name.items() if len(ones) == 1]
            wholes = [full for full, tenant in by_id.items() if "/" in name or len(by_name[tenant.name]) > 1]
            raise UnknownTenant(name, near=nearest(name, wholes if "/" in name else [*wholes, *unique]))
        found[those[0]] = None
    return list(found)


def nearest(word: str, words: Iterable[str]) -> list[str]:
    """Up to three of the words that someone may have meant."""
    return difflib.get_close_matches(word, sorted(set(words)), n=3)


def place(name: str, databases: Collection[str]) -> TenantContext:
    """A tenant that is to be made: where its name says, or in the only database.

    Raises:
        UsageError: several databases are configured, and the name says none of them.
    """
    database, slash, bare = name.partition("/")
    if not slash:
        database, bare = next(iter(databases)), name
    if database not in databases or (not slash and len(databases) > 1):
        raise UsageError(
            f"{name!r} does not say in which of the configured databases the tenant is to be",
            hint=f"say {' or '.join(f'{each}/NAME' for each in databases)}",
        )
    return TenantContext(bare, database)
