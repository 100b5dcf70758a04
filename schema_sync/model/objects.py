"""The base of every schema object, of every engine.

An engine's own objects are structs that inherit from `SchemaObject`, one a kind, in that engine's `objects.py`.
Equality, fields and bytes are all derived from the struct: nobody writes an `__eq__` that forgets a field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, Self, TypeVar

import msgspec

from schema_sync.model.ident import Ident, plural

Vocabulary = Mapping[str, type["SchemaObject"]]
"""The kinds of one dialect: the singular name -> the struct."""


class Part(NamedTuple):
    """Where an object has what can be renamed within it."""

    field: str
    """A name, or a tuple of names or of structs with a field `name`."""
    is_value: bool = False
    """Whether others mention it as a value of the object, and not by an identifier."""


class SchemaObject(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One object of a tenant's schema: its identity, and what it means.

    Every field but `ident` is meaning: two objects are equal if and only if their fields are, and a field that
    differs is a difference that a plan must be able to converge. Nothing of a server (oids, statistics, times) and
    nothing of a tenant (its own name) is ever in a field. Fields are strings, integers, booleans, `None`, or tuples
    and structs of these; a list whose order means nothing is sorted by the reader; there are no floats. A field that
    comes later has a default, so that the bytes of older objects stay as they are.
    """

    kind: ClassVar[str]
    """The kind's singular name, as in JSON: `table`, `foreign_key`."""

    in_order: ClassVar[bool] = False
    """Whether the owner's objects of this kind stand in an order that is kept in the layout (columns do)."""

    verbatim: ClassVar[tuple[str, ...]] = ("comment",)
    """The fields that stay as they are when something is renamed whose name is in them: nobody looks into them. A
    struct within a field may have some of its own."""

    hinges: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Fields with a text that a rename explains only if it explains another field too: a query's columns keep their
    names, which its text says only where they differ from what they are made of."""

    named_parts: ClassVar[Mapping[str, Part]] = MappingProxyType({})
    """What is no object, has a name within this one, and can be renamed: by what is its kind in an identity."""

    ident: Ident

    @property
    def name(self) -> str:
        """The engine's own name of it, unquoted."""
        return self.ident.name

    @property
    def owner(self) -> Ident | None:
        """The object that this one belongs to and ends with; `None` at the top level."""
        return self.ident.owner

    def replace(self, **changes: Any) -> Self:
        """The object with other values of these fields, or another `ident`."""
        return msgspec.structs.replace(self, **changes)

    def part_names(self, kind: str) -> tuple[str, ...]:
        """The names of its parts of a kind, in order; none where it has none of that kind."""
        part = self.named_parts.get(kind)
        found = () if part is None else getattr(self, part.field)
        return (found,) if isinstance(found, str) else tuple(map(_name, found))

    def with_parts_renamed(self, kind: str, names: Mapping[str, str]) -> Self:
        """The object with other names of its parts of a kind: old name -> new name."""
        field = self.named_parts[kind].field
        found = getattr(self, field)
        several = not isinstance(found, str)
        return self.replace(
            **{field: tuple(_called(one, names) for one in found) if several else _called(found, names)}
        )

    def fields(self) -> dict[str, Any]:
        """What it means, by field, in the order of the struct."""
        return {name: getattr(self, name) for name in field_names(type(self))}


Object = TypeVar("Object", bound=SchemaObject)


@cache
def field_names(struct: type[SchemaObject]) -> tuple[str, ...]:
    """The names of the fields that carry meaning: all but the identity."""
    return tuple(name for name in struct.__struct_fields__ if name != "ident")


def _name(part: Any) -> str:
    name: str = part if isinstance(part, str) else part.name
    return name


def _called(part: Any, names: Mapping[str, str]) -> Any:
    name = names.get(_name(part), _name(part))
    return name if isinstance(part, str) else msgspec.structs.replace(part, name=name)


def vocabulary(structs: Iterable[type[SchemaObject]]) -> dict[str, type[SchemaObject]]:
    """The vocabulary of a dialect out of its structs."""
    return {struct.kind: struct for struct in structs}


def plurals(kinds: Iterable[str]) -> dict[str, str]:
    """Plural -> kind, as `parse_ident` wants it."""
    return {plural(kind): kind for kind in kinds}


def nameable(vocabulary: Vocabulary) -> dict[str, str]:
    """The same for all that has a name and can be renamed: objects, and the parts within them."""
    return plurals([*vocabulary, *(kind for struct in vocabulary.values() for kind in struct.named_parts)])
