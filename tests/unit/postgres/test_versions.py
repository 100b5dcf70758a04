"""Which servers are understood, and how it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from schema_sync.adapters.postgres import PostgresAdapter, versions
from tests.cli.conftest import Fleet
from tests.servers import PostgresServer, execute


def test_older_servers_are_refused_and_untested_ones_accepted_with_a_notice() -> None:
    assert [versions.support(number * 10000 + 3) for number in (9, 13, 14, 15, 16, 17, 18, 19)] == [
        "refused", "refused", "accepted", "tested", "tested", "accepted", "tested", "accepted",
    ]  # fmt: skip
    for number in (14, 17):
        assert f"PostgreSQL {number}.2 is accepted" in (versions.notice(number * 10000 + 2) or "")
    assert versions.notice(150018) is None
    assert versions.notice(130001) is None


def test_what_differs_is_listed_by_version() -> None:
    assert [each.since for each in versions.FEATURES] == sorted(each.since for each in versions.FEATURES)
    declared = {each for each in vars(versions).values() if isinstance(each, versions.Feature)}
    assert set(versions.FEATURES) == declared
    assert versions.SET_EXPRESSION.on(170001)
    assert not versions.SET_EXPRESSION.on(160009)
    assert not versions.SET_EXPRESSION.on(0)


@pytest.mark.every_postgres
@pytest.mark.asyncio
async def test_the_servers_of_the_suite_are_the_tested_ones(postgres_server: PostgresServer) -> None:
    adapter = PostgresAdapter(postgres_server.url)
    assert (await adapter.server()).notice is None
    assert postgres_server.major in versions.TESTED
    assert (await adapter.diagnose())[0].code == "ok"
    await adapter.close()


def test_a_server_that_nobody_tests_with_is_said_once_and_by_doctor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(versions, "TESTED", frozenset({98, 99}))
    execute(postgres_url, "CREATE SCHEMA t_a", "CREATE SCHEMA t_b")
    fleet = Fleet(tmp_path)
    fleet.run("init", "--url", postgres_url, "--name", "eu1", "--tenants", "t_*")
    result = fleet.run("snapshot", "--all")
    assert result.stderr.count("is accepted, and not among the versions that schema-sync is tested on (98, 99)") == 1
    notes = fleet.json("doctor")["notes"]
    assert ["is accepted" in each["message"] for each in notes if each["code"] == "warning"] == [True]
