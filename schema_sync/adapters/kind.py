"""What a cell is: one kind of object of one engine, how it is read and how it changes.

The planner knows nothing but this. It never names a kind: it asks each changed object's `Kind` for actions, replaces
what must be replaced with them, and orders all of it by what objects need.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, Final

from schema_sync.adapters.sql import Sql
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject
from schema_sync.model.plan import Hazard
from schema_sync.model.snapshot import Snapshot

TEMPORARY: Final = "schema_sync_tmp_"
"""What the names of objects begin with that a plan makes on its way, and that are in neither of its states. One that a
run left behind when it was killed is in no version, and nobody's own."""


class Verdict(Enum):
    """What a rule answers instead of actions."""

    REPLACE = "replace"
    """Drop the old object and create the new one, with everything that depends on it."""

    REBUILD_OWNER = "rebuild_owner"
    """The owner has to be written anew with its rows (`Kind.rebuild` of the owner's kind)."""

    IGNORE = "ignore"
    """Nothing is to be done: another field of the same object carries the change."""


REPLACE: Final = Verdict.REPLACE
REBUILD_OWNER: Final = Verdict.REBUILD_OWNER
IGNORE: Final = Verdict.IGNORE


class Apart(Enum):
    """Why an action has a transaction to itself, and when it is best run."""

    FIRST = -1
    """As early as what it waits for allows: what comes behind it may rely on its having been committed (a new label of
    an enumeration). It leaves what depends on its object as it is, also what is about to go."""

    LAST = 2
    """When all is done that needs no transaction of its own: it takes long, and keeps nobody waiting (a scan of rows,
    an index that is built while the table is used)."""


@dataclass(frozen=True)
class Fold:
    """How an action can join an earlier statement on the same object instead of standing alone.

    The first action that opens `into` writes `head`, then all clauses separated by commas, then `tail`. `into` is
    any text that is the same for actions that may share a statement, such as `create table orders`. An action may
    name several, best first: a column joins CREATE TABLE where that is open, else an ALTER TABLE. An action whose
    clause is `None` only opens (the CREATE TABLE itself); one without a head only joins; one that neither joins nor is
    joined runs its own `sql`. An action joins a statement only where everything that it waits for runs before that
    statement, and, unless it joins one that only opens, both take the same lock.
    """

    into: str
    clause: Sql | None
    head: Sql = field(default_factory=lambda: Sql(()))
    tail: Sql = field(default_factory=lambda: Sql(()))


@dataclass(frozen=True)
class Question:
    """What asks the rows of the old side whether an action would fail on them; see `model.plan.Probe`.

    All that it mentions has to be there in the old state, and as it will be when the action is run.
    """

    sql: Sql
    finding: str
    about: frozenset[Ident]
    """What it mentions. Nothing is asked where one of these is renamed by the plan: it still has its old name."""


@dataclass(frozen=True)
class Action:
    """One statement that a rule asks for."""

    sql: Sql
    hazards: frozenset[Hazard] = frozenset()
    lock: str | None = None
    in_transaction: bool = True
    """Whether it may run inside a transaction; what may not has to be `apart`."""
    apart: Apart | None = None
    """Whether it has a transaction to itself. What waits for it begins only when it has been committed."""
    builds: bool = False
    """Whether long work is lost if it fails; see `Statement.builds`."""
    sweep: Sql | None = None
    """What clears away the leftovers of a failed attempt; see `Statement.sweep`."""
    note: str | None = None
    questions: tuple[Question, ...] = ()
    """What tells beforehand that it would fail on rows, as far as it can be told."""

    after: frozenset[Ident] = frozenset()
    """Objects that must exist in their new form before it, beyond what the object itself needs."""

    before: frozenset[Ident] = frozenset()
    """Objects that must still be there in their old form when it runs, beyond what the object itself needs."""

    reaches: bool = False
    """Whether its lock is also, or only, on others than the object that its own belongs to: then it counts even where
    the plan makes that one."""

    prefers: frozenset[Ident] = frozenset()
    """Objects that are best there before it, in their new form, where that closes no circle: who uses this one may come
    to need them without saying so (a body that is but text)."""

    around: frozenset[Ident] = frozenset()
    """Objects that may not be there while it runs: those that go do so before, those that come do so after, and those
    that stay are dropped before it and created after it."""

    late: bool = False
    """Whether what needs the object may come before this action: the object is there without it (an OWNED BY, a
    comment). A late action can wait for objects that need this one, and in an alteration for what the object needed
    before to be gone."""

    early: bool = False
    """Whether, in an alteration, it comes before what the object newly needs: it only lets go of something, such as a
    name that the needed one takes."""

    disturbs: str | None = None
    """A word for what it does to dependants that the engine does not carry along (`retype`, `rebuild`, …): those
    whose kind does not list the word in `survives` are dropped before it and created after it."""

    along: frozenset[Ident] = frozenset()
    """Objects that come, change or go with it, because the engine carries it on to them: it counts as their step too,
    the first one, and what it disturbs it disturbs there as well."""

    completes: frozenset[Ident] = frozenset()
    """Objects that are what they are to be only with it, though it changes nothing else of them."""

    follows: frozenset[Ident] = frozenset()
    """Objects all of whose steps come before it. A late action does not wait for late ones."""

    precedes: frozenset[Ident] = frozenset()
    """Objects none of whose steps comes before it."""

    clears: frozenset[Ident] = frozenset()
    """Top-level objects whose old form is only out of the way with it: what belongs to these, needs them, or takes a
    name from them comes after it, unless it waits for that itself (`after`)."""

    folds: tuple[Fold, ...] = ()


