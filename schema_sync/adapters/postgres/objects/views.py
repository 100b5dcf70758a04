"""Views and materialized views."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from schema_sync.adapters.postgres.objects.storage import Stored, StoredAttribute
from schema_sync.adapters.postgres.objects.types import Attribute
from schema_sync.model.objects import SchemaObject


class View(SchemaObject, frozen=True, kw_only=True):
    """A view. Its columns follow from the definition and from what it reads, and decide what can replace it."""

    kind: ClassVar[str] = "view"
    hinges: ClassVar[Mapping[str, str]] = MappingProxyType({"definition": "columns"})

    definition: str
    """The query, without a semicolon."""
    columns: tuple[Attribute, ...] = ()
    security_barrier: bool = False
    security_invoker: bool = False
    check_option: str | None = None
    """`local` or `cascaded`."""
    comment: str | None = None


class MaterializedView(Stored, frozen=True, kw_only=True):
    """A materialized view. Whether it is populated is data."""

    kind: ClassVar[str] = "materialized_view"
    hinges: ClassVar[Mapping[str, str]] = MappingProxyType({"definition": "columns"})

    definition: str
    """The query, without a semicolon."""
    columns: tuple[StoredAttribute, ...] = ()
    comment: str | None = None
