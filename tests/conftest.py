"""The fixtures that all tests share: PostgreSQL servers and databases, and folders for SQLite files."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Installation, NoServer, PostgresServer, ServerPool, find_installations

_POOL = pytest.StashKey[ServerPool]()
INSTALLATIONS = pytest.StashKey[list[Installation]]()
"""Where the configuration keeps what was found, the preferred first."""


def pytest_configure(config: pytest.Config) -> None:
    """Find the servers; the process that people started owns the pool, xdist's workers join it."""
    config.addinivalue_line("markers", "every_postgres: runs on a PostgreSQL of each major version that was found")
    config.stash[INSTALLATIONS] = find_installations()
    workerinput: dict[str, Any] | None = getattr(config, "workerinput", None)
    config.stash[_POOL] = ServerPool(Path(workerinput["servers"])) if workerinput else ServerPool.own()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the servers of the run are."""
    node.workerinput["servers"] = str(node.config.stash[_POOL].directory)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the servers."""
    if (pool := config.stash.get(_POOL, None)) is not None:
        pool.close()


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say which servers and versions the run uses."""
    found = config.stash[INSTALLATIONS]
    postgres = ", ".join(str(one) for one in found) if found else "none found"
    return [f"PostgreSQL {postgres}", f"SQLite {sqlite3.sqlite_version}, {platform.platform()}"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked `every_postgres` on each major version."""
    if metafunc.definition.get_closest_marker("every_postgres") is not None:
        found: list[Installation | None] = [*metafunc.config.stash[INSTALLATIONS]] or [None]
        ids = ["none" if one is None else f"pg{one.major}" for one in found]
        metafunc.parametrize("postgres_server", found, ids=ids, indirect=True, scope="session")


def server_of(config: pytest.Config, installation: Installation, *, number: int = 0) -> PostgresServer:
    """A running server of an installation; another one for each number."""
    return config.stash[_POOL].server(installation, number=number)


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> PostgresServer:
    """A running server: the preferred one, or with the mark `every_postgres` each in turn."""
    found = request.config.stash[INSTALLATIONS]
    installation: Installation | None = getattr(request, "param", found[0] if found else None)
    if installation is None:
        reason = "no PostgreSQL: set SCHEMA_SYNC_TEST_POSTGRES_URL, or install a server or `schema-sync[test]`"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    try:
        return request.config.stash[_POOL].server(installation)
    except NoServer as error:
        pytest.fail(str(error))


@pytest.fixture(scope="session")
def postgres_installations(request: pytest.FixtureRequest) -> list[Installation]:
    """All that was found, the preferred first."""
    return request.config.stash[INSTALLATIONS]


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty database on `postgres_server`, for one test."""
    with postgres_server.fresh_database() as url:
        yield url


@pytest.fixture
def sqlite_dir(tmp_path: Path) -> Path:
    """An empty folder for the SQLite files of tenants."""
    folder = tmp_path / "tenants"
    folder.mkdir()
    return folder
