"""Grants, default privileges, owners and roles, where a case cannot show what matters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from schema_sync.adapters.kind import kinds
from schema_sync.adapters.postgres import PostgresAdapter, text
from schema_sync.adapters.postgres.access import Access, Roles, is_mapped, real
from schema_sync.adapters.postgres.born import with_defaults
from schema_sync.adapters.postgres.kinds import KINDS
from schema_sync.adapters.postgres.objects import Attribute, DefaultPrivilege, Function, Grant, Table, View
from schema_sync.adapters.postgres.rules import role
from schema_sync.errors import ConfigError
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject
from schema_sync.model.plan import Hazard, Plan
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan import Planner
from tests.servers import execute
from tests.tenants import PostgresTenant, converge

T = Ident("table", "t")
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@pytest.fixture
def url(postgres_url: str) -> str:
    """An empty database."""
    return postgres_url


@pytest_asyncio.fixture
async def adapter(url: str) -> AsyncIterator[PostgresAdapter]:
    """Its adapter, with a role of each tenant's own."""
    adapter = PostgresAdapter(url, roles={"app": "{tenant}_app"})
    yield adapter
    await adapter.close()


def make(adapter: PostgresAdapter, url: str, name: str, script: str, **names: str) -> PostgresTenant:
    """A tenant; `{…}` of the script are names, `{schema}` its own."""
    tenant = PostgresTenant(adapter, url, name)
    tenant.create()
    parts = {key: sql.Identifier(value) for key, value in {**names, "schema": name}.items()}
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL("SET LOCAL search_path = {}").format(parts["schema"]))
        connection.execute(sql.SQL(script).format(**parts))
    return tenant


async def read(tenant: PostgresTenant) -> Snapshot:
    return await tenant.adapter.inspector().inspect(tenant.context)


def plan(old: list[SchemaObject], new: list[SchemaObject]) -> Plan:
    cells = kinds(with_defaults(KINDS))
    return Planner(cells).plan(Snapshot("postgresql", old), Snapshot("postgresql", new))


def grant(owner: Ident | None, *privileges: str, to: str = "app") -> Grant:
    return Grant(ident=Ident("grant", to, owner), privileges=privileges)


# -- how roles are spelled ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["app", "{app}", "{{app}", "{owner}", "{", 'a"b', "{tenant}_app", ""])
def test_no_real_role_is_spelled_like_a_mapped_one(name: str) -> None:
    spelled = Roles("acme", {"{app}": "acme_app"}).spelled(name)
    assert not is_mapped(spelled)
    assert real(spelled) == name


def test_a_role_of_the_tenants_own_is_spelled_by_its_neutral_name() -> None:
    access = Access({"app": "{tenant}_app", "self": "{tenant}"})
    assert access.of("acme").spelled("acme_app") == "{app}"
    assert access.of("acme").spelled("acme") == "{self}"
    assert access.of("app").spelled("acme_app") == "acme_app"


@pytest.mark.parametrize(
    ("roles", "tenant"),
    [
        ({"owner": "{tenant}_owner"}, "acme"),
        ({"tenant": "{tenant}"}, "acme"),
        ({"My App": "{tenant}_app"}, "acme"),
        ({"app": "shared_app"}, "acme"),
        ({"app": "{tenant}_{tenant}"}, "acme"),
        ({"app": "{tenant}_app", "web": "{tenant}_app"}, "acme"),
        ({"one": "a{tenant}", "other": "{tenant}a"}, "a"),
        ({"app": "{tenant}_application"}, "t" * 60),
    ],
)
def test_roles_that_could_be_mistaken_are_refused(roles: Mapping[str, str], tenant: str) -> None:
    with pytest.raises(ConfigError):
        Access(roles).of(tenant)


def test_only_roles_become_a_tenants_own_in_a_statement() -> None:
    statement = f"""GRANT SELECT ON "{{app}}" TO {role("{app}")}, {role("{{app}")}"""
    assert text.expand(statement, "acme", {"{app}": 'acme"app'}) == 'GRANT SELECT ON "{app}" TO "acme""app", "{app}"'


async def test_tenants_with_roles_of_their_own_are_equal_only_where_the_roles_are_mapped(
    url: str, adapter: PostgresAdapter
) -> None:
    script = "CREATE TABLE t (id int); GRANT SELECT ON t TO {own}"
    tenants = [PostgresTenant(adapter, url, name) for name in ("acme", "globex")]
    for tenant in tenants:
        tenant.create_role(f"{tenant.name}_app")
    tenants = [make(adapter, url, name, script, own=f"{name}_app") for name in ("acme", "globex")]
    mapped = [await read(tenant) for tenant in tenants]
    assert mapped[0].files == mapped[1].files
    assert mapped[0].shared == ("role {app}",)
    assert not mapped[0].diagnostics

    plain = PostgresAdapter(url)
    seen = [await plain.inspector().inspect(tenant.context) for tenant in tenants]
    await plain.close()
    assert seen[0].fingerprint != seen[1].fingerprint
    assert [each.object for each in seen[0].diagnostics] == ["role acme_app"]


# -- what is stored ----------------------------------------------------------------------------------------------


async def test_a_tenant_of_which_nothing_is_said_is_empty(url: str, adapter: PostgresAdapter) -> None:
    assert (await read(make(adapter, url, "t1", "SELECT"))).fingerprint == EMPTY_TREE


