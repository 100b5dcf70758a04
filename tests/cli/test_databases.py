"""Several databases in one configuration, each with a release of its own."""

from __future__ import annotations

from pathlib import Path

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


def test_every_tenant_is_held_against_the_release_of_its_database(two: Fleet) -> None:
    answer = two.json("check", code=1)
    assert answer["to"] is None
    assert {
        tenant: (group["status"], group["to"]["rev"]) for group in answer["groups"] for tenant in group["tenants"]
    } == {
        "eu1/acme": ("differs", "v1"),
        "eu1/globex": ("in_sync", "v1"),
        "eu1/initech": ("in_sync", "v1"),
        "us1/acme": ("in_sync", "v2"),
        "us1/hooli": ("in_sync", "v2"),
    }


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
