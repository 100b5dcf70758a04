"""Text search and encodings: parsers, templates, dictionaries, configurations, conversions.

A reference to one of the tenant's own is written without a schema, any other with it: `pg_catalog.simple`.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from schema_sync.model.objects import SchemaObject


class TextSearchParser(SchemaObject, frozen=True, kw_only=True):
    """A text search parser (pg_ts_parser): the functions that take a text apart."""

    kind: ClassVar[str] = "text_search_parser"

    start: str
    token: str
    end: str
    headline: str | None = None
    token_types: str
    comment: str | None = None


class TextSearchTemplate(SchemaObject, frozen=True, kw_only=True):
    """A text search template (pg_ts_template): the functions that dictionaries are made with."""

    kind: ClassVar[str] = "text_search_template"

    init: str | None = None
    lexize: str
    comment: str | None = None


class TextSearchDictionary(SchemaObject, frozen=True, kw_only=True):
    """A text search dictionary (pg_ts_dict)."""

    kind: ClassVar[str] = "text_search_dictionary"

    template: str
    options: tuple[str, ...] = ()
    """As `name = 'value'`, in the order in which they were set, which pg_dump keeps."""
    comment: str | None = None


class TextSearchMapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a configuration does with one type of token."""

    token: str
    dictionaries: tuple[str, ...]
    """In the order in which they are asked."""


class TextSearchConfiguration(SchemaObject, frozen=True, kw_only=True):
    """A text search configuration (pg_ts_config)."""

    kind: ClassVar[str] = "text_search_configuration"

    parser: str
    mappings: tuple[TextSearchMapping, ...] = ()
    """Sorted by the name of the token."""
    comment: str | None = None


class Conversion(SchemaObject, frozen=True, kw_only=True):
    """A conversion between two encodings (pg_conversion)."""

    kind: ClassVar[str] = "conversion"

    source: str
    target: str
    """Names of encodings, `LATIN1`."""
    function: str
    default: bool = False
    """Whether it is the one that is used for these encodings where it is found first."""
    comment: str | None = None
