"""What plans say of themselves: the way they take, and their hazards."""

from __future__ import annotations

import pytest

from schema_sync.adapters.kind import kinds
from schema_sync.adapters.sqlite.kinds import KINDS
from schema_sync.adapters.sqlite.rebuild import affinity
from schema_sync.model.plan import Hazard, Plan
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan import Planner
from tests.unit.sqlite.conftest import Capture

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
