"""What attributes of composite values are called decides where they go when their type is replaced, never their place.

A value's text changes with the order of its attributes, so each is looked at by its name.
"""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql

from schema_sync.errors import NotConvergeable, TenantFailed
from schema_sync.model.plan import Hazard
from schema_sync.plan import Planner
from tests.tenants import PostgresTenant, converge

PAIR = "CREATE TYPE pair AS (a int, b int);"
PARI = "CREATE TYPE pair AS (b int, a int);"
WIDE = 'CREATE TYPE pair AS (a int, "M iddle" text, b bigint);'

WAYS = {
    "in another order": (
        PAIR + "CREATE TABLE t (id int, x pair);",
        PARI + "CREATE TABLE t (id int, x pair);",
        "INSERT INTO t VALUES (1, (1, 2)), (2, NULL), (3, (NULL, NULL)), (4, (NULL, 7))",
        "SELECT id, (x).a, (x).b, num_nulls(x) FROM t ORDER BY id",
        [(1, 1, 2, 0), (2, None, None, 1), (3, None, None, 0), (4, None, 7, 0)],
    ),
    "with one more in the middle, and another type": (
        PAIR + "CREATE TABLE t (x pair);",
        WIDE + "CREATE TABLE t (x pair);",
        "INSERT INTO t VALUES ((1, 2))",
        'SELECT (x).a, (x)."M iddle", (x).b FROM t',
        [(1, None, 2)],
    ),
    "of text that has to be quoted": (
        "CREATE TYPE said AS (a text, b text); CREATE TABLE t (x said);",
        "CREATE TYPE said AS (b text, a text); CREATE TABLE t (x said);",
        "INSERT INTO t VALUES ((e'a \"q\", (p) \\\\ ''s''', '')), (('null', NULL))",
        "SELECT (x).a, (x).b FROM t ORDER BY 1",
        [("a \"q\", (p) \\ 's'", ""), ("null", None)],
    ),
    "in an array": (
        PAIR + "CREATE TABLE t (id int, x pair[]);",
        PARI + "CREATE TABLE t (id int, x pair[]);",
        "INSERT INTO t VALUES (1, ARRAY[(1, 2), NULL, (3, 4)]::pair[]), (2, '{}'), (3, NULL), (4, '[5:5]={\"(5,6)\"}')",
        "SELECT id, array_dims(x), (x[1]).a, (x[1]).b, (x[3]).a, (x[5]).b, num_nulls(x[2]), num_nulls(x)"
        " FROM t ORDER BY id",
        [
            (1, "[1:3]", 1, 2, 3, None, 1, 0),
            (2, None, None, None, None, None, 1, 0),
            (3, None, None, None, None, None, 1, 1),
            (4, "[5:5]", None, None, None, 6, 1, 0),
        ],
    ),
    "in a domain": (
        PAIR + "CREATE DOMAIN good AS pair CHECK ((VALUE).a < 5); CREATE TABLE t (x good, y good[]);",
        PARI + "CREATE DOMAIN good AS pair CHECK ((VALUE).a < 5); CREATE TABLE t (x good, y good[]);",
        "INSERT INTO t VALUES ((1, 9), ARRAY[(2, 8)]::good[])",
        "SELECT (x).a, (x).b, (y[1]).a, (y[1]).b FROM t",
        [(1, 9, 2, 8)],
    ),
    "in a domain over an array": (
        PAIR + "CREATE DOMAIN many AS pair[]; CREATE TABLE t (x many);",
        PARI + "CREATE DOMAIN many AS pair[]; CREATE TABLE t (x many);",
        "INSERT INTO t VALUES (ARRAY[(1, 2)]::pair[])",
        "SELECT (x[1]).a, (x[1]).b FROM t",
        [(1, 2)],
    ),
    "in another composite type": (
        PAIR + "CREATE TYPE outer_one AS (n int, p pair, q pair[]); CREATE TABLE t (x outer_one, y outer_one[]);",
        PARI + "CREATE TYPE outer_one AS (n int, p pair, q pair[]); CREATE TABLE t (x outer_one, y outer_one[]);",
        "INSERT INTO t VALUES ((9, (1, 2), ARRAY[(3, 4), (5, 6)]::pair[]), ARRAY[(8, (7, 6), NULL)]::outer_one[])",
        "SELECT (x).n, (x).p.a, (x).p.b, ((x).q[2]).a, ((x).q[2]).b, (y[1]).p.a, (y[1]).p.b, num_nulls((y[1]).q)"
        " FROM t",
        [(9, 1, 2, 5, 6, 7, 6, 1)],
    ),
    "around another one that changes, too": (
        PAIR + "CREATE TYPE outer_one AS (n int, p pair); CREATE TABLE t (x outer_one);",
        PARI + "CREATE TYPE outer_one AS (p pair, n bigint); CREATE TABLE t (x outer_one);",
        "INSERT INTO t VALUES ((9, (1, 2)))",
        "SELECT (x).n, (x).p.a, (x).p.b FROM t",
        [(9, 1, 2)],
    ),
    "of one that changes in place within another that is replaced": (
        PAIR + "CREATE TYPE outer_one AS (n int, p pair); CREATE TABLE t (x outer_one);",
        "CREATE TYPE pair AS (b int, c int);CREATE TYPE outer_one AS (n bigint, p pair); CREATE TABLE t (x outer_one);",
        "INSERT INTO t VALUES ((9, (1, 2)))",
        "SELECT (x).n, (x).p.b, (x).p.c FROM t",
        [(9, 2, None)],
    ),
    "in partitions and heirs": (
        PAIR
        + "CREATE TABLE t (id int, x pair) PARTITION BY LIST (id); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);"
        + "CREATE TABLE u (x pair[]); CREATE TABLE v () INHERITS (u);",
        PARI
        + "CREATE TABLE t (id int, x pair) PARTITION BY LIST (id); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);"
        + "CREATE TABLE u (x pair[]); CREATE TABLE v () INHERITS (u);",
        "INSERT INTO t VALUES (1, (1, 2)); INSERT INTO v VALUES (ARRAY[(3, 4)]::pair[])",
        "SELECT (x).a, (x).b, (u.y[1]).a, (u.y[1]).b FROM t, (SELECT x AS y FROM u) AS u",
        [(1, 2, 3, 4)],
    ),
    "under defaults, checks, indexes and views": (
        PAIR
        + "CREATE TABLE t (id int, x pair DEFAULT ROW(1, 2) CHECK ((x).a < 5)); CREATE INDEX i ON t (((x).a));"
        + "CREATE VIEW v AS SELECT (x).a FROM t; CREATE FUNCTION f(pair) RETURNS int LANGUAGE sql RETURN ($1).b;",
        PARI
        + "CREATE TABLE t (id int, x pair DEFAULT ROW(2, 1) CHECK ((x).a < 5)); CREATE INDEX i ON t (((x).a));"
        + "CREATE VIEW v AS SELECT (x).a FROM t; CREATE FUNCTION f(pair) RETURNS int LANGUAGE sql RETURN ($1).b;",
        "INSERT INTO t VALUES (1, (3, 7)), (2, DEFAULT)",
        "SELECT (x).a, f(x) FROM t ORDER BY id",
        [(3, 7), (1, 2)],
    ),
    "from one type to another": (
        PAIR + "CREATE TYPE other AS (b int, a int); CREATE TABLE t (x pair);",
        PAIR + "CREATE TYPE other AS (b int, a int); CREATE TABLE t (x other);",
        "INSERT INTO t VALUES ((1, 2))",
        "SELECT (x).a, (x).b FROM t",
        [(1, 2)],
    ),
    "from one type to another in a table that is written anew": (
        PAIR + "CREATE TYPE other AS (b int, a int); CREATE TABLE t (id int, x pair[]);",
        PAIR + "CREATE TYPE other AS (b int, a int); CREATE TABLE t (id int, x other[]) PARTITION BY LIST (id);"
        "CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);",
        "INSERT INTO t VALUES (1, ARRAY[(1, 2)]::pair[])",
        "SELECT (x[1]).a, (x[1]).b FROM t",
        [(1, 2)],
    ),
    "of a typed table": (
        PAIR + "CREATE TABLE t OF pair;",
        PARI + "CREATE TABLE t OF pair;",
        "INSERT INTO t VALUES (1, 2)",
        "SELECT a, b FROM t",
        [(1, 2)],
    ),
}
"""What happens to a type -> the tables before and after, rows, and what has to be found of them afterwards."""

