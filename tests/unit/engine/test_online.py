"""Which plans are made for tables in use: asked for, configured, and by size, on a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from schema_sync import Engine, Hazard, TenantContext
from schema_sync.config import Config, Online
from schema_sync.errors import HazardsNotAllowed
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Plan
from schema_sync.testing.memory import MemoryStore
from tests.unit.places import PostgresPlace

OLD = """
CREATE TABLE small (id integer);
CREATE TABLE "large One" (id integer, note text);
"""
NEW = OLD + 'CREATE INDEX small_id ON small (id); CREATE INDEX large_id ON "large One" (id);'
ROWS = """INSERT INTO "large One" SELECT n, repeat('x', 100) FROM generate_series(1, 3000) AS n"""
MUCH = """INSERT INTO "large One" SELECT n, string_agg(md5(random()::text), '') FROM generate_series(1, 60) AS n,
    generate_series(1, 300) GROUP BY n"""


@pytest_asyncio.fixture
async def there(postgres_url: str) -> AsyncIterator[PostgresPlace]:
    place = PostgresPlace(postgres_url)
    yield place
    await place.adapter.close()


def opened(place: PostgresPlace, postgres: dict[str, object]) -> Engine:
    config = Config.from_dict({"postgres": postgres, "database": [{"url": place.url}]}, Path("schema-sync.toml"), {})
    return Engine(config, MemoryStore(), {place.adapter.name: place.adapter})


async def planned(engine: Engine, place: PostgresPlace, *tenants: TenantContext, online: Online | None = None) -> Plan:
    target = await place.read(TenantContext("model", place.adapter.name))
    [group], capture = await engine.plan(target, tenants, online=online)
    assert not capture.failures
    assert group.plan is not None
    return group.plan


def concurrent(plan: Plan) -> list[str]:
    """The objects that are changed outside of a transaction."""
    return [statement.object for statement in plan.statements if not statement.in_transaction]


async def test_it_is_off_unless_it_is_asked_for_or_configured(there: PostgresPlace) -> None:
    there.make("model", NEW)
    tenant = there.make("acme", OLD)
    both = ["tables/large One/indexes/large_id", "tables/small/indexes/small_id"]
    plain = opened(there, {})
    assert (await planned(plain, there, tenant)).is_atomic
    assert concurrent(await planned(plain, there, tenant, online="on")) == both
    configured = opened(there, {"online": "on"})
    assert concurrent(await planned(configured, there, tenant)) == both
    assert (await planned(configured, there, tenant, online="off")).is_atomic


@pytest.mark.parametrize("rows", [ROWS, MUCH], ids=["many rows", "values out of line"])
async def test_by_size_it_is_for_what_is_large_in_any_tenant_of_the_group(there: PostgresPlace, rows: str) -> None:
    there.make("model", NEW)
    tenants = [there.make("acme", OLD), there.make('a"b', OLD)]
    engine = opened(there, {"online": "auto", "online_above": "200kB"})
    assert (await planned(engine, there, *tenants)).is_atomic
    there.tenant('a"b').load(rows)
    assert (await planned(engine, there, tenants[0])).is_atomic
    plan = await planned(engine, there, *tenants)
    assert concurrent(plan) == ["tables/large One/indexes/large_id"]
    assert set(Hazard) & set(plan.hazards) == {Hazard.NOT_ATOMIC, Hazard.BLOCKS_WRITES}


async def test_a_table_that_somebody_has_to_himself_counts_with_what_was_last_known_of_it(there: PostgresPlace) -> None:
    tenants = [there.make(name, OLD, ROWS) for name in ("one", "two", "three")]
    large = Ident("table", "large One")
    with psycopg.connect(there.url, autocommit=True) as owner:
        owner.execute(sql.SQL("ANALYZE {}").format(sql.Identifier("two", "large One")))
    measured = (await there.adapter.sizes(tenants))[large]
    with psycopg.connect(there.url) as holder:
        holder.execute(sql.SQL("LOCK {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier("two", "large One")))
        alone = (await there.adapter.sizes([tenants[1]]))[large]
        assert 0.8 * measured < alone <= measured
        assert (await there.adapter.sizes(tenants))[large] == measured


async def test_several_transactions_stop_unless_they_are_allowed(there: PostgresPlace) -> None:
    there.make("model", NEW)
    tenant, engine = there.make("acme", OLD), opened(there, {"online": "on"})
    target = await there.read(TenantContext("model", there.adapter.name))
    with pytest.raises(HazardsNotAllowed, match="not_atomic"):
        await engine.sync_tenant(tenant, target, execute=True)
    done = await engine.sync_tenant(tenant, target, execute=True, allow=["not_atomic"])
    assert done.new == target.fingerprint
    assert (await engine.sync_tenant(tenant, target)).already_in_sync
