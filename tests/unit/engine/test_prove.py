"""A plan is proven on a scratch database, or it is said why not."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schema_sync.engine import Engine, Group
from schema_sync.engine.furnish import furnished
from schema_sync.engine.prove import lost_rows, prove
from schema_sync.model.ident import Ident
from schema_sync.model.report import Proof
from tests.servers import execute
from tests.unit.engine.conftest import Open
from tests.unit.places import V1, V2, Place, PostgresPlace

pytestmark = pytest.mark.asyncio

ON_POSTGRES = pytest.mark.parametrize("place", ["postgres"], indirect=True)
"""For what only a server has."""


async def planned(engine: Engine, place: Place, old: str, new: str) -> Group:
    """The one group of a tenant in the old state, with its plan to the new one."""
    source, tenant = place.make("source", old, new), place.make("acme", old)
    await engine.commit({source.id: await engine.snapshot(source)}, tag="v2")
    groups, _ = await engine.plan("v2", [tenant])
    (group,) = groups
    assert group.error is None
    return group


async def proven(engine: Engine, group: Group) -> Proof:
    """What the proof of the group's plan says; the group itself is as it was."""
    await engine.prove([group])
    assert group.proof is not None
    return group.proof


async def test_a_plan_is_run_over_made_up_rows(engine: Engine, place: Place) -> None:
    group = await planned(engine, place, V1, V2)
    proof = await proven(engine, group)
    assert proof == Proof(proven=True, rows=6)
    assert await engine.snapshot(group.tenants[0]) == group.snapshot


async def test_a_plan_that_ends_elsewhere_is_not_proven(engine: Engine, place: Place) -> None:
    group = await planned(engine, place, V1, V2)
    assert group.plan is not None
    group.plan = replace(group.plan, statements=group.plan.statements[:-1])
    proof = await proven(engine, group)
    assert not proven_words(proof)
    assert "reachable" in (proof.why or "")


def proven_words(proof: Proof) -> bool:
    """Whether it is proven; if not it says why."""
    assert proof.proven == (proof.why is None)
    return proof.proven


async def test_a_plan_that_loses_rows_and_does_not_say_so_is_not_proven(engine: Engine, place: Place) -> None:
    group = await planned(engine, place, V1, V2)
    assert group.plan is not None
    wrong = replace(group.plan.statements[0], sql="DELETE FROM invoices WHERE id IN (SELECT max(id) FROM invoices)")
    group.plan = replace(group.plan, statements=(wrong, *group.plan.statements))
    proof = await proven(engine, group)
    assert not proven_words(proof)
    assert proof.why == "tables/invoices had 3 rows and has 2"


async def test_a_plan_that_changes_values_and_does_not_say_so_is_not_proven(engine: Engine, place: Place) -> None:
    group = await planned(engine, place, V1, V2)
    assert group.plan is not None
    wrong = replace(group.plan.statements[0], sql="UPDATE customers SET name = 'nobody'")
    group.plan = replace(group.plan, statements=(wrong, *group.plan.statements))
    assert (await proven(engine, group)).why == "tables/customers has other values than it had"


async def test_what_the_plan_says_it_loses_is_no_fault(engine: Engine, place: Place) -> None:
    group = await planned(
        engine, place, V1 + "CREATE TABLE gone (id INTEGER PRIMARY KEY, note TEXT);", "DROP TABLE gone;"
    )
    proof = await proven(engine, group)
    assert proven_words(proof)
    assert proof.rows == 9


@ON_POSTGRES
async def test_values_that_are_renamed_are_no_other_values(engine: Engine, place: Place) -> None:
    old = "CREATE TYPE s AS ENUM ('a', 'b'); CREATE DOMAIN d AS s; CREATE TABLE t (id integer PRIMARY KEY, s s, d d[])"
    source, tenant = place.make("source", old), place.make("acme", old)
    await engine.commit({source.id: await engine.snapshot(source)}, tag="v1")
    place.tenant("source").load("ALTER TYPE s RENAME VALUE 'b' TO 'c'")
    await engine.commit({source.id: await engine.snapshot(source)}, tag="v2")
    groups, _ = await engine.plan("v2", [tenant])
    (group,) = groups
    assert group.error is None
    assert (await proven(engine, group)).proven


