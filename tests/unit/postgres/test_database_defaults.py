"""Default privileges of the database are not the tenant's, and no plan is in their way."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from schema_sync.model.plan import Hazard
from tests.servers import PostgresServer, execute
from tests.tenants import PostgresTenant, capture, converge, open_adapter

EVERYTHING = """
CREATE TABLE people (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n serial, name text);
CREATE TABLE closed (id integer);
CREATE VIEW named AS SELECT name FROM people;
CREATE SEQUENCE counted;
CREATE TYPE mood AS ENUM ('ok');
CREATE DOMAIN word AS text;
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql RETURN $1;
CREATE FUNCTION shut(integer) RETURNS integer LANGUAGE sql RETURN $1;
CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
REVOKE EXECUTE ON FUNCTION shut FROM PUBLIC;
REVOKE ALL ON TABLE closed FROM PUBLIC;
"""


@pytest.fixture
def role(postgres_server: PostgresServer) -> Iterator[str]:
    """A role that is gone after the test, as are the databases in which it has rights."""
    name = f"reader_{secrets.token_hex(4)}"
    execute(postgres_server.url, f"CREATE ROLE {name}")
    yield name
    execute(postgres_server.url, f"DROP ROLE {name}")


@pytest.mark.parametrize(
    "defaults",
    [
        "GRANT SELECT, UPDATE ON TABLES TO {role}",
        "GRANT ALL ON TABLES TO {role} WITH GRANT OPTION",
        "GRANT ALL ON TABLES TO PUBLIC",
        "GRANT USAGE ON SEQUENCES TO {role}",
        "REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTIONS TO {role}",
        "REVOKE USAGE ON TYPES FROM PUBLIC",
        "GRANT USAGE ON TYPES TO {role}",
        "GRANT USAGE ON SCHEMAS TO {role}",
        "REVOKE UPDATE ON TABLES FROM CURRENT_USER",
    ],
)
async def test_a_tenant_is_brought_to_a_version_of_another_database(
    defaults: str, role: str, postgres_server: PostgresServer
) -> None:
    with postgres_server.fresh_database() as plain, postgres_server.fresh_database() as special:
        execute(special, f"ALTER DEFAULT PRIVILEGES {defaults.format(role=role)}")
        tenants = {url: PostgresTenant(open_adapter(url), url, "acme") for url in (plain, special)}
        empty = {url: PostgresTenant(tenant.adapter, url, "new") for url, tenant in tenants.items()}
        try:
            for tenant in tenants.values():
                tenant.create()
                tenant.load(EVERYTHING)
            for one, other in ((plain, special), (special, plain)):
                empty[one].create()
                await converge(empty[one], await capture(tenants[other]))
                await converge(empty[one], await capture(tenants[one]))
        finally:
            for tenant in tenants.values():
                await tenant.adapter.close()


async def test_giving_everybody_what_the_database_withholds_is_said(postgres_server: PostgresServer) -> None:
    with postgres_server.fresh_database() as plain, postgres_server.fresh_database() as hardened:
        execute(hardened, "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")
        one, other = (PostgresTenant(open_adapter(url), url, "acme") for url in (plain, hardened))
        try:
            for tenant in (one, other):
                tenant.create()
            one.load("CREATE FUNCTION f() RETURNS integer LANGUAGE sql RETURN 1")
            plan = await converge(other, await capture(one))
            assert {Hazard.WIDENS_ACCESS} == {each for statement in plan.statements for each in statement.hazards}
        finally:
            for tenant in (one, other):
                await tenant.adapter.close()
