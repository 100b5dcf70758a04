"""The tokeniser and canonical text."""

from __future__ import annotations

import pytest

from schema_sync.adapters.sqlite.parse import parse_table
from schema_sync.adapters.sqlite.text import render, table_scope
from schema_sync.adapters.sqlite.tokens import split, tokenise

SCOPE = table_scope("t", ["id", "Name", "key", "with space"])


def canonical(text: str) -> str:
    """The canonical text of an expression of the table t."""
    return render(tokenise(text), SCOPE)


@pytest.mark.parametrize(
    ("text", "sorts"),
    [
        ("a 'it''s' \"q\"\"q\" [b c] `d`", "word string quoted quoted quoted"),
        ("x'0f' X'' 0x1F 1.5e-3 .5 5. 1_000", "blob blob number number number number number"),
        ("? ?12 :a @b $c", "variable variable variable variable variable"),
        ("a->>'$.x' || b<>c", "word operator string operator word operator word"),
        ("-- 'no string\n1 /* ( */ + 2 -- end", "number operator number"),
        ("é_1 /* never closed", "word"),
    ],
)
def test_every_sort_of_token_is_told_from_the_others(text: str, sorts: str) -> None:
    assert " ".join(token.sort for token in tokenise(text)) == sorts


@pytest.mark.parametrize("text", ["'open", '"open', "a { b"])
def test_what_is_no_sql_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no SQL"):
        tokenise(text)


def test_commas_in_parentheses_and_strings_do_not_split() -> None:
    parts = split(tokenise("a, f(b, c), 'd, e'"))
    assert [[token.text for token in part] for part in parts] == [["a"], ["f", "(", "b", ",", "c", ")"], ["'d, e'"]]


@pytest.mark.parametrize(
    "spellings",
    [
        ["id > 0 AND Name IS NOT NULL", 'id>0 and "name" is/* so */not null', "[ID] > 0\n AND `Name` Is Not Null"],
        ["Name LIKE 'a%' ESCAPE '!'", "name like 'a%' escape '!'"],
        ['"key" = 1', "key = 1", "[KEY]=1", 't."key" = 1', '"T".key = 1'],
        ['"with space" COLLATE NOCASE', "[with space] collate nocase"],
        ["CASE id WHEN 1 THEN -1 ELSE - -2 END", "case id when 1 then - 1 else - - 2 end"],
        ["CAST(id AS TEXT)", "cast ( id as TEXT )"],
        ["id IN (1, 2) OR NOT id BETWEEN 3 AND 4", "id in(1,2) or not id between 3 and 4"],
        ["f(DISTINCT id) FILTER (WHERE id > 1)", "f( distinct id ) filter ( where id>1 )"],
    ],
)
def test_spellings_that_mean_the_same_have_one_text(spellings: list[str]) -> None:
    assert {canonical(spelling) for spelling in spellings} == {spellings[0]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('Name = "nobody"', "Name = nobody"),
        ("Name = 'Key'", "Name = 'key'"),
        ("a - -1", "a - 1"),
        ("(id + 1) * 2", "id + 1 * 2"),
        ("Name || x'0f'", "Name || '0f'"),
    ],
)
def test_what_means_something_else_has_another_text(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "text",
    [
        'Name = "nobody" AND id <> - -1',
        "count(*) OVER (PARTITION BY id ORDER BY Name DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)",
        "replace(Name, 'like', \"key\") GLOB '*' || +id",
        "json_extract(Name, '$.a') ->> 'b' IS NOT TRUE",
        "id NOT IN (SELECT key FROM other WHERE other.key = id LIMIT 1 OFFSET 2)",
        "CASE WHEN id THEN CURRENT_TIMESTAMP END",
    ],
)
def test_canonical_text_is_its_own(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once
    assert [token.name.lower() for token in tokenise(once)] == [token.name.lower() for token in tokenise(text)]


def test_a_table_is_read_past_everything_that_is_allowed_in_it() -> None:
    table = parse_table(
        "t",
        """CREATE TABLE "t" (a, 'b' "weird type" (1, 2) NULL DEFAULT -1, c INT GENERATED ALWAYS AS ((a)) STORED,
        d TEXT COLLATE nocase NOT NULL ON CONFLICT FAIL CONSTRAINT k CHECK (d <> ')') REFERENCES p DEFERRABLE
        INITIALLY DEFERRED, PRIMARY KEY (a, d COLLATE RTRIM DESC) ON CONFLICT ABORT CONSTRAINT u UNIQUE (b)
        FOREIGN KEY (a, b) REFERENCES q (x, y) MATCH SIMPLE ON UPDATE SET DEFAULT NOT DEFERRABLE) WITHOUT ROWID""",
    )
    assert [(column.name, column.type, column.default) for column in table.columns] == [
        ("a", "", None),
        ("b", '"WEIRD TYPE"(1, 2)', "-1"),
        ("c", "INT", None),
        ("d", "TEXT", None),
    ]
    assert (table.columns[2].generated, table.columns[2].stored) == ("(a)", True)
    assert (table.columns[3].collation, table.columns[3].not_null_conflict) == ("NOCASE", "FAIL")
    assert table.primary_key is not None
    assert [(part.column, part.collation, part.desc) for part in table.primary_key.parts] == [
        ("a", "", False),
        ("d", "RTRIM", True),
    ]
    assert [(key.constraint, key.parts[0].column) for key in table.uniques] == [("u", "b")]
    assert [(check.constraint, check.expression) for check in table.checks] == [("k", "d <> ')'")]
    assert [(key.parent, key.deferral, key.on_update, key.match) for key in table.foreign_keys] == [
        ("p", "DEFERRABLE INITIALLY DEFERRED", "", ""),
        ("q", "NOT DEFERRABLE", "SET DEFAULT", "SIMPLE"),
    ]
