"""What an application has to register before its file can be read: collations, functions, modules."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any, Final

from schema_sync.adapters.sql import Name, Sql, sql
from schema_sync.adapters.sqlite.cell import Catalog
from schema_sync.adapters.sqlite.parse import KeyPart, TableText, parse_index, parse_virtual_table
from schema_sync.adapters.sqlite.session import Explained
from schema_sync.adapters.sqlite.tokens import RESERVED, Token, tokenise
from schema_sync.errors import Refused

_BUILT_IN: Final = frozenset(("BINARY", "NOCASE", "RTRIM"))
_NO_CALLS: Final = frozenset(("CAST", "RAISE", "FILTER", "OVER"))

FUNCTIONS: Final = "SELECT DISTINCT lower(name) FROM pragma_function_list ORDER BY 1"
MODULES: Final = "SELECT lower(name) FROM pragma_module_list ORDER BY 1"

Explain = Callable[[Sql], Awaitable[Explained]]
Fetch = Callable[[str], Awaitable[list[tuple[Any, ...]]]]


async def require(catalog: Catalog, fetch: Fetch, explain: Explain) -> None:
    """See that all is registered that the tables and indexes use; the engine itself sees to views and triggers.

    Nothing is asked where nothing is used that could be missing.

    Raises:
        Refused: it names the first that is not, and who uses it.
    """
    # pragma_collation_list also has those that only the schema names, once it is loaded.
    for name, user in {name: user for _key, name, user in _collations(catalog)}.items():
        if (await explain(sql("SELECT '' COLLATE {name} = ''", name=Name(name)))).error:
            raise _refused("collation", name, user)
    await _demand("function", _functions(catalog), FUNCTIONS, fetch)
    await _demand("module", _modules(catalog), MODULES, fetch)


async def _demand(sort: str, uses: Iterable[tuple[str, str, str]], query: str, fetch: Fetch) -> None:
    wanted = list(uses)
    if not wanted:
        return
    there = {row[0] for row in await fetch(query)}
    for key, name, user in wanted:
        if key not in there:
            raise _refused(sort, name, user)


def _refused(sort: str, name: str, user: str) -> Refused:
    return Refused(
        f"cannot read {user}: it uses the {sort} {name}, which is not registered",
        hint='register it with [sqlite] init = "module:function"',
    )


def _collations(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    for table, text in catalog.ordinary():
        named = [column.collation for column in text.columns]
        named += [part.collation for part in _key_parts(text)]
        yield from ((name.upper(), name, table.text) for name in named if name and name.upper() not in _BUILT_IN)
        yield from _collated(_expressions(text), table.text)
    for index, table_name, columns, text in _indexes(catalog):
        parsed = parse_index(table_name, columns, text)
        named = [part.collation for part in parsed.parts]
        yield from ((name.upper(), name, index) for name in named if name and name.upper() not in _BUILT_IN)
        yield from _collated([parsed.where, *(part.expression for part in parsed.parts)], index)


def _collated(texts: Iterable[str], user: str) -> Iterator[tuple[str, str, str]]:
    for text in texts:
        tokens = tokenise(text)
        for last, token in pairwise(tokens):
            if last.upper == "COLLATE" and token.name.upper() not in _BUILT_IN:
                yield token.name.upper(), token.name, user


def _functions(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    for table, text in catalog.ordinary():
        yield from _called(_expressions(text), table.text)
    for index, table_name, columns, text in _indexes(catalog):
        parsed = parse_index(table_name, columns, text)
        yield from _called([parsed.where, *(part.expression for part in parsed.parts)], index)


def _called(texts: Iterable[str], user: str) -> Iterator[tuple[str, str, str]]:
    for text in texts:
        tokens = tokenise(text)
        for token, then in pairwise(tokens):
            if then.text == "(" and _is_call(token):
                yield token.name.lower(), token.name, user


def _is_call(token: Token) -> bool:
    if token.sort == "quoted":
        return True
    return token.sort == "word" and token.upper not in RESERVED and token.upper not in _NO_CALLS


def _modules(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    for entry in catalog.of_type("table"):
        if entry.rootpage == 0 and entry.sql is not None:
            module, _arguments = parse_virtual_table(entry.sql)
            yield module.lower(), module, f"virtual_tables/{entry.name}"


def _key_parts(text: TableText) -> Iterator[KeyPart]:
    keys = [*text.uniques, *([text.primary_key] if text.primary_key is not None else [])]
    return (part for key in keys for part in key.parts)


def _expressions(text: TableText) -> list[str]:
    found = [check.expression for check in text.checks]
    for column in text.columns:
        found += [each for each in (column.default, column.generated) if each is not None]
    return found


def _indexes(catalog: Catalog) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    for entry in catalog.of_type("index"):
        table = catalog.relations.get(entry.table.lower())
        if table is not None and table.name in catalog.tables and entry.sql is not None:
            columns = tuple(column.name for column in catalog.tables[table.name].columns)
            yield f"{table.text}/indexes/{entry.name}", table.name, columns, entry.sql
