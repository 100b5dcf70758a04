"""A fleet on servers of several majors: one version for all of them, and a move to a newer server is no drift."""

from __future__ import annotations

import json
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from schema_sync.engine import Engine
from schema_sync.errors import Refused, UsageError
from schema_sync.model.report import Status
from schema_sync.store import create_store
from tests.conftest import server_of
from tests.servers import Installation, client_binary, execute

pytestmark = pytest.mark.asyncio

V1 = """
CREATE TYPE public_mood AS ENUM ('fine', 'so');
CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(20) NOT NULL,
                        state varchar(10) DEFAULT 'new' CHECK (state IN ('new', 'old')), code public.code);
CREATE VIEW everyone AS SELECT customers.id, customers.name FROM customers WHERE customers.id > 0;
CREATE MATERIALIZED VIEW counted AS SELECT everyone.name, count(*) AS n FROM everyone GROUP BY everyone.name;
"""
V2 = """
ALTER TABLE customers ADD email text, ADD CONSTRAINT longer CHECK (length(email) > 3 AND public.f(id::int) > 0);
CREATE VIEW reachable AS SELECT c.id, c.email FROM customers c JOIN everyone e ON e.id = c.id;
"""
SHARED = """
CREATE DOMAIN public.code AS text CHECK (VALUE ~ '^[A-Z]+$' AND VALUE IN ('A', 'B'));
CREATE FUNCTION public.f(int) RETURNS int LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT $1; END;
"""


@pytest.fixture
def urls(request: pytest.FixtureRequest, postgres_installations: list[Installation]) -> Iterator[dict[int, str]]:
    """A database on a server of each major, with the same shared schema and two tenants at v1."""
    with ExitStack() as stack:
        found = {}
        for installation in postgres_installations:
            server = server_of(request.config, installation)
            found[installation.major] = stack.enter_context(server.fresh_database())
            execute(found[installation.major], SHARED)
            for tenant in ("t_a", "t_b"):
                execute(found[installation.major], f"CREATE SCHEMA {tenant}")
                load(found[installation.major], tenant, V1)
        if len(found) < 2:
            pytest.fail("servers of two majors are needed: install `schema-sync[test]`")
        yield found


@pytest_asyncio.fixture
async def engine(urls: dict[int, str], tmp_path: Path) -> AsyncIterator[Engine]:
    """An engine over all of them, the oldest first."""
    async with create_store(tmp_path / "store"):
        pass
    async with Engine.open(configuration(tmp_path, urls)) as engine:
        yield engine


def configuration(folder: Path, urls: dict[int, str], name: str = "schema-sync.toml") -> Path:
    """A configuration of a database for each major."""
    lines = ['[store]\npath = "store"']
    for major, url in sorted(urls.items()):
        lines.append(f'[[database]]\nname = "pg{major}"\nurl = {json.dumps(url)}\ntenants = {{ schemas = ["t_*"] }}')
    (folder / name).write_text("\n".join(lines))
    return folder / name


def load(url: str, tenant: str, script: str) -> None:
    """Run a script in a tenant."""
    with psycopg.connect(url) as connection:
        connection.execute(f"SET LOCAL search_path = {tenant}".encode())
        connection.execute(script.encode())


