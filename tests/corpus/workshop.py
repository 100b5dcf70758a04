"""Where units are run: each state is loaded, captured and dumped once, and copied for every unit that starts there."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import uuid
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg import sql

from schema_sync.model.snapshot import Snapshot
from tests.corpus.rows import make_up_rows
from tests.corpus.units import Unit
from tests.oracle import pg_dump, sqlite_objects
from tests.servers import Installation, PostgresServer, execute, query
from tests.tenants import PostgresTenant, SQLiteTenant, Tenant, capture, open_adapter


class DoesNotLoad(Exception):
    """A script of the corpus does not load on this server."""


@dataclass(frozen=True)
class State:
    """A script that was loaded."""

    home: str
    """The file, or the URL of the database, to be copied."""
    extensions: tuple[str, ...] = ()
    """Those that are not in the tenant's schema."""
    publications: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target:
    """A state as something to be brought to."""

    snapshot: Snapshot
    objects: list[str]
    """In the oracle's words."""


class Workshop(ABC):
    """Makes states and tenants of one engine."""

    def __init__(self) -> None:
        self._states: dict[Path, State | DoesNotLoad] = {}
        self._targets: dict[str, Target] = {}

    async def state(self, script: Path, unit: Unit) -> State:
        """The state that a script makes.

        Raises:
            DoesNotLoad: it makes none.
        """
        if script not in self._states:
            try:
                self._states[script] = await self._load(script, unit)
            except DoesNotLoad as error:
                self._states[script] = error
        found = self._states[script]
        if isinstance(found, DoesNotLoad):
            raise found
        return found

    async def target(self, state: State) -> Target:
        """What is captured of a state, and what the oracle says of it.

        Raises:
            SchemaSyncError: it cannot be captured.
        """
        if state.home not in self._targets:
            self._targets[state.home] = await self._read(state)
        return self._targets[state.home]

    @abstractmethod
    async def _load(self, script: Path, unit: Unit) -> State: ...

    @abstractmethod
    async def _read(self, state: State) -> Target: ...

    @abstractmethod
    def tenant(self, old: State, new: State, unit: Unit, *, rows: bool) -> AbstractAsyncContextManager[Tenant]:
        """A tenant in the old state, for as long as the block lasts, with rows in it or without."""

    @abstractmethod
    def objects(self, tenant: Tenant) -> list[str]:
        """The tenant in the oracle's words."""


class SQLiteWorkshop(Workshop):
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    async def _load(self, script: Path, unit: Unit) -> State:
        path = self.folder / f"state{len(self._states)}.db"
        async with self._open(path) as tenant:
            try:
                tenant.load(script.read_text())
            except sqlite3.Error as error:
                raise DoesNotLoad(f"{script.parent.name}/{script.name}: {error}") from error
        return State(str(path))

    async def _read(self, state: State) -> Target:
        path = Path(state.home)
        async with self._open(path) as tenant:
            return Target(await capture(tenant), sqlite_objects(path))

    @asynccontextmanager
    async def tenant(self, old: State, new: State, unit: Unit, *, rows: bool) -> AsyncIterator[Tenant]:
        """A copy of the old state's file; rows are made up where the unit brings none."""
        path = self.folder / "unit.db"
        shutil.copyfile(old.home, path)
        async with self._open(path) as tenant:
            if rows and unit.seed is not None:
                tenant.load(unit.seed.read_text())
            elif rows and unit.generated_rows:
                make_up_rows(path, Path(new.home))
            yield tenant
        path.unlink()

    def objects(self, tenant: Tenant) -> list[str]:
        """The file's `sqlite_schema`, normalised."""
        assert isinstance(tenant, SQLiteTenant)
        return sqlite_objects(tenant.path)

    @asynccontextmanager
    async def _open(self, path: Path) -> AsyncIterator[SQLiteTenant]:
        adapter = open_adapter(f"sqlite:{path.parent}/{path.stem}*.db")
        try:
            tenant = SQLiteTenant(adapter, path)
            tenant.create()
            yield tenant
        finally:
            await adapter.close()


_PREFIX = "schema_sync_corpus_"
"""What the databases of states are called."""


@contextmanager
def cleaned(installations: Sequence[Installation]) -> Iterator[None]:
    """Leave no states behind on a server that is not ours and goes on after the run."""
    try:
        yield
    finally:
        if installations and (url := installations[0].url) is not None:
            server = PostgresServer(url, installations[0])
            for (name,) in query(url, "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (_PREFIX,)):
                server.drop_database(server.database_url(name))


class PostgresWorkshop(Workshop):
    """Databases of one server, each with one tenant: the schema `public`, which the corpus's scripts write to."""

    def __init__(self, server: PostgresServer, psql: Path, dump: Path) -> None:
        super().__init__()
        self.server = server
        self.psql = psql
        self.dump = dump

    async def _load(self, script: Path, unit: Unit) -> State:
        for role in unit.roles:
            found = query(self.server.url, "SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
            if not found:
                execute(self.server.url, sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        url = self.server.create_database(_PREFIX + uuid.uuid4().hex)
        # Statements run as the tenant's owner, who would otherwise be a role that owns none of its objects.
        execute(url, "ALTER SCHEMA public OWNER TO CURRENT_USER")
        self._run(url, script)
        extensions = query(
            url, "SELECT extname FROM pg_extension WHERE extnamespace <> 'public'::regnamespace ORDER BY extname"
        )
        publications = query(url, "SELECT pubname FROM pg_publication ORDER BY pubname")
        return State(url, tuple(name for (name,) in extensions), tuple(name for (name,) in publications))

    async def _read(self, state: State) -> Target:
        async with self._open(state.home) as tenant:
            return Target(await capture(tenant), self._dumped(state.home))

    @asynccontextmanager
    async def tenant(self, old: State, new: State, unit: Unit, *, rows: bool) -> AsyncIterator[Tenant]:
        """A copy of the old state's database, with what the new one has of extensions outside of its schema and of
        publications: nobody's own.
        """
        url = self.server.create_database(template=old.home.rsplit("/", 1)[1])
        try:
            for name in sorted(set(new.extensions) - set(old.extensions)):
                execute(url, sql.SQL("CREATE EXTENSION {} CASCADE").format(sql.Identifier(name)))
            for name in sorted(set(new.publications) - set(old.publications)):
                execute(url, sql.SQL("CREATE PUBLICATION {}").format(sql.Identifier(name)))
            if rows and unit.seed is not None:
                self._run(url, unit.seed)
            async with self._open(url) as tenant:
                yield tenant
        finally:
            self.server.drop_database(url)

    def objects(self, tenant: Tenant) -> list[str]:
        """What pg_dump makes of the schema."""
        assert isinstance(tenant, PostgresTenant)
        return self._dumped(tenant.url)

    def _dumped(self, url: str) -> list[str]:
        return pg_dump(self.dump, url).get("public", [])

    @asynccontextmanager
    async def _open(self, url: str) -> AsyncIterator[PostgresTenant]:
        adapter = open_adapter(url, shared=())
        try:
            yield PostgresTenant(adapter, url, "public")
        finally:
            await adapter.close()

    def _run(self, url: str, script: Path) -> None:
        """Run a script with psql, since some hold what may not run in one transaction."""
        command = [str(self.psql), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", str(script)]
        environ = os.environ | {"PGOPTIONS": "-c client_min_messages=error"}
        answer = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
        if answer.returncode:
            raise DoesNotLoad(f"{script.parent.name}/{script.name}: {answer.stderr.strip().splitlines()[0]}")
