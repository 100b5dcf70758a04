"""JSON for people's scripts, as opposed to the canonical bytes of the store: in the order of the structs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec


def document(value: msgspec.Struct) -> str:
    """A struct as indented JSON, its keys in the order of its fields; absent fields are left out."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def json_schema(structs: Iterable[type[msgspec.Struct]]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of documents that are one of the structs, which stand in `$defs` by name."""
    types = list(structs)
    refs, components = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "anyOf": list(refs),
        "$defs": components,
    }
