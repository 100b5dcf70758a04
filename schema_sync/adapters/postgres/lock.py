"""A tenant locked against other runs, in one open transaction: where statements are run and read back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final, Literal, NamedTuple

from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.access import OWNER, Access
from schema_sync.adapters.postgres.inspect import capture, unknown, unusable
from schema_sync.adapters.postgres.session import TORN, Connection, Limits, Pool, ServerError
from schema_sync.adapters.postgres.shared import SharedSchemas
from schema_sync.adapters.sql import Name, sql
from schema_sync.errors import Refused, SchemaSyncError, TenantBusy, TenantFailed
from schema_sync.model.plan import Probe, Statement
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot

LOCK_CLASS: Final = 0x53435359
"""The first half of the key of our advisory locks, `SCSY`; the second is the namespace's oid. It is no hash: among
50,000 names two would share one with a chance of one in four."""

_LOCK: Final = """
SELECT n.oid, r.rolname AS owner, has_schema_privilege(n.oid, 'USAGE') AS usable,
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
       CASE WHEN $3 THEN pg_try_advisory_lock($1::int, n.oid::bigint::bit(32)::int)
            ELSE pg_try_advisory_xact_lock($1::int, n.oid::bigint::bit(32)::int) END AS locked
  FROM pg_namespace n
  JOIN pg_roles r ON r.oid = n.nspowner
 WHERE n.nspname = $2
 ORDER BY n.oid
"""

_HOME: Final = """
SELECT r.rolname AS owner, has_schema_privilege(n.oid, 'USAGE') AS usable,
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser
  FROM pg_namespace n
  JOIN pg_roles r ON r.oid = n.nspowner
 WHERE n.nspname = $1
 ORDER BY n.oid
"""

_STILL: Final = """
SELECT EXISTS (SELECT FROM pg_locks l
                WHERE l.locktype = 'advisory' AND l.pid = pg_backend_pid() AND l.objsubid = 2 AND l.granted
                  AND l.classid = $1::bigint::oid AND l.objid = $2::oid) AS locked
"""
"""Whether this very server process holds the lock: behind a pooler the next transaction may be another's."""

_OF_VALUES: Final = frozenset({"22", "23", "P0"})
"""The classes of errors that a value brings about, or code of the tenant's that meets it (appendix A)."""

_DUPLICATE_OBJECT: Final = "42710"
_ONCE: Final = (
    "the database has one that is not the tenant's: an extension, or a cast between types of others, can be in one "
    "tenant only; install it into a shared schema"
)

_NO_POOLER: Final = (
    "a plan of several transactions needs one server process for all of them: name the server itself in `url`, or a "
    "pooler in session mode"
)

SetRole = Literal["owner", "none"]
"""Whether a superuser's statements run as the schema's owner: checks, indexes and USING clauses run tenants' code."""


class TenantSession:
    """One locked tenant, in one open transaction at a time; keeps the contract of `Session`."""

    def __init__(
        self,
        connection: Connection,
        tenant: TenantContext,
        shared: SharedSchemas,
        limits: Limits,
        access: Access,
        held: _Held,
    ) -> None:
        self._connection = connection
        self._tenant = tenant
        self._shared = shared
        self._limits = limits
        self._access = access
        self._held = held
        self._roles = {**access.of(tenant.name).own, OWNER: held.owner}
        self._at_home = False

    async def inspect(self) -> Snapshot:
        """The tenant as this transaction sees it, read by the same cells as in bulk, and as the same role: the owner
        may have given the schema away.
        """
        self._at_home = False
        await self._connection.run("SET LOCAL ROLE NONE")
        names = [self._tenant.name]
        outcome = (await capture(self._connection, names, self._shared, self._access))[self._tenant.name]
        await self._connection.run("SET LOCAL join_collapse_limit TO DEFAULT")
        if isinstance(outcome, SchemaSyncError):
            raise outcome
        return outcome

    async def execute(self, statement: Statement) -> None:
        """Run one statement, with the tenant in front of the search_path and temporary tables behind it."""
        try:
            await (self._go_home() if statement.in_transaction else self._settle(statement))
            await self._connection.run(text.expand(statement.sql, self._tenant.name, self._roles))
        except TenantBusy as error:
            raise TenantBusy(f"{self._tenant.id}: {statement.object}: {error.message}", hint=error.hint) from error
        except (ServerError, Refused) as error:
            words = error.words if isinstance(error, ServerError) else error.message
            taken = isinstance(error, ServerError) and error.sqlstate == _DUPLICATE_OBJECT
            raise TenantFailed(
                f"{self._tenant.id}: {statement.object}: {words}; the statement was {_shown(statement.sql)}",
                hint=error.hint or (_ONCE if taken else None),
            ) from error

    async def _go_home(self) -> None:
        if not self._at_home:
            home = sql("SET LOCAL search_path = {schema}, pg_temp", schema=Name(self._tenant.name))
            await self._connection.run(home.text())
            if self._held.role is not None:
                await self._connection.run(sql("SET LOCAL ROLE {role}", role=Name(self._held.role)).text())
            self._at_home = True

    async def _settle(self, statement: Statement) -> None:
        """Make the session rule and the limits hold outside of a transaction; the connection is given up afterwards.

        What is being built waits for others without keeping anybody waiting itself, and would lose its work if it gave
        up: it has all the time for locks that it needs. What clears away after it has all the time at all.
        """
        limits = self._limits
        if statement.builds:
            limits = Limits(lock=0) if statement.sweep is None else limits._replace(lock=0)
        await self._connection.settle(limits, {"search_path": f"{text.quote(self._tenant.name)}, pg_temp"})
        if self._held.role is not None:
            await self._connection.run(sql("SET ROLE {role}", role=Name(self._held.role)).text())

    async def begin(self) -> None:
        """Open the next transaction; the lock has to be there still, which a pooler could have lost."""
        self._at_home = False
        await self._connection.begin(self._limits)
        [row] = await self._connection.rows(_STILL, [LOCK_CLASS, self._held.namespace])
        if not row.locked:
            raise Refused(f"{self._tenant.id}: the lock was lost between two transactions", hint=_NO_POOLER)

    async def commit(self) -> None:
        """Commit; deferred constraints are checked first, so that their failure is an error like any other. They run
        tenants' code, and do so as the owner.
        """
        await self._go_home()
        await self._connection.run("SET CONSTRAINTS ALL IMMEDIATE")
        await self._connection.commit()

    async def rollback(self) -> None:
        """Leave the tenant as it was."""
        await self._connection.rollback()


