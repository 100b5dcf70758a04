"""SQLite's lexical rules: SQL text -> tokens, without white space and comments.

Follows https://sqlite.org/lang_keywords.html, lang_comment.html and syntax/literal-value.html. A token keeps its own
text to the letter; joined again, tokens mean what they meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase
from typing import Final, Literal, NamedTuple, cast

from schema_sync.model.words import Word

Sort = Literal["word", "quoted", "string", "blob", "number", "variable", "operator"]


_SMALL: Final = str.maketrans(ascii_uppercase, ascii_lowercase)
_CAPITAL: Final = str.maketrans(ascii_lowercase, ascii_uppercase)


def folded(name: str) -> str:
    """A name in small letters, which is the same for all names that SQLite takes for one.

    It folds ASCII alone: a table may be called like another one but for an É (sqlite3StrICmp() in util.c).
    """
    return name.translate(_SMALL)


def capitals(text: str) -> str:
    """A text in capitals, by the same measure: the ı of a name must not make a keyword of it."""
    return text.translate(_CAPITAL)


def keywords(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


RESERVED: Final = keywords(
    """ADD ALL ALTER AND AS AUTOINCREMENT BETWEEN CASE CHECK COLLATE COMMIT CONSTRAINT CREATE DEFAULT DEFERRABLE
    DELETE DISTINCT DROP ELSE ESCAPE EXCEPT EXISTS FOREIGN FROM GROUP HAVING IN INDEX INSERT INTERSECT INTO IS
    ISNULL JOIN LIMIT NOT NOTHING NOTNULL NULL ON OR ORDER PRIMARY REFERENCES RETURNING SELECT SET TABLE THEN TO
    TRANSACTION UNION UNIQUE UPDATE USING VALUES WHEN WHERE"""
)
"""Words that are never a name unless they are quoted."""

SOFT: Final = keywords(
    """ABORT ACTION AFTER ALWAYS ANALYZE ASC ATTACH BEFORE BEGIN BY CASCADE CAST COLUMN CONFLICT CROSS CURRENT
    CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP DATABASE DEFERRED DESC DETACH DO EACH END EXCLUDE EXCLUSIVE
    EXPLAIN FAIL FILTER FIRST FOLLOWING FOR FULL GENERATED GLOB GROUPS IF IGNORE IMMEDIATE INDEXED INITIALLY
    INNER INSTEAD KEY LAST LEFT LIKE MATCH MATERIALIZED NATURAL NO NULLS OF OFFSET OTHERS OUTER OVER PARTITION
    PLAN PRAGMA PRECEDING QUERY RAISE RANGE RECURSIVE REGEXP REINDEX RELEASE RENAME REPLACE RESTRICT RIGHT
    ROLLBACK ROW ROWS SAVEPOINT TEMP TEMPORARY TIES TRIGGER UNBOUNDED VACUUM VIEW VIRTUAL WINDOW WITH WITHIN
    WITHOUT"""
)
"""Words that are keywords in some places and names in others (SQLite's grammar falls back to an identifier)."""

_SORT: Final = r"""
    (?P<blob>     [xX]'[0-9a-fA-F]*' )
  | (?P<word>     [A-Za-z_\x80-\U0010ffff][A-Za-z0-9_$\x80-\U0010ffff]* )
  | (?P<number>   0[xX][0-9a-fA-F_]+ | (?: [0-9][0-9_]*(?:\.[0-9_]*)? | \.[0-9][0-9_]* )(?:[eE][+-]?[0-9]+)? )
  | (?P<string>   '(?:[^']|'')*' )
  | (?P<quoted>   "(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\] )
  | (?P<variable> \?[0-9]* | [:@\#$][A-Za-z0-9_$:\x80-\U0010ffff]+ )
  | (?P<operator> ->> | -> | \|\| | << | >> | <= | >= | <> | == | != | [-+*/%&|<>=~(),.;] )
"""
_ONE = re.compile(_SORT, re.VERBOSE | re.DOTALL)
_ALL = re.compile(
    rf"""
    [ \t\n\f\r\ufeff]*+
    (?: --[^\n]* | /\*.*?(?:\*/|\Z) | \Z
      # A character that begins no token is found by itself: nothing is passed over.
      | ( {re.sub("[?]P<[a-z]+>", "?:", _SORT)} | . ) )
    """,
    re.VERBOSE | re.DOTALL,
)
_SAFE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Token(NamedTuple):
    """One token."""

    sort: Sort
    text: str
    upper: str
    """A word in capitals, for comparison with keywords; other tokens are as they stand."""

    @property
    def name(self) -> str:
        """What it names where a name stands: quotes taken off. SQLite takes `'x'` there too."""
        if self.sort in ("quoted", "string"):
            quote = self.text[-1]
            inner = self.text[1:-1]
            return inner if quote == "]" else inner.replace(quote * 2, quote)
        return self.text

    @property
    def is_doubtful(self) -> bool:
        """Whether it is `"x"`, which SQLite takes for a string where no such column is in scope."""
        return self.sort == "quoted" and self.text[0] == '"'


def tokenise(text: str) -> list[Token]:
    """The tokens of a text, in order.

    Raises:
        ValueError: a character that no token of SQLite begins with, or a quote that is not closed.
    """
    return [_token(found) for found in _ALL.findall(text) if found]


def words(text: str) -> list[Word]:
    """The tokens of a text, as those see them who know no engine; none of what is no SQL."""
    try:
        found = tokenise(text)
    except ValueError:
        return []
    return [Word(token.text, token.name if token.sort in ("word", "quoted") else None) for token in found]


@lru_cache(maxsize=16384)
def _token(text: str) -> Token:
    """The one token that a text is. Cached: a schema says few words many times."""
    found = _ONE.fullmatch(text)
    if found is None:
        raise ValueError(f"no SQL: {text!r}")
    sort = cast(Sort, found.lastgroup)
    return Token(sort, text, capitals(text) if sort == "word" else text)


@lru_cache(maxsize=16384)
def quote(name: str) -> str:
    """A name as canonical text has it: bare where that is safe in every place, else in double quotes."""
    if _SAFE.fullmatch(name) and capitals(name) not in RESERVED and capitals(name) not in SOFT:
        return name
    return '"' + name.replace('"', '""') + '"'


def closing(tokens: Sequence[Token], at: int) -> int:
    """Where the parenthesis that opens at `at` closes.

    Raises:
        ValueError: it does not.
    """
    depth = 0
    for n in range(at, len(tokens)):
        if tokens[n].text == "(":
            depth += 1
        elif tokens[n].text == ")":
            depth -= 1
            if not depth:
                return n
    raise ValueError("a parenthesis is not closed")


def split(tokens: Sequence[Token], separator: str = ",") -> list[Sequence[Token]]:
    """The parts between separators that stand outside of parentheses; none for no tokens."""
    parts: list[Sequence[Token]] = []
    depth = start = 0
    for n, token in enumerate(tokens):
        if token.text == "(":
            depth += 1
        elif token.text == ")":
            depth -= 1
        elif token.text == separator and not depth:
            parts.append(tokens[start:n])
            start = n + 1
    if start < len(tokens):
        parts.append(tokens[start:])
    return parts


def bare(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens without the parentheses that enclose all of them, however many."""
    while len(tokens) > 2 and tokens[0].text == "(" and closing(tokens, 0) == len(tokens) - 1:
        tokens = tokens[1:-1]
    return tokens
