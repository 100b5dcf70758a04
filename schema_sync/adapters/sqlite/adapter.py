"""The adapter: one pattern of SQLite files and the tenants in it."""

from __future__ import annotations

import difflib
import os
from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Self

from schema_sync.adapters.kind import Kinds, kinds, rows_by_ident
from schema_sync.adapters.sql import Literal, sql
from schema_sync.adapters.sqlite.files import Files
from schema_sync.adapters.sqlite.inspect import read
from schema_sync.adapters.sqlite.kinds import KINDS
from schema_sync.adapters.sqlite.objects import DIALECT, VOCABULARY
from schema_sync.adapters.sqlite.seed import rows, seed
from schema_sync.adapters.sqlite.session import (
    MINIMUM,
    VERSION,
    Link,
    create_file,
    load_init,
    number,
    open_file,
    open_memory,
)
from schema_sync.errors import (
    AlreadyExists,
    SchemaSyncError,
    TenantFailed,
    UnknownTenant,
    Unreachable,
    UsageError,
)
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject, Vocabulary
from schema_sync.model.plan import Probe, Statement
from schema_sync.model.report import Diagnostic, Lack, Seeding, TenantContext, TenantSelection
from schema_sync.model.snapshot import Snapshot
from schema_sync.protocols import Rows, SchemaInspector, Script, Server

CHILDREN: Final = """
SELECT DISTINCT s.name FROM sqlite_schema AS s CROSS JOIN pragma_foreign_key_list(s.name) AS f
WHERE s.type = 'table' AND s.rootpage > 0 ORDER BY s.name
"""


