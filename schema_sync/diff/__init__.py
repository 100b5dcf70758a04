"""What differs between two snapshots. Pure; sees only the model."""

from schema_sync.diff.explain import Difference, explain
from schema_sync.diff.objects import ObjectDiff, changed_fields, check_comparable, diff
from schema_sync.diff.renames import (
    NONE,
    Renames,
    called,
    carry,
    compose,
    inverse,
    is_there,
    moved,
    usable,
    with_renames,
)

__all__ = [
    "NONE",
    "Difference",
    "ObjectDiff",
    "Renames",
    "called",
    "carry",
    "changed_fields",
    "check_comparable",
    "compose",
    "diff",
    "explain",
    "inverse",
    "is_there",
    "moved",
    "usable",
    "with_renames",
]
