"""Where steps are taken: databases of one server that are used again and again, and four tenants for each step."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from schema_sync.protocols import DatabaseAdapter
from tests.generative.model import Schema, Thing
from tests.oracle import pg_dump
from tests.servers import PostgresServer
from tests.tenants import PostgresTenant, open_adapter

NAMES: Mapping[str, str] = {"forward": "tenant_1", "new": "T-10", "backward": 'a"b é', "old": "select"}
"""What the tenants are called: those that go from old to new and from new to old, and those that are left alone."""

DATABASE = """
DO $$ BEGIN CREATE ROLE "app user"; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE "reader""s"; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE FOREIGN DATA WRAPPER "no wrapper";
CREATE SERVER "the server" FOREIGN DATA WRAPPER "no wrapper";
CREATE SERVER other FOREIGN DATA WRAPPER "no wrapper";
CREATE PUBLICATION "news %";
CREATE PUBLICATION other_news;
"""
"""What is the database's, and what the tenants only refer to."""


@dataclass
class Place:
    """One database."""

    url: str
    adapter: DatabaseAdapter
    connection: psycopg.Connection

    def tenant(self, name: str) -> PostgresTenant:
        """A tenant of it, there or not."""
        return PostgresTenant(self.adapter, self.url, name)

    def sifted(self, name: str, schema: Schema) -> Schema:
        """Load a schema into a new tenant, thing by thing; returns it without what the server refuses."""
        whole = schema
        with self._loading(name):
            for thing in whole.ordered():
                if thing.number in schema.things and not self._takes(schema.statements(thing)):
                    schema = schema.without({thing.number})
        if schema.things.keys() != whole.things.keys():  # without some, the others may come in another order
            self.drop(name)
            return self.sifted(name, schema)
        return schema

    def load(self, name: str, schema: Schema) -> None:
        """Load a schema that has been sifted into a new tenant."""
        with self._loading(name):
            self.connection.execute(schema.script().encode())

    def seed(self, name: str, schema: Schema) -> list[str]:
        """Put rows into a tenant's tables, as far as it lets us; returns the statements that did."""
        done = []
        try:
            with self.connection.transaction():
                self._enter(name)
                for thing in schema.ordered():
                    for statement in schema.statements(thing, thing.recipe.seed):
                        trials = [statement.replace("@value", value) for value in thing.recipe.trials or ("",)]
                        done += next(([trial] for trial in trials if self._takes([trial])), [])
                self.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.Error:  # a deferred constraint that the rows violate
            return []
        return done

    def empty(self, name: str, schema: Schema) -> None:
        """Take all rows away."""
        with self.connection.transaction():
            self._enter(name)
            self.connection.execute("SET LOCAL session_replication_role = replica")
            for thing in schema.ordered():
                if thing.recipe.seed and thing.recipe.kind == "table":
                    self.connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.Identifier(thing.name)))

    def drop(self, *names: str) -> None:
        """Drop tenants."""
        with self.connection.transaction():
            self.connection.execute("SET LOCAL client_min_messages = error")
            listed = sql.SQL(", ").join(map(sql.Identifier, names))
            self.connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(listed))

    @contextmanager
    def _loading(self, name: str) -> Iterator[None]:
        with self.connection.transaction():
            self.connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
            self._enter(name)
            yield

    def _enter(self, name: str) -> None:
        self.connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(name)))

    def _takes(self, statements: list[str]) -> bool:
        try:
            with self.connection.transaction():
                self.connection.execute("; ".join(statements).encode())
        except psycopg.Error:
            if self.connection.broken:
                raise  # not a refusal: the server has gone
            return False
        return True


@dataclass
class Ground:
    """The databases: one for the four tenants of a step, and one for each where what they have can be there once."""

    server: PostgresServer
    dumps: Path
    """The pg_dump that goes with the server."""
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    """Waits for whatever is done here."""
    _stack: ExitStack = field(default_factory=ExitStack)
    _places: list[Place] = field(default_factory=list)

    def places(self, *schemas: Schema) -> dict[str, Place]:
        """Where each of the four tenants is to be, by their parts in a step."""
        apart = any(_is_alone(thing) for schema in schemas for thing in schema.things.values())
        while len(self._places) < (4 if apart else 1):
            self._places.append(self._place())
        return {role: self._places[number if apart else 0] for number, role in enumerate(NAMES)}

    def _place(self) -> Place:
        url = self._stack.enter_context(self.server.fresh_database())
        connection = self._stack.enter_context(psycopg.connect(url, autocommit=True))
        connection.execute(DATABASE.encode())
        return Place(url, open_adapter(url, options={"owners": "compare"}), connection)

    def dumped(self, places: Mapping[str, Place]) -> dict[str, list[str]]:
        """What pg_dump says of each tenant of a step."""
        told = {url: pg_dump(self.dumps, url, owners=True) for url in sorted({each.url for each in places.values()})}
        return {role: told[place.url].get(NAMES[role], []) for role, place in places.items()}

    def close(self) -> None:
        """Drop the databases."""
        for place in self._places:
            self.runner.run(_closed(place.adapter))
        self.runner.close()
        self._stack.close()


async def _closed(adapter: DatabaseAdapter) -> None:
    await adapter.close()


def _is_alone(thing: Thing) -> bool:
    return thing.recipe.kind == "extension"
