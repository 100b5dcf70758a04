"""Renamed tables and columns of SQLite keep their rows, and what depends on them follows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from schema_sync.adapters.sqlite.tokens import words
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Plan
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan import Planner
from schema_sync.run import Runner
from tests.unit.places import SQLitePlace

OLD = """
CREATE TABLE users (id INTEGER PRIMARY KEY, mail TEXT NOT NULL UNIQUE, age INT CHECK (age > 0));
CREATE TABLE orders (id INTEGER PRIMARY KEY, of TEXT REFERENCES users (mail) ON DELETE CASCADE);
CREATE INDEX by_mail ON users (lower(mail)) WHERE mail <> '';
CREATE VIEW reachable AS SELECT id, mail FROM users WHERE mail <> 'mail';
CREATE TRIGGER told AFTER UPDATE OF mail ON users BEGIN UPDATE orders SET of = NEW.mail WHERE of = OLD.mail; END;
INSERT INTO users VALUES (7, 'a@b.c', 3);
INSERT INTO orders VALUES (1, 'a@b.c');
"""
RENAMES = """
ALTER TABLE users RENAME TO "the users";
ALTER TABLE "the users" RENAME COLUMN mail TO email;
"""
TABLE, NEW = Ident("table", "users"), Ident("table", "the users")
PAIRS: Mapping[Ident, Ident] = {TABLE: NEW, Ident("column", "mail", TABLE): Ident("column", "email", NEW)}


async def _plan(place: SQLitePlace, old: Snapshot, new: Snapshot, renames: Mapping[Ident, Ident]) -> Plan:
    return Planner(place.adapter.kinds, words=words).plan(old, new, renames=renames)


async def test_a_plan_renames_and_touches_nothing_else(sqlite_dir: Path) -> None:
    place = SQLitePlace(sqlite_dir)
    tenant = place.make("acme", OLD)
    target = await place.read(place.make("new", OLD, RENAMES))
    plan = await _plan(place, await place.read(tenant), target, PAIRS)
    assert {part.action for statement in plan.statements for part in statement.parts} == {"rename"}
    assert await Runner(place.adapter).run(tenant, plan, target) == target
    [row] = place.tenant("acme").rows()["the users"]
    assert (row["id"], row["email"], row["age"]) == ("7", "a@b.c", "3")
    assert place.tenant("acme").fault() is None


async def test_a_renamed_table_that_is_rebuilt_as_well_keeps_its_rows(sqlite_dir: Path) -> None:
    place = SQLitePlace(sqlite_dir)
    tenant = place.make("acme", OLD)
    rebuilt = OLD.replace("age INT CHECK (age > 0)", "age BIGINT NOT NULL CHECK (age > 1)")
    target = await place.read(place.make("new", rebuilt, RENAMES))
    plan = await _plan(place, await place.read(tenant), target, PAIRS)
    assert await Runner(place.adapter).run(tenant, plan, target) == target
    [row] = place.tenant("acme").rows()["the users"]
    assert (row["id"], row["email"], row["age"]) == ("7", "a@b.c", "3")


async def test_the_way_back_is_the_same_way(sqlite_dir: Path) -> None:
    place = SQLitePlace(sqlite_dir)
    tenant = place.make("acme", OLD, RENAMES)
    target = await place.read(place.make("new", OLD))
    plan = await _plan(place, await place.read(tenant), target, {new: old for old, new in PAIRS.items()})
    assert {part.action for statement in plan.statements for part in statement.parts} == {"rename"}
    assert await Runner(place.adapter).run(tenant, plan, target) == target