class SQLiteAdapter:
    """Many SQLite files, one tenant each; see `DatabaseAdapter`.

    ::

        SQLiteAdapter("sqlite:tenants/*.db")

    `init` names the function that registers the application's collations and functions, as `module:function`; it is
    called with each raw connection. `lock_timeout` (seconds) is how long a busy file is waited for.
    """

    dialect: str = DIALECT
    vocabulary: Vocabulary = VOCABULARY
    kinds: Kinds = kinds(KINDS)
    unread: Collection[str] = frozenset()

    def __init__(
        self,
        url: str,
        *,
        name: str = "main",
        tenants: TenantSelection | None = None,
        init: str = "",
        lock_timeout: float = 2.0,
    ) -> None:
        self.name = name
        self.url = url
        self._files = Files(url, tenants or TenantSelection())
        self._found: Mapping[str, Path] = {}
        self._init = load_init(init)
        self._timeout = lock_timeout

    @classmethod
    def configured(
        cls,
        url: str,
        *,
        name: str,
        tenants: TenantSelection,
        shared: tuple[str, ...],
        options: Mapping[str, Any],
    ) -> Self:
        """The adapter of one `[[database]]`; a file has nothing to share, and statements have no time limit.

        Raises:
            ConfigError: the URL is not one of files, or `init` cannot be loaded.
        """
        del shared
        known = {key: options[key] for key in ("init", "lock_timeout") if key in options}
        return cls(url, name=name, tenants=tenants, **known)

    async def server(self) -> Server:
        """The SQLite library that this process has loaded."""
        return Server(version=number(), text="SQLite " + ".".join(str(part) for part in VERSION))

    async def list_tenants(self) -> list[TenantContext]:
        """The files that match, sorted by name.

        Raises:
            Unreachable: the folder of the pattern is not there.
        """
        if self._files.is_pattern and not self._files.root.is_dir():
            raise Unreachable(
                f"cannot list the tenants of {self.url}: there is no folder {self._files.root}",
                hint="`schema-sync create-tenant` makes the first file, in a folder that is there",
            )
        return [TenantContext(name, self.name) for name in self._files.find()]

    def mentioned(self, obj: SchemaObject) -> Mapping[str, str]:
        """Nothing: no file can name another one; see `DatabaseAdapter.mentioned`."""
        return {}

    def inspector(self) -> SchemaInspector:
        """Reads its tenants, `mode=ro`."""
        return SQLiteInspector(self)

    async def sizes(self, tenants: Sequence[TenantContext]) -> Mapping[Ident, int]:
        """Nothing: whoever changes a schema has the whole file to itself, however large a table is."""
        del tenants
        return {}

    async def script(self, tenant: TenantContext) -> Script:
        """How statements are written for sqlite3, whose own command says for which file they are; see
        `DatabaseAdapter.script`.
        """
        path = str(self._path(tenant)).replace("\\", "\\\\").replace('"', '\\"')
        head = f'.bail on\n.open "{path}"\nPRAGMA foreign_keys = OFF;\nPRAGMA legacy_alter_table = ON;'
        return Script(head=head, begin="BEGIN IMMEDIATE;", commit="COMMIT;", spelled=str)

    async def probe(self, tenant: TenantContext, probes: Sequence[Probe]) -> list[str]:
        """What a tenant's rows answer to probes, read-only; see `DatabaseAdapter.probe`."""
        async with self.open(tenant) as link:
            return [one.finding for one in probes if await link.fetch_if_possible(one.sql)]

    @asynccontextmanager
    async def open(self, tenant: TenantContext, *, write: bool = False) -> AsyncIterator[Link]:
        """The open file of a tenant.

        Raises:
            UnknownTenant: no file of that name matches.
            Unreachable: it cannot be opened.
        """
        path = self._path(tenant)
        what = f"{tenant.name} ({path})"
        async with open_file(path, what, write=write, init=self._init, patience=self._timeout) as link:
            yield link

    @asynccontextmanager
    async def acquire_lock(self, tenant: TenantContext, *, lasting: bool = False) -> AsyncIterator[SQLiteSession]:
        """BEGIN IMMEDIATE: the write lock of the file is the lock of the tenant, against everyone.

        It ends with the transaction and is never `lasting`: every change that SQLite knows fits into one.

        Raises:
            UnknownTenant: no file of that name matches.
            Unreachable: it cannot be opened.
            TenantBusy: someone else writes to it.
        """
        async with self.open(tenant, write=True) as link:
            await link.run("BEGIN IMMEDIATE")
            session = SQLiteSession(tenant, link, await _violations(link))
            try:
                yield session
            finally:
                await session.rollback()

    async def elaborate(self, scripts: Sequence[str]) -> Snapshot:
        """What scripts make of an empty database in memory.

        Raises:
            UsageError: SQLite does not accept a script.
        """
        async with open_memory(self._init) as link:
            for script in scripts:
                try:
                    await link.run_script(script)
                except TenantFailed as error:
                    raise UsageError(error.message.replace("cannot change", "cannot load SQL into", 1)) from error
            return await read(link.fetch, link.explain)

    @asynccontextmanager
    async def scratch(self) -> AsyncIterator[SQLiteAdapter]:
        """An adapter of a folder that is gone with the block."""
        with TemporaryDirectory(prefix="schema-sync-") as folder:
            adapter = SQLiteAdapter(f"sqlite:{folder}/*.db", name="scratch", lock_timeout=self._timeout)
            adapter._init = self._init
            yield adapter

    async def missing(
        self, needs: Collection[str], places: Mapping[str, str], tenant: TenantContext | None = None
    ) -> list[Lack]:
        """All of it: a file has nothing outside of itself, and none of ours notes that it needs any."""
        del places, tenant
        return [Lack(need=need) for need in sorted(set(needs))]

    async def missing_of_own(
        self, needs: Collection[str], tenants: Sequence[TenantContext]
    ) -> Mapping[TenantContext, list[Lack]]:
        """Nothing: a file has all that is its own."""
        del needs, tenants
        return {}

    async def surroundings(self) -> Snapshot:
        """Nothing: a file has nothing to share."""
        return Snapshot(DIALECT)

    async def prepare(self, statements: Sequence[Statement]) -> None:
        """There is nothing outside of the files in which a statement could run.

        Raises:
            TenantFailed: one was given.
        """
        for statement in statements:
            raise TenantFailed(f"SQLite has nothing outside of a file, where {statement.object} would have to be")

    async def seed(self, tenant: TenantContext) -> Seeding:
        """Put made-up rows into a tenant; see `DatabaseAdapter.seed`."""
        async with self.open(tenant, write=True) as link:
            await link.run("BEGIN IMMEDIATE")
            rows, empty = await seed(link)
            await link.run("COMMIT")
        return Seeding(rows=rows, empty=tuple(f"{table} has no rows: {why}" for table, why in empty.items()))

    async def rows(self, tenant: TenantContext) -> Rows:
        """All rows of a tenant; see `DatabaseAdapter.rows`."""
        async with self.open(tenant) as link:
            return rows_by_ident(await read(link.fetch, link.explain), self.kinds, await rows(link))

    async def create_tenant(self, tenant: TenantContext) -> None:
        """Make an empty file, where the pattern says that it belongs.

        Raises:
            AlreadyExists: the tenant or the file is there.
            ConfigError: the pattern leaves open where it belongs.
        """
        path = self._files.place(tenant.name)
        try:
            create_file(path, f"{tenant.name} ({path})")
        except FileExistsError as error:
            raise AlreadyExists(f"cannot create {tenant.name}: {path} is there already") from error

    async def diagnose(self) -> list[Diagnostic]:
        """The library's version, and for each file whether it can be read and written."""
        server = await self.server()
        is_old = VERSION < MINIMUM
        found = [
            Diagnostic(
                code="error" if is_old else "ok",
                object=self.url,
                message=f"{server.text} is too old: 3.37 is needed" if is_old else server.text,
            )
        ]
        for name, path in self._files.find().items():
            found.append(await self._diagnose(TenantContext(name, self.name), path))
        return found

    async def _diagnose(self, tenant: TenantContext, path: Path) -> Diagnostic:
        try:
            async with self.open(tenant) as link:
                mode = (await link.fetch("PRAGMA journal_mode"))[0][0]
        except SchemaSyncError as error:
            return Diagnostic(code="error", object=tenant.id, message=error.message)
        if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            return Diagnostic(code="warning", object=tenant.id, message=f"{path} or its folder cannot be written")
        return Diagnostic(code="ok", object=tenant.id, message=f"{path}, journal mode {mode}")

    async def close(self) -> None:
        """Nothing stays open between calls."""

    def _path(self, tenant: TenantContext) -> Path:
        path = self._found.get(tenant.name)
        if path is not None and path.is_file():
            return path
        # Not for every tenant anew: a fleet would be listed as many times as it has files.
        self._found = self._files.find()
        if tenant.name not in self._found:
            raise UnknownTenant(tenant.id, near=difflib.get_close_matches(tenant.name, self._found, n=3))
        return self._found[tenant.name]


