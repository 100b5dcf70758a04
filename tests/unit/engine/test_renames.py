"""What was renamed in the tenant that versions are captured from is renamed in all the others."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from schema_sync.engine import Engine
from schema_sync.errors import UsageError
from schema_sync.model.change import Renamed
from schema_sync.model.plan import Plan
from schema_sync.model.report import Status, TenantContext
from tests.unit.places import PostgresPlace

V1 = """
CREATE TABLE users (id integer PRIMARY KEY, mail text NOT NULL);
CREATE INDEX users_by_mail ON users (mail);
CREATE VIEW reachable AS SELECT id, mail FROM users WHERE mail <> '';
INSERT INTO users VALUES (1, 'a@b.c');
"""
V2 = """
ALTER TABLE users RENAME COLUMN mail TO "e = mail";
ALTER INDEX users_by_mail RENAME TO "customers by mail";
"""
V3 = "ALTER TABLE users RENAME TO customers; CREATE TABLE orders (id integer)"


@pytest_asyncio.fixture
async def place(postgres_url: str) -> AsyncIterator[PostgresPlace]:
    place = PostgresPlace(postgres_url)
    yield place
    await place.adapter.close()


@pytest_asyncio.fixture
async def engine(place: PostgresPlace, tmp_path: Path) -> AsyncIterator[Engine]:
    async with Engine.from_adapter(place.adapter, tmp_path / "store") as engine:
        for name in ("acme", "globex", "initech"):
            place.make(name, V1)
        yield engine


async def _version(engine: Engine, tag: str) -> None:
    seen = await engine.snapshot(TenantContext("acme"))
    await engine.commit({"acme": seen}, tag=tag)


async def _history(engine: Engine, place: PostgresPlace) -> None:
    """Three versions of acme."""
    await _version(engine, "v1")
    place.tenant("acme").load(V2)
    await _version(engine, "v2")
    place.tenant("acme").load(V3)
    await _version(engine, "v3")


def _actions(plan: Plan) -> set[str]:
    return {part.action for statement in plan.statements for part in statement.parts}


async def test_a_version_says_what_it_has_renamed(engine: Engine, place: PostgresPlace) -> None:
    await _history(engine, place)
    second = await engine.resolve("v2")
    assert second.trailers["Renamed"] == (
        "tables/users/columns/mail=tables/users/columns/e%20%3d%20mail",
        "tables/users/indexes/users_by_mail=tables/users/indexes/customers%20by%20mail",
    )
    assert (await engine.resolve("v3")).trailers["Renamed"] == ("tables/users=tables/customers",)


async def test_renames_are_composed_on_the_way_there_and_back(engine: Engine, place: PostgresPlace) -> None:
    await _history(engine, place)
    tenant = TenantContext("globex")
    await engine.sync_tenant(tenant, "v1", execute=True)
    there = await engine.sync_tenant(tenant, "v3", execute=True)
    assert _actions(there.plan) == {"rename", "create"}
    assert sum(isinstance(change, Renamed) for change in there.diff) == 3
    assert place.tenant("globex").rows()["customers"] == [{"id": "1", "e = mail": "a@b.c"}]
    back = await engine.sync_tenant(tenant, "v1", execute=True, allow="all")
    assert (back.status, _actions(back.plan)) == (Status.APPLIED, {"rename", "drop"})
    assert place.tenant("globex").rows()["users"] == [{"id": "1", "mail": "a@b.c"}]


async def test_a_tenant_without_a_record_is_renamed_where_no_name_is_in_doubt(
    engine: Engine, place: PostgresPlace
) -> None:
    await _history(engine, place)
    result = await engine.sync_tenant(TenantContext("initech"), "v2", execute=True)
    assert _actions(result.plan) == {"rename"}
    assert place.tenant("initech").rows()["users"] == [{"id": "1", "e = mail": "a@b.c"}]


async def test_a_diff_of_two_versions_shows_renames(engine: Engine, place: PostgresPlace) -> None:
    await _history(engine, place)
    found = await engine.diff("v1", "v2")
    assert [type(change) for change in found] == [Renamed, Renamed]
    assert _actions(await engine.plan_between("v2", "v1")) == {"rename"}


async def test_another_tenant_is_no_evidence_and_a_hint_is(engine: Engine, place: PostgresPlace) -> None:
    await _version(engine, "v1")
    place.tenant("globex").load(V2)
    other = await engine.snapshot(TenantContext("globex"))
    await engine.commit({"globex": other}, tag="v2", branch="other")
    assert "Renamed" not in (await engine.resolve("v2")).trailers
    made = await engine.commit({"globex": other}, tag="v3", renames=["tables/users/columns/mail=e = mail"])
    assert made.version.trailers["Renamed"] == ("tables/users/columns/mail=tables/users/columns/e%20%3d%20mail",)
    with pytest.raises(UsageError, match="nonsense"):
        await engine.commit({"globex": other}, tag="v4", renames=["nonsense"])


async def test_identities_are_a_note_that_git_reads(engine: Engine, place: PostgresPlace, tmp_path: Path) -> None:
    await _history(engine, place)
    store, version = tmp_path / "store", await engine.resolve("v3")
    note = await asyncio.to_thread(_git, store, "notes", "--ref=identity", "show", version.id)
    assert "tables/customers" in note
    await asyncio.to_thread(_git, store, "fsck", "--strict")


def _git(store: Path, *arguments: str) -> str:
    command = ["git", "-C", str(store), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
