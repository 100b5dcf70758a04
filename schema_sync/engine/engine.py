"""The engine: every use case of schema-sync as one object, for programs and for the command line alike."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from schema_sync.adapters import registry
from schema_sync.config import Config, Database, Online, Store
from schema_sync.diff import ObjectDiff
from schema_sync.engine import health, versions
from schema_sync.engine.converge import Allowed, Drafts, Policy, Run, configured, unread
from schema_sync.engine.differences import Differences
from schema_sync.engine.furnish import prepare_groups, supply
from schema_sync.engine.groups import Capture, Discovery, Group, Target, ask, group, place, read
from schema_sync.engine.notices import notice
from schema_sync.engine.online import Onlookers
from schema_sync.engine.prove import prove
from schema_sync.engine.revisions import Revisions
from schema_sync.engine.setup import check_selected, connect, open_store
from schema_sync.engine.spellings import Spellings
from schema_sync.engine.targets import Targets, Wanted
from schema_sync.errors import SchemaSyncError
from schema_sync.model.change import Diff
from schema_sync.model.plan import Plan, Statement
from schema_sync.model.report import Diagnostic, SyncResult, TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.protocols import (
    DatabaseAdapter,
    DiffCalculator,
    MigrationRunner,
    Planner,
    Script,
    Server,
    SnapshotStore,
    Version,
)
from schema_sync.run import Runner


class Engine:
    """A store of versions, the databases of a fleet, and all that can be done with both.

    Make one with `open` or `from_adapter`, and use it as an asynchronous context manager; it connects when it is
    first needed. Any part may be replaced: `planner` and `runner` map a database's name to what serves it.
    """

    def __init__(
        self,
        config: Config,
        store: SnapshotStore,
        adapters: Mapping[str, DatabaseAdapter],
        *,
        calculator: DiffCalculator | None = None,
        planners: Mapping[str, Planner] | None = None,
        runners: Mapping[str, MigrationRunner] | None = None,
    ) -> None:
        self.config = config
        self.store = store
        self.adapters = dict(adapters)
        self._ignored = {name: config.ignored(name) for name in self.adapters}
        self._calculator: DiffCalculator = calculator or ObjectDiff()
        self._planners = dict(planners or {})
        self._runners = dict(runners or {})
        self._servers: dict[str, Server] = {}
        self._found: Discovery | None = None
        self.spellings = Spellings(store, self.adapters)
        self.revisions = Revisions(store, self.adapters, self._ignored, self.discover, config.store.branch)
        self._targets = Targets(config, store, self.adapters, self.revisions, self.spellings, self._ignored)

    # -- opening and closing -------------------------------------------------------------------------------------

    @classmethod
    def open(
        cls, config: Config | Path | str = "schema-sync.toml", *, environment: Mapping[str, str] | None = None
    ) -> Self:
        """An engine for a configuration or its file. Connects to nothing yet.

        `environment` is what `${VAR}` in the file is taken from; nothing is read from the process's own.

        Raises:
            ConfigError: the configuration is missing or wrong.
            StoreError: the store is missing or is none.
        """
        if not isinstance(config, Config):
            config = Config.load(Path(config), environment or {})
        return cls(config, open_store(config.store), {each.name: connect(each, config) for each in config.databases})

    @classmethod
    def from_adapter(cls, adapter: DatabaseAdapter, store: Path | str | SnapshotStore = "snapshots") -> Self:
        """An engine for one adapter, all else at its default; the store is made where there is none."""
        config = Config(
            store=Store(path=Path(store)) if isinstance(store, Path | str) else Store(),
            databases=(Database(url=f"{adapter.dialect}:", name=adapter.name),),
        )
        opened = open_store(config.store, create=True) if isinstance(store, Path | str) else store
        return cls(config, opened, {adapter.name: adapter})

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of all connections and files. May be called twice."""
        for adapter in self.adapters.values():
            await adapter.close()
        await self.store.close()

    # -- tenants -------------------------------------------------------------------------------------------------

    async def discover(self) -> Discovery:
        """The tenants of all configured databases that answer, and those databases that do not. Asked once.

        Raises:
            UsageError: the configuration of a database is wrong.
            Unreachable: the only database cannot be reached.
        """
        if self._found is None:
            self._found = await ask(self.adapters)
        return self._found

    async def list_tenants(self) -> list[TenantContext]:
        """The tenants of all configured databases, sorted by full name. `discover` goes on without some of them.

        Raises:
            Unreachable: a database cannot be reached.
        """
        found = await self.discover()
        for error in found.unreachable.values():
            raise error
        return list(found.tenants)

    async def find(self, names: Iterable[str]) -> list[TenantContext]:
        """The tenants of these full or unique names, each once.

        Raises:
            UnknownTenant: with the names that are near.
            Unreachable: a database that may have one of them cannot be reached.
        """
        return (await self.discover()).look_up(names)

    async def snapshot(self, tenant: TenantContext) -> Snapshot:
        """One tenant as it is now, without what is ignored. Raises what `SchemaInspector.inspect` does."""
        tenant = await self._resolve(tenant)
        seen = await self.adapters[tenant.database].inspector().inspect(tenant)
        return seen.without(self._ignored[tenant.database])

    def snapshots(
        self, tenants: Iterable[TenantContext]
    ) -> AsyncIterator[tuple[TenantContext, Snapshot | SchemaSyncError]]:
        """Many tenants, as `find` gave them, each with its snapshot or the error that it could not be read for."""
        return read(self.adapters, tenants, self._ignored)

    async def create_tenant(
        self,
        name: str,
        target: str | Snapshot | Target,
        *,
        installs: bool = False,
        furnishes: bool = False,
        announce: Callable[[Sequence[Statement]], None] = lambda _: None,
        run: str | None = None,
    ) -> SyncResult:
        """Make a tenant and bring it to a version; `run` is what it is recorded under.

        What the version needs outside of its tenant has to be there: `installs` creates missing extensions first, and
        `furnishes` the missing objects of shared schemas too, as for an empty database; neither changes what is there,
        and `announce` is told what is about to be run for it.

        Raises:
            Refused: the database lacks what the version needs, or has it differently; nothing was made.
            AlreadyExists: something of that name is there.
            UsageError: the configuration would not select it.
            UsageError: several databases are configured, and the name says none of them.
        """
        asked = await self._targets.of(target)
        tenant = place(name, self.adapters)
        adapter = self.adapters[tenant.database]
        self._targets.check_words(asked, tenant.database)
        check_selected(tenant, self.config)
        wanted = await self._targets.seen_by(tenant.database, asked)
        if wanted.error is not None:
            raise wanted.error
        await supply(adapter, wanted.snapshot, tenant, installs=installs, furnishes=furnishes, announce=announce)
        await adapter.create_tenant(tenant)
        self._found = None
        return await self.sync_tenant(tenant, wanted, execute=True, allow="all", run=run)

    # -- versions ------------------------------------------------------------------------------------------------

    async def commit(
        self,
        snapshots: Mapping[str, Snapshot],
        *,
        branch: str | None = None,
        message: str | None = None,
        tag: str | None = None,
        author: str | None = None,
        renames: Sequence[str] = (),
    ) -> versions.Commit:
        """Commit a schema as a version, and tag it.

        `snapshots` are by tenant; several must be equal. Where the branch's tip has this very schema, no commit is
        made, and the tag names the tip. What was renamed since the same tenant was last captured is noted with the
        version where the server knows it; `renames` says it elsewhere, as `tables/users=tables/customers`.

        Raises:
            UsageError: the tenants differ, or Git does not allow the name of branch or tag.
            AlreadyExists: the tag names another version, or clashes with one; nothing was committed.
            Refused: the branch is of another dialect.
        """
        return await versions.commit(
            self.store,
            self.spellings,
            snapshots,
            branch=branch or self.config.store.branch,
            message=message,
            tag=tag,
            author=author,
            hints=renames,
        )

    async def record(
        self, seen: Mapping[TenantContext, Snapshot], version: Version | None = None, *, run: str | None = None
    ) -> None:
        """Record what tenants are like now; with `version`, also that this is what they were brought to."""
        targets = None
        if version is not None:
            target = Target(version.id, await self.revisions.snapshot(version), version)
            databases = {tenant.database for tenant in seen}
            targets = {name: await self._targets.seen_by(name, target) for name in databases}
        await versions.record(self.store, seen, targets, run=run)

    async def resolve(self, rev: str) -> Version:
        """The version that a revision of the store names. Raises UnknownRevision."""
        return await self.store.resolve(rev)

    async def load(self, rev: str) -> Snapshot:
        """The snapshot that any revision names: a version, `tenant:acme~2`, `live:acme`, `file:schema.sql`, `empty`."""
        return (await self.revisions.target(rev)).snapshot

    async def diff(self, old: str | Snapshot, new: str | Snapshot, objects: Sequence[str] = ()) -> Diff:
        """What differs between two revisions; `objects` keeps those and what belongs to them, as `tables/orders`.

        Raises:
            UnknownRevision: nothing has that name.
            UsageError: an object is not written as `tables/orders`, or of no kind that is there.
        """
        return await self._differences().diff(old, new, objects)

    async def plan_between(self, old: str | Snapshot, new: str | Snapshot) -> Plan:
        """The plan from one revision to another, for any server."""
        return await self._differences().plan(old, new)

    def _differences(self) -> Differences:
        return Differences(self.store, self.revisions, self.spellings, self._calculator)

    # -- convergence ---------------------------------------------------------------------------------------------

    async def targets(self, target: Wanted | None = None) -> dict[str, Target]:
        """What each database's tenants should be: the given one, else the database's release, else the branch.

        A revision is read anew each time; what comes of it can be given wherever a target is asked for.
        """
        return await self._targets.by_database(target)

    async def compare(
        self, target: str | Snapshot | Target | None, tenants: Sequence[TenantContext]
    ) -> tuple[list[Group], Capture]:
        """Tenants in groups of one state, each with its diff to the target, or to what is expected of it where none is
        given; and what was read. Changes nothing.
        """
        if target is None:
            wanted = await self._targets.expected(tenants)
        else:
            wanted = dict.fromkeys(tenants, await self._targets.of(target))
        targets = {tenant: each for tenant, each in wanted.items() if isinstance(each, Target)}
        groups, capture, drafts = await self._groups(targets)
        capture.failures |= {tenant: each for tenant, each in wanted.items() if not isinstance(each, Target)}
        return [drafts.compare(each) for each in groups], capture

    async def plan(
        self,
        target: Wanted | None,
        tenants: Sequence[TenantContext],
        *,
        online: Online | None = None,
        installs: bool = False,
    ) -> tuple[list[Group], Capture]:
        """Tenants in groups of one state, each with its plan to the target; and what was read. Changes nothing.

        `online` says which tables are changed in several transactions that keep none of their users waiting: `"on"`
        all, `"auto"` those above `[postgres] online_above`, `"off"` none, `None` what is configured. A database that
        lacks what the target needs outside of its tenants is the error of its groups; with `installs` extensions that
        its server has ready are their `preparation` instead.
        """
        targets = await self.targets(target)
        wanted = {tenant: targets[tenant.database] for tenant in tenants}
        groups, capture, drafts = await self._groups(wanted, online)
        groups = await prepare_groups(self.adapters, groups, installs=installs)
        drafted = [part for each in groups for part in await drafts.draft(each)]
        await notice(drafted, self.adapters, self.discover)
        return drafted, capture

    async def script(self, tenant: TenantContext) -> Script:
        """How a plan's statements are written for a tenant, for people who run them by hand.

        Raises:
            UnknownTenant: it is not there.
            Unreachable: its database cannot be reached.
        """
        tenant = await self._resolve(tenant)
        return await self.adapters[tenant.database].script(tenant)

    async def prove(self, groups: Iterable[Group]) -> None:
        """Run each plan on a scratch database in its group's state; what came of it is in `Group.proof`."""
        for each in groups:
            if each.plan is not None and each.error is None and not each.in_step:
                database = each.tenants[0].database
                each.proof = await prove(self.adapters[database], each, self._ignored[database])

    async def execute(
        self, groups: Sequence[Group], *, policy: Policy | None = None, run: str | None = None
    ) -> AsyncGenerator[SyncResult]:
        """Run the plans of groups, and record what came of it; a result for each tenant when it is known.

        Who leaves the loop early closes it with `contextlib.aclosing`: then what is under way has been rolled back and
        the rest is recorded, before the engine itself is closed.
        """
        going = Run(policy or self.policy(), self._runner, self.adapters)
        try:
            async with aclosing(going.go(groups)) as results:
                async for result in results:
                    yield result
        finally:
            targets = {each.tenants[0].database: each.target for each in groups}
            await versions.record(self.store, going.reached, targets, run=run)

    async def sync(
        self,
        target: Wanted | None,
        tenants: Sequence[TenantContext],
        *,
        execute: bool = False,
        policy: Policy | None = None,
        online: Online | None = None,
    ) -> AsyncGenerator[SyncResult]:
        """Bring tenants to a target, or with `execute=False` say for each what would be done; `online` as in `plan`."""
        targets = await self.targets(target)
        groups, capture = await self.plan(targets, tenants, online=online)
        for result in unread(capture, targets):
            yield result
        if execute:
            async with aclosing(self.execute(groups, policy=policy)) as results:
                async for result in results:
                    yield result
            return
        for each in groups:
            for tenant in each.tenants:
                yield each.preview(tenant)

    async def sync_tenant(
        self,
        tenant: TenantContext,
        target: str | Snapshot | Target | None = None,
        *,
        execute: bool = False,
        allow: Allowed = (),
        online: Online | None = None,
        installs: bool = False,
        run: str | None = None,
    ) -> SyncResult:
        """Bring one tenant to a target: a revision, a snapshot, or `None` for the configured release.

        With `execute=False` the result says what would be done. With it the plan runs in one transaction, or in
        several where `online` (as in `plan`) or the database demands it, and each is committed only if the tenant then
        is what the target says, or on its way there. `installs` creates missing extensions first.

        Raises:
            HazardsNotAllowed: the plan has stopping hazards that `allow` does not name (`"all"` allows them).
            NotConvergeable, Unmodelled, IsolationError, FingerprintChanged: refused, nothing was run.
            TenantFailed, TenantBusy, NotConverged: rolled back.
            UnknownTenant, UnknownRevision, Unreachable.
        """
        tenant = await self._resolve(tenant)
        groups, capture = await self.plan(target, [tenant], online=online, installs=installs)
        for error in capture.failures.values():
            raise error
        (only,) = groups
        if only.error is not None:
            raise only.error
        if not execute:
            return only.preview(tenant)
        policy = self.policy(allow=allow)
        results = [result async for result in self.execute(groups, policy=policy, run=run)]
        if tenant in only.failures:
            raise only.failures[tenant]
        return results[0]

    def policy(
        self,
        *,
        allow: Allowed = (),
        jobs: int | None = None,
        canary: int | None = None,
        max_failures: int | None = None,
        probes: bool | None = None,
    ) -> Policy:
        """What a run may do: the configuration's `[apply]`, with what is given here on top."""
        return configured(
            self.config.apply, allow=allow, jobs=jobs, canary=canary, max_failures=max_failures, probes=probes
        )

    # -- health --------------------------------------------------------------------------------------------------

    async def verify(self, rev: str | None = None) -> list[Diagnostic]:
        """What is damaged in the store, or in one version; empty if nothing is."""
        return await health.verify(self.store, rev)

    async def diagnose(self) -> list[Diagnostic]:
        """What `doctor` says of the store, the servers, privileges and leftovers; codes `ok`, `warning`, `error`."""
        found = await health.diagnose(self.store, self.adapters)
        for name, adapter in self.adapters.items():
            found += await health.needs(adapter, partial(self._release, name))
        return found

    async def _release(self, database: str) -> Target:
        return await self._targets.seen_by(database, (await self._targets.releases([database]))[database])

    async def notices(self) -> list[str]:
        """What people should know about the servers that were asked for their tenants, each once."""
        return await health.notices(self.adapters) if self._found is not None else []

    # -- inside --------------------------------------------------------------------------------------------------

    async def _resolve(self, tenant: TenantContext) -> TenantContext:
        if tenant.database in self.adapters:
            return tenant
        if not tenant.database and len(self.adapters) == 1:
            return TenantContext(tenant.name, next(iter(self.adapters)))
        return (await self.find([tenant.id]))[0]

    async def _groups(
        self, targets: Mapping[TenantContext, Target], online: Online | None = None
    ) -> tuple[list[Group], Capture, Drafts]:
        capture, seen = Capture(), dict(targets)
        for name in sorted({tenant.database for tenant in targets}):
            mine = {tenant: target for tenant, target in targets.items() if tenant.database == name}
            for target in mine.values():
                self._targets.check_words(target, name)
            try:
                self._servers[name] = await self.adapters[name].server()
            except SchemaSyncError as error:
                capture.failures |= dict.fromkeys(mine, error)
                continue
            there = {id(target): await self._targets.seen_by(name, target) for target in mine.values()}
            seen |= {tenant: there[id(target)] for tenant, target in mine.items()}
        await capture.take(self.snapshots(tenant for tenant in targets if tenant not in capture.failures))
        drafts = Drafts(
            self.store,
            await self.store.fleet(),
            self._planner,
            self._calculator,
            await versions.tip(self.store, self.config.store.branch),
            Onlookers(self.config, self.adapters, online),
        )
        return group(capture.snapshots, seen), capture, drafts

    def _planner(self, database: str) -> Planner:
        from schema_sync.plan import Planner as RulePlanner  # late: looking at history needs no planner

        if database not in self._planners:
            adapter = self.adapters[database]
            self._planners[database] = RulePlanner(
                adapter.kinds, server=self._servers[database].version, words=registry.words(adapter.dialect)
            )
        return self._planners[database]

    def _runner(self, database: str) -> MigrationRunner:
        if database not in self._runners:
            self._runners[database] = Runner(
                self.adapters[database], retries=self.config.apply.retries, ignore=self._ignored[database]
            )
        return self._runners[database]
