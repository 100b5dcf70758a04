"""What differs between two snapshots. Pure; sees only the model."""

from schema_sync.diff.objects import ObjectDiff, changed_fields, diff

__all__ = ["ObjectDiff", "changed_fields", "diff"]
