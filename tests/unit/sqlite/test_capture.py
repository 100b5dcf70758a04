"""What a file is captured as."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from schema_sync.adapters.sqlite import SQLiteAdapter
from schema_sync.adapters.sqlite.cell import Entry
from schema_sync.adapters.sqlite.inspect import build
from schema_sync.adapters.sqlite.objects import VOCABULARY, Check, Index, PrimaryKey, Trigger, Unique, View
from schema_sync.errors import Refused
from schema_sync.model.ident import Ident, parse_ident
from schema_sync.model.objects import plurals
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from tests.unit.sqlite.conftest import Capture, load


def ident(text: str) -> Ident:
    """`tables/t/columns/a` as an identity."""
    return parse_ident(text, plurals(VOCABULARY))


def needs(snapshot: Snapshot, text: str) -> set[str]:
    """What an object needs, as texts."""
    return {need.text for need in snapshot.needs.get(ident(text), ())}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(10) NOT NULL DEFAULT (5), CHECK (a > 0));",
            'create table "t"(\n  [id] integer constraint empty null primary key asc, -- the key\n'
            '  `a` varchar ( 10 ) default 5 not /* really */ null check(t."A">0)\n);',
        ),
        (
            "CREATE TABLE t (a INT, b INT, PRIMARY KEY (a), UNIQUE (b), FOREIGN KEY (b) REFERENCES t (a));",
            "CREATE TABLE t (a INT PRIMARY KEY, b INT UNIQUE REFERENCES T (A) ON DELETE NO ACTION);",
        ),
        (
            "CREATE TABLE t (id INTEGER PRIMARY KEY);",
            "CREATE TABLE t (id INTEGER, PRIMARY KEY (id COLLATE NOCASE DESC));",
        ),
        (
            "CREATE TABLE t (a, b); CREATE INDEX i ON t (a, b DESC) WHERE a IS NOT NULL;",
            'CREATE TABLE t (b, a); CREATE INDEX IF NOT EXISTS main."i" ON "t" ("A" asc, [b] desc) '
            'where "a" is not null;',
        ),
        (
            'CREATE TABLE t (a, "key"); CREATE VIEW v AS SELECT a, "key" FROM t AS x ORDER BY x."key" DESC;',
            'CREATE TABLE t (a, key); create view v as select "a",key /* so */ from [t] as "x" order by x.key desc ;',
        ),
        (
            "CREATE TABLE t (a, b); CREATE TRIGGER g AFTER UPDATE OF a ON t WHEN NEW.a > 1 BEGIN DELETE FROM t; END;",
            'CREATE TABLE t (a, b); CREATE TRIGGER "g" after update of "a" on t for each row when "NEW"."a">1 '
            'begin delete from "t" ; end;',
        ),
    ],
)
async def test_spelling_makes_no_difference(capture: Capture, one: str, other: str) -> None:
    first, second = await capture(one), await capture(other)
    assert list(first) == list(second)
    assert first.fingerprint == second.fingerprint


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CREATE TABLE t (id INTEGER PRIMARY KEY);", "CREATE TABLE t (id INTEGER PRIMARY KEY DESC);"),
        ("CREATE TABLE t (id INTEGER PRIMARY KEY);", "CREATE TABLE t (id INT PRIMARY KEY);"),
        ("CREATE TABLE t (a, CHECK (a <> 'A'));", 'CREATE TABLE t (a, CHECK (a <> "a"));'),
        ("CREATE TABLE t (a, CONSTRAINT x CHECK (a));", "CREATE TABLE t (a, CHECK (a));"),
        ('CREATE TABLE t (a, CONSTRAINT "(a)" UNIQUE (a));', "CREATE TABLE t (a UNIQUE);"),
    ],
)
async def test_meaning_makes_a_difference(capture: Capture, one: str, other: str) -> None:
    assert (await capture(one)).fingerprint != (await capture(other)).fingerprint


async def test_a_quoted_word_that_is_no_column_stays_a_string(capture: Capture) -> None:
    snapshot = await capture(
        """CREATE TABLE t (a TEXT CHECK (a <> "other"), "b" TEXT); CREATE TABLE u (active INT);
        CREATE VIEW v AS SELECT "b" AS "c" FROM t WHERE a = "active";
        CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO u SELECT "active" FROM t WHERE "b" = NEW."a"; END;"""
    )
    check = snapshot[ident('tables/t/checks/a <> "other"')]
    assert isinstance(check, Check)
    view, trigger = snapshot[ident("views/v")], snapshot[ident("tables/t/triggers/g")]
    assert isinstance(view, View)
    assert isinstance(trigger, Trigger)
    assert view.body == 'SELECT b AS c FROM t WHERE a = "active"'
    assert trigger.body == ('INSERT INTO u SELECT "active" FROM t WHERE b = NEW.a',)


async def test_a_word_that_can_be_a_keyword_keeps_its_meaning(capture: Capture) -> None:
    snapshot = await capture(
        """CREATE TABLE t (desc INT, "end" INT, replace TEXT);
        CREATE VIEW v AS SELECT t.desc, "end", replace(replace, 'a', 'b') FROM t ORDER BY "desc" desc, "end" asc;"""
    )
    view = snapshot[ident("views/v")]
    assert isinstance(view, View)
    assert view.body.endswith('FROM t ORDER BY "desc" DESC, "end" ASC')


async def test_needs_are_what_the_engine_uses(capture: Capture) -> None:
    snapshot = await capture(
        """CREATE TABLE t (a INT, b INT AS (a + 1), c INT, CHECK (c > a)); CREATE TABLE u (x INT REFERENCES t (a));
        CREATE INDEX i ON t (lower(b)) WHERE c > 1;
        CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT count(*) AS n FROM v;
        CREATE TRIGGER g AFTER INSERT ON u WHEN NEW.x > 0 BEGIN UPDATE t SET c = 1 WHERE a IN (SELECT n FROM w); END;"""
    )
    assert needs(snapshot, "tables/t/columns/b") == {"tables/t/columns/a"}
    assert needs(snapshot, "tables/t/checks/c > a") == {"tables/t/columns/a", "tables/t/columns/c"}
    assert needs(snapshot, "tables/t/indexes/i") == {"tables/t/columns/b", "tables/t/columns/c"}
    assert needs(snapshot, "tables/u/foreign_keys/(x)") == {"tables/t", "tables/u/columns/x"}
    assert needs(snapshot, "views/v") == {"tables/t", "tables/t/columns/a"}
    assert needs(snapshot, "views/w") == {"tables/t", "views/v"}
    assert needs(snapshot, "tables/u/triggers/g") == {
        "tables/t", "tables/t/columns/a", "tables/t/columns/c", "tables/u/columns/x", "views/w",
    }  # fmt: skip


async def test_a_broken_view_is_captured_and_told(capture: Capture) -> None:
    script = 'CREATE VIEW v AS SELECT "x" FROM nowhere; CREATE TABLE t (a);'
    snapshot = await capture(script)
    assert [each.code for each in snapshot.diagnostics] == ["unresolved"]
    view = snapshot[ident("views/v")]
    assert isinstance(view, View)
    assert view.body == 'SELECT "x" FROM nowhere'
    assert not snapshot.unmodelled


async def test_tables_of_a_module_are_no_objects(capture: Capture) -> None:
    snapshot = await capture("CREATE VIRTUAL TABLE f USING fts5(a); CREATE VIRTUAL TABLE r USING rtree(id, x0, x1);")
    assert [obj.ident.text for obj in snapshot] == ["virtual_tables/f", "virtual_tables/r"]


async def test_constraints_without_a_name_are_called_by_what_they_say(capture: Capture) -> None:
    snapshot = await capture("CREATE TABLE t (a INT UNIQUE CHECK (a > 0) CHECK (a > 0), b INT, PRIMARY KEY (a, b));")
    kinds = (Check, PrimaryKey, Unique)
    assert [obj.ident.text.removeprefix("tables/t/") for obj in snapshot if isinstance(obj, kinds)] == [
        "checks/a > 0",
        "checks/a > 0#2",
        "primary_keys/(a, b)",
        "uniques/(a)",
    ]


@pytest.mark.parametrize(
    ("script", "name"),
    [
        ("CREATE TABLE t (a INT); CREATE VIEW v AS SELECT shout(a) FROM t;", "function shout"),
        ("CREATE TABLE t (a INT, CHECK (shout(a) <> ''));", "function shout"),
        ("CREATE TABLE t (a TEXT COLLATE german);", "collation german"),
        ("CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a COLLATE german);", "collation german"),
    ],
)
async def test_what_the_application_has_to_register_is_refused_by_name(tmp_path: Path, script: str, name: str) -> None:
    with closing(sqlite3.connect(tmp_path / "t.db")) as connection:
        register(connection)
        connection.executescript(script)
    with pytest.raises(Refused, match=name) as caught:
        await SQLiteAdapter(f"sqlite:{tmp_path}/t.db").inspector().inspect(TenantContext("t"))
    assert "[sqlite] init" in (caught.value.hint or "")
    adapter = SQLiteAdapter(f"sqlite:{tmp_path}/t.db", init=f"{__name__}:register")
    assert len(await adapter.inspector().inspect(TenantContext("t"))) > 1


def register(connection: sqlite3.Connection) -> None:
    """What an application would register."""
    connection.create_function("shout", 1, lambda text: str(text).upper(), deterministic=True)
    connection.create_collation("german", lambda one, other: (one > other) - (one < other))


async def test_functions_of_sqlite_itself_are_there(capture: Capture) -> None:
    snapshot = await capture("CREATE TABLE t (a TEXT, b AS (json_extract(a, '$.x'))); CREATE INDEX i ON t (lower(a));")
    index = snapshot[ident("tables/t/indexes/i")]
    assert isinstance(index, Index)
    assert index.parts[0].expression == "lower(a)"


async def test_reading_changes_nothing(tmp_path: Path, adapter: SQLiteAdapter) -> None:
    load(tmp_path / "t.db", "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t;")
    before = (tmp_path / "t.db").read_bytes()
    await adapter.inspector().inspect(TenantContext("t"))
    assert (tmp_path / "t.db").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["t.db"]


@pytest.mark.parametrize(("name", "strange"), [("a", []), ("b", ["table t"])])
def test_what_the_text_and_the_catalog_tell_differently_is_loud(name: str, strange: list[str]) -> None:
    rows: dict[str, list[tuple[object, ...]]] = {
        "table": [("t", "table", 0, 0)],
        "column": [("t", name, "INT", 0, 0, 0, 0)],
        "foreign_key": [],
        "index": [],
    }
    assert build([Entry("table", "t", "t", "CREATE TABLE t (a INT)", 2)], rows)[1] == strange


def test_a_text_that_cannot_be_followed_is_loud() -> None:
    rows: dict[str, list[tuple[object, ...]]] = {
        "table": [("t", "table", 0, 0)], "column": [], "foreign_key": [], "index": [],
    }  # fmt: skip
    catalog, strange = build([Entry("table", "t", "t", "CREATE TABLE t", 2)], rows)
    assert strange == ["table t"]
    assert not catalog.tables
