"""How composite values get to a type whose attributes stand otherwise: each attribute by its name.

A value's text has its attributes by their places alone. As long as the old type is there, a text can be made that has
them in the places of the new one, also within arrays, domains and other composite types.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.objects import CompositeType, Domain, RangeType
from schema_sync.adapters.postgres.retype import is_built_in
from schema_sync.adapters.sql import Name, Part, Sql, join, raw, sql
from schema_sync.errors import NotConvergeable
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject
from schema_sync.model.snapshot import Snapshot

_OURS: Final = f"{text.PLACEHOLDER}."


class Typed(NamedTuple):
    """A type as an object has it."""

    type: str
    """As format_type() prints it."""
    of: Ident
    """The object, which says by its needs what the name means."""
    side: Snapshot


class Carried(NamedTuple):
    """A value as a text in the shape of another type."""

    text: Sql
    has_subquery: bool
    """Whether it is no expression that USING takes."""
    lost: tuple[str, ...]
    """The attributes that the other type does not have."""


def carried(value: Part, old: Typed, new: Typed) -> Carried | None:
    """The text by which a value gets to another type; `None` where its own text does it, as all places are the same.

    Raises:
        NotConvergeable: such values are the bounds of ranges.
    """
    if not _is_shaped_otherwise(old, new):
        return None
    shaping = _Shaping()
    made = shaping.text(sql("{value}", value=value), old, new)
    return Carried(made, shaping.arrays > 0, tuple(dict.fromkeys(_lost(old, new))))


@dataclass
class _Shaping:
    """The making of one text."""

    arrays: int = 0
    """How many arrays have been met: what their subqueries are told apart by."""

    def text(self, value: Sql, old: Typed, new: Typed) -> Sql:
        """A text in the shape of the new type, NULL for NULL."""
        if (elements := _elements(old, new)) is not None:
            return self._array(value, *elements)
        was, is_ = _composites(old, new)
        there = {one.name for one in was.attributes}
        parts = []
        for one in is_.attributes:
            part = sql("({value}).{name}", value=value, name=Name(one.name)) if one.name in there else raw("NULL")
            parts.append(part)
        for n, pair in _pairs(old, new):
            if _is_shaped_otherwise(*pair):
                parts[n] = self.text(parts[n], *pair)
        # IS NULL would be true of a row of nothing but NULL, too (manual: 9.2, Comparison Functions and Operators).
        return sql(
            "CASE WHEN {value} IS DISTINCT FROM NULL THEN ROW({parts})::text END", value=value, parts=join(", ", parts)
        )

    def _array(self, value: Sql, old: Typed, new: Typed) -> Sql:
        """With its bounds. One of more than one dimension gets a text that the server refuses to read."""
        self.arrays += 1
        at = Name(f"n{self.arrays}")
        element = self.text(sql("({value})[{at}]", value=value, at=at), old, new)
        return sql(
            "CASE WHEN cardinality({value}) = 0 THEN '{}' ELSE array_dims({value}) || '='"
            " || ARRAY(SELECT {element} FROM generate_subscripts({value}, 1) AS {at} ORDER BY {at})::text END",
            value=value,
            element=element,
            at=at,
        )


def _is_shaped_otherwise(old: Typed, new: Typed) -> bool:
    if (elements := _elements(old, new)) is not None:
        return _is_shaped_otherwise(*elements)
    was, is_ = _made_of(old), _made_of(new)
    if isinstance(was, RangeType) and isinstance(is_, RangeType):
        bounds = Typed(was.subtype, was.ident, old.side), Typed(is_.subtype, is_.ident, new.side)
        if _is_shaped_otherwise(*bounds):
            raise NotConvergeable(
                f"values of {was.ident.text} cannot be kept: the attributes of {was.subtype} change places",
                hint="change it in two versions: first take the range type out of use, then change its bounds' type",
            )
    if not isinstance(was, CompositeType) or not isinstance(is_, CompositeType):
        return False
    if [one.name for one in was.attributes] != [one.name for one in is_.attributes]:
        return True
    return any(_is_shaped_otherwise(*pair) for _, pair in _pairs(old, new))


def _lost(old: Typed, new: Typed) -> Iterator[str]:
    if (elements := _elements(old, new)) is not None:
        yield from _lost(*elements)
    elif isinstance(_made_of(old), CompositeType) and isinstance(_made_of(new), CompositeType):
        was, is_ = _composites(old, new)
        kept = {one.name for one in is_.attributes}
        yield from (f"{was.name}.{one.name}" for one in was.attributes if one.name not in kept)
        for _, pair in _pairs(old, new):
            yield from _lost(*pair)


def _composites(old: Typed, new: Typed) -> tuple[CompositeType, CompositeType]:
    was, is_ = _made_of(old), _made_of(new)
    assert isinstance(was, CompositeType)
    assert isinstance(is_, CompositeType)
    return was, is_


def _pairs(old: Typed, new: Typed) -> Iterator[tuple[int, tuple[Typed, Typed]]]:
    """The attributes that two composite types have, with their places in the new one."""
    was, is_ = _composites(old, new)
    there = {one.name: one for one in was.attributes}
    for n, one in enumerate(is_.attributes):
        if one.name in there:
            yield n, (Typed(there[one.name].type, was.ident, old.side), Typed(one.type, is_.ident, new.side))


def _elements(old: Typed, new: Typed) -> tuple[Typed, Typed] | None:
    """The types of the elements, where both are arrays or domains over arrays."""
    both = [_based(one) for one in (old, new)]
    if not all(one.type.endswith("[]") for one in both):
        return None
    was, is_ = (one._replace(type=one.type[: one.type.index("[]")]) for one in both)
    return was, is_


def _based(typed: Typed) -> Typed:
    """The type that a domain is over in the end; any other type itself."""
    while isinstance(domain := _called(typed), Domain):
        typed = Typed(domain.type, domain.ident, typed.side)
    return typed


def _made_of(typed: Typed) -> SchemaObject | None:
    return _called(_based(typed))


def _called(typed: Typed) -> SchemaObject | None:
    """The object that a type is. One of the tenant's that is called as a built-in one is named with its schema."""
    found = list(text.tokens(typed.type.removeprefix(_OURS)))
    if len(found) != 1 or (is_built_in(typed.type) and not typed.type.startswith(_OURS)):
        return None
    objects = (typed.side.get(need) for need in typed.side.needs.get(typed.of, ()))
    return next((obj for obj in objects if obj is not None and found[0].name in _names(obj)), None)


def _names(obj: SchemaObject) -> tuple[str, ...]:
    match obj:
        case RangeType():
            return obj.name, obj.multirange
        case CompositeType() | Domain():
            return (obj.name,)
        case _:
            return ()
