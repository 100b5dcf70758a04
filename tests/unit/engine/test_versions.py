"""Versions and revisions through the engine: what is committed, named, read back, and found damaged."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest

from schema_sync import Engine, Ident, Snapshot, SQLiteAdapter, Status, TenantContext
from schema_sync.errors import AlreadyExists, UnknownRevision, UnknownTenant, UsageError
from schema_sync.protocols import Observation
from schema_sync.testing.memory import MemoryStore
from tests.unit.places import ROWS, V1, V2, Place
from tests.unit.store.conftest import run_git

README = Path(__file__).parents[3] / "README.md"


async def versions(engine: Engine, place: Place) -> tuple[Snapshot, Snapshot]:
    """Commit v1 and v2; the tenant `model` goes from one to the other."""
    tenant = place.make("model", V1)
    old = await engine.snapshot(tenant)
    await engine.commit({"model": old}, tag="v1")
    place.tenant("model").load(V2)
    new = await engine.snapshot(tenant)
    await engine.commit({"model": new}, message="payments", tag="v2")
    return old, new


async def test_the_python_of_the_readme_works_as_printed(
    engine: Engine, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.make("acme", V1, V2)
    place.make("globex", V1, ROWS)
    monkeypatch.chdir(tmp_path)
    [printed] = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    code = compile(textwrap.dedent(printed), str(README), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    names: dict[str, Any] = {}
    running = eval(code, names)
    assert inspect.isawaitable(running)
    await running
    assert [tenant.id for tenant in names["tenants"]] == ["main/acme", "main/globex"]
    assert names["result"].status is Status.APPLIED
    assert names["result"].diff.change_count > 3
    assert names["commit"].fingerprint == names["snapshot"].fingerprint == names["result"].new
    assert (await place.read(TenantContext("globex"))) == names["snapshot"]


async def test_an_engine_of_one_adapter_makes_its_store(place: Place, tmp_path: Path) -> None:
    tenant = place.make("acme", V1)
    async with Engine.from_adapter(place.another(), tmp_path / "new") as engine:
        snapshot = await engine.snapshot(TenantContext("acme"))
        commit = await engine.commit({"acme": snapshot}, branch="main", message="first", tag="v1")
        assert commit.created
        assert await engine.load("v1") == snapshot == await place.read(tenant)
    assert run_git(tmp_path / "new", "log", "--format=%s", "v1").strip() == "first"


async def test_tenants_that_differ_cannot_be_one_version(engine: Engine, place: Place) -> None:
    seen = {name: await place.read(place.make(name, *scripts)) for name, scripts in {"a": [V1], "b": [V1, V2]}.items()}
    with pytest.raises(UsageError, match="a and b differ"):
        await engine.commit(seen, tag="v1")
    assert await engine.store.refs() == {}
    with pytest.raises(UsageError, match="at least one"):
        await engine.commit({})


async def test_a_tag_of_another_schema_is_refused_before_anything_is_committed(engine: Engine, place: Place) -> None:
    _, new = await versions(engine, place)
    place.tenant("model").load("CREATE TABLE later (id INTEGER)")
    refs = dict(await engine.store.refs())
    with pytest.raises(AlreadyExists, match="v1"):
        await engine.commit({"model": await engine.snapshot(TenantContext("model"))}, tag="v1")
    assert await engine.store.refs() == refs
    assert await engine.load("main") == new


@pytest.mark.parametrize(
    ("tag", "error"),
    [("v 3", UsageError), ("v1/rc", AlreadyExists), ("v1", AlreadyExists)],
    ids=["that Git does not allow", "below another", "of the same schema in an earlier version"],
)
async def test_a_tag_that_cannot_be_made_is_refused_before_anything_is_committed(
    engine: Engine, place: Place, tag: str, error: type[Exception]
) -> None:
    old, _ = await versions(engine, place)
    refs = dict(await engine.store.refs())
    with pytest.raises(error, match=tag):
        await engine.commit({"model": old}, tag=tag)
    assert await engine.store.refs() == refs


async def test_a_tag_that_is_there_for_this_schema_is_enough_where_only_the_layout_differs(
    engine: Engine, place: Place
) -> None:
    scripts = {"a": "CREATE TABLE t (x INTEGER, y INTEGER)", "b": "CREATE TABLE t (y INTEGER, x INTEGER)"}
    one, other = [await place.read(place.make(name, script)) for name, script in scripts.items()]
    assert one == other
    assert one.files != other.files
    made = await engine.commit({"a": one}, tag="v1")
    again = await engine.commit({"b": other}, tag="v1")
    assert (again.id, again.created) == (made.id, False)
    refs = await engine.store.refs()
    assert set(refs.values()) == {made.id}


async def test_an_unchanged_schema_makes_no_commit_but_the_tag(engine: Engine, place: Place) -> None:
    _, new = await versions(engine, place)
    again = await engine.commit({"model": new}, message="again", tag="v2-final")
    assert not again.created
    refs = await engine.store.refs()
    assert refs["refs/tags/v2-final"] == refs["refs/tags/v2"] == refs["refs/heads/main"] == again.id


async def test_every_form_of_a_revision_is_read(engine: Engine, place: Place, tmp_path: Path) -> None:
    old, new = await versions(engine, place)
    acme = place.make("acme", V1)
    for _ in range(2):
        await engine.record({acme: await engine.snapshot(acme)})
    await engine.sync_tenant(acme, "v2", execute=True)
    place.tenant("acme").load("CREATE TABLE own (id INTEGER)")
    script = tmp_path / "wanted.sql"
    script.write_text(V1)
    folder = tmp_path / "wanted"
    folder.mkdir()
    (folder / "1.sql").write_text(V1)
    (folder / "2.sql").write_text(V2)
    assert await engine.load("v1") == await engine.load("main~1") == await engine.load("tenant:acme~1") == old
    assert await engine.load("v2") == await engine.load("main") == await engine.load("tenant:main/acme") == new
    assert await engine.load(f"file:{script}") == old
    assert await engine.load(f"file:{folder}") == new
    assert len(await engine.load("empty")) == 0
    assert Ident("table", "own") in await engine.load("live:acme")
    assert [change.ident.text for change in await engine.diff("tenant:acme", "live:acme")][-1].startswith("tables/own")
    today = datetime.now(UTC).date()
    assert await engine.load(f"tenant:acme@{{{today}}}") == await engine.load(f"main@{{{today}}}") == new
    for rev, error in {"v3": UnknownRevision, "tenant:acme~9": UnknownRevision, "tenant:nobody": UnknownTenant}.items():
        with pytest.raises(error):
            await engine.load(rev)


async def test_a_new_tenant_is_made_at_a_version(engine: Engine, place: Place) -> None:
    old, _ = await versions(engine, place)
    result = await engine.create_tenant("newcomer", "v1")
    assert result.status is Status.APPLIED
    assert await place.read(TenantContext("newcomer")) == old
    base = (await engine.store.fleet())["main/newcomer"].base
    assert base is not None
    assert base.commit == (await engine.resolve("v1")).id
    with pytest.raises(AlreadyExists, match="newcomer"):
        await engine.create_tenant("newcomer", "v2")
    assert await place.read(TenantContext("newcomer")) == old


async def test_an_object_that_was_edited_by_hand_is_found_and_never_used(
    engine: Engine, place: Place, tmp_path: Path
) -> None:
    await versions(engine, place)
    assert await engine.verify() == []
    store = tmp_path / "store"
    file = store / "schema" / "tables" / "customers.json"
    file.write_text(file.read_text().replace("    ", "     ", 1))
    run_git(store, "add", "-A")
    run_git(store, "commit", "-q", "-m", "by hand")
    found = await engine.verify()
    assert ["schema/tables/customers.json" in each.message for each in found] == [True]
    assert [each.code for each in await engine.verify("main")] == ["error"]
    assert await engine.verify("v2") == []
    with pytest.raises(Exception, match=r"customers\.json in the store is damaged"):
        await engine.sync_tenant(TenantContext("model"), "main", execute=True)


async def test_a_damaged_state_is_found_in_every_tenant_that_it_is_recorded_of_and_read_once(tmp_path: Path) -> None:
    class Counting(MemoryStore):
        asked: ClassVar[list[str]] = []

        async def observed(self, key: str, *, nth: int = 0, at: datetime | None = None) -> Mapping[str, bytes]:
            self.asked.append(key)
            return await super().observed(key, nth=nth, at=at)

    async with Engine.from_adapter(SQLiteAdapter(f"sqlite:{tmp_path}/*.db"), Counting()) as engine:
        sound = Snapshot("sqlite").files
        damaged = {**sound, "schema/tables/t.json": b"{}"}
        states = {"main/a": damaged, "main/b": sound, "main/c": damaged, "main/d": sound}
        await engine.store.record([Observation(key=key, files=files) for key, files in states.items()], run="r")
        found = await engine.verify()
        assert [each.object for each in found] == ["tenant:main/a", "tenant:main/c"]
        assert all("schema/tables/t.json" in each.message for each in found)
        assert Counting.asked == ["main/a", "main/b"]
