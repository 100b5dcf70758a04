"""The demo tells the truth, and leaves alone what is not its own."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.servers import execute, query


def test_the_demo_goes_as_it_is_told(run: Run) -> None:
    result = run("demo")
    assert result.exit_code == 0, result.output
    assert "(exit code 1)" in result.stdout
    assert "(exit code 3)" in result.stdout
    assert "refused demo/globex" in result.stdout
    assert "5 in step" in result.stdout
    assert result.stdout.index("customers_our_own_search is in no version") < result.stdout.rindex(
        "applied demo/globex"
    )
    for tenant in ("acme", "globex", "hooli", "initech", "umbrella"):
        with closing(sqlite3.connect(Path("schema-sync-demo", "tenants", f"{tenant}.db"))) as connection:
            assert connection.execute("SELECT count(*), sum(quantity) FROM lines").fetchone() == (3, 21)
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_files_of_the_demo_can_be_played_with(run: Run) -> None:
    assert run("demo", "--dir", "here").exit_code == 0
    os.chdir("here")
    assert "first version" in run("log").stdout
    assert run("check", "v2").exit_code == 0
    fsck = subprocess.run(["git", "-C", "snapshots", "fsck", "--strict"], capture_output=True, text=True, check=False)
    assert fsck.returncode == 0, fsck.stderr


def test_what_the_demo_says_to_play_with_can_be_typed_in_a_shell_that_knows_nothing(run: Run) -> None:
    bare = {"PATH": os.defpath, "HOME": str(Path.cwd())}
    result = run("demo", env=bare)
    assert result.exit_code == 0, result.output
    _, _, examples = result.stdout.rpartition("For example:\n")
    script = "\n".join(line.strip().removeprefix("$ ") for line in examples.splitlines())
    ran = subprocess.run(["sh", "-euc", script], env=bare, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "first version" in ran.stdout
    assert "CREATE TABLE" in ran.stdout


def test_the_demo_replaces_its_own_folder_and_no_other(run: Run) -> None:
    Path("mine").mkdir()
    Path("mine/letter.txt").write_text("dear")
    result = run("demo", "--dir", "mine")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: mine holds something else than the demo\nhint: ")
    assert Path("mine/letter.txt").read_text() == "dear"
    assert run("demo").exit_code == 0
    assert run("demo").exit_code == 0


def test_there_is_no_demo_for_a_database_that_is_not_known(run: Run) -> None:
    result = run("demo", "--url", "orcale://db/x")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: no adapter is known for orcale: URLs")
    assert not Path("schema-sync-demo").exists()


@pytest.mark.every_postgres
def test_the_demo_goes_as_it_is_told_on_postgresql(run: Run, postgres_url: str) -> None:
    result = run("demo", "--url", postgres_url)
    assert result.exit_code == 0, result.output
    assert "refused demo/demo_globex" in result.stdout
    assert "5 in step" in result.stdout


def test_a_second_demo_in_a_database_is_refused_and_leaves_the_first_to_play_with(run: Run, postgres_url: str) -> None:
    assert run("demo").exit_code == 0
    execute(postgres_url, "CREATE SCHEMA demo_acme", "CREATE SCHEMA demo_hooli CREATE TABLE invoices (id integer)")
    again = run("demo", "--url", postgres_url)
    assert again.exit_code == 2, again.output
    assert again.stdout == ""
    error, hint = again.stderr.rstrip().split("\n")
    assert error == "error: the database has what the demo would make already: demo_acme, demo_hooli"
    os.chdir("schema-sync-demo")
    assert run("check", "v2").exit_code == 0
    execute(postgres_url, hint.partition(" goes with ")[2])
    assert query(postgres_url, "SELECT nspname FROM pg_namespace WHERE nspname LIKE %s", ["demo%"]) == []
