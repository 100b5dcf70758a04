"""What every command prints as JSON, as structs: `schema-sync schema` prints their JSON Schema.

One object a command, `{"format": 1, "command": …, …}`. Keys are a promise to scripts: they are added to, and neither
renamed nor given another meaning, while `format` is 1. The text forms are rendered from the same structs, so that
both say the same.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec
from msgspec import UNSET, UnsetType, field

FORMAT: Final = 1
"""The version of these shapes."""


Action = Literal["add", "remove", "alter", "rename"]
"""What became of an object."""

State = Literal["in_sync", "differs", "refused", "busy", "unreachable", "failed"]
"""How tenants stand to their target; the last four could not be read, or not be held against it."""


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """The base of everything in a report."""


class Report(Shape, frozen=True, kw_only=True):
    """The base of a command's whole answer."""

    format: Literal[1] = 1
    command: str


class Revision(Shape, frozen=True, kw_only=True):
    """A revision as it was asked for, and what it is."""

    rev: str
    fingerprint: str
    commit: str | UnsetType = UNSET
    """The version's id; absent for what is no version (`live:acme`, `empty`, a file)."""


class FieldPair(Shape, frozen=True, kw_only=True):
    """A field's value on both sides; a side is absent where the object is."""

    old: Any | UnsetType = UNSET
    new: Any | UnsetType = UNSET


class ChangeItem(Shape, frozen=True, kw_only=True):
    """One object that differs."""

    action: Action
    kind: str
    object: str
    """The top-level object that it is or belongs to: `tables/users`."""
    object_kind: str
    """What that is: `table`."""
    name: str
    ident: str
    """The whole identity: `tables/users/columns/email`."""
    old_ident: str | UnsetType = UNSET
    """The identity before a rename."""
    fields: dict[str, FieldPair] = {}


class PartItem(Shape, frozen=True, kw_only=True):
    """One change that a statement makes."""

    action: str
    object: str


class StatementItem(Shape, frozen=True, kw_only=True):
    """One statement of a plan."""

    sql: str
    object: str
    """What it changes; where that is several objects, what they belong to."""
    parts: tuple[PartItem, ...] = ()
    hazards: tuple[str, ...] = ()
    lock: str | None = None
    in_transaction: bool = True
    transaction: int = 1
    """Which of the plan's transactions it belongs to, counted from 1; what may run in none has its own number."""
    note: str | None = None
    group: int | UnsetType = UNSET
    """The place in `groups` of the tenants that it is for."""


class Note(Shape, frozen=True, kw_only=True):
    """Something to know that is no error; of `doctor` and `verify` also what is wrong."""

    code: str
    object: str
    message: str


class DiffReport(Report, frozen=True, kw_only=True):
    """What `diff` prints."""

    source: Revision = field(name="from")
    target: Revision = field(name="to")
    changes: tuple[ChangeItem, ...] = ()


class ProofItem(Shape, frozen=True, kw_only=True):
    """What came of running a plan on a scratch database."""

    proven: bool
    why: str | None = None
    """Why it is not proven."""
    rows: int = 0
    """How many made-up rows it was run over."""
    notes: tuple[str, ...] = ()
    """What the proof is without."""


class GroupItem(Shape, frozen=True, kw_only=True):
    """Tenants that are in the same state, and what lies between it and the target."""

    fingerprint: str | None
    """The state; `null` where it could not be read."""
    tenants: tuple[str, ...]
    status: State
    target: Revision | UnsetType = field(name="to", default=UNSET)
    """What they are held against; absent where they could not be read."""
    changes: tuple[ChangeItem, ...] = ()
    preparation: tuple[str, ...] = ()
    """Statements that are run in the database first, once for all of its tenants."""
    plan: str | UnsetType = UNSET
    """The plan's id."""
    hazards: tuple[str, ...] = ()
    stopping: tuple[str, ...] = ()
    """Those of the hazards that stop an apply unless they are allowed."""
    atomic: bool | UnsetType = UNSET
    proof: ProofItem | UnsetType = UNSET
    """Absent where no proof was asked for, or there is no plan."""
    error: str | None = None
    hint: str | None = None
    diagnostics: tuple[Note, ...] = ()


class DatabaseItem(Shape, frozen=True, kw_only=True):
    """A configured database that could not be asked for its tenants."""

    database: str
    error: str
    hint: str | None = None


class PlanReport(Report, frozen=True, kw_only=True):
    """What `plan` prints: groups of tenants, and the statements of all groups in order."""

    target: Revision | None = field(name="to", default=None)
    """The target of all; `null` where each database has a release of its own."""
    groups: tuple[GroupItem, ...] = ()
    statements: tuple[StatementItem, ...] = ()
    unreachable: tuple[DatabaseItem, ...] = ()


