"""What tenants share that are alike: as if each had been read alone."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql

from schema_sync.adapters.postgres import PostgresAdapter, inspect
from schema_sync.adapters.postgres.capture import Capture
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from tests.servers import execute
from tests.unit.postgres.test_inspect import EVERYTHING

WATCH = "CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"

DIFFERENT = {
    "comment": "COMMENT ON TABLE users IS 'people'",
    "name": "COMMENT ON TABLE users IS 'of {tenant}'",
    "other": "COMMENT ON TABLE users IS 'of plain_1'",
    "body": "CREATE FUNCTION mine() RETURNS text LANGUAGE sql AS $$SELECT '{tenant}'$$",
    "moved": "ALTER TABLE orders DROP COLUMN data",
    "shadow": "CREATE FUNCTION lower(integer) RETURNS text LANGUAGE sql AS 'SELECT NULL::text'",
    "abroad": "CREATE VIEW abroad AS SELECT * FROM public.countries",
    "abroad_too": "CREATE VIEW abroad AS SELECT id FROM public.countries",
    "unread_1": f"{WATCH} CREATE EVENT TRIGGER watching_1 ON ddl_command_end EXECUTE FUNCTION watch()",
    "unread_2": f"{WATCH} CREATE EVENT TRIGGER watching_2 ON ddl_command_start EXECUTE FUNCTION watch()",
}
"""What sets a tenant of that name apart from the plain ones, if anything."""

ALIKE = ("plain_1", "plain_2", "plain_3", 'pl"ain')


def make(url: str, names: list[str]) -> list[TenantContext]:
    """Tenants in the order of their names; the plain ones have objects of the same names, made in the same order."""
    execute(url, "CREATE TABLE public.countries (id int PRIMARY KEY)")
    for name in names:
        schema = sql.Identifier(name).as_string()
        more = DIFFERENT.get(name, "").replace("{tenant}", name)
        execute(url, f"CREATE SCHEMA {schema}; SET search_path = {schema}; {EVERYTHING} {more}")
    return [TenantContext(name, "main") for name in names]


async def read(adapter: PostgresAdapter, tenants: list[TenantContext]) -> dict[str, Snapshot]:
    """Tenants, all at once."""
    found = {}
    async for tenant, snapshot in adapter.inspector().inspect_many(tenants):
        assert isinstance(snapshot, Snapshot), snapshot
        found[tenant.name] = snapshot
    return found


async def test_tenants_that_are_read_together_are_as_if_each_had_been_read_alone(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenants = make(postgres_url, sorted([*ALIKE, *DIFFERENT]))
    taken_apart: list[str] = []
    result = Capture.result

    def counted(capture: Capture) -> object:
        taken_apart.append(capture.reader.tenant)
        return result(capture)

    adapter = PostgresAdapter(postgres_url)
    alone = {tenant.name: await adapter.inspector().inspect(tenant) for tenant in tenants}
    monkeypatch.setattr(Capture, "result", counted)
    together = await read(adapter, tenants)
    await adapter.close()
    assert together.keys() == alone.keys()
    for name, seen in together.items():
        other = alone[name]
        assert seen.files == other.files, name
        assert seen.fingerprint == other.fingerprint
        assert (seen.needs, seen.order, seen.diagnostics) == (other.needs, other.order, other.diagnostics)
        assert seen.origin is not None
        assert other.origin is not None
        assert seen.origin.place == other.origin.place
        assert dict(seen.origin.addresses) == dict(other.origin.addresses), name
    assert len(set(taken_apart) & set(ALIKE)) == 1
    assert set(taken_apart) >= set(DIFFERENT)
    assert together["unread_1"].leans != together["unread_2"].leans


async def test_a_role_of_every_tenants_own_does_not_set_them_apart(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenants = make(postgres_url, ["alike_a", "alike_b", "alike_c"])
    roles = [f"{name}_app" for name in ("alike_a", "alike_b", "alike_c")]
    monkeypatch.setattr(inspect, "BATCH", 2)
    try:
        for tenant, role in zip(tenants, roles, strict=True):
            execute(
                postgres_url,
                f"CREATE ROLE {role}; SET search_path = {tenant.name}; GRANT SELECT ON users TO {role};"
                f"ALTER TABLE orders ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON orders TO {role} USING (true)",
            )
        adapter = PostgresAdapter(postgres_url, roles={"app": "{tenant}_app"})
        alone = {tenant.name: await adapter.inspector().inspect(tenant) for tenant in tenants}
        together = await read(adapter, tenants)
        await adapter.close()
    finally:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            for role in roles:
                connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())
    assert len({seen.fingerprint for seen in together.values()}) == 1
    assert {name: seen.files for name, seen in together.items()} == {name: seen.files for name, seen in alone.items()}
    assert [obj.ident.name for obj in together["alike_c"] if obj.ident.kind == "grant"] == ["{app}"]
