"""What a tenant has of the world outside: foreign tables and extensions."""

from __future__ import annotations

from typing import ClassVar

from schema_sync.model.objects import SchemaObject


class ForeignTable(SchemaObject, frozen=True, kw_only=True):
    """A foreign table (pg_foreign_table). Its rows are elsewhere, and its server is the database's."""

    kind: ClassVar[str] = "foreign_table"
    verbatim: ClassVar[tuple[str, ...]] = ("options", "comment")

    server: str
    options: tuple[str, ...] = ()
    """As `name=value`, in the order in which they were set, which pg_dump keeps."""
    comment: str | None = None


class Extension(SchemaObject, frozen=True, kw_only=True):
    """An extension that is installed into the tenant's schema (pg_extension), which only one tenant of a database can
    have. Its members are no objects of their own.
    """

    kind: ClassVar[str] = "extension"

    version: str
    comment: str | None = None
    """CREATE EXTENSION gives it the one of its control file."""
