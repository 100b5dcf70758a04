"""Hostile names and contents in every place, on a real database: made, captured, applied, changed, dropped.

`SCHEMA_SYNC_EVERY_NAME=1` tries every name on every sheet; otherwise the first does that, and the others share the
sheets among them.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
import pytest
from psycopg import sql

from schema_sync.adapters.postgres.objects import VOCABULARY as POSTGRES_VOCABULARY
from schema_sync.adapters.sqlite.objects import VOCABULARY as SQLITE_VOCABULARY
from schema_sync.errors import SchemaSyncError
from schema_sync.model.objects import Vocabulary
from tests.hostile import closed, places
from tests.hostile.names import NAMES, name
from tests.hostile.sheets import FOLDER, Filling, identifier, sheets
from tests.oracle import pg_dump, sqlite_objects
from tests.servers import Installation, PostgresServer, client_binary, execute
from tests.tenants import Broken, PostgresTenant, SQLiteTenant, capture, converge, open_adapter

KEYS: Final = tuple(NAMES)
MAPPED: Final = {"app": "{tenant}_app"}
"""What `[postgres] roles` says: a role may be called like the spelling of a mapped one."""

_PRELUDE: Final = "SET LOCAL check_function_bodies = off;\n"
_UNUSABLE: Final = ("{tenant}", "text")
"""The only one of the names that no tenant can have; and one that stands for three things in one text, see
`test_text.py`.
"""


def share(engine: str, key: str) -> list[Path]:
    """The sheets that a name is tried on."""
    every, nth = sheets(engine), KEYS.index(key)
    if nth == 0 or os.environ.get("SCHEMA_SYNC_EVERY_NAME"):
        return every
    return [sheet for n, sheet in enumerate(every) if n % 4 == nth % 4]


class Ground:
    """A database in which one name is everywhere."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.stem = NAMES[key]
        self.roles = MAPPED if len(self.stem) < 30 else {}
        self.adapter = open_adapter(url, options={"roles": self.roles, "owners": "compare"})
        self.wrong: list[str] = []
        self.done: list[tuple[Path, PostgresTenant, PostgresTenant]] = []
        """Each sheet, with the tenant that it has made and the one that was changed to be the same."""
        self.said: dict[places.Place, set[str]] = {}
        """What was captured, by place."""

    def tenant(self, called: str) -> PostgresTenant:
        """A tenant that may not be there yet."""
        return PostgresTenant(self.adapter, self.url, called)

    def made(self, called: str, sheet: Path, state: str) -> PostgresTenant:
        """A tenant that a sheet has made."""
        tenant = self.tenant(called)
        tenant.create()
        tenant.load(_PRELUDE + Filling(self.stem, called, state).fill(sheet))
        return tenant

    async def go(self, sheet: Path) -> None:
        """One sheet: captured from a tenant that has the very name, applied to another one, and changed there to what
        a third one is.
        """
        try:
            self.done.append((sheet, *await self._gone(sheet)))
        except (Broken, SchemaSyncError, psycopg.Error) as error:
            self.wrong.append(f"{sheet.stem}: {type(error).__name__}: {error}")

    async def empty(self) -> None:
        """Drop everything again, by plans."""
        nobody = self.tenant("nobody has hostile names")
        nobody.create()
        target = await capture(nobody)
        for sheet, _, changed in self.done:
            try:
                await converge(changed, target)
            except (Broken, SchemaSyncError) as error:
                self.wrong.append(f"{sheet.stem}, emptied: {type(error).__name__}: {error}")

    async def _gone(self, sheet: Path) -> tuple[PostgresTenant, PostgresTenant]:
        first = f"{self.stem} 1" if self.stem in _UNUSABLE else self.stem
        try:
            one = await capture(self.made(first, sheet, "one"))
        finally:
            execute(self.url, f"DROP SCHEMA {identifier(first)} CASCADE")
        assert not one.unmodelled
        for place, texts in places.said(one).items():
            self.said.setdefault(place, set()).update(texts)
        second = self.made(name(self.stem, f"{sheet.stem} 2"), sheet, "two")
        changed = self.tenant(name(self.stem, f"{sheet.stem} 3"))
        changed.create()
        await converge(changed, one)
        await converge(changed, await capture(second))
        return second, changed