@asynccontextmanager
async def locked(
    pool: Pool,
    tenant: TenantContext,
    shared: SharedSchemas,
    limits: Limits,
    set_role: SetRole,
    access: Access,
    *,
    lasting: bool = False,
) -> AsyncIterator[TenantSession]:
    """Lock a tenant, for the length of the block, in a transaction that is rolled back unless it was committed.

    A lasting lock is the connection's, which ends with the block.

    Raises:
        UnknownTenant, Refused, TenantBusy, Unreachable: see `DatabaseAdapter.acquire_lock`.
    """
    async with pool.connection() as connection:
        if lasting:
            await _refuse_pooler(pool, connection, tenant)
        await connection.begin(limits)
        try:
            held = await _acquire(connection, tenant, set_role, lasting=lasting)
            yield TenantSession(connection, tenant, shared, limits, access, held)
        finally:
            await (connection.close() if lasting else connection.rollback())


async def probe(
    pool: Pool, tenant: TenantContext, probes: Iterable[Probe], limits: Limits, set_role: SetRole, access: Access
) -> list[str]:
    """What the rows of a tenant answer to probes, each in a read-only transaction of its own, as the role that runs
    statements; see `DatabaseAdapter.probe`.
    """
    found = []
    async with pool.connection() as connection:
        for one in probes:
            await connection.begin(limits, snapshot=True)
            try:
                answer = await _ask(connection, tenant, one, set_role, access)
            finally:
                await connection.rollback()
            if answer is not None:
                found.append(answer)
    return found


async def home(connection: Connection, tenant: TenantContext) -> Any:
    """A tenant's schema: its `owner`, and whether the login is a `superuser`.

    Raises:
        UnknownTenant, Refused: there is none, or it may not be used.
    """
    rows = await connection.rows(_HOME, [tenant.name])
    if not rows:
        raise await unknown(connection, tenant.name)
    [row] = rows
    if not row.usable:
        raise unusable(tenant.name)
    return row


async def _ask(
    connection: Connection, tenant: TenantContext, probe: Probe, set_role: SetRole, access: Access
) -> str | None:
    """What a statement would fail on; `None` where nothing is known of that."""
    row = await home(connection, tenant)
    await connection.run(sql("SET LOCAL search_path = {schema}, pg_temp", schema=Name(tenant.name)).text())
    if row.superuser and set_role == "owner":
        await connection.run(sql("SET LOCAL ROLE {role}", role=Name(row.owner)).text())
    roles = {**access.of(tenant.name).own, OWNER: row.owner}
    try:
        found = await connection.rows(text.expand(probe.sql, tenant.name, roles))
    except ServerError as error:
        if error.sqlstate in TORN:  # it is not where the plan begins
            return None
        if error.sqlstate[:2] in _OF_VALUES:
            return f"{probe.finding}: {error.words}"
        raise
    except (Refused, TenantBusy):
        return None
    return probe.finding if found else None


async def _refuse_pooler(pool: Pool, connection: Connection, tenant: TenantContext) -> None:
    """Refuse a lasting lock where a pooler gives each transaction another server process: it would stay with one of
    them, and lock nobody out.

    A pooler shows by the process that it makes up at the login. Whether it keeps to one, as in session mode, is tried:
    a second client, in a transaction, must not be given the process of the first, nor may that be given another.
    """
    first = await connection.process()
    if first == connection.announced_process:
        return
    async with pool.connection() as other:
        await other.begin(Limits())
        try:
            is_kept = await other.process() != first and await connection.process() == first
        finally:
            await other.rollback()
    if not is_kept:
        raise Refused(
            f"{tenant.id}: {connection.target} is a pooler that gives each transaction another server process, so that "
            f"nothing can stay locked between two",
            hint=_NO_POOLER,
        )


class _Held(NamedTuple):
    """A lock that was granted."""

    namespace: int
    owner: str
    """The owner of the schema."""
    role: str | None
    """The role that statements run as; `None` for that of the login."""


async def _acquire(connection: Connection, tenant: TenantContext, set_role: SetRole, *, lasting: bool) -> _Held:
    rows = await connection.rows(_LOCK, [LOCK_CLASS, tenant.name, lasting])
    if not rows:
        raise await unknown(connection, tenant.name)
    [row] = rows
    if not row.usable:
        raise unusable(tenant.name)
    if not row.locked:
        raise TenantBusy(
            f"{tenant.id} is locked by another run of schema-sync",
            hint="wait for it; `schema-sync doctor` says which process holds the lock",
        )
    return _Held(row.oid, row.owner, row.owner if row.superuser and set_role == "owner" else None)


def _shown(statement: str) -> str:
    """A statement on one line, for a message."""
    line = " ".join(statement.split())
    return line if len(line) <= 200 else f"{line[:199]}…"
