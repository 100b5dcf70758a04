"""What a cast leaves out without a word is said to be changed: on the server, there and back."""

from __future__ import annotations

import psycopg
import pytest

from schema_sync.adapters.postgres.retype import retype
from schema_sync.errors import TenantFailed
from schema_sync.model.plan import Hazard
from tests.tenants import PostgresTenant, converge

_LOST = [
    ("integer", "real", "16777217"),
    ("bigint", "double precision", "9007199254740993"),
    ("integer", "numeric(4,-1)", "7"),
    ("numeric", "numeric(10,2)", "0.125"),
    ("numeric(10,4)", "numeric(10,2)", "1.2345"),
    ("numeric", "integer", "1.5"),
    ("numeric", "money", "1.234"),
    ("double precision", "real", "1.23456789012345"),
    ("double precision", "numeric", "1.2345678901234567"),
    ("real", "numeric", "16777216"),
    ("real", "integer", "1.5"),
    ("money", "integer", "1.5"),
    ("jsonb", "integer", "'1.5'"),
    ("json", "double precision", "'1.23456789012345678901'"),
    ("text", "numeric(10,2)", "'1.234'"),
    ("text", "real", "'1.23456789012'"),
    ("text", "money", "'1.234'"),
    ("text[]", "numeric(10,2)[]", "'{1.234}'"),
    ("integer", "bit(3)", "70001"),
    ("bigint", "bit(32)", "5000000000"),
    ("text", "name", "repeat('x', 70)"),
    ("text", '"char"', "'ab'"),
    ("text", "tsvector", "'b a b'"),
    ("text", "date", "'2020-01-02 03:04:05'"),
    ("text", "timestamp without time zone", "'2020-01-02 03:04:05+05'"),
    ("text", "timestamp(0) with time zone", "'2020-01-02 03:04:05.6+00'"),
    ("text", "time without time zone", "'2020-01-02 03:04:05'"),
    ("text", "interval day", "'1 day 03:04:05'"),
    ("jsonb", "date", "'\"2020-01-02 03:04:05\"'"),
    ("timestamp without time zone", "timestamp(0) without time zone", "'2020-01-02 03:04:05.6'"),
    ("timestamp(3) with time zone", "timestamp(2) with time zone", "'2020-01-02 03:04:05.678+00'"),
    ("timestamp without time zone", "date", "'2020-01-02 03:04:05'"),
    ("timestamp with time zone", "time without time zone", "'2020-01-02 03:04:05+00'"),
    ("timestamp with time zone[]", "date[]", "'{2020-01-02 03:04:05+00}'"),
    ("time without time zone", "time(0) without time zone", "'03:04:05.6'"),
    ("time with time zone", "time without time zone", "'03:04:05+05'"),
    ("time without time zone", "interval hour to minute", "'03:04:05'"),
    ("interval", "interval day", "'03:00:00'"),
    ("interval", "interval(0)", "'03:00:00.5'"),
    ("interval", "interval day to second(3)", "'03:00:00.1234'"),
    ("interval", "time without time zone", "'1 day 03:00:00'"),
    ("interval day", "interval year to month", "'3 days'"),
    ("interval hour to minute", "interval day to hour", "'03:04'"),
    ("interval[]", "interval day[]", "'{03:00:00}'"),
    ("json", "jsonb", '\'{"a": 1, "a": 2}\''),
    ("text", "jsonb", '\'{"a": 1, "a": 2}\''),
    ("inet", "cidr", "'1.2.3.4/8'"),
    ("inet[]", "cidr[]", "'{1.2.3.4/8}'"),
    ("box", "point", "'(3,4),(1,2)'"),
    ("polygon", "circle", "'((1,2),(3,4),(5,7))'"),
    ("circle", "polygon", "'<(1,2),3>'"),
    ("polygon", "box", "'((1,2),(3,4),(5,7))'"),
]
_KEPT = [
    ("smallint", "real", "32767"),
    ("integer", "double precision", "16777217"),
    ("integer", "numeric(12,2)", "7"),
    ("real", "double precision", "0.1"),
    ("numeric(10,2)", "numeric(12,4)", "1.25"),
    ("text", "numeric", "'1.23456789012345678901'"),
    ("jsonb", "numeric", "'1.23456789012345678901'"),
    ("text", "interval", "'3 days 03:04:05.678912'"),
    ("text", "inet", "'1.2.3.4/8'"),
    ("text", "uuid", "'6ecd8c99-4036-403d-bf84-cf8400f67836'"),
    ("character varying(15)", "name", "repeat('\U0001f600', 15)"),
    ("date", "timestamp without time zone", "'2020-01-02'"),
    ("timestamp(3) without time zone", "timestamp without time zone", "'2020-01-02 03:04:05.678'"),
    ("time(3) without time zone", "interval", "'03:04:05.678'"),
    ("interval day", "interval day to second", "'3 days'"),
    ("interval year", "interval day", "'3 years'"),
    ("interval", "interval second", "'1 day 03:04:05.678912'"),
    ("integer", "bit(32)", "-7"),
    ("bit(5)", "bit varying(9)", "B'10110'"),
    ("bit(5)", "bit varying", "B'10110'"),
    ("cidr", "inet", "'1.0.0.0/8'"),
    ("jsonb", "json", "'{\"a\": 1}'"),
    ("macaddr8", "macaddr", "'08:00:2b:ff:fe:01:02:03'"),
    ("point", "box", "'(1,2)'"),
    ("box", "polygon", "'(3,4),(1,2)'"),
    ("path", "polygon", "'((1,2),(3,4),(5,7))'"),
]
"""Old type, new type, a value that comes back or does not."""

