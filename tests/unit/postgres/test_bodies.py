"""Identifiers in bodies of functions: neutral where it is sure that they mean the tenant's schema, else left alone."""

from __future__ import annotations

import pytest

from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.body import foreign_paths, neutral_body

OWN = text.PLACEHOLDER


@pytest.mark.parametrize(
    ("body", "neutral"),
    [
        ("SELECT * FROM acme.orders", f"SELECT * FROM {OWN}.orders"),
        ('SELECT "acme" . "orders".id FROM ACME.orders', f'SELECT {OWN} . "orders".id FROM {OWN}.orders'),
        ("x acme.orders%ROWTYPE; y acme.orders.id%TYPE;", f"x {OWN}.orders%ROWTYPE; y {OWN}.orders.id%TYPE;"),
        ("SELECT 'acme.orders', $$acme.orders$$ -- acme.orders", None),
        ("SELECT acme_1.orders, xacme.orders, b.acme.c", None),
        ("SELECT acme.id FROM orders acme", None),
        ("FOR acme IN SELECT 1 LOOP PERFORM acme.id; END LOOP", None),
        ("SELECT acme.* FROM acme", None),
        ("SET search_path TO acme, public; SELECT 1", f"SET search_path TO {OWN}, public; SELECT 1"),
        ("SET LOCAL search_path = 'acme'; SELECT acme.f()", f"SET LOCAL search_path = 'acme'; SELECT {OWN}.f()"),
        ("GRANT USAGE ON SCHEMA acme TO x", f"GRANT USAGE ON SCHEMA {OWN} TO x"),
        ("FOR i IN 1..acme LOOP PERFORM acme.f(); END LOOP", None),
    ],
)
def test_only_what_is_sure_to_be_the_schema_is_neutral(body: str, neutral: str | None) -> None:
    found = neutral_body(body, "acme", "acme", ())
    assert found == (body if neutral is None else neutral)
    assert text.expand(f"$tenant${found}$tenant$", "acme").replace('"acme"', "acme").lower() == (
        f"$tenant${body}$tenant$".replace('"acme"', "acme").lower()
    )


def test_a_keyword_that_is_a_tenants_name_is_meant_only_in_quotes() -> None:
    assert neutral_body('SELECT * FROM "select".t', "select", '"select"', ()) == f"SELECT * FROM {OWN}.t"
    assert (
        neutral_body('SELECT 1 AS "select", "select".t', "select", '"select"', ()) == 'SELECT 1 AS "select", "select".t'
    )


@pytest.mark.parametrize("taken", ["f", "new"])
def test_a_parameter_or_a_row_of_a_trigger_is_no_schema(taken: str) -> None:
    assert neutral_body(f"SELECT {taken}.id", taken, taken, ("f",)) == f"SELECT {taken}.id"


def test_what_may_be_another_schema_is_told_with_the_first_thing_that_it_is_named_for() -> None:
    body = "SELECT other.t.id, o.id, new.id, p.id, 'x.y' FROM other.t o JOIN third.u USING (id)"
    assert foreign_paths(body, {"p"}) == {"other": "other.t", "third": "third.u"}


def test_a_body_of_another_language_is_not_expanded() -> None:
    assert text.expand(f"AS $body$print(f{OWN})$body$", "acme") == f"AS $body$print(f{OWN})$body$"


def test_a_literal_in_a_body_is_not_expanded() -> None:
    body = f"$tenant$SELECT '{OWN}.x', $q${OWN}.x$q$ FROM {OWN}.y$tenant$"
    assert text.expand(body, "acme") == f"$tenant$SELECT '{OWN}.x', $q${OWN}.x$q$ FROM \"acme\".y$tenant$"


def test_a_constant_that_names_an_object_is_neutral_and_expanded() -> None:
    printed = "nextval('acme.pg_type'::regclass) + 'acme.x' + 'acme'::regclass + 'acme'::regnamespace"
    neutral = text.neutral(printed, "acme", {"pg_type"})
    assert neutral == (f"nextval('{OWN}.pg_type'::regclass) + 'acme.x' + 'acme'::regclass + '{OWN}'::regnamespace")
    assert text.expand(neutral, "a'b") == (
        "nextval('\"a''b\".pg_type'::regclass) + 'acme.x' + 'acme'::regclass + '\"a''b\"'::regnamespace"
    )