def dumped(url: str, major: int, installations: list[Installation]) -> str:
    """What pg_dump of a newer major writes of the two tenants, without what only psql understands."""
    pg_dump = client_binary("pg_dump", major, installations)
    assert pg_dump is not None
    command = [str(pg_dump), "-d", url, "-n", "t_a", "-n", "t_b", "--inserts"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return "\n".join(line for line in done.stdout.splitlines() if not line.startswith("\\"))


async def version(engine: Engine, name: str, tag: str) -> None:
    """Make a version of what a tenant is."""
    (tenant,) = await engine.find([name])
    await engine.commit({tenant.id: await engine.snapshot(tenant)}, tag=tag)


async def test_a_fleet_on_several_majors_is_in_step_after_one_apply(engine: Engine, urls: dict[int, str]) -> None:
    oldest = min(urls)
    tenants = await engine.list_tenants()
    await version(engine, f"pg{oldest}/t_a", "v1")
    groups, capture = await engine.compare("v1", tenants)
    assert not capture.failures
    assert all(group.in_step for group in groups), [group.error for group in groups]
    load(urls[oldest], "t_a", V2)
    await version(engine, f"pg{oldest}/t_a", "v2")
    results = [each async for each in engine.sync("v2", tenants, execute=True, policy=engine.policy(allow="all"))]
    assert {each.error for each in results} == {None}
    assert [each.status for each in results].count(Status.APPLIED) == len(tenants) - 1
    for target in ("v2", None):
        groups, capture = await engine.compare(target, tenants)
        assert all(group.in_step for group in groups)
        assert not capture.failures
    assert len({group.snapshot.fingerprint for group in groups}) > 1
    again = [each async for each in engine.sync("v2", tenants, execute=True)]
    assert {each.status for each in again} == {Status.IN_SYNC}


async def test_a_spelling_is_made_once_and_kept_in_the_store(engine: Engine, urls: dict[int, str]) -> None:
    await version(engine, f"pg{min(urls)}/t_a", "v1")
    tenants = await engine.list_tenants()
    await engine.compare("v1", tenants)
    kept = await engine.store.spellings((await engine.resolve("v1")).fingerprint)
    assert sorted(kept) == [f"postgresql-{major}" for major in sorted(urls) if major != min(urls)]
    await engine.compare("v1", tenants)
    assert await engine.store.spellings((await engine.resolve("v1")).fingerprint) == kept


async def test_equal_tenants_on_several_majors_make_one_version(engine: Engine, urls: dict[int, str]) -> None:
    oldest, newest = min(urls), max(urls)
    pair = await engine.find([f"pg{oldest}/t_a", f"pg{newest}/t_a"])
    seen = {tenant: await engine.snapshot(tenant) for tenant in pair}
    made = await engine.commit({tenant.id: snapshot for tenant, snapshot in seen.items()}, tag="v1")
    await engine.record(seen, made.version)
    groups, _ = await engine.compare(None, await engine.list_tenants())
    assert all(group.in_step for group in groups)
    again = await engine.commit({pair[1].id: seen[pair[1]]})
    assert not again.created
    load(urls[newest], "t_a", "ALTER TABLE customers ADD more int")
    seen[pair[1]] = await engine.snapshot(pair[1])
    with pytest.raises(UsageError, match="more"):
        await engine.commit({tenant.id: snapshot for tenant, snapshot in seen.items()})
    found = await engine.diff("v1", f"live:{pair[1].id}")
    assert [change.ident.text for change in found] == ["tables/customers/columns/more"]
    assert (await engine.commit({pair[1].id: seen[pair[1]]}, tag="v2")).created
    assert [change.ident.text for change in await engine.diff("v1", "v2")] == ["tables/customers/columns/more"]


async def test_a_tenant_that_was_moved_to_a_newer_server_is_no_drift(
    engine: Engine, urls: dict[int, str], tmp_path: Path, postgres_installations: list[Installation]
) -> None:
    oldest, newest = min(urls), max(urls)
    await version(engine, f"pg{oldest}/t_a", "v1")
    moved = await engine.find([f"pg{oldest}/t_a", f"pg{oldest}/t_b"])
    assert [each.status async for each in engine.sync("v1", moved, execute=True)] == [Status.IN_SYNC] * 2
    execute(urls[newest], "DROP SCHEMA t_a CASCADE", "DROP SCHEMA t_b CASCADE")
    script = dumped(urls[oldest], newest, postgres_installations)
    execute(urls[newest], script)
    there = {oldest: urls[newest]}
    async with Engine.open(configuration(tmp_path, there, "moved.toml")) as after:
        groups, capture = await after.compare(None, await after.list_tenants())
        assert not capture.failures
        assert [group.in_step for group in groups] == [True], [group.diff for group in groups]
        load(urls[newest], "t_b", "ALTER TABLE customers ADD more int")
        groups, _ = await after.compare(None, await after.list_tenants())
        assert sorted(group.in_step for group in groups) == [False, True]


async def test_without_a_spelling_and_without_a_scratch_database_it_is_refused(
    engine: Engine, urls: dict[int, str], tmp_path: Path
) -> None:
    newest = max(urls)
    await version(engine, f"pg{min(urls)}/t_a", "v1")
    execute(urls[newest], "DROP ROLE IF EXISTS only_reads")
    execute(urls[newest], "CREATE ROLE only_reads LOGIN", "GRANT pg_read_all_data TO only_reads")
    try:
        url = urls[newest].replace("postgres@", "only_reads@")
        async with Engine.open(configuration(tmp_path, {newest: url}, "reader.toml")) as reader:
            groups, _ = await reader.compare("v1", await reader.list_tenants())
            assert [type(group.error) for group in groups] == [Refused]
            assert f"spelled as {newest}" in str(groups[0].error)
            assert "CREATEDB" in (groups[0].error.hint or "") if groups[0].error else False
            await engine.compare("v1", await engine.list_tenants())
            groups, _ = await reader.compare("v1", await reader.list_tenants())
            assert all(group.in_step for group in groups)
    finally:
        execute(urls[newest], "REVOKE pg_read_all_data FROM only_reads", "DROP ROLE only_reads")
