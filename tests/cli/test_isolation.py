"""What names a tenant in a literal is brought into others only with a word about it."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.cli.conftest import Fleet

NAMING = """
CREATE TABLE t (id int, v tsvector, body text);
CREATE SEQUENCE sq;
CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS $b$ BEGIN RETURN nextval('acme.sq'); END $b$;
CREATE FUNCTION d2(name text DEFAULT 'acme.t') RETURNS text LANGUAGE sql AS 'SELECT name';
CREATE FUNCTION innocent() RETURNS text LANGUAGE sql AS 'SELECT ''nobody.t''';
CREATE TRIGGER v BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger('v', 'acme.cfg', 'body');
"""
GUILTY = {"functions/d2(text)", "functions/f()", "tables/t/triggers/v"}


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str) -> Fleet:
    """Tenants acme, globex and initech, and a v1 out of acme whose literals name acme."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCHEMA_SYNC_CONFIG", raising=False)
    with psycopg.connect(postgres_url) as connection:
        for tenant in ("acme", "globex", "initech"):
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(tenant)))
        connection.execute("SET LOCAL search_path = acme")
        connection.execute(NAMING.encode())
    made = Fleet(tmp_path)
    made.run("init", "--url", postgres_url, "--name", "eu1")
    made.run("snapshot", "acme", "--tag", "v1", "-m", "first")
    return made


def test_plan_and_apply_say_which_objects_name_another_tenant(fleet: Fleet) -> None:
    plan = fleet.json("plan", "v1", "--all")
    [group] = [each for each in plan["groups"] if each["status"] == "differs"]
    notes = [note for note in group["diagnostics"] if note["code"] == "isolation"]
    assert {note["object"] for note in notes} == GUILTY
    assert all("acme" in note["message"] for note in notes)
    for args in (("plan", "v1"), ("plan", "v1", "--format", "sql"), ("plan", "v1", "--format", "markdown")):
        assert "names acme.sq in a literal" in fleet.run(*args).stdout
    for how in ("--dry-run", "--yes"):
        made = fleet.run("apply", "v1", "--all", how)
        assert "names acme.sq in a literal" in made.stderr
    assert fleet.json("check", "v1")["in_sync"] == 3


def test_apply_says_it_of_each_tenant_that_is_not_the_named_one(fleet: Fleet) -> None:
    report = fleet.json("apply", "v1", "--all", "--yes")
    said = {each["tenant"]: {note["object"] for note in each.get("notices", ())} for each in report["tenants"]}
    assert said == {"eu1/acme": set(), "eu1/globex": GUILTY, "eu1/initech": GUILTY}


def test_a_tenant_that_is_named_by_its_own_objects_alone_is_no_matter(fleet: Fleet, postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP FUNCTION acme.f()")
    [group] = fleet.json("plan", "v1", "--tenant", "acme")["groups"]
    assert [note for note in group["diagnostics"] if note["code"] == "isolation"] == []


def test_a_new_tenant_is_made_with_the_same_word(fleet: Fleet) -> None:
    made = fleet.run("create-tenant", "hooli", "--at", "v1")
    assert "names acme.sq in a literal" in made.stderr
    report = fleet.json("create-tenant", "umbrella", "--at", "v1")
    assert {note["object"] for note in report["tenants"][0]["notices"]} == GUILTY


def test_audit_says_which_tenant_is_named_and_by_which_object_once(fleet: Fleet) -> None:
    fleet.run("apply", "v1", "--all", "--yes")
    [group] = fleet.json("audit")["groups"]
    notes = [(note["code"], note["object"]) for note in group["diagnostics"]]
    assert sorted(notes) == sorted((code, each) for code in ("isolation", "names_own_tenant") for each in GUILTY)
    own = [note["message"] for note in group["diagnostics"] if note["code"] == "names_own_tenant"]
    assert all("its own tenant, acme" in message for message in own)
