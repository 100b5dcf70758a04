"""Every error that a caller of schema-sync may meet.

::

    SchemaSyncError                 exit code
    ├── UsageError                  2   what was asked for cannot be understood
    │   ├── ConfigError             2   schema-sync.toml, options, environment
    │   ├── UnknownRevision         2   carries the names that are near
    │   ├── UnknownObject           2   carries the names that are near
    │   ├── UnknownTenant           2   carries the names that are near
    │   └── AlreadyExists           2   a tag, a branch, a tenant
    ├── Refused                     3   understood, possible, and not allowed
    │   ├── HazardsNotAllowed       3   carries the statements and their hazards
    │   ├── IsolationError          3   a tenant refers to what is outside of it
    │   ├── NotConvergeable         3   no rule leads from the old object to the new one
    │   ├── FingerprintChanged      3   the tenant is no longer in the state that the plan was made from
    │   └── Unmodelled              3   the plan touches what no cell reads
    ├── TenantFailed                5   a statement failed; the tenant was rolled back
    │   ├── TenantBusy              5   locked by someone else, or a lock was not granted in time
    │   ├── Unordered               5   the steps of a plan wait for each other; nothing was run
    │   └── NotConverged            5   the result was not the promised one; rolled back
    ├── Unreachable                 6   a server or a file could not be reached or read
    └── StoreError                  6   the store could not be read or written
        └── CorruptObject           6   bytes that are not canonical, or not where they belong

Every error says what was being done, to what, with which value. The remedy, where there is one, is in `hint`.
Drivers' own exceptions never leave their adapter's session module, and a password never enters a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final


class SchemaSyncError(Exception):
    """The root of all errors of this package."""

    exit_code: ClassVar[int] = 1

    hint: str | None
    """What the user can do about it, as one sentence; `None` where nothing is known to help."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint

    @property
    def message(self) -> str:
        """One line for people, without the hint."""
        return str(self.args[0])


class UsageError(SchemaSyncError):
    """What was asked for cannot be understood or does not exist."""

    exit_code = 2


class ConfigError(UsageError):
    """The configuration is missing, malformed, or contradicts itself."""


_REVISIONS = "`schema-sync log`, `schema-sync tag` and `schema-sync branch` list versions by their names"


class UnknownRevision(UsageError):
    """A revision names nothing in the store."""

    def __init__(self, rev: str, *, near: Sequence[str] = (), hint: str | None = None) -> None:
        if hint is None:
            hint = "did you mean " + " or ".join(near) + "?" if near else _REVISIONS
        super().__init__(f"there is no revision {rev!r}", hint=hint)
        self.rev = rev
        self.near = tuple(near)


class UnknownObject(UsageError):
    """An object is in none of the schemas that it was looked for in."""

    def __init__(self, ident: str, revs: Sequence[str], *, near: Sequence[str] = ()) -> None:
        hint = f"`schema-sync show {revs[-1]}` lists its objects"
        if near:
            hint = "did you mean " + " or ".join(near) + "?"
        super().__init__(f"there is no object {ident!r} in {' or '.join(revs)}", hint=hint)
        self.ident = ident
        self.revs = tuple(revs)
        self.near = tuple(near)


class UnknownTenant(UsageError):
    """A tenant is not in the fleet."""

    def __init__(self, tenant: str, *, near: Sequence[str] = (), hint: str | None = None) -> None:
        if hint is None:
            hint = "did you mean " + " or ".join(near) + "?" if near else "`schema-sync tenants` lists them"
        super().__init__(f"there is no tenant {tenant!r}", hint=hint)
        self.tenant = tenant
        self.near = tuple(near)


class AlreadyExists(UsageError):
    """A tag, a branch or a tenant of that name is there already."""


class Refused(SchemaSyncError):
    """Understood, possible, and not allowed."""

    exit_code = 3


class HazardsNotAllowed(Refused):
    """A plan has stopping hazards that were not allowed by name."""

    def __init__(self, message: str, *, hazards: Sequence[str], hint: str | None = None) -> None:
        if hint is None:
            hint = "allow it with " + " ".join(f"--allow {hazard}" for hazard in hazards)
        super().__init__(message, hint=hint)
        self.hazards = tuple(hazards)


class IsolationError(Refused):
    """A tenant refers to an object of another tenant, or to one that no configuration shares."""


class NotConvergeable(Refused):
    """No rule leads from the old object to the new one without a loss that nobody asked for."""


class FingerprintChanged(Refused):
    """The tenant is not in the state that the plan was made from."""


class Unmodelled(Refused):
    """The plan touches, or the target holds, something that no cell reads."""


class TenantFailed(SchemaSyncError):
    """A tenant could not be brought to its target; it was rolled back where the engine can."""

    exit_code = 5


class TenantBusy(TenantFailed):
    """The tenant is locked by someone else, or a lock was not granted in time."""


OUR_FAULT: Final = "this is a fault of schema-sync: please report the plan with both schemas"
"""The hint of what no rule of ours should ever lead to."""


class Unordered(TenantFailed):
    """The steps from one state to another wait for each other, so that there can be no plan."""

    def __init__(self, steps: Sequence[str]) -> None:
        super().__init__(f"these steps wait for each other: {', '.join(steps)}", hint=OUR_FAULT)
        self.steps = tuple(steps)


class NotConverged(TenantFailed):
    """After the plan the tenant was not what the plan had promised; it was rolled back."""

    def __init__(self, message: str, *, objects: Sequence[str], hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.objects = tuple(objects)


class Unreachable(SchemaSyncError):
    """A server or a database file could not be reached or read."""

    exit_code = 6


class StoreError(SchemaSyncError):
    """The store could not be read or written."""

    exit_code = 6


class CorruptObject(StoreError):
    """A stored object is not canonical, or not where its identity says it belongs."""

    def __init__(self, path: str, why: str, *, hint: str | None = None) -> None:
        if hint is None:
            hint = "was it edited by hand? `schema-sync verify` lists every such object"
        super().__init__(f"{path} in the store is damaged: {why}", hint=hint)
        self.path = path
