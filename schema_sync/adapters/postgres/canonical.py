"""Canonical text: the fixed point of the server's own deparsing.

What the server prints is not always what it prints once that was run. Such text is rewritten to what it becomes, or to
the common form of all its spellings, at whole tokens and never by search and replace.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from schema_sync.adapters.postgres.text import Token, tokens

_NAMED_BY_TYPE: Final = {
    "character varying": "varchar",
    "character": "bpchar",
    "integer": "int4",
    "bigint": "int8",
    "smallint": "int2",
    "real": "float4",
    "double precision": "float8",
    "boolean": "bool",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
    "time without time zone": "time",
    "time with time zone": "timetz",
    "bit varying": "varbit",
}
"""What a column is called that is a cast (FigureColname() in parse_target.c), for types that SQL spells otherwise."""

_BEHIND_A_CAST: Final = frozenset({"AS", "DEFAULT", "FROM", "USING", None})


@lru_cache(maxsize=4096)
def canonical(sql: str) -> str:
    """The text as the server prints it after it was run as printed: the fixed point of deparsing.

    A cast of a whole array is printed behind its constructor, `(ARRAY['a'::character varying])::text[]`, but is pushed
    down to the elements when that is parsed (transformTypeCast() in parse_expr.c), and printed so from then on:
    `ARRAY[('a'::character varying)::text]`. IN over a varchar column is such a text.

    A constant of a set operation has no name of its own until it is printed with the cast that it got: then it is named
    after the type, and printed with that name from then on. The name that a constant has by itself is left out.

    The marks of a CYCLE clause are printed with casts, which its grammar does not take.
    """
    while "ARRAY[" in sql and (further := "".join(_push_down(list(tokens(sql))))) != sql:
        sql = further
    if "::" in sql and " AS " in sql:
        sql = "".join(_unnamed(list(tokens(sql))))
    return "".join(_marked(list(tokens(sql)))) if "CYCLE" in sql else sql


def _unnamed(found: list[Token]) -> Iterator[str]:
    """The texts of the tokens without `AS text` behind a column `'x'::text`."""
    openings: list[int] = []
    at = 0
    while at < len(found):
        token = found[at]
        if token.text in ("(", "["):
            openings.append(at)
        elif token.text in (")", "]") and openings:
            openings.pop()
        yield token.text
        at += 1
        if (token.kind in ("string", "number") or token.text == "NULL") and _begins_column(found, at - 1, openings):
            end = _end_of_cast(found, at)
            if end > at and _names_itself(found, at, end):
                yield from (one.text for one in found[at:end])
                at = end + 4


def _begins_column(found: list[Token], at: int, openings: list[int]) -> bool:
    """Whether a column of a query begins here: not an argument, which may have a name as well (XMLFOREST)."""
    before = _significant(found, at, -1)
    if before is None or before.text not in ("SELECT", "ALL", "DISTINCT", ","):
        return False
    inner = _significant(found, openings[-1], 1) if openings else None
    return inner is None or inner.text in ("SELECT", "VALUES", "WITH", "(")


def _significant(found: list[Token], at: int, step: int) -> Token | None:
    at += step
    while 0 <= at < len(found) and found[at].kind in ("space", "comment"):
        at += step
    return found[at] if 0 <= at < len(found) else None


def _end_of_cast(found: list[Token], at: int) -> int:
    """Where the casts that begin here end; `at` if there are none."""
    while _text(found, at) == "::":
        at += 1
        while at < len(found) and (found[at].name is not None or found[at].text in (".", " ", "(", "[")):
            if found[at].text == " " and _text(found, at + 1) in _BEHIND_A_CAST:
                break
            at = _matching(found, at) + 1 if found[at].text in ("(", "[") else at + 1
    return at


def _names_itself(found: list[Token], at: int, end: int) -> bool:
    """Whether `AS name` follows a cast, and the name is that which the cast gives."""
    if [_text(found, end + n) for n in range(3)] != [" ", "AS", " "] or end + 3 >= len(found):
        return False
    last = max(n for n in range(at, end) if found[n].text == "::")
    limits = next((n for n in range(last, end) if found[n].text in ("(", "[")), end)
    type_ = "".join(token.text for token in found[last + 1 : end] if token.kind in ("word", "space"))
    names = [token.name for token in found[last + 1 : limits] if token.name is not None]
    return found[end + 3].name == _NAMED_BY_TYPE.get(" ".join(type_.split()), names[-1] if names else None)


def _marked(found: list[Token]) -> Iterator[str]:
    """The texts of the tokens, with the marks of CYCLE … SET … TO 'y'::text DEFAULT 'n'::text as `text 'y'`."""
    at, in_cycle = 0, False
    while at < len(found):
        token = found[at]
        in_cycle = token.text == "CYCLE" or (in_cycle and token.text != "USING")
        end = _end_of_cast(found, at + 1) if in_cycle and token.kind == "string" else at + 1
        end -= end > at + 1 and found[end - 1].kind == "space"
        if end > at + 1:
            yield "".join(one.text for one in found[at + 2 : end]) + " " + token.text
        else:
            yield token.text
        at = end


def _push_down(found: list[Token]) -> Iterator[str]:
    """The texts of the tokens, with each cast of an ARRAY[…] on its elements."""
    at = 0
    while at < len(found):
        grouped = _is_grouped(found, at)
        start = at + 1 if grouped else at
        if not _opens_array(found, start):
            yield found[at].text
            at += 1
            continue
        end = _matching(found, start + 1)
        inner = found[start + 2 : end]
        cast = _array_cast(found, end + 2 if grouped else end + 1) if inner else None
        if cast is not None:
            type_, at = cast
            yield "ARRAY[" + ", ".join(_cast(element, type_, grouped) for element in _elements(inner)) + "]"
        else:
            yield from (token.text for token in found[at : start + 2])
            at = start + 2


def _opens_array(found: list[Token], at: int) -> bool:
    return _text(found, at) == "ARRAY" and _text(found, at + 1) == "["


def _is_grouped(found: list[Token], at: int) -> bool:
    """Whether a parenthesis opens here that holds an ARRAY[…] and nothing else, and is not that of a call."""
    called = at > 0 and found[at - 1].kind in ("word", "quoted")
    if found[at].text != "(" or called or not _opens_array(found, at + 1):
        return False
    return _text(found, _matching(found, at + 2) + 1) == ")"


def _array_cast(found: list[Token], at: int) -> tuple[str, int] | None:
    """The element type of a cast to an array that stands here, and where the cast ends."""
    if _text(found, at) != "::":
        return None
    end = at + 1
    while end < len(found) and (found[end].name is not None or found[end].text in (".", " ")):
        end += 1
        if _text(found, end) == "(":
            end = _matching(found, end) + 1
    if _text(found, end) != "[" or _text(found, end + 1) != "]":
        return None
    return "".join(token.text for token in found[at + 1 : end]), end + 2


def _cast(element: str, type_: str, grouped: bool) -> str:
    """An element with the array's cast, as it would be printed: with parentheses, or pretty and without.

    A cast goes below a COLLATE (coerce_type() in parse_coerce.c).
    """
    if (collated := _collated(element)) is not None:
        inner, collation, wrapped = collated
        cast = f"{_cast(inner, type_, grouped)} COLLATE {collation}"
        return f"({cast})" if wrapped else cast
    array = element.startswith("ARRAY[")
    behind = f"::{type_}[]" if array else f"::{type_}"
    return f"({element}){behind}" if grouped or not (array or _is_simple(element)) else element + behind


def _collated(element: str) -> tuple[str, str, bool] | None:
    """What is collated, by what, and whether that stands in parentheses, if a COLLATE is the last that is done."""
    found = list(tokens(element))
    wrapped = found[0].text == "(" and _matching(found, 0) == len(found) - 1
    inside = found[1:-1] if wrapped else found
    depth, at = 0, None
    for n, token in enumerate(inside):
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        if depth == 0 and token.text == "COLLATE":
            at = n
    if at is None or any(token.name is None and token.text not in (".", " ") for token in inside[at:]):
        return None
    texts = [token.text for token in inside]
    return "".join(texts[:at]).strip(), "".join(texts[at + 1 :]).strip(), wrapped


def _is_simple(element: str) -> bool:
    """Whether the pretty form casts it without parentheses: no operator stands outside of brackets."""
    depth = 0
    for token in tokens(element):
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        if depth == 0 and token.kind == "mark" and token.text not in (")", "]", ".", "::"):
            return False
    return True


def _elements(inner: list[Token]) -> list[str]:
    """The texts between the commas that stand outside of brackets."""
    found, depth = [""], 0
    for token in inner:
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        if token.text == "," and depth == 0:
            found.append("")
        else:
            found[-1] += token.text
    return [element.strip() for element in found if element.strip()]


def _matching(found: list[Token], at: int) -> int:
    """Where the bracket that opens here closes."""
    depth = 0
    for n in range(at, len(found)):
        depth += (found[n].text in ("(", "[")) - (found[n].text in (")", "]"))
        if depth == 0:
            return n
    return len(found)


def _text(found: list[Token], at: int) -> str | None:
    return found[at].text if at < len(found) else None