@contextmanager
def ground(server: PostgresServer, key: str) -> Iterator[Ground]:
    """A ground with what is the cluster's and the database's: roles, a tablespace, publications and the like."""
    with server.fresh_database() as url:
        made, filling = Ground(url, key), Filling(NAMES[key], "")
        for word in ("", "b"):
            made.tenant("").create_role(filling.role(word))
        with _tablespace(url, filling.role()):
            for script in sorted(FOLDER.glob("postgres/*.database.sql")):
                execute(url, filling.fill(script))
            try:
                yield made
            finally:
                execute(url, *(f"DROP SCHEMA {each} CASCADE" for each in _schemas(url)))


@contextmanager
def _tablespace(url: str, called: str) -> Iterator[None]:
    """A tablespace of that name for as long as the block lasts; it is the cluster's."""
    space = sql.Identifier(called)
    here = sql.SQL("CREATE TABLESPACE {} LOCATION ''").format(space)
    execute(url, "SET allow_in_place_tablespaces = on", here)
    try:
        yield
    finally:
        execute(url, sql.SQL("DROP TABLESPACE {}").format(space))


def _schemas(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
        )
        return [each for (each,) in rows]


@pytest.mark.parametrize("key", KEYS)
async def test_a_hostile_name_is_like_any_other_in_postgres(
    key: str, postgres_server: PostgresServer, postgres_installations: list[Installation]
) -> None:
    program = client_binary("pg_dump", postgres_server.major, postgres_installations)
    assert program is not None
    with ground(postgres_server, key) as here:
        try:
            for sheet in share("postgres", key):
                await here.go(sheet)
            told = pg_dump(program, here.url, owners=True, roles=here.roles)
            for sheet, second, changed in here.done:
                assert told.get(second.name) == told.get(changed.name), sheet.stem
            await here.empty()
            assert "\n".join(here.wrong) == ""
            if key == KEYS[0]:
                assert "\n".join(lacking(here.said, POSTGRES_VOCABULARY, closed.POSTGRES, here.stem)) == ""
        finally:
            await here.adapter.close()


def lacking(
    said: Mapping[places.Place, Collection[str]],
    vocabulary: Vocabulary,
    exempt: Mapping[places.Place, closed.Taken],
    stem: str,
) -> Sequence[str]:
    """Every place of the vocabulary that has nothing hostile in it, and is not said to take none; and every place that
    is said so wrongly.
    """
    known = places.places(vocabulary)
    found = [f"there is no place {place} any more" for place in sorted(exempt.keys() - set(known))]
    for place in known:
        texts = said.get(place, ())
        taken = exempt.get(place)
        is_hostile = any(form in text for text in texts for form in places.spelled(stem))
        if taken is None and not is_hostile:
            found.append(f"nothing hostile is in {place}, but {sorted(texts)[:3]}")
        elif isinstance(taken, frozenset) and not set(texts) <= taken:
            found.append(f"{place} takes more than was thought: {sorted(set(texts) - taken)[:3]}")
        elif taken is not None and is_hostile:
            found.append(f"{place} does take something hostile")
    return found


@pytest.mark.parametrize("key", KEYS)
async def test_a_hostile_name_is_like_any_other_in_sqlite(key: str, sqlite_dir: Path) -> None:
    adapter, stem = open_adapter(f"sqlite:{sqlite_dir}/*.db"), NAMES[key]
    file = f"{stem.replace('/', '')} "

    def made(called: str, sheet: Path, state: str) -> SQLiteTenant:
        tenant = SQLiteTenant(adapter, sqlite_dir / f"{file}{sheet.stem} {called}.db")
        tenant.create()
        tenant.load(Filling(stem, "", state).fill(sheet) if state else "")
        return tenant

    said: dict[places.Place, set[str]] = {}
    for sheet in sheets("sqlite"):
        one = await capture(made("one", sheet, "one"))
        second, changed = made("two", sheet, "two"), made("changed", sheet, "")
        empty = await capture(changed)
        assert not one.unmodelled
        for place, texts in places.said(one).items():
            said.setdefault(place, set()).update(texts)
        await converge(changed, one)
        await converge(changed, await capture(second))
        assert sqlite_objects(changed.path) == sqlite_objects(second.path)
        await converge(changed, empty)
        assert sqlite_objects(changed.path) == []
    await adapter.close()
    if key == KEYS[0]:
        assert "\n".join(lacking(said, SQLITE_VOCABULARY, closed.SQLITE, stem)) == ""
