"""The law of canonical text: what a definition is stored as reads back unchanged when a tenant is made of it.

It is held against every state of the corpus and of the histories: loaded by psql as somebody else wrote it, captured,
made anew from nothing by our own plan, and captured again.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from schema_sync.adapters.postgres import PostgresAdapter
from schema_sync.diff import diff
from schema_sync.errors import Refused, TenantFailed
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan.planner import RulePlanner
from schema_sync.run import Runner
from tests.servers import Installation, PostgresServer, client_binary, execute, query

_TENANT = TenantContext("public", "main")
"""The corpus's scripts write to this schema."""

_EXTENSIONS = """
SELECT e.extname, e.extnamespace = 'public'::regnamespace
  FROM pg_extension e
 WHERE e.extname <> 'plpgsql'
 ORDER BY e.oid
"""

_SUBSCRIPTIONS = """
SELECT s.subname
  FROM pg_subscription s
  JOIN pg_database d ON d.oid = s.subdbid
 WHERE d.datname = current_database()
"""


@dataclass(frozen=True)
class State:
    """A script that makes a schema."""

    suite: str
    path: Path
    roles: tuple[str, ...] = ()


def _here(variable: str, folder: str) -> Path | None:
    """A folder of states, where it is at hand."""
    sibling = Path(__file__).parents[4] / "shared" / folder
    named = os.environ.get(variable)
    path = Path(named) if named else sibling
    return path / "postgres" if (path / "postgres").is_dir() else None


def _all() -> Iterator[State]:
    if (corpus := _here("SCHEMA_SYNC_CORPUS", "corpus")) is not None:
        for file in sorted(corpus.glob("*/*/meta.json")):
            meta = json.loads(file.read_text())
            if not meta.get("multi_schema") and not meta.get("isolated_cluster"):
                for name in ("from.sql", "to.sql"):
                    yield State(file.parent.parent.name, file.parent / name, tuple(meta.get("roles", ())))
    if (histories := _here("SCHEMA_SYNC_HISTORIES", "histories")) is not None:
        for path in sorted(histories.glob("*/*/state.sql")):
            yield State(f"history {path.parent.parent.name}", path)


def _states() -> dict[str, list[State]]:
    """The states by suite, each text once: of the cases a fixed twentieth, or with SCHEMA_SYNC_EVERY_STATE=1 all."""
    every = bool(os.environ.get("SCHEMA_SYNC_EVERY_STATE"))
    found: dict[str, State] = {}
    for state in _all():
        digest = hashlib.sha256(state.path.read_bytes()).hexdigest()
        if every or state.suite.startswith("history") or int(digest, 16) % 20 == 0:
            found.setdefault(digest, state)
    suites: dict[str, list[State]] = {}
    for state in found.values():
        suites.setdefault(state.suite, []).append(state)
    return suites


_SUITES = _states() or {"none": []}


@pytest.mark.parametrize("suite", _SUITES)
async def test_every_definition_reads_back_as_it_was_stored(
    postgres_server: PostgresServer, postgres_installations: list[Installation], suite: str
) -> None:
    if not _SUITES[suite]:
        pytest.skip("neither SCHEMA_SYNC_CORPUS nor SCHEMA_SYNC_HISTORIES is set, and neither is beside the project")
    psql = client_binary("psql", postgres_server.major, postgres_installations)
    assert psql is not None
    unstable = []
    for state in _SUITES[suite]:
        with postgres_server.fresh_database() as url:
            loads = _load(psql, url, state)
            _unsubscribe(url)
            if loads:
                unstable += await _unstable(url, state)
    assert not unstable, "\n".join(unstable)


def _load(psql: Path, url: str, state: State) -> bool:
    """Run the script; what does not load on this server says nothing of ours."""
    for role in state.roles:
        if not query(url, "SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)):
            execute(url, sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
    execute(url, "ALTER SCHEMA public OWNER TO CURRENT_USER")
    command = [str(psql), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", str(state.path)]
    environ = os.environ | {"PGOPTIONS": "-c client_min_messages=error"}
    return not subprocess.run(command, capture_output=True, check=False, env=environ).returncode


async def _unstable(url: str, state: State) -> list[str]:
    """The definitions that come back otherwise than they were stored."""
    adapter = PostgresAdapter(url, shared=())
    try:
        try:
            target = await adapter.inspector().inspect(_TENANT)
        except Refused:
            return []
        _empty(url)
        before = await adapter.inspector().inspect(_TENANT)
        target = target.replace(unmodelled=before.unmodelled)
        plan = RulePlanner(adapter.kinds, server=(await adapter.server()).version).plan(before, target)
        try:
            after = await Runner(adapter).run(_TENANT, plan, target)
        except TenantFailed as error:
            return [] if _needs_the_unread(error, target) else [f"{state.path}: {error.message}"]
        return [f"{state.path}: {change.ident.text}" for change in diff(after, target)]
    finally:
        await adapter.close()


def _needs_the_unread(error: TenantFailed, target: Snapshot) -> bool:
    """Whether a statement failed for want of what no cell reads, such as a partitioned table that a view shows."""
    return "does not exist" in error.message and bool(target.diagnostics)


def _unsubscribe(url: str) -> None:
    """A database with a subscription cannot be dropped."""
    for (name,) in query(url, _SUBSCRIPTIONS):
        subscription = sql.Identifier(name)
        execute(
            url,
            sql.SQL("ALTER SUBSCRIPTION {} DISABLE").format(subscription),
            sql.SQL("ALTER SUBSCRIPTION {} SET (slot_name = NONE)").format(subscription),
            sql.SQL("DROP SUBSCRIPTION {}").format(subscription),
        )


def _empty(url: str) -> None:
    """Take all out of the schema but its extensions: those are nobody's own."""
    extensions = query(url, _EXTENSIONS)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        for name, within in extensions:
            if within:
                create = sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA public").format(sql.Identifier(name))
                connection.execute(create)
