"""The PostgreSQL adapter keeps the contract of all adapters, on every server that there is."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from psycopg import sql

from schema_sync.adapters.postgres import PostgresAdapter
from schema_sync.model.report import TenantContext
from schema_sync.protocols import DatabaseAdapter
from schema_sync.testing.adapter import AdapterContract

pytestmark = pytest.mark.every_postgres


class TestPostgresAdapter(AdapterContract):
    """The contract, in a database of its own for each test."""

    old = """
        CREATE TYPE state AS ENUM ('new', 'done');
        CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(40) NOT NULL);
        CREATE TABLE orders (id serial PRIMARY KEY, customer bigint REFERENCES customers, state state DEFAULT 'new');
        CREATE VIEW busy AS SELECT name FROM customers JOIN orders ON customer = customers.id WHERE state = 'new';
    """
    new = """
        CREATE TYPE state AS ENUM ('new', 'paid', 'done');
        CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, note text);
        CREATE TABLE orders (id serial PRIMARY KEY, customer bigint REFERENCES customers, state state DEFAULT 'done');
        CREATE INDEX orders_open ON orders (customer) WHERE state <> 'done';
        CREATE FUNCTION total() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM orders; END;
    """

    @pytest.fixture(autouse=True)
    def _database(self, postgres_url: str) -> None:
        self.url = postgres_url

    def make_adapter(self) -> DatabaseAdapter:
        return PostgresAdapter(self.url)

    async def load(self, tenant: TenantContext, script: str) -> None:
        def run() -> None:
            with psycopg.connect(self.url) as connection:
                connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(tenant.name)))
                connection.execute(script.encode())

        await asyncio.to_thread(run)
