"""What is known before the first tenant is touched: whose rows do not allow the plan."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from schema_sync import Engine, Status, SyncResult, TenantContext
from schema_sync.errors import TenantFailed
from schema_sync.model.plan import Probe
from schema_sync.testing.memory import MemoryStore
from tests.unit.engine.conftest import Open
from tests.unit.places import Place, PostgresPlace

pytestmark = pytest.mark.asyncio

COLUMNS = "id INTEGER PRIMARY KEY, name TEXT, kind INTEGER, size INTEGER, part INTEGER"
ROWS = "INSERT INTO kinds VALUES (1, 'one'); INSERT INTO things VALUES (1, 'a', 1, 1, 1)"


def tables(columns: str = COLUMNS, more: str = "") -> str:
    """The tables of a tenant, of which one has these columns."""
    return f"CREATE TABLE kinds (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE things ({columns}); {more}"


CHANGES = {
    "a value that lacks": (
        tables(COLUMNS.replace("TEXT", "TEXT NOT NULL")),
        "UPDATE things SET name = NULL",
        "things.name has rows without a value",
    ),
    "a new column without one": (
        tables(f"{COLUMNS}, new TEXT NOT NULL"),
        "",
        "things.new would have no value in the rows that there are",
    ),
    "a check": (
        tables(COLUMNS.replace("size INTEGER", "size INTEGER CHECK (size < 5)")),
        "UPDATE things SET size = 6",
        "things has rows that ",
    ),
    "a unique constraint": (
        tables(f"{COLUMNS}, UNIQUE (name, size)"),
        "INSERT INTO things VALUES (2, 'a', 1, 1, 1)",
        "things has rows that are the same to ",
    ),
    "a foreign key": (
        tables(COLUMNS.replace("kind INTEGER", "kind INTEGER REFERENCES kinds (id)")),
        "UPDATE things SET kind = 7",
        "things has rows that refer to none of kinds",
    ),
    "a unique index": (
        tables(more="CREATE UNIQUE INDEX of_part ON things (lower(name)) WHERE size > 0"),
        "INSERT INTO things VALUES (2, 'A', 1, 1, 1)",
        "things has rows that are the same to of_part",
    ),
}
"""What a version asks for -> its tables; what makes rows that do not allow it; what is said of them."""


async def version(engine: Engine, place: Place, *scripts: str) -> None:
    """Commit what scripts make of a tenant as `v2`."""
    model = place.make("model", *scripts)
    await engine.commit({model.id: await engine.snapshot(model)}, tag="v2")


async def go(engine: Engine, tenants: list[TenantContext], **policy: int | bool) -> dict[str, SyncResult]:
    """Apply `v2`; the results by the tenant's name."""
    chosen = engine.policy(allow="all", jobs=4, **policy)  # type: ignore[arg-type]
    return {result.tenant.name: result async for result in engine.sync("v2", tenants, execute=True, policy=chosen)}


@pytest.mark.parametrize("what", CHANGES)
async def test_whose_rows_do_not_allow_a_plan_is_known_before_anybody_is_touched(
    opened: Open, place: Place, what: str
) -> None:
    new, spoil, finding = CHANGES[what]
    engine = opened()
    await version(engine, place, new)
    rows = ROWS if spoil else ""
    tenants = [place.make("a", tables(), rows), place.make("b", tables(), ROWS, spoil), place.make("c", tables(), rows)]
    (group,) = (await engine.plan("v2", tenants))[0]
    assert group.plan is not None
    assert len(group.plan.probes) == 1, [each.sql for each in group.plan.statements]
    refused = await go(engine, tenants)
    assert {name: result.status for name, result in refused.items()} == {
        "a": Status.UNTOUCHED,
        "b": Status.FAILED,
        "c": Status.UNTOUCHED,
    }
    assert refused["b"].exit_code == 5
    assert f"main/b: its rows do not allow the plan: {finding}" in str(refused["b"].error)
    done = await go(engine, tenants, max_failures=2)
    assert {name: str(result.status) for name, result in done.items()} == {
        "a": "applied",
        "b": "failed",
        "c": "applied",
    }


async def test_without_probes_the_rows_are_met_when_the_plan_runs(opened: Open, place: Place) -> None:
    new, spoil, _ = CHANGES["a value that lacks"]
    engine = opened()
    await version(engine, place, new)
    tenants = [place.make("a", tables(), ROWS), place.make("b", tables(), ROWS, spoil)]
    done = await go(engine, tenants, probes=False)
    assert {name: str(result.status) for name, result in done.items()} == {"a": "applied", "b": "failed"}
    assert "do not allow the plan" not in str(done["b"].error)


