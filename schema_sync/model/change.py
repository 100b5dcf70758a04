"""What differs between two snapshots, object by object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject


class FieldChange(msgspec.Struct, frozen=True):
    """One field of an object that is in both snapshots."""

    field: str
    old: Any
    new: Any


class Added(msgspec.Struct, frozen=True):
    """An object that only the new snapshot has."""

    new: SchemaObject

    @property
    def ident(self) -> Ident:
        """The identity of the object."""
        return self.new.ident


class Removed(msgspec.Struct, frozen=True):
    """An object that only the old snapshot has."""

    old: SchemaObject

    @property
    def ident(self) -> Ident:
        """The identity of the object."""
        return self.old.ident


class Altered(msgspec.Struct, frozen=True):
    """An object of both, with the fields that differ, in the order of its struct; never empty."""

    old: SchemaObject
    new: SchemaObject
    fields: tuple[FieldChange, ...]

    @property
    def ident(self) -> Ident:
        """The identity of the object."""
        return self.new.ident


class Renamed(msgspec.Struct, frozen=True):
    """An object that is in both under two identities, and known to be the same; `fields` may differ too."""

    old: SchemaObject
    new: SchemaObject
    fields: tuple[FieldChange, ...] = ()

    @property
    def ident(self) -> Ident:
        """The identity that the object has in the new snapshot."""
        return self.new.ident


Change = Added | Removed | Altered | Renamed


class Diff(msgspec.Struct, frozen=True):
    """All changes from one snapshot to another, sorted by identity text; empty if and only if they are equal."""

    changes: tuple[Change, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not self.changes

    @property
    def change_count(self) -> int:
        """How many objects differ: each counts once, its children separately."""
        return len(self.changes)

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)
