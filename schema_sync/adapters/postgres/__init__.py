"""PostgreSQL 13 and newer, a schema per tenant."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from fnmatch import fnmatchcase
from typing import Final

import msgspec

from schema_sync.adapters.kind import Kinds
from schema_sync.adapters.kind import kinds as by_name
from schema_sync.adapters.postgres.capture import DIALECT
from schema_sync.adapters.postgres.doctor import diagnose
from schema_sync.adapters.postgres.inspect import Inspector
from schema_sync.adapters.postgres.kinds import KINDS
from schema_sync.adapters.postgres.lock import SetRole, TenantSession, locked
from schema_sync.adapters.postgres.objects import VOCABULARY
from schema_sync.adapters.postgres.session import Connection, Pool, ServerError, describe
from schema_sync.adapters.postgres.text import PLACEHOLDER
from schema_sync.adapters.sql import Name, sql
from schema_sync.errors import AlreadyExists, ConfigError, Unreachable
from schema_sync.model.objects import Vocabulary
from schema_sync.model.report import Diagnostic, TenantContext
from schema_sync.protocols import Server

OLDEST: Final = 130000
"""The oldest server that is read."""

_SCHEMAS: Final = """
SELECT n.nspname AS name
  FROM pg_namespace n
 WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
 ORDER BY n.nspname
"""

_DUPLICATE_SCHEMA: Final = "42P06"
_RESERVED_NAME: Final = "42939"


class Tenants(msgspec.Struct, frozen=True, kw_only=True):
    """Which schemas are tenants: by patterns, by a list of names, or by a query that returns names."""

    schemas: tuple[str, ...] = ("*",)
    exclude: tuple[str, ...] = ()
    query: str | None = None
    list: tuple[str, ...] | None = None

    def select(self, schemas: Sequence[str]) -> tuple[str, ...]:
        """Those of the schemas that the patterns and exclusions let through, in their order."""
        return tuple(
            name
            for name in schemas
            if any(fnmatchcase(name, pattern) for pattern in self.schemas)
            and not any(fnmatchcase(name, pattern) for pattern in self.exclude)
        )


class PostgresAdapter:
    """One PostgreSQL database; keeps the contract of `DatabaseAdapter`.

    `url` is libpq's: .pgpass, PGSERVICE and sslmode work as in psql. `shared` are the schemas that a tenant may refer
    to; they are no tenants themselves. Timeouts are in the server's own notation, `2s`; `read_timeout` is how long a
    read waits for somebody's lock.
    """

    dialect = DIALECT
    vocabulary: Vocabulary = VOCABULARY
    kinds: Kinds = by_name(KINDS)

    def __init__(
        self,
        url: str,
        name: str = "main",
        *,
        tenants: Tenants | None = None,
        shared: Sequence[str] = ("public",),
        lock_timeout: str = "2s",
        statement_timeout: str = "0",
        read_timeout: str = "2s",
        set_role: SetRole = "owner",
        application_name: str = "schema-sync",
    ) -> None:
        if PLACEHOLDER[1:-1] in shared:
            raise ConfigError(f"a shared schema cannot be called {PLACEHOLDER[1:-1]}: that stands for the tenant")
        self.name = name
        self.target = describe(url)
        """The server and database, for people; never with a password."""
        self._tenants = tenants or Tenants()
        self._shared = frozenset(shared)
        self._lock_timeout = lock_timeout
        self._statement_timeout = statement_timeout
        self._read_timeout = read_timeout
        self._set_role: SetRole = set_role
        self._pool = Pool(url, application_name=application_name)
        self._server: Server | None = None

    async def server(self) -> Server:
        """The server's version, asked for once; see `DatabaseAdapter.server`."""
        if self._server is None:
            async with self._pool.connection() as connection:
                self._server = _server(connection)
        return self._server

    async def list_tenants(self) -> list[TenantContext]:
        """The schemas that the configuration selects and that are there; see `DatabaseAdapter.list_tenants`."""
        async with self._pool.connection() as connection:
            await connection.begin(snapshot=True, lock_timeout=self._read_timeout)
            try:
                there = [row.name for row in await connection.rows(_SCHEMAS)]
                names = await self._selected(connection, there)
            finally:
                await connection.rollback()
        return [TenantContext(name, self.name) for name in sorted(names)]

    async def _selected(self, connection: Connection, there: Sequence[str]) -> set[str]:
        """A query runs with an empty search_path, read-only, and what it names need not be there."""
        own = [name for name in there if name not in self._shared]
        if self._tenants.query is not None:
            try:
                rows = await connection.rows(self._tenants.query)
            except ServerError as error:
                raise ConfigError(
                    f"{self.name}: the query for tenants failed: {error.words}", hint=error.hint
                ) from error
            asked = {str(row[0]) for row in rows}
            own = [name for name in own if name in asked]
        elif self._tenants.list is not None:
            own = [name for name in own if name in self._tenants.list]
        return set(self._tenants.select(own))

    def inspector(self) -> Inspector:
        """Reads its tenants; see `DatabaseAdapter.inspector`."""
        return Inspector(self._pool, self._shared, lock_timeout=self._read_timeout, statement_timeout="0")

    def acquire_lock(self, tenant: TenantContext) -> AbstractAsyncContextManager[TenantSession]:
        """Lock one tenant and open a transaction in it; see `DatabaseAdapter.acquire_lock`."""
        return locked(
            self._pool,
            tenant,
            self._shared,
            lock_timeout=self._lock_timeout,
            statement_timeout=self._statement_timeout,
            set_role=self._set_role,
        )

    async def create_tenant(self, tenant: TenantContext) -> None:
        """Create the schema; see `DatabaseAdapter.create_tenant`.

        Raises:
            ConfigError: PostgreSQL or the placeholder for tenants reserves the name.
        """
        if tenant.name == PLACEHOLDER[1:-1] or len(tenant.name.encode()) > 63:
            raise ConfigError(f"no tenant can be called {tenant.name!r}", hint="at most 63 bytes, and no placeholder")
        async with self._pool.connection() as connection:
            await connection.begin(lock_timeout=self._lock_timeout)
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
                return await diagnose(connection, self.target, [tenant.name for tenant in tenants], OLDEST)
        except Unreachable as error:
            return [Diagnostic(code="error", object=self.target, message=error.message)]

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close()


def _server(connection: Connection) -> Server:
    version = connection.version
    if version < OLDEST:
        raise Unreachable(
            f"{connection.target} is PostgreSQL {version // 10000}, which is not supported", hint="13 is the oldest"
        )
    text = f"PostgreSQL {version // 10000}.{version % 10000}"
    return Server(version=version, text=text, spelling=str(version // 10000))
