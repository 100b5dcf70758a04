"""A desired state written as SQL, elaborated by the server itself in a database of its own.

Never in a schema beside live tenants: a foreign key to a shared table would lock it.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from schema_sync.adapters.postgres.access import Access
from schema_sync.adapters.postgres.inspect import capture
from schema_sync.adapters.postgres.session import Connection, Limits, Pool, ServerError, other_database
from schema_sync.adapters.sql import Name, sql
from schema_sync.errors import Refused, SchemaSyncError, Unreachable, UsageError
from schema_sync.model.snapshot import Snapshot

PREFIX: Final = "schema_sync_scratch_"
"""What the names of scratch databases begin with: `doctor` finds those of runs that died."""

_TENANT: Final = "scratch"

_EXTENSIONS: Final = """
SELECT e.extname AS name, n.nspname AS schema
  FROM pg_extension e
  JOIN pg_namespace n ON n.oid = e.extnamespace
 WHERE n.nspname = ANY($1::text[])
 ORDER BY e.oid
"""
"""In the order in which they were installed, so that one that another needs is there before it."""


async def elaborate(
    pool: Pool, scratch_url: str, scripts: Sequence[str], shared: frozenset[str], access: Access | None = None
) -> Snapshot:
    """What scripts make of an empty tenant that has the live database's extensions; see `DatabaseAdapter.elaborate`."""
    async with pool.connection() as connection:
        await connection.begin(Limits(), snapshot=True)
        extensions = [(row.name, row.schema) for row in await connection.rows(_EXTENSIONS, [list(shared)])]
        await connection.rollback()
    async with _database(scratch_url or pool.url) as scratch:
        await scratch.begin(Limits())
        await _furnish(scratch, extensions, shared)
        await scratch.run(sql("CREATE SCHEMA {schema}", schema=Name(_TENANT)).text())
        for script in scripts:
            await scratch.run(sql("SET LOCAL search_path = {schema}, pg_temp", schema=Name(_TENANT)).text())
            try:
                await scratch.run(script)
            except ServerError as error:
                raise UsageError(f"the database does not accept the script: {error.words}", hint=error.hint) from error
        outcome = (await capture(scratch, [_TENANT], shared, access))[_TENANT]
        if isinstance(outcome, SchemaSyncError):
            raise outcome
        return outcome


async def _furnish(scratch: Connection, extensions: Sequence[tuple[str, str]], shared: frozenset[str]) -> None:
    """Shared schemas and the extensions in them; what the scratch server has not installed is left out."""
    for schema in sorted(shared):
        await scratch.run(sql("CREATE SCHEMA IF NOT EXISTS {schema}", schema=Name(schema)).text())
    available = {row.name for row in await scratch.rows("SELECT name FROM pg_available_extensions ORDER BY name")}
    for name, schema in extensions:
        if name in available:
            create = "CREATE EXTENSION IF NOT EXISTS {name} SCHEMA {schema}"
            await scratch.run(sql(create, name=Name(name), schema=Name(schema)).text())


@asynccontextmanager
async def _database(url: str) -> AsyncIterator[Connection]:
    """A connection to a new database, which is dropped with the block."""
    name = PREFIX + secrets.token_hex(8)
    server = await Connection.open(url)
    try:
        try:
            await server.run(sql("CREATE DATABASE {name} TEMPLATE template0", name=Name(name)).text())
        except (ServerError, Refused) as error:
            raise Unreachable(
                f"no scratch database can be made: {error.message}",
                hint="grant CREATEDB to the role, or set [postgres] scratch_url",
            ) from error
        try:
            scratch = await Connection.open(other_database(url, name))
            try:
                yield scratch
            finally:
                await scratch.close()
        finally:
            await server.run(sql("DROP DATABASE {name} WITH (FORCE)", name=Name(name)).text())
    finally:
        await server.close()
