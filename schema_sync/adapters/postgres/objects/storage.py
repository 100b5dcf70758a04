"""How tables, materialized views and their columns are kept on disk."""

from __future__ import annotations

from schema_sync.adapters.postgres.objects.types import Attribute
from schema_sync.model.objects import SchemaObject


class Stored(SchemaObject, frozen=True, kw_only=True):
    """What relations that have rows of their own have in common."""

    options: tuple[str, ...] = ()
    """Storage parameters, `fillfactor=70`, in the order in which they were set, which pg_dump keeps."""
    toast_options: tuple[str, ...] = ()
    """Those of its TOAST table, without `toast.`, likewise."""
    tablespace: str | None = None
    """Where it is not the database's own."""
    access_method: str | None = None
    """Where it is not `heap`."""
    clustered_by: str | None = None
    """The name of the index that CLUSTER ON names."""


class StoredAttribute(Attribute, frozen=True, kw_only=True):
    """A column of a materialized view, with how its values are kept."""

    storage: str | None = None
    """`plain`, `external`, `main` or `extended`, where it is not the type's own."""
    compression: str | None = None
    """`pglz` or `lz4`, where it is not the default."""
    statistics: int | None = None
    """The statistics target, where it is not the default."""
    options: tuple[str, ...] = ()
    """Attribute options, `n_distinct=5`, in the order in which they were set, which pg_dump keeps."""
