"""What a version needs outside of its tenants: named before anything runs, and made only where that was asked for."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Fleet
from tests.servers import PostgresServer, execute, query

SHARED = (
    "CREATE SCHEMA ext",
    "CREATE EXTENSION citext SCHEMA ext",
    "CREATE FUNCTION public.f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'",
)
TENANT = "CREATE TABLE {}.users (id bigint PRIMARY KEY CHECK (public.f(id::int) > 0), email ext.citext)"


@pytest.fixture
def urls(postgres_server: PostgresServer) -> Iterator[tuple[str, str]]:
    """A database with a tenant that uses an extension and a shared function, and one that has neither."""
    with postgres_server.fresh_database() as full, postgres_server.fresh_database() as bare:
        execute(full, *SHARED, "CREATE SCHEMA t_acme", TENANT.format("t_acme"))
        execute(bare, "CREATE SCHEMA t_globex", "CREATE SCHEMA ext")
        yield full, bare


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, urls: tuple[str, str]) -> Fleet:
    """Both databases in one fleet, and a v1 that is the first one's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCHEMA_SYNC_CONFIG", raising=False)
    lines = ['[store]\npath = "snapshots"\n']
    for name, url in zip(("full", "bare"), urls, strict=True):
        lines.append(f'[[database]]\nname = "{name}"\nurl = {json.dumps(url)}\nshared = ["public", "ext"]')
        lines.append('tenants = { schemas = ["t_*"] }')
    made = Fleet(tmp_path)
    made.run("init", "--url", urls[0], "--name", "full", "--tenants", "t_*")
    (tmp_path / "schema-sync.toml").write_text("\n".join(lines))
    made.run("snapshot", "full/t_acme", "--tag", "v1", "-m", "first")
    return made


def extensions(url: str) -> list[Any]:
    """The extensions of a database that were not there from the beginning, and where they are."""
    return query(
        url,
        "SELECT extname, nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace"
        " WHERE extname <> 'plpgsql'",
    )


def test_what_a_database_lacks_is_named_and_nothing_runs(fleet: Fleet, urls: tuple[str, str]) -> None:
    answer = fleet.json("plan", "v1", code=3)
    by_status = {each["status"]: each for each in answer["groups"]}
    assert by_status["in_sync"]["tenants"] == ["full/t_acme"]
    assert "bare lacks" in by_status["refused"]["error"]
    for need in ("extension citext", "function public.f(integer)"):
        assert f"{need} is missing" in by_status["refused"]["error"]
    result = fleet.run("apply", "v1", "--all", "--yes", code=3)
    assert "refused bare/t_globex" in result.stdout
    assert query(urls[1], "SELECT 1 FROM pg_class WHERE relnamespace = 't_globex'::regnamespace") == []
    notes = [each["object"] for each in fleet.json("doctor", code=6)["notes"] if each["code"] == "error"]
    assert notes == ["extension citext", "function public.f(integer)"]


def test_extensions_are_created_where_that_is_asked_for_and_as_it_was_shown(
    fleet: Fleet, urls: tuple[str, str], tmp_path: Path
) -> None:
    execute(urls[1], SHARED[2])
    result = fleet.run("plan", "v1", code=3)
    assert "--create-extensions" in result.stdout
    assert extensions(urls[1]) == []
    fleet.run("plan", "v1", "--out", "without.json", code=3)
    shown = fleet.run("plan", "v1", "--create-extensions", "--out", "with.json").stdout
    assert 'CREATE EXTENSION IF NOT EXISTS "citext" SCHEMA "ext"' in shown
    assert extensions(urls[1]) == []
    fleet.run("apply", "v1", "--all", "--yes", "--create-extensions", "--plan", "without.json", code=3)
    assert extensions(urls[1]) == []
    fleet.run("apply", "v1", "--all", "--yes", "--create-extensions", "--plan", "with.json")
    assert extensions(urls[1]) == [("citext", "ext")]
    fleet.run("check", "v1")
    assert fleet.json("doctor")["ok"] is True


def test_a_shared_object_that_is_another_one_is_named_with_what_differs(fleet: Fleet, urls: tuple[str, str]) -> None:
    execute(urls[1], SHARED[1], SHARED[2].replace("IMMUTABLE", "STABLE"))
    [refused] = [each for each in fleet.json("plan", "v1", code=3)["groups"] if each["status"] == "refused"]
    assert "public: functions/f(integer) differs in volatility" in refused["error"]


