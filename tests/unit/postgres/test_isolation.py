"""What reaches into another tenant: an error where it is sure, and told where only the code that runs would know."""

from __future__ import annotations

from collections.abc import AsyncIterator

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from schema_sync.adapters.postgres import PostgresAdapter
from schema_sync.errors import IsolationError
from schema_sync.model.ident import Ident
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from tests.servers import execute


@pytest.fixture
def url(postgres_url: str) -> str:
    """A database with two tenants that others might reach into, and a schema that is shared."""
    execute(
        postgres_url,
        "CREATE SCHEMA globex; CREATE TABLE globex.t (id int); CREATE SEQUENCE globex.sq;"
        'CREATE SCHEMA "In, Tech"; CREATE SCHEMA commons',
    )
    return postgres_url


@pytest_asyncio.fixture
async def adapter(url: str) -> AsyncIterator[PostgresAdapter]:
    """Its adapter, with a role of each tenant's own."""
    adapter = PostgresAdapter(url, shared=("commons",), roles={"app": "{tenant}_app"})
    yield adapter
    await adapter.close()


@pytest.fixture
def roles(url: str) -> None:
    """Roles of two tenants, which the cluster keeps."""
    for name in ("acme_app", "globex_app", "commons_app"):
        statement = f"BEGIN CREATE ROLE {name}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END"
        execute(url, f"DO $$ {statement} $$")


async def read(adapter: PostgresAdapter, url: str, script: str, name: str = "acme") -> Snapshot:
    """What is read of a new tenant that the script makes."""
    with psycopg.connect(url) as connection:
        schema = sql.Identifier(name)
        connection.execute(sql.SQL("CREATE SCHEMA {0}; SET LOCAL search_path = {0}").format(schema))
        connection.execute(script.encode())
    return await adapter.inspector().inspect(TenantContext(name, "main"))


def routine(setting: str, kind: str = "FUNCTION f() RETURNS int") -> str:
    """A routine with a setting of its own."""
    body = "BEGIN RETURN 1; END" if "RETURNS" in kind else "BEGIN NULL; END"
    return f"CREATE {kind} LANGUAGE plpgsql SET {setting} AS '{body}'"


@pytest.mark.parametrize(
    ("path", "reached"),
    [
        ("globex", "globex"),
        ("acme, globex", "globex"),
        ("commons, pg_catalog, 'globex', pg_temp", "globex"),
        ('acme, "In, Tech"', "In, Tech"),
    ],
)
@pytest.mark.parametrize("kind", ["FUNCTION f() RETURNS int", "PROCEDURE p()"])
async def test_a_search_path_into_another_tenant_is_an_isolation_error_that_names_both_ends(
    adapter: PostgresAdapter, url: str, path: str, reached: str, kind: str
) -> None:
    with pytest.raises(IsolationError) as caught:
        await read(adapter, url, routine(f"search_path = {path}", kind))
    assert caught.value.message.startswith("acme: functions/f() " if "RETURNS" in kind else "acme: procedures/p() ")
    assert reached in caught.value.message
    assert repr(reached) in (caught.value.hint or "")


@pytest.mark.parametrize(
    "path",
    ["acme", "commons, acme", '"$user", pg_catalog, information_schema, pg_temp', "''", "nowhere", "'acme, globex'"],
)
async def test_a_search_path_without_another_tenant_is_none(adapter: PostgresAdapter, url: str, path: str) -> None:
    found = await read(adapter, url, routine(f"search_path = {path}"))
    assert not [note for note in found.diagnostics if note.code == "isolation"]


async def test_a_path_over_public_that_is_not_shared_is_only_told(adapter: PostgresAdapter, url: str) -> None:
    found = await read(adapter, url, routine("search_path = acme, public"))
    [note] = found.diagnostics
    assert (note.code, note.object) == ("isolation", "functions/f()")
    assert "public" in note.message


@pytest.mark.usefixtures("roles")
@pytest.mark.parametrize(
    ("script", "guilty"),
    [
        (routine("role = globex_app"), "functions/f()"),
        ("CREATE TABLE t (id int); GRANT SELECT ON t TO globex_app", "tables/t/grants/globex_app"),
        ("CREATE TABLE t (id int); CREATE POLICY p ON t TO globex_app", "tables/t/policies/p"),
        ("GRANT USAGE ON SCHEMA acme TO globex_app", "grants/globex_app"),
        ("ALTER DEFAULT PRIVILEGES IN SCHEMA acme GRANT SELECT ON TABLES TO globex_app", "default_privileges/"),
    ],
)
async def test_a_role_of_another_tenants_own_is_an_isolation_error_that_names_both_ends(
    adapter: PostgresAdapter, url: str, script: str, guilty: str
) -> None:
    with pytest.raises(IsolationError, match="role globex_app of the tenant globex") as caught:
        await read(adapter, url, script)
    assert caught.value.message.startswith(f"acme: {guilty}")


