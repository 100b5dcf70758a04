"""A plan: the ordered statements from one fingerprint to another."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from itertools import groupby

import msgspec

from schema_sync.model.codec import canonical


class Hazard(StrEnum):
    """A reason to stop and ask, or to know beforehand. A closed list, in the order in which people should read it."""

    DELETES_DATA = "deletes_data"
    """Rows or values are gone afterwards."""
    DROPS_UNVERSIONED = "drops_unversioned"
    """The object is in no version that this tenant was ever brought to: a customer's own index."""
    REWRITES_TABLE = "rewrites_table"
    """The whole table is written anew, and blocked meanwhile."""
    WIDENS_ACCESS = "widens_access"
    """Someone may do or see what they could not before."""
    IRREVERSIBLE = "irreversible"
    """No later plan can bring the old state back."""
    NOT_ATOMIC = "not_atomic"
    """More than one transaction: a failure leaves a state in between."""
    CONVERTS_ROWS = "converts_rows"
    """Values of rows change their meaning."""
    RUNS_CODE = "runs_code"
    """Definitions from an unsigned remote run in the database."""
    BRIEF_LOCK = "brief_lock"
    """A lock that conflicts with reads or writes, held only for a change of the catalog."""
    BLOCKS_WRITES = "blocks_writes"
    """Writes to a table wait while its rows are read."""
    BLOCKS_READS = "blocks_reads"
    """Reads of a table wait while its rows are read or written."""
    MAY_FAIL = "may_fail"
    """Rows that exist may not allow it."""


STOPPING = frozenset(list(Hazard)[:8])
"""The hazards that stop an apply unless allowed by name; the others are shown."""


OF_ROWS = frozenset(
    {Hazard.REWRITES_TABLE, Hazard.CONVERTS_ROWS, Hazard.BLOCKS_WRITES, Hazard.BLOCKS_READS, Hazard.MAY_FAIL}
)
"""The hazards that there are only where there are rows."""


class Part(msgspec.Struct, frozen=True):
    """One change that a statement makes."""

    action: str
    """`create`, `drop`, `alter` or `rebuild`."""

    object: str
    """The text of the identity."""


class Probe(msgspec.Struct, frozen=True):
    """A question to the rows of a tenant that is where the plan begins: whether a statement would fail on them."""

    sql: str
    """A query, tenant-neutral. It answers with a row, or fails on a value, where the statement would fail."""

    finding: str
    """What that would mean, for people: `orders.note has rows without a value`."""


class Statement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One statement of a plan, tenant-neutral."""

    sql: str
    """The text, without a semicolon at the end, names of the tenant's own objects unqualified."""

    object: str
    """The text of the identity that it changes, or, where it changes several, of what they belong to."""

    parts: tuple[Part, ...]
    """The changes that it makes, in order; more than one where the engine's syntax lets them share a statement."""

    carries: tuple[str, ...] = ()
    """The identities, sorted, of further objects that change with it, or are whole only then: the engine passes it on
    to them."""

    hazards: tuple[Hazard, ...] = ()
    """In the order of `Hazard`."""

    lock: str | None = None
    """The strongest lock that it takes on a table that exists, in the engine's own words; `None` for none."""

    in_transaction: bool = True
    """Whether it may run inside a transaction; one that may not is a segment of its own."""

    segment: int = 0
    """Which of the plan's transactions it belongs to, counted from 0 in the order in which they are committed."""

    builds: bool = False
    """Whether it does long work outside of a transaction that is lost if it fails, and keeps nobody waiting while it
    waits itself."""

    sweep: str | None = None
    """What clears away the leftovers of an attempt that failed outside of a transaction, or brings it to its end;
    harmless where there are none, and run outside of one, too."""

    note: str | None = None
    """What is lost or risked, for people."""

    probes: tuple[Probe, ...] = ()
    """What tells beforehand that it would fail on rows. None for what depends on what the plan does before."""

    def sweeping(self) -> Statement:
        """The statement that `sweep` is.

        Raises:
            ValueError: there is none.
        """
        if self.sweep is None:
            raise ValueError(f"{self.sql!r} leaves nothing to be swept away")
        return msgspec.structs.replace(self, sql=self.sweep, sweep=None, probes=())


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The way from one state to another, for every tenant that is in the first.

    A plan is only ever run on a tenant whose fingerprint is `old`, and committed only if the tenant's fingerprint
    afterwards is `new`. It is deterministic: the same two snapshots give the same plan, byte for byte.
    """

    dialect: str
    old: str
    new: str
    statements: tuple[Statement, ...] = ()
    unmodelled: tuple[str, ...] = ()
    """What both sides hold that no cell reads. The plan touches none of it."""

    @property
    def id(self) -> str:
        """Sixteen hex digits that tell plans apart: a digest of all of it."""
        return hashlib.sha256(canonical(self)).hexdigest()[:16]

    @property
    def probes(self) -> tuple[Probe, ...]:
        """The probes of all statements, each once, in their order."""
        return tuple(dict.fromkeys(probe for statement in self.statements for probe in statement.probes))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be run."""
        return not self.statements

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        """The hazards of all statements, each once, in the order of `Hazard`."""
        found = {hazard for statement in self.statements for hazard in statement.hazards}
        return tuple(hazard for hazard in Hazard if hazard in found)

    @property
    def is_atomic(self) -> bool:
        """Whether the whole plan runs in one transaction."""
        return all(statement.in_transaction and not statement.segment for statement in self.statements)

    @property
    def segments(self) -> tuple[tuple[Statement, ...], ...]:
        """The statements by the transaction that they belong to, in the order in which those are committed. A
        statement that may run in none stands alone.
        """
        return tuple(tuple(those) for _, those in groupby(self.statements, lambda statement: statement.segment))
