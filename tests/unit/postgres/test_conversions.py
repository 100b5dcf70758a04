"""Changes of type that PostgreSQL has no cast for: run on the server, with the value that has to come out."""

from __future__ import annotations

import psycopg
import pytest

from schema_sync.adapters.postgres.retype import retype
from schema_sync.model.plan import Hazard

_CHANGES = [
    ("bigint", "timestamp without time zone", "1700000000", "2023-11-14 22:13:20"),
    ("integer", "timestamp(3) with time zone", "1700000000", "2023-11-14 22:13:20+00"),
    ("double precision", "timestamp with time zone", "1700000000.5", "2023-11-14 22:13:20.5+00"),
    ("numeric(12,0)", "date", "1700000000", "2023-11-14"),
    ("timestamp without time zone", "bigint", "'2023-11-14 22:13:20'", "1700000000"),
    ("timestamp with time zone", "numeric", "'2023-11-14 22:13:20.25+00'", "1700000000.250000"),
    ("date", "integer", "'1970-01-02'", "86400"),
    ("integer", "interval", "90", "00:01:30"),
    ("interval", "bigint", "'2 min'", "120"),
    ("integer", "boolean", "2", "true"),
    ("bigint", "boolean", "0", "false"),
    ("numeric(3,1)", "boolean", "0.5", "true"),
    ("boolean", "smallint", "true", "1"),
    ("boolean", "bigint", "false", "0"),
    ("boolean", "double precision", "true", "1"),
    ("boolean", "character varying(5)", "true", "true"),
    ("boolean", "bit(1)", "true", "1"),
    ("boolean[]", "bigint[]", "'{t,f}'", "{1,0}"),
    ("smallint[]", "boolean[]", "'{0,2}'", "{f,t}"),
    ("money", "double precision", "12.5", "12.5"),
    ("real", "money", "12.5", "$12.50"),
    ("bigint", "integer[]", "7", "{7}"),
    ("boolean", "integer[]", "true", "{1}"),
    ("integer", "text[]", "7", "{7}"),
    ("integer", "integer[]", "NULL", None),
    ("uuid", "uuid[]", "'6ecd8c99-4036-403d-bf84-cf8400f67836'", "{6ecd8c99-4036-403d-bf84-cf8400f67836}"),
    ("text", "integer[]", "'{1,2}'", "{1,2}"),
    ("text[]", "text", "'{a,b}'", "{a,b}"),
    ("character varying(3)[]", "integer[]", "'{1}'", "{1}"),
    ("text", "jsonb", "'{\"a\": 1}'", '{"a": 1}'),
    ("json", "text", "'[1]'", "[1]"),
    ("json", "integer", "'1'", "1"),
    ("jsonb", "date", "'\"2023-11-14\"'", "2023-11-14"),
    ("json", "uuid", "NULL", None),
    ("integer", "jsonb", "1", "1"),
    ("integer[]", "jsonb", "'{1,2}'", "[1, 2]"),
    ("timestamp without time zone", "json", "'2023-11-14 22:13:20'", '"2023-11-14T22:13:20"'),
    ("uuid", "bytea", "'6ecd8c99-4036-403d-bf84-cf8400f67836'", "\\x6ecd8c994036403dbf84cf8400f67836"),
    ("bytea", "uuid", "'\\x6ecd8c994036403dbf84cf8400f67836'", "6ecd8c99-4036-403d-bf84-cf8400f67836"),
    ("mood", "text", "'sad'", "sad"),
    ("character varying(9)", "mood", "'sad'", "sad"),
    ("mood", '"other mood"', "'sad'", "sad"),
    ("mood", '"other mood"[]', "'sad'", "{sad}"),
    ("mood[]", '"other mood"[]', "'{sad}'", "{sad}"),
    ("character varying(9)[]", "mood[]", "'{sad}'", "{sad}"),
    ("character varying(9)", "mood[]", "'{sad}'", "{sad}"),
    ("mood", "jsonb", "'sad'", '"sad"'),
    ("mood[]", "jsonb", "'{sad}'", '["sad"]'),
    ("jsonb", "mood", "'\"sad\"'", "sad"),
    ("grade", "integer", "'2'", "2"),
    ("integer", "grade", "2", "2"),
    ("integer[]", "grade[]", "'{2}'", "{2}"),
    ("grade[]", "bigint[]", "'{2}'", "{2}"),
    ("integer", "grade[]", "2", "{2}"),
]
"""Old type, new type, a value, and the text of what it becomes."""

_OWN = {"mood", "other mood", "grade"}
_TYPES = """
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TYPE "other mood" AS ENUM ('sad');
CREATE TYPE grade AS ENUM ('1', '2');
SET TimeZone = 'UTC'; SET lc_monetary = 'C';
"""


@pytest.mark.every_postgres
def test_a_value_becomes_what_it_should_where_there_is_no_cast(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute(_TYPES.encode())
        for n, (old, new, value, expected) in enumerate(_CHANGES):
            how = retype("c", old, new, _OWN)
            assert how is not None, f"{old} -> {new}"
            using = f" USING {how.using}" if how.using is not None else ""
            connection.execute(f"CREATE TABLE t{n} (c {old}); INSERT INTO t{n} VALUES ({value})".encode())
            connection.execute(f"ALTER TABLE t{n} ALTER c TYPE {new}{using}".encode())
            found = connection.execute(f"SELECT c::text FROM t{n}".encode()).fetchone()
            assert found == (expected,), f"{old} -> {new}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("integer[]", "integer"),
        ("text[]", "integer"),
        ("jsonb", "integer[]"),
        ("jsonb", "text[]"),
        ("json", "mood[]"),
        ("mood[]", "mood"),
        ("boolean", "date"),
        ("inet", "bigint"),
        ("uuid", "integer"),
        ("timestamp with time zone", "boolean"),
        ("integer", "int4range"),
        ("bytea", "date"),
        ("bigint[]", "date[]"),
    ],
)
def test_where_nothing_sensible_leads_there_is_no_way(old: str, new: str) -> None:
    assert retype("c", old, new, _OWN) is None


@pytest.mark.parametrize(
    ("old", "new"), [("bigint", "date"), ("date", "bigint"), ("integer", "boolean"), ("real", "interval")]
)
def test_a_value_that_gets_another_meaning_is_a_hazard(old: str, new: str) -> None:
    how = retype("c", old, new, set())
    assert how is not None
    assert {Hazard.CONVERTS_ROWS, Hazard.MAY_FAIL, Hazard.REWRITES_TABLE} <= how.hazards


def test_what_numbers_are_taken_for_is_said() -> None:
    how = retype("c", "bigint", "date", set())
    assert how is not None
    assert how.note == "numbers are seconds since 1970 (UTC)"


def test_domains_go_by_the_types_that_they_are_over() -> None:
    assert str(retype("c", "age", "moment", {"age", "moment"}, ("bigint", "date"))) == str(
        retype("c", "bigint", "date", set())
    )
