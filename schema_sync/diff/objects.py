"""Two snapshots -> changes, object by object and field by field.

Every struct's fields are compared by reflection, so a field that is added to an engine's objects is compared from
its first day. No kind is named here.
"""

from __future__ import annotations

from schema_sync.errors import Refused
from schema_sync.model.change import Added, Altered, Change, Diff, FieldChange, Removed
from schema_sync.model.objects import SchemaObject, field_names
from schema_sync.model.snapshot import Snapshot


class ObjectDiff:
    """The built-in `DiffCalculator`."""

    def diff(self, old: Snapshot, new: Snapshot) -> Diff:
        """All changes from old to new; see `diff`."""
        return diff(old, new)


def diff(old: Snapshot, new: Snapshot) -> Diff:
    """All changes from old to new, sorted by identity text; empty if and only if the fingerprints are equal.

    Children are changes of their own: an added table with three columns is four changes. Nothing is taken for
    renamed here, since two names alone are no evidence.

    Raises:
        Refused: the snapshots are of different dialects, or spelled by different server majors, so that equal
            definitions could read differently.
    """
    check_comparable(old, new)
    changes: list[Change] = []
    for obj in old.unlike(new):
        other = new.get(obj.ident)
        if other is None:
            changes.append(Removed(obj))
        elif fields := changed_fields(obj, other):
            changes.append(Altered(obj, other, fields))
    changes += [Added(obj) for obj in new.unlike(old) if obj.ident not in old]
    return Diff(tuple(sorted(changes, key=lambda change: change.ident.text)))


def changed_fields(old: SchemaObject, new: SchemaObject) -> tuple[FieldChange, ...]:
    """The fields in which two objects of one kind differ, in the order of their struct."""
    if old == new:
        return ()
    return tuple(
        FieldChange(name, before, after)
        for name in field_names(type(new))
        if (before := getattr(old, name)) != (after := getattr(new, name))
    )


def check_comparable(old: Snapshot, new: Snapshot) -> None:
    """Refuse what would compare words of different languages. An empty side without a dialect goes with any."""
    if old.dialect and new.dialect and old.dialect != new.dialect:
        raise Refused(
            f"a {old.dialect} schema cannot be compared with a {new.dialect} one",
            hint="keep each dialect in a store of its own",
        )
    if old.spelling and new.spelling and old.spelling != new.spelling and len(old) and len(new):
        raise Refused(
            f"{old.dialect} {old.spelling} and {new.dialect} {new.spelling} spell definitions differently",
            hint=f"capture the version on a server of major {old.spelling} too",
        )
