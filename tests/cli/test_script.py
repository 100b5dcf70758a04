"""`plan --format sql` is a script that the engine's own client runs, and then the tenants are where they should be."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg import sql

from tests.cli.conftest import Fleet
from tests.servers import Installation, PostgresServer, client_binary, execute

NAMES = ("acme", 'a"b é', "globex")
V1 = """
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state text);
INSERT INTO orders (state) SELECT 'new' FROM generate_series(1, 3);
"""
V2 = """
CREATE TYPE state AS ENUM ('new', 'paid');
ALTER TABLE orders ALTER state TYPE state USING state::state, ADD COLUMN due date NOT NULL DEFAULT '2027-02-01';
CREATE INDEX orders_by_state ON orders (state);
CREATE FUNCTION total() RETURNS bigint LANGUAGE sql AS $$SELECT count(*) FROM acme.orders; -- of all $$;
"""


@pytest.fixture
def url(postgres_server: PostgresServer) -> Iterator[str]:
    """A database with three equal tenants."""
    with postgres_server.fresh_database() as made:
        for name in NAMES:
            execute(made, sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
            load(made, name, V1)
        yield made


def load(url: str, tenant: str, script: str) -> None:
    """Run a script in a tenant."""
    execute(url, f"SET search_path = {sql.Identifier(tenant).as_string()}; {script}")


@pytest.mark.parametrize("online", [(), ("--online",)])
def test_psql_runs_the_plan(
    url: str,
    online: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    postgres_server: PostgresServer,
    postgres_installations: list[Installation],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCHEMA_SYNC_CONFIG", raising=False)
    fleet = Fleet(tmp_path)
    fleet.run("init", "--url", url)
    load(url, "acme", V2)
    fleet.run("snapshot", "acme", "--tag", "v2")
    script = fleet.run("plan", "v2", "--format", "sql", *online).stdout
    Path("plan.sql").write_text(script)
    psql = client_binary("psql", postgres_server.major, postgres_installations)
    assert psql is not None
    ran = subprocess.run([str(psql), "-X", "-q", "-d", url, "-f", "plan.sql"], capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    fleet.run("check", "v2")
    assert script.count("BEGIN;") == script.count("COMMIT;") > 0
    assert ("CONCURRENTLY" in script) == bool(online)
    with postgres_server.fresh_database() as another:
        ran = subprocess.run([str(psql), "-X", "-q", "-d", another, "-f", "plan.sql"], capture_output=True, text=True)
    assert ran.returncode == 3
    assert "this is for the database" in ran.stderr


def test_sqlite3_runs_the_plan(evolved: Fleet) -> None:
    script = evolved.run("plan", "v2", "--format", "sql").stdout
    assert "-- eu1/acme: in step" in script
    parts = [part.removeprefix("-- eu1/") for part in script.rstrip().split("\n\n")]
    written = {part.partition(":")[0]: part.partition("\n")[2] for part in parts if "BEGIN" in part}
    assert sorted(written) == ["globex", "initech"]
    for tenant, lines in written.items():
        stops, opens, *rest = lines.split("\n")  # the first two are commands of the client's own
        assert (stops, opens) == (".bail on", f'.open "{evolved.folder}/tenants/{tenant}.db"')
        evolved.sql(tenant, "\n".join(rest))
    evolved.run("check", "v2")
