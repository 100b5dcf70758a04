"""A tenant's own name in deparsed text: gone where it is the schema's, kept where it is a table's."""

from __future__ import annotations

import pytest

from schema_sync.adapters.postgres import text
from tests.tenants import PostgresTenant, capture, converge, open_adapter

SCRIPT = """
CREATE TABLE orders (id integer, total integer CHECK (total > 0), "orders" text);
CREATE FUNCTION lower(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE TYPE date AS ENUM ('never');
CREATE TABLE pg_class (day OWN.date, total integer);
CREATE VIEW v AS SELECT orders.*, OWN.lower(orders.total) AS l FROM orders WHERE orders.total > 1;
CREATE VIEW w AS SELECT p.day, 'never'::OWN.date AS d FROM OWN.pg_class p;
CREATE FUNCTION f(d OWN.date) RETURNS SETOF OWN.pg_class LANGUAGE plpgsql AS 'BEGIN END';
"""
"""Its own objects are called like some of pg_catalog, which the server then prints with their schema."""


@pytest.mark.parametrize("tenant", ["orders", "p", "lower", "date", "total"])
async def test_a_tenant_that_is_called_like_its_own_objects_is_like_any_other(tenant: str, postgres_url: str) -> None:
    adapter = open_adapter(postgres_url)
    try:
        one, other, empty = (PostgresTenant(adapter, postgres_url, name) for name in (tenant, "t-1", "t-2"))
        for each in (one, other):
            each.create()
            each.load(SCRIPT.replace("OWN", text.quote(each.name)))
        empty.create()
        snapshot = await capture(one)
        assert snapshot.files == (await capture(other)).files
        assert "{tenant}" in repr(snapshot.files)
        await converge(empty, snapshot)
    finally:
        await adapter.close()


def test_only_what_stands_before_a_known_name_is_the_schema() -> None:
    assert text.neutral("t.id + t.lower(t.id)", "t", {"lower"}) == 't.id + U&"{tenant}".lower(t.id)'
    assert text.neutral("t.id", "t", set()) == "t.id"
    assert text.neutral("a OPERATOR(t.=) t.b", "t", set()) == 'a OPERATOR(U&"{tenant}".=) t.b'
    assert text.neutral("x.t.lower", "t", {"lower"}) == "x.t.lower"
