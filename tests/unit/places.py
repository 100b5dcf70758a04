"""Where tenants live in the tests of what is above the engines: SQLite files, or schemas of a PostgreSQL database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from schema_sync.adapters.postgres import PostgresAdapter
from schema_sync.adapters.sqlite import SQLiteAdapter
from schema_sync.model.plan import Plan
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan import Planner
from schema_sync.protocols import DatabaseAdapter
from tests.tenants import PostgresTenant, SQLiteTenant, Tenant

V1 = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE invoices (id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customers (id));
CREATE INDEX invoices_by_customer ON invoices (customer);
"""
V2 = """
ALTER TABLE customers ADD COLUMN email TEXT;
CREATE UNIQUE INDEX customers_by_email ON customers (email);
CREATE TABLE payments (id INTEGER PRIMARY KEY, invoice INTEGER REFERENCES invoices (id));
CREATE VIEW reachable AS SELECT id, email FROM customers WHERE email IS NOT NULL;
"""
ROWS = "INSERT INTO customers (id, name) VALUES (1, 'Ann'), (2, 'Bob'); INSERT INTO invoices VALUES (7, 1), (8, 2);"


class Place:
    """A database, and the adapters that see it."""

    url: str
    adapter: DatabaseAdapter

    def tenant(self, name: str) -> Tenant:
        """The tenant of that name, as it is seen without the package."""
        raise AssertionError("each place has its own")

    def another(self, *, lock_timeout: float = 0.1) -> DatabaseAdapter:
        """A further adapter of the same database, as another process would have it."""
        raise AssertionError("each place has its own")

    def make(self, name: str, *scripts: str) -> TenantContext:
        """A new tenant with what the scripts make of it."""
        tenant = self.tenant(name)
        tenant.create()
        for script in scripts:
            tenant.load(script)
        return tenant.context

    async def read(self, tenant: TenantContext) -> Snapshot:
        """The tenant as it is now."""
        return await self.adapter.inspector().inspect(tenant)

    async def plan(self, old: Snapshot, new: Snapshot) -> Plan:
        """The plan from one state to another."""
        return Planner(self.adapter.kinds, server=(await self.adapter.server()).version).plan(old, new)

    @contextmanager
    def reading(self, tenant: TenantContext) -> Iterator[None]:
        """A transaction of somebody's that has read a table of the tenant, and goes on. May be left early."""
        yield


class SQLitePlace(Place):
    """A folder of files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"sqlite:{folder}/*.db"
        self.adapter = self.another()

    def tenant(self, name: str) -> SQLiteTenant:
        """The file."""
        return SQLiteTenant(self.adapter, self.folder / f"{name}.db")

    def another(self, *, lock_timeout: float = 0.1) -> SQLiteAdapter:
        """A further adapter."""
        return SQLiteAdapter(self.url, lock_timeout=lock_timeout)

    @contextmanager
    def reading(self, tenant: TenantContext) -> Iterator[None]:
        """A reader: a writer cannot commit beside it (https://sqlite.org/lockingv3.html)."""
        with closing(sqlite3.connect(self.folder / f"{tenant.name}.db", isolation_level=None)) as connection:
            connection.execute("BEGIN")
            connection.execute("SELECT * FROM customers").fetchall()
            yield


class PostgresPlace(Place):
    """A database with schemas."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.adapter = self.another()

    def tenant(self, name: str) -> PostgresTenant:
        """The schema."""
        return PostgresTenant(self.adapter, self.url, name)

    def another(self, *, lock_timeout: float = 0.1) -> PostgresAdapter:
        """A further adapter."""
        return PostgresAdapter(self.url, lock_timeout=lock_timeout)

    @contextmanager
    def reading(self, tenant: TenantContext) -> Iterator[None]:
        """A holder of ACCESS SHARE."""
        with psycopg.connect(self.url) as connection:
            connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(tenant.name, "customers")))
            yield
