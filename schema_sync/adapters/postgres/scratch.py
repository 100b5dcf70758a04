"""Databases of our own, for a while: where a state is elaborated, replayed or proven by the server itself.

Never a schema beside live tenants: a foreign key to a shared table would lock it. Roles belong to the whole cluster;
they are only ever made in one that is known to be another than the tenants', and are gone with the database.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from schema_sync.adapters.postgres import versions
from schema_sync.adapters.postgres.access import Access
from schema_sync.adapters.postgres.inspect import capture
from schema_sync.adapters.postgres.outside import cluster
from schema_sync.adapters.postgres.session import Connection, Limits, Pool, ServerError, other_database
from schema_sync.adapters.postgres.shared import SharedSchemas
from schema_sync.adapters.sql import Name, sql
from schema_sync.errors import Refused, SchemaSyncError, Unreachable, UsageError
from schema_sync.model.snapshot import Snapshot

PREFIX: Final = "schema_sync_scratch_"
"""What the names of scratch databases begin with: `doctor` finds those of runs that died."""

TENANT: Final = "scratch"
"""The schema that scripts are loaded into."""


class Scratch:
    """A database that is there for the length of a block."""

    def __init__(self, url: str, *, makes_roles: bool) -> None:
        self.url = url
        self.makes_roles = makes_roles
        """Whether roles may be made: its cluster is not the tenants'."""
        self.roles: list[str] = []
        """Those that were made, and end with it."""


@asynccontextmanager
async def scratch_database(live: Pool, scratch_url: str, shared: frozenset[str]) -> AsyncIterator[Scratch]:
    """A new database with empty shared schemas, on the server for that, or else on the tenants' own.

    A server of another major version spells definitions differently, and is not used.

    Raises:
        Unreachable: none can be made.
    """
    server, is_another = await _server(live, scratch_url)
    name = PREFIX + secrets.token_hex(8)
    try:
        scratch = Scratch(
            other_database(scratch_url if is_another else live.url, name),
            makes_roles=is_another and await _are_apart(live, server),
        )
        try:
            await server.run(sql("CREATE DATABASE {name} TEMPLATE template0", name=Name(name)).text())
        except (ServerError, Refused) as error:
            raise Unreachable(
                f"no scratch database can be made: {error.message}",
                hint="grant CREATEDB to the role, or set [postgres] scratch_url",
            ) from error
        try:
            await _make_schemas(scratch.url, shared)
            yield scratch
        finally:
            await server.run(sql("DROP DATABASE {name} WITH (FORCE)", name=Name(name)).text())
            await _drop_roles(server, scratch.roles)
    finally:
        await server.close()


async def _drop_roles(server: Connection, roles: Sequence[str]) -> None:
    """Drop roles that were made for the database; one that somebody else has taken up by now stays."""
    for role in roles:
        try:
            await server.run(sql("DROP ROLE IF EXISTS {role}", role=Name(role)).text())
        except (ServerError, Refused):
            continue


async def _server(live: Pool, scratch_url: str) -> tuple[Connection, bool]:
    """A connection to the server of scratch databases, and whether it is not simply the tenants' own."""
    async with live.connection() as connection:
        major = versions.major(connection.version)
    if scratch_url:
        server = await Connection.open(scratch_url)
        if versions.major(server.version) == major:
            return server, True
        await server.close()
    return await Connection.open(live.url), False


async def _are_apart(live: Pool, server: Connection) -> bool:
    async with live.connection() as connection:
        ours, theirs = await cluster(connection), await cluster(server)
    return ours is not None and theirs is not None and ours != theirs


async def _make_schemas(url: str, shared: frozenset[str]) -> None:
    connection = await Connection.open(url)
    try:
        for schema in sorted(shared):
            await connection.run(sql("CREATE SCHEMA IF NOT EXISTS {schema}", schema=Name(schema)).text())
    finally:
        await connection.close()


async def load(pool: Pool, scripts: Sequence[str], shared: SharedSchemas, access: Access) -> Snapshot:
    """What scripts make of an empty tenant, in a transaction that is rolled back.

    Raises:
        UsageError: the database does not accept a script.
    """
    async with pool.connection() as connection:
        await connection.begin(Limits())
        try:
            await connection.run(sql("CREATE SCHEMA {schema}", schema=Name(TENANT)).text())
            for script in scripts:
                await connection.run(sql("SET LOCAL search_path = {schema}, pg_temp", schema=Name(TENANT)).text())
                try:
                    await connection.run(script)
                except ServerError as error:
                    message = f"the database does not accept the script: {error.words}"
                    raise UsageError(message, hint=error.hint) from error
            outcome = (await capture(connection, [TENANT], shared, access))[TENANT]
        finally:
            await connection.rollback()
    if isinstance(outcome, SchemaSyncError):
        raise outcome
    return outcome
