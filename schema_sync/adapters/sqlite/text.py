"""Canonical text: tokens -> one spelling for all spellings that mean the same.

White space, comments, the case of keywords and the quoting of identifiers make no difference. A keyword is put in
capitals only where it is certainly one; a bare word is otherwise kept as it stands, which is always right. Text that
is canonical is its own canonical text.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from schema_sync.adapters.sqlite.tokens import RESERVED, SOFT, Token, capitals, folded, keywords, quote

Meaning = Literal["name", "string", "unknown"]

ROWID: Final = ("rowid", "oid", "_rowid_")
"""The names of the row's own number, where no column has them (https://sqlite.org/lang_createtable.html#rowid)."""

_ENDS_OPERAND = keywords("NULL ISNULL NOTNULL NOTHING")
_INFIX = keywords("LIKE GLOB MATCH REGEXP OFFSET BY")
_POSTFIX = (
    keywords(
        """ASC DESC END NULLS FIRST LAST OVER FILTER WINDOW ROWS RANGE GROUPS PRECEDING FOLLOWING UNBOUNDED CURRENT
    ROW EXCLUDE OTHERS TIES NO DO PARTITION RECURSIVE INDEXED OF"""
    )
    | _INFIX
)
_JOINS = keywords("CROSS FULL INNER LEFT NATURAL OUTER RIGHT")
_CALLS = keywords("CAST RAISE")
_NOW = keywords("CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP")
_CONFLICTS = keywords("ABORT FAIL IGNORE REPLACE ROLLBACK")
BUILT_IN_COLLATIONS: Final = keywords("BINARY NOCASE RTRIM")
"""The collations that every connection has."""


@dataclass(frozen=True)
class Scope:
    """What names mean where a text stands."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """The columns of the one table that is in scope: in lower case -> as spelled."""

    table: str = ""
    """The name of that table, in lower case: a qualifier that says nothing."""

    known: Container[str] = frozenset()
    """Names, in lower case, that a word which can also be a keyword stands for."""

    meaning: Callable[[int], Meaning] | None = None
    """What the doubtful `"x"` at a position means; by default, what the columns say."""


def table_scope(table: str, columns: Sequence[str]) -> Scope:
    """The scope of a table's own expressions: they see its columns and nothing else."""
    spelled = {name: name for name in ROWID} | {folded(column): column for column in columns}
    return Scope(columns=spelled, table=folded(table), known=spelled)


class _Piece(NamedTuple):
    text: str
    role: Literal["keyword", "name", "literal", "operator", "unary", "call"]


def render(tokens: Sequence[Token], scope: Scope) -> str:
    """The canonical text of tokens."""
    return _spaced(_pieces(tokens, scope))


def collation(token: Token) -> str:
    """A collation's name: SQLite's own in capitals."""
    return capitals(token.name) if capitals(token.name) in BUILT_IN_COLLATIONS else token.name


def literal(token: Token) -> str:
    """The canonical text of a literal."""
    return "x" + token.text[1:] if token.sort == "blob" else token.text


def _pieces(tokens: Sequence[Token], scope: Scope) -> list[_Piece]:
    pieces: list[_Piece] = []
    n = 0
    while n < len(tokens):
        if _is_own_qualifier(tokens, n, scope):
            n += 2
            continue
        pieces.append(_piece(tokens, n, scope, pieces))
        n += 1
    return pieces


def _is_own_qualifier(tokens: Sequence[Token], n: int, scope: Scope) -> bool:
    return (
        n + 2 < len(tokens)
        and tokens[n + 1].text == "."
        and bool(scope.table)
        and tokens[n].sort in ("word", "quoted")
        and folded(tokens[n].name) == scope.table
        and folded(tokens[n + 2].name) in scope.columns
        and (n == 0 or tokens[n - 1].text != ".")
    )


def _piece(tokens: Sequence[Token], n: int, scope: Scope, before: Sequence[_Piece]) -> _Piece:
    token = tokens[n]
    match token.sort:
        case "quoted":
            return _quoted(tokens, n, scope)
        case "word":
            return _word(tokens, n, scope, before)
        case "operator":
            unary = token.text in "+-~" and _wants_operand(before)
            return _Piece(token.text, "unary" if unary else "operator")
        case _:
            return _Piece(literal(token), "literal")


