"""The contracts between the layers: whatever keeps one may stand in for ours.

`schema_sync.testing` has a suite for the adapter's and for the store's, which any implementation must pass.
Everything that touches a database is async; `Planner` and `DiffCalculator` are pure.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from types import MappingProxyType
from typing import Final, Protocol, runtime_checkable

from schema_sync.adapters.kind import Kinds
from schema_sync.model.change import Diff
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject, Vocabulary
from schema_sync.model.plan import Plan, Probe, Statement
from schema_sync.model.report import Diagnostic, Lack, Seeding, TenantContext
from schema_sync.model.server import Script, Server
from schema_sync.model.snapshot import Snapshot
from schema_sync.model.version import Base, FileChange, FleetEntry, LastRun, Observation, Version

__all__ = [
    "NO_RENAMES",
    "Base",
    "DatabaseAdapter",
    "DiffCalculator",
    "Executor",
    "FileChange",
    "FleetEntry",
    "LastRun",
    "MigrationRunner",
    "Observation",
    "Planner",
    "Rows",
    "SchemaInspector",
    "Script",
    "Server",
    "Session",
    "SnapshotStore",
    "Version",
]

NO_RENAMES: Final[Mapping[Ident, Ident]] = MappingProxyType({})
"""No object has two names."""


@runtime_checkable
class DiffCalculator(Protocol):
    """Finds what differs. Pure."""

    def diff(self, old: Snapshot, new: Snapshot) -> Diff:
        """All changes from old to new, sorted by identity text; empty if and only if the fingerprints are equal."""
        ...


@runtime_checkable
class Planner(Protocol):
    """Turns two snapshots into statements. Pure and deterministic."""

    def plan(
        self,
        old: Snapshot,
        new: Snapshot,
        *,
        unversioned: Collection[Ident] = (),
        online: Collection[Ident] = (),
        renames: Mapping[Ident, Ident] = NO_RENAMES,
    ) -> Plan:
        """The statements from old to new, in an order in which they run.

        `unversioned` are objects of `old` that no version ever held; `online` are the top-level objects whose users
        must not be kept waiting, at the price of several transactions; `renames` are objects that are one under two
        names, old and new, of which those are used that fit.

        Raises:
            NotConvergeable: no rule leads from one object to the other.
            Unordered: the steps wait for each other.
        """
        ...


@runtime_checkable
class SchemaInspector(Protocol):
    """Reads tenants. Never writes, and takes no lock beyond that of a read."""

    async def inspect(self, tenant: TenantContext) -> Snapshot:
        """The tenant as it is now, in one consistent read.

        Raises:
            UnknownTenant: it is not there.
            Unreachable: it cannot be reached or read.
            IsolationError: it refers to objects outside of itself that are not shared.
            Refused: the role may not read it, or needs application functions that are not registered.
            TenantBusy: locks of others did not allow a consistent read in time.
        """
        ...

    def inspect_many(
        self, tenants: Sequence[TenantContext]
    ) -> AsyncIterator[tuple[TenantContext, Snapshot | Exception]]:
        """Many tenants, in the order given; what `inspect` would raise for one is yielded in its place."""
        ...


@runtime_checkable
class Session(Protocol):
    """One locked tenant, in one open transaction at a time."""

    async def inspect(self) -> Snapshot:
        """The tenant as this transaction sees it."""
        ...

    async def execute(self, statement: Statement) -> None:
        """Run one statement in the tenant: in the open transaction, or, where it may not (`in_transaction`), by itself
        when the open one has ended.

        Raises:
            TenantFailed: the database refused it; the message carries the statement and the database's own words.
            TenantBusy: a lock was not granted in time, and a retry may help.
        """
        ...

    async def commit(self) -> None:
        """Make it so, after the engine's own final checks (deferred constraints, foreign keys)."""
        ...

    async def rollback(self) -> None:
        """Leave the tenant as the open transaction found it; nothing where there is none."""
        ...

    async def begin(self) -> None:
        """Open the next transaction, after the last one has ended, of a tenant whose lock is `lasting`.

        Raises:
            TenantBusy: the lock was lost in the meantime.
        """
        ...


