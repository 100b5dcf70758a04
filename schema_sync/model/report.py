"""What the use cases report, as data; the command line only prints it."""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatchcase

import msgspec

from schema_sync.model.change import Diff
from schema_sync.model.plan import Plan, Statement


class TenantContext(msgspec.Struct, frozen=True, order=True):
    """One tenant: every operation is scoped to one.

    `name` is the schema, database or file; `database` the configured database that it lives in. A tenant without a
    database is looked up by its name, which must then be unique in the fleet.
    """

    name: str
    database: str = ""

    @property
    def id(self) -> str:
        """The full name: `eu1/acme`, or `acme` where no database is named."""
        return f"{self.database}/{self.name}" if self.database else self.name

    def __str__(self) -> str:
        return self.id


class TenantSelection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`tenants = {…}` of a database: one way to find them, and names to leave out.

    Without any the adapter takes all that its database has: every schema that is not the server's own, every file
    that the URL's pattern matches.
    """

    schemas: tuple[str, ...] = ()
    """Patterns of names, as in the shell: `tenant_*`."""
    exclude: tuple[str, ...] = ()
    """Patterns of names to leave out of whatever was found."""
    query: str = ""
    """A SELECT whose first column is the tenants' names."""
    names: tuple[str, ...] = msgspec.field(default=(), name="list")
    """The tenants by name."""

    def allows(self, name: str) -> bool:
        """Whether a tenant of that name would be selected, as far as names tell: what a query says is not asked."""
        if self.names and name not in self.names:
            return False
        if self.schemas and not any(fnmatchcase(name, pattern) for pattern in self.schemas):
            return False
        return not any(fnmatchcase(name, pattern) for pattern in self.exclude)


class Diagnostic(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that people should know about a capture, and that is no error."""

    code: str
    """`unmodelled`, `unstable_text`, `names_own_tenant`, `ignored`, `isolation`, `column_order` …"""

    object: str
    """The text of the identity that it is about, or the catalog's own description of it."""

    message: str
    """One line for people."""


class Lack(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that a schema needs outside of its tenant, and that a database has not."""

    need: str
    """What it is: `extension pg_trgm`, `role app`, `public: functions/f(integer)`."""

    differs: tuple[str, ...] = ()
    """Of what is there and is another one, the fields that differ; empty for what is missing."""

    remedies: tuple[Statement, ...] = ()
    """What would provide it, where that is no more than to take what the server has ready, in order."""

    @property
    def message(self) -> str:
        """`extension pg_trgm is missing`."""
        return f"{self.need} differs in {', '.join(self.differs)}" if self.differs else f"{self.need} is missing"


class Seeding(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an attempt to put rows into a tenant."""

    rows: int
    """How many there are now."""

    empty: tuple[str, ...] = ()
    """The texts of the identities of what has none, each with the reason: `tables/orders: …`."""


class Proof(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of running a plan on a scratch database in the very state that it is for."""

    proven: bool

    why: str | None = None
    """Why it is not proven."""

    rows: int = 0
    """How many made-up rows the plan was run over."""

    notes: tuple[str, ...] = ()
    """What the proof is without: objects that could not be made or have no rows, and why."""


class Status(StrEnum):
    """How a tenant came out of a run."""

    APPLIED = "applied"
    IN_SYNC = "in_sync"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNTOUCHED = "untouched"


class SyncResult(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, or without `execute` would happen, to one tenant."""

    tenant: TenantContext
    status: Status
    diff: Diff
    plan: Plan
    old: str
    """The fingerprint that the tenant was found with."""
    new: str
    """The fingerprint that it has now; without `execute`, that it would have."""
    seconds: float = 0.0
    """Wall time of the run, in seconds."""
    error: str | None = None
    """What went wrong, in one line."""
    hint: str | None = None
    """What can be done about it."""
    exit_code: int = 0
    """The exit code that the error has by itself; 0 where there is none."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What is to be known of the tenant as it was found."""
    notices: tuple[Diagnostic, ...] = ()
    """What is to be known of what the plan brings: an object that names another tenant in a literal."""

    @property
    def already_in_sync(self) -> bool:
        """Whether the tenant was at its target before anything was done."""
        return self.old == self.plan.new


def unmodelled(what: str) -> Diagnostic:
    """The diagnostic for something in the catalog that no cell reads."""
    return Diagnostic(code="unmodelled", object=what, message=f"{what} is not modelled yet: it is not in the snapshot")


def outside(ident: str, words: str) -> Diagnostic:
    """The diagnostic for an object that names what is in another tenant; `words` are `names acme.t in its body`."""
    return Diagnostic(code="isolation", object=ident, message=f"{ident} {words}, which is outside of its tenant")
