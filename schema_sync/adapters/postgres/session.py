"""psycopg's only door: connections, transactions under the session rule, and the server's errors as ours.

Every transaction sets, for itself alone, what could change how the server prints or reads text (SET LOCAL), so that a
role's or a database's settings and any pooler make no difference. Nothing is left behind in a connection.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, LiteralString, NamedTuple

import psycopg
from psycopg import AsyncConnection, AsyncCursor, AsyncRawCursor
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.rows import namedtuple_row, tuple_row

from schema_sync.adapters.postgres.rows import Table
from schema_sync.errors import ConfigError, Refused, SchemaSyncError, TenantBusy, TenantFailed, Unreachable

SETTINGS: Final = {
    "search_path": "",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "lc_monetary": "C",
    "xmlbinary": "base64",
    "xmloption": "content",
    "standard_conforming_strings": "on",
    "escape_string_warning": "off",
    "transform_null_equals": "off",
    "array_nulls": "on",
    "quote_all_identifiers": "off",
    "row_security": "off",
    "default_tablespace": "",
    "default_table_access_method": "heap",
    "check_function_bodies": "off",
    "client_min_messages": "warning",
    "idle_in_transaction_session_timeout": "0",
    "jit": "off",
    "client_connection_check_interval": "1s",
}
"""The session rule. `row_security = off` makes a query fail where a policy would falsify it; `lc_monetary` is how
defaults of type money print; the last lets the server end a statement, and free its locks, soon after the run that
waits for it was killed. The others are in the manual's chapters 20.11 and 20.13."""

READING: Final = {"work_mem": "32MB"}
"""What reading sets besides: a batch of tenants has more rows than the server's own measure sorts in memory."""

APPLICATION_NAME: Final = "schema-sync"
"""What pg_stat_activity shows."""

BUSY: Final = frozenset({"40001", "40P01", "55P03", "57014"})
"""Serialization failure, deadlock, lock not available, query cancelled by a timeout (appendix A): a retry may help."""

TORN: Final = frozenset({"XX000", "42P01", "42703", "42704", "42883"})
"""What a catalog query answers when something was dropped while it ran, whatever the message says."""

_OIDS: Final = frozenset({26, 1028})
"""The types oid and oid[] (pg_type.dat)."""

_LOST: Final = frozenset({"57P01", "57P02", "57P03", "53300"})

_BEGIN: Final[LiteralString] = "BEGIN ISOLATION LEVEL READ COMMITTED"
_BEGIN_SNAPSHOT: Final[LiteralString] = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"

_SET: Final[LiteralString] = """
SELECT set_config(name, value, $3)
  FROM unnest($1::text[], $2::text[]) AS setting(name, value)
 WHERE name <> 'client_connection_check_interval' OR version() ~ 'linux'
"""
"""A server whose system does not tell it that a client is gone refuses to look for that (manual: 20.3.2)."""


class Limits(NamedTuple):
    """How long the statements of a transaction may wait for a lock, and run; in seconds, 0 for no limit."""

    lock: float = 2.0
    statement: float = 0.0

    def settings(self) -> dict[str, str]:
        """The server's settings for it."""
        return {"lock_timeout": f"{self.lock * 1000:.0f}ms", "statement_timeout": f"{self.statement * 1000:.0f}ms"}


