"""`plan --prove`: what the command says of a plan that was run on a scratch database."""

from __future__ import annotations

import secrets
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.cli.conftest import Fleet
from tests.servers import execute


def test_a_proven_plan_is_shown_as_one_and_no_tenant_is_changed(evolved: Fleet) -> None:
    answer = evolved.json("plan", "v2", "--prove")
    changed = [each for each in answer["groups"] if each["status"] == "differs"]
    assert [each["proof"]["proven"] for each in changed] == [True]
    assert changed[0]["proof"]["rows"] == 6
    assert all("proof" not in each for each in answer["groups"] if each["status"] == "in_sync")
    assert "proven on a scratch database, over 6 made-up rows" in evolved.run("plan", "v2", "--prove").stdout
    assert "Proven" in evolved.run("plan", "v2", "--prove", "--format", "markdown").stdout
    assert "proof" not in evolved.run("plan", "v2", "--format", "json").stdout
    evolved.run("check", "v2", "--tenant", "globex", code=1)
    assert evolved.rows("globex", "SELECT count(*) FROM customers") == [(0,)]


def test_what_was_proven_can_be_applied_as_it_was_shown(evolved: Fleet, tmp_path: Path) -> None:
    evolved.run("plan", "v2", "--prove", "--out", "v2.json")
    evolved.run("apply", "v2", "--all", "--yes", "--plan", "v2.json")
    evolved.run("check", "v2")


def test_a_table_that_nobody_can_guess_rows_for_is_named(evolved: Fleet) -> None:
    odd = "CREATE TABLE odd (id INTEGER PRIMARY KEY, much TEXT NOT NULL CHECK (length(much) > 40))"
    for tenant in ("globex", "initech"):
        evolved.sql(tenant, odd)
    [group] = [each for each in evolved.json("plan", "v2", "--prove")["groups"] if each["status"] == "differs"]
    assert group["proof"]["proven"] is True
    assert ["odd has no rows" in note for note in group["proof"]["notes"]] == [True]


def test_a_plan_that_cannot_be_proven_ends_with_three_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    monkeypatch.chdir(tmp_path)
    fleet = Fleet(tmp_path)
    role = f"planner_{secrets.token_hex(4)}"
    execute(postgres_url, f"CREATE ROLE {role} LOGIN", f"GRANT pg_read_all_data TO {role}")
    try:
        execute(postgres_url, *(f"CREATE SCHEMA t_{name}" for name in "ab"), "CREATE TABLE t_a.users (id int)")
        fleet.run("init", "--url", postgres_url, "--name", "eu1", "--tenants", "t_*")
        fleet.run("snapshot", "t_a", "--tag", "v1")
        parts = urlsplit(postgres_url)
        reader = urlunsplit(parts._replace(netloc=f"{role}@{parts.hostname}:{parts.port}"))
        result = fleet.run("plan", "v1", "--prove", "--url", reader, code=3)
        assert "not proven: no scratch database can be made" in result.stdout
        assert "CREATE TABLE" in result.stdout
        fleet.run("plan", "v1", "--url", reader)
    finally:
        execute(postgres_url, f"DROP OWNED BY {role}", f"REVOKE pg_read_all_data FROM {role}", f"DROP ROLE {role}")