@runtime_checkable
class Executor(Protocol):
    """Runs a plan's statements in an open session."""

    async def execute(self, session: Session, statements: Iterable[Statement]) -> None:
        """Run them in order; the first that fails ends it."""
        ...


@runtime_checkable
class MigrationRunner(Protocol):
    """Brings one tenant along one plan, and commits only what it has verified."""

    def acquire_lock(self, tenant: TenantContext, *, lasting: bool = False) -> AbstractAsyncContextManager[Session]:
        """Lock the tenant against other runs of this tool and open a transaction in it; both end with the block.

        A transaction that was not committed is rolled back. A `lasting` lock outlives the transaction, so that another
        can follow under it.

        Raises:
            TenantBusy: someone else holds it.
        """
        ...

    async def run(self, tenant: TenantContext, plan: Plan, target: Snapshot) -> Snapshot:
        """Lock, read, refuse unless the tenant is what the plan was made from, run, read again, commit if it is what
        the plan promised; else roll back. Returns what was committed; a tenant that is at the target already is
        returned as it is. `target` is the snapshot that the plan leads to: errors name the objects that differ.

        Raises:
            FingerprintChanged: the tenant is in neither state of the plan, and nothing was run; or it has an ignored
                object that came after the plan, which would have gone with others, and was rolled back.
            NotConverged: the result was another one; rolled back.
            TenantFailed: a statement failed; rolled back.
            TenantBusy: locked by someone else, or no lock in time after all retries; rolled back.
        """
        ...


Rows = Mapping[Ident, Sequence[Mapping[Ident, str | None]]]
"""What holds rows -> its rows: the identity of each column -> the value as text."""


