"""Changes in steps that keep nobody waiting, on a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

import psycopg
import pytest
import pytest_asyncio

from schema_sync.adapters.kind import TEMPORARY
from schema_sync.errors import TenantFailed
from schema_sync.model.plan import Hazard, Plan, Statement
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan import Planner
from schema_sync.protocols import Session
from schema_sync.run import InOrder, Runner
from tests.unit.places import PostgresPlace

OLD = """
CREATE TABLE countries (code text);
CREATE TABLE "Orders" (id integer, country text, total integer, placed date);
CREATE INDEX orders_by_total ON "Orders" (total);
COMMENT ON INDEX orders_by_total IS 'old';
INSERT INTO countries SELECT n::text FROM generate_series(1, 50) AS n;
INSERT INTO "Orders" SELECT n, (n % 50 + 1)::text, n, '2026-01-01' FROM generate_series(1, 500) AS n;
"""
NEW = """
CREATE TABLE countries (code text CONSTRAINT one_code UNIQUE);
CREATE TABLE "Orders" (
    id integer PRIMARY KEY,
    country text REFERENCES countries (code),
    total integer NOT NULL CHECK (total > 0),
    placed date
);
CREATE INDEX orders_by_total ON "Orders" (total DESC, placed);
COMMENT ON INDEX orders_by_total IS 'new';
CREATE INDEX orders_by_date ON "Orders" (placed) WHERE placed IS NOT NULL;
"""
_BLOCKING = {Hazard.BLOCKS_READS, Hazard.BLOCKS_WRITES}


class Dying(InOrder):
    """Breaks off before the nth call, as a run does that loses its connection there."""

    def __init__(self, at: int) -> None:
        self.left = at

    async def execute(self, session: Session, statements: Iterable[Statement]) -> None:
        """Run the statements in order."""
        if not self.left:
            raise TenantFailed("the plug was pulled")
        self.left -= 1
        await super().execute(session, statements)


@pytest_asyncio.fixture
async def there(postgres_url: str) -> AsyncIterator[PostgresPlace]:
    place = PostgresPlace(postgres_url)
    yield place
    await place.adapter.close()


async def _plan(place: PostgresPlace, old: Snapshot, new: Snapshot) -> Plan:
    server = (await place.adapter.server()).version
    tops = [obj.ident for obj in old if obj.owner is None]
    return Planner(place.adapter.kinds, server=server).plan(old, new, online=tops)


async def test_no_step_blocks_and_the_tenant_arrives(there: PostgresPlace) -> None:
    tenant, target = there.make('a"b', OLD), await there.read(there.make("new", NEW))
    plan = await _plan(there, await there.read(tenant), target)
    assert not _BLOCKING & set(plan.hazards)
    assert Hazard.NOT_ATOMIC in plan.hazards
    assert await Runner(there.adapter).run(tenant, plan, target) == target
    assert await there.read(tenant) == target
    assert len(there.tenant('a"b').rows()["Orders"]) == 500


async def test_a_constraint_is_validated_in_a_later_transaction_than_it_is_made(there: PostgresPlace) -> None:
    target = await there.read(there.make("new", NEW))
    plan = await _plan(there, await there.read(there.make("acme", OLD)), target)
    validations = [statement for statement in plan.statements if "VALIDATE CONSTRAINT" in statement.sql]
    assert len(validations) == 4
    for statement in validations:
        [made] = [each for each in plan.statements if "NOT VALID" in each.sql and statement.parts[0] in each.parts]
        assert made.segment < statement.segment


async def test_a_run_that_breaks_off_anywhere_is_finished_by_the_next(there: PostgresPlace) -> None:
    target = await there.read(there.make("new", NEW))
    steps = len((await _plan(there, await there.read(there.make("acme", OLD)), target)).segments)
    assert steps > 5
    for at in range(steps):
        tenant = there.make(f"t{at}", OLD)
        plan = await _plan(there, await there.read(tenant), target)
        with pytest.raises(TenantFailed, match="plug"):
            await Runner(there.adapter, executor=Dying(at)).run(tenant, plan, target)
        again = await _plan(there, await there.read(tenant), target)
        assert await Runner(there.adapter).run(tenant, again, target) == target
        assert len(there.tenant(f"t{at}").rows()["Orders"]) == 500


async def test_what_fails_outside_of_a_transaction_leaves_nothing_invalid(there: PostgresPlace) -> None:
    target = await there.read(there.make("new", NEW))
    tenant = there.make("acme", OLD, "INSERT INTO countries VALUES ('1')")
    plan = await _plan(there, await there.read(tenant), target)
    with pytest.raises(TenantFailed, match=r"one_code.*transactions of the plan are committed"):
        await Runner(there.adapter).run(tenant, plan, target)
    with psycopg.connect(there.url) as connection:
        invalid = connection.execute("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid").fetchall()
        ours = connection.execute("SELECT relname FROM pg_class WHERE starts_with(relname, %s)", [TEMPORARY]).fetchall()
    assert (invalid, ours) == ([], [])


async def test_a_label_is_committed_before_all_that_may_use_it_and_all_of_that_is_one_transaction(
    there: PostgresPlace,
) -> None:
    old = """CREATE TYPE mood AS ENUM ('sad', 'happy');
        CREATE TABLE t (m mood DEFAULT 'sad', n integer);
        CREATE VIEW seen AS SELECT m FROM t WHERE m = 'sad';
        INSERT INTO t VALUES ('happy', 1)"""
    new = """CREATE TYPE mood AS ENUM ('first', 'sad', 'happy', 'last');
        CREATE TABLE t (m mood DEFAULT 'last', n bigint);
        CREATE VIEW seen AS SELECT n FROM t WHERE m = 'first'"""
    tenant, target = there.make("acme", old), await there.read(there.make("new", new))
    plan = await there.plan(await there.read(tenant), target)
    assert [[part.object for each in those for part in each.parts] for those in plan.segments[:2]] == [
        ["enums/mood"],
        ["enums/mood"],
    ]
    assert len(plan.segments) == 3
    assert Hazard.NOT_ATOMIC in plan.hazards
    with pytest.raises(TenantFailed, match="plug"):
        await Runner(there.adapter, executor=Dying(2)).run(tenant, plan, target)
    again = await there.plan(await there.read(tenant), target)
    assert again.is_atomic
    assert await Runner(there.adapter).run(tenant, again, target) == target
    assert there.tenant("acme").rows()["t"] == [{"m": "happy", "n": "1"}]


async def test_a_key_and_its_successor_change_places_in_one_transaction(there: PostgresPlace) -> None:
    old = """CREATE TABLE t (a integer, b integer, CONSTRAINT "t Key" PRIMARY KEY (a), CONSTRAINT one UNIQUE (b));
        INSERT INTO t VALUES (1, 1)"""
    new = """CREATE TABLE t (a integer NOT NULL, b integer, CONSTRAINT "t Key" PRIMARY KEY (b),
        CONSTRAINT one UNIQUE (b) INCLUDE (a) DEFERRABLE);
        COMMENT ON CONSTRAINT one ON t IS 'new'"""
    tenant, target = there.make("acme", old), await there.read(there.make("new", new))
    plan = await _plan(there, await there.read(tenant), target)
    assert not _BLOCKING & set(plan.hazards)
    for name in ("t Key", "one"):
        going = [each.segment for each in plan.statements if f'DROP CONSTRAINT "{name}"' in each.sql]
        coming = [each.segment for each in plan.statements if f'ADD CONSTRAINT "{name}"' in each.sql]
        assert len(going) == 1
        assert going == coming
    assert await Runner(there.adapter).run(tenant, plan, target) == target


async def test_where_no_steps_are_known_the_users_who_have_to_wait_are_named(there: PostgresPlace) -> None:
    tenant = there.make("acme", "CREATE TABLE t (a integer); CREATE TABLE empty ()")
    target = await there.read(there.make("new", "CREATE TABLE t (a bigint); CREATE TABLE empty (a integer)"))
    old = await there.read(tenant)
    [rewriting] = [each for each in (await _plan(there, old, target)).statements if each.object.startswith("tables/t/")]
    assert Hazard.REWRITES_TABLE in rewriting.hazards
    assert "users of tables/t have to wait" in (rewriting.note or "")
    assert all(each.note is None for each in (await there.plan(old, target)).statements)