_REFUSED = [
    ("text", "character varying(2)", "'abc'"),
    ("text[]", "character varying(2)[]", "'{abc}'"),
    ("integer[]", "character varying(2)[]", "'{123}'"),
    ("date[]", "character(4)[]", "'{2020-01-02}'"),
    ("integer", "character varying(2)[]", "123"),
    ("character varying(3)", "character varying(2)[]", "'abc'"),
    ("text", "character varying(2)[]", "'{abc}'"),
    ("text", "bit(3)[]", "'{10110}'"),
    ("bit varying", "bit(3)", "B'10110'"),
    ("bit(5)", "bit varying(3)", "B'10110'"),
    ("bit(5)", "bit(3)[]", "B'10110'"),
    ("text", "bit(3)", "'10110'"),
    ("text[]", "bit varying(3)[]", "'{10110}'"),
]
"""What would be cut off by a cast that says the type."""


def _there_and_back(connection: psycopg.Connection, old: str, new: str, value: str) -> tuple[object, object]:
    there, back = retype("c", old, new, set()), retype("c", new, old, set())
    assert there is not None
    connection.execute(f"CREATE TEMP TABLE t (c {old}); INSERT INTO t VALUES ({value})".encode())
    before = connection.execute("SELECT c::text FROM t").fetchone()
    for type_, way in ((new, there), (old, back)):
        if way is not None:  # else there is no way back at all
            how = f" USING {way.using}" if way.using is not None else ""
            connection.execute(f"ALTER TABLE t ALTER c TYPE {type_}{how}".encode())
    after = connection.execute("SELECT c::text FROM t").fetchone()
    connection.execute("DROP TABLE t")
    return before, after


