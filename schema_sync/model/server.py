"""What an adapter is connected to, and how that is spoken to by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """What an adapter is connected to."""

    version: int
    """As the engine numbers it: 150018 for PostgreSQL 15.18, 3040001 for SQLite 3.40.1."""
    text: str
    """For people: `PostgreSQL 15.18`."""
    spelling: str = ""
    """The `Snapshot.spelling` of what it prints: the major version, or empty where all versions spell alike."""
    notice: str | None = None
    """What people should know before they rely on it: it is accepted, and nobody tests with it."""


class Script(NamedTuple):
    """How statements are written for one tenant, to be run by the engine's own client."""

    head: str
    """What comes before all of them."""
    begin: str
    """What opens a transaction."""
    commit: str
    """What commits it."""
    spelled: Callable[[str], str]
    """A statement with the names that it has in this tenant."""
