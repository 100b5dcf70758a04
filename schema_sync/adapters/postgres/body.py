"""Bodies of functions, which are mere strings to the server: which of their identifiers name a schema.

Nobody but the language's own parser knows what an identifier means; but a name that only ever stands at the beginning
of a dotted path, and is no parameter, is not that of an alias, a variable or a table. Where that is not sure, the body
is kept as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from schema_sync.adapters.postgres.text import PLACEHOLDER, Token, tokens

LANGUAGES: Final = frozenset({"sql", "plpgsql"})
"""Those whose bodies have SQL's lexical structure."""

_ROWS: Final = frozenset({"new", "old", "excluded"})
"""What stands before a dot and is declared nowhere."""


class _Use(NamedTuple):
    """An identifier that does not follow a dot."""

    at: int
    token: Token
    path: str | None
    """What it begins, `acme.orders`, where that may be a schema and something in it."""
    is_schema: bool
    """Whether the syntax says that it is one: SCHEMA acme, SET search_path = acme."""


def neutral_body(body: str, tenant: str, quoted: str, taken: Collection[str]) -> str:
    """The body with the placeholder where the tenant's own name is sure to mean its schema.

    `quoted` is the name as the server writes it: one that needs quotes is never meant by a bare word. `taken` are names
    that mean something else: those of the parameters and of the routine itself.
    """
    if tenant not in body and tenant.replace('"', '""') not in body:
        return body
    found = list(tokens(body))
    uses = [use for use in _uses(found) if use.token.name == tenant]
    plain = [use for use in uses if use.path is None and not use.is_schema]
    if any(use.token.kind == "quoted" or quoted == tenant for use in plain) or tenant in {*taken, *_ROWS}:
        return body
    for use in uses:
        if use not in plain:
            found[use.at] = Token("quoted", PLACEHOLDER)
    return "".join(token.text for token in found)


def foreign_paths(body: str, taken: Collection[str]) -> dict[str, str]:
    """What may be a schema in the body, and the first thing that it is named for: `acme` -> `acme.orders`."""
    uses = list(_uses(list(tokens(body))))
    plain = {use.token.name for use in uses if use.path is None and not use.is_schema}
    found: dict[str, str] = {}
    for use in uses:
        name = use.token.name
        if name is not None and use.token.text != PLACEHOLDER and name not in plain | {*taken} | _ROWS:
            found.setdefault(name, use.path or use.token.text)
    return found


def _uses(found: list[Token]) -> Iterator[_Use]:
    words = [n for n, token in enumerate(found) if token.kind not in ("space", "comment")]
    parts = [found[n] for n in words]
    in_path = False
    for at, token in enumerate(parts):
        in_path = (in_path and token.text != ";") or _opens_search_path(parts, at)
        follows_dot = at > 0 and parts[at - 1].text == "." and not (at > 1 and parts[at - 2].text == ".")
        if token.name is None or follows_dot:
            continue
        behind = parts[at + 2] if at + 2 < len(parts) and parts[at + 1].text == "." else None
        path = f"{token.text}.{behind.text}" if behind is not None and behind.name is not None else None
        is_schema = in_path or (at > 0 and parts[at - 1].name == "schema" and parts[at - 1].kind == "word")
        yield _Use(words[at], token, path, is_schema and path is None)


def _opens_search_path(parts: list[Token], at: int) -> bool:
    """Whether the list of a SET search_path begins behind this token."""
    if at < 2 or parts[at].text.lower() not in ("=", "to") or parts[at - 1].name != "search_path":
        return False
    return parts[at - 2].text.lower() in ("set", "local", "session")
