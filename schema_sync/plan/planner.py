"""The built-in planner: rules, closure, order, statements."""

from __future__ import annotations

from collections.abc import Collection

from schema_sync.adapters.kind import Kinds, Rules
from schema_sync.diff import NONE, Renames, called, carry, diff, moved, usable
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Plan
from schema_sync.model.snapshot import Snapshot
from schema_sync.model.words import Words
from schema_sync.plan.closure import Closure
from schema_sync.plan.fold import fold
from schema_sync.plan.graph import Graph
from schema_sync.plan.order import order


class RulePlanner:
    """The built-in `Planner`: asks an engine's cells, and names no kind itself.

    `server` is the version that the statements are for, as the engine numbers it, and 0 for any; `quote` the
    engine's quote of identifiers; `words` its tokeniser, without which no text is known to have followed a rename.
    """

    def __init__(self, kinds: Kinds, *, server: int = 0, quote: str = '"', words: Words | None = None) -> None:
        self.kinds = kinds
        self.words = words
        self.server = server
        self.quote = quote

    def plan(
        self,
        old: Snapshot,
        new: Snapshot,
        *,
        unversioned: Collection[Ident] = (),
        online: Collection[Ident] = (),
        renames: Renames = NONE,
    ) -> Plan:
        """The statements from old to new, in an order in which they run.

        `unversioned` are objects of `old` that no version ever held: the statements that lose them carry
        `drops_unversioned`. `online` are the top-level objects whose users must not be kept waiting: the plan may then
        need several transactions (`not_atomic`). `renames` are objects that are one under two names, old and new;
        those that do not fit these two sides are passed over.

        Raises:
            NotConvergeable: no rule leads from one object to the other without losing what holds data.
            Refused: an ignored object would have to go; or the snapshots are not comparable.
            Unordered: the steps wait for each other, which is a bug in a rule.
        """
        # What belongs to an object that is made anew under its new name is made anew with it.
        possible = {was: now for was, now in renames.items() if self._can_rename(was)}
        fitting = usable(possible, old, new)
        carried = carry(old, new, fitting, self.words)
        now = called(old, new, fitting, self.words) if fitting else {}
        gone = {now.get(ident, ident) for ident in unversioned}
        rules = Rules(carried, new, self.server, frozenset(moved(ident, fitting) for ident in online), self.kinds)
        closure = Closure.of(diff(carried, new), self.kinds, rules)
        graph = Graph(closure, {after: before.name for before, after in fitting.items()})
        return Plan(
            dialect=new.dialect or old.dialect,
            old=old.fingerprint,
            new=new.fingerprint,
            statements=tuple(fold(order(graph.nodes), graph, gone, self.quote)),
            unmodelled=old.unmodelled,
        )

    def _can_rename(self, ident: Ident) -> bool:
        if ident.kind in self.kinds or ident.owner is None:
            return self.kinds[ident.kind].can_rename()
        return self.kinds[ident.owner.kind].can_rename(ident.kind)
