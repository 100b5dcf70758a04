"""The adapter: one PostgreSQL database and the schemas in it that are tenants."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any, Final

from schema_sync.adapters.kind import Kinds, rows_by_ident
from schema_sync.adapters.kind import kinds as by_name
from schema_sync.adapters.postgres import text, versions
from schema_sync.adapters.postgres.access import Access, Owners
from schema_sync.adapters.postgres.born import with_defaults
from schema_sync.adapters.postgres.capture import DIALECT
from schema_sync.adapters.postgres.doctor import diagnose
from schema_sync.adapters.postgres.inspect import Inspector
from schema_sync.adapters.postgres.kinds import KINDS
from schema_sync.adapters.postgres.lock import SetRole, TenantSession, locked, probe
from schema_sync.adapters.postgres.mentions import mentioned
from schema_sync.adapters.postgres.objects import VOCABULARY
from schema_sync.adapters.postgres.outside import ROLE, SCRATCH, installed, missing, own_roles, role_made, roles_there
from schema_sync.adapters.postgres.rules import LONGEST_NAME
from schema_sync.adapters.postgres.scratch import Scratch, load, scratch_database
from schema_sync.adapters.postgres.script import script
from schema_sync.adapters.postgres.seed import rows, seed
from schema_sync.adapters.postgres.session import Connection, Limits, Pool, ServerError, describe
from schema_sync.adapters.postgres.shared import SharedSchemas
from schema_sync.adapters.postgres.sizes import sizes
from schema_sync.adapters.sql import Name, sql
from schema_sync.errors import AlreadyExists, ConfigError, Unreachable
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject, Vocabulary
from schema_sync.model.plan import Probe, Statement
from schema_sync.model.report import Diagnostic, Lack, Seeding, TenantContext, TenantSelection
from schema_sync.model.snapshot import Snapshot
from schema_sync.protocols import Rows, Script, Server

_SCHEMAS: Final = """
SELECT n.nspname AS name
  FROM pg_namespace n
 WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
 ORDER BY n.nspname
