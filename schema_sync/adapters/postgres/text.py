"""The one tokeniser for PostgreSQL's SQL text, and what is done to definitions with it.

It follows the lexical structure of the manual (section 4.1): string constants with and without escapes, dollar quotes,
quoted identifiers, nested comments. Text is only ever changed at whole tokens, never by search and replace.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Final, NamedTuple

from schema_sync.model.words import Word

STAND_IN: Final = "{tenant}"
"""The name that stands for the tenant's own schema in stored text."""

_MARK: Final = 'U&"'

PLACEHOLDER: Final = f'{_MARK}{STAND_IN}"'
"""The same as an identifier.

It is written with Unicode escapes (manual: 4.1.2.3), as neither the server nor any rule of ours writes a name: a table
that is called `{tenant}` is another token.
"""

# An identifier begins with a letter, an underscore or anything beyond ASCII. Written as what it does not begin with: to
# compile a range over all of Unicode takes longer than to plan a change.
_TOKEN: Final = re.compile(
    r"""
      (?P<space>\s+|--[^\n]*)
    | (?P<comment>/\*)
    | (?P<string>[eE]'(?:[^'\\]|\\.|'')*'|(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*')
    | (?P<dollar>\$(?P<tag>(?:[^\x00-@\[-^`{-\x7f][^\x00-/:-@\[-^`{-\x7f]*)?)\$.*?\$(?P=tag)\$)
    | (?P<quoted>(?:[uU]&)?"(?:[^"]|"")*")
    | (?P<word>[^\x00-@\[-^`{-\x7f](?:[^\x00-/:-@\[-^`{-\x7f]|\$)*)
    | (?P<number>\.?\d(?:\w|\.(?!\.)|(?<=[eE])[+-])*)
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
            return self.text[self.text.index('"') + 1 : -1].replace('""', '"')
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
    """The tokens without white space and comments; see `Words`. A constant that is an object's name is taken apart."""
    parts = [token for token in tokens(sql) if token.kind not in ("space", "comment")]
    found: list[Word] = []
    for at, token in enumerate(parts):
        if _is_registered(parts, at) and "'" not in token.text[1:-1]:
            mark = Word("'", None)
            found += (mark, *words(token.text[1:-1]), mark)
        else:
            found.append(Word(token.text, token.name))
    return found


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
    """The identifier that stands for a tenant's own role, such as `{app}`, in a statement; see `PLACEHOLDER`."""
    return f'{_MARK}{spelling}"'


BODY_TAG: Final = "tenant"
"""What the tag of a dollar quote begins with whose contents have the placeholder at identifiers."""


def expand(sql: str, tenant: str, roles: Mapping[str, str] | None = None) -> str:
    """The text with names where placeholders stand: the tenant's, and those of its roles by their spelling.

    The tenant's is put in constants that are names of objects, too, and in bodies that are quoted with `BODY_TAG`.
    """
    if _MARK not in sql:
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
