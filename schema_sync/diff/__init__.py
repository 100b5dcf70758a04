"""What differs between two snapshots. Pure; sees only the model."""

from schema_sync.diff.explain import Difference, explain
from schema_sync.diff.objects import ObjectDiff, changed_fields, check_comparable, diff

__all__ = ["Difference", "ObjectDiff", "changed_fields", "check_comparable", "diff", "explain"]