REFUSED = {"of a typed table"}
"""Those for which there is no way: what must not be is a wrong one."""


def _asked(tenant: PostgresTenant, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(tenant.url) as connection:
        connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(tenant.name)))
        return connection.execute(query.encode()).fetchall()


@pytest.mark.every_postgres
@pytest.mark.parametrize("what", WAYS)
async def test_attributes_keep_their_values_by_their_names(
    tenants: tuple[PostgresTenant, PostgresTenant], what: str
) -> None:
    old, new, rows, query, expected = WAYS[what]
    behind, ahead = tenants
    behind.load(old)
    behind.load(rows)
    ahead.load(new)
    target = await ahead.adapter.inspector().inspect(ahead.context)
    if what in REFUSED:
        with pytest.raises(NotConvergeable, match="attributes"):
            await converge(behind, target)
        return
    plan = await converge(behind, target)
    assert _asked(behind, query) == expected, "\n".join(statement.sql for statement in plan.statements)


async def test_an_attribute_that_a_type_has_no_longer_is_data_that_is_lost(
    tenants: tuple[PostgresTenant, PostgresTenant],
) -> None:
    behind, ahead = tenants
    behind.load("CREATE TYPE three AS (a int, b int, c int); CREATE TABLE t (x three);")
    behind.load("INSERT INTO t VALUES ((1, 2, 3))")
    ahead.load("CREATE TYPE three AS (d int, a bigint, c int); CREATE TABLE t (x three);")
    plan = await converge(behind, await ahead.adapter.inspector().inspect(ahead.context))
    assert Hazard.DELETES_DATA in plan.hazards
    assert [each.note for each in plan.statements if each.note] == [
        "the values of three.b in tables/t/columns/x are lost"
    ]
    assert _asked(behind, "SELECT (x).d, (x).a, (x).c FROM t") == [(None, 1, 3)]


