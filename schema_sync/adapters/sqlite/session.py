"""The one door to SQLite: opens files, runs statements, and turns the driver's exceptions into ours.

A file is opened `mode=ro` to be read and `mode=rw` to be changed, never made by opening. `trusted_schema` is off, so
that a file's own text cannot call functions with side effects (https://sqlite.org/pragma.html#pragma_trusted_schema);
where the application's functions were registered by its own `init`, they are trusted, since SQLite would refuse them.
"""

from __future__ import annotations

import asyncio
import importlib
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import aiosqlite

from schema_sync.adapters.sql import Sql, sql
from schema_sync.errors import ConfigError, SchemaSyncError, TenantBusy, TenantFailed, Unreachable

VERSION: Final = sqlite3.sqlite_version_info
"""The version of the library, which is the server here."""

MINIMUM: Final = (3, 37, 0)
"""STRICT and pragma_table_list came with it."""

Init = Callable[[sqlite3.Connection], object]
"""Registers the application's collations and functions on a raw connection."""

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_WAL_IS_CLOSED = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY_CANTINIT,
    sqlite3.SQLITE_READONLY_DIRECTORY,
    sqlite3.SQLITE_READONLY_RECOVERY,
)
_REASONS = {
    sqlite3.SQLITE_NOTADB: "it is not a SQLite database",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_IOERR: "the disk could not be read or written",
    sqlite3.SQLITE_READONLY: "it may not be written",
    sqlite3.SQLITE_PERM: "it may not be read",
}


_UNSAFE_JSON = re.compile(r"unsafe use of (json\w*|->>?)\(\)")


class Access(NamedTuple):
    """What a statement was seen to use: a table or view and, where it is about one, a column."""

    relation: str
    column: str


class Explained(NamedTuple):
    """What EXPLAIN tells of a statement that was never run."""

    program: tuple[tuple[Any, ...], ...]
    """Its bytecode; equal programs do the same."""
    accesses: tuple[Access, ...]
    error: str = ""
    """SQLite's own words where the statement does not resolve."""


class Link:
    """An open file. Not for two tasks at once."""

    def __init__(self, connection: aiosqlite.Connection, what: str) -> None:
        self._connection = connection
        self._what = what
        self._seen: list[Access] | None = None

    async def fetch(self, statement: str) -> list[tuple[Any, ...]]:
        """All rows of a query.

        Raises:
            TenantBusy: someone else writes to the file.
            Unreachable: it could not be read.
        """
        with _ours(f"cannot read {self._what}"):
            return await self._all(statement)

    async def run(self, statement: str, doing: str = "") -> None:
        """Run one statement; `doing` is what errors say was being done.

        Raises:
            TenantBusy: someone else holds the file.
            TenantFailed: SQLite refused it.
        """
        with _ours(doing or f"cannot change {self._what}"):
            await self._all(statement)

    async def fetch_if_possible(self, statement: str) -> list[tuple[Any, ...]]:
        """All rows of a query, and none where SQLite cannot answer it for what the schema says."""
        try:
            return await self.fetch(statement)
        except TenantFailed as error:
            if type(error) is not TenantFailed:
                raise
            return []

    async def run_script(self, script: str) -> None:
        """Run a script of statements, which may not reach other files.

        Raises:
            TenantFailed: SQLite refused one.
        """
        await self._connection.set_authorizer(_within)
        with _ours(f"cannot change {self._what}"):
            await self._connection.executescript(script)
        await self._connection.set_authorizer(None)
        self._seen = None

    async def roll_back(self) -> None:
        """End the transaction, if SQLite has not ended it by itself (as after a full disk)."""
        if self._connection.in_transaction:
            await self.run("ROLLBACK")

    async def explain(self, statement: Sql) -> Explained:
        """What a statement would do. Nothing is run; text that does not resolve is told, not raised."""
        if self._seen is None:
            self._seen = []
            await self._connection.set_authorizer(self._note)
        self._seen.clear()
        try:
            rows = await self._all(sql("EXPLAIN {statement}", statement=statement).text())
        except sqlite3.OperationalError as error:
            return Explained((), (), str(error))
        except sqlite3.DatabaseError as error:
            raise _translated(error, f"cannot read {self._what}") from error
        return Explained(tuple(row[:-1] for row in rows), tuple(dict.fromkeys(self._seen)))

    async def _all(self, statement: str) -> list[tuple[Any, ...]]:
        """All rows; once more with a trusted schema where SQLite takes its own JSON functions for unsafe.

        They are marked harmless only as of SQLite 3.41; before, an index on `json_extract(…)` made the whole file
        unreadable, as a "malformed database schema".
        """
        try:
            return [tuple(row) for row in await self._connection.execute_fetchall(statement)]
        except sqlite3.DatabaseError as error:
            if _UNSAFE_JSON.search(str(error)) is None:
                raise
        await self._connection.execute_fetchall("PRAGMA trusted_schema = ON")
        return [tuple(row) for row in await self._connection.execute_fetchall(statement)]

    def _note(
        self, action: int, first: str | None, second: str | None, _database: str | None, source: str | None
    ) -> int:
        """Note what is used directly: what a view or another trigger uses by itself has it as its source."""
        if source is None and self._seen is not None and first is not None:
            if action in (sqlite3.SQLITE_READ, sqlite3.SQLITE_UPDATE):
                self._seen.append(Access(first, second or ""))
            elif action in (sqlite3.SQLITE_INSERT, sqlite3.SQLITE_DELETE):
                self._seen.append(Access(first, ""))
        return sqlite3.SQLITE_OK


