"""What plans say of themselves: the way they take, and their hazards."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from schema_sync.adapters.kind import kinds
from schema_sync.adapters.sqlite import SQLiteAdapter
from schema_sync.adapters.sqlite.kinds import KINDS
from schema_sync.adapters.sqlite.rebuild import affinity
from schema_sync.errors import TenantFailed
from schema_sync.model.plan import Hazard, Plan
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan import Planner
from schema_sync.run import Runner
from tests.unit.sqlite.conftest import Capture, load

DELETES, REWRITES, CONVERTS, MAY_FAIL = (
    Hazard.DELETES_DATA,
    Hazard.REWRITES_TABLE,
    Hazard.CONVERTS_ROWS,
    Hazard.MAY_FAIL,
)


def plan(old: Snapshot, new: Snapshot) -> Plan:
    """The plan between two snapshots."""
    return Planner(kinds(KINDS)).plan(old, new)


@pytest.mark.parametrize(
    ("old", "new", "hazards"),
    [
        ("CREATE TABLE t (a INT);", "CREATE TABLE t (a INT, b INT);", set()),
        ("CREATE TABLE t (a INT);", "CREATE TABLE t (a INT, b INT CHECK (b > 0));", {MAY_FAIL}),
        ("CREATE TABLE t (a INT, b INT);", "CREATE TABLE t (a INT);", {DELETES, REWRITES}),
        ("CREATE TABLE t (a INT); CREATE TABLE u (a INT);", "CREATE TABLE t (a INT);", {DELETES}),
        ("CREATE TABLE t (a TEXT);", "CREATE TABLE t (a VARCHAR(10));", {REWRITES}),
        ("CREATE TABLE t (a TEXT);", "CREATE TABLE t (a INT);", {REWRITES, CONVERTS}),
        ("CREATE TABLE t (a INT);", "CREATE TABLE t (a INT NOT NULL);", {REWRITES, MAY_FAIL}),
        ("CREATE TABLE t (a INT NOT NULL);", "CREATE TABLE t (a INT);", {REWRITES}),
        ("CREATE TABLE t (a INT);", "CREATE TABLE t (a INT UNIQUE);", {REWRITES, MAY_FAIL}),
        ("CREATE TABLE t (a INT, b INT UNIQUE);", "CREATE TABLE t (a INT);", {REWRITES, DELETES}),
        ("CREATE TABLE t (a INT);", "CREATE TABLE t (a INT) STRICT;", {REWRITES, MAY_FAIL}),
        ("CREATE TABLE t (a INT);", "CREATE TABLE t (a INT); CREATE UNIQUE INDEX i ON t (a);", {MAY_FAIL}),
        ("CREATE TABLE t (a INT); CREATE INDEX i ON t (a);", "CREATE TABLE t (a INT);", set()),
    ],
)
async def test_a_plan_carries_the_hazards_of_what_it_does(
    capture: Capture, old: str, new: str, hazards: set[Hazard]
) -> None:
    assert set(plan(await capture(old), await capture(new)).hazards) == hazards


async def test_a_rebuild_says_which_values_are_lost(capture: Capture) -> None:
    old = await capture("CREATE TABLE t (a INT, b INT UNIQUE, c INT AS (a + 1));")
    new = await capture("CREATE TABLE t (a INT);")
    notes = [statement.note for statement in plan(old, new).statements if statement.note]
    assert notes == ["the values of b are lost"]


async def test_a_rebuild_finds_a_name_that_is_free(capture: Capture) -> None:
    old = await capture("CREATE TABLE t (a INT); CREATE TABLE _schema_sync_t (a INT);")
    new = await capture("CREATE TABLE t (a TEXT); CREATE TABLE _schema_sync_t (a INT);")
    assert plan(old, new).statements[0].sql.startswith('CREATE TABLE "_schema_sync_t_"')


async def test_the_order_of_columns_alone_is_no_difference(capture: Capture) -> None:
    old, new = await capture("CREATE TABLE t (a INT, b INT);"), await capture("CREATE TABLE t (b INT, a INT);")
    assert old.order != new.order
    assert plan(old, new).is_empty


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("CHARINT", "INTEGER"),
        ("FLOATING POINT", "INTEGER"),
        ("VARCHAR(10)", "TEXT"),
        ("BLOB", "BLOB"),
        ("", "BLOB"),
        ("DOUBLE", "REAL"),
        ("DECIMAL(10,2)", "NUMERIC"),
        ("STRING", "NUMERIC"),
    ],
)
def test_affinity_follows_the_manual(type_: str, expected: str) -> None:
    assert affinity(type_) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CREATE TABLE t (a INT);", "CREATE TABLE t (a INT UNIQUE ON CONFLICT IGNORE);"),
        ("CREATE TABLE t (a INT);", "CREATE TABLE t (a INT UNIQUE ON CONFLICT REPLACE);"),
        ("CREATE TABLE t (a INT, b INT);", "CREATE TABLE t (a INT, b INT NOT NULL ON CONFLICT IGNORE);"),
        ("CREATE TABLE t (a INT, b INT);", "CREATE TABLE t (a INT, b INT NOT NULL ON CONFLICT REPLACE DEFAULT 7);"),
        ("CREATE TABLE t (a INT);", "CREATE TABLE t (a INT, CHECK (a > 1));"),
    ],
)
async def test_rows_that_a_new_constraint_refuses_fail_the_plan_and_are_not_lost(
    tmp_path: Path, adapter: SQLiteAdapter, old: str, new: str
) -> None:
    load(tmp_path / "t.db", f"{old} INSERT INTO t (a) VALUES (1), (1), (NULL);")
    target = await adapter.elaborate([new])
    before = await adapter.inspector().inspect(TenantContext("t"))
    with pytest.raises(TenantFailed, match="constraint failed"):
        await Runner(adapter).run(TenantContext("t"), plan(before, target), target)
    with closing(sqlite3.connect(tmp_path / "t.db")) as connection:
        assert connection.execute("SELECT a FROM t").fetchall() == [(1,), (1,), (None,)]


async def test_children_survive_the_rebuild_of_their_parent(tmp_path: Path, adapter: SQLiteAdapter) -> None:
    script = (
        "CREATE TABLE c (p INT REFERENCES p (id) ON DELETE CASCADE); CREATE TABLE p (id INTEGER PRIMARY KEY, n {});"
    )
    load(tmp_path / "t.db", script.format("TEXT") + "INSERT INTO p VALUES (4, 'x'); INSERT INTO c VALUES (4);")
    target = await adapter.elaborate([script.format("CLOB NOT NULL")])
    before = await adapter.inspector().inspect(TenantContext("t"))
    await Runner(adapter).run(TenantContext("t"), plan(before, target), target)
    with closing(sqlite3.connect(tmp_path / "t.db")) as connection:
        assert connection.execute("SELECT p FROM c").fetchall() == [(4,)]
        assert connection.execute("SELECT sql FROM sqlite_schema WHERE sql LIKE '%schema_sync%'").fetchall() == []


async def test_a_full_text_index_over_a_table_lives_through_its_rebuild(tmp_path: Path, adapter: SQLiteAdapter) -> None:
    script = """
        CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT, n {});
        CREATE VIRTUAL TABLE search USING fts5(body, content='docs', content_rowid='id');
        CREATE TRIGGER docs_ai AFTER INSERT ON docs BEGIN
          INSERT INTO search (rowid, body) VALUES (NEW.id, NEW.body); END;
        CREATE TRIGGER docs_ad AFTER DELETE ON docs BEGIN
          INSERT INTO search (search, rowid, body) VALUES ('delete', OLD.id, OLD.body); END;
    """
    load(tmp_path / "t.db", script.format("INT") + "INSERT INTO docs VALUES (7, 'a needle', 1);")
    target = await adapter.elaborate([script.format("BIGINT DEFAULT 5")])
    before = await adapter.inspector().inspect(TenantContext("t"))
    assert not [each for each in before.diagnostics if each.code != "ok"]
    await Runner(adapter).run(TenantContext("t"), plan(before, target), target)
    with closing(sqlite3.connect(tmp_path / "t.db")) as connection:
        connection.execute("INSERT INTO docs VALUES (8, 'another needle', 1)")
        assert connection.execute("SELECT rowid FROM search WHERE search MATCH 'needle'").fetchall() == [(7,), (8,)]
