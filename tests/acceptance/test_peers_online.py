"""Acceptance tests out of the defects of other tools: changes while tables are used, and who waits for whom."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from schema_sync.adapters.postgres import PostgresAdapter
from schema_sync.engine import Engine
from schema_sync.errors import FingerprintChanged, TenantBusy, TenantFailed
from schema_sync.model.plan import Hazard, Statement
from schema_sync.model.report import Status, SyncResult
from schema_sync.model.snapshot import Snapshot
from schema_sync.protocols import Session
from schema_sync.run import InOrder, Runner
from schema_sync.testing.memory import MemoryStore
from tests.servers import PostgresServer
from tests.tenants import PostgresTenant, capture, converge, lost_rows, open_adapter
from tests.test_cases import cases, expectation, fraction, renamed
from tests.unit.postgres.test_concurrent import START, THERE_AND_BACK, migrating

ROOT = Path(__file__).parents[2]
OLD = "CREATE TABLE users (id integer, email text)"
NEW = OLD + "; CREATE UNIQUE INDEX by_email ON users (email)"
PATIENCE = 60.0
"""Seconds after which something that should happen has not."""

_INDEX: LiteralString = (
    "SELECT oid::text, indisvalid FROM pg_class JOIN pg_index ON indexrelid = oid WHERE oid = to_regclass(%s)"
)


@pytest_asyncio.fixture
async def adapter(postgres_url: str) -> AsyncIterator[PostgresAdapter]:
    """The adapter of an empty database, which waits for locks a second at most."""
    adapter = PostgresAdapter(postgres_url, lock_timeout=1.0)
    yield adapter
    await adapter.close()


@pytest.fixture
def ask(postgres_url: str) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
    """Asks the server, as somebody else, outside of any transaction."""
    with psycopg.connect(postgres_url, autocommit=True, options="-c lock_timeout=10s") as connection:
        yield lambda query, *params: connection.execute(query, params or None).fetchall()


def make(adapter: PostgresAdapter, url: str, name: str, *scripts: str) -> PostgresTenant:
    """A new tenant, in the state that the scripts make of it."""
    tenant = PostgresTenant(adapter, url, name)
    tenant.create()
    for script in scripts:
        tenant.load(script)
    return tenant


async def online(tenant: PostgresTenant, target: Snapshot, *, execute: bool = True) -> SyncResult:
    """Bring a tenant to a target while its tables are used."""
    engine = Engine.from_adapter(tenant.adapter, MemoryStore())
    return await engine.sync_tenant(tenant.context, target, execute=execute, allow="all", online="on")


async def until(is_so: Callable[[], object]) -> None:
    """Wait for something to become so."""
    give_up = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < give_up
        await asyncio.sleep(0.02)


async def test_1_the_validity_of_an_index_is_that_of_the_tenants_own(
    adapter: PostgresAdapter, postgres_url: str, ask: Callable[..., list[tuple[Any, ...]]]
) -> None:
    other = make(adapter, postgres_url, "a", NEW)
    twins = make(adapter, postgres_url, 'b"', OLD, "INSERT INTO users VALUES (1, 'x'), (2, 'x')")
    target = await capture(other)
    theirs = ask(_INDEX, "a.by_email")
    assert theirs[0][1] is True
    with pytest.raises(TenantFailed, match="by_email"):
        await online(twins, target)
    assert ask(_INDEX, '"b""".by_email') == []
    twins.load("DELETE FROM users WHERE id = 2")
    assert (await online(twins, target)).new == target.fingerprint
    assert ask(_INDEX, '"b""".by_email')[0][1] is True
    assert ask(_INDEX, "a.by_email") == theirs