@asynccontextmanager
async def open_file(
    path: Path, what: str, *, write: bool = False, init: Init | None = None, patience: float = 5.0
) -> AsyncIterator[Link]:
    """Open a file that is there; `what` names it in errors, `patience` are the seconds that a busy
    file is waited for. The caller begins and ends transactions. What a killed writer left half done is undone first,
    also for a reader.

    Raises:
        Unreachable: it is not there, may not be read, or is no database.
    """

    def connect(write: bool = write) -> sqlite3.Connection:
        uri = f"{path.absolute().as_uri()}?mode={'rw' if write else 'ro'}"
        # No statement cache: the authorizer is asked when a statement is prepared, and only then.
        raw = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=patience, cached_statements=0)
        return _prepared(raw, write=write, init=init)

    def connect_undoing() -> sqlite3.Connection:
        try:
            return connect()
        except sqlite3.OperationalError as error:
            # A hot journal: only who may write can undo it (https://sqlite.org/rescode.html#readonly_rollback).
            if write or error.sqlite_errorcode != sqlite3.SQLITE_READONLY_ROLLBACK:
                raise
        connect(write=True).close()
        return connect()

    with _ours(f"cannot open {what}"):
        connection = await _connected(connect_undoing)
    try:
        yield Link(connection, what)
    finally:
        await connection.close()


@asynccontextmanager
async def open_memory(init: Init | None = None) -> AsyncIterator[Link]:
    """An empty database in memory: the scratch that elaborates SQL."""

    def connect() -> sqlite3.Connection:
        raw = sqlite3.connect(":memory:", isolation_level=None, cached_statements=0)
        return _prepared(raw, write=True, init=init)

    connection = await _connected(connect)
    try:
        yield Link(connection, "the database in memory")
    finally:
        await connection.close()


async def _connected(connect: Callable[[], sqlite3.Connection]) -> aiosqlite.Connection:
    """The driver's connection, once its thread has opened it.

    Where opening fails or is cancelled, aiosqlite (0.22, `Connection._connect`) tells its thread to stop and does not
    wait for it: the thread can outlive the event loop, and dies of answering it. So the thread always gets some
    connection, which is then closed in order.
    """
    failures: list[sqlite3.Error] = []

    def connect_or_note() -> sqlite3.Connection:
        try:
            return connect()
        except sqlite3.Error as error:
            failures.append(error)
            return sqlite3.connect(":memory:")

    async def opened() -> aiosqlite.Connection:
        return await aiosqlite.Connection(connect_or_note, 64)

    opening = asyncio.create_task(opened())
    try:
        connection = await asyncio.shield(opening)
    except asyncio.CancelledError:
        await (await opening).close()
        raise
    if failures:
        await connection.close()
        raise failures[0]
    return connection


def create_file(path: Path, what: str) -> None:
    """Make an empty database, and fail where a file is there.

    Raises:
        FileExistsError: there is one.
        Unreachable: it cannot be made.
    """
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        raise
    except OSError as error:
        raise Unreachable(f"cannot create {what}: {error.strerror}") from error


def load_init(name: str) -> Init | None:
    """The function that `[sqlite] init = "module:function"` names; none for an empty name.

    Raises:
        ConfigError: there is no such module or function.
    """
    if not name:
        return None
    module, _, function = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(
            f"cannot load [sqlite] init = {name!r}: {error}", hint='it has the form "module:function"'
        ) from error
    if not callable(found):
        raise ConfigError(f"cannot load [sqlite] init = {name!r}: it is no function")
    return found  # type: ignore[no-any-return]


def _prepared(raw: sqlite3.Connection, *, write: bool, init: Init | None) -> sqlite3.Connection:
    """The connection as all that use it rely on; closed where it cannot be made so."""
    with ExitStack() as stack:
        stack.callback(raw.close)
        raw.execute("PRAGMA trusted_schema = OFF" if init is None else "PRAGMA trusted_schema = ON")
        if write:
            # Both are without effect inside a transaction, and end with the connection.
            raw.execute("PRAGMA foreign_keys = OFF")
            raw.execute("PRAGMA legacy_alter_table = ON")
        if init is not None:
            init(raw)
        raw.execute("PRAGMA schema_version").fetchall()
        stack.pop_all()
    return raw


@contextmanager
def _ours(doing: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise _translated(error, doing) from error


def _translated(error: sqlite3.Error, doing: str) -> SchemaSyncError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _BUSY:
        return TenantBusy(f"{doing}: another process holds it", hint="try again when it has finished")
    if code in _REASONS:
        told = f" ({_one_line(str(error))})" if code == sqlite3.SQLITE_CORRUPT else ""
        return Unreachable(f"{doing}: {_REASONS[code]}{told}", hint=_hint(error))
    return TenantFailed(f"{doing}: {_one_line(str(error))}")


def _hint(error: sqlite3.Error) -> str | None:
    if error.sqlite_errorcode in _WAL_IS_CLOSED:
        return "a file in WAL mode needs its folder to be writable; see https://sqlite.org/wal.html#readonly"
    if error.sqlite_errorcode == sqlite3.SQLITE_READONLY_ROLLBACK:
        return "a writer that was killed left a journal, which is undone when someone who may write opens the file"
    return None


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _within(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_DENY if action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH) else sqlite3.SQLITE_OK


def missing(error: str) -> tuple[str, str] | None:
    """`("function", "f")` or `("collation", "c")` or `("module", "m")`, where SQLite says that it has no such thing."""
    for what, words in (
        ("function", "no such function: "),
        ("collation", "no such collation sequence: "),
        ("module", "no such module: "),
    ):
        if error.startswith(words):
            return what, error.removeprefix(words)
    return None


def number() -> int:
    """The version as SQLite numbers it: 3040001."""
    major, minor, patch = VERSION[:3]
    return major * 1_000_000 + minor * 1_000 + patch
