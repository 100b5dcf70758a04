"""Where two structured values that differ do so. deepdiff's only home.

It explains pairs that are known to differ, and never finds them: that is done by comparing fields. A list of parts (a
view's columns, an index's elements) is keyed by what names its parts first, since a comparison by position would call
every part behind an insertion changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from msgspec import UNSET


class Difference(NamedTuple):
    """One place where two values differ; a side on which there is nothing is `UNSET`."""

    place: tuple[str, ...]
    """From the outside in: the part's name, then its fields; empty for the order of the parts."""
    old: Any
    new: Any


def explain(old: Any, new: Any) -> tuple[Difference, ...] | None:
    """What differs between two values of plain data, sorted by place; `None` where their parts have no names.

    Parts that are the same in another order are one difference with an empty place.
    """
    before, after = _keyed(old), _keyed(new)
    if before is None or after is None:
        return None
    if before == after:
        return (Difference((), list(before), list(after)),)
    from deepdiff import DeepDiff

    tree = DeepDiff(before, after, view="tree")
    found = [_difference(level) for levels in tree.values() for level in levels]
    return tuple(sorted(found, key=lambda difference: difference.place))


def _keyed(value: Any) -> Mapping[str, Any] | None:
    """Parts by name: those of a mapping, or of a list of mappings or scalars that are all called differently."""
    if isinstance(value, Mapping):
        return value
    if not isinstance(value, list | tuple):
        return None
    named = {}
    for part in value:
        if isinstance(part, Mapping) and part:
            (_, name), *rest = part.items()
            named[str(name)] = dict(rest)
        elif isinstance(part, str | int):
            named[str(part)] = {}
    return named if len(named) == len(value) else None


def _difference(level: Any) -> Difference:
    """One of deepdiff's findings; `not present` is how it says that a side has nothing there."""
    from deepdiff.helper import NotPresent

    old, new = (UNSET if isinstance(side, NotPresent) or side is NotPresent else side for side in (level.t1, level.t2))
    return Difference(tuple(map(str, level.path(output_format="list"))), old, new)
