"""Draws schemas, and changes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import TypeVar

from tests.generative.model import Recipe, Role, Schema, Thing

_T = TypeVar("_T")

_SUFFIXES = ("", "", "", "", " %", '"q', " É")
"""What names end with, at times something that a careless tool trips over."""


class Impossible(Exception):
    """Nothing can take a role."""


@dataclass
class Drawer:
    """Draws out of recipes by a source of randomness."""

    random: Random
    recipes: Mapping[str, Recipe]
    _last: int = 0
    _served_now: list[int] = field(default_factory=list)
    """The things whose roles are being taken: one inside the other, where a thing is made for the other's role."""

    def pair(self, focus: Sequence[Recipe], *, further: int, changes: int) -> tuple[Schema, Schema]:
        """Two schemas: one with a thing of each of these recipes and `further` others at most, and a changed one."""
        schema, things = Schema(), []
        for recipe in focus:
            try:
                schema, thing = self.thing(schema, recipe, {})
            except Impossible:
                continue
            things.append(thing)
        for _ in range(self.random.randint(0, further)):
            schema = self._another(schema)
        old = new = schema
        for thing in things:
            way = self.random.randrange(6)
            if way == 0 and thing.number in new.things:
                new = self._dropped(new, new.things[thing.number])
            elif way == 1:
                old = old.without({thing.number})
            elif thing.number in new.things:
                new = self._changed(new, new.things[thing.number])
        for _ in range(self.random.randint(0, changes)):
            new = self._mutated(new)
        return old, new

    def _another(self, schema: Schema) -> Schema:
        try:
            return self.thing(schema, self._pick([*self.recipes.values()]), {})[0]
        except Impossible:
            return schema

    def _mutated(self, schema: Schema) -> Schema:
        things = [*schema.things.values()]
        way = self.random.randrange(8)
        if way == 0 or not things:
            return self._another(schema)
        thing = self._pick(things)
        return self._dropped(schema, thing) if way == 1 else self._changed(schema, thing)

    def thing(self, schema: Schema, recipe: Recipe, pinned: Mapping[str, int]) -> tuple[Schema, Thing]:
        """The schema with another thing of a recipe, and with what that needs.

        Raises:
            Impossible: there can be none.
        """
        self._last += 1
        chosen = {name: self._choice(values) for name, values in recipe.fields.items()}
        taken = {each.name for each in schema.things.values() if each.recipe is recipe}
        if recipe.names:
            if not (free := [name for name in recipe.names if name not in taken]):
                raise Impossible(recipe.name)
            name = self._pick(free)
        else:
            name = self._name(recipe, self._last)
        thing = Thing(self._last, recipe, name, chosen, dict(pinned))
        schema, thing = self._served(schema, thing)
        return schema.with_thing(thing), thing

    def _name(self, recipe: Recipe, number: int) -> str:
        return f"{recipe.name[:3].strip('_')}{number}{self._pick(_SUFFIXES)}"

    def _choice(self, values: Sequence[str]) -> str:
        """One of these; the plainest is what half of them are."""
        return values[0] if self.random.random() < 0.4 else self._pick(values)

    def _pick(self, values: Sequence[_T]) -> _T:
        return values[self.random.randrange(len(values))]

    def _served(self, schema: Schema, thing: Thing) -> tuple[Schema, Thing]:
        """The thing with all roles taken that it has a place for; the schema with what was made for it."""
        demanded = thing.demands()
        uses = {role: number for role, number in thing.uses.items() if role in demanded}
        self._served_now.append(thing.number)
        try:
            for role in sorted(
                demanded - uses.keys(), key=lambda each: (thing.recipe.roles[each].within is not None, each)
            ):
                schema, uses[role] = self._taker(schema, thing.recipe.roles[role], uses)
        finally:
            self._served_now.pop()
        return schema, replace(thing, uses=uses)

    def _taker(self, schema: Schema, role: Role, uses: Mapping[str, int]) -> tuple[Schema, int]:
        there = self._able(schema, role, uses)
        if there and self.random.random() < 0.8:
            return schema, self._pick(there)
        pinned = {role.owner: uses[role.within]} if role.within else {}
        schema, made = self.thing(schema, self.recipes[self._pick(role.recipes)], pinned)
        return schema, made.number

    def _able(self, schema: Schema, role: Role, uses: Mapping[str, int]) -> list[int]:
        """What can take a role: nothing that itself needs what it is for, nor what that is for."""
        served = {*self._served_now}
        barred = served | ({*schema.things} - {*schema.without(served).things})
        return [
            each.number
            for each in schema.things.values()
            if each.recipe.name in role.recipes
            and each.number not in barred
            and (role.within is None or each.uses.get(role.owner) == uses[role.within])
        ]

    # -- changes -------------------------------------------------------------------------------------------------

    def _dropped(self, schema: Schema, thing: Thing) -> Schema:
        """The schema without a thing. What used it makes do without it where it can, or goes too."""
        for user in schema.users(thing.number):
            if user.number in schema.things and self.random.random() < 0.5:
                schema = self._freed(schema, user, thing)
        return schema.without({thing.number})

    def _freed(self, schema: Schema, user: Thing, thing: Thing) -> Schema:
        roles = {role for role, number in user.uses.items() if number == thing.number}
        for _ in range(4):
            chosen = {name: self._pick(values) for name, values in user.recipe.fields.items()}
            other = replace(user, chosen={**user.chosen, **chosen}, uses=_less(user.uses, roles))
            if not other.demands() & roles:
                schema, other = self._served(schema, other)
                return schema.with_thing(other)
        return schema

    def _changed(self, schema: Schema, thing: Thing) -> Schema:
        """The schema with a thing changed: one of its fields, what takes one of its roles, or its name."""
        ways = [("field", name) for name, values in thing.recipe.fields.items() if len(values) > 1] * 2
        ways += [("role", role) for role in thing.uses if not self._binds(thing, role)]
        ways += [] if thing.recipe.names else [("name", "")]
        if not ways:
            return schema
        way, what = self._pick(ways)
        try:
            if way == "name":
                self._last += 1
                return schema.with_thing(replace(thing, name=self._name(thing.recipe, self._last)))
            if way == "role":
                other = replace(thing, uses=_less(thing.uses, {what}))
            else:
                values = [value for value in thing.recipe.fields[what] if value != thing.chosen[what]]
                other = replace(thing, chosen={**thing.chosen, what: self._pick(values)})
            schema, other = self._served(schema, other)
            return schema.with_thing(other)
        except Impossible:
            return schema

    @staticmethod
    def _binds(thing: Thing, role: str) -> bool:
        """Whether others of the thing's roles have to be taken from what this one's has."""
        return any(thing.recipe.roles[other].within == role for other in thing.uses)


def _less(uses: Mapping[str, int], roles: set[str]) -> dict[str, int]:
    return {role: number for role, number in uses.items() if role not in roles}
