"""A version as a database sees it: what its configuration leaves out is neither missed nor made there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schema_sync import Engine, Status
from schema_sync.model.ident import Ident
from schema_sync.store import create_store
from tests.servers import execute
from tests.unit.engine.conftest import Open
from tests.unit.places import V1, V2, Place

pytestmark = pytest.mark.asyncio

THEIRS = "CREATE TABLE django_log (id INTEGER PRIMARY KEY);"


@pytest.mark.parametrize("has", [True, False], ids=["which the tenant has", "which the tenant lacks"])
async def test_what_is_ignored_is_not_compared_where_a_version_has_it(opened: Open, place: Place, has: bool) -> None:
    model = place.make("model", V1, V2, THEIRS)
    plain = opened()
    await plain.commit({model.id: await plain.snapshot(model)}, tag="v2")
    engine = opened(ignore=("tables/django_*",))
    tenant = place.make("a", V1, *([THEIRS] if has else []))
    result = await engine.sync_tenant(tenant, "v2", execute=True)
    assert result.status is Status.APPLIED
    assert not any("django" in part.object for each in result.plan.statements for part in each.parts)
    assert (Ident("table", "django_log") in await place.read(tenant)) == has
    for target in ("v2", None):
        groups, _ = await engine.compare(target, [tenant])
        assert [group.in_step for group in groups] == [True]
    place.tenant("a").load("CREATE INDEX their_own ON customers (name)")
    groups, _ = await engine.compare(None, [tenant])
    assert [[change.ident.name for change in group.diff] for group in groups] == [["their_own"]]


async def test_owners_that_a_version_has_are_left_out_where_they_are_ignored(tmp_path: Path, postgres_url: str) -> None:
    for name in ("t_a", "t_b"):
        execute(postgres_url, f"CREATE SCHEMA {name}", f"CREATE TABLE {name}.users (id int)")
    execute(postgres_url, "ALTER TABLE t_a.users OWNER TO pg_monitor", "CREATE VIEW t_a.v AS SELECT id FROM t_a.users")
    async with create_store(tmp_path / "store"):
        pass
    databases = (
        f"""[[database]]\nname = "main"\nurl = {json.dumps(postgres_url)}\ntenants = {{ schemas = ["t_*"] }}\n"""
    )
    for owners in ("compare", "ignore"):
        file = tmp_path / f"{owners}.toml"
        file.write_text(f"""[store]\npath = "store"\n{databases}[postgres]\nowners = "{owners}"\n""")
    async with Engine.open(tmp_path / "compare.toml") as engine:
        (model, tenant) = await engine.list_tenants()
        version = (await engine.commit({model.id: await engine.snapshot(model)}, tag="v1")).version
        owned = [obj.ident.text for obj in await engine.load("v1") if obj.ident.kind == "ownership"]
        assert owned == ["ownerships/schema", "tables/users/ownerships/owner"]
    async with Engine.open(tmp_path / "ignore.toml") as engine:
        result = await engine.sync_tenant(tenant, "v1", execute=True)
        assert [each.object for each in result.plan.statements] == ["views/v"]
        groups, _ = await engine.compare(None, [model, tenant])
        assert all(group.in_step for group in groups)
        base = (await engine.store.fleet())[tenant.id].base
        assert base is not None
        assert base.commit == version.id
        assert base.fingerprint == result.new != version.fingerprint
