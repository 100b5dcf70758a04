"""The oracles that the cases and the corpus are held to: they see what differs, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle import pg_dump, sqlite_objects
from tests.servers import Installation, PostgresServer, client_binary, execute
from tests.tenants import SQLiteTenant, lost_rows

POSTGRES = """
CREATE SCHEMA {schema}; SET search_path = {schema};
CREATE TABLE users ({columns});
CREATE INDEX ON users (name);
CREATE VIEW names AS SELECT name FROM users;
COMMENT ON COLUMN users.name IS 'a name';
"""


@pytest.mark.every_postgres
def test_pg_dump_sees_a_default_and_no_order_of_columns_and_no_tenants_name(
    postgres_server: PostgresServer, postgres_installations: list[Installation]
) -> None:
    program = client_binary("pg_dump", postgres_server.major, postgres_installations)
    assert program is not None
    one, other = "id serial, name text NOT NULL", "name text NOT NULL, id serial"
    with postgres_server.fresh_database() as url:
        for schema, columns in {"a": one, '"B-1"': other, '"se""lect"': one + " DEFAULT ''"}.items():
            execute(url, POSTGRES.format(schema=schema, columns=columns))
        dump = pg_dump(program, url)
    assert dump["a"] == dump["B-1"]
    assert [line for line in dump['se"lect'] if line not in dump["a"]] == [
        "TABLE users: CREATE TABLE users (\n    id integer NOT NULL\n    name text DEFAULT ''::text NOT NULL\n);"
    ]
    assert len(dump["a"]) >= 7


@pytest.mark.every_postgres
def test_pg_dump_is_the_same_after_a_restore_of_it(
    postgres_server: PostgresServer, postgres_installations: list[Installation]
) -> None:
    program = client_binary("pg_dump", postgres_server.major, postgres_installations)
    assert program is not None
    checks = {
        "written": "state IN ('new', 'it''s ] paid')",
        "restored": "state = ANY ((ARRAY['new'::varchar, 'it''s ] paid'::varchar])::text[])",
        "other": "state = ANY ((ARRAY['new'::varchar, 'it''s ] sold'::varchar])::text[])",
    }
    with postgres_server.fresh_database() as url:
        for schema, check in checks.items():
            execute(url, f"CREATE SCHEMA {schema}; CREATE TABLE {schema}.t (state varchar(10), CHECK ({check}))")
        dump = pg_dump(program, url)
    assert dump["written"] == dump["restored"] != dump["other"]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("CREATE TABLE \"t\" (b TEXT NOT NULL CHECK(b <> 'X'), a INTEGER PRIMARY KEY REFERENCES u (a)) -- why", True),
        (
            "create table T(a integer primary key, b text not null, foreign key (a) references u(a), check (b<>'X'))",
            True,
        ),
        ("CREATE TABLE t (a INTEGER PRIMARY KEY REFERENCES u(a), b TEXT NOT NULL CHECK (b <> 'x'))", False),
        ("CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT REFERENCES u(a), b TEXT NOT NULL CHECK (b<>'X'))", False),
        ("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL CHECK (b <> 'X'))", False),
        (
            "CREATE TABLE t (a INTEGER PRIMARY KEY REFERENCES u(a), b TEXT COLLATE NOCASE NOT NULL CHECK (b<>'X'))",
            False,
        ),
    ],
)
def test_sqlite_objects_are_equal_where_only_the_spelling_differs(text: str, same: bool, tmp_path: Path) -> None:
    reference = "CREATE TABLE t (a INTEGER PRIMARY KEY REFERENCES u(a), b TEXT NOT NULL CHECK (b <> 'X'))"
    found = []
    for name, script in {"one": reference, "other": text}.items():
        path = tmp_path / f"{name}.db"
        _tenant(path).load(f"CREATE TABLE u (a INTEGER PRIMARY KEY); {script}\n; CREATE INDEX i ON t (b)")
        found.append([line.replace("table T:", "table t:").replace("on T:", "on t:") for line in sqlite_objects(path)])
    assert (found[0] == found[1]) is same


def test_sqlite_triggers_are_equal_where_the_difference_means_nothing(tmp_path: Path) -> None:
    found = []
    for number, head in enumerate(("UPDATE OF a, b ON t FOR EACH ROW", "update of b, a on t", "UPDATE OF a ON t")):
        path = tmp_path / f"{number}.db"
        _tenant(path).load(f"CREATE TABLE t (a, b); CREATE TRIGGER g AFTER {head} BEGIN SELECT 1; END")
        found.append(sqlite_objects(path))
    assert found[0] == found[1] != found[2]


def test_lost_rows_and_changed_values_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    tenant = _tenant(path)
    tenant.load(
        "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b); CREATE TABLE u (a TEXT PRIMARY KEY);"
        "INSERT INTO t VALUES (1, 'x'), (2, 'y'); INSERT INTO u VALUES ('one'), ('two')"
    )
    before = tenant.rows()
    assert lost_rows(before, tenant.rows()) == []
    tenant.load("UPDATE t SET b = 'z' WHERE a = 1; DELETE FROM u WHERE a = 'one'; UPDATE sqlite_sequence SET seq = 1")
    assert lost_rows(before, tenant.rows()) == [
        "sqlite_sequence has other values than it had",
        "t has other values than it had",
        "u had 2 rows and has 1",
    ]
    assert lost_rows(before, tenant.rows(), tables=["u", "sqlite_sequence"], columns=["t.b"]) == []


def test_a_foreign_key_that_points_at_nothing_is_a_fault(tmp_path: Path) -> None:
    tenant = _tenant(tmp_path / "a.db")
    tenant.load("CREATE TABLE t (a INTEGER PRIMARY KEY); CREATE TABLE u (a REFERENCES t)")
    assert tenant.fault() is None
    tenant.load("PRAGMA foreign_keys = OFF; INSERT INTO u VALUES (7)")
    assert tenant.fault() is not None


def _tenant(path: Path) -> SQLiteTenant:
    """A file without an adapter: these tests use none."""
    return SQLiteTenant(None, path)  # type: ignore[arg-type]