@ON_POSTGRES
async def test_a_statement_that_may_fail_on_rows_is_proven_without_them(opened: Open, place: Place) -> None:
    engine = opened()
    add = (
        "ALTER TABLE invoices DROP COLUMN note; ALTER TABLE invoices ADD COLUMN note INTEGER NOT NULL CHECK (note > 5);"
    )
    group = await planned(engine, place, V1 + "ALTER TABLE invoices ADD COLUMN note TEXT;", add)
    proof = await proven(engine, group)
    assert proven_words(proof)
    assert proof.rows == 0
    assert "as it says that it may" in proof.notes[0]


@ON_POSTGRES
async def test_a_proof_uses_what_is_shared(engine: Engine, place: Place) -> None:
    execute(place.url, "CREATE TABLE public.countries (code text PRIMARY KEY)")
    more = "ALTER TABLE customers ADD country text NOT NULL DEFAULT '1' REFERENCES public.countries;"
    group = await planned(engine, place, V1 + more, V2)
    assert await proven(engine, group) == Proof(proven=True, rows=6)


@ON_POSTGRES
async def test_a_proof_makes_what_is_the_databases_own(engine: Engine, place: Place) -> None:
    execute(
        place.url,
        'CREATE PUBLICATION "all %"',
        "CREATE FOREIGN DATA WRAPPER here",
        'CREATE SERVER "far away" FOREIGN DATA WRAPPER here',
    )
    more = """
        CREATE FOREIGN TABLE far (id int OPTIONS (name 'n')) SERVER "far away" OPTIONS (file 'f');
        ALTER PUBLICATION "all %" ADD TABLE customers;
    """
    group = await planned(engine, place, V1 + more, V2)
    assert await proven(engine, group) == Proof(proven=True, rows=6)


@ON_POSTGRES
async def test_rows_are_followed_to_what_their_table_is_called_now(engine: Engine, place: Place) -> None:
    source, tenant = place.make("source", V1), place.make("acme", V1)
    await engine.commit({source.id: await engine.snapshot(source)}, tag="v1")
    assert [each.error async for each in engine.sync("v1", [source, tenant], execute=True)] == [None, None]
    execute(place.url, "ALTER TABLE source.invoices RENAME TO bills", "ALTER TABLE source.bills RENAME customer TO who")
    await engine.commit({source.id: await engine.snapshot(source)}, tag="v2")
    (group,), _ = await engine.plan("v2", [tenant])
    assert await proven(engine, group) == Proof(proven=True, rows=6)
    assert group.plan is not None
    assert not group.plan.hazards or "deletes_data" not in group.plan.hazards
    rows = {Ident("table", "invoices"): [{Ident("column", "id", Ident("table", "invoices")): "1"}]}
    kinds = engine.adapters["main"].kinds
    assert lost_rows(rows, {}, group, group.plan, kinds) == ["tables/invoices had 1 rows and has 0"]


@ON_POSTGRES
async def test_a_scratch_database_that_cannot_be_made_is_why_not(engine: Engine, place: Place) -> None:
    group = await planned(engine, place, V1, V2)
    execute(place.url, "DROP ROLE IF EXISTS no_databases", "CREATE ROLE no_databases LOGIN")
    execute(place.url, "GRANT pg_read_all_data TO no_databases")
    try:
        reader = PostgresPlace(place.url.replace("postgres@", "no_databases@")).adapter
        proof = await prove(reader, group)
        assert "no scratch database" in (proof.why or "")
        await reader.close()
    finally:
        execute(place.url, "REVOKE pg_read_all_data FROM no_databases", "DROP ROLE no_databases")
    async with furnished(place.adapter, group.snapshot) as scratch:
        assert await scratch.list_tenants() == []