def test_a_tenant_is_made_in_an_empty_database_that_is_furnished_for_it(fleet: Fleet, urls: tuple[str, str]) -> None:
    for options in ((), ("--create-extensions",)):
        fleet.run("create-tenant", "bare/t_new", "--at", "v1", *options, code=3)
        assert query(urls[1], "SELECT 1 FROM pg_namespace WHERE nspname = 't_new'") == []
        assert extensions(urls[1]) == []
    result = fleet.run("create-tenant", "bare/t_new", "--at", "v1", "--furnish")
    assert "CREATE EXTENSION" in result.stderr
    assert "CREATE FUNCTION" in result.stderr
    fleet.run("check", "v1", "--tenant", "bare/t_new")
    fleet.run("apply", "v1", "--all", "--yes")
    fleet.run("check", "v1")


def test_a_role_of_a_tenants_own_that_is_missing_is_named_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCHEMA_SYNC_CONFIG", raising=False)
    mark = f"t_{secrets.token_hex(4)}"
    execute(postgres_url, *(f"CREATE SCHEMA {mark}_{each}" for each in ("a", "b", "c")))
    made = Fleet(tmp_path)
    made.run("init", "--url", postgres_url, "--name", "eu", "--tenants", f"{mark}_*")
    with Path("schema-sync.toml").open("a") as config:
        config.write('\n[postgres]\nroles = { app = "{tenant}_app" }\n')
    try:
        execute(postgres_url, f"CREATE ROLE {mark}_a_app", f"CREATE ROLE {mark}_c_app")
        execute(postgres_url, f"CREATE TABLE {mark}_a.t (id int)", f"GRANT SELECT ON {mark}_a.t TO {mark}_a_app")
        made.run("snapshot", f"{mark}_a", "--tag", "v1")
        groups = {tuple(each["tenants"]): each for each in made.json("plan", "v1", code=3)["groups"]}
        assert {tenants: each["status"] for tenants, each in groups.items()} == {
            (f"eu/{mark}_a",): "in_sync",
            (f"eu/{mark}_b",): "refused",
            (f"eu/{mark}_c",): "differs",
        }
        assert f"role {mark}_b_app is missing" in groups[(f"eu/{mark}_b",)]["error"]
        notes = [each for each in made.json("doctor", code=6)["notes"] if each["code"] == "error"]
        assert [each["object"] for each in notes] == [f"role {mark}_b_app"]
        result = made.run("apply", "v1", "--all", "--yes", code=3)
        assert f"refused eu/{mark}_b" in result.stdout
        assert f"applied eu/{mark}_c" in result.stdout
        assert query(
            postgres_url,
            "SELECT nspname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relname = 't' ORDER BY 1",
        ) == [(f"{mark}_a",), (f"{mark}_c",)]
        assert f"role {mark}_d_app is missing" in made.run("create-tenant", f"{mark}_d", "--at", "v1", code=3).stderr
        execute(postgres_url, f"CREATE ROLE {mark}_b_app")
        made.run("apply", "v1", "--all", "--yes")
        assert made.json("doctor")["ok"] is True
    finally:
        execute(postgres_url, *(f"DROP SCHEMA {mark}_{each} CASCADE" for each in ("a", "b", "c")))
        execute(postgres_url, *(f"DROP ROLE IF EXISTS {mark}_{each}_app" for each in ("a", "b", "c")))


def test_a_missing_role_is_named_and_never_made(fleet: Fleet, urls: tuple[str, str]) -> None:
    execute(urls[0], "CREATE ROLE of_this_test", "CREATE POLICY p ON t_acme.users TO of_this_test USING (id > 1)")
    fleet.run("snapshot", "full/t_acme", "--tag", "v2")
    execute(urls[0], "DROP POLICY p ON t_acme.users", "DROP ROLE of_this_test")
    result = fleet.run("create-tenant", "bare/t_new", "--at", "v2", "--furnish", code=3)
    assert "role of_this_test is missing" in result.stderr
    assert query(urls[1], "SELECT 1 FROM pg_roles WHERE rolname = 'of_this_test'") == []
    assert extensions(urls[1]) == []