async def test_arrays_of_several_dimensions_are_refused_before_anything_is_run(
    tenants: tuple[PostgresTenant, PostgresTenant],
) -> None:
    behind, ahead = tenants
    behind.load(PAIR + "CREATE TABLE t (x pair[]);")
    ahead.load(PARI + "CREATE TABLE t (x pair[]);")
    inspector = behind.adapter.inspector()
    found, target = await inspector.inspect(behind.context), await inspector.inspect(ahead.context)
    plan = Planner(behind.adapter.kinds).plan(found, target)
    assert await behind.adapter.probe(behind.context, plan.probes) == []
    behind.load("INSERT INTO t VALUES (ARRAY[ARRAY[(1, 2), (3, 4)], ARRAY[(5, 6), (7, 8)]]::pair[])")
    assert await behind.adapter.probe(behind.context, plan.probes) == ["t.x has arrays of more than one dimension"]
    with pytest.raises(TenantFailed, match="more than one dimension"):
        await converge(behind, target)


async def test_arrays_of_several_dimensions_within_others_fail_and_are_what_they_were(
    tenants: tuple[PostgresTenant, PostgresTenant],
) -> None:
    behind, ahead = tenants
    more = "CREATE TYPE outer_one AS (p pair[]); CREATE TABLE t (x outer_one);"
    behind.load(PAIR + more)
    behind.load("INSERT INTO t VALUES (ROW(ARRAY[ARRAY[(1, 2), (3, 4)], ARRAY[(5, 6), (7, 8)]]::pair[]))")
    ahead.load(PARI + more)
    with pytest.raises(TenantFailed, match="malformed array literal"):
        await converge(behind, await ahead.adapter.inspector().inspect(ahead.context))
    assert _asked(behind, "SELECT (x).p::text FROM t") == [('{{"(1,2)","(3,4)"},{"(5,6)","(7,8)"}}',)]


async def test_ranges_over_composite_values_that_change_places_are_refused(
    tenants: tuple[PostgresTenant, PostgresTenant],
) -> None:
    behind, ahead = tenants
    for column in ("x span", "y span_multirange", "z span[]"):
        ranged = f"CREATE TYPE span AS RANGE (subtype = pair); CREATE TABLE t ({column});"
        for tenant, pair in ((behind, PAIR), (ahead, PARI)):
            tenant.load("DROP TABLE IF EXISTS t; DROP TYPE IF EXISTS span; DROP TYPE IF EXISTS pair;" + pair + ranged)
        with pytest.raises(NotConvergeable, match="change places"):
            await converge(behind, await ahead.adapter.inspector().inspect(ahead.context))
