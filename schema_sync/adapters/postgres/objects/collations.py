"""Collations."""

from __future__ import annotations

from typing import ClassVar

from schema_sync.model.objects import SchemaObject


class Collation(SchemaObject, frozen=True, kw_only=True):
    """A collation (pg_collation). The version of its library is the server's, and no difference."""

    kind: ClassVar[str] = "collation"

    provider: str
    """`libc`, `icu`, or `builtin` (PostgreSQL 17)."""
    locale: str | None = None
    """What both LC_COLLATE and LC_CTYPE are, or what the provider calls a locale."""
    collate: str | None = None
    ctype: str | None = None
    """LC_COLLATE and LC_CTYPE where they are not the same."""
    deterministic: bool = True
    """Whether only strings of the same bytes are equal."""
    rules: str | None = None
    """ICU's further rules of order (PostgreSQL 16)."""
    comment: str | None = None