async def test_a_question_that_breaks_off_fails_its_own_tenant_and_nothing_is_run(
    opened: Open, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, _, _ = CHANGES["a value that lacks"]
    engine = opened()
    await version(engine, place, new)
    tenants = [place.make("a", tables(), ROWS), place.make("b", tables(), ROWS)]
    adapter = engine.adapters["main"]
    ask = adapter.probe

    async def broken(tenant: TenantContext, probes: Sequence[Probe]) -> Sequence[str]:
        if tenant.name == "b":
            raise TenantFailed("the server fell over")
        return await ask(tenant, probes)

    monkeypatch.setattr(adapter, "probe", broken)
    done = await go(engine, tenants)
    assert {name: str(result.status) for name, result in done.items()} == {"a": "untouched", "b": "failed"}
    assert done["b"].error == "the server fell over"


TYPES = {
    "a cast": (
        ("name TEXT", "name integer"),
        "UPDATE things SET name = 'x'",
        "things.name has values that are no integer: ",
    ),
    "a limit": (
        ("name TEXT", "name varchar(3)"),
        "UPDATE things SET name = 'long'",
        "things.name has values that are too long ",
    ),
    "a number": (
        ("kind INTEGER", "kind smallint"),
        "UPDATE things SET kind = 70000",
        "things.kind has values that are no ",
    ),
}
"""A change of a column; what makes values that do not allow it; what is said of them."""


@pytest.mark.parametrize("what", TYPES)
async def test_values_that_cannot_be_cast_are_known_beforehand(postgres_url: str, what: str) -> None:
    change, spoil, finding = TYPES[what]
    await _types(PostgresPlace(postgres_url), tables(), tables(COLUMNS.replace(*change)), f"{ROWS}; {spoil}", finding)


async def test_labels_that_an_enumeration_loses_are_known_beforehand(postgres_url: str) -> None:
    start = "CREATE TYPE state AS ENUM ('new', 'paid', 'void'); CREATE TABLE things (id int PRIMARY KEY, state state);"
    end = start.replace("'new', ", "")
    finding = "things.state has values that state no longer has: new"
    await _types(PostgresPlace(postgres_url), start, end, "INSERT INTO things VALUES (1, 'new')", finding)


_DOMAIN = "CREATE DOMAIN d AS numeric(5,1) {has}; CREATE TABLE things (id int PRIMARY KEY, v d);"
_NOT_LET_IN = {
    "text to a new enumeration": (
        "CREATE TABLE things (id int PRIMARY KEY, v text)",
        "CREATE TYPE e AS ENUM ('a', 'it''s'); CREATE TABLE things (id int PRIMARY KEY, v e)",
        "INSERT INTO things VALUES (1, 'a'), (2, NULL), (3, {})",
        ("'it''s'", "'A'"),
        "things.v has values that are no e",
    ),
    "a number to a new enumeration": (
        "CREATE TABLE things (id int PRIMARY KEY, v int)",
        "CREATE TYPE e AS ENUM ('1', '2'); CREATE TABLE things (id int PRIMARY KEY, v e)",
        "INSERT INTO things VALUES (1, 1), (2, {})",
        ("2", "3"),
        "things.v has values that are no e",
    ),
    "a number to a new domain": (
        "CREATE TABLE things (id int PRIMARY KEY, v int)",
        "CREATE DOMAIN d AS bigint CHECK (VALUE BETWEEN 1 AND 5); CREATE TABLE things (id int PRIMARY KEY, v d)",
        "INSERT INTO things VALUES (1, 1), (2, NULL), (3, {})",
        ("5", "6"),
        "things.v has values that d_check of d refuses",
    ),
    "nothing to a new domain": (
        "CREATE TABLE things (id int PRIMARY KEY, v text)",
        "CREATE DOMAIN d AS text NOT NULL CHECK (VALUE <> 'VALUE'); CREATE TABLE things (id int PRIMARY KEY, v d)",
        "INSERT INTO things VALUES (1, 'a'), (2, {})",
        ("'value'", "NULL"),
        "things.v has rows without a value",
    ),
    "a check of a domain": (
        _DOMAIN.format(has=""),
        _DOMAIN.format(has="CONSTRAINT small CHECK (VALUE < 5)"),
        "INSERT INTO things VALUES (1, NULL), (2, {})",
        ("4.9", "5"),
        "things.v has values that small of d refuses",
    ),
    "a domain that is to have a value": (
        _DOMAIN.format(has=""),
        _DOMAIN.format(has="NOT NULL"),
        "INSERT INTO things VALUES (1, 1), (2, {})",
        ("2", "NULL"),
        "things.v has rows without a value",
    ),
    "a label in an array": (
        "CREATE TYPE e AS ENUM ('a', 'b', 'it''s'); CREATE TABLE things (id int PRIMARY KEY, v e[])",
        "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE things (id int PRIMARY KEY, v e[])",
        "INSERT INTO things VALUES (1, '{{}}'), (2, NULL), (3, ARRAY[NULL, 'a']::e[]), (4, {})",
        ("'{b}'", "'{{a},{it''s}}'"),
        "things.v has values that e no longer has: it's",
    ),
}
"""What a type does not take -> before and after, rows, of which one does no harm or does, and what is said of it."""


@pytest.mark.parametrize("what", _NOT_LET_IN)
async def test_what_a_type_does_not_let_in_is_known_beforehand(postgres_url: str, what: str) -> None:
    start, end, rows, (harmless, harmful), finding = _NOT_LET_IN[what]
    await _types(PostgresPlace(postgres_url), start, end, rows.format(harmful), finding, rows.format(harmless))


async def _types(
    place: PostgresPlace, start: str, end: str, spoil: str, finding: str, harmless: str = "SELECT"
) -> None:
    bad, good = place.make("bad", start, spoil), place.make("good", start, harmless)
    new = await place.read(place.make("model", end))
    async with Engine.from_adapter(place.adapter, MemoryStore()) as engine:
        for tenant in (bad, good):
            (group,) = (await engine.plan(new, [tenant]))[0]
            assert group.plan is not None
            found = list(await place.adapter.probe(tenant, group.plan.probes))
            assert [each.startswith(finding) for each in found] == ([True] if tenant == bad else [])
        with pytest.raises(TenantFailed, match="its rows do not allow the plan"):
            await engine.sync_tenant(bad, new, execute=True, allow="all")
        assert (await engine.sync_tenant(good, new, execute=True, allow="all")).status is Status.APPLIED