async def test_a_grant_to_another_role_is_never_taken_for_a_renamed_one(url: str, adapter: PostgresAdapter) -> None:
    script = """
        CREATE TABLE t (id int); GRANT SELECT ON t TO pg_monitor, pg_signal_backend;
        ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO pg_monitor, pg_signal_backend
    """
    seen = await read(make(adapter, url, "t1", script))
    assert seen.origin is not None
    known = {ident.kind for ident in seen.origin.addresses}
    assert known == {"table", "column"}
    assert len(set(seen.origin.addresses.values())) == len(seen.origin.addresses)
    assert not seen.unmodelled


async def test_owners_are_stored_only_where_they_are_compared(url: str, adapter: PostgresAdapter) -> None:
    script = "CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t"
    one = make(adapter, url, "t1", script)
    other = make(adapter, url, "t2", script + "; ALTER VIEW v OWNER TO pg_monitor")
    assert (await read(one)).files == (await read(other)).files
    comparing = PostgresAdapter(url, owners="compare")
    seen = await comparing.inspector().inspect(other.context)
    await comparing.close()
    assert seen[Ident("ownership", "owner", Ident("view", "v"))].fields() == {"role": "pg_monitor"}


async def test_what_the_defaults_of_the_database_give_is_never_left_in_a_tenant(
    url: str, adapter: PostgresAdapter
) -> None:
    target = await read(make(adapter, url, "t1", "CREATE TABLE t (id int)"))
    tenant = make(adapter, url, "t2", "SELECT")
    execute(url, "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor")
    await converge(tenant, target)
    assert [obj for obj in await read(tenant) if isinstance(obj, Grant)] == []


async def test_a_member_of_the_owner_grants_as_the_owner(url: str, adapter: PostgresAdapter) -> None:
    script = "CREATE TABLE t (id int)"
    target = await read(make(adapter, url, "t1", script + "; GRANT SELECT ON t TO pg_monitor"))
    tenant = make(adapter, url, "t2", script)
    for name in ("holder_of_t2", "member_of_t2"):
        tenant.create_role(name)
    execute(
        url,
        "ALTER ROLE member_of_t2 LOGIN",
        "GRANT holder_of_t2 TO member_of_t2",
        "ALTER SCHEMA t2 OWNER TO holder_of_t2",
        "ALTER TABLE t2.t OWNER TO holder_of_t2",
    )
    login = PostgresAdapter(psycopg.conninfo.make_conninfo(url, user="member_of_t2"))
    try:
        await converge(PostgresTenant(login, url, "t2"), target)
    finally:
        await login.close()
    assert (await adapter.inspector().inspect(TenantContext("t2", "main"))).fingerprint == target.fingerprint


# -- what is said of statements ----------------------------------------------------------------------------------


def test_more_rights_on_what_is_there_widen_access() -> None:
    table = Table(ident=T)
    assert plan([table], [table, grant(T, "SELECT")]).hazards == (Hazard.WIDENS_ACCESS,)
    assert plan([table, grant(T, "SELECT")], [table, grant(T, "SELECT", "UPDATE")]).hazards == (Hazard.WIDENS_ACCESS,)
    assert plan([table, grant(T, "SELECT", "UPDATE")], [table, grant(T, "SELECT")]).hazards == ()
    assert plan([table, grant(T, "SELECT")], [table]).hazards == ()
    assert plan([], [grant(None, "USAGE")]).hazards == (Hazard.WIDENS_ACCESS,)


def test_rights_on_a_new_table_widen_nothing_and_on_a_new_function_they_do() -> None:
    assert plan([], [Table(ident=T), grant(T, "SELECT")]).hazards == ()
    function = Function(ident=Ident("function", "f()"), language="sql", returns="integer", body="SELECT 1")
    assert plan([], [function, grant(function.ident, "EXECUTE")]).hazards == (Hazard.WIDENS_ACCESS,)


def test_what_was_withheld_and_is_given_back_widens_access() -> None:
    function = Function(ident=Ident("function", "f()"), language="sql", returns="integer", body="SELECT 1")
    withheld = Grant(ident=Ident("grant", "public", function.ident), withheld=("EXECUTE",))
    assert plan([function, withheld], [function]).hazards == (Hazard.WIDENS_ACCESS,)
    assert plan([function], [function, withheld]).hazards == ()


def test_the_rights_of_a_replaced_view_come_back_without_widening_anything() -> None:
    old, new = (
        View(
            ident=Ident("view", "v"),
            definition=f"SELECT 1 AS {name}",
            columns=(Attribute(name=name, type="integer"),),
        )
        for name in ("a", "b")
    )
    made = plan([old, grant(old.ident, "SELECT")], [new, grant(new.ident, "SELECT")])
    assert "create" in {part.action for statement in made.statements for part in statement.parts}
    assert any("GRANT" in statement.sql for statement in made.statements)
    assert Hazard.WIDENS_ACCESS not in made.hazards


def test_only_what_default_privileges_give_beyond_the_target_is_revoked() -> None:
    default = DefaultPrivilege(
        ident=Ident("default_privilege", "TABLES"),
        creator="{owner}",
        objects="TABLES",
        role="app",
        privileges=("INSERT", "SELECT"),
    )
    made = plan([default], [default, Table(ident=T), grant(T, "INSERT", "SELECT")])
    assert not any("REVOKE" in statement.sql for statement in made.statements)
    made = plan([default], [default, Table(ident=T), grant(T, "SELECT")])
    assert [statement.sql for statement in made.statements if "REVOKE" in statement.sql] == [
        'REVOKE INSERT ON TABLE "t" FROM "app"'
    ]
