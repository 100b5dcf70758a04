"""How tenants are read: the same bytes whatever they are called, nothing unseen, nothing of others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from schema_sync.adapters.postgres import PostgresAdapter
from schema_sync.adapters.postgres.inspect import BATCH
from schema_sync.errors import IsolationError, Refused, TenantBusy, Unreachable
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Statement
from schema_sync.model.report import TenantContext, TenantSelection
from schema_sync.model.snapshot import Snapshot
from tests.servers import execute, query

NAMES = ("t1", "t10", "T-1", 'a"b', "select", "é" * 31 + "x", "with space")

EVERYTHING = """
CREATE TYPE state AS ENUM ('new', 'paid');
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE SEQUENCE numbers;
CREATE FUNCTION next_number() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT nextval('numbers'); END;
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mail email UNIQUE, state state DEFAULT 'new');
CREATE TABLE orders (
    id serial PRIMARY KEY, "user" bigint REFERENCES users, kind varchar(10) CHECK (kind IN ('a', 'b')),
    number bigint DEFAULT next_number(), at timestamptz DEFAULT '2026-01-02 03:04:05+06', span interval DEFAULT '26 h',
    doubled bigint GENERATED ALWAYS AS (id * 2) STORED, data bytea DEFAULT '\\x00ff'
);
CREATE INDEX orders_paid ON orders (lower(kind)) WHERE kind <> 'b';
CREATE VIEW paid AS SELECT users.id, count(*) FROM users JOIN orders ON "user" = users.id GROUP BY users.id;
CREATE MATERIALIZED VIEW totals AS SELECT * FROM paid;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER touched BEFORE UPDATE OF kind ON orders FOR EACH ROW WHEN (new.kind <> 'b') EXECUTE FUNCTION touch();
COMMENT ON COLUMN orders.kind IS 'a or b';
"""

WATCHED = (
    "CREATE TABLE seen (who text)",
    "CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN IF pg_trigger_depth() = 1 THEN INSERT INTO seen VALUES (current_user); END IF; RETURN NULL; END'",
    "CREATE CONSTRAINT TRIGGER seeing AFTER INSERT ON seen DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION see()",
    "INSERT INTO seen VALUES (current_user)",
)
"""What tells who runs statements, and who what was put off until the end."""


@pytest.fixture
def url(postgres_url: str) -> str:
    """An empty database."""
    return postgres_url


@pytest_asyncio.fixture
async def adapter(url: str) -> AsyncIterator[PostgresAdapter]:
    """Its adapter."""
    adapter = PostgresAdapter(url, lock_timeout=0.2)
    yield adapter
    await adapter.close()


def make(url: str, name: str, script: str = "") -> TenantContext:
    """A new tenant."""
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(name)))
        connection.execute(script.encode() or b"SELECT")
    return TenantContext(name, "main")


async def read(adapter: PostgresAdapter, tenant: TenantContext) -> Snapshot:
    """The tenant as it is."""
    return await adapter.inspector().inspect(tenant)


@pytest.mark.every_postgres
async def test_no_name_of_a_tenant_gets_into_its_snapshot(url: str, adapter: PostgresAdapter) -> None:
    tenants = [make(url, name, EVERYTHING) for name in NAMES]
    seen = [snapshot async for _, snapshot in adapter.inspector().inspect_many(tenants)]
    assert all(isinstance(snapshot, Snapshot) for snapshot in seen)
    files = [snapshot.files for snapshot in seen if isinstance(snapshot, Snapshot)]
    assert all(one == files[0] for one in files)
    assert len(files[0]) > 12
    assert not any(isinstance(snapshot, Snapshot) and snapshot.diagnostics for snapshot in seen)


@pytest.mark.every_postgres
async def test_settings_of_the_role_make_no_difference(url: str, adapter: PostgresAdapter) -> None:
    tenant = make(url, "t1", EVERYTHING)
    before = await read(adapter, tenant)
    await adapter.close()
    hostile = {
        "DateStyle": "'German, DMY'",
        "IntervalStyle": "'sql_standard'",
        "TimeZone": "'Asia/Tokyo'",
        "bytea_output": "'escape'",
        "quote_all_identifiers": "on",
        "search_path": "t1, public",
        "extra_float_digits": "-10",
    }
    execute(
        url, "CREATE ROLE hostile SUPERUSER LOGIN", *(f"ALTER ROLE hostile SET {k} = {v}" for k, v in hostile.items())
    )
    try:
        other = PostgresAdapter(psycopg.conninfo.make_conninfo(url, user="hostile"))
        assert (await read(other, tenant)).files == before.files
        await other.close()
    finally:
        execute(url, "DROP ROLE hostile")


async def test_more_tenants_than_a_batch_come_in_their_order(url: str, adapter: PostgresAdapter) -> None:
    script = "; ".join(f"CREATE SCHEMA s{n}; CREATE TABLE s{n}.t{n % 3} (id int)" for n in range(2 * BATCH + 5))
    execute(url, script)
    tenants = [TenantContext(f"s{n}", "main") for n in range(2 * BATCH + 5)]
    seen = [pair async for pair in adapter.inspector().inspect_many(tenants)]
    assert [tenant for tenant, _ in seen] == tenants
    for n, (_, snapshot) in enumerate(seen):
        assert isinstance(snapshot, Snapshot)
        assert Ident("table", f"t{n % 3}") in snapshot


async def test_what_is_needed_is_told(url: str, adapter: PostgresAdapter) -> None:
    execute(url, "CREATE FUNCTION public.f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'")
    snapshot = await read(adapter, make(url, "t1", EVERYTHING + "CREATE TABLE far (n int DEFAULT public.f(1))"))
    orders, users = Ident("table", "orders"), Ident("table", "users")
    assert snapshot.needs[Ident("column", "doubled", orders)] == {Ident("column", "id", orders)}
    assert snapshot.needs[Ident("column", "state", users)] == {Ident("enum", "state")}
    assert Ident("primary_key", "users_pkey", users) in snapshot.needs[Ident("foreign_key", "orders_user_fkey", orders)]
    assert Ident("view", "paid") in snapshot.needs[Ident("materialized_view", "totals")]
    assert {"function public.f(integer)", "extension plpgsql"} == set(snapshot.shared)


async def test_a_reference_into_another_tenant_is_an_isolation_error(url: str, adapter: PostgresAdapter) -> None:
    make(url, "t2", "CREATE TABLE users (id int PRIMARY KEY)")
    guilty = make(url, "t1", "CREATE TABLE orders (id int REFERENCES t2.users)")
    with pytest.raises(IsolationError, match=r"t1: tables/orders/foreign_keys/orders_id_fkey refers to .*t2\.users"):
        await read(adapter, guilty)
    seen = {t.name: s async for t, s in adapter.inspector().inspect_many([guilty, TenantContext("t2", "main")])}
    assert isinstance(seen["t1"], IsolationError)
    assert isinstance(seen["t2"], Snapshot)


@pytest.mark.every_postgres
async def test_what_no_cell_reads_is_named_without_the_tenants_name(url: str, adapter: PostgresAdapter) -> None:
    script = """
        CREATE TABLE t (id int, name text);
        CREATE RULE quiet AS ON INSERT TO t DO ALSO NOTHING;
        CREATE STATISTICS s ON id, name FROM t;
        CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);
        CREATE TYPE span AS RANGE (SUBTYPE = int);
    """
    seen = [await read(adapter, make(url, name, script)) for name in ("t1", 'a"b')]
    assert seen[0].unmodelled == seen[1].unmodelled
    found = {line.partition(":")[0] for line in seen[0].unmodelled}
    assert found >= {
        "aggregate total(integer)",
        "rule quiet on tables/t",
        "statistics_object s on tables/t",
        "type span",
    }
    assert len([each for each in seen[0].diagnostics if each.code == "unmodelled"]) == len(seen[0].unmodelled)


async def test_a_role_without_usage_is_refused_by_name(url: str, adapter: PostgresAdapter) -> None:
    tenant = make(url, "t1", "CREATE TABLE t (id int)")
    execute(url, "CREATE ROLE nosy LOGIN")
    try:
        nosy = PostgresAdapter(psycopg.conninfo.make_conninfo(url, user="nosy"))
        with pytest.raises(Refused, match="'t1'"):
            await read(nosy, tenant)
        with pytest.raises(Refused, match="'t1'"):
            async with nosy.acquire_lock(tenant):
                raise AssertionError("it was let in")
        assert "error" in {each.code for each in await nosy.diagnose()}
        await nosy.close()
    finally:
        execute(url, "DROP ROLE nosy")


async def test_a_tenant_under_somebodys_migration_is_busy_and_the_others_are_read(
    url: str, adapter: PostgresAdapter
) -> None:
    tenants = [make(url, name, "CREATE TABLE t (id int CHECK (id > 0)); CREATE VIEW v AS TABLE t") for name in "abc"]
    with psycopg.connect(url) as other:
        other.execute("ALTER TABLE b.t ADD COLUMN n int")
        seen = {t.name: s async for t, s in adapter.inspector().inspect_many(tenants)}
        other.rollback()
    assert isinstance(seen["b"], TenantBusy)
    assert seen["a"] == seen["c"] == await read(adapter, tenants[1])


async def test_a_literal_that_names_its_tenant_is_kept_and_noted(url: str, adapter: PostgresAdapter) -> None:
    snapshot = await read(adapter, make(url, "acme", "CREATE TABLE t (name text DEFAULT 'acme')"))
    assert [(each.code, each.object) for each in snapshot.diagnostics] == [
        ("names_own_tenant", "tables/t/columns/name")
    ]


async def test_tenants_are_chosen_by_pattern_list_and_query(url: str) -> None:
    for name in ("tenant_a", "tenant_b", "tenant_template", "other"):
        make(url, name)
    chosen = {
        TenantSelection(schemas=("tenant_*",), exclude=("*template",)): ["tenant_a", "tenant_b"],
        TenantSelection(names=("other", "gone")): ["other"],
        TenantSelection(query="SELECT nspname FROM pg_namespace WHERE nspname LIKE '%\\_b'"): ["tenant_b"],
    }
    for selection, names in chosen.items():
        adapter = PostgresAdapter(url, tenants=selection)
        assert [tenant.name for tenant in await adapter.list_tenants()] == names
        await adapter.close()


async def test_a_server_that_is_not_there_is_unreachable_and_no_password_is_told() -> None:
    adapter = PostgresAdapter("postgresql://someone:s3cret@127.0.0.1:1/nowhere")
    with pytest.raises(Unreachable) as caught:
        await adapter.list_tenants()
    assert "127.0.0.1:1/nowhere" in caught.value.message
    assert "s3cret" not in repr(caught.value) + str(caught.value.hint)
    assert [each.code for each in await adapter.diagnose()] == ["error"]


async def test_statements_of_a_superuser_run_as_the_schemas_owner(url: str, adapter: PostgresAdapter) -> None:
    execute(url, "CREATE ROLE owner_of_t1", "CREATE SCHEMA t1 AUTHORIZATION owner_of_t1")
    try:
        async with adapter.acquire_lock(TenantContext("t1", "main")) as session:
            for statement in WATCHED:
                await session.execute(Statement(sql=statement, object="tables/seen", parts=()))
            await session.inspect()
            await session.commit()
        assert set(query(url, "SELECT who FROM t1.seen")) == {("owner_of_t1",)}
        assert query(url, "SELECT count(*) FROM t1.seen") == [(2,)]
    finally:
        await asyncio.to_thread(execute, url, "DROP SCHEMA t1 CASCADE", "DROP ROLE owner_of_t1")
