"""Tenants to play with, on a real database, as the case suite and the corpus use them.

They load SQL and read rows without the package; the package captures and changes them through its public protocols.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec.structs
import psycopg
from psycopg import sql

from schema_sync.adapters import registry
from schema_sync.config import Online
from schema_sync.diff import usable
from schema_sync.engine import Engine
from schema_sync.model.ident import Ident
from schema_sync.model.objects import Vocabulary
from schema_sync.model.plan import Plan
from schema_sync.model.report import Status, TenantContext, TenantSelection
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan import Planner as RulePlanner
from schema_sync.protocols import NO_RENAMES, DatabaseAdapter, Planner
from schema_sync.testing.memory import MemoryStore

Row = Mapping[str, Any]
Rows = Mapping[str, list[Row]]
"""Table -> its rows."""


class Broken(AssertionError):
    """A promise of the package was not kept."""


def open_adapter(
    url: str, *, shared: tuple[str, ...] = ("public",), options: Mapping[str, Any] | None = None
) -> DatabaseAdapter:
    """The package's own adapter for a URL; `shared` are the schemas that are no tenants."""
    factory = registry.factory(registry.dialect_of(url.partition(":")[0]))
    return factory.configured(url, name="main", tenants=TenantSelection(), shared=shared, options=options or {})


_kept: dict[str, psycopg.Connection] = {}


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    """A transaction in a new session. Its connection is kept for whoever asks for the same database next: a case asks
    a dozen times, and the server begins a process for each connection.
    """
    with suppress(KeyError, psycopg.OperationalError):  # it is not there, or the database was dropped meanwhile
        _kept[url].execute("DISCARD ALL")
    if url not in _kept or _kept[url].closed:
        for other in _kept.values():
            other.close()
        _kept.clear()
        _kept[url] = psycopg.connect(url, autocommit=True, prepare_threshold=None)
    with _kept[url].transaction():
        yield _kept[url]


@dataclass(frozen=True)
class PostgresTenant:
    """A schema of a database."""

    adapter: DatabaseAdapter
    url: str
    name: str

    @property
    def context(self) -> TenantContext:
        """What the package calls it."""
        return TenantContext(self.name, self.adapter.name)

    def create(self) -> None:
        """Create the schema."""
        with _connected(self.url) as connection:
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(self.name)))

    def create_role(self, name: str) -> None:
        """Create a role, which is the cluster's, if there is none of that name."""
        statement = sql.SQL("DO {}").format(
            sql.Literal(
                f"BEGIN CREATE ROLE {sql.Identifier(name).as_string()}; "
                "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END"
            )
        )
        with _connected(self.url) as connection:
            connection.execute(statement)

    def load(self, script: str) -> None:
        """Run a script with the schema in front of the search path, as one transaction."""
        with _connected(self.url) as connection:
            connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(self.name)))
            connection.execute(script.encode())

    def rows(self) -> Rows:
        """All rows of all tables, values as text; a partitioned table has those of its partitions."""
        query = (
            "SELECT relname, relkind = 'p' FROM pg_class"
            " WHERE relnamespace = to_regnamespace(%s) AND relkind IN ('r', 'p')"
        )
        with _connected(self.url) as connection:
            schema = sql.Identifier(self.name).as_string(connection)
            tables = connection.execute(query, (schema,)).fetchall()
            # The planner looks into CHECK constraints, whose functions may call others by their bare names.
            connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(self.name)))
            select = sql.SQL(
                'SELECT (SELECT json_object_agg(key, value) FROM jsonb_each_text(to_jsonb("the row")))'
                ' FROM {} {} "the row"'
            )
            whole, only = sql.SQL(""), sql.SQL("ONLY")
            return {
                table: [
                    row
                    for (row,) in connection.execute(
                        select.format(whole if is_partitioned else only, sql.Identifier(self.name, table))
                    )
                ]
                for table, is_partitioned in tables
            }

    def columns(self) -> dict[str, list[str]]:
        """The columns of all tables, in the tables' own order."""
        query = (
            "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind IN ('r', 'p', 'f') GROUP BY c.relname"
        )
        with _connected(self.url) as connection:
            schema = sql.Identifier(self.name).as_string(connection)
            return dict(connection.execute(query, (schema,)).fetchall())

    def fault(self) -> str | None:
        """What is wrong with the database in its own eyes; nothing that PostgreSQL would let happen."""
        return None