class TenantResult(Shape, frozen=True, kw_only=True):
    """How one tenant came out of an apply."""

    tenant: str
    status: Literal["applied", "in_sync", "failed", "skipped", "untouched"]
    source: str | None = field(name="from")
    target: str | None = field(name="to")
    seconds: float
    changes: int = 0
    """How many objects differed."""
    statements: int = 0
    error: str | None = None
    hint: str | None = None
    notices: tuple[Note, ...] = ()
    """What is to be known of what the plan brings."""


class ApplyReport(Report, frozen=True, kw_only=True):
    """What `apply` and `create-tenant` print."""

    run: str
    target: Revision | None = field(name="to", default=None)
    executed: bool
    tenants: tuple[TenantResult, ...] = ()
    unreachable: tuple[DatabaseItem, ...] = ()


class FleetReport(Report, frozen=True, kw_only=True):
    """What `check` and `audit` print: the fleet by state."""

    target: Revision | None = field(name="to", default=None)
    in_sync: int
    differs: int
    unread: int
    """Tenants that were busy, unreachable or failed: never counted as in step."""
    groups: tuple[GroupItem, ...] = ()
    unreachable: tuple[DatabaseItem, ...] = ()
    """Databases whose tenants are not even known, and in none of the counts."""


class TenantItem(Shape, frozen=True, kw_only=True):
    """One tenant of the fleet, as last recorded."""

    tenant: str
    database: str
    name: str
    observed: str | None = None
    """The fingerprint it was last seen with."""
    version: str | None = None
    """The version that was last applied: a tag's name, else the beginning of an id."""


class TenantsReport(Report, frozen=True, kw_only=True):
    """What `tenants` prints."""

    tenants: tuple[TenantItem, ...] = ()
    unreachable: tuple[DatabaseItem, ...] = ()


class SnapshotItem(Shape, frozen=True, kw_only=True):
    """One tenant that was read."""

    tenant: str
    fingerprint: str | None
    objects: int = 0
    ignored: int = 0
    error: str | None = None
    hint: str | None = None
    diagnostics: tuple[Note, ...] = ()


class VersionItem(Shape, frozen=True, kw_only=True):
    """A version of the store."""

    commit: str
    fingerprint: str
    author: str
    time: str
    subject: str
    tags: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()


class SnapshotReport(Report, frozen=True, kw_only=True):
    """What `snapshot` prints."""

    tenants: tuple[SnapshotItem, ...] = ()
    unreachable: tuple[DatabaseItem, ...] = ()
    version: VersionItem | None = None
    created: bool = False
    """Whether a commit was made; a branch that has this very schema already gets none."""
    tag: str | None = None
    renames: dict[str, str] = {}
    """What has another name than in the version before: old identity -> new identity."""


class LogReport(Report, frozen=True, kw_only=True):
    """What `log` prints, newest first."""

    versions: tuple[VersionItem, ...] = ()


class ObjectItem(Shape, frozen=True, kw_only=True):
    """One object of a schema."""

    kind: str
    ident: str
    name: str
    fields: dict[str, Any] = {}


class ShowReport(Report, frozen=True, kw_only=True):
    """What `show` prints: the objects of a version, owners before what is theirs."""

    revision: Revision
    dialect: str
    version: VersionItem | None = None
    objects: tuple[ObjectItem, ...] = ()
    needs: dict[str, tuple[str, ...]] = {}
    unmodelled: tuple[str, ...] = ()


class RefsReport(Report, frozen=True, kw_only=True):
    """What `tag` and `branch` print."""

    refs: dict[str, str] = {}
    """Names -> ids of versions."""


class VersionCount(Shape, frozen=True, kw_only=True):
    """How many tenants are recorded at one version."""

    version: str | None
    tenants: int
    drifted: int = 0
    """Those whose schema, when last seen, was not the version's."""


class StatusReport(Report, frozen=True, kw_only=True):
    """What `status` prints: what is recorded, without asking any tenant."""

    store: str
    branch: str
    tenants: int
    versions: tuple[VersionCount, ...] = ()
    states: int
    """In how many different states the fleet was last seen."""
    last_run: str | None = None
    """The id of the run that last changed the record."""
    last_time: str | None = None
    """When that was."""


class NotesReport(Report, frozen=True, kw_only=True):
    """What `verify` and `doctor` print."""

    ok: bool
    notes: tuple[Note, ...] = ()


class DoneReport(Report, frozen=True, kw_only=True):
    """What `init` and `demo` print: the files that were made."""

    made: tuple[str, ...] = ()


REPORTS: Final[tuple[type[Report], ...]] = (
    DiffReport,
    PlanReport,
    ApplyReport,
    FleetReport,
    TenantsReport,
    SnapshotReport,
    LogReport,
    ShowReport,
    RefsReport,
    StatusReport,
    NotesReport,
    DoneReport,
)
"""Every report there is."""