@runtime_checkable
class DatabaseAdapter(Protocol):
    """One configured database and all tenants in it."""

    dialect: str
    """`sqlite`, `postgresql`, `mysql`: what its snapshots are of."""

    name: str
    """The configured database's name: `TenantContext.database` of its tenants."""

    vocabulary: Vocabulary
    """The structs of its objects, by kind."""

    kinds: Kinds
    """The cells: what the planner asks for rules."""

    unread: Collection[str]
    """Those of the kinds that its configuration leaves out of every schema: nobody compares them there."""

    async def server(self) -> Server:
        """The server's version and spelling.

        Raises:
            Unreachable: it cannot be reached, or refuses the login.
        """
        ...

    async def list_tenants(self) -> list[TenantContext]:
        """The tenants that the configuration selects and that are there, sorted by name.

        Raises:
            Unreachable: the server or folder cannot be reached.
        """
        ...

    def mentioned(self, obj: SchemaObject) -> Mapping[str, str]:
        """What may be other tenants in an object of a snapshot, where the database keeps no reference, only a text.

        The name -> in what words it is named: `acme` -> `names acme.orders in a literal`. Asks nobody, so that there
        need be no tenant of that name; empty where no object can reach into another tenant.
        """
        ...

    def inspector(self) -> SchemaInspector:
        """Reads its tenants."""
        ...

    async def sizes(self, tenants: Sequence[TenantContext]) -> Mapping[Ident, int]:
        """How many bytes the rows of top-level objects take, in the tenant where they take most; by identity.

        Objects without rows are left out, and all are where the engine knows no way to change them while they are
        used. A tenant that is not there counts for nothing. Waits for nobody's lock longer than a read does: what is
        locked counts with what was last known of it.

        Raises:
            Unreachable: the server cannot be reached.
        """
        ...

    async def probe(self, tenant: TenantContext, probes: Sequence[Probe]) -> Sequence[str]:
        """What a tenant's rows answer to a plan's probes: findings, for people, of those that say that a statement
        would fail; in the order of the probes.

        Changes nothing and takes no lock of this tool's. What cannot be asked, since the tenant is not where the plan
        begins or somebody's lock is in the way, is not answered.

        Raises:
            UnknownTenant, Refused: there is no such tenant, or it may not be read.
            Unreachable: the server cannot be reached.
        """
        ...

    def acquire_lock(self, tenant: TenantContext, *, lasting: bool = False) -> AbstractAsyncContextManager[Session]:
        """Lock one tenant against other runs of this tool and open a transaction in it; both end with the block.

        A try, never a wait: see `MigrationRunner.acquire_lock`, which adds the retries.
        """
        ...

    async def script(self, tenant: TenantContext) -> Script:
        """How a plan's statements are written for a tenant, for people who run them by hand.

        Raises:
            UnknownTenant: it is not there.
            Unreachable: the server cannot be reached.
        """
        ...

    async def elaborate(self, scripts: Sequence[str]) -> Snapshot:
        """What SQL scripts make of an empty tenant, in a scratch database that is gone afterwards; never beside live
        tenants. The scripts run in the order given.

        Raises:
            UsageError: the database does not accept a script; the message carries its words.
            Unreachable: no scratch database can be made.
        """
        ...

    def scratch(self) -> AbstractAsyncContextManager[DatabaseAdapter]:
        """An adapter of a new, empty database, which is gone with the block; never one beside live tenants.

        Whatever that adapter elaborates, creates, reads and runs is in there. It is of the server that the
        configuration names for this, else of this one.

        Raises:
            Unreachable: none can be made.
        """
        ...

    async def missing(
        self, needs: Collection[str], places: Mapping[str, str], tenant: TenantContext | None = None
    ) -> list[Lack]:
        """What of `Snapshot.wants` is not there, sorted; `places` are the snapshot's. What can be installed has
        remedies. What every tenant has of its own (roles) is looked for where a tenant is given.
        """
        ...

    async def missing_of_own(
        self, needs: Collection[str], tenants: Sequence[TenantContext]
    ) -> Mapping[TenantContext, list[Lack]]:
        """What of `Snapshot.wants` every tenant has of its own, and these lack, for each that does; `missing` without
        a tenant leaves that out. Asked for all at once.
        """
        ...

    async def surroundings(self) -> Snapshot:
        """What tenants may refer to, all of it, as the `furniture`, `shared` and `places` of a snapshot without
        objects. What no cell reads is left out.
        """
        ...

    async def prepare(self, statements: Sequence[Statement]) -> None:
        """Run statements that concern no tenant (`Lack.remedies`), all or none of them.

        Raises:
            TenantFailed, Refused: the database does not accept one; nothing was done.
        """
        ...

    async def seed(self, tenant: TenantContext) -> Seeding:
        """Put made-up rows into what holds rows in a tenant, as far as its constraints can be met; commits.

        Only ever asked of a scratch database.
        """
        ...

    async def rows(self, tenant: TenantContext) -> Rows:
        """All rows of a tenant, in no particular order."""
        ...

    async def create_tenant(self, tenant: TenantContext) -> None:
        """Make an empty tenant.

        Raises:
            AlreadyExists: it is there, or something else of that name is.
        """
        ...

    async def diagnose(self) -> list[Diagnostic]:
        """What `doctor` says of server, privileges, leftovers; codes `ok`, `warning`, `error`."""
        ...

    async def close(self) -> None:
        """Let go of all connections."""
        ...


