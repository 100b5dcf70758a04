"""Several databases in one configuration, each with a release of its own."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import V1, V2, Fleet
from tests.cli.test_bad_input import said


@pytest.fixture
def two(evolved: Fleet) -> Fleet:
    """`eu1`, which should be at v1, and `us1`, which should be at v2; both have an acme."""
    Path("us").mkdir()
    for tenant in ("acme", "hooli"):
        evolved.sql(f"../us/{tenant}", V1 + V2)
    config = Path("schema-sync.toml")
    text = config.read_text().replace('# release = "v1" ', 'release = "v1" ')
    config.write_text(text + '[[database]]\nname = "us1"\nurl = "sqlite:us/*.db"\nrelease = "v2"\n')
    return evolved


def held_against(answer: Any) -> dict[str, tuple[str, str]]:
    """How each tenant stands, and to which version."""
    return {tenant: (group["status"], group["to"]["rev"]) for group in answer["groups"] for tenant in group["tenants"]}


@pytest.mark.parametrize("command", ["check", "audit"])
def test_a_tenant_is_held_against_what_was_applied_to_it_or_else_its_release(two: Fleet, command: str) -> None:
    two.sql("../us/hooli", "DROP INDEX customers_by_email")
    two.sql("initech", "DROP INDEX invoices_by_customer")
    answer = two.json(command, code=1)
    assert answer["to"] is None
    assert held_against(answer) == {
        "eu1/acme": ("in_sync", "v2"),  # the source of that version
        "eu1/globex": ("in_sync", "v1"),
        "eu1/initech": ("differs", "v1"),
        "us1/acme": ("in_sync", "v2"),  # never brought anywhere: the release
        "us1/hooli": ("differs", "v2"),
    }
    text = two.run(command, code=1).stdout
    assert re.search(r"in step +v1 +eu1/globex", text)
    assert re.search(r"different +v2 +us1/hooli", text)


def test_what_is_expected_of_a_tenant_survives_that_it_was_seen_otherwise(two: Fleet) -> None:
    two.sql("globex", "CREATE INDEX our_own ON customers (name)")
    two.run("audit", "--record", code=1)
    assert held_against(two.json("audit", code=1))["eu1/globex"] == ("differs", "v1")


@pytest.fixture
def torn(two: Fleet) -> Fleet:
    """The same, when the folder of `us1` has gone."""
    two.run("apply", "v2", "--tenant", "us1/acme", "--yes")
    shutil.move("us", "elsewhere")
    return two


@pytest.mark.parametrize(
    "args",
    [
        ("tenants",),
        ("check", "v1", "--tenant", "eu1/acme", "--tenant", "eu1/globex"),
        ("check",),
        ("audit",),
        ("plan", "v2"),
        ("apply", "v2", "--all", "--yes"),
        ("snapshot", "--all"),
    ],
)
def test_a_database_that_cannot_be_reached_hides_none_of_the_others(torn: Fleet, args: tuple[str, ...]) -> None:
    named = "--tenant" in args
    answer = torn.json(*args, code=1 if named else 6)
    assert "eu1/globex" in json.dumps(answer)
    assert [each["database"] for each in answer["unreachable"]] == ([] if named else ["us1"])
    if not named:
        result = torn.run(*args, code=6)
        assert "eu1/globex" in result.stdout
        assert "database us1: cannot list the tenants" in result.stdout


def test_an_apply_to_all_brings_those_there_that_can_be_reached(torn: Fleet) -> None:
    torn.run("apply", "v2", "--all", "--yes", code=6)
    torn.run("check", "v2", "--tenant", "eu1/globex", "--tenant", "eu1/initech")


@pytest.mark.parametrize("kind", ["text", "markdown", "junit", "sarif", "github"])
def test_a_gate_names_a_database_that_cannot_be_reached_in_every_format(torn: Fleet, kind: str) -> None:
    shown = torn.run("check", "--format", kind, code=6).stdout
    assert "us1" in shown
    assert "cannot list the tenants" in shown


def test_nothing_is_made_a_version_while_a_database_is_out_of_reach(torn: Fleet) -> None:
    result = torn.run("snapshot", "--all", "--tag", "v3", code=6)
    assert "no version was made" in result.stderr
    assert "v3" not in torn.json("tag")["refs"]


def test_a_tenant_that_may_be_in_a_database_out_of_reach_is_not_taken_for_unknown(torn: Fleet) -> None:
    for name in ("us1/acme", "acme", "nobody"):
        assert "cannot list the tenants" in said(torn.run("apply", "v2", "--tenant", name, "--yes", code=6))
    torn.run("diff", "v2", "live:eu1/acme", "--exit-code")


def test_a_name_that_two_databases_have_needs_its_prefix(two: Fleet) -> None:
    assert "acme" in said(two.run("snapshot", "acme", code=2))
    two.run("check", "v2", "--tenant", "us1/acme", "--tenant", "hooli")


def test_a_new_tenant_says_where_it_belongs(two: Fleet) -> None:
    assert "umbrella" in said(two.run("create-tenant", "umbrella", "--at", "v2", code=2))
    two.run("create-tenant", "us1/umbrella", "--at", "v2")
    assert Path("us/umbrella.db").is_file()


def test_a_url_takes_the_place_of_all_and_keeps_a_known_name(two: Fleet) -> None:
    answer = two.json("tenants", "--url", "sqlite:us/*.db")
    assert [each["tenant"] for each in answer["tenants"]] == ["us1/acme", "us1/hooli"]
    answer = two.json("tenants", "--url", "sqlite:us/h*.db")
    assert [each["tenant"] for each in answer["tenants"]] == ["main/hooli"]