async def test_2_an_index_that_a_killed_run_was_building_is_swept_and_built(
    adapter: PostgresAdapter, postgres_url: str, ask: Callable[..., list[tuple[Any, ...]]]
) -> None:
    target = await capture(make(adapter, postgres_url, "model", NEW))
    tenant = make(adapter, postgres_url, "acme", OLD, "INSERT INTO users VALUES (1, 'x')")
    command = [sys.executable, "-m", "tests.acceptance.applying", postgres_url, "acme"]
    files = json.dumps({path: data.decode() for path, data in target.files.items()})
    with psycopg.connect(postgres_url) as writer:
        writer.execute("INSERT INTO acme.users VALUES (2, 'y')")
        process = await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE, cwd=ROOT)
        assert process.stdin is not None
        process.stdin.write(files.encode())
        process.stdin.close()
        await until(lambda: ask("SELECT FROM pg_stat_progress_create_index WHERE datname = current_database()"))
        await until(lambda: ask(_INDEX, "acme.by_email"))
        process.send_signal(signal.SIGKILL)
        await process.wait()
        # The server notices that nobody waits for the statement any more, though the statement itself still waits.
        await until(lambda: not ask("SELECT FROM pg_locks WHERE locktype = 'advisory'"))
        writer.rollback()
    [(built, is_valid)] = ask(_INDEX, "acme.by_email")
    assert is_valid is False
    started = time.monotonic()
    assert (await online(tenant, target)).status is Status.APPLIED
    assert time.monotonic() - started < PATIENCE
    [(again, is_valid)] = ask(_INDEX, "acme.by_email")
    assert (is_valid, again == built) == (True, False)
    assert ask("SELECT FROM pg_index WHERE NOT indisvalid") == []
    assert len(tenant.rows()["users"]) == 1


async def test_2_a_partition_that_a_killed_run_was_detaching_is_finished_by_the_next(
    adapter: PostgresAdapter, postgres_url: str, ask: Callable[..., list[tuple[Any, ...]]]
) -> None:
    old = """CREATE TABLE orders (id integer) PARTITION BY LIST (id);
        CREATE TABLE first PARTITION OF orders FOR VALUES IN (1);
        CREATE TABLE second PARTITION OF orders FOR VALUES IN (2)"""
    target = await capture(make(adapter, postgres_url, "model", old, "ALTER TABLE orders DETACH PARTITION second"))
    tenant = make(adapter, postgres_url, "acme", old, "INSERT INTO orders VALUES (1), (2)")
    command = [sys.executable, "-m", "tests.acceptance.applying", postgres_url, "acme"]
    pending = "SELECT FROM pg_inherits WHERE inhdetachpending AND inhrelid = 'acme.second'::regclass"
    with psycopg.connect(postgres_url) as reader:
        reader.execute("SELECT FROM ONLY acme.orders")
        process = await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE, cwd=ROOT)
        assert process.stdin is not None
        process.stdin.write(json.dumps({path: data.decode() for path, data in target.files.items()}).encode())
        process.stdin.close()
        await until(lambda: ask(pending))
        process.send_signal(signal.SIGKILL)
        await process.wait()
        await until(lambda: not ask("SELECT FROM pg_locks WHERE locktype = 'advisory'"))
        reader.rollback()
    assert ask(pending)
    assert (await online(tenant, target)).status is Status.APPLIED
    assert await capture(tenant) == target
    assert not ask(pending)
    assert ask("SELECT FROM pg_constraint WHERE starts_with(conname, 'schema_sync')") == []
    assert {name: len(rows) for name, rows in tenant.rows().items()} == {"orders": 1, "first": 1, "second": 1}


SLOW = """CREATE FUNCTION slow(n integer) RETURNS boolean LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_sleep(0.004); RETURN n > 0; END';
CREATE TABLE orders (total integer)"""


async def test_3_rows_are_validated_in_a_later_transaction_and_nobody_waits_for_the_scan(
    adapter: PostgresAdapter, postgres_url: str, ask: Callable[..., list[tuple[Any, ...]]]
) -> None:
    target = await capture(
        make(adapter, postgres_url, "model", SLOW, "ALTER TABLE orders ADD CONSTRAINT positive CHECK (slow(total))")
    )
    tenant = make(adapter, postgres_url, "acme", SLOW, "INSERT INTO orders SELECT 1 FROM generate_series(1, 500)")
    statements = (await online(tenant, target, execute=False)).plan.statements
    [made] = [each.segment for each in statements if "NOT VALID" in each.sql]
    [validated] = [each.segment for each in statements if "VALIDATE CONSTRAINT" in each.sql]
    assert made < validated
    going = asyncio.create_task(online(tenant, target))
    scanning = "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'ALTER TABLE%VALIDATE%'"
    await until(lambda: ask(scanning))
    held = {
        mode
        for (mode,) in ask(
            "SELECT mode FROM pg_locks WHERE relation = 'acme.orders'::regclass AND pid IN "
            "(SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'ALTER TABLE%VALIDATE%')"
        )
    }
    assert held
    assert "AccessExclusiveLock" not in held
    assert held <= {"ShareUpdateExclusiveLock", "AccessShareLock"}
    assert ask("SELECT count(*) FROM acme.orders") == [(500,)]
    assert ask("INSERT INTO acme.orders VALUES (7) RETURNING total") == [(7,)]
    assert ask(scanning)
    assert (await going).new == target.fingerprint


