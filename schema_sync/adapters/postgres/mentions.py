"""What an object's text may name outside of its tenant where the server records no dependency: literals and bodies.

What a string means is only known when it is run. A name before a dot is likely to be a schema's, `'acme.orders'`, and
so is any in a literal beside the word search_path; another word is too often data. Whether there is a tenant of that
name is for others to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from schema_sync.adapters.postgres.body import LANGUAGES, foreign_paths
from schema_sync.adapters.postgres.objects import Procedure
from schema_sync.adapters.postgres.text import tokens
from schema_sync.model.objects import SchemaObject

_NAME: Final = r'(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)'

_PATH: Final = re.compile(rf"(?<![\w.@/$&-])(?P<name>{_NAME})\.(?:{_NAME})")
"""A dotted path in a literal; no host's name, and none of a file."""

_LIST: Final = re.compile(rf"[eE]?'+(?P<names>\s*{_NAME}(?:\s*,\s*{_NAME})*\s*)'+")
"""A literal that is a list of names and nothing else."""

_SEARCH_PATH: Final = "search_path"

_UNHEEDED: Final = frozenset({"comment", "index_comment", "multirange_comment", "not_null_comment"})
"""Fields that do nothing but be read by people."""


def mentioned(obj: SchemaObject) -> dict[str, str]:
    """What may be other tenants in an object as it is stored: the name -> in what words it is named.

    `acme` -> `names acme.orders in a literal`. Comments on objects are not looked at.
    """
    found: dict[str, str] = {}
    fields, texts = obj.fields(), []
    if isinstance(obj, Procedure) and obj.body is not None and obj.library is None:
        del fields["body"]
        if obj.language in LANGUAGES:
            found |= {name: f"names {path} in its body" for name, path in foreign_paths(obj.body, _taken(obj)).items()}
            texts.append(obj.body)
        else:
            found |= {name: f"names {path} in its body" for name, path in _paths(obj.body)}
    if isinstance(obj, Procedure):
        for setting in obj.settings:
            name, _, value = setting.partition("=")
            for schema in _names(value) if name == _SEARCH_PATH else ():
                found.setdefault(schema, f"names {schema} in its search_path")
    texts += [text for field, value in fields.items() if field not in _UNHEEDED for text in _texts(value)]
    for name, path in (each for text in texts for each in _in_literals(text)):
        found.setdefault(name, f"names {path} in a literal")
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, msgspec.Struct):
        for each in msgspec.structs.astuple(value):
            yield from _texts(each)


def _taken(routine: Procedure) -> set[str]:
    """The names that a body may put before a dot and that are no schemas."""
    taken = {routine.name.partition("(")[0], *(one.name for one in routine.arguments if one.name is not None)}
    return taken | {token.name for token in tokens(getattr(routine, "returns", "")) if token.name is not None}


def _in_literals(sql: str) -> Iterator[tuple[str, str]]:
    """The paths in the string constants of a text, and the names in those that set a search_path."""
    if "'" not in sql and "$" not in sql:
        return
    lists = _SEARCH_PATH in sql
    for token in tokens(sql):
        if token.kind in ("string", "dollar"):
            tag = token.text[: token.text.index("$", 1) + 1] if token.kind == "dollar" else ""
            yield from _paths(token.text[len(tag) : len(token.text) - len(tag)])
            if lists and (match := _LIST.fullmatch(token.text)) is not None:
                yield from ((name, name) for name in _names(match["names"]))


def _paths(text: str) -> Iterable[tuple[str, str]]:
    return ((_unquoted(match["name"]), match.group()) for match in _PATH.finditer(text))


def _names(listed: str) -> Iterable[str]:
    return (token.name for token in tokens(listed) if token.name is not None)


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()
