"""The command line on PostgreSQL: what goes wrong with servers and roles is said in one line."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.cli.conftest import Fleet
from tests.cli.test_bad_input import said


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str) -> Fleet:
    """Two equal tenants in schemas of a database, and a v1 that is theirs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCHEMA_SYNC_CONFIG", raising=False)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for tenant in ("t_acme", "t_globex"):
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(tenant)))
            connection.execute(
                sql.SQL("CREATE TABLE {} (id bigint PRIMARY KEY, name text)").format(sql.Identifier(tenant, "users"))
            )
    made = Fleet(tmp_path)
    made.run("init", "--url", postgres_url, "--name", "eu1", "--tenants", "t_*")
    made.run("snapshot", "t_acme", "--tag", "v1", "-m", "first")
    return made


def test_a_server_that_does_not_answer_is_one_line(fleet: Fleet) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"postgresql://app:s3cret@127.0.0.1:{port}/app"
    for args in (("tenants",), ("check", "v1"), ("apply", "v1", "--all", "--yes")):
        result = fleet.run(*args, "--url", url, code=6)
        assert result.stderr.startswith("error: ")
        assert str(port) in result.stderr
        assert len(result.stderr.rstrip("\n").split("\n")) <= 2
        assert "s3cret" not in result.output


def test_a_database_that_is_not_there_is_one_line(fleet: Fleet, postgres_url: str) -> None:
    url = postgres_url.rpartition("/")[0] + "/nowhere"
    result = fleet.run("tenants", "--url", url, code=6)
    assert result.stderr.startswith("error: ")
    assert "nowhere" in result.stderr.split("\n")[0]


def test_a_role_that_may_not_use_a_tenant_is_refused_by_name(fleet: Fleet, postgres_url: str) -> None:
    role = f"reader_{secrets.token_hex(4)}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA t_acme TO {}").format(sql.Identifier(role)))
        try:
            given = conninfo_to_dict(postgres_url)
            url = f"postgresql://{role}@{given['host']}:{given['port']}/{given['dbname']}"
            assert make_conninfo(url)
            assert "t_globex" in said(fleet.run("diff", "v1", "live:t_globex", "--url", url, code=3))
            answer = fleet.json("check", "v1", "--tenant", "t_acme", "--tenant", "t_globex", "--url", url, code=3)
            assert (answer["in_sync"], answer["unread"]) == (1, 1)
            assert [each["status"] for each in answer["groups"]] == ["in_sync", "refused"]
        finally:
            connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role)))
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def test_a_tenant_whose_table_is_locked_is_left_as_it_was(fleet: Fleet, postgres_url: str) -> None:
    config = Path("schema-sync.toml")
    config.write_text(config.read_text().replace("# [apply]", '[apply]\nretries = 0\nlock_timeout = "50ms"'))
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE t_acme.users ADD COLUMN email text")
    fleet.run("snapshot", "t_acme", "--tag", "v2")
    with psycopg.connect(postgres_url) as other:
        other.execute("LOCK TABLE t_globex.users IN ACCESS SHARE MODE")
        result = fleet.run("apply", "v2", "--all", "--yes", code=5)
    assert "failed eu1/t_globex" in result.stdout
    fleet.run("check", "v1", "--tenant", "t_globex")
    fleet.run("apply", "v2", "--all", "--yes")
    fleet.run("check", "v2")


def test_what_is_not_modelled_is_said_and_strict_fails_for_it(fleet: Fleet, postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE PUBLICATION plain FOR TABLE t_acme.users")
    result = fleet.run("snapshot", "t_acme")
    assert "unmodelled" in result.stdout
    assert "plain" in result.stdout
    assert "plain" in fleet.run("audit", "v1", "--tenant", "t_acme").stdout
    fleet.run("check", "v1", "--tenant", "t_acme")
    fleet.run("check", "v1", "--tenant", "t_acme", "--strict", code=1)