@pytest.mark.every_postgres
def test_a_cast_that_leaves_something_out_is_one_that_changes_values(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("SET TimeZone = 'UTC'; SET lc_monetary = 'C'")
        for old, new, value in _LOST:
            before, after = _there_and_back(connection, old, new, value)
            assert before != after, f"{old} -> {new}"
            how = retype("c", old, new, set())
            assert how is not None
            assert Hazard.CONVERTS_ROWS in how.hazards, f"{old} -> {new}"


@pytest.mark.every_postgres
def test_a_cast_that_keeps_all_of_a_value_stops_nobody(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("SET TimeZone = 'UTC'; SET lc_monetary = 'C'")
        for old, new, value in _KEPT:
            before, after = _there_and_back(connection, old, new, value)
            assert before == after, f"{old} -> {new}"
            how = retype("c", old, new, set())
            assert how is not None
            assert Hazard.CONVERTS_ROWS not in how.hazards, f"{old} -> {new}"


@pytest.mark.every_postgres
@pytest.mark.parametrize(("old", "new", "value"), _REFUSED)
def test_what_is_too_long_is_refused_and_not_cut_off(postgres_url: str, old: str, new: str, value: str) -> None:
    how = retype("c", old, new, set())
    assert how is not None
    assert Hazard.MAY_FAIL in how.hazards
    using = f" USING {how.using}" if how.using is not None else ""
    with psycopg.connect(postgres_url) as connection:
        connection.execute(f"CREATE TEMP TABLE t (c {old}); INSERT INTO t VALUES ({value})".encode())
        with pytest.raises(psycopg.DataError):
            connection.execute(f"ALTER TABLE t ALTER c TYPE {new}{using}".encode())


_REPLACED = {
    "a domain": ("CREATE DOMAIN d AS {type}; CREATE TABLE t (c d)", "'{value}'"),
    "a domain's array": ("CREATE DOMAIN d AS {type}; CREATE TABLE t (c d[])", "ARRAY['{value}']::d[]"),
    "an attribute": ("CREATE TYPE d AS (n int, a {type}); CREATE TABLE t (c d)", "ROW(1, '{value}')"),
    "an attribute that moves": ("CREATE TYPE d AS ({type}); CREATE TABLE t (c d)", "ROW(1, '{value}')"),
    "a range": ("CREATE TYPE d AS RANGE (subtype = {type}); CREATE TABLE t (c d)", "d('{value}', NULL)"),
    "a table written anew": ("CREATE TABLE t (c {type}) {{how}}", "'{value}'"),
}
"""What is made of a type -> tables; how a value of it is written."""


async def _converged(
    tenants: tuple[PostgresTenant, PostgresTenant], what: str, old: str, new: str, value: str
) -> frozenset[Hazard]:
    """The hazards of what is made of one type and comes to be of another."""
    tables, written = _REPLACED[what]
    behind, ahead = tenants
    moves = what == "an attribute that moves"
    for tenant, type_, how in ((behind, old, ""), (ahead, new, "PARTITION BY LIST (c)")):
        attributes = (f"a {type_}, n int" if how else f"n int, a {type_}") if moves else type_
        tenant.load(tables.format(type=attributes).format(how=how))
    if what == "a table written anew":
        ahead.load("CREATE TABLE t1 PARTITION OF t DEFAULT")
    behind.load(f"INSERT INTO t VALUES ({written.format(value=value)})")
    plan = await converge(behind, await ahead.adapter.inspector().inspect(ahead.context))
    return frozenset(plan.hazards)


@pytest.mark.parametrize("what", _REPLACED)
async def test_what_is_rounded_behind_a_name_is_said_as_well(
    tenants: tuple[PostgresTenant, PostgresTenant], what: str
) -> None:
    types = ("double precision", "real") if what == "a range" else ("numeric", "numeric(10,2)")
    assert Hazard.CONVERTS_ROWS in await _converged(tenants, what, *types, "1.23456789012")


@pytest.mark.parametrize("what", _REPLACED)
async def test_what_is_kept_behind_a_name_stops_nobody(
    tenants: tuple[PostgresTenant, PostgresTenant], what: str
) -> None:
    old, new = "timestamp(0) without time zone", "timestamp(3) without time zone"
    assert Hazard.CONVERTS_ROWS not in await _converged(tenants, what, old, new, "2020-01-02 03:04:05")


@pytest.mark.parametrize("what", [what for what in _REPLACED if what != "a range"])
async def test_what_is_too_long_behind_a_name_is_not_cut_off(
    tenants: tuple[PostgresTenant, PostgresTenant], what: str
) -> None:
    with pytest.raises(TenantFailed, match="too long"):
        await _converged(tenants, what, "text", "character varying(2)", "abc")


async def test_bits_behind_a_name_are_not_cut_off(tenants: tuple[PostgresTenant, PostgresTenant]) -> None:
    with pytest.raises(TenantFailed, match="bit string"):
        await _converged(tenants, "a domain", "bit varying", "bit(3)", "10110")