@dataclass(frozen=True)
class Release:
    """How an object lets go of one that has to be replaced, and takes hold of its successor."""

    before: tuple[Action, ...]
    """None where the object's own alteration is what lets go."""
    after: tuple[Action, ...]
    instead: frozenset[str] = frozenset()
    """What `after` does already, by `Action.disturbs`: such actions are left out of the object's own alteration."""


@dataclass(frozen=True)
class Rules:
    """What a rule may look at: both sides, and what is known of the server."""

    old: Snapshot
    new: Snapshot
    server: int = 0
    """The server's version as the engine numbers it (150018, 3040001); 0 where it is not known, which means: write
    what every supported version understands."""
    online: Collection[Ident] = ()
    """The top-level objects whose users must not be kept waiting: what takes long on them is done in several steps and
    transactions, each of which blocks nobody for long."""
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    """The engine's cells by the name of their kind: what a rule asks about the object that its own belongs to."""

    @cached_property
    def made(self) -> Mapping[str, Sequence[Ident]]:
        """What is new or changes, by its name without the types of a signature; in the order of identity texts."""
        found: dict[str, list[Ident]] = {}
        for obj in self.new.unlike(self.old):
            found.setdefault(obj.name.partition("(")[0], []).append(obj.ident)
        return found

    def is_online(self, ident: Ident) -> bool:
        """Whether an object is there, with users who must not be kept waiting, or belongs to one that is."""
        return ident.top in self.online and ident.top in self.old


Answer = Iterable[Action] | Verdict
Create = Callable[[Any, Rules], Answer]
Alter = Callable[[Any, Any, Rules], Answer]
Rename = Callable[[Any, Any, Rules], Iterable[Action]]
RenamePart = Callable[[Any, str, str, Rules], Iterable[Action]]


def _nothing(_obj: Any) -> Sequence[tuple[str, str]]:
    return ()


def _no_ties(_obj: Any, _rules: Rules) -> Sequence[Ident]:
    return ()


def _nowhere(_obj: Any) -> None:
    return None


