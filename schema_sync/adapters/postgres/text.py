"""The one tokeniser for PostgreSQL's SQL text, and what is done to definitions with it.

It follows the lexical structure of the manual (section 4.1): string constants with and without escapes, dollar quotes,
quoted identifiers, nested comments. Text is only ever changed at whole tokens, never by search and replace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

PLACEHOLDER: Final = '"{tenant}"'
"""The identifier that stands for the tenant's own schema in stored text."""

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


def quote(name: str) -> str:
    """A name as an identifier that is always quoted."""
    return '"' + name.replace('"', '""') + '"'


def neutral(sql: str, tenant: str) -> str:
    """The text with the placeholder where an identifier before a dot is the tenant's own name."""
    return _swap(sql, tenant, PLACEHOLDER) if tenant in sql or quote(tenant) in sql else sql


def neutral_list(names: str, tenant: str) -> str:
    """A list of identifiers, such as a search_path, with the placeholder for the tenant's own name."""
    if tenant not in names and quote(tenant) not in names:
        return names
    return "".join(PLACEHOLDER if token.name == tenant else token.text for token in tokens(names))


def expand(sql: str, tenant: str) -> str:
    """The text with the tenant's name where the placeholder stands."""
    if PLACEHOLDER not in sql:
        return sql
    return "".join(quote(tenant) if token.text == PLACEHOLDER else token.text for token in tokens(sql))


def _swap(sql: str, name: str, replacement: str) -> str:
    """Replace an identifier that is followed by a dot and does not follow one."""
    found = list(tokens(sql))
    words = [n for n, token in enumerate(found) if token.kind not in ("space", "comment")]
    for before, here, after in zip([None, *words], words, words[1:], strict=False):
        if found[here].name == name and found[after].text == "." and (before is None or found[before].text != "."):
            found[here] = Token("quoted", replacement)
    return "".join(token.text for token in found)


def mentions(sql: str, tenant: str) -> bool:
    """Whether a literal or a comment of the text contains the tenant's name as a word of its own."""
    if tenant not in sql:
        return False
    return any(
        mentions_in_body(token.text, tenant) for token in tokens(sql) if token.kind in ("string", "dollar", "comment")
    )


def mentions_in_body(body: str, tenant: str) -> bool:
    """Whether the tenant's name is in a body that the server keeps as a string, not as a part of a longer word."""
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
        if (
            token.text == "("
            and before is not None
            and before.name is not None
            and not in_cast
            and not before.text.isupper()
        ):
            found.add(before.name)
        in_cast = token.text == "::" or (in_cast and (token.name is not None or token.text == "."))
        before = token
    return found


def canonical(sql: str) -> str:
    """The text as the server prints it after it was run as printed: the fixed point of deparsing."""
    return sql