class SQLiteInspector:
    """Reads tenants; see `SchemaInspector`."""

    def __init__(self, adapter: SQLiteAdapter) -> None:
        self._adapter = adapter

    async def inspect(self, tenant: TenantContext) -> Snapshot:
        """The file as it is now, in one read transaction.

        Raises:
            UnknownTenant: no file of that name matches.
            Unreachable: it cannot be read, or is no database.
            TenantBusy: someone is writing it, for longer than the lock timeout.
            Refused: it uses application functions that are not registered.
        """
        async with self._adapter.open(tenant) as link:
            await link.run("BEGIN")
            return await read(link.fetch, link.explain)

    async def inspect_many(
        self, tenants: Sequence[TenantContext]
    ) -> AsyncIterator[tuple[TenantContext, Snapshot | Exception]]:
        """One file after the other, in the order given."""
        for tenant in tenants:
            try:
                yield tenant, await self.inspect(tenant)
            except SchemaSyncError as error:
                yield tenant, error


class SQLiteSession:
    """One file within its one transaction; see `Session`."""

    def __init__(self, tenant: TenantContext, link: Link, violations: Counter[tuple[str, str]]) -> None:
        self._tenant = tenant
        self._link = link
        self._violations = violations
        self._is_open = True

    async def inspect(self) -> Snapshot:
        """The file as this transaction sees it."""
        return await read(self._link.fetch, self._link.explain)

    async def execute(self, statement: Statement) -> None:
        """Run one statement.

        Raises:
            TenantFailed: SQLite refused it.
            TenantBusy: the lock was lost to someone else.
        """
        words = " ".join(statement.sql.split())
        doing = f"{self._tenant.id}: cannot {statement.parts[0].action} {statement.object} with `{words}`"
        await self._link.run(statement.sql, doing)

    async def commit(self) -> None:
        """Check the foreign keys of all rows, and commit.

        Raises:
            TenantFailed: rows refer to nothing, and did not before; nothing is committed.
        """
        fresh = await _violations(self._link) - self._violations
        if fresh:
            told = ", ".join(
                f"{count} of {table} refer to no row of {parent}" for (table, parent), count in fresh.items()
            )
            raise TenantFailed(
                f"{self._tenant.id}: cannot commit: foreign keys are violated: {told}",
                hint="`PRAGMA foreign_key_check` lists the rows; repair them first",
            )
        await self._link.run("COMMIT")
        self._is_open = False

    async def begin(self) -> None:
        """Open the next transaction, with a lock of its own.

        Raises:
            TenantBusy: someone else writes to it.
        """
        await self._link.run("BEGIN IMMEDIATE")
        self._is_open = True

    async def rollback(self) -> None:
        """Leave the file as it was; nothing where it was committed."""
        if self._is_open:
            self._is_open = False
            await self._link.roll_back()


async def _violations(link: Link) -> Counter[tuple[str, str]]:
    """How many rows of which table refer to no row of which parent.

    Row numbers do not count, since a rebuild may change them. A foreign key whose parent has no key to match
    (a *mismatch*) cannot be checked at all; that is the schema's own fault and shows when rows are written.
    """
    found: Counter[tuple[str, str]] = Counter()
    for (table,) in await link.fetch(CHILDREN):
        statement = sql('SELECT "table", parent FROM pragma_foreign_key_check({table})', table=Literal(table))
        found.update((row[0], row[1]) for row in await link.fetch_if_possible(statement.text()))
    return found
