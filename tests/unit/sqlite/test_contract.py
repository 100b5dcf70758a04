"""The adapter keeps the contract of all adapters."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from schema_sync.adapters.sqlite import SQLiteAdapter
from schema_sync.model.report import TenantContext
from schema_sync.protocols import DatabaseAdapter
from schema_sync.testing.adapter import AdapterContract
from tests.unit.sqlite.conftest import load


class TestSQLiteAdapter(AdapterContract):
    """The suite, on files in a folder of their own."""

    old = """
        CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT UNIQUE);
        CREATE INDEX by_email ON customers (email DESC);
    """
    new = """
        CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT NOT NULL, name TEXT);
        CREATE VIEW named AS SELECT id FROM customers WHERE name IS NOT NULL;
    """

    @pytest.fixture(autouse=True)
    def _in_a_folder(self) -> Iterator[None]:
        with TemporaryDirectory() as folder:
            self.folder = Path(folder)
            yield

    def make_adapter(self) -> DatabaseAdapter:
        return SQLiteAdapter(f"sqlite:{self.folder}/*.db", lock_timeout=0.1)

    async def load(self, tenant: TenantContext, script: str) -> None:
        await asyncio.to_thread(load, self.folder / f"{tenant.name}.db", script)