@dataclass(frozen=True)
class SQLiteTenant:
    """A SQLite file."""

    adapter: DatabaseAdapter
    path: Path

    @property
    def name(self) -> str:
        """The file's stem."""
        return self.path.stem

    @property
    def context(self) -> TenantContext:
        """What the package calls it."""
        return TenantContext(self.name, self.adapter.name)

    def create(self) -> None:
        """Create an empty database file."""
        self.load("PRAGMA user_version = 0")

    def load(self, script: str) -> None:
        """Run a script, with foreign keys enforced."""
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.executescript(script)

    def rows(self) -> Rows:
        """All rows of all tables, values as text, with their rowid where they have one, and `sqlite_sequence`."""
        query = (
            "SELECT s.name, NOT l.wr AND l.type = 'table' FROM sqlite_schema s JOIN pragma_table_list l"
            " ON l.schema = 'main' AND l.name = s.name WHERE s.type = 'table' AND l.type <> 'shadow'"
        )
        with closing(sqlite3.connect(self.path)) as connection:
            connection.row_factory = sqlite3.Row
            found: dict[str, list[Row]] = {}
            for table, has_rowid in connection.execute(query).fetchall():
                quoted = '"' + table.replace('"', '""') + '"'
                columns = '*, rowid AS "(rowid)"' if has_rowid and table != "sqlite_sequence" else "*"
                found[table] = [_texts(row) for row in connection.execute(f"SELECT {columns} FROM {quoted}")]
            return found

    def columns(self) -> dict[str, list[str]]:
        """The columns of all tables, in the tables' own order."""
        query = (
            "SELECT s.name, c.name FROM sqlite_schema s JOIN pragma_table_xinfo(s.name) c"
            " WHERE s.type = 'table' AND c.hidden <> 1 ORDER BY s.name, c.cid"
        )
        found: dict[str, list[str]] = {}
        with closing(sqlite3.connect(self.path)) as connection:
            for table, column in connection.execute(query):
                found.setdefault(table, []).append(column)
        return found

    def fault(self) -> str | None:
        """What `integrity_check` and `foreign_key_check` find."""
        with closing(sqlite3.connect(self.path)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchall()
            keys = connection.execute("PRAGMA foreign_key_check").fetchall()
        return None if found == [("ok",)] and not keys else f"{found[:3]} {keys[:3]}"


def _texts(row: sqlite3.Row) -> Row:
    """A row with its values as text, but for blobs and NULL."""
    return {name: value if isinstance(value, bytes | None) else str(value) for name, value in dict(row).items()}


Tenant = PostgresTenant | SQLiteTenant


async def capture(tenant: Tenant) -> Snapshot:
    """Capture a tenant and bring the snapshot through its files, as a store would keep it."""
    (only,) = await capture_many([tenant])
    return only


async def capture_many(tenants: Sequence[Tenant]) -> list[Snapshot]:
    """Capture tenants of one adapter in bulk; see `capture`.

    Raises:
        SchemaSyncError: what stood in the way of the first that could not be captured.
    """
    adapter = tenants[0].adapter
    found = []
    async for context, live in adapter.inspector().inspect_many([tenant.context for tenant in tenants]):
        if isinstance(live, Exception):
            raise live
        stored = Snapshot.from_files(live.files, adapter.vocabulary)
        if stored.files != live.files:
            raise Broken(f"{context.name}: what is stored is not what was captured")
        found.append(stored)
    return found


@dataclass(frozen=True)
class _Told:
    """A planner that is told what was renamed, and whether the rows are to be asked beforehand; and is looked after."""

    planner: Planner
    renames: Mapping[Ident, Ident]
    vocabulary: Vocabulary
    asks: bool

    def plan(self, old: Snapshot, new: Snapshot, **options: Any) -> Plan:
        """The plan, with the renames that fit.

        Raises:
            Broken: it is another one where the two sides are read as they are asked for.
        """
        if self.renames:
            options["renames"] = usable(self.renames, old, new)
        plan = self.planner.plan(old, new, **options)
        pair = Snapshot.pair(old.files, new.files, differing(old.files, new.files), self.vocabulary)
        if pair is not None and not (old.ambient or old.leans or old.ignored):
            before, after = pair[0].known_as(old.fingerprint), pair[1].known_as(new.fingerprint)
            if (other := self.planner.plan(before, after, **options)) != plan:
                raise Broken(f"read as it is asked for, the plan is another one: {other}, and not {plan}")
        if self.asks:
            return plan
        unasked = (msgspec.structs.replace(each, probes=()) for each in plan.statements)
        return msgspec.structs.replace(plan, statements=tuple(unasked))


def differing(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> set[str]:
    """The paths at which two trees differ."""
    return {path for path in old.keys() | new.keys() if old.get(path) != new.get(path)}


async def converge(
    tenant: Tenant,
    target: Snapshot,
    renames: Mapping[Ident, Ident] = NO_RENAMES,
    *,
    asks: bool = True,
    online: Online = "off",
) -> Plan:
    """Bring a tenant to a snapshot of another, and hold it to every promise that the package makes.

    `renames` are objects that are one under two names, old and new; those that do not fit are left out. Where the rows
    are not asked beforehand whether they allow it, the database alone tells. `online` is as in `Engine.plan`.

    Raises:
        Broken: the result, or a second plan, is not what was promised.
        SchemaSyncError: the package's own refusal; the tenant is as it was.
    """
    engine = Engine.from_adapter(tenant.adapter, MemoryStore())
    adapter = tenant.adapter
    version, words = (await adapter.server()).version, registry.words(adapter.dialect)
    told = _Told(RulePlanner(adapter.kinds, server=version, words=words), renames, adapter.vocabulary, asks)
    engine = Engine(engine.config, engine.store, engine.adapters, planners={adapter.name: told})
    done = await engine.sync_tenant(tenant.context, target, execute=True, allow="all", online=online)
    if done.status not in (Status.APPLIED, Status.IN_SYNC):
        raise Broken(f"the tenant is {done.status}, and nobody said why: {done.error}")
    again = await engine.sync_tenant(tenant.context, target)
    if again.old != target.fingerprint:
        raise Broken(f"the tenant has the fingerprint {again.old}, and the target {target.fingerprint}")
    if not again.already_in_sync or not again.diff.is_empty or not again.plan.is_empty:
        raise Broken(f"a second plan is not empty: {[statement.sql for statement in again.plan.statements]}")
    if (fault := tenant.fault()) is not None:
        raise Broken(f"the database is damaged: {fault}")
    return done.plan


def lost_rows(before: Rows, after: Rows, *, tables: Collection[str] = (), columns: Collection[str] = ()) -> list[str]:
    """What a migration lost: in tables that are on both sides, rows, and the values of columns that are on both.

    `tables` and `columns` (`table.column`) are left out.
    """
    found = []
    for table in sorted((before.keys() & after.keys()) - set(tables)):
        old, new = before[table], after[table]
        if table == "sqlite_sequence":
            old = [row for row in old if row["name"] in after and any(row["name"] == one["name"] for one in new)]
            new = [row for row in new if any(row["name"] == one["name"] for one in old)]
        if len(old) != len(new):
            found.append(f"{table} had {len(old)} rows and has {len(new)}")
        elif old:
            shared = {column for column in old[0].keys() & new[0].keys() if f"{table}.{column}" not in columns}
            if _multiset(old, shared) != _multiset(new, shared):
                found.append(f"{table} has other values than it had")
    return found


def _multiset(rows: list[Row], columns: Collection[str]) -> list[str]:
    return sorted(repr([row[column] for column in sorted(columns)]) for row in rows)
