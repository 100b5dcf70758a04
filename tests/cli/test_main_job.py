"""Snapshot, diff, apply, check: what the commands do and print, on real files and a real store."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import msgspec
import pytest

from schema_sync.cli.reports import (
    ApplyReport,
    DiffReport,
    FleetReport,
    LogReport,
    NotesReport,
    PlanReport,
    RefsReport,
    Report,
    ShowReport,
    SnapshotReport,
    StatusReport,
    TenantsReport,
)
from schema_sync.model.document import document
from tests.cli.conftest import V1, V2, Fleet


def test_a_tenant_becomes_a_version_that_plain_git_can_read(fleet: Fleet) -> None:
    answer = fleet.json("snapshot", "acme", "--tag", "v1", "-m", "first")
    assert answer["created"] is True
    assert answer["version"]["tags"] == ["v1"]
    shown = subprocess.run(
        ["git", "-C", "snapshots", "show", "v1:schema/tables/customers.json"], capture_output=True, check=True
    )
    assert json.loads(shown.stdout)["name"] == "customers"
    assert [each["subject"] for each in fleet.json("log")["versions"]] == ["first"]


def test_an_unchanged_schema_makes_no_commit_and_still_the_tag(evolved: Fleet) -> None:
    answer = evolved.json("snapshot", "acme", "--tag", "v2.0")
    assert answer["created"] is False
    assert answer["version"]["tags"] == ["v2", "v2.0"]
    assert len(evolved.json("log")["versions"]) == 2
    assert "unchanged" in evolved.run("snapshot", "acme", "--branch", "main").stdout


def test_several_tenants_make_a_version_only_if_they_are_equal(evolved: Fleet) -> None:
    assert evolved.json("snapshot", "globex", "initech", "--branch", "both")["created"] is True
    result = evolved.run("snapshot", "--all", "--tag", "v3", code=2)
    assert "hint: " in result.stderr
    assert "v3" not in evolved.json("tag")["refs"]


def test_a_capture_without_a_branch_is_recorded_and_says_how_to_make_a_version(fleet: Fleet) -> None:
    result = fleet.run("snapshot", "--all")
    assert "--tag or --branch makes it a version" in result.stderr
    assert fleet.json("status")["tenants"] == 3
    assert fleet.json("log")["versions"] == []


def test_a_tag_is_never_moved(evolved: Fleet) -> None:
    evolved.sql("acme", "CREATE TABLE more (id INTEGER PRIMARY KEY)")
    before = evolved.json("log")
    for args in (("snapshot", "acme", "--tag", "v1"), ("tag", "v1", "v2"), ("branch", "main", "v1")):
        result = evolved.run(*args, code=2)
        assert result.stderr.startswith("error: ")
    assert evolved.json("log") == before


def test_tags_and_branches_are_listed_and_made(evolved: Fleet) -> None:
    evolved.run("tag", "stable", "v1", "-m", "the one that works")
    evolved.run("branch", "next")
    tags = evolved.json("tag")["refs"]
    assert list(tags) == ["stable", "v1", "v2"]
    assert tags["stable"] == tags["v1"]
    assert evolved.json("branch")["refs"] == {"main": tags["v2"], "next": tags["v2"]}


def test_a_diff_has_the_shape_of_the_contract(evolved: Fleet) -> None:
    answer = evolved.json("diff", "v1", "v2")
    assert (answer["format"], answer["command"]) == (1, "diff")
    assert answer["from"]["rev"] == "v1"
    assert len(answer["to"]["fingerprint"]) == 40
    column, index = answer["changes"]
    assert (column["action"], column["kind"], column["object"], column["name"]) == (
        "add",
        "column",
        "tables/customers",
        "email",
    )
    assert index["fields"]["unique"] == {"new": True}


def test_an_altered_field_has_both_values(evolved: Fleet) -> None:
    evolved.sql("acme", "DROP INDEX customers_by_email; CREATE INDEX customers_by_email ON customers (email)")
    evolved.run("snapshot", "acme", "--tag", "v3")
    (change,) = evolved.json("diff", "v2", "v3")["changes"]
    assert change["action"] == "alter"
    assert change["fields"] == {"unique": {"old": True, "new": False}}
    assert "unique: true → false" in evolved.run("diff", "v2", "v3").stdout


def test_a_diff_ends_with_one_only_if_that_was_asked_for(evolved: Fleet) -> None:
    evolved.run("diff", "v1", "v2")
    evolved.run("diff", "v1", "v2", "--exit-code", code=1)
    evolved.run("diff", "v1", "v1", "--exit-code")
    evolved.run("diff", "v1", "v2", "--exit-code", "--format", "sql", code=1)
    assert "are the same" in evolved.run("diff", "v2", "live:acme").stdout


def test_a_diff_can_be_of_one_object(evolved: Fleet) -> None:
    assert len(evolved.json("diff", "v1", "v2", "tables/customers/columns/email")["changes"]) == 1
    assert evolved.json("diff", "v1", "v2", "tables/invoices")["changes"] == []


def test_a_diff_as_sql_is_a_script_that_leads_there(evolved: Fleet) -> None:
    script = evolved.run("diff", "v1", "v2", "--format", "sql").stdout
    evolved.sql("globex", script)
    assert "are the same" in evolved.run("diff", "v2", "live:globex").stdout


def test_a_version_shown_as_sql_makes_that_very_schema(evolved: Fleet) -> None:
    Path("desired.sql").write_text(evolved.run("show", "v2", "--format", "sql").stdout)
    assert "are the same" in evolved.run("diff", "v2", "file:desired.sql").stdout


def test_a_version_and_one_object_of_it_can_be_shown(evolved: Fleet) -> None:
    whole = evolved.run("show", "v2").stdout
    assert "table customers" in whole
    assert "table invoices" in whole
    one = evolved.run("show", "v2:tables/customers").stdout
    assert "column email" in one
    assert "invoices" not in one
    result = evolved.run("show", "v2:tables/custmers", code=2)
    assert "hint: did you mean tables/customers" in result.stderr


def test_a_plan_changes_nothing_and_says_who_would_be_changed(evolved: Fleet) -> None:
    before = {file.name: file.read_bytes() for file in Path("tenants").iterdir()}
    answer = evolved.json("plan", "v2")
    assert {file.name: file.read_bytes() for file in Path("tenants").iterdir()} == before
    groups = {tuple(group["tenants"]): group for group in answer["groups"]}
    assert groups[("eu1/acme",)]["status"] == "in_sync"
    assert groups[("eu1/globex", "eu1/initech")]["status"] == "differs"
    statement = answer["statements"][0]
    assert {"sql", "hazards", "lock", "in_transaction", "object"} <= statement.keys()
    assert statement["sql"].startswith("ALTER TABLE")


def test_all_tenants_arrive_and_a_second_apply_has_nothing_to_do(evolved: Fleet) -> None:
    evolved.sql("globex", "INSERT INTO customers (name) VALUES ('Ada')")
    answer = evolved.json("apply", "v2", "--all", "--yes")
    assert {each["tenant"]: each["status"] for each in answer["tenants"]} == {
        "eu1/acme": "in_sync",
        "eu1/globex": "applied",
        "eu1/initech": "applied",
    }
    assert answer["run"]
    assert {each["to"] for each in answer["tenants"]} == {answer["to"]["fingerprint"]}
    assert evolved.rows("globex", "SELECT name, email FROM customers") == [("Ada", None)]
    again = evolved.json("apply", "v2", "--all", "--yes")
    assert {each["status"] for each in again["tenants"]} == {"in_sync"}


def test_a_dry_run_needs_no_yes_and_changes_nothing(evolved: Fleet) -> None:
    answer = evolved.json("apply", "v2", "--all", "--dry-run")
    assert answer["executed"] is False
    assert {each["status"] for each in answer["tenants"]} == {"in_sync", "untouched"}
    evolved.run("check", "v1", "--tenant", "globex")


def test_a_hazard_stops_the_tenants_that_it_concerns_and_no_others(evolved: Fleet) -> None:
    evolved.sql("globex", "CREATE INDEX our_own ON customers (name)")
    result = evolved.run("apply", "v2", "--all", "--yes", code=3)
    assert "refused eu1/globex: " in result.stdout
    assert "our_own" in result.stdout
    assert "hint: allow it with --allow drops_unversioned" in result.stdout
    evolved.run("check", "v2", "--tenant", "initech")
    evolved.run("check", "v2", "--tenant", "globex", code=1)
    evolved.run("apply", "v2", "--all", "--yes", "--allow", "drops_unversioned")
    evolved.run("check", "v2")


def test_a_plan_that_was_read_is_the_one_that_runs(evolved: Fleet) -> None:
    evolved.run("plan", "v2", "--out", "v2.json")
    evolved.run("apply", "v2", "--all", "--yes", "--plan", "v2.json")
    evolved.run("check", "v2")


def test_a_plan_file_that_says_otherwise_is_refused_and_nothing_runs(evolved: Fleet) -> None:
    evolved.run("plan", "v2", "--out", "v2.json")
    plan = json.loads(Path("v2.json").read_text())
    plan["statements"][0]["sql"] = "DROP TABLE customers"
    Path("other.json").write_text(json.dumps(plan))
    result = evolved.run("apply", "v2", "--all", "--yes", "--plan", "other.json", code=3)
    assert "statement 1 differs" in result.stderr
    evolved.sql("globex", "CREATE TABLE more (id INTEGER PRIMARY KEY)")
    result = evolved.run("apply", "v2", "--all", "--yes", "--plan", "v2.json", code=3)
    assert "eu1/globex is no longer in the state" in result.stderr
    evolved.run("check", "v1", "--tenant", "initech")
    Path("no.json").write_text("{}")
    assert "is no plan" in evolved.run("apply", "v2", "--all", "--yes", "--plan", "no.json", code=2).stderr


def test_tenants_can_come_from_stdin_and_what_ran_can_be_logged(evolved: Fleet) -> None:
    result = evolved.run(
        "apply", "v2", "--tenants-from", "-", "--yes", "--log-sql", "run.sql", input="# these\ninitech\n\n"
    )
    assert "1 applied" in result.stdout
    log = Path("run.sql").read_text()
    assert log.startswith("-- run ")
    assert "eu1/initech\nALTER TABLE" in log
    evolved.run("check", "v2", "--tenant", "globex", code=1)


def test_a_log_that_cannot_be_written_ends_the_run_and_says_how_far_it_came(evolved: Fleet) -> None:
    result = evolved.run("apply", "v2", "--all", "--yes", "--log-sql", "/dev/full", code=2)
    said = [line for line in result.stderr.splitlines() if line.startswith("error:")]
    assert said == [
        "error: --log-sql cannot write to /dev/full: No space left on device; "
        "1 applied, 2 left; what was under way was rolled back, and running again goes on"
    ]
    evolved.run("check", "v2", "--tenant", "globex")
    evolved.run("check", "v2", "--tenant", "initech", code=1)


def test_a_drifted_tenant_is_found_by_check_and_audit_alike(evolved: Fleet) -> None:
    evolved.run("apply", "v2", "--all", "--yes")
    evolved.run("check", "v2", "--strict")
    evolved.sql("initech", "DROP INDEX invoices_by_customer")
    for command in ("check", "audit"):
        answer = evolved.json(command, "v2", code=1)
        assert (answer["in_sync"], answer["differs"], answer["unread"]) == (2, 1, 0)
        text = evolved.run(command, "v2", code=1).stdout
        assert "index invoices_by_customer" in text


def test_without_a_revision_tenants_are_held_against_what_was_applied_or_else_their_release(fleet: Fleet) -> None:
    fleet.run("snapshot", "acme", "--tag", "v1")
    fleet.sql("globex", V2)
    assert fleet.json("check", code=1)["differs"] == 1
    fleet.run("snapshot", "globex", "--tag", "v2")
    answer = fleet.json("check", code=1)
    assert (answer["to"], answer["in_sync"], answer["differs"]) == (None, 2, 1)
    config = Path("schema-sync.toml")
    config.write_text(config.read_text().replace('# release = "v1" ', 'release = "v1" '))
    answer = fleet.json("check")
    assert {group["to"]["rev"]: group["tenants"] for group in answer["groups"]} == {
        "v1": ["eu1/acme", "eu1/initech"],
        "v2": ["eu1/globex"],
    }


def test_an_audit_writes_nothing_but_what_record_asks(evolved: Fleet) -> None:
    evolved.sql("initech", "DROP INDEX invoices_by_customer")
    tip = ["git", "-C", "snapshots", "rev-parse", "refs/schema/fleet"]
    before = subprocess.run(tip, capture_output=True, check=True).stdout
    evolved.run("audit", "v1", code=1)
    assert subprocess.run(tip, capture_output=True, check=True).stdout == before
    assert {each["version"]: each["drifted"] for each in evolved.json("status")["versions"]} == {"v1": 0, "v2": 0}
    evolved.run("audit", "v1", "--record", code=1)
    assert subprocess.run(tip, capture_output=True, check=True).stdout != before
    assert {each["version"]: each["drifted"] for each in evolved.json("status")["versions"]} == {"v1": 1, "v2": 0}


def test_status_says_which_run_last_changed_the_record(evolved: Fleet) -> None:
    answer = evolved.json("apply", "v2", "--tenant", "globex", "--yes")
    status = evolved.json("status")
    assert status["last_run"] == answer["run"]
    assert f"by run {answer['run']}" in evolved.run("status").stdout
    assert evolved.json("create-tenant", "umbrella", "--at", "v2")["run"] == evolved.json("status")["last_run"]


def test_a_new_tenant_that_the_configuration_does_not_select_is_refused_and_not_made(evolved: Fleet) -> None:
    config = Path("schema-sync.toml")
    config.write_text(config.read_text().replace("# release", 'tenants = { exclude = ["umbrella"] }\n# release'))
    result = evolved.run("create-tenant", "umbrella", "--at", "v2", code=2)
    assert "eu1 selects no tenant called umbrella" in result.stderr
    assert not Path("tenants/umbrella.db").exists()
    assert "hint" not in evolved.run("create-tenant", "hooli", "--at", "v2").stderr


def test_a_new_tenant_begins_at_a_version_and_only_once(evolved: Fleet) -> None:
    evolved.run("create-tenant", "umbrella", "--at", "v2")
    evolved.run("check", "v2", "--tenant", "umbrella")
    result = evolved.run("create-tenant", "umbrella", "--at", "v2", code=2)
    assert result.stderr.startswith("error: ")
    assert "umbrella" in result.stderr


def test_the_store_and_the_servers_are_looked_over(evolved: Fleet) -> None:
    assert evolved.json("verify")["ok"] is True
    assert evolved.json("verify", "v1")["ok"] is True
    assert evolved.json("doctor")["ok"] is True


@pytest.mark.parametrize(
    ("args", "report", "code"),
    [
        (("tenants",), TenantsReport, 0),
        (("status",), StatusReport, 0),
        (("snapshot", "--all"), SnapshotReport, 0),
        (("log",), LogReport, 0),
        (("show", "v2"), ShowReport, 0),
        (("diff", "v1", "v2"), DiffReport, 0),
        (("tag",), RefsReport, 0),
        (("branch",), RefsReport, 0),
        (("plan", "v2"), PlanReport, 0),
        (("apply", "v2", "--all", "--yes"), ApplyReport, 0),
        (("check", "v2"), FleetReport, 1),
        (("audit", "v2"), FleetReport, 1),
        (("create-tenant", "new", "--at", "v1"), ApplyReport, 0),
        (("verify",), NotesReport, 0),
        (("doctor",), NotesReport, 0),
    ],
)
def test_json_is_what_the_schema_says(evolved: Fleet, args: tuple[str, ...], report: type[Report], code: int) -> None:
    answer = evolved.json(*args, code=code)
    assert answer["command"] == args[0]
    assert json.loads(document(msgspec.convert(answer, report))) == answer


@pytest.mark.parametrize("kind", ["text", "markdown", "junit", "sarif", "github"])
def test_a_gate_says_who_differs_in_every_format(evolved: Fleet, kind: str) -> None:
    result = evolved.run("check", "v2", "--format", kind, code=1)
    assert "eu1/globex" in result.stdout
    assert "customers_by_email" in result.stdout


def test_results_go_to_stdout_and_the_story_to_stderr(evolved: Fleet) -> None:
    result = evolved.run("apply", "v2", "--all", "--yes", "--format", "json")
    assert json.loads(result.stdout)["command"] == "apply"
    assert "CREATE UNIQUE INDEX" in result.stderr
    assert evolved.run("apply", "v2", "--all", "--yes", "-q").stderr == ""


def test_every_command_works_without_a_file(evolved: Fleet) -> None:
    Path("schema-sync.toml").unlink()
    url = ("--url", "sqlite:tenants/*.db", "--store", "snapshots")
    assert [each["tenant"] for each in evolved.json(*url, "tenants")["tenants"]] == [
        "main/acme",
        "main/globex",
        "main/initech",
    ]
    evolved.run("apply", "v2", "--tenant", "globex", "--yes", *url)
    evolved.run("log", "--store", "snapshots")


def test_sql_files_are_a_target_like_any_other(fleet: Fleet) -> None:
    Path("schema").mkdir()
    Path("schema/1.sql").write_text(V1)
    Path("schema/2.sql").write_text("CREATE TABLE more (id INTEGER PRIMARY KEY);")
    fleet.run("apply", "file:schema", "--all", "--yes")
    fleet.run("check", "file:schema")
    Path("schema/3.sql").write_text("CREATE NONSENSE;")
    assert fleet.run("check", "file:schema", code=2).stderr.startswith("error: ")


def test_a_rename_that_is_told_keeps_the_rows_of_every_tenant(fleet: Fleet) -> None:
    fleet.run("snapshot", "acme", "--tag", "v1")
    fleet.run("apply", "v1", "--all", "--yes")
    fleet.sql("globex", "INSERT INTO customers (name) VALUES ('Ann')")
    fleet.sql("acme", "ALTER TABLE customers RENAME COLUMN name TO full_name")
    told = "tables/customers/columns/name=full_name"
    answer = fleet.json("snapshot", "acme", "--tag", "v2", "--rename", told)
    assert answer["renames"] == {"tables/customers/columns/name": "tables/customers/columns/full_name"}
    [change] = fleet.json("diff", "v1", "v2")["changes"]
    assert (change["action"], change["old_ident"]) == ("rename", "tables/customers/columns/name")
    fleet.run("apply", "v2", "--all", "--yes")
    assert fleet.rows("globex", "SELECT full_name FROM customers") == [("Ann",)]
    fleet.run("snapshot", "acme", "--rename", told, code=2)
    fleet.run("snapshot", "acme", "--tag", "v3", "--rename", "tables/customers/columns/gone=here", code=2)
