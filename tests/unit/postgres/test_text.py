"""The tokeniser, the tenant's own name, and the fixed point of deparsing; no server is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.canonical import canonical

_PIECES = [
    *("a", '"t 1"', "t1", ".", "'it''s t1.x'", "E'\\' t1.'", "$$t1.x$$", "$q$ $$ $q$", "/* t1. /* t1 */ */", " "),
    *("-- t1.\n", "::", "[", "]", "(", ")", ",", "ARRAY", "1.5e-3", "é", "+", "U&'\\0041'", "'", '"', "$"),
]
_SQL = st.lists(st.sampled_from(_PIECES)).map("".join)


@given(_SQL)
def test_tokens_joined_are_the_text(sql: str) -> None:
    assert "".join(token.text for token in text.tokens(sql)) == sql


@given(_SQL)
def test_canonical_text_is_its_own_canonical_text(sql: str) -> None:
    assert canonical(canonical(sql)) == canonical(sql)


@pytest.mark.parametrize(
    ("tenant", "sql", "neutral"),
    [
        ("t1", "t1.f(t10.x, a.t1.b)", 'U&"{tenant}".f(t10.x, a.t1.b)'),
        ("t1", "'t1.x' || E'\\'t1.x' || $$t1.x$$ -- t1.x", "'t1.x' || E'\\'t1.x' || $$t1.x$$ -- t1.x"),
        ("t1", "/* t1. /* t1. */ t1. */ t1.x", '/* t1. /* t1. */ t1. */ U&"{tenant}".x'),
        ("t1", 'T1 . x + "T1".x', 'U&"{tenant}" . x + "T1".x'),
        ("t1", "SELECT t1 FROM x", "SELECT t1 FROM x"),
        ('a"b', '"a""b".x + "a"', 'U&"{tenant}".x + "a"'),
        ("select", '"select".x', 'U&"{tenant}".x'),
    ],
)
def test_the_tenants_own_name_is_replaced_where_it_qualifies(tenant: str, sql: str, neutral: str) -> None:
    assert text.neutral(sql, tenant) == neutral
    assert text.neutral(text.expand(neutral, tenant), tenant) == neutral


@pytest.mark.xfail(strict=True, reason="nothing tells a table's column from a schema's type by the names alone")
def test_a_column_is_no_type_where_schema_table_and_column_are_called_like_one() -> None:
    assert text.neutral("SELECT text.text FROM text", "text", {"text"}) == "SELECT text.text FROM text"


def test_what_was_captured_in_one_tenant_runs_in_another() -> None:
    assert text.expand(text.neutral("SELECT t1.f('t1.f')", "t1"), 'a"b') == 'SELECT "a""b".f(\'t1.f\')'


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT 't1.x'", True),
        ("SELECT $$ t1 $$", True),
        ("SELECT 't10', t1.x, 'at1'", False),
        ("SELECT 1 -- t2", False),
    ],
)
def test_a_literal_with_the_tenants_name_is_noticed(sql: str, found: bool) -> None:
    assert text.mentions(sql, "t1") is found


@pytest.mark.parametrize(
    ("printed", "settled"),
    [
        (
            "((s)::text = ANY ((ARRAY['a'::character varying, 'b,]'::character varying])::text[]))",
            "((s)::text = ANY (ARRAY[('a'::character varying)::text, ('b,]'::character varying)::text]))",
        ),
        (
            "s::text = ANY (ARRAY['a'::character varying, 'b'::character varying]::text[])",
            "s::text = ANY (ARRAY['a'::character varying::text, 'b'::character varying::text])",
        ),
        (
            "(ARRAY[ARRAY['a'::character varying], ARRAY[x]])::text[]",
            "ARRAY[ARRAY[('a'::character varying)::text], ARRAY[(x)::text]]",
        ),
        ("(ARRAY[1, f(2, 3)])::numeric(10,2)[]", "ARRAY[(1)::numeric(10,2), (f(2, 3))::numeric(10,2)]"),
        ("ARRAY[a || b, c]::x.y[]", "ARRAY[(a || b)::x.y, c::x.y]"),
        ("ARRAY[]::text[]", "ARRAY[]::text[]"),
        ("f(ARRAY[1, 2])::text[]", "f(ARRAY[1, 2])::text[]"),
        ("'(ARRAY[1])::text[]'", "'(ARRAY[1])::text[]'"),
    ],
)
def test_the_cast_of_an_array_is_pushed_down_to_its_elements(printed: str, settled: str) -> None:
    assert canonical(printed) == settled


@pytest.mark.parametrize(
    ("sql", "called"),
    [
        ("nextval('s'::regclass)", {"nextval"}),
        ("('1'::character varying(10))::numeric(10,2)", set()),
        ('x."F"(now()) + COALESCE(1, 2)', {"F", "now"}),
        ("ARRAY['f(x)'::text]", set()),
    ],
)
def test_calls_are_told_from_types_and_keywords(sql: str, called: set[str]) -> None:
    assert text.calls(sql) == called


@pytest.mark.parametrize(
    ("printed", "settled"),
    [
        (
            "SELECT a\nUNION\n SELECT 'b'::character varying AS \"varchar\"",
            "SELECT a\nUNION\n SELECT 'b'::character varying",
        ),
        ("SELECT 1::bigint AS int8, NULL::x.y AS y, 'a'::text AS b", "SELECT 1::bigint, NULL::x.y, 'a'::text AS b"),
        ("SELECT a || 'x'::text AS text", "SELECT a || 'x'::text AS text"),
        ("SELECT a::text AS text", "SELECT a::text AS text"),
        ("SELECT XMLFOREST('x'::text AS text)", "SELECT XMLFOREST('x'::text AS text)"),
        ("SELECT 'x'::numeric(10,2) AS numeric, '{}'::text[] AS text", "SELECT 'x'::numeric(10,2), '{}'::text[]"),
        ("a IN ( SELECT 'x'::text AS text)", "a IN ( SELECT 'x'::text)"),
    ],
)
def test_a_constant_is_not_given_the_name_that_it_has_by_itself(printed: str, settled: str) -> None:
    assert canonical(printed) == settled


def test_a_cast_is_pushed_below_a_collation() -> None:
    assert canonical("(ARRAY[('a'::x COLLATE \"C\"), b])::text[]") == "ARRAY[(('a'::x)::text COLLATE \"C\"), (b)::text]"
    assert canonical("ARRAY['a'::x COLLATE \"C\", b]::text[]") == "ARRAY['a'::x::text COLLATE \"C\", b::text]"


def test_the_marks_of_a_cycle_are_written_as_its_grammar_takes_them() -> None:
    printed = ") CYCLE n SET c TO 'y'::text DEFAULT 'n'::text USING p SELECT 'x'::text || n FROM r"
    assert canonical(printed) == ") CYCLE n SET c TO text 'y' DEFAULT text 'n' USING p SELECT 'x'::text || n FROM r"
