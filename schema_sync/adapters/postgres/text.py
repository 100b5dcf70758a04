"""The one tokeniser for PostgreSQL's SQL text, and what is done to definitions with it.

It follows the lexical structure of the manual (section 4.1): string constants with and without escapes, dollar quotes,
quoted identifiers, nested comments. Text is only ever changed at whole tokens, never by search and replace.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache, partial
from typing import Final, NamedTuple

from schema_sync.model.words import Word

STAND_IN: Final = "{tenant}"
"""The name that stands for the tenant's own schema in stored text."""

PLACEHOLDER: Final = f'"{STAND_IN}"'
"""The same as an identifier."""

_ROLE: Final = 'U&"'

_TOKEN: Final = re.compile(
    r"""
      (?P<space>\s+|--[^\n]*)
    | (?P<comment>/\*)
    | (?P<string>[eE]'(?:[^'\\]|\\.|'')*'|(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*')
    | (?P<dollar>\$(?P<tag>(?:[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*)?)\$.*?\$(?P=tag)\$)
    | (?P<quoted>(?:[uU]&)?"(?:[^"]|"")*")
    | (?P<word>[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_$\x80-\U0010ffff]*)
    | (?P<number>\.?\d(?:[\w.]|(?<=[eE])[+-])*)
    | (?P<mark>::|.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of SQL text: the texts of all tokens make the text."""

    kind: str
    """`space`, `comment`, `string`, `dollar`, `quoted`, `word`, `number` or `mark`."""
    text: str

    @property
    def name(self) -> str | None:
        """The identifier that it spells, unquoted and folded; `None` for what is no identifier."""
        if self.kind == "word":
            return self.text.lower()
        if self.kind == "quoted":
            return self.text[1:-1].replace('""', '"')
        return None


def tokens(sql: str) -> Iterator[Token]:
    """The tokens of a text, in order; their texts joined are the text."""
    at = 0
    while at < len(sql):
        match = _TOKEN.match(sql, at)
        assert match is not None
        kind = match.lastgroup or "mark"
        end = _comment_end(sql, at) if kind == "comment" else match.end()
        yield Token(kind, sql[at:end])
        at = end


def _comment_end(sql: str, at: int) -> int:
    """Where a block comment ends; they nest (4.1.5)."""
    depth = 0
    for mark in re.finditer(r"/\*|\*/", sql[at:]):
        depth += 1 if mark.group() == "/*" else -1
        if not depth:
            return at + mark.end()
    return len(sql)


def words(sql: str) -> list[Word]:
    """The tokens without white space and comments; see `Words`."""
    return [Word(token.text, token.name) for token in tokens(sql) if token.kind not in ("space", "comment")]


def quote(name: str) -> str:
    """A name as an identifier that is always quoted."""
    return '"' + name.replace('"', '""') + '"'


_REGISTERED: Final = frozenset(
    {
        *("regclass", "regproc", "regprocedure", "regtype", "regoper", "regoperator", "regcollation", "regnamespace"),
        *("regconfig", "regdictionary"),
    }
)
"""Types whose constants are names of objects (manual: 8.19)."""


def neutral(sql: str, tenant: str, names: Collection[str] | None = None) -> str:
    """The text with the placeholder where an identifier before a dot is the tenant's own name.

    A table or an alias may be called like its tenant, and stand before the dot of a column. With `names`, only what
    stands before one of these, before an operator, or in a constant such as `'t.x'::regclass`, is taken for the schema.
    """
    if tenant not in sql.lower() and tenant.replace('"', '""') not in sql:
        return sql
    if names is not None and not names and "OPERATOR(" not in sql and "'::reg" not in sql:
        return sql
    found = list(tokens(sql))
    words = [n for n, token in enumerate(found) if token.kind not in ("space", "comment")]
    parts = [found[n] for n in words]
    for at, here in enumerate(words[:-2]):
        if _is_registered(parts, at):
            whole = parts[at + 2].text == "regnamespace"
            found[here] = Token(
                "string", _requoted(parts[at].text, partial(_neutral_name, tenant=tenant, is_schema=whole))
            )
        if parts[at].name != tenant or parts[at + 1].text != "." or (at and parts[at - 1].text == "."):
            continue
        is_operator = at > 1 and parts[at - 1].text == "(" and parts[at - 2].text == "OPERATOR"
        if names is None or is_operator or parts[at + 2].name in names:
            found[here] = Token("quoted", PLACEHOLDER)
    return "".join(token.text for token in found)


def _is_registered(parts: list[Token], at: int) -> bool:
    """Whether a constant that is an object's name stands here."""
    return (
        at + 2 < len(parts)
        and parts[at].text.startswith("'")
        and parts[at + 1].text == "::"
        and parts[at + 2].text in _REGISTERED
    )


def _requoted(literal: str, change: Callable[[str], str]) -> str:
    return "'" + change(literal[1:-1].replace("''", "'")).replace("'", "''") + "'"


def _neutral_name(name: str, tenant: str, is_schema: bool) -> str:
    """The name in a constant of a registered type, which is nothing but identifiers."""
    if is_schema:
        return PLACEHOLDER if name in (tenant, quote(tenant)) else name
    return neutral(name, tenant)


def neutral_list(names: str, tenant: str) -> str:
    """A list of identifiers, such as a search_path, with the placeholder for the tenant's own name."""
    if tenant not in names and quote(tenant) not in names:
        return names
    return "".join(PLACEHOLDER if token.name == tenant else token.text for token in tokens(names))


def role_placeholder(spelling: str) -> str:
    """The identifier that stands for a tenant's own role, such as `{app}`, in a statement.

    It is written with Unicode escapes (4.1.2.3), as neither the server nor any rule of ours writes a name: a table
    that is called `{app}` is another token.
    """
    return f'{_ROLE}{spelling}"'


BODY_TAG: Final = "tenant"
"""What the tag of a dollar quote begins with whose contents have the placeholder at identifiers."""


def expand(sql: str, tenant: str, roles: Mapping[str, str] | None = None) -> str:
    """The text with names where placeholders stand: the tenant's, and those of its roles by their spelling.

    The tenant's is put in constants that are names of objects, too, and in bodies that are quoted with `BODY_TAG`.
    """
    if PLACEHOLDER not in sql and _ROLE not in sql:
        return sql
    known = {PLACEHOLDER: tenant} | {role_placeholder(spelling): role for spelling, role in (roles or {}).items()}
    found = list(tokens(sql))
    words = [n for n, token in enumerate(found) if token.kind not in ("space", "comment")]
    parts = [found[n] for n in words]
    for at, here in enumerate(words):
        token = found[here]
        if token.text in known:
            found[here] = Token("quoted", quote(known[token.text]))
        elif token.kind == "dollar" and token.text.startswith(f"${BODY_TAG}"):
            tag = token.text[: token.text.index("$", 1) + 1]
            found[here] = Token("dollar", tag + _expand_body(token.text[len(tag) : -len(tag)], tenant) + tag)
        elif PLACEHOLDER in token.text and _is_registered(parts, at):
            found[here] = Token("string", _requoted(token.text, partial(expand, tenant=tenant)))
    return "".join(token.text for token in found)


def _expand_body(body: str, tenant: str) -> str:
    return "".join(quote(tenant) if token.text == PLACEHOLDER else token.text for token in tokens(body))


def mentions(sql: str, tenant: str) -> bool:
    """Whether a literal or a comment of the neutral text contains the tenant's name as a word of its own."""
    if tenant not in sql:
        return False
    return any(
        mentions_in_body(token.text, tenant) for token in tokens(sql) if token.kind in ("string", "dollar", "comment")
    )


def mentions_in_body(body: str, tenant: str) -> bool:
    """Whether the tenant's name is in a body that the server keeps as a string, not as a part of a longer word."""
    body = body.replace(PLACEHOLDER, "")
    return tenant in body and re.search(rf"(?<!\w){re.escape(tenant)}(?!\w)", body) is not None


def calls(sql: str) -> set[str]:
    """The names of the functions that a deparsed expression calls, without their schemas.

    A word before a parenthesis is a function unless it is a keyword, which the server prints in capitals, or belongs
    to the type of a cast.
    """
    found = set()
    before: Token | None = None
    in_cast = False
    for token in tokens(sql):
        if token.kind in ("space", "comment"):
            continue
        if token.text == "(" and not in_cast and before is not None and before.name is not None:
            is_keyword = before.kind == "word" and before.text.isupper()
            found |= set() if is_keyword else {before.name}
        in_cast = token.text == "::" or (in_cast and (token.name is not None or token.text == "."))
        before = token
    return found


@lru_cache(maxsize=4096)
def canonical(sql: str) -> str:
    """The text as the server prints it after it was run as printed: the fixed point of deparsing.

    A cast of a whole array is printed behind its constructor, `(ARRAY['a'::character varying])::text[]`, but is pushed
    down to the elements when that is parsed (transformTypeCast() in parse_expr.c), and printed so from then on:
    `ARRAY[('a'::character varying)::text]`. IN over a varchar column is such a text.
    """
    while "ARRAY[" in sql and (further := "".join(_push_down(list(tokens(sql))))) != sql:
        sql = further
    return sql


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
    """An element with the array's cast, as it would be printed: with parentheses, or pretty and without."""
    array = element.startswith("ARRAY[")
    behind = f"::{type_}[]" if array else f"::{type_}"
    return f"({element}){behind}" if grouped or not (array or _is_simple(element)) else element + behind


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
