"""Types that are no table's: enumerations, domains, composite types, ranges."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

import msgspec

from schema_sync.model.objects import Part, SchemaObject


class Attribute(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A column of a view or an attribute of a composite type, where its place is a part of the meaning."""

    verbatim: ClassVar[tuple[str, ...]] = ("name", "comment")

    name: str
    type: str
    collation: str | None = None
    """As an identifier, where it is not the type's own."""
    default: str | None = None
    """What INSERT through a view puts in."""
    comment: str | None = None


class Enum(SchemaObject, frozen=True, kw_only=True):
    """An enumerated type (pg_enum)."""

    kind: ClassVar[str] = "enum"
    verbatim: ClassVar[tuple[str, ...]] = ("labels", "comment")
    named_parts: ClassVar[Mapping[str, Part]] = MappingProxyType({"label": Part("labels", is_value=True)})

    labels: tuple[str, ...] = ()
    """In the order in which they sort."""
    comment: str | None = None


class Domain(SchemaObject, frozen=True, kw_only=True):
    """A type with rules for its values (pg_type.typtype `d`)."""

    kind: ClassVar[str] = "domain"

    type: str
    nullable: bool = True
    default: str | None = None
    collation: str | None = None
    """As an identifier, where it is not the type's own."""
    comment: str | None = None


class DomainCheck(SchemaObject, frozen=True, kw_only=True):
    """A CHECK constraint of a domain (pg_constraint.contypid)."""

    kind: ClassVar[str] = "domain_check"

    definition: str
    """`CHECK (…)`, without NOT VALID."""
    validated: bool = True
    comment: str | None = None


class CompositeType(SchemaObject, frozen=True, kw_only=True):
    """A row type that is no table's (pg_class.relkind `c`)."""

    kind: ClassVar[str] = "composite_type"
    named_parts: ClassVar[Mapping[str, Part]] = MappingProxyType({"attribute": Part("attributes")})

    attributes: tuple[Attribute, ...] = ()
    comment: str | None = None


class RangeType(SchemaObject, frozen=True, kw_only=True):
    """A range type with its multirange type (pg_range); their constructors are parts of it."""

    kind: ClassVar[str] = "range_type"
    verbatim: ClassVar[tuple[str, ...]] = (
        *("multirange", "constructor", "multirange_constructor"),
        *("multirange_comment", "comment"),
    )
    named_parts: ClassVar[Mapping[str, Part]] = MappingProxyType({"multirange": Part("multirange")})

    subtype: str
    opclass: str | None = None
    """The operator class that orders its values, where it is not the subtype's default; like the difference, without a
    schema where it is the tenant's own, and with it otherwise."""
    collation: str | None = None
    """As an identifier, where it is not the subtype's own."""
    difference: str | None = None
    """The function that says how far apart two values are (SUBTYPE_DIFF)."""
    multirange: str
    """The multirange type's name, unquoted."""
    constructor: str | None = None
    """The name of its constructor functions, unquoted, where it is not the type's: ALTER TYPE … RENAME leaves them as
    they are."""
    multirange_constructor: str | None = None
    """That of the multirange type's, likewise."""
    multirange_comment: str | None = None
    comment: str | None = None
