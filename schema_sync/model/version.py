"""What a store tells of itself: versions, what differs between them, and the record of the fleet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A commit of the store."""

    id: str
    """Forty hex digits."""
    tree: str
    """The id of its whole tree."""
    fingerprint: str
    """The id of its `schema/` tree; Git's empty tree where it has none."""
    parents: tuple[str, ...]
    author: str
    """`Name <address>`."""
    time: datetime
    """The commit's time, in UTC."""
    message: str
    """Subject and body, without trailers."""
    trailers: Mapping[str, tuple[str, ...]] = {}
    """The trailers of the message, in order for each key."""

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]


class FileChange(msgspec.Struct, frozen=True):
    """A file that differs between two versions: `None` on the side that lacks it."""

    path: str
    old: bytes | None
    new: bytes | None


class Base(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was last applied to a tenant."""

    commit: str
    """The id of the version."""
    fingerprint: str
    """That version's fingerprint, as the tenant's server spells it."""
    expected: str
    """The fingerprint that the tenant should have now: the version's, or the version with what is the tenant's own."""
    local: tuple[str, ...] = ()
    """Identity texts of accepted objects that are the tenant's own."""


class FleetEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What is recorded of one tenant."""

    observed: str
    """The fingerprint it was last seen with; Git's empty tree for an empty schema."""
    tree: str
    """The id of the whole observed snapshot's tree."""
    base: Base | None = None


class LastRun(msgspec.Struct, frozen=True, kw_only=True):
    """The run that last changed the fleet's record."""

    run: str
    time: datetime
    """In UTC."""


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """What a run saw of one tenant, to be recorded."""

    key: str
    """`<database>/<tenant>`, always both."""
    files: Mapping[str, bytes]
    """The snapshot's files, as `Snapshot.files`."""
    base: Base | None = None
    """What is applied to it now; `None` leaves what was recorded."""
