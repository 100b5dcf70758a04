"""The servers that the other tests stand on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers import (
    URL_VARIABLE,
    Installation,
    NoServer,
    PostgresServer,
    client_binary,
    execute,
    find_installations,
    query,
)


@pytest.mark.every_postgres
def test_a_server_of_each_version_answers_and_is_of_that_version(postgres_server: PostgresServer) -> None:
    [(number,)] = query(postgres_server.url, "SHOW server_version_num")
    assert int(number) // 10000 == postgres_server.major


def test_a_database_is_empty_and_nobody_elses(postgres_server: PostgresServer) -> None:
    with postgres_server.fresh_database() as one, postgres_server.fresh_database() as other:
        execute(one, "CREATE TABLE only_here (id integer); INSERT INTO only_here VALUES (1)")
        assert query(one, "SELECT id FROM only_here") == [(1,)]
        assert query(other, "SELECT to_regclass('only_here')") == [(None,)]


def test_the_wheel_is_found_where_the_system_has_nothing() -> None:
    majors = {one.major for one in find_installations({"PATH": "/nowhere"})}
    assert {16, 18} <= majors


def test_a_url_that_nobody_listens_at_is_an_error_that_names_the_variable() -> None:
    with pytest.raises(NoServer, match=URL_VARIABLE):
        find_installations({URL_VARIABLE: "postgresql://127.0.0.1:1/nothing"})


def test_an_older_client_is_never_chosen_for_a_newer_server(tmp_path: Path) -> None:
    def installed(version: str) -> Installation:
        folder = tmp_path / version
        folder.mkdir()
        (folder / "pg_dump").touch()
        return Installation(version, "here", bin=folder)

    found = [installed("18.4"), installed("15.18"), installed("16.14")]
    assert client_binary("pg_dump", 16, found) == tmp_path / "16.14" / "pg_dump"
    assert client_binary("pg_dump", 17, found) == tmp_path / "18.4" / "pg_dump"
    assert client_binary("pg_dump", 19, found) is None


_KILLED_RUN = """
import os, signal
from tests.servers import ServerPool, find_installations
pool = ServerPool.own()
pool.server([one for one in find_installations() if one.url is None][0])
[pid] = pool.directory.glob("*/pid")
print(pool.directory, pid.read_text(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_run_leaves_no_server_and_no_directory_behind() -> None:
    root = Path(__file__).parents[1]
    command = [sys.executable, "-c", _KILLED_RUN]
    killed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    directory, pid = killed.stdout.split()
    give_up = time.monotonic() + 30
    while Path(directory).exists() and time.monotonic() < give_up:
        time.sleep(0.05)
    assert not Path(directory).exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)