@runtime_checkable
class SnapshotStore(Protocol):
    """Keeps versions of a schema and the observed fleet. Deals in files, and knows nothing of what is in them."""

    async def resolve(self, rev: str) -> Version:
        """The version that a revision names: a branch, tag, `~`, `^`, `@{date}`, an id or its unique beginning.

        Raises:
            UnknownRevision: with the names that are near; also for a beginning that several ids have.
        """
        ...

    async def read(self, version: Version) -> Mapping[str, bytes]:
        """All files of a version that the store owns: `manifest.json`, `schema/`, `layout/`, `shared/`.

        A store may read each file only when it is asked for, and what is wrong with it is found only then.
        """
        ...

    async def read_file(self, version: Version, path: str) -> bytes:
        """One file of a version.

        Raises:
            StoreError: it has none of that path.
        """
        ...

    async def changed(self, old: Version | None, new: Version | None, under: str = "schema/") -> list[FileChange]:
        """The files below `under` that differ, sorted by path; `None` is the empty version."""
        ...

    async def commit(
        self,
        branch: str,
        files: Mapping[str, bytes],
        message: str,
        *,
        trailers: Mapping[str, Sequence[str]] | None = None,
        author: str | None = None,
    ) -> tuple[Version, bool]:
        """Commit a snapshot's files to a branch; the version, and whether a commit was made.

        Nothing is committed where the branch's tip has these very files. Paths that the store does not own are
        carried over. Safe against other writers, and durable when it returns.
        """
        ...

    async def tag(self, name: str, version: Version, message: str, *, author: str | None = None) -> None:
        """Name a version with an annotated tag.

        Raises:
            AlreadyExists: the tag is there and names another version.
            UsageError: Git does not allow the name.
        """
        ...

    async def branch(self, name: str, version: Version) -> None:
        """Make a branch at a version. Raises AlreadyExists, UsageError like `tag`."""
        ...

    async def refs(self) -> Mapping[str, str]:
        """`refs/heads/…` and `refs/tags/…` -> the id of the version (tags peeled), sorted."""
        ...

    def log(self, version: Version, *, limit: int | None = None, path: str | None = None) -> AsyncIterator[Version]:
        """The version and its ancestors, newest first; with `path` only those that changed it."""
        ...

    async def ever(self, version: Version, paths: Collection[str]) -> Mapping[str, tuple[bytes, ...]]:
        """The distinct contents that each path ever had, in the version and all its ancestors, newest first.

        A path that never was a file is left out. It tells what was ever versioned from what is a tenant's own.
        """
        ...

    async def annotate(self, version: Version, data: bytes) -> None:
        """Note the physical identities of what a version was captured from, beside it: no part of the version."""
        ...

    async def annotation(self, version: Version) -> bytes | None:
        """What was noted with `annotate`; `None` where nothing was."""
        ...

    async def record(
        self, seen: Iterable[Observation], *, run: str, trailers: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Record what was seen of tenants, in one commit of the fleet; no commit where nothing changed."""
        ...

    async def forget(self, keys: Iterable[str], *, run: str) -> None:
        """Take tenants out of the fleet's record; what is not in it is passed over."""
        ...

    async def fleet(self) -> Mapping[str, FleetEntry]:
        """The fleet as last recorded, by key."""
        ...

    async def last_run(self) -> LastRun | None:
        """The run that last changed the fleet's record; `None` where nothing was ever recorded."""
        ...

    async def observed(self, key: str, *, nth: int = 0, at: datetime | None = None) -> Mapping[str, bytes]:
        """The files of a tenant's recorded state: the last, the nth earlier different one, or that at a time.

        Raises:
            UnknownTenant: nothing is recorded of it.
            UnknownRevision: it has no such earlier state.
        """
        ...

    async def spelling(self, fingerprint: str, name: str) -> Mapping[str, bytes] | None:
        """The files of the snapshot that a schema, known by its fingerprint, is in another spelling; `name` is of the
        form `postgresql-18`. `None` where none is kept.
        """
        ...

    async def spellings(self, fingerprint: str) -> Mapping[str, str]:
        """The spellings that are kept of a schema: name -> the fingerprint that it has in it; sorted."""
        ...

    async def spell(self, fingerprint: str, name: str, files: Mapping[str, bytes]) -> None:
        """Keep how a schema is spelled elsewhere; in the place of what was kept of that name."""
        ...

    async def verify(self, version: Version | None = None) -> list[Diagnostic]:
        """What is wrong in the store, or in what one version reaches: missing or damaged objects, refs to nothing,
        leftover locks and temporary files. It deals in Git's objects; canonical bytes are checked by who knows them.
        """
        ...

    async def close(self) -> None:
        """Let go of open files."""
        ...