def _unbroken(_obj: Any) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of object of one engine: the rules of its cell.

    An engine's cells extend this with how they are read (a query and a reader), which only that engine's inspector
    looks at.
    """

    struct: type[SchemaObject]

    weight: int
    """Lighter is created earlier and dropped later, where nothing else decides."""

    create: Create
    """`(new object, rules) -> actions`; `REBUILD_OWNER` where an owner that is there cannot take it in place."""

    drop: Create
    """`(old object, rules) -> actions`; `REBUILD_OWNER` likewise. Not asked when the owner goes too."""

    alter: Mapping[str, Alter | Verdict]
    """Every field of the struct -> how its change is made: a function `(old, new, rules) -> actions or verdict`, or a
    verdict. A function that several fields share is asked once."""

    rename: Rename | None = None
    """`(old object, new object, rules) -> actions` that give the object its new name; its owner has its new name by
    then, and so has the old object's. What else differs is `alter`'s. `None` where a new name is another object."""

    rename_parts: Mapping[str, RenamePart] = field(default_factory=dict)
    """`(object, old name, new name, rules) -> actions` by the kind of part, for what has a name within the object
    (`SchemaObject.named_parts`); the object has its new name by then."""

    on: Callable[[Any], Sql] | None = None
    """What statements about an object call it, as in COMMENT ON or OWNER TO: `TABLE "orders"`. `None` where the engine
    has no such statements."""

    blocking: frozenset[str] = frozenset()
    """The locks, in the engine's words, that keep others from reading or writing. A statement that takes one is
    `brief_lock`, unless a hazard of it says that it takes long."""

    granted_on: Callable[[Any], Sql] | None = None
    """What GRANT calls an object where that is not `on`: an aggregate as `FUNCTION "total"(integer)`."""

    inline: bool = False
    """Whether the owner's own statements create it (SQLite's columns in CREATE TABLE): it has no statements of its
    own when the owner is created or rebuilt."""

    holds_data: bool | Callable[[Any], bool] = False
    """Whether rows or values are lost with it, for all of the kind or by object (a generated column's values are
    derived). Such an object is never replaced because something it needs is."""

    survives: frozenset[str] = frozenset()
    """The disturbances that the engine carries this kind through by itself."""

    fragile: Callable[[Any], frozenset[str]] = _unbroken
    """Those among `survives` that this very object does not survive: an index whose access method is only for the type
    that a column has to leave."""

    dangles: bool = False
    """Whether it may name what is not there, as SQLite's foreign keys and views may: what it needs can be dropped
    under it and created after it. The planner still prefers the natural order where there is one."""

    rebuild: Callable[[Any, Any, Rules], Iterable[Action]] | None = None
    """Writes the owner anew with its rows: `(old, new, rules) -> actions`. Inline children come with it; the others
    are gone with the old one and are created again."""

    refills: bool = False
    """Whether its drop and create, when it is replaced, carry over what it holds: together they are a rebuild."""

    release: Callable[[Any, Ident, Rules], Release | Verdict | None] | None = None
    """`(old object, identity that is to be replaced, rules) -> Release`: how to let go of it without being replaced
    itself (a column drops its default); `None` where it cannot, `REPLACE` where it is replaced and loses nothing by
    that (`refills`). What it takes hold of again is `rules.new`'s."""

    ties: Callable[[Any, Rules], Iterable[Ident]] = _no_ties
    """`(old object, rules) -> identities` of those that lose for good what ties them to it when it is replaced, though
    they do not need it: they are replaced with it."""

    goes_with: Callable[[Any], Ident | None] = _nowhere
    """An object besides its owner that takes it along when it goes (a sequence's column). Where its own `drop` asks for
    nothing, it is gone only by then."""

    claims: Callable[[Any], Iterable[tuple[str, str]]] = _nothing
    """`(namespace, name)` pairs that no two objects may hold at once: who has to give one up, by being dropped or
    altered, does so before another takes it."""

    @property
    def name(self) -> str:
        """The kind's singular name."""
        return self.struct.kind

    def can_rename(self, part: str | None = None) -> bool:
        """Whether there is a rule that gives an object, or a part of one, another name."""
        return self.rename is not None if part is None else part in self.rename_parts

    def carries(self, obj: SchemaObject, word: str) -> bool:
        """Whether the engine carries this very object through a disturbance."""
        return word in self.survives and word not in self.fragile(obj)

    def keeps(self, obj: SchemaObject) -> bool:
        """Whether this very object holds what would be lost with it."""
        return self.holds_data if isinstance(self.holds_data, bool) else self.holds_data(obj)


Kinds = Mapping[str, Kind]
"""The kinds of one dialect by name."""


def kinds(those: Iterable[Kind]) -> dict[str, Kind]:
    """The mapping out of an engine's visible tuple of cells."""
    return {kind.name: kind for kind in those}


def rows_by_ident(
    snapshot: Snapshot, cells: Kinds, rows: Mapping[str, Sequence[Mapping[str, str | None]]]
) -> dict[Ident, list[Mapping[Ident, str | None]]]:
    """Rows by the names of what holds them and of their columns -> the same by identity.

    What holds rows shares one namespace in every engine; of its children those in order are the columns.
    """
    found: dict[Ident, list[Mapping[Ident, str | None]]] = {}
    for obj in snapshot:
        if obj.owner is None and obj.name in rows and cells[obj.ident.kind].keeps(obj):
            columns = {child.name: child.ident for child in snapshot.children(obj.ident) if type(child).in_order}
            found[obj.ident] = [
                {columns[name]: value for name, value in row.items() if name in columns} for row in rows[obj.name]
            ]
    return found
