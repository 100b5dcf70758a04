"""Acceptance tests out of the defects of other tools, each named after its number and what it says."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from schema_sync.adapters.postgres.text import STAND_IN, quote
from schema_sync.engine import Engine
from schema_sync.errors import IsolationError
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard, Plan
from schema_sync.model.snapshot import Snapshot
from schema_sync.protocols import DatabaseAdapter
from schema_sync.testing.memory import MemoryStore
from tests.tenants import PostgresTenant, capture, converge, open_adapter

NAMES = ("t1", "t10", "T-1", 'a"b', "select", "é" * 31 + "x", "new\nline", "100%{s}\\")
"""A prefix of another, names that need quotes, a keyword, 63 bytes, and characters that formats give a meaning."""


@pytest_asyncio.fixture
async def adapter(postgres_url: str) -> AsyncIterator[DatabaseAdapter]:
    """The adapter of an empty database."""
    adapter = open_adapter(postgres_url)
    yield adapter
    await adapter.close()


def make(adapter: DatabaseAdapter, url: str, name: str, script: str) -> PostgresTenant:
    """A new tenant; OWN in the script stands for its name as an identifier."""
    tenant = PostgresTenant(adapter, url, name)
    tenant.create()
    tenant.load(script.replace("OWN", quote(name)))
    return tenant


async def live(tenant: PostgresTenant) -> Snapshot:
    """The tenant as it is read, with the diagnostics that no store keeps."""
    return await tenant.adapter.inspector().inspect(tenant.context)


async def planned(tenant: PostgresTenant, target: Snapshot) -> Plan:
    """The plan to a target, without running it."""
    engine = Engine.from_adapter(tenant.adapter, MemoryStore())
    return (await engine.sync_tenant(tenant.context, target)).plan


async def moved(adapter: DatabaseAdapter, url: str, old: str, new: str, rows: str) -> tuple[Plan, PostgresTenant]:
    """Bring a tenant with rows from one script to another, held to every promise."""
    tenant = make(adapter, url, "old", old)
    tenant.load(rows)
    target = await capture(make(adapter, url, "new", new))
    return await converge(tenant, target), tenant


async def test_6_a_removed_enum_value_is_a_visible_difference_and_a_hazard(
    adapter: DatabaseAdapter, postgres_url: str
) -> None:
    script = "CREATE TYPE mood AS ENUM ({}); CREATE TABLE t (id int, m mood DEFAULT 'ok')"
    old = make(adapter, postgres_url, "old", script.format("'sad', 'ok', 'happy'"))
    old.load("INSERT INTO t VALUES (1, 'sad'), (2, 'ok')")
    target = await capture(make(adapter, postgres_url, "new", script.format("'sad', 'ok'")))
    plan = await planned(old, target)
    assert {part.object for statement in plan.statements for part in statement.parts} >= {"enums/mood"}
    assert {Hazard.REWRITES_TABLE, Hazard.MAY_FAIL} <= set(plan.hazards)
    await converge(old, target)
    assert [row["m"] for row in old.rows()["t"]] == ["sad", "ok"]


async def test_7_a_view_with_security_invoker_round_trips(adapter: DatabaseAdapter, postgres_url: str) -> None:
    table = "CREATE TABLE t (id int);"
    view = "CREATE VIEW v WITH (security_invoker = true, security_barrier) AS SELECT id FROM t WHERE id > 0;"
    plan, tenant = await moved(adapter, postgres_url, table, table + view, "INSERT INTO t VALUES (1)")
    assert any("security_invoker" in statement.sql for statement in plan.statements)
    weaker = make(adapter, postgres_url, "weaker", table + view.replace("security_invoker = true, ", ""))
    plan = await converge(tenant, await capture(weaker))
    assert Hazard.WIDENS_ACCESS in plan.hazards


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CREATE TYPE {} AS ENUM ('a', 'b')", "CREATE TYPE {} AS ENUM ('a', 'b')"),
        ("CREATE DOMAIN {} AS text", "CREATE DOMAIN {} AS text CHECK (VALUE <> '')"),
        ("CREATE TYPE {} AS ENUM ('a', 'b')", "CREATE DOMAIN {} AS text"),
    ],
)
async def test_8_a_column_that_moves_from_one_user_type_to_another_is_detected(
    adapter: DatabaseAdapter, postgres_url: str, one: str, other: str
) -> None:
    types = one.format("one") + ";" + other.format("other") + ";"
    plan, tenant = await moved(
        adapter,
        postgres_url,
        types + "CREATE TABLE t (id int, x one)",
        types + "CREATE TABLE t (id int, x other)",
        "INSERT INTO t VALUES (1, 'a'), (2, NULL)",
    )
    assert [part.object for statement in plan.statements for part in statement.parts] == ["tables/t/columns/x"]
    assert [row["x"] for row in tenant.rows()["t"]] == ["a", None]


async def test_10_a_columns_type_changes_under_a_view_a_materialized_view_a_policy_and_a_function(
    adapter: DatabaseAdapter, postgres_url: str
) -> None:
    script = """
        CREATE TABLE t (id int PRIMARY KEY, n {type}, CHECK (n > 0));
        ALTER TABLE t ENABLE ROW LEVEL SECURITY;
        CREATE VIEW v AS SELECT id, n FROM t WHERE n > 1;
        COMMENT ON VIEW v IS 'more than one';
        CREATE VIEW w AS SELECT n FROM v;
        CREATE MATERIALIZED VIEW m AS SELECT n, count(*) FROM v GROUP BY n;
        CREATE UNIQUE INDEX m_key ON m (n);
        CREATE POLICY p ON t USING (n < 100);
        CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql BEGIN ATOMIC SELECT id, n FROM v; END;
    """
    plan, tenant = await moved(
        adapter,
        postgres_url,
        script.format(type="int"),
        script.format(type="bigint"),
        "INSERT INTO t VALUES (1, 2), (2, 3)",
    )
    assert [row["n"] for row in tenant.rows()["t"]] == ["2", "3"]
    created = {part.object for statement in plan.statements for part in statement.parts if part.action == "create"}
    assert {"views/v", "views/w", "materialized_views/m", "tables/t/policies/p", "functions/f()"} <= created
    assert not any(part.object == "tables/t" for statement in plan.statements for part in statement.parts)


async def test_11_a_literal_survives_unchanged_and_an_identifier_is_neutralised(
    adapter: DatabaseAdapter, postgres_url: str
) -> None:
    body = """
        -- tenant_a.x as a comment
        BEGIN
          PERFORM count(*) FROM tenant_a.x;
          INSERT INTO "tenant_a"."x" SELECT tenant_a.x.id + 1 FROM tenant_a.x;
          EXECUTE 'SELECT * FROM tenant_a.x';
          SET LOCAL search_path TO tenant_a, pg_temp;
          RETURN 'tenant_a.x' || $$tenant_a.x$$;
        END
    """
    script = f"CREATE TABLE x (id int); CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $body${body}$body$"
    snapshot = await live(make(adapter, postgres_url, "tenant_a", script))
    [function] = [obj for obj in snapshot if obj.ident.kind == "function"]
    stored = function.fields()["body"]
    for literal in ("-- tenant_a.x as", "'SELECT * FROM tenant_a.x'", "'tenant_a.x'", "$$tenant_a.x$$"):
        assert literal in stored
    assert stored.count("tenant_a") == 4
    assert stored.count(quote(STAND_IN)) == 5
    assert [(note.code, note.object) for note in snapshot.diagnostics] == [("names_own_tenant", "functions/f()")]
    other = make(adapter, postgres_url, "b", "CREATE TABLE x (id int)")
    await converge(other, snapshot)
    [stays] = [obj for obj in await capture(other) if obj.ident.kind == "function"]
    assert stays == function
    other.load("SELECT f() WHERE false; INSERT INTO x VALUES (1)")
    assert [row["id"] for row in other.rows()["x"]] == ["1"]


EVERYWHERE = """
CREATE SEQUENCE numbers;
CREATE TABLE orders (id bigint DEFAULT nextval('OWN.numbers'), at date, CHECK (OWN.orders.id > 0));
CREATE TABLE pg_class (id int, other regclass DEFAULT 'OWN.pg_class'::regclass);
CREATE FUNCTION total(n int) RETURNS bigint LANGUAGE sql AS 'SELECT sum(id) FROM OWN.orders o WHERE o.id > n';
CREATE FUNCTION lower(n int) RETURNS int LANGUAGE sql SET search_path = OWN, public AS 'SELECT n';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM OWN.total(1); RETURN new; END$$;
CREATE TRIGGER touched BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION OWN.touch();
CREATE VIEW v AS SELECT OWN.lower(1) AS l, o.* FROM OWN.orders o;
CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO OWN.orders VALUES (new.id);
CREATE POLICY p ON orders USING (id IN (SELECT id FROM OWN.pg_class));
CREATE AGGREGATE most(int) (SFUNC = OWN.lower2, STYPE = int);
CREATE STATISTICS s ON (OWN.lower(id::int)), at FROM orders;
"""


async def test_12_tenants_whose_names_share_a_prefix_need_quoting_or_are_63_bytes_are_alike(
    adapter: DatabaseAdapter, postgres_url: str
) -> None:
    lower2 = "CREATE FUNCTION lower2(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';"
    lower2 += "CREATE FUNCTION lower2(text) RETURNS int LANGUAGE sql AS 'SELECT 1';"
    script = lower2 + EVERYWHERE.replace("RETURNS int LANGUAGE sql SET", "RETURNS int LANGUAGE sql IMMUTABLE SET")
    snapshots = [await live(make(adapter, postgres_url, name, script)) for name in NAMES]
    assert all(snapshot.files == snapshots[0].files for snapshot in snapshots)
    assert all(not snapshot.unmodelled and not snapshot.diagnostics for snapshot in snapshots)
    for name in ("t", "t100", 'b"a'):
        await converge(make(adapter, postgres_url, name, ""), snapshots[0])


async def test_a_reference_into_another_tenant_is_an_error_that_names_both_ends(
    adapter: DatabaseAdapter, postgres_url: str
) -> None:
    make(adapter, postgres_url, "other", "CREATE TABLE t (id int)")
    one = make(adapter, postgres_url, "one", "CREATE VIEW v AS SELECT id FROM other.t")
    with pytest.raises(IsolationError) as error:
        await capture(one)
    assert "views/v" in error.value.message
    assert "other.t" in error.value.message


async def test_a_body_that_names_another_tenant_is_a_diagnostic_that_names_both_ends(
    adapter: DatabaseAdapter, postgres_url: str
) -> None:
    make(adapter, postgres_url, "other", "CREATE TABLE t (id int)")
    script = """
        CREATE TABLE u (id int);
        SET LOCAL check_function_bodies = off;
        CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM other.t JOIN public.x u USING (id)';
        CREATE FUNCTION g() RETURNS bigint LANGUAGE sql AS 'SELECT other.id FROM u AS other';
        CREATE FUNCTION h(other u) RETURNS int LANGUAGE sql AS 'SELECT other.id';
    """
    snapshot = await live(make(adapter, postgres_url, "one", script))
    assert Ident("function", "f()") in snapshot
    [note] = snapshot.diagnostics
    assert (note.code, note.object) == ("isolation", "functions/f()")
    assert "other.t" in note.message
