"""A fleet of SQLite files and a way to run the command line over it."""

from __future__ import annotations

import contextlib
import json
import shutil
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


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that each `fleet` is a copy of."""
    folder = tmp_path_factory.mktemp("fleet")
    (folder / "tenants").mkdir()
    made = Fleet(folder)
    for tenant in ("acme", "globex", "initech"):
        made.sql(tenant, V1)
    with contextlib.chdir(folder):
        made.run("init", "--url", "sqlite:tenants/*.db", "--name", "eu1")
    return folder


@pytest.fixture(scope="session")
def grown(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that each `evolved` is a copy of."""
    folder = shutil.copytree(fresh, tmp_path_factory.mktemp("evolved"), dirs_exist_ok=True)
    made = Fleet(folder)
    with contextlib.chdir(folder):
        made.run("snapshot", "acme", "--tag", "v1", "-m", "first")
        made.run("apply", "v1", "--all", "--yes")
        made.sql("acme", V2)
        made.run("snapshot", "acme", "--tag", "v2", "-m", "customers have an address")
    return folder


def _copied(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fleet:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCHEMA_SYNC_CONFIG", raising=False)
    return Fleet(tmp_path)


@pytest.fixture
def fleet(fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fleet:
    """Three equal tenants, acme, globex and initech, and a store that has seen nothing yet."""
    return _copied(fresh, tmp_path, monkeypatch)


@pytest.fixture
def evolved(grown: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fleet:
    """The fleet at v1, with a v2 that only acme has."""
    return _copied(grown, tmp_path, monkeypatch)
