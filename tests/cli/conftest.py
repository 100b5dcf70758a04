"""A fleet of SQLite files and a way to run the command line over it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from schema_sync.cli import main

Run = Callable[..., Result]

V1 = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, note TEXT);
CREATE TABLE invoices (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id));
CREATE INDEX invoices_by_customer ON invoices (customer_id);
"""
V2 = """
ALTER TABLE customers ADD COLUMN email TEXT;
CREATE UNIQUE INDEX customers_by_email ON customers (email);
"""


@dataclass(frozen=True)
class Fleet:
    """A folder with a configuration, a store, and `tenants/*.db`; it is the working directory."""

    folder: Path

    def sql(self, tenant: str, script: str) -> None:
        """Run a script in a tenant, as anybody could."""
        with closing(sqlite3.connect(self.folder / "tenants" / f"{tenant}.db")) as connection:
            connection.executescript(script)

    def rows(self, tenant: str, query: str) -> list[Any]:
        """What a tenant answers to a query."""
        with closing(sqlite3.connect(self.folder / "tenants" / f"{tenant}.db")) as connection:
            return connection.execute(query).fetchall()

    def run(self, *args: str, code: int = 0, **extra: Any) -> Result:
        """Run a command line that ends with the code."""
        result = CliRunner().invoke(main, list(args), **extra)
        assert result.exit_code == code, result.output
        return result

    def json(self, *args: str, code: int = 0) -> Any:
        """Run a command line with `--format json`; its answer."""
        return json.loads(self.run(*args, "--format", "json", code=code).stdout)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCHEMA_SYNC_CONFIG", raising=False)
    return lambda *args, **extra: CliRunner().invoke(main, list(args), **extra)


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fleet:
    """Three equal tenants, acme, globex and initech, and a store that has seen nothing yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCHEMA_SYNC_CONFIG", raising=False)
    (tmp_path / "tenants").mkdir()
    made = Fleet(tmp_path)
    for tenant in ("acme", "globex", "initech"):
        made.sql(tenant, V1)
    made.run("init", "--url", "sqlite:tenants/*.db", "--name", "eu1")
    return made


@pytest.fixture
def evolved(fleet: Fleet) -> Fleet:
    """The fleet at v1, with a v2 that only acme has."""
    fleet.run("snapshot", "acme", "--tag", "v1", "-m", "first")
    fleet.run("apply", "v1", "--all", "--yes")
    fleet.sql("acme", V2)
    fleet.run("snapshot", "acme", "--tag", "v2", "-m", "customers have an address")
    return fleet
