"""Which places for text the structs of a vocabulary have, and in which of them a schema has something hostile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import inspect

from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject, field_names

NAME = "(name)"
"""The place of an object's own name."""

Place = tuple[str, str]
"""A kind and a field, `column` and `identity.comment`."""


def places(vocabulary: Mapping[str, type[SchemaObject]]) -> list[Place]:
    """Every place of every kind that holds text: its name, and each field or part of a field that is a string."""
    found = []
    for kind, struct in vocabulary.items():
        found.append((kind, NAME))
        info = inspect.type_info(struct)
        assert isinstance(info, inspect.StructType)
        fields = {field.name: field.type for field in info.fields}
        found += [(kind, place) for name in field_names(struct) for place in _texts(name, fields[name])]
    return found


def _texts(at: str, type_: inspect.Type) -> Iterator[str]:
    match type_:
        case inspect.StrType():
            yield at
        case inspect.UnionType(types=parts):
            for part in parts:
                yield from _texts(at, part)
        case inspect.VarTupleType(item_type=item):
            yield from _texts(at, item)
        case inspect.StructType(fields=fields):
            for field in fields:
                yield from _texts(f"{at}.{field.name}", field.type)
        case inspect.IntType() | inspect.BoolType() | inspect.NoneType():
            pass
        case _:
            raise AssertionError(f"{at} is of a type that is not looked into: {type_}")


def said(objects: Iterable[SchemaObject]) -> dict[Place, set[str]]:
    """What stands in each place."""
    found: dict[Place, set[str]] = {}
    for obj in objects:
        kind = obj.ident.kind
        found.setdefault((kind, NAME), set()).add(obj.name)
        for name in field_names(type(obj)):
            for place, value in _values(name, getattr(obj, name)):
                found.setdefault((kind, place), set()).add(value)
    return found


def _values(at: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield at, value
        case tuple():
            for part in value:
                yield from _values(at, part)
        case msgspec.Struct():
            for name in value.__struct_fields__:
                yield from _values(f"{at}.{name}", getattr(value, name))


def spelled(stem: str) -> list[str]:
    """How a name may stand in a text: as it is, in an identifier, in a constant, in an identity; in capitals."""
    doubled = stem.replace('"', '""')
    in_path = Ident("table", stem).text.partition("/")[2]
    found = [stem, doubled, stem.replace("'", "''"), doubled.replace("'", "''"), in_path]
    return [*found, *map(str.upper, found)]
