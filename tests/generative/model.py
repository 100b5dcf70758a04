"""What a generated schema is made of: recipes, things made by them, and the SQL that they come to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

_PLACE = re.compile(r"\[(?P<field>[a-z]\w*)\]|@(?P<role>[a-z]\w*)")


@dataclass(frozen=True)
class Role:
    """A place in a recipe that another thing takes."""

    recipes: tuple[str, ...]
    """What can take it."""
    within: str | None = None
    """The role whose thing it has to belong to: a column of the very table."""
    owner: str = "table"
    """The role of the taker that says whose it is."""


@dataclass(frozen=True)
class Recipe:
    """How things of one sort are written.

    In texts `[field]` stands for what was chosen for a field, `@role` for the name of the thing that takes a role, and
    `@self` for the thing's own name.
    """

    name: str
    kind: str
    """The kind in the vocabulary that it is there for."""
    sql: tuple[str, ...]
    """One statement each; those that come out empty are left out."""
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What can be chosen, the plainest first."""
    roles: Mapping[str, Role] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    """The only names that it can have; a thing of each may be there once."""
    owner: str | None = None
    """The role of the thing that owns it."""
    renamed: bool = False
    """Whether its identity is its name, so that a rename can be told."""
    seed: tuple[str, ...] = ()
    """What puts rows into it."""
    trials: tuple[str, ...] = ()
    """Values for `@value` in `seed`, of which the first is taken that the server takes."""


@dataclass(frozen=True)
class Thing:
    """One object of a schema, or a few that come together."""

    number: int
    recipe: Recipe
    name: str
    """As it is, without quotes."""
    chosen: Mapping[str, str] = field(default_factory=dict)
    uses: Mapping[str, int] = field(default_factory=dict)

    def demands(self) -> set[str]:
        """The roles that its texts have a place for."""
        found: set[str] = set()
        for text in (*self.recipe.sql, *self.recipe.seed):
            found |= set(self._roles(text))
        for role in list(found):
            within = self.recipe.roles[role].within
            found |= {within} if within else set()
        return found

    def _roles(self, text: str) -> Iterator[str]:
        for match in _PLACE.finditer(text):
            if match["field"] in self.chosen:
                yield from self._roles(self.chosen[match["field"]])
            elif match["role"] in self.recipe.roles:
                yield match["role"]


@dataclass(frozen=True)
class Schema:
    """Things by their numbers."""

    things: Mapping[int, Thing] = field(default_factory=dict)

    def with_thing(self, thing: Thing) -> Schema:
        """The schema with a thing put in, or put in the place of the one of its number."""
        return replace(self, things={**self.things, thing.number: thing})

    def without(self, numbers: set[int]) -> Schema:
        """The schema without these, and without what cannot be there without them."""
        gone = set(numbers)
        while True:
            more = {each.number for each in self.things.values() if gone & {*each.uses.values()}} - gone
            if not more:
                return replace(self, things={n: each for n, each in self.things.items() if n not in gone})
            gone |= more

    def users(self, number: int) -> list[Thing]:
        """The things that use one."""
        return [each for each in self.things.values() if number in each.uses.values()]

    def ordered(self) -> list[Thing]:
        """The things, each after those that it uses."""
        found: dict[int, Thing] = {}

        def visit(thing: Thing) -> None:
            if thing.number not in found:
                for used in thing.uses.values():
                    visit(self.things[used])
                found[thing.number] = thing

        for number in sorted(self.things):
            visit(self.things[number])
        return list(found.values())

    def statements(self, thing: Thing, texts: Sequence[str] | None = None) -> list[str]:
        """The SQL that makes a thing."""
        texts = thing.recipe.sql if texts is None else texts
        return [text for each in texts if (text := " ".join(self._filled(thing, each).split()))]

    def _filled(self, thing: Thing, text: str) -> str:
        def put(match: re.Match[str]) -> str:
            if (name := match["field"]) is not None:
                return self._filled(thing, thing.chosen[name]) if name in thing.chosen else match.group()
            if match["role"] == "self":
                return quoted(thing.name)
            if match["role"] in thing.uses:
                return quoted(self.things[thing.uses[match["role"]]].name)
            return match.group()

        return _PLACE.sub(put, text)

    def script(self) -> str:
        """All of it as SQL, a statement to a line."""
        return "".join(f"{statement};\n" for thing in self.ordered() for statement in self.statements(thing))


def quoted(name: str) -> str:
    """An identifier as SQL has it."""
    if re.fullmatch(r"[a-z_][a-z0-9_]*|[<>=#~!]+", name):  # an operator's name has no quotes
        return name
    return '"' + name.replace('"', '""') + '"'
