"""Bad input loses nothing, and gets one clear line, a hint, and the exit code of the contract."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from schema_sync.model.codec import FORMAT
from tests.cli.conftest import Fleet, Run


def said(result: Result) -> str:
    """What was said, once it is clear that it is an error, in one line with a hint."""
    lines = result.stderr.rstrip("\n").split("\n")
    assert lines[0].startswith("error: "), result.output
    assert len(lines) == 2, result.output
    assert lines[1].startswith("hint: "), result.output
    return lines[0].removeprefix("error: ")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("snapshot", "acne"), "there is no tenant 'acne'"),
        (("apply", "v2", "--tenant", "globx", "--yes"), "there is no tenant 'globx'"),
        (("diff", "v1", "live:acne"), "there is no tenant 'acne'"),
        (("diff", "v1", "v22"), "there is no revision 'v22'"),
        (("plan", "v3"), "there is no revision 'v3'"),
        (("check", "v3"), "there is no revision 'v3'"),
        (("create-tenant", "new", "--at", "v3"), "there is no revision 'v3'"),
        (("diff", "v1", "v2", "tables"), "there is no object 'tables' in v1 or v2"),
        (("diff", "v1", "v2", "customers"), "there is no object 'customers' in v1 or v2"),
        (("diff", "v1", "v2", "tables/custmers"), "there is no object 'tables/custmers' in v1 or v2"),
        (("diff", "v1", "live:acme", "tables/a"), "there is no object 'tables/a' in v1 or live:acme"),
        (("show", "v1:tables/custmers"), "there is no object 'tables/custmers' in v1"),
        (("show", "v1:tables/custmers", "--format", "sql"), "there is no object 'tables/custmers' in v1"),
    ],
)
def test_what_is_not_there_is_named_with_what_is_near(evolved: Fleet, args: tuple[str, ...], message: str) -> None:
    assert said(evolved.run(*args, code=2)) == message


def test_a_bare_name_is_answered_with_the_object_that_is_called_so(evolved: Fleet) -> None:
    assert "did you mean tables/customers?" in evolved.run("diff", "v1", "v2", "customers", code=2).stderr


def test_an_object_that_is_there_and_did_not_change_is_the_same(evolved: Fleet) -> None:
    assert "are the same" in evolved.run("diff", "v1", "v2", "tables/invoices", "--exit-code").stdout


def test_a_part_without_a_statement_of_its_own_is_not_called_unknown(evolved: Fleet) -> None:
    shown = said(evolved.run("show", "v2:tables/customers/columns/name", "--format", "sql", code=2))
    assert shown == "tables/customers/columns/name in v2 has no statement of its own"


def test_some_and_all_at_once_is_a_contradiction(evolved: Fleet) -> None:
    assert "--all was given too" in said(evolved.run("apply", "v2", "--tenant", "acme", "--all", "--yes", code=2))


def test_a_file_that_is_no_sqlite_database_is_named_and_never_counted_as_in_step(evolved: Fleet) -> None:
    Path("tenants/junk.db").write_text("this is a letter, not a database, and long enough to look at")
    answer = evolved.json("check", "v1", "--tenant", "junk", "--tenant", "globex", code=6)
    assert (answer["in_sync"], answer["unread"]) == (1, 1)
    (group,) = [group for group in answer["groups"] if group["tenants"] == ["eu1/junk"]]
    assert group["status"] == "unreachable"
    assert "junk" in group["error"]
    result = evolved.run("snapshot", "--all", "--tag", "v9", code=6)
    assert "no version was made" in result.stderr
    assert "v9" not in evolved.json("tag")["refs"]


def test_a_folder_that_is_no_store_is_refused(fleet: Fleet) -> None:
    Path("letters").mkdir()
    Path("letters/one.txt").write_text("dear")
    assert "letters" in said(fleet.run("log", "--store", "letters", code=6))
    assert "letters" in said(
        fleet.run("init", "--config", "new.toml", "--url", "sqlite:x/*.db", "--store", "letters", code=6)
    )
    assert not Path("new.toml").exists()
    assert Path("letters/one.txt").read_text() == "dear"


def test_a_store_that_is_not_there_is_refused(fleet: Fleet) -> None:
    assert "nowhere" in said(fleet.run("log", "--store", "nowhere", code=6))
    assert not Path("nowhere").exists()


def test_init_never_overwrites_a_configuration(fleet: Fleet) -> None:
    before = Path("schema-sync.toml").read_text()
    assert "is there already" in said(fleet.run("init", "--url", "sqlite:other/*.db", code=2))
    fleet.run("init")
    assert Path("schema-sync.toml").read_text() == before


def test_init_writes_no_password(run: Run) -> None:
    result = run("init", "--url", "postgresql://app:s3cret@db/app")
    assert result.exit_code == 0, result.output
    text = Path("schema-sync.toml").read_text()
    assert "s3cret" not in text + result.output
    assert "app:${SCHEMA_SYNC_PASSWORD}@db" in text


def test_a_hand_edited_object_is_found(evolved: Fleet) -> None:
    git = ["git", "-C", "snapshots", "-c", "user.name=x", "-c", "user.email=x@x"]
    file = Path("snapshots/schema/tables/customers.json")
    file.write_text(file.read_text().replace('  "', '    "'))
    subprocess.run([*git, "commit", "-qam", "by hand"], check=True)
    for args in (("diff", "v1", "main"), ("plan", "main")):
        assert said(evolved.run(*args, code=6)).startswith("schema/tables/customers.json in the store is damaged")
    answer = evolved.json("verify", code=6)
    assert any("customers.json" in note["message"] for note in answer["notes"])


def test_a_lost_object_of_git_is_found(evolved: Fleet) -> None:
    for pack in Path("snapshots/.git/objects/pack").glob("*"):
        pack.unlink()
    result = evolved.run("verify", code=6)
    assert "Traceback" not in result.output


def test_a_snapshot_of_a_newer_format_is_refused(evolved: Fleet) -> None:
    git = ["git", "-C", "snapshots", "-c", "user.name=x", "-c", "user.email=x@x"]
    file = Path("snapshots/manifest.json")
    file.write_text(file.read_text().replace(f'"format": {FORMAT}', '"format": 99'))
    subprocess.run([*git, "commit", "-qam", "from the future"], check=True)
    assert "is of format 99" in said(evolved.run("diff", "v1", "main", code=3))


def test_a_snapshot_of_another_dialect_is_refused(evolved: Fleet) -> None:
    git = ["git", "-C", "snapshots", "-c", "user.name=x", "-c", "user.email=x@x"]
    file = Path("snapshots/manifest.json")
    file.write_text(file.read_text().replace('"dialect": "sqlite"', '"dialect": "postgresql"'))
    subprocess.run([*git, "rm", "-rq", "schema", "layout"], check=True)
    subprocess.run([*git, "commit", "-qam", "another"], check=True)
    result = evolved.run("apply", "main", "--all", "--yes", code=3)
    assert result.stderr.startswith("error: ")
    evolved.run("check", "v1", "--tenant", "globex")


def test_a_locked_tenant_is_left_alone_and_the_others_go_on(evolved: Fleet) -> None:
    config = Path("schema-sync.toml")
    text = config.read_text().replace("# [apply]", '[apply]\nretries = 0\nmax_failures = 3\nlock_timeout = "50ms"')
    config.write_text(text)
    with closing(sqlite3.connect("tenants/globex.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        result = evolved.run("apply", "v2", "--all", "--yes", "--canary", "0", code=5)
        other.execute("ROLLBACK")
    assert "failed eu1/globex" in result.stdout
    assert "applied eu1/initech" in result.stdout
    evolved.run("check", "v1", "--tenant", "globex")


def test_an_interrupt_ends_with_130_and_leaves_the_tenant_as_it_was(evolved: Fleet) -> None:
    config = Path("schema-sync.toml")
    config.write_text(config.read_text().replace("# [apply]", '[apply]\nlock_timeout = "60s"'))
    # A shell starts what runs in its background with the signal ignored, and so would be what that starts.
    heeding = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    code = f"{heeding}; from schema_sync.cli import main; main()"
    command = [sys.executable, "-c", code, "apply", "v2", "--tenant", "globex", "--yes"]
    root = str(Path(__file__).parents[2])
    with closing(sqlite3.connect("tenants/globex.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": root}
        ) as going:
            assert going.stderr is not None
            while "CREATE UNIQUE INDEX" not in going.stderr.readline():
                assert going.poll() is None
            going.send_signal(signal.SIGINT)
            other.execute("ROLLBACK")
            said = going.stderr.read()
    assert going.returncode == 130, said
    assert "error: interrupted: " in said
    assert "Traceback" not in said


def test_nasty_names_of_a_live_database_are_harmless_everywhere(fleet: Fleet) -> None:
    name = "a\x1b[31m|<b>`c`\n::error::d\u202e"
    fleet.sql("globex", f'CREATE TABLE "{name}" (id INTEGER PRIMARY KEY, "{name}" TEXT DEFAULT \'{name}\')')
    fleet.run("snapshot", "acme", "--tag", "v1")
    fleet.run("snapshot", "globex", "--tag", "v2")
    commands = [
        ("show", "v2"),
        ("diff", "v1", "v2"),
        ("diff", "v1", "v2", "--format", "json"),
        ("diff", "v1", "v2", "--format", "markdown"),
        ("plan", "v2"),
        ("plan", "v1"),
        ("apply", "v2", "--all", "--yes"),
    ]
    for args in commands:
        output = fleet.run(*args).output
        for line in output.split("\n"):
            assert line.isprintable(), args
            assert not line.lstrip().startswith("::"), args
    for kind in ("text", "json", "junit", "sarif", "markdown"):
        output = fleet.run("check", "v1", "--format", kind, code=1).output
        assert all(line.isprintable() and not line.startswith("::") for line in output.split("\n"))
    fleet.run("check", "v2")


def test_a_busy_tenant_is_never_counted_as_in_step(evolved: Fleet) -> None:
    config = Path("schema-sync.toml")
    config.write_text(config.read_text().replace("# [apply]", '[apply]\nlock_timeout = "50ms"'))
    with closing(sqlite3.connect("tenants/globex.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        answer = evolved.json("check", "v1", "--tenant", "globex", "--tenant", "initech", code=6)
        text = evolved.run("audit", "v1", "--tenant", "globex", code=6).stdout
        other.execute("ROLLBACK")
    assert (answer["in_sync"], answer["differs"], answer["unread"]) == (1, 0, 1)
    assert [each["tenants"] for each in answer["groups"] if each["status"] == "busy"] == [["eu1/globex"]]
    assert "1 could not be read" in text


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("tenants",), 0),
        (("audit", "v1"), 0),
        (("check", "v1"), 0),
        (("check", "v1", "--format", "junit"), 0),
        (("plan", "v1"), 0),
        (("apply", "v1", "--all", "--yes"), 0),
        (("snapshot", "--all"), 0),
    ],
)
def test_a_fleet_of_nobody_is_pointed_out(evolved: Fleet, args: tuple[str, ...], code: int) -> None:
    Path("tenants/none").mkdir()
    assert "hint: no tenant was found" in evolved.run(*args, "--url", "sqlite:tenants/none/*.db", code=code).stderr


def test_a_tenant_that_cannot_be_read_is_not_said_to_be_recorded(evolved: Fleet) -> None:
    Path("tenants/junk.db").write_text("this is a letter, not a database, and long enough to look at")
    assert "recorded only" not in evolved.run("snapshot", "junk", code=6).stderr
    assert "recorded only" in evolved.run("snapshot", "junk", "acme", code=6).stderr


def test_doctor_counts_the_tenants_and_warns_where_there_is_none(evolved: Fleet) -> None:
    assert {"code": "ok", "object": "eu1", "message": "3 tenants found"} in evolved.json("doctor")["notes"]
    Path("tenants/none").mkdir()
    assert "no tenant was found" in evolved.run("doctor", "--url", "sqlite:tenants/none/*.db").stdout


def test_doctor_does_not_call_a_folder_well_that_is_not_there(evolved: Fleet) -> None:
    answer = evolved.json("doctor", "--url", "sqlite:tennants/*.db", code=6)
    assert not answer["ok"]
    assert any(note["code"] == "error" and "there is no folder" in note["message"] for note in answer["notes"])


@pytest.mark.parametrize(
    "args", [("check",), ("audit",), ("plan", "v1"), ("apply", "v1", "--all", "--yes"), ("show", "v1")]
)
def test_where_no_version_is_known_the_hint_says_how_to_make_the_first(fleet: Fleet, args: tuple[str, ...]) -> None:
    assert "hint: there is no version yet: `schema-sync snapshot TENANT --tag v1`" in fleet.run(*args, code=2).stderr