@contextmanager
def reading(url: str, table: LiteralString) -> Iterator[list[float]]:
    """Somebody reads a table again and again; how long each took, in seconds."""
    over, took = threading.Event(), list[float]()

    def go() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not over.wait(0.03):
                started = time.monotonic()
                connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.SQL(table))).fetchall()
                took.append(time.monotonic() - started)

    thread = threading.Thread(target=go)
    thread.start()
    try:
        yield took
    finally:
        over.set()
        thread.join()


class Counting(InOrder):
    """Counts how often the statements are begun."""

    calls = 0

    async def execute(self, session: Session, statements: Iterable[Statement]) -> None:
        """Run the statements in order."""
        self.calls += 1
        await super().execute(session, statements)


async def test_4_who_reads_waits_no_longer_than_the_lock_timeout_behind_a_change_that_waits(
    adapter: PostgresAdapter, postgres_url: str
) -> None:
    target = await capture(make(adapter, postgres_url, "model", "CREATE TABLE users (id integer, email text, n int)"))
    tenant = make(adapter, postgres_url, "acme", OLD)
    plan = (await online(tenant, target, execute=False)).plan
    counting = Counting()
    runner = Runner(adapter, retries=2, executor=counting)
    with psycopg.connect(postgres_url) as holder:
        holder.execute("SELECT * FROM acme.users")
        with reading(postgres_url, "acme.users") as took:
            started = time.monotonic()
            with pytest.raises(TenantBusy, match=r"acme: tables/users.*lock timeout") as caught:
                await runner.run(tenant.context, plan, target)
            whole = time.monotonic() - started
    assert caught.value.hint
    assert counting.calls == 3
    assert whole > 3.0  # three times a second, and the pauses between
    assert max(took) > 0.3  # somebody did stand behind the change
    assert max(took) < 1.5  # but no longer than its one second, and what a loaded machine takes to wake up
    assert (await runner.run(tenant.context, plan, target)).fingerprint == target.fingerprint


ADDED = {
    "nothing": ("", "extra integer"),
    "a constant": ("", "extra integer NOT NULL DEFAULT 7"),
    "the time": ("", "extra timestamptz DEFAULT now()"),
    "a plain domain": ("CREATE DOMAIN plain AS integer;", "extra plain"),
    "identity": ("", "extra integer GENERATED ALWAYS AS IDENTITY"),
    "serial": ("", "extra bigserial"),
    "random": ("", "extra double precision DEFAULT random()"),
    "uuid": ("", "extra uuid DEFAULT gen_random_uuid()"),
    "clock": ("", "extra timestamptz DEFAULT clock_timestamp()"),
    "a function of one's own": (
        "CREATE FUNCTION dice() RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 4; END';",
        "extra integer DEFAULT dice()",
    ),
    "stored": ("", "extra integer GENERATED ALWAYS AS (id * 2) STORED"),
    "a constrained domain": ("CREATE DOMAIN positive AS integer CHECK (VALUE > 0);", "extra positive"),
    "a domain over a constrained one": (
        "CREATE DOMAIN positive AS integer CHECK (VALUE > 0); CREATE DOMAIN above AS positive;",
        "extra above",
    ),
    "a composite": ("CREATE TYPE pair AS (a integer, b integer);", "extra pair"),
    "an enum": ("CREATE TYPE mood AS ENUM ('a');", "extra mood DEFAULT 'a'"),
    "a domain that is not null": ("CREATE DOMAIN there AS integer NOT NULL DEFAULT 1;", "extra there"),
}


