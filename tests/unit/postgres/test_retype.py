"""What a change of type does: held against the server, which says by its files whether it rewrote the table."""

from __future__ import annotations

import psycopg
import pytest

from schema_sync.adapters.postgres.retype import _CASTS, is_castable, retype
from schema_sync.model.plan import Hazard

_CHANGES = [
    ("character varying(10)", "character varying(20)", "'a'"),
    ("character varying(10)", "text", "'a'"),
    ("text", "character varying", "'a'"),
    ("character varying(10)", "character varying(5)", "'a'"),
    ("character(5)", "text", "'a'"),
    ("numeric(10,2)", "numeric(12,2)", "1"),
    ("numeric(10,2)", "numeric(12,4)", "1"),
    ("numeric(10,2)", "numeric", "1"),
    ("integer", "bigint", "1"),
    ("bigint", "integer", "1"),
    ("text", "integer", "'1'"),
    ("integer", "text", "1"),
    ("double precision", "integer", "1.6"),
    ("cidr", "inet", "'10.0.0.0/8'"),
    ("timestamp(3) without time zone", "timestamp(6) without time zone", "now()"),
    ("timestamp without time zone", "timestamp with time zone", "now()"),
    ("timestamp with time zone", "date", "now()"),
    ("bit varying(3)", "bit varying(5)", "B'101'"),
    ("interval", "interval(2)", "'1 day'"),
    ("integer[]", "bigint[]", "'{1}'"),
    ("json", "jsonb", "'{}'"),
    ("uuid", "text", "gen_random_uuid()"),
    ("boolean", "integer", "true"),
]


@pytest.mark.every_postgres
def test_a_change_of_type_runs_and_rewrites_only_where_it_is_said_to(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for n, (old, new, value) in enumerate(_CHANGES):
            how = retype("c", old, new, set())
            assert how is not None
            using = f" USING {how.using}" if how.using is not None else ""
            connection.execute(f"CREATE TABLE t{n} (c {old}); INSERT INTO t{n} VALUES ({value})".encode())
            before = connection.execute("SELECT pg_relation_filenode(%s)", (f"t{n}",)).fetchone()
            connection.execute(f"ALTER TABLE t{n} ALTER c TYPE {new}{using}".encode())
            after = connection.execute("SELECT pg_relation_filenode(%s)", (f"t{n}",)).fetchone()
            assert before == after or Hazard.REWRITES_TABLE in how.hazards, f"{old} -> {new}"


def test_a_cast_that_would_cut_strings_off_is_left_to_the_server_to_refuse() -> None:
    how = retype("c", "text", "character varying(3)", set())
    assert how is not None
    assert how.using is None
    assert Hazard.MAY_FAIL in how.hazards


def test_a_moment_without_a_zone_gets_one_that_the_plan_names() -> None:
    how = retype("c", "timestamp without time zone", "timestamp with time zone", set())
    assert how is not None
    assert str(how.using) == "\"c\" AT TIME ZONE 'UTC'"
    assert Hazard.CONVERTS_ROWS in how.hazards


@pytest.mark.parametrize(
    ("old", "new", "using"),
    [
        ("state", "status", '"c"::text::status'),
        ("state[]", "status[]", '"c"::text[]::status[]'),
        ("state", "status[]", 'CASE WHEN "c" IS NOT NULL THEN ARRAY["c"::text::status] END'),
        ("text", "status", '"c"::status'),
    ],
)
def test_one_of_our_types_becomes_another_by_way_of_text(old: str, new: str, using: str) -> None:
    how = retype("c", old, new, {"state", "status"})
    assert how is not None
    assert str(how.using) == using


@pytest.mark.every_postgres
def test_what_is_said_of_casts_is_what_the_server_does(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        rows = connection.execute(
            """
            SELECT s.name, d.name, s.name = d.name OR EXISTS (
                   SELECT FROM pg_cast c WHERE c.castsource = s.name::regtype AND c.casttarget = d.name::regtype)
              FROM unnest(%(known)s::text[]) AS s(name), unnest(%(known)s::text[]) AS d(name)
             ORDER BY s.name, d.name
            """,
            {"known": sorted(_CASTS)},
        ).fetchall()
    assert len(rows) == len(_CASTS) ** 2
    for old, new, there in rows:
        assert is_castable(old, new) == there, f"{old} -> {new}"
        assert is_castable(f"{old}[]", f"{new}[]") == there
        assert not is_castable(f"{old}[]", new)


def test_a_type_that_is_not_known_is_left_to_the_server() -> None:
    assert is_castable("bigint", "text")
    assert is_castable("text", "bigint")
    assert is_castable("state", "timestamp(3) without time zone")
    assert not is_castable("bigint", "timestamp(3) without time zone")
