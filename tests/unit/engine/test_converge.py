"""Fleets brought to a version: groups, canaries, failures, hazards and history, on real databases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from schema_sync import Engine, Hazard, Status, SyncResult, TenantContext
from schema_sync.adapters.kind import Action, Rules, Verdict
from schema_sync.errors import HazardsNotAllowed, Refused, UnknownTenant
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject
from schema_sync.plan import Planner as RulePlanner
from schema_sync.protocols import Version
from tests.unit.engine.conftest import Open
from tests.unit.places import ROWS, V1, V2, Place, PostgresPlace, SQLitePlace
from tests.unit.store.conftest import run_git

BY_NAME = "CREATE UNIQUE INDEX customers_by_name ON customers (name);"
"""What a tenant with two customers of one name cannot have."""
TWINS = "INSERT INTO customers (id, name) VALUES (11, 'Ann'), (12, 'Ann');"
OWN = "CREATE INDEX their_own ON customers (name);"


async def version(engine: Engine, place: Place, tag: str, *scripts: str) -> str:
    """Commit what the scripts make of an empty tenant; the fingerprint."""
    seen = await place.read(place.make(f"model_{tag}", *scripts))
    return (await engine.commit({f"model_{tag}": seen}, tag=tag)).fingerprint


async def go(
    engine: Engine, tenants: Sequence[TenantContext], rev: str = "v2", allow: str = ""
) -> dict[str, SyncResult]:
    """Bring tenants to a version; the results by name."""
    policy = engine.policy(allow=[allow] if allow else [])
    results = [result async for result in engine.sync(rev, tenants, execute=True, policy=policy)]
    assert len(results) == len(tenants)
    return {result.tenant.name: result for result in results}


def statuses(results: dict[str, SyncResult]) -> dict[str, str]:
    """How each came out."""
    return {name: str(results[name].status) for name in sorted(results)}


async def test_tenants_of_one_state_share_a_plan_and_all_are_recorded(engine: Engine, place: Place) -> None:
    await version(engine, place, "v1", V1)
    fingerprint = await version(engine, place, "v2", V1, V2)
    scripts = {"a": [V1], "b": [V1, ROWS], "c": [V1, V2], "d": [], "t10": [V1]}
    tenants = [place.make(name, *loaded) for name, loaded in scripts.items()]
    results = await go(engine, tenants)
    assert statuses(results) == dict.fromkeys("abd", "applied") | {"c": "in_sync", "t10": "applied"}
    assert results["a"].plan.id == results["b"].plan.id == results["t10"].plan.id != results["d"].plan.id
    assert {(await place.read(tenant)).fingerprint for tenant in tenants} == {fingerprint}
    assert [row["name"] for row in place.tenant("b").rows()["customers"]] == ["Ann", "Bob"]
    fleet = await engine.store.fleet()
    commit = (await engine.resolve("v2")).id
    assert {key: (entry.observed, entry.base and entry.base.commit) for key, entry in fleet.items()} == {
        tenant.id: (fingerprint, commit) for tenant in tenants
    }
    assert statuses(await go(engine, tenants)) == dict.fromkeys(scripts, "in_sync")


async def test_what_was_seen_later_leaves_what_was_applied(engine: Engine, place: Place) -> None:
    await version(engine, place, "v2", V1, V2)
    tenant = place.make("a", V1)
    await go(engine, [tenant])
    place.tenant("a").load(OWN)
    seen = await engine.snapshot(tenant)
    await engine.record({tenant: seen})
    entry = (await engine.store.fleet())["main/a"]
    assert entry.observed == seen.fingerprint
    assert entry.base is not None
    assert entry.base.fingerprint == (await engine.resolve("v2")).fingerprint != seen.fingerprint


async def test_nothing_is_done_without_execute(engine: Engine, place: Place) -> None:
    await version(engine, place, "v2", V1, V2)
    tenant = place.make("a", V1)
    before = await place.read(tenant)
    [result] = [result async for result in engine.sync("v2", [tenant])]
    assert (result.status, result.diff.is_empty, bool(result.plan.statements)) == (Status.UNTOUCHED, False, True)
    assert (await place.read(tenant)).files == before.files
    assert await engine.store.fleet() == {}


@pytest.mark.parametrize(
    ("max_failures", "others"), [(1, {"t4": "untouched", "t5": "untouched"}), (2, {"t4": "applied", "t5": "applied"})]
)
async def test_the_third_of_five_fails_and_the_others_go_on_as_they_may(
    opened: Open, place: Place, max_failures: int, others: dict[str, str]
) -> None:
    engine = opened(max_failures=max_failures, jobs=1, retries=0, probes=False)
    await version(engine, place, "v2", V1, "ALTER TABLE customers ADD COLUMN email TEXT;", BY_NAME)
    tenants = [place.make(f"t{n}", V1, TWINS if n == 3 else ROWS) for n in range(1, 6)]
    before, rows = await place.read(tenants[2]), place.tenant("t3").rows()
    results = await go(engine, tenants)
    assert statuses(results) == {"t1": "applied", "t2": "applied", "t3": "failed"} | others
    assert "main/t3" in str(results["t3"].error)
    assert results["t3"].exit_code == 5
    assert (await place.read(tenants[2])).files == before.files
    assert place.tenant("t3").rows() == rows
    assert set(await engine.store.fleet()) == {
        f"main/{name}" for name, how in statuses(results).items() if how == "applied"
    }
    place.tenant("t3").load("DELETE FROM customers WHERE id = 12")
    assert set(statuses(await go(engine, tenants)).values()) == {"applied", "in_sync"}


async def test_a_canary_that_fails_leaves_its_whole_group_untouched(opened: Open, place: Place) -> None:
    engine = opened(max_failures=5, canary=1, retries=0, probes=False)
    await version(engine, place, "v2", V1, BY_NAME)
    tenants = [place.make("t1", V1, TWINS), *(place.make(f"t{n}", V1) for n in (2, 3))]
    assert statuses(await go(engine, tenants)) == {"t1": "failed", "t2": "untouched", "t3": "untouched"}


@pytest.mark.parametrize("through", ["execute", "sync"])
async def test_a_run_that_is_broken_off_has_ended_and_is_recorded_when_its_results_are_closed(
    engine: Engine, place: Place, through: str
) -> None:
    fingerprint = await version(engine, place, "v2", V1, V2)
    tenants = [place.make(f"t{n}", V1) for n in range(8)]
    before = asyncio.all_tasks()
    groups, _ = await engine.plan("v2", tenants)
    results = engine.execute(groups) if through == "execute" else engine.sync("v2", tenants, execute=True)
    async with aclosing(results):
        async for result in results:
            if result.tenant.name == "t2":
                break
    assert asyncio.all_tasks() == before
    done = {tenant.id for tenant in tenants if (await place.read(tenant)).fingerprint == fingerprint}
    # One that was committing when it was cancelled may be done without a record, as after a crash; never the reverse.
    assert {"main/t0", "main/t2"} <= set(await engine.store.fleet()) <= done
    assert done < {tenant.id for tenant in tenants}


async def test_a_tenant_that_changed_after_the_plan_is_skipped(engine: Engine, place: Place) -> None:
    await version(engine, place, "v2", V1, V2)
    tenants = [place.make(name, V1) for name in "abc"]
    groups, _ = await engine.plan("v2", tenants)
    place.tenant("b").load(OWN)
    changed = await place.read(tenants[1])
    results = {result.tenant.name: result async for result in engine.execute(groups)}
    assert statuses(results) == {"a": "applied", "b": "skipped", "c": "applied"}
    assert results["b"].exit_code == 3
    assert (await place.read(tenants[1])).files == changed.files


async def test_a_tenant_that_is_dropped_after_the_plan_fails_alone(opened: Open, place: Place) -> None:
    engine = opened(max_failures=2)
    await version(engine, place, "v2", V1, V2)
    tenants = [place.make(name, V1) for name in "abc"]
    groups, _ = await engine.plan("v2", tenants)
    match place:
        case SQLitePlace():
            (place.folder / "b.db").unlink()
        case PostgresPlace():
            place.tenant("a").load("DROP SCHEMA b CASCADE")
    results = {result.tenant.name: result async for result in engine.execute(groups)}
    assert statuses(results) == {"a": "applied", "b": "failed", "c": "applied"}
    assert isinstance(groups[0].failures[tenants[1]], UnknownTenant)


async def test_hazards_refuse_the_tenants_that_have_them_and_no_others(engine: Engine, place: Place) -> None:
    await version(engine, place, "v1", V1)
    fingerprint = await version(engine, place, "v2", V1, V2)
    tenants = [place.make("a", V1), place.make("b", V1, OWN), place.make("c", V1)]
    before = await place.read(tenants[1])
    results = await go(engine, tenants)
    assert statuses(results) == {"a": "applied", "b": "untouched", "c": "applied"}
    assert "drops_unversioned" in str(results["b"].error)
    assert "their_own" in str(results["b"].error)
    assert (await place.read(tenants[1])).files == before.files
    with pytest.raises(HazardsNotAllowed, match="their_own"):
        await engine.sync_tenant(tenants[1], "v2", execute=True)
    done = await engine.sync_tenant(tenants[1], "v2", execute=True, allow=["drops_unversioned"])
    assert done.new == fingerprint


async def test_what_an_earlier_version_of_the_tenant_had_is_not_its_own(engine: Engine, place: Place) -> None:
    await version(engine, place, "v1", V1, OWN)
    await version(engine, place, "v2", V1)
    brought = place.make("brought", V1)
    assert (await go(engine, [brought], "v1"))["brought"].status is Status.APPLIED
    unrecorded = place.make("unrecorded", V1, OWN)
    results = await go(engine, [brought, unrecorded])
    assert statuses(results) == {"brought": "applied", "unrecorded": "applied"}
    assert Hazard.DROPS_UNVERSIONED not in results["brought"].plan.hazards


async def test_what_only_versions_of_others_had_is_its_own(engine: Engine, place: Place) -> None:
    await version(engine, place, "v1", V1)
    await version(engine, place, "between", V1, OWN)
    await version(engine, place, "v2", V1, V2)
    brought = place.make("brought", V1)
    place.make("fellow", V1, OWN)
    await go(engine, [brought], "v1")
    place.tenant("brought").load(OWN)
    results = await go(engine, [brought, TenantContext("fellow", "main")])
    assert statuses(results) == {"brought": "untouched", "fellow": "applied"}
    assert set(results["brought"].plan.hazards) - set(results["fellow"].plan.hazards) == {Hazard.DROPS_UNVERSIONED}


async def test_a_version_that_the_store_has_lost_is_told_of_the_tenants_that_it_was_applied_to(
    engine: Engine, place: Place, tmp_path: Path
) -> None:
    await version(engine, place, "v2", V1)
    tenants = [place.make("a", V1), place.make("b", V1)]
    await go(engine, tenants)
    place.make("model", V1, OWN)
    await engine.commit({"model": await engine.snapshot(TenantContext("model"))}, branch="trial")
    await go(engine, tenants[:1], "trial")
    assert (await engine.compare(None, tenants))[1].failures == {}
    for words in (("branch", "-D", "trial"), ("reflog", "expire", "--expire=now", "--all"), ("gc", "--prune=now")):
        run_git(tmp_path / "store", *words)
    groups, capture = await engine.compare(None, tenants)
    assert [(group.tenants, group.in_step) for group in groups] == [(tenants[1:], True)]
    assert list(capture.failures) == tenants[:1]
    assert "not in the store any more" in str(capture.failures[tenants[0]])
    refused = await go(engine, tenants)
    assert statuses(refused) == {"a": "untouched", "b": "in_sync"}
    assert "drops_unversioned" in str(refused["a"].error)
    assert (await go(engine, tenants, allow="drops_unversioned"))["a"].status is Status.APPLIED
    assert (await engine.compare(None, tenants))[1].failures == {}


async def test_the_base_of_many_tenants_is_looked_up_once(engine: Engine, place: Place) -> None:
    await version(engine, place, "v1", V1, OWN)
    await version(engine, place, "v2", V1)
    tenants = [place.make(name, V1, OWN) for name in "abcdef"]
    await go(engine, tenants, "v1")
    asked: list[str] = []
    resolve = engine.store.resolve

    def counted(rev: str) -> Awaitable[Version]:
        asked.append(rev)
        return resolve(rev)

    engine.store.resolve = counted  # type: ignore[method-assign, assignment]
    groups, _ = await engine.plan("v2", tenants)
    assert [(len(group.tenants), group.error) for group in groups] == [(6, None)]
    assert len(asked) < len(tenants)


async def test_ignored_objects_are_not_stored_not_compared_and_not_dropped(opened: Open, place: Place) -> None:
    engine = opened(ignore=("tables/django_*", "tables/*/indexes/local_*"))
    bare = await version(engine, place, "v2", V1, V2)
    tenant = place.make(
        "a", V1, "CREATE TABLE django_log (id INTEGER PRIMARY KEY); CREATE INDEX local_x ON invoices (id);"
    )
    seen = await engine.snapshot(tenant)
    assert {ident.text for ident in seen.ignored} >= {"tables/django_log", "tables/invoices/indexes/local_x"}
    assert not any(b"django" in data or b"local_x" in data for data in seen.files.values())
    assert (await go(engine, [tenant]))["a"].new == bare
    left = {obj.ident.text for obj in await place.read(tenant)}
    assert {"tables/django_log", "tables/invoices/indexes/local_x"} <= left


@pytest.mark.parametrize("change", ["dropped", "rewritten"])
async def test_a_plan_that_would_take_an_ignored_object_along_is_refused(
    opened: Open, place: Place, change: str
) -> None:
    engine = opened(ignore=("tables/*/indexes/local_*",))
    if change == "rewritten" and isinstance(place, PostgresPlace):
        engine = opened(ignore=("views/local_*",))
    without = V1.replace("name TEXT NOT NULL", "note TEXT" if change == "dropped" else "name VARCHAR(9) NOT NULL")
    await version(engine, place, "v2", without)
    tenant = place.make(
        "a", V1, "CREATE INDEX local_x ON customers (name); CREATE VIEW local_v AS SELECT name FROM customers"
    )
    before = await place.read(tenant)
    with pytest.raises(Refused, match=r"local_[xv], which is ignored") as caught:
        await engine.sync_tenant(tenant, "v2", execute=True, allow="all")
    assert caught.value.exit_code == 3
    assert (await place.read(tenant)).files == before.files


async def test_an_ignored_object_that_came_after_the_plan_is_not_taken_along(opened: Open, place: Place) -> None:
    engine = opened(ignore=("tables/*/indexes/local_*",))
    # SQLite writes the table anew, PostgreSQL drops a column: either takes an index along without a word.
    name = "name VARCHAR(9) NOT NULL" if isinstance(place, SQLitePlace) else "note TEXT"
    await version(engine, place, "v2", V1.replace("name TEXT NOT NULL", name))
    tenant = place.make("a", V1)
    groups, _ = await engine.plan("v2", [tenant])
    place.tenant("a").load("CREATE INDEX local_x ON customers (name)")
    before = await place.read(tenant)
    [result] = [each async for each in engine.execute(groups, policy=engine.policy(allow="all"))]
    assert (result.status, result.exit_code) == (Status.SKIPPED, 3)
    assert "tables/customers/indexes/local_x" in str(result.error)
    assert (await place.read(tenant)).files == before.files


async def test_a_policy_is_the_configuration_with_what_is_given_on_top(opened: Open) -> None:
    engine = opened(max_failures=3, canary=2, allow=["irreversible"])
    assert (engine.policy().max_failures, engine.policy(canary=0).canary) == (3, 0)
    assert engine.policy(allow=["deletes_data"]).allow == {Hazard.IRREVERSIBLE, Hazard.DELETES_DATA}
    assert engine.config.apply.lock_timeout == timedelta(milliseconds=200)


async def test_a_circle_in_one_plan_is_the_error_of_its_group_alone(opened: Open, place: Place) -> None:
    """A rule with a fault: of two new indexes each waits for the other."""
    by_name, by_id = (Ident("index", name, Ident("table", "customers")) for name in ("by_name", "by_id"))
    other = {by_name: by_id, by_id: by_name}

    def create(obj: SchemaObject, rules: Rules) -> Sequence[Action]:
        actions = kinds["index"].create(obj, rules)
        assert not isinstance(actions, Verdict)
        return [replace(each, after=frozenset({other[obj.ident]})) for each in actions]

    kinds = place.adapter.kinds
    faulty = RulePlanner({**kinds, "index": replace(kinds["index"], create=create)})
    plain = opened()
    engine = Engine(plain.config, plain.store, plain.adapters, planners={"main": faulty})
    scripts = ["CREATE INDEX by_name ON customers (name);", "CREATE INDEX by_id ON customers (id, name);"]
    await version(engine, place, "v2", V1, *scripts)
    tenants = [place.make("a", V1), place.make("b", V1, scripts[0])]
    results = await go(engine, tenants)
    assert statuses(results) == {"a": "untouched", "b": "applied"}
    assert results["a"].exit_code == 5
    assert "create tables/customers/indexes/by_id, create tables/customers/indexes/by_name" in str(results["a"].error)
