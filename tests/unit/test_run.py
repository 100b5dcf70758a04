"""Runs on real databases: locks of others, two at once, and runs that were killed."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest

from schema_sync.adapters.postgres.objects import View
from schema_sync.errors import NotConverged, TenantBusy, UnknownTenant
from schema_sync.model.plan import Statement
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan.planner import RulePlanner
from schema_sync.protocols import MigrationRunner, Session
from schema_sync.run import InOrder, Runner
from tests.unit.places import ROWS, V1, Place, PostgresPlace, SQLitePlace

ROOT = Path(__file__).parents[2]


class Interrupted(InOrder):
    """Does something before each attempt; counts them."""

    def __init__(self, before: Callable[[int], object]) -> None:
        self.attempts = 0
        self._before = before

    async def execute(self, session: Session, statements: Iterable[Statement]) -> None:
        """Run the statements in order."""
        self.attempts += 1
        self._before(self.attempts)
        await super().execute(session, statements)


class Meeting(InOrder):
    """Holds its lock until others have come, too."""

    def __init__(self, barrier: asyncio.Barrier) -> None:
        self.entered = asyncio.Event()
        self._barrier = barrier

    async def execute(self, session: Session, statements: Iterable[Statement]) -> None:
        """Run the statements when all are there."""
        self.entered.set()
        async with asyncio.timeout(20):
            await self._barrier.wait()
        await super().execute(session, statements)


async def test_the_runner_keeps_the_protocol(place: Place) -> None:
    assert isinstance(Runner(place.adapter), MigrationRunner)


async def test_a_run_gives_up_on_a_table_that_somebody_reads_and_changes_nothing(
    place: Place, target: Snapshot
) -> None:
    tenant = place.make("acme", V1, ROWS)
    before, rows = await place.read(tenant), place.tenant("acme").rows()
    plan = await place.plan(before, target)
    executor = Interrupted(lambda _: None)
    with place.reading(tenant), pytest.raises(TenantBusy, match="acme"):
        await Runner(place.adapter, retries=1, executor=executor).run(tenant, plan, target)
    assert executor.attempts == 2
    assert (await place.read(tenant)).files == before.files
    assert place.tenant("acme").rows() == rows


async def test_a_lock_that_is_released_in_time_delays_a_run_and_no_more(place: Place, target: Snapshot) -> None:
    tenant = place.make("acme", V1, ROWS)
    plan = await place.plan(await place.read(tenant), target)
    with ExitStack() as held:
        held.enter_context(place.reading(tenant))
        executor = Interrupted(lambda attempt: held.close() if attempt == 2 else None)
        after = await Runner(place.adapter, retries=3, executor=executor).run(tenant, plan, target)
    assert executor.attempts == 2
    assert after == target == await place.read(tenant)
    assert {row["name"] for row in place.tenant("acme").rows()["customers"]} == {"Ann", "Bob"}


async def test_of_two_runs_on_one_tenant_the_second_is_told_that_it_is_busy(place: Place, target: Snapshot) -> None:
    tenant = place.make("acme", V1)
    plan = await place.plan(await place.read(tenant), target)
    barrier = asyncio.Barrier(2)
    second = place.another()
    meeting = Meeting(barrier)
    first = asyncio.create_task(Runner(place.adapter, executor=meeting).run(tenant, plan, target))
    await asyncio.wait_for(meeting.entered.wait(), 20)
    with pytest.raises(TenantBusy, match="acme"):
        await Runner(second, retries=0).run(tenant, plan, target)
    await barrier.wait()
    assert await first == target == await place.read(tenant)
    await second.close()


async def test_of_two_runs_on_one_tenant_the_second_waits_and_finds_it_done(place: Place, target: Snapshot) -> None:
    tenant = place.make("acme", V1)
    plan = await place.plan(await place.read(tenant), target)
    second = place.another()
    executors = [Interrupted(lambda _: None), Interrupted(lambda _: None)]
    runs = [
        Runner(adapter, executor=executor, retries=20).run(tenant, plan, target)
        for adapter, executor in zip([place.adapter, second], executors, strict=True)
    ]
    assert await asyncio.gather(*runs) == [target, target]
    assert await place.read(tenant) == target
    assert sum(executor.attempts for executor in executors) == 1
    await second.close()


async def test_runs_on_different_tenants_proceed_at_the_same_time(place: Place, target: Snapshot) -> None:
    tenants = [place.make(name, V1) for name in ("acme", "globex", "initech")]
    plan = await place.plan(await place.read(tenants[0]), target)
    runner = Runner(place.adapter, executor=Meeting(asyncio.Barrier(3)), retries=0)
    done = await asyncio.gather(*(runner.run(tenant, plan, target) for tenant in tenants))
    assert done == [target] * 3
    assert [await place.read(tenant) for tenant in tenants] == [target] * 3


async def _die(place: Place, target: Snapshot, count: int) -> None:
    """Let another process bring `acme` towards the target, and be killed after so many statements."""
    files = json.dumps({path: data.decode() for path, data in target.files.items()})
    command = [sys.executable, "-m", "tests.unit.dying", place.url, "acme", str(count)]
    died = await asyncio.to_thread(
        subprocess.run, command, input=files, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert died.returncode == -signal.SIGKILL, died.stderr


@pytest.mark.parametrize("count", [1, 5])
async def test_a_killed_run_leaves_the_tenant_as_it_was_and_the_next_one_finishes(
    place: Place, target: Snapshot, count: int
) -> None:
    tenant = place.make("acme", V1, ROWS)
    before, rows = await place.read(tenant), place.tenant("acme").rows()
    plan = await place.plan(before, target)
    await _die(place, target, min(count, len(plan.statements)))
    assert (await place.read(tenant)).files == before.files
    assert await Runner(place.adapter).run(tenant, plan, target) == target
    assert await place.read(tenant) == target
    assert {row["name"] for row in place.tenant("acme").rows()["customers"]} == {"Ann", "Bob"}
    assert place.tenant("acme").fault() is None
    assert len(rows["customers"]) == 2


async def test_a_tenant_that_was_dropped_before_its_run_is_unknown(place: Place, target: Snapshot) -> None:
    tenant = place.make("acme", V1)
    plan = await place.plan(await place.read(tenant), target)
    match place:
        case SQLitePlace():
            (place.folder / "acme.db").unlink()
        case PostgresPlace():
            place.tenant("model").load("DROP SCHEMA acme CASCADE")
    with pytest.raises(UnknownTenant, match="acme"):
        await Runner(place.adapter).run(tenant, plan, target)


async def test_a_file_whose_writer_was_killed_half_way_through_a_rebuild_can_be_read_at_once(sqlite_dir: Path) -> None:
    """More pages than the cache holds: SQLite has written some to the file, and left a journal to undo them."""
    place = SQLitePlace(sqlite_dir)
    big = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000) "
    tenant = place.make("acme", V1, f"{big} INSERT INTO customers SELECT i, printf('%0400d', i) FROM n")
    target = await place.read(
        place.make("model", V1.replace("name TEXT NOT NULL", "name TEXT NOT NULL CHECK (name > '')"))
    )
    before = await place.read(tenant)
    plan = await place.plan(before, target)
    await _die(place, target, len(plan.statements))
    assert (sqlite_dir / "acme.db-journal").exists()
    assert (await place.read(tenant)).files == before.files
    assert await Runner(place.adapter).run(tenant, plan, target) == target
    assert len(place.tenant("acme").rows()["customers"]) == 12000
    assert place.tenant("acme").fault() is None


@pytest.mark.parametrize(
    ("definition", "word"),
    [("select id, name from people where id>0", "unstable_text"), (" SELECT people.id\n   FROM people", "differed")],
)
async def test_a_definition_that_reads_back_with_other_text_is_named(
    postgres_url: str, definition: str, word: str
) -> None:
    place = PostgresPlace(postgres_url)
    people = "CREATE TABLE people (id int, name text);"
    tenant = place.make("acme", people)
    read = await place.read(place.make("v", people, "CREATE VIEW v AS SELECT id, name FROM people"))
    objects = [msgspec.structs.replace(obj, definition=definition) if isinstance(obj, View) else obj for obj in read]
    target = Snapshot(read.dialect, objects, spelling=read.spelling, needs=read.needs, order=read.order)
    server = (await place.adapter.server()).version
    plan = RulePlanner(place.adapter.kinds, server=server).plan(await place.read(tenant), target)
    with pytest.raises(NotConverged, match=word) as error:
        await Runner(place.adapter).run(tenant, plan, target)
    assert error.value.objects == ("views/v",)
    await place.adapter.close()
