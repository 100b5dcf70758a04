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
from schema_sync.model.change import Altered, Renamed
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Plan
from schema_sync.model.report import Status, TenantContext
from schema_sync.model.snapshot import Snapshot
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


PARTS = """
CREATE TYPE status AS ENUM ('new', 'in work', 'done');
CREATE TYPE place AS (street text, town text);
CREATE TYPE span AS RANGE (SUBTYPE = integer);
CREATE TABLE jobs (id integer PRIMARY KEY, status status DEFAULT 'in work', at place);
CREATE INDEX open_jobs ON jobs (id) WHERE status <> 'in work';
CREATE VIEW towns AS SELECT id, (at).town AS town FROM jobs;
INSERT INTO jobs (id, at) VALUES (1, ROW('a', 'b'));
"""
RENAMED_PARTS = """
ALTER TYPE status RENAME VALUE 'in work' TO 'it''s = on';
ALTER TYPE place RENAME ATTRIBUTE town TO city;
ALTER TYPE span_multirange RENAME TO spans;
"""


async def test_what_is_renamed_within_a_type_is_renamed_in_all_tenants(engine: Engine, place: PostgresPlace) -> None:
    for name in ("acme", "globex", "initech"):
        place.tenant(name).load(PARTS)
    await _version(engine, "v1")
    place.tenant("acme").load(RENAMED_PARTS)
    place.tenant("acme").load("ALTER TYPE status RENAME TO state; ALTER TYPE state ADD VALUE 'late'")
    await _version(engine, "v2")
    assert (await engine.resolve("v2")).trailers["Renamed"] == (
        "composite_types/place/attributes/town=composite_types/place/attributes/city",
        "enums/status=enums/state",
        "enums/status/labels/in%20work=enums/state/labels/it's%20%3d%20on",
        "range_types/span/multiranges/span_multirange=range_types/span/multiranges/spans",
    )
    found = {change.ident.text: change for change in await engine.diff("v1", "v2")}
    assert {text: type(change) for text, change in found.items()} == {
        "composite_types/place": Altered,
        "enums/state": Renamed,
        "range_types/span": Altered,
    }
    done = await engine.sync_tenant(TenantContext("globex"), "v2", execute=True)
    assert (done.status, _actions(done.plan)) == (Status.APPLIED, {"rename", "alter"})
    assert place.tenant("globex").rows()["jobs"] == place.tenant("acme").rows()["jobs"]
    back = await engine.sync_tenant(TenantContext("globex"), "v1", execute=True, allow="all")
    assert back.status is Status.APPLIED
    assert place.tenant("globex").rows()["jobs"] == place.tenant("initech").rows()["jobs"]


async def test_a_hint_names_what_is_within_a_type(engine: Engine, place: PostgresPlace) -> None:
    for name in ("acme", "globex"):
        place.tenant(name).load(PARTS)
    await _version(engine, "v1")
    place.tenant("globex").load(RENAMED_PARTS)
    other = await engine.snapshot(TenantContext("globex"))
    hints = ["enums/status/labels/in work=it's = on", "composite_types/place/attributes/town=city"]
    hints.append("range_types/span/multiranges/span_multirange=spans")
    await engine.commit({"globex": other}, tag="v2", renames=hints)
    assert _actions(await engine.plan_between("v1", "v2")) == {"rename", "alter"}
    with pytest.raises(UsageError, match="does not fit"):
        await engine.commit({"globex": other}, tag="v3", renames=["enums/status/labels/new=done"])


async def test_labels_can_take_each_other_s_names(engine: Engine, place: PostgresPlace) -> None:
    for name in ("acme", "globex"):
        place.tenant(name).load(PARTS)
    await _version(engine, "v1")
    await engine.sync_tenant(TenantContext("globex"), "v1", execute=True)
    place.tenant("acme").load("ALTER TYPE status RENAME VALUE 'in work' TO 'aside'")
    place.tenant("acme").load("ALTER TYPE status RENAME VALUE 'new' TO 'in work'")
    place.tenant("globex").load("INSERT INTO jobs VALUES (2, 'new')")
    await _version(engine, "v2")
    done = await engine.sync_tenant(TenantContext("globex"), "v2", execute=True)
    assert (done.status, [each.sql for each in done.plan.statements if "RENAME" not in each.sql]) == (
        Status.APPLIED,
        [],
    )
    assert [row["status"] for row in place.tenant("globex").rows()["jobs"]] == ["aside", "in work"]
    back = await engine.sync_tenant(TenantContext("globex"), "v1", execute=True)
    assert back.status is Status.APPLIED
    assert [row["status"] for row in place.tenant("globex").rows()["jobs"]] == ["in work", "new"]


async def test_identities_of_tenants_that_are_alike_are_their_own(engine: Engine, place: PostgresPlace) -> None:
    contexts = [TenantContext(name) for name in ("acme", "globex")]
    for context in contexts:
        place.tenant(context.name).load(PARTS)
    seen = [one async for _, one in place.adapter.inspector().inspect_many(contexts)]
    one, other = [snapshot for snapshot in seen if isinstance(snapshot, Snapshot)]
    assert all(other[ident] is obj for ident, obj in one.objects.items()), "the second is not read by itself"
    assert one.origin is not None
    assert other.origin is not None
    assert Ident("label", "done", Ident("enum", "status")) in one.origin.addresses
    assert one.origin.addresses.keys() == other.origin.addresses.keys()
    assert not {*one.origin.addresses.values()} & {*other.origin.addresses.values()}
    for context, snapshot in zip(contexts, (one, other), strict=True):
        alone = (await place.read(context)).origin
        assert alone is not None
        assert snapshot.origin is not None
        assert dict(alone.addresses) == dict(snapshot.origin.addresses)


def _git(store: Path, *arguments: str) -> str:
    command = ["git", "-C", str(store), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
