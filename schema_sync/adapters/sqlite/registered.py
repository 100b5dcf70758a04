"""What an application has to register before its file can be read: collations, functions, modules."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any, Final

from schema_sync.adapters.sql import Name, Sql, sql
from schema_sync.adapters.sqlite.cell import Catalog
from schema_sync.adapters.sqlite.session import Explained
from schema_sync.adapters.sqlite.tokens import folded
from schema_sync.errors import Refused

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
    for name, user in _collations(catalog).items():
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


def _collations(catalog: Catalog) -> dict[str, str]:
    """Collation -> one who uses it."""
    return {name: user for user, names in _users(catalog, "collations") for name in sorted(names)}


def _functions(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    for user, names in _users(catalog, "calls"):
        yield from ((folded(name), name, user) for name in sorted(names))


def _users(catalog: Catalog, what: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Tables and indexes with what they use, where they use any."""
    for table, text in catalog.ordinary():
        if getattr(text, what):
            yield table.text, getattr(text, what)
    for name, index in catalog.indexes.items():
        if getattr(index, what):
            yield f"index {name}", getattr(index, what)


def _modules(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    for name, text in catalog.virtual_tables.items():
        yield folded(text.module), text.module, f"virtual_tables/{name}"