class Connection:
    """One connection to a server; a thin cover over psycopg's that speaks our errors."""

    def __init__(self, connection: AsyncConnection[Any], target: str) -> None:
        self._connection = connection
        self.target = target
        """The server and database, for messages; never with a password."""

    @property
    def version(self) -> int:
        """`server_version_num`, such as 150018."""
        return self._connection.info.server_version

    @property
    def announced_process(self) -> int:
        """The server process that the login was told; a pooler makes one up."""
        return self._connection.info.backend_pid

    async def process(self) -> int:
        """The server process that answers now."""
        [row] = await self.rows("SELECT pg_backend_pid() AS pid")
        return int(row.pid)

    @property
    def is_open(self) -> bool:
        """Whether it can still be used."""
        return not self._connection.closed and not self._connection.broken

    @classmethod
    async def open(cls, url: str) -> Connection:
        """Connect, with libpq's own rules for .pgpass, services and TLS.

        Raises:
            ConfigError: the URL is not one.
            Unreachable: the server is not there, or refuses the login.
        """
        target = describe(url)
        try:
            connection = await AsyncConnection.connect(
                url,
                autocommit=True,
                prepare_threshold=None,
                application_name=APPLICATION_NAME,
                client_encoding="utf8",
                cursor_factory=AsyncRawCursor,
            )
        except psycopg.OperationalError as error:
            words = _one_line(str(error)).removeprefix("connection failed: ")
            raise Unreachable(f"cannot connect to {target}: {words}", hint=_why(words)) from None
        return cls(connection, target)

    async def begin(self, limits: Limits, *, snapshot: bool = False) -> None:
        """Open a transaction under the session rule; with `snapshot` a read-only one that sees a single moment."""
        settings = SETTINGS | limits.settings() | (READING if snapshot else {})
        with self._errors():
            await self._connection.execute(_BEGIN_SNAPSHOT if snapshot else _BEGIN)
            await self._connection.execute(_SET, [list(settings), list(settings.values()), True])

    async def settle(self, limits: Limits, settings: Mapping[str, str]) -> None:
        """Make the session rule, the limits and these settings hold for the connection until the next call."""
        settled = SETTINGS | limits.settings() | dict(settings)
        with self._errors():
            await self._connection.execute(_SET, [list(settled), list(settled.values()), False])

    async def rows(self, query: str, params: Sequence[Any] = ()) -> list[Any]:
        """The rows of a catalog query, as named tuples; `$1` and on are its parameters."""
        with self._errors():
            async with self._connection.cursor(row_factory=namedtuple_row) as cursor:
                await cursor.execute(query, params)
                return await cursor.fetchall()

    async def tables(self, before: str, queries: Sequence[str], params: Sequence[Any]) -> list[Table]:
        """The rows of queries that share their parameters, each run behind the same statement.

        All are sent at once, so that the server waits for none of them.
        """
        with self._errors():
            async with self._connection.pipeline():
                cursors = []
                for query in queries:
                    await self._connection.execute(before)
                    cursor = self._connection.cursor(row_factory=tuple_row)
                    await cursor.execute(query, params)
                    cursors.append(cursor)
                return [await _table(cursor) for cursor in cursors]

    async def run(self, statement: str) -> None:
        """Run one statement that returns nothing, without parameters.

        Raises:
            psycopg's errors never; see `_errors`.
        """
        with self._errors():
            await self._connection.execute(statement.encode())

    async def commit(self) -> None:
        """Commit the open transaction."""
        await self.run("COMMIT")

    async def rollback(self) -> None:
        """Roll back the open transaction, if there is one; also a failed one. A lost connection has none."""
        if self.is_open and self._connection.info.transaction_status != TransactionStatus.IDLE:
            await self.run("ROLLBACK")

    async def close(self) -> None:
        """Close the connection."""
        await self._connection.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise self._translated(error) from error

    def _translated(self, error: psycopg.Error) -> SchemaSyncError:
        """The server's error as ours; its own words are kept."""
        words = _one_line(error.diag.message_primary or str(error))
        if error.diag.message_detail:
            words += f" ({_one_line(error.diag.message_detail)})"
        hint = _one_line(error.diag.message_hint) if error.diag.message_hint else None
        if error.sqlstate in BUSY:
            return TenantBusy(f"{self.target}: {words}", hint=hint or "try again, or raise lock_timeout")
        if error.sqlstate is None or error.sqlstate in _LOST or error.sqlstate.startswith("08"):
            return Unreachable(f"the connection to {self.target} was lost: {words}", hint=hint)
        if error.sqlstate == "42501":
            return Refused(f"{self.target}: {words}", hint=hint or "the login's role lacks a privilege")
        return ServerError(f"{self.target}: {words}", sqlstate=error.sqlstate, words=words, hint=hint)


async def _table(cursor: AsyncCursor[tuple[Any, ...]]) -> Table:
    rows = await cursor.fetchall()
    described = cursor.description or []
    oids = tuple(at for at, column in enumerate(described) if column.type_code in _OIDS)
    await cursor.close()
    return Table(rows, tuple(column.name for column in described), oids)


class Pool:
    """Connections of one database, opened when they are needed and used again for a while.

    A server process keeps what it has looked up about every relation, half a megabyte a tenant, until it ends: a
    connection is given up after `LIFE` tenants.
    """

    LIFE: Final = 200

    def __init__(self, url: str) -> None:
        self.url = url
        self._idle: list[tuple[Connection, int]] = []

    @asynccontextmanager
    async def connection(self, tenants: int = 1) -> AsyncIterator[Connection]:
        """A connection for the length of the block, in which that many tenants are read.

        Raises:
            Unreachable: the server is not there, or refuses the login.
        """
        connection, used = self._idle.pop() if self._idle else (None, 0)
        if connection is None or not connection.is_open:
            connection, used = await Connection.open(self.url), 0
        try:
            yield connection
        except BaseException:
            await connection.close()
            raise
        if used + tenants >= self.LIFE or not connection.is_open:
            await connection.close()
        else:
            self._idle.append((connection, used + tenants))

    async def close(self) -> None:
        """Close the connections that nobody uses."""
        while self._idle:
            await self._idle.pop()[0].close()


class ServerError(TenantFailed):
    """The server refused a statement for what it says or meets."""

    def __init__(self, message: str, *, sqlstate: str, words: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.sqlstate = sqlstate
        """The five characters of the manual's appendix A."""
        self.words = words
        """What the server said, on one line."""


def describe(url: str) -> str:
    """A URL or connection string for messages: server and database, no password.

    Raises:
        ConfigError: it cannot be understood. It is not quoted, since it may hold a password.
    """
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise ConfigError(
            "the database's url is not one that PostgreSQL understands",
            hint="write postgresql://user@host:5432/database, and the password into .pgpass or a ${VARIABLE}",
        ) from None
    host = parts.get("host") or parts.get("service") or "local socket"
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"PostgreSQL at {host}{port}/{parts.get('dbname') or parts.get('user') or ''}"


def other_database(url: str, name: str) -> str:
    """The same URL or connection string, for another database of the server."""
    return make_conninfo(url, dbname=name)


def _why(words: str) -> str:
    """The remedy for a login that was refused. libpq tells neither the SQLSTATE nor a code of its own."""
    if "password" in words:
        return "the password is taken from PGPASSWORD, from .pgpass, or from a ${VARIABLE} in the url"
    if "does not exist" in words or "pg_hba.conf" in words:
        return "the server answers: check the url's user and database, and what the server lets in"
    return "is the server running, and does the url have its host and port?"


def _one_line(text: str) -> str:
    return "; ".join(line.strip() for line in text.splitlines() if line.strip())
