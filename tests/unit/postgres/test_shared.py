"""What a tenant uses of shared schemas is kept beside its snapshot: what it needs, and no more."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from schema_sync.adapters.postgres import PostgresAdapter
from schema_sync.adapters.postgres.objects import VOCABULARY
from schema_sync.model.ident import Ident
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from tests.servers import execute, query
from tests.tenants import PostgresTenant, converge

pytestmark = [pytest.mark.asyncio, pytest.mark.every_postgres]

SHARED = """
CREATE SCHEMA "Types";
CREATE DOMAIN "Types".code AS text CHECK (VALUE ~ '^[A-Z]+$');
CREATE TABLE public.regions (id int PRIMARY KEY, note text, secret text UNIQUE);
CREATE TABLE public.countries (code "Types".code PRIMARY KEY, region int DEFAULT 1 REFERENCES public.regions, x text);
CREATE INDEX unused ON public.countries (x);
CREATE FUNCTION public.inner_f(int) RETURNS int LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT $1 + 1; END;
CREATE FUNCTION public.f(int) RETURNS int LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT public.inner_f($1); END;
CREATE FUNCTION public.unused() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE SEQUENCE public.numbers;
CREATE TABLE public.owner_of_numbers (n int);
ALTER SEQUENCE public.numbers OWNED BY public.owner_of_numbers.n;
"""
TENANT = """
CREATE TABLE {0}.addresses (id int CHECK (public.f(id) > 0), country "Types".code REFERENCES public.countries,
                            number bigint DEFAULT nextval('public.numbers'));
"""


@pytest_asyncio.fixture
async def adapter(postgres_url: str) -> AsyncIterator[PostgresAdapter]:
    """Two tenants that use three shared schemas, of which one is not there."""
    execute(postgres_url, SHARED)
    for name in ("t1", "t10"):
        execute(postgres_url, f"CREATE SCHEMA {name}", TENANT.format(name))
    adapter = PostgresAdapter(postgres_url, shared=("public", "Types", "nowhere"))
    yield adapter
    await adapter.close()


async def read(adapter: PostgresAdapter, name: str = "t1") -> Snapshot:
    """A tenant as it is now."""
    return await adapter.inspector().inspect(TenantContext(name, "main"))


async def test_the_definitions_that_a_tenant_needs_are_kept_with_all_that_they_need(adapter: PostgresAdapter) -> None:
    snapshot = await read(adapter)
    assert set(snapshot.furniture) == {"Types", "public"}
    tops = {ident.text for ident in snapshot.furniture["public"].objects if ident.owner is None}
    assert tops == {
        "functions/f(integer)",
        "functions/inner_f(integer)",
        "sequences/numbers",
        "tables/countries",
        "tables/owner_of_numbers",
    }
    assert {ident.text for ident in snapshot.furniture["Types"].objects if ident.owner is None} == {"domains/code"}
    assert len(snapshot.furniture["Types"]) == 2


async def test_of_a_shared_table_its_columns_are_kept_and_the_key_that_is_referred_to(adapter: PostgresAdapter) -> None:
    public = (await read(adapter)).furniture["public"]
    children = {(child.ident.kind, child.name) for child in public.children(Ident("table", "countries"))}
    assert children == {
        ("column", "code"),
        ("column", "region"),
        ("column", "x"),
        ("primary_key", "countries_pkey"),
    }
    assert public.order[Ident("table", "countries")] == ("code", "region", "x")
    assert any(line.endswith('"Types".code') for line in public.shared)


async def test_what_is_shared_comes_back_from_files_and_is_no_difference(
    adapter: PostgresAdapter, postgres_url: str
) -> None:
    one, other = await read(adapter), await read(adapter, "t10")
    assert one.files == other.files
    again = Snapshot.from_files(one.files, VOCABULARY)
    assert again.furniture == one.furniture
    assert again.files == one.files
    execute(postgres_url, "ALTER TABLE public.countries ALTER region SET DEFAULT 2")
    changed = await read(adapter)
    assert changed.fingerprint == one.fingerprint
    assert changed.furniture != one.furniture


async def test_shared_schemas_are_read_once_for_many_tenants(adapter: PostgresAdapter, postgres_url: str) -> None:
    for n in range(60):
        execute(postgres_url, f"CREATE SCHEMA many{n}", TENANT.format(f"many{n}"))
    tenants = [TenantContext(f"many{n}", "main") for n in range(60)]
    seen = [snapshot async for _, snapshot in adapter.inspector().inspect_many(tenants)]
    assert all(isinstance(one, Snapshot) for one in seen)
    assert len({id(one.furniture["public"]) for one in seen if isinstance(one, Snapshot)}) <= 2


async def test_a_tenant_that_uses_nothing_shared_reads_nothing_shared(
    adapter: PostgresAdapter, postgres_url: str
) -> None:
    execute(postgres_url, "CREATE SCHEMA alone", "CREATE TABLE alone.t (id int)")
    snapshot = await read(adapter, "alone")
    assert not snapshot.furniture
    assert not [path for path in snapshot.files if path.startswith("shared/")]


_RIGHTS = """
SELECT c.oid::regclass::text, c.relacl::text FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
 UNION ALL
SELECT p.oid::regprocedure::text, p.proacl::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
 UNION ALL
SELECT n.nspname, n.nspacl::text FROM pg_namespace n WHERE n.nspname IN ('public', 'Types')
 ORDER BY 1
"""


async def test_rights_on_shared_objects_are_no_tenants_and_no_plan_touches_them(
    adapter: PostgresAdapter, postgres_url: str
) -> None:
    before = await read(adapter)
    execute(
        postgres_url,
        "GRANT SELECT, REFERENCES ON public.countries TO pg_monitor WITH GRANT OPTION",
        "GRANT UPDATE (x) ON public.countries TO pg_monitor",
        "GRANT EXECUTE ON FUNCTION public.f TO pg_monitor",
        "REVOKE EXECUTE ON FUNCTION public.inner_f FROM PUBLIC",
        "GRANT USAGE ON SEQUENCE public.numbers TO pg_monitor",
        'GRANT USAGE ON SCHEMA "Types" TO pg_monitor',
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO pg_monitor",
    )
    after = await read(adapter)
    assert after.files == before.files
    rights = query(postgres_url, _RIGHTS)
    empty, made = (PostgresTenant(adapter, postgres_url, name) for name in ("nobody", "made"))
    for tenant in (empty, made):
        tenant.create()
    await converge(made, after)
    await converge(made, await read(adapter, "nobody"))
    assert query(postgres_url, _RIGHTS) == rights
