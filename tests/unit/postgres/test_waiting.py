"""Who waits for whom while a tenant is changed in several transactions, and through a pooler."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from schema_sync.adapters.postgres import PostgresAdapter
from schema_sync.errors import Refused, TenantFailed
from schema_sync.model.plan import Plan, Statement
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan import Planner
from schema_sync.protocols import Session
from schema_sync.run import InOrder, Runner
from tests.pooler import Pooler
from tests.unit.places import PostgresPlace

OLD = 'CREATE TABLE "a Table" (id integer, total integer); INSERT INTO "a Table" VALUES (1, 2)'
NEW = """CREATE TABLE "a Table" (id integer PRIMARY KEY, total integer CHECK (total > 0), note text);
CREATE INDEX by_total ON "a Table" (total)"""


@pytest_asyncio.fixture
async def there(postgres_url: str) -> AsyncIterator[PostgresPlace]:
    place = PostgresPlace(postgres_url)
    yield place
    await place.adapter.close()


async def planned(place: PostgresPlace, tenant: TenantContext, target: Snapshot) -> Plan:
    old = await place.read(tenant)
    planner = Planner(place.adapter.kinds, server=(await place.adapter.server()).version)
    plan = planner.plan(old, target, online=[obj.ident for obj in old if obj.owner is None])
    assert len(plan.segments) > 3
    return plan


class Holding(InOrder):
    """Lets somebody hold a table before the nth transaction, until that has been given up so often."""

    def __init__(self, place: PostgresPlace, table: sql.Identifier, at: int, times: int) -> None:
        self.place = place
        self.table = table
        self.at = at
        self.left = times
        self.calls = 0
        self.given_up = 0

    async def execute(self, session: Session, statements: Iterable[Statement]) -> None:
        """Run the statements in order, with the table held."""
        self.calls += 1
        if self.calls <= self.at or not self.left:
            return await super().execute(session, statements)
        self.left -= 1
        with psycopg.connect(self.place.url) as holder:
            holder.execute(sql.SQL("LOCK {} IN ACCESS EXCLUSIVE MODE").format(self.table))
            try:
                await super().execute(session, statements)
            finally:
                self.given_up += 1


async def test_a_later_transaction_that_gets_no_lock_is_tried_again_by_itself(there: PostgresPlace) -> None:
    tenant, target = there.make("acme", OLD), await there.read(there.make("model", NEW))
    plan = await planned(there, tenant, target)
    at = next(n for n, those in enumerate(plan.segments) if "VALIDATE" in those[0].sql)
    holding = Holding(there, sql.Identifier("acme", "a Table"), at, times=2)
    assert await Runner(there.adapter, executor=holding).run(tenant, plan, target) == target
    assert holding.given_up == 2
    assert holding.calls == len(plan.segments) + 2


async def test_a_later_transaction_that_never_gets_its_lock_says_what_is_committed(there: PostgresPlace) -> None:
    tenant, target = there.make("acme", OLD), await there.read(there.make("model", NEW))
    plan = await planned(there, tenant, target)
    at = next(n for n, those in enumerate(plan.segments) if "VALIDATE" in those[0].sql)
    holding = Holding(there, sql.Identifier("acme", "a Table"), at, times=9)
    with pytest.raises(TenantFailed, match=f"lock timeout; {at} of the {len(plan.segments)} transactions") as caught:
        await Runner(there.adapter, executor=holding, retries=1).run(tenant, plan, target)
    assert "apply again" in (caught.value.hint or "")
    assert holding.given_up == 2
    again = await planned(there, tenant, target)
    assert await Runner(there.adapter).run(tenant, again, target) == target


class Watching(InOrder):
    """Looks at our own connections before each statement that waits for all transactions that see an older state."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.looked = 0

    async def execute(self, session: Session, statements: Iterable[Statement]) -> None:
        """Run the statements in order."""
        those = list(statements)
        if any("CONCURRENTLY" in each.sql for each in those):
            self.looked += 1
            assert self._in_transactions() == []
        await super().execute(session, those)

    def _in_transactions(self) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(
                "SELECT pid, state, query FROM pg_stat_activity WHERE application_name = 'schema-sync'"
                " AND datname = current_database() AND (state <> 'idle' OR backend_xmin IS NOT NULL)"
            ).fetchall()


async def test_nothing_waits_for_a_transaction_of_our_own(there: PostgresPlace) -> None:
    tenant, target = there.make("acme", OLD), await there.read(there.make("model", NEW))
    watching = Watching(there.url)
    await Runner(there.adapter, executor=watching).run(tenant, await planned(there, tenant, target), target)
    assert watching.looked == 2


async def test_a_pooler_that_changes_the_process_is_refused_before_anything_runs(there: PostgresPlace) -> None:
    tenant, target = there.make("acme", OLD), await there.read(there.make("model", NEW))
    before, plan = await there.read(tenant), await planned(there, tenant, target)
    with Pooler(there.url) as pooler:
        through = PostgresAdapter(pooler.url)
        with pytest.raises(Refused, match=r"acme: .* is a pooler") as caught:
            await Runner(through).run(tenant, plan, target)
        assert "session mode" in (caught.value.hint or "")
        assert await there.read(tenant) == before
        at_once = await there.plan(before, target)
        assert at_once.is_atomic
        assert await Runner(through).run(tenant, at_once, target) == target
        await through.close()


async def test_a_pooler_that_keeps_the_process_is_as_good_as_none(there: PostgresPlace) -> None:
    tenant, target = there.make("acme", OLD), await there.read(there.make("model", NEW))
    with Pooler(there.url, session=True) as pooler:
        through = PostgresAdapter(pooler.url)
        assert await Runner(through).run(tenant, await planned(there, tenant, target), target) == target
        await through.close()


class Changing(InOrder):
    """Has the server end the lock before the second transaction, as a pooler does that moves on to another process."""

    def __init__(self) -> None:
        self.calls = 0

    async def execute(self, session: Session, statements: Iterable[Statement]) -> None:
        """Run the statements in order."""
        self.calls += 1
        assert self.calls == 1
        release = Statement(sql="SELECT pg_advisory_unlock_all()", object="tables/none", parts=())
        await session.execute(release)
        await super().execute(session, statements)


async def test_a_lock_that_is_lost_on_the_way_ends_the_run(there: PostgresPlace) -> None:
    tenant, target = there.make("acme", OLD), await there.read(there.make("model", NEW))
    plan = await planned(there, tenant, target)
    with pytest.raises(TenantFailed, match="the lock was lost between two transactions; 1 of the") as caught:
        await Runner(there.adapter, executor=Changing()).run(tenant, plan, target)
    assert "session mode" in (caught.value.hint or "")
    assert "apply again" in (caught.value.hint or "")
