"""Makes a failing pair of schemas small, by what a schema is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.generative.ground import Ground
from tests.generative.judge import Failed, judge
from tests.generative.model import Schema, Thing

ATTEMPTS = 60
"""How many smaller pairs are tried at most."""


def reduced(ground: Ground, old: Schema, new: Schema, rows: bool, failed: Failed) -> Failed:
    """The failure of the smallest pair that was found to fail in the same way."""
    left = ATTEMPTS
    smaller = _smaller(old, new, rows)
    while left and (attempt := next(smaller, None)) is not None:
        left -= 1
        try:
            judge(ground, *attempt[:2], rows=attempt[2], ways=(failed.way,), dumped="pg_dump" in failed.why)
        except Failed as again:
            if again.signature == failed.signature:
                (old, new, rows), failed = attempt, again
                smaller = _smaller(old, new, rows)
    return failed


def _smaller(old: Schema, new: Schema, rows: bool) -> Iterator[tuple[Schema, Schema, bool]]:
    """What could be left out: rows, a thing, a change, what was chosen."""
    if rows:
        yield old, new, False
    numbers = sorted(old.things.keys() | new.things.keys())
    for size in (len(numbers) // 2, len(numbers) // 4, 1):
        for first in range(len(numbers) - size, -1, -size) if size else ():
            part = {*numbers[first : first + size]}
            yield old.without(part), new.without(part), rows
    for number in sorted(old.things.keys() & new.things.keys()):
        if old.things[number] != new.things[number] and {*old.things[number].uses.values()} <= new.things.keys():
            yield old, new.with_thing(old.things[number]), rows
    for number in numbers:
        for field in sorted({*_chosen(old, number)} | {*_chosen(new, number)}):
            one, other = (_plain(schema, number, field) for schema in (old, new))
            if one is not None and other is not None and (one, other) != (old, new):
                yield one, other, rows
    for number in sorted(old.things.keys() & new.things.keys()):
        was, now = old.things[number], new.things[number]
        for field in sorted(now.chosen):
            if was.chosen[field] != now.chosen[field]:
                alike = _settled(replace(now, chosen={**now.chosen, field: was.chosen[field]}), was)
                if alike is not None and {*alike.uses.values()} <= new.things.keys():
                    yield old, new.with_thing(alike), rows


def _chosen(schema: Schema, number: int) -> dict[str, str]:
    return dict(schema.things[number].chosen) if number in schema.things else {}


def _plain(schema: Schema, number: int, field: str) -> Schema | None:
    """The schema with the plainest value for a field; `None` where that wants more than there is."""
    if number not in schema.things:
        return schema
    thing = schema.things[number]
    other = _settled(replace(thing, chosen={**thing.chosen, field: thing.recipe.fields[field][0]}), thing)
    return None if other is None else schema.with_thing(other)


def _settled(thing: Thing, source: Thing) -> Thing | None:
    """The thing with the roles that it still has a place for."""
    demanded, there = thing.demands(), {**source.uses, **thing.uses}
    if not demanded <= there.keys():
        return None
    return replace(thing, uses={role: there[role] for role in sorted(demanded)})