@pytest.mark.parametrize("what", ADDED)
async def test_5_a_column_is_called_a_rewrite_when_the_server_rewrites_the_table_for_it(
    adapter: PostgresAdapter, postgres_url: str, ask: Callable[..., list[tuple[Any, ...]]], what: str
) -> None:
    before, column = ADDED[what]
    target = await capture(
        make(adapter, postgres_url, "model", before + OLD + f"; ALTER TABLE users ADD COLUMN {column}")
    )
    tenant = make(adapter, postgres_url, "acme", before + OLD, "INSERT INTO users VALUES (1, 'x')")
    place = "SELECT pg_relation_filenode('acme.users')"
    was = ask(place)
    done = await online(tenant, target)
    [adding] = [each for each in done.plan.statements if " ADD COLUMN " in each.sql]
    is_rewritten = ask(place) != was
    assert (Hazard.REWRITES_TABLE in adding.hazards) == is_rewritten
    assert (adding.note is not None) == is_rewritten
    assert adding.lock == "ACCESS EXCLUSIVE"


async def test_15_a_capture_beside_migrations_is_never_torn(adapter: PostgresAdapter, postgres_url: str) -> None:
    tenant = make(adapter, postgres_url, "acme", START)
    at_rest = (await capture(tenant)).fingerprint
    known = {at_rest}
    for number, (there, _) in enumerate(THERE_AND_BACK):
        known.add((await capture(make(adapter, postgres_url, f"state{number}", START, there))).fingerprint)
    with migrating(postgres_url, "acme"):
        for _ in range(3):
            try:
                snapshot = await adapter.inspector().inspect(tenant.context)
            except TenantBusy:
                continue
            assert snapshot.fingerprint in known
    assert (await adapter.inspector().inspect(tenant.context)).fingerprint == at_rest


async def test_17_a_plan_for_another_state_runs_no_statement(adapter: PostgresAdapter, postgres_url: str) -> None:
    target = await capture(make(adapter, postgres_url, "model", NEW))
    tenant = make(adapter, postgres_url, "acme", OLD)
    for mode in ("off", "on"):
        engine = Engine.from_adapter(adapter, MemoryStore())
        plan = (await engine.sync_tenant(tenant.context, target, online="on" if mode == "on" else "off")).plan
        assert not plan.is_empty
        tenant.load(f"ALTER TABLE users ADD COLUMN drifted_{mode} integer")
        drifted = await capture(tenant)
        counting = Counting()
        with pytest.raises(FingerprintChanged, match=r"acme.*nothing was run"):
            await Runner(adapter, executor=counting).run(tenant.context, plan, target)
        assert counting.calls == 0
        assert await capture(tenant) == drifted


def online_cases() -> list[Path]:
    """The cases that have a way forward, and need nothing of their database that is not the tenant's: a fixed sixth
    of them, or with SCHEMA_SYNC_EVERY_CASE=1 all.
    """
    every = bool(os.environ.get("SCHEMA_SYNC_EVERY_CASE"))
    return [case for case in cases("postgres") if _is_plain(case) and (every or fraction(case, 6) == 0)]


def _is_plain(case: Path) -> bool:
    expect = expectation(case)
    needs_more = expect.apart or expect.with_extensions or (case / "database.sql").exists()
    return "forward" not in expect.refused and not expect.gap and not needs_more


@pytest.mark.parametrize("case", online_cases(), ids=lambda case: case.name)
async def test_18_a_second_plan_is_empty_in_every_case_also_in_several_transactions(
    case: Path, postgres_server: PostgresServer
) -> None:
    """In one transaction it is tests/test_cases.py that says so."""
    expect = expectation(case)
    if not expect.is_taken_by(postgres_server.major):
        return
    with postgres_server.fresh_database() as url:
        adapter = open_adapter(url, options={"roles": expect.own_roles, "owners": expect.owners})
        tenant, model = PostgresTenant(adapter, url, 'a"b'), PostgresTenant(adapter, url, "T-10")
        for each, script in ((tenant, "old.sql"), (model, "new.sql")):
            for pattern in expect.roles:
                each.create_role(pattern.replace("{tenant}", each.name))
            each.create()
            each.load((case / script).read_text())
        if (case / "seed.sql").exists():
            tenant.load((case / "seed.sql").read_text())
        before, target = tenant.rows(), await capture(model)
        await converge(tenant, target, renamed(expect, adapter.vocabulary), online="on")
        assert lost_rows(before, tenant.rows(), tables=expect.rows_lost, columns=expect.values_changed) == []
        await adapter.close()