def _quoted(tokens: Sequence[Token], n: int, scope: Scope) -> _Piece:
    token = tokens[n]
    near_dot = _text(tokens, n + 1) == "." or _text(tokens, n - 1) == "."
    if token.is_doubtful and not near_dot and _text(tokens, n + 1) != "(" and _upper(tokens, n - 1) != "COLLATE":
        if scope.meaning is not None:
            meaning = scope.meaning(n)
        else:
            meaning = "name" if folded(token.name) in scope.columns or _upper(tokens, n - 1) == "AS" else "string"
        if meaning == "string":
            return _Piece(token.text, "literal")
        if meaning == "unknown":
            return _Piece(token.text, "name")
    return _Piece(quote(scope.columns.get(folded(token.name), token.name)), "name")


def _word(tokens: Sequence[Token], n: int, scope: Scope, before: Sequence[_Piece]) -> _Piece:
    token = tokens[n]
    word = token.upper
    dotted = _text(tokens, n - 1) == "." or _text(tokens, n + 1) == "."
    if not dotted:
        if word in RESERVED:
            return _Piece(word, "keyword")
        if word in SOFT and _is_keyword(tokens, n, before):
            return _Piece(word, "call" if word in _CALLS else "keyword")
        if _upper(tokens, n - 1) == "COLLATE":
            return _Piece(quote(collation(token)), "name")
    lower = folded(token.text)
    if _text(tokens, n + 1) == "(":
        return _Piece(token.text, "name")
    if lower in scope.columns:
        return _Piece(quote(scope.columns[lower]), "name")
    if word in ("TRUE", "FALSE") and lower not in scope.known:
        return _Piece(word, "literal")
    if word in SOFT and (dotted or (lower in scope.known and _wants_operand(before))):
        return _Piece(quote(token.text), "name")
    return _Piece(token.text, "name")


def _is_keyword(tokens: Sequence[Token], n: int, before: Sequence[_Piece]) -> bool:
    """Whether a word that can be either is certainly a keyword here."""
    word, last, then = tokens[n].upper, _upper(tokens, n - 1), _upper(tokens, n + 1)
    if word == "BY":
        return last in ("ORDER", "GROUP", "PARTITION")
    if word == "PARTITION":
        return then == "BY"
    if word in _CALLS:
        return _text(tokens, n + 1) == "("
    if word in _NOW:
        return True
    if word in _JOINS:
        return then == "JOIN" or then in _JOINS
    if word in _CONFLICTS and (last == "OR" or (_text(tokens, n - 1) == "(" and _upper(tokens, n - 2) == "RAISE")):
        return _upper(tokens, n - 2) in ("INSERT", "UPDATE", "RAISE")
    if word in ("REPLACE", "WITH"):
        return then in ("INTO", "RECURSIVE") or (word == "WITH" and _upper(tokens, n + 2) == "AS")
    if word == "CONFLICT":
        return last == "ON"
    if word == "MATERIALIZED":
        return last in ("AS", "NOT")
    if word in ("ROWS", "RANGE", "GROUPS", "CURRENT", "UNBOUNDED") and then in (
        "BETWEEN", "UNBOUNDED", "CURRENT", "ROW", "PRECEDING", "FOLLOWING",
    ):  # fmt: skip
        return True
    return word in _POSTFIX and not _wants_operand(before)


def _wants_operand(before: Sequence[_Piece]) -> bool:
    if not before:
        return True
    last = before[-1]
    if last.role == "keyword":
        return last.text in _INFIX or (last.text in RESERVED and last.text not in _ENDS_OPERAND)
    return last.role == "unary" or (last.role == "operator" and last.text != ")")


def _spaced(pieces: Sequence[_Piece]) -> str:
    parts: list[str] = []
    for n, piece in enumerate(pieces):
        if n and _is_apart(pieces[n - 1], piece):
            parts.append(" ")
        parts.append(piece.text)
    return "".join(parts)


def _is_apart(last: _Piece, piece: _Piece) -> bool:
    if piece.text in (",", ";", ")", ".") or last.text in ("(", "."):
        return False
    if piece.text == "(":
        return last.role not in ("name", "call")
    return not (last.role == "unary" and not piece.text.startswith(("-", "+", "~")))


def _text(tokens: Sequence[Token], n: int) -> str:
    return tokens[n].text if 0 <= n < len(tokens) else ""


def _upper(tokens: Sequence[Token], n: int) -> str:
    return tokens[n].upper if 0 <= n < len(tokens) else ""