@pytest.mark.usefixtures("roles")
async def test_a_role_of_the_tenants_own_in_a_setting_is_the_same_in_every_tenant(
    adapter: PostgresAdapter, url: str
) -> None:
    found = await read(adapter, url, routine("role = acme_app") + "; " + routine("role = none", "PROCEDURE p()"))
    assert found[Ident("function", "f()")].settings == ("role={app}",)  # type: ignore[attr-defined]
    assert found[Ident("procedure", "p()")].settings == ("role=none",)  # type: ignore[attr-defined]
    assert "role {app}" in found.shared
    assert not found.diagnostics


@pytest.mark.usefixtures("roles")
async def test_a_role_that_is_named_like_a_shared_schemas_is_nobodys_own(adapter: PostgresAdapter, url: str) -> None:
    found = await read(adapter, url, "CREATE TABLE t (id int); GRANT SELECT ON t TO commons_app")
    assert "role commons_app" in found.shared


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE t (id bigint DEFAULT nextval('globex.sq'))",
        "CREATE TABLE t (n regnamespace DEFAULT 'globex'::regnamespace)",
        "CREATE VIEW v AS SELECT 'globex.t'::regclass AS t, 'globex'::regnamespace AS n",
        "CREATE FUNCTION f() RETURNS regclass LANGUAGE sql RETURN 'globex.t'::regclass",
        "CREATE FUNCTION f(n regnamespace DEFAULT 'globex') RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
async def test_a_constant_that_names_what_is_another_tenants_is_an_isolation_error(
    adapter: PostgresAdapter, url: str, script: str
) -> None:
    with pytest.raises(IsolationError, match=r"^acme: .*globex"):
        await read(adapter, url, script)


async def test_a_constant_that_names_the_own_or_a_shared_schema_is_read(adapter: PostgresAdapter, url: str) -> None:
    script = "CREATE TABLE t (n regnamespace DEFAULT 'acme'::regnamespace, m regnamespace DEFAULT 'commons')"
    found = await read(adapter, url, script)
    assert "schema commons" in found.shared
    assert await adapter.missing(found.shared, found.places) == []
    assert [lack.need for lack in await adapter.missing(["schema nowhere"], {})] == ["schema nowhere"]


PLPGSQL = "CREATE FUNCTION f(t text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $b$ BEGIN {} END $b$"


@pytest.mark.parametrize(
    ("script", "guilty", "named"),
    [
        (PLPGSQL.format("RETURN nextval('globex.sq');"), "functions/f(text)", "globex.sq in a literal"),
        (PLPGSQL.format("EXECUTE 'DELETE FROM GLOBEX.t';"), "functions/f(text)", "GLOBEX.t in a literal"),
        (PLPGSQL.format('EXECUTE $q$TABLE "In, Tech".t$q$;'), "functions/f(text)", '"In, Tech".t in a literal'),
        (PLPGSQL.format("DELETE FROM globex.t;"), "functions/f(text)", "globex.t in its body"),
        (
            PLPGSQL.format("PERFORM set_config('search_path', 'commons, globex', true);"),
            "functions/f(text)",
            "globex in a literal",
        ),
        (
            "CREATE FUNCTION d2(t text DEFAULT 'globex.t') RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "functions/d2(text)",
            "globex.t in a literal",
        ),
        (
            "CREATE TABLE t (n bigint DEFAULT nextval('globex.sq'::text))",
            "tables/t/columns/n",
            "globex.sq in a literal",
        ),
        (
            "CREATE TABLE t (v tsvector, body text); CREATE TRIGGER v BEFORE INSERT ON t FOR EACH ROW "
            "EXECUTE FUNCTION tsvector_update_trigger('v', 'globex.cfg', 'body')",
            "tables/t/triggers/v",
            "globex.cfg in a literal",
        ),
    ],
)
async def test_a_literal_that_names_another_tenant_is_told(
    adapter: PostgresAdapter, url: str, script: str, guilty: str, named: str
) -> None:
    found = await read(adapter, url, script)
    [note] = found.diagnostics
    assert (note.code, note.object) == ("isolation", guilty)
    assert named in note.message


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE t (n text DEFAULT 'globex' CHECK (n IN ('globex', 'mail@globex.com', 'https://globex.com')))",
        "CREATE TABLE t (n text DEFAULT 'nowhere.t'); COMMENT ON TABLE t IS 'as globex.t'",
        PLPGSQL.format("RETURN globex.t FROM f('') globex;"),
    ],
)
async def test_a_word_that_may_be_mere_data_is_not_taken_for_a_tenant(
    adapter: PostgresAdapter, url: str, script: str
) -> None:
    assert not (await read(adapter, url, script)).diagnostics


async def test_a_literal_that_names_its_tenant_is_told_once_and_with_the_tenant(
    adapter: PostgresAdapter, url: str
) -> None:
    script = "CREATE FUNCTION d2(t text DEFAULT 'acme', u text DEFAULT 'acme') RETURNS text LANGUAGE sql AS '{}'"
    found = await read(adapter, url, script.format("SELECT ''acme''"))
    assert [(note.code, note.object) for note in found.diagnostics] == [
        ("names_own_tenant", "functions/d2(text, text)")
    ]
    assert "its own tenant, acme" in found.diagnostics[0].message
