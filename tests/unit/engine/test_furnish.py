"""Scratch databases have what a schema needs outside of its tenant, and leave nothing behind."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from schema_sync.adapters.postgres import PostgresAdapter
from schema_sync.engine import Engine
from schema_sync.engine.furnish import furnished, lacks
from schema_sync.errors import Refused, UsageError
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan import Planner
from schema_sync.run import Runner
from schema_sync.testing.memory import MemoryStore
from tests.conftest import INSTALLATIONS, server_of
from tests.servers import PostgresServer, execute, query

SHARED = """
CREATE SCHEMA "Typ""es";
CREATE TYPE "Typ""es".mood AS ENUM ('fine', 'so');
CREATE TABLE public.countries (code text PRIMARY KEY, mood "Typ""es".mood);
CREATE FUNCTION public.f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
"""
TENANT = """
CREATE TABLE t1.addresses (id int PRIMARY KEY CHECK (public.f(id) > 0), country text REFERENCES public.countries,
                           mood "Typ""es".mood DEFAULT 'so', n int);
"""
OPEN = ("public", 'Typ"es')


@pytest.fixture
def role(postgres_server: PostgresServer) -> Iterator[str]:
    """A role of the server."""
    name = f"reader_{secrets.token_hex(4)}"
    execute(postgres_server.url, f"CREATE ROLE {name}")
    yield name
    execute(postgres_server.url, f"DROP ROLE IF EXISTS {name}")


@pytest_asyncio.fixture
async def adapter(postgres_url: str) -> AsyncIterator[PostgresAdapter]:
    """A tenant that uses two shared schemas."""
    execute(postgres_url, SHARED, "CREATE SCHEMA t1", TENANT)
    adapter = PostgresAdapter(postgres_url, shared=OPEN)
    yield adapter
    await adapter.close()


async def read(adapter: PostgresAdapter) -> Snapshot:
    """The tenant as it is now."""
    return await adapter.inspector().inspect(TenantContext("t1", "main"))


def scratches(url: str) -> set[str]:
    """The scratch databases of a server."""
    return {
        name for (name,) in query(url, "SELECT datname FROM pg_database WHERE starts_with(datname, 'schema_sync_s')")
    }


@pytest.mark.every_postgres
@pytest.mark.asyncio
async def test_a_tenant_that_uses_shared_schemas_is_made_anew_in_a_scratch_database(
    adapter: PostgresAdapter, postgres_url: str
) -> None:
    snapshot = await read(adapter)
    before = scratches(postgres_url)
    async with furnished(adapter, snapshot) as scratch:
        assert scratches(postgres_url) > before
        tenant = TenantContext("another", scratch.name)
        await scratch.create_tenant(tenant)
        plan = Planner(scratch.kinds).plan(Snapshot(snapshot.dialect, spelling=snapshot.spelling), snapshot)
        made = await Runner(scratch).run(tenant, plan, snapshot)
        assert made.files == snapshot.files
    assert scratches(postgres_url) <= before


@pytest.mark.asyncio
async def test_a_script_may_use_what_the_live_database_shares(adapter: PostgresAdapter, tmp_path: Path) -> None:
    snapshot = await read(adapter)
    (tmp_path / "schema.sql").write_text(TENANT.replace("t1.", ""))
    async with Engine.from_adapter(adapter, MemoryStore()) as engine:
        assert await engine.load(f"file:{tmp_path / 'schema.sql'}") == snapshot


@pytest.mark.asyncio
async def test_a_script_may_use_what_the_approved_schema_needs(
    adapter: PostgresAdapter, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    snapshot = await read(adapter)
    (tmp_path / "schema.sql").write_text(TENANT.replace("t1.", ""))
    with postgres_server.fresh_database() as empty:
        async with Engine.from_adapter(PostgresAdapter(empty, shared=OPEN), MemoryStore()) as engine:
            with pytest.raises(UsageError, match=r"countries|Typ"):
                await engine.load(f"file:{tmp_path / 'schema.sql'}")
            await engine.commit({"t1": snapshot})
            assert await engine.load(f"file:{tmp_path / 'schema.sql'}") == snapshot


@pytest.mark.asyncio
async def test_what_a_database_lacks_is_named_and_what_differs_too(
    adapter: PostgresAdapter, postgres_server: PostgresServer
) -> None:
    snapshot = await read(adapter)
    assert await lacks(adapter, snapshot) == []
    with postgres_server.fresh_database() as url:
        other = PostgresAdapter(url, shared=OPEN)
        missing = [lack.message for lack in await lacks(other, snapshot)]
        assert "function public.f(integer) is missing" in missing
        assert any("countries" in message for message in missing)
        assert len(missing) == len({message.split("/")[-1] for message in missing})
        execute(url, SHARED, "CREATE OR REPLACE FUNCTION public.f(int) RETURNS int LANGUAGE sql AS 'SELECT $1 + 1'")
        [different] = await lacks(other, snapshot)
        assert different.need == "public: functions/f(integer)"
        assert set(different.differs) == {"body", "volatility"}
        await other.close()


@pytest.mark.asyncio
async def test_an_extension_is_put_where_the_source_has_it(postgres_server: PostgresServer) -> None:
    if not query(postgres_server.url, "SELECT 1 FROM pg_available_extensions WHERE name = 'citext'"):
        pytest.fail("the server has no contrib extensions")
    with postgres_server.fresh_database() as url, postgres_server.fresh_database() as empty:
        execute(url, "CREATE SCHEMA ext", "CREATE EXTENSION citext SCHEMA ext", "CREATE SCHEMA t1")
        execute(url, "CREATE TABLE t1.t (email ext.citext)")
        adapter, other = (PostgresAdapter(one, shared=("public", "ext")) for one in (url, empty))
        snapshot = await read(adapter)
        assert "extension citext" in snapshot.shared
        assert snapshot.places == {"extension citext": "ext"}
        [lack] = await lacks(other, snapshot)
        assert [each.sql for each in lack.remedies] == ['CREATE EXTENSION IF NOT EXISTS "citext" SCHEMA "ext"']
        async with furnished(other, snapshot) as scratch:
            assert await lacks(scratch, snapshot) == []
        await adapter.close()
        await other.close()


@pytest.mark.asyncio
async def test_a_role_is_made_in_another_cluster_and_never_in_the_tenants_own(
    adapter: PostgresAdapter, postgres_url: str, role: str, request: pytest.FixtureRequest
) -> None:
    execute(postgres_url, "ALTER TABLE t1.addresses ENABLE ROW LEVEL SECURITY")
    execute(postgres_url, f"CREATE POLICY own ON t1.addresses TO {role} USING (n = 1)")
    snapshot = await read(adapter)
    assert f"role {role}" in snapshot.shared
    execute(postgres_url, f"DROP POLICY own ON t1.addresses; DROP ROLE {role}")
    with pytest.raises(Refused, match=role):
        async with furnished(adapter, snapshot):
            raise AssertionError("it cannot be furnished")
    assert not query(postgres_url, "SELECT 1 FROM pg_roles WHERE rolname = %s", [role])

    another = server_of(request.config, request.config.stash[INSTALLATIONS][0], number=1)
    apart = PostgresAdapter(postgres_url, shared=OPEN, scratch_url=another.url)
    async with furnished(apart, snapshot):
        assert query(another.url, "SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    assert not query(another.url, "SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    assert scratches(another.url) == set()
    await apart.close()
