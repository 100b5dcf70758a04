"""Renamed objects keep their rows, and what depends on them is not touched."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest_asyncio

from schema_sync.adapters.postgres.text import words
from schema_sync.diff import with_renames
from schema_sync.model.change import Renamed
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Plan
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan import Planner
from schema_sync.run import Runner
from tests.unit.places import PostgresPlace

OLD = """
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE DOMAIN amount AS numeric(10, 2) CONSTRAINT positive CHECK (VALUE > 0);
CREATE TABLE orders (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    total amount NOT NULL CONSTRAINT small CHECK (total < 1000),
    feeling mood DEFAULT 'good',
    doubled numeric GENERATED ALWAYS AS (total * 2) STORED
);
CREATE INDEX by_total ON orders (total) WHERE total > 10;
CREATE TABLE items (order_id integer CONSTRAINT of_order REFERENCES orders (id), n integer);
CREATE FUNCTION worth(orders) RETURNS numeric LANGUAGE sql RETURN ($1).total;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE OF total ON orders FOR EACH ROW EXECUTE FUNCTION touch();
CREATE COLLATION plain (LOCALE = 'C');
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer);
CREATE STATISTICS counted ON id, feeling FROM orders;
CREATE RULE kept AS ON DELETE TO orders DO INSTEAD INSERT INTO items VALUES (old.id, 1);
CREATE VIEW big AS SELECT id, total FROM orders WHERE total > 100;
CREATE MATERIALIZED VIEW sums AS SELECT sum(total) AS of_all, max(total) FROM orders;
INSERT INTO orders (total) VALUES (5), (500);
INSERT INTO items VALUES (1, 1), (2, 2);
"""
RENAMES = """
ALTER TYPE mood RENAME TO "Mood's";
ALTER DOMAIN amount RENAME CONSTRAINT positive TO above_zero;
ALTER DOMAIN amount RENAME TO money_amount;
ALTER TABLE orders RENAME TO "select";
ALTER TABLE "select" RENAME COLUMN total TO "to""tal";
ALTER TABLE "select" RENAME CONSTRAINT small TO not_large;
ALTER INDEX by_total RENAME TO by_amount;
ALTER TABLE items RENAME CONSTRAINT of_order TO of_select;
ALTER FUNCTION touch() RENAME TO touch_it;
ALTER TRIGGER touched ON "select" RENAME TO was_touched;
ALTER COLLATION plain RENAME TO "as ""is";
ALTER AGGREGATE total(integer) RENAME TO grand_total;
ALTER STATISTICS counted RENAME TO "Counted";
ALTER RULE kept ON "select" RENAME TO is_kept;
ALTER VIEW big RENAME TO large;
ALTER MATERIALIZED VIEW sums RENAME TO totals;
"""
ITEMS = Ident("table", "items")
TABLE, NEW_TABLE = Ident("table", "orders"), Ident("table", "select")
PAIRS: Mapping[Ident, Ident] = {
    Ident("enum", "mood"): Ident("enum", "Mood's"),
    Ident("domain", "amount"): Ident("domain", "money_amount"),
    Ident("domain_check", "positive", Ident("domain", "amount")): Ident(
        "domain_check", "above_zero", Ident("domain", "money_amount")
    ),
    TABLE: NEW_TABLE,
    Ident("column", "total", TABLE): Ident("column", 'to"tal', NEW_TABLE),
    Ident("check", "small", TABLE): Ident("check", "not_large", NEW_TABLE),
    Ident("index", "by_total", TABLE): Ident("index", "by_amount", NEW_TABLE),
    Ident("foreign_key", "of_order", ITEMS): Ident("foreign_key", "of_select", ITEMS),
    Ident("function", "touch()"): Ident("function", "touch_it()"),
    Ident("trigger", "touched", TABLE): Ident("trigger", "was_touched", NEW_TABLE),
    Ident("collation", "plain"): Ident("collation", 'as "is'),
    Ident("aggregate", "total(integer)"): Ident("aggregate", "grand_total(integer)"),
    Ident("statistic", "counted", TABLE): Ident("statistic", "Counted", NEW_TABLE),
    Ident("rule", "kept", TABLE): Ident("rule", "is_kept", NEW_TABLE),
    Ident("view", "big"): Ident("view", "large"),
    Ident("materialized_view", "sums"): Ident("materialized_view", "totals"),
}


@pytest_asyncio.fixture
async def there(postgres_url: str) -> AsyncIterator[PostgresPlace]:
    place = PostgresPlace(postgres_url)
    yield place
    await place.adapter.close()


async def _plan(place: PostgresPlace, old: Snapshot, new: Snapshot, renames: Mapping[Ident, Ident]) -> Plan:
    server = (await place.adapter.server()).version
    return Planner(place.adapter.kinds, server=server, words=words).plan(old, new, renames=renames)


async def test_a_plan_renames_and_does_nothing_else(there: PostgresPlace) -> None:
    tenant = there.make("T-1", OLD)
    before = await there.read(tenant)
    target = await there.read(there.make("t10", OLD, RENAMES))
    plan = await _plan(there, before, target, PAIRS)
    assert {part.action for statement in plan.statements for part in statement.parts} == {"rename"}
    assert await Runner(there.adapter).run(tenant, plan, target) == target
    assert [row['to"tal'] for row in there.tenant("T-1").rows()["select"]] == ["5.00", "500.00"]


async def test_the_way_back_is_the_same_way(there: PostgresPlace) -> None:
    tenant = there.make("t10", OLD, RENAMES)
    before = await there.read(tenant)
    target = await there.read(there.make("t1", OLD))
    plan = await _plan(there, before, target, {new: old for old, new in PAIRS.items()})
    assert {part.action for statement in plan.statements for part in statement.parts} == {"rename"}
    assert await Runner(there.adapter).run(tenant, plan, target) == target


async def test_what_changes_beside_its_name_is_changed_in_place(there: PostgresPlace) -> None:
    tenant = there.make("acme", OLD)
    further = """
        ALTER TABLE "select" ALTER COLUMN feeling DROP DEFAULT, ADD COLUMN note text;
        DROP INDEX by_amount;
        CREATE INDEX by_amount ON "select" ("to""tal" DESC);
        DROP VIEW large;
        CREATE TABLE orders (id integer);
        CREATE VIEW large AS SELECT s.id, s."to""tal" FROM "select" s;
    """
    target = await there.read(there.make("new", OLD, RENAMES, further))
    renames = {old: new for old, new in PAIRS.items() if old.kind != "view"}
    plan = await _plan(there, await there.read(tenant), target, renames)
    assert await Runner(there.adapter).run(tenant, plan, target) == target


async def test_the_difference_says_what_was_renamed(there: PostgresPlace) -> None:
    old = await there.read(there.make("t1", OLD))
    new = await there.read(there.make("t2", OLD, RENAMES, 'ALTER TABLE "select" ADD COLUMN note text'))
    found = with_renames(old, new, PAIRS, words)
    assert sum(isinstance(change, Renamed) for change in found) == len(PAIRS)
    assert len(found) == len(PAIRS) + 1