"""

_DUPLICATE_SCHEMA: Final = "42P06"
_RESERVED_NAME: Final = "42939"


class PostgresAdapter:
    """One PostgreSQL database; keeps the contract of `DatabaseAdapter`.

    `url` is libpq's: .pgpass, PGSERVICE and sslmode work as in psql. `shared` are the schemas that a tenant may refer
    to; they are no tenants themselves. Timeouts are in seconds, and none is 0; `lock_timeout` is also how long a read
    waits for somebody else's lock. `scratch_url` is where scratch databases are made, if not on the same server.
    `roles` spells roles that every tenant has of its own, `{"app": "{tenant}_app"}`, and `owners` says whether who
    owns an object is a part of the schema.
    """

    dialect = DIALECT
    vocabulary: Vocabulary = VOCABULARY
    kinds: Kinds = by_name(with_defaults(KINDS))

    def __init__(
        self,
        url: str,
        name: str = "main",
        *,
        tenants: TenantSelection | None = None,
        shared: Sequence[str] = ("public",),
        lock_timeout: float = 2.0,
        statement_timeout: float = 0.0,
        scratch_url: str = "",
        set_role: SetRole = "owner",
        roles: Mapping[str, str] | None = None,
        owners: Owners = "ignore",
    ) -> None:
        if text.STAND_IN in shared:
            raise ConfigError(f"a shared schema cannot be called {text.STAND_IN}: that stands for the tenant")
        self.name = name
        self.target = describe(url)
        """The server and database, for people; never with a password."""
        self._tenants = tenants or TenantSelection()
        self._shared = frozenset(shared)
        self._commons = SharedSchemas(self._shared)
        self._limits = Limits(lock_timeout, statement_timeout)
        self._scratch_url = scratch_url
        self._set_role: SetRole = set_role
        self._access = Access(dict(roles or {}), owners)
        left_out = (cell.name for cell in KINDS if cell.only_with_owners and owners == "ignore")
        self.unread: Collection[str] = frozenset(left_out)
        self._pool = Pool(url)
        self._server: Server | None = None
        self._home: Scratch | None = None
        """The scratch database that it is an adapter of."""

    @classmethod
    def configured(
        cls, url: str, *, name: str, tenants: TenantSelection, shared: tuple[str, ...], options: Mapping[str, Any]
    ) -> PostgresAdapter:
        """An adapter for one configured database; nothing is connected yet. See `registry.Factory`."""
        known = ("lock_timeout", "statement_timeout", "scratch_url", "set_role", "roles", "owners")
        return cls(
            url,
            name,
            tenants=tenants,
            shared=shared,
            **{option: options[option] for option in known if option in options},
        )

    async def server(self) -> Server:
        """The server's version, asked for once; see `DatabaseAdapter.server`."""
        if self._server is None:
            async with self._pool.connection() as connection:
                self._server = _server(connection)
        return self._server

    async def list_tenants(self) -> list[TenantContext]:
        """The schemas that the configuration selects and that are there; see `DatabaseAdapter.list_tenants`.

        Raises:
            ConfigError: the configured query failed.
        """
        async with self._pool.connection() as connection:
            await connection.begin(Limits(), snapshot=True)
            try:
                there = [row.name for row in await connection.rows(_SCHEMAS)]
                asked = await self._asked(connection)
            finally:
                await connection.rollback()
        names = (name for name in there if name not in self._shared and (asked is None or name in asked))
        return [TenantContext(name, self.name) for name in names if self._is_selected(name)]

    async def _asked(self, connection: Connection) -> set[str] | None:
        """What the configured query answers; it runs read-only, with an empty search_path."""
        if not self._tenants.query:
            return None
        try:
            return {str(row[0]) for row in await connection.rows(self._tenants.query)}
        except ServerError as error:
            message = f"{self.name}: the query for tenants failed: {error.words}"
            raise ConfigError(message, hint=error.hint) from error

    def _is_selected(self, name: str) -> bool:
        chosen = self._tenants
        if chosen.names and name not in chosen.names:
            return False
        if chosen.schemas and not any(fnmatchcase(name, pattern) for pattern in chosen.schemas):
            return False
        return not any(fnmatchcase(name, pattern) for pattern in chosen.exclude)

    def mentioned(self, obj: SchemaObject) -> Mapping[str, str]:
        """What a literal or a body may name of other schemas; see `DatabaseAdapter.mentioned`."""
        return mentioned(obj)

    def inspector(self) -> Inspector:
        """Reads its tenants; see `DatabaseAdapter.inspector`."""
        return self._inspector

    @cached_property
    def _inspector(self) -> Inspector:
        return Inspector(self._pool, self._commons, self._limits, self._access)

    async def sizes(self, tenants: Sequence[TenantContext]) -> Mapping[Ident, int]:
        """What the rows of tables and materialized views take, without indexes; see `DatabaseAdapter.sizes`."""
        return await sizes(self._pool, [tenant.name for tenant in tenants], self._limits)

    async def probe(self, tenant: TenantContext, probes: Sequence[Probe]) -> list[str]:
        """What a tenant's rows answer to probes; see `DatabaseAdapter.probe`."""
        return await probe(self._pool, tenant, probes, self._limits, self._set_role, self._access)

    def acquire_lock(
        self, tenant: TenantContext, *, lasting: bool = False
    ) -> AbstractAsyncContextManager[TenantSession]:
        """Lock one tenant and open a transaction in it; see `DatabaseAdapter.acquire_lock`."""
        return locked(self._pool, tenant, self._commons, self._limits, self._set_role, self._access, lasting=lasting)

    async def script(self, tenant: TenantContext) -> Script:
        """How statements are written for psql; see `DatabaseAdapter.script`."""
        async with self._reading() as connection:
            return await script(connection, tenant, self._limits, self._set_role, self._access)

    @asynccontextmanager
    async def scratch(self) -> AsyncIterator[PostgresAdapter]:
        """An adapter of a database of its own; see `DatabaseAdapter.scratch`. Statements run as the login's role."""
        async with scratch_database(self._pool, self._scratch_url, self._shared) as made:
            adapter = PostgresAdapter(
                made.url, "scratch", shared=sorted(self._shared), lock_timeout=self._limits.lock, set_role="none"
            )
            adapter._access, adapter.unread = self._access, self.unread
            adapter._home = made
            try:
                yield adapter
            finally:
                await adapter.close()

    async def elaborate(self, scripts: Sequence[str]) -> Snapshot:
        """What scripts make of an empty tenant; see `DatabaseAdapter.elaborate`. The scratch database has the
        extensions of the live one's shared schemas.
        """
        if self._home is not None:
            return await load(self._pool, scripts, self._commons, self._access)
        around = await self.surroundings()
        async with self.scratch() as scratch:
            lacks = await scratch.missing(around.shared, around.places)
            await scratch.prepare([statement for lack in lacks for statement in lack.remedies])
            return await scratch.elaborate(scripts)

    async def missing(
        self, needs: Collection[str], places: Mapping[str, str], tenant: TenantContext | None = None
    ) -> list[Lack]:
        """What is not there of what a schema needs; see `DatabaseAdapter.missing`."""
        roles = None if tenant is None else self._access.of(tenant.name)
        makes = set() if self._home is None else SCRATCH | ({ROLE} if self._home.makes_roles else set())
        async with self._reading() as connection:
            return await missing(connection, needs, places, self._shared, roles, makes=makes)

    async def missing_of_own(
        self, needs: Collection[str], tenants: Sequence[TenantContext]
    ) -> Mapping[TenantContext, list[Lack]]:
        """The mapped roles that are not there; see `DatabaseAdapter.missing_of_own`."""
        named = {tenant: own_roles(needs, self._access.of(tenant.name)) for tenant in tenants}
        if not any(named.values()):
            return {}
        async with self._reading() as connection:
            there = await roles_there(connection, [role for roles in named.values() for role in roles])
        lost = {tenant: [role for role in roles if role not in there] for tenant, roles in named.items()}
        return {tenant: [Lack(need=ROLE + role) for role in roles] for tenant, roles in lost.items() if roles}

    async def surroundings(self) -> Snapshot:
        """The shared schemas, and the extensions in them; see `DatabaseAdapter.surroundings`."""
        async with self._reading() as connection:
            reading = await self._commons.read(connection)
            furniture = reading.whole()
            extensions = await installed(connection, self._shared)
        if reading.torn is not None:
            raise reading.torn
        places = {**extensions, **reading.places(furniture)}
        spelling = str(versions.major(connection.version))
        return Snapshot(DIALECT, spelling=spelling, shared=extensions, places=places, furniture=furniture)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[Connection]:
        async with self._pool.connection() as connection:
            await connection.begin(self._limits, snapshot=True)
            try:
                yield connection
            finally:
                await connection.rollback()

    async def prepare(self, statements: Sequence[Statement]) -> None:
        """Run statements that concern no tenant, in one transaction; see `DatabaseAdapter.prepare`."""
        if not statements:
            return
        async with self._pool.connection() as connection:
            await connection.begin(self._limits)
            try:
                for statement in statements:
                    await connection.run(statement.sql)
                await connection.commit()
            finally:
                await connection.rollback()
        if self._home is not None:
            self._home.roles += [role for each in statements if (role := role_made(each)) is not None]

    async def seed(self, tenant: TenantContext) -> Seeding:
        """Put made-up rows into a tenant; see `DatabaseAdapter.seed`."""
        async with self._pool.connection() as connection:
            rows, empty = await seed(connection, tenant.name, sorted(self._shared))
        return Seeding(rows=rows, empty=tuple(f"{table} has no rows: {why}" for table, why in empty.items()))

    async def rows(self, tenant: TenantContext) -> Rows:
        """All rows of a tenant; see `DatabaseAdapter.rows`."""
        snapshot = await self.inspector().inspect(tenant)
        async with self._pool.connection() as connection:
            return rows_by_ident(snapshot, self.kinds, await rows(connection, tenant.name))

    async def create_tenant(self, tenant: TenantContext) -> None:
        """Create the schema; see `DatabaseAdapter.create_tenant`.

        Raises:
            ConfigError: PostgreSQL or the placeholder for tenants reserves the name.
        """
        if tenant.name == text.STAND_IN or not 0 < len(tenant.name.encode()) <= LONGEST_NAME:
            raise ConfigError(f"no tenant can be called {tenant.name!r}", hint=f"it takes 1 to {LONGEST_NAME} bytes")
        async with self._pool.connection() as connection:
            await connection.begin(self._limits)
            try:
                await connection.run(sql("CREATE SCHEMA {schema}", schema=Name(tenant.name)).text())
                await connection.commit()
            except ServerError as error:
                if error.sqlstate == _DUPLICATE_SCHEMA:
                    raise AlreadyExists(f"the tenant {tenant.id} is there already") from error
                if error.sqlstate == _RESERVED_NAME:
                    raise ConfigError(f"no tenant can be called {tenant.name!r}: {error.words}") from error
                raise
            finally:
                await connection.rollback()

    async def diagnose(self) -> list[Diagnostic]:
        """What `doctor` says of server and role; see `DatabaseAdapter.diagnose`."""
        try:
            tenants = await self.list_tenants()
            async with self._pool.connection() as connection:
                return await diagnose(connection, self.target, [tenant.name for tenant in tenants])
        except Unreachable as error:
            return [Diagnostic(code="error", object=self.target, message=error.message)]

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close()


def _server(connection: Connection) -> Server:
    version = connection.version
    if versions.support(version) == "refused":
        raise Unreachable(
            f"{connection.target} is {versions.text(version)}, which is not supported",
            hint=f"{versions.OLDEST} is the oldest",
        )
    return Server(
        version=version,
        text=versions.text(version),
        spelling=str(versions.major(version)),
        notice=versions.notice(version),
    )
