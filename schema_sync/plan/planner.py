"""The built-in planner: rules, closure, order, statements."""

from __future__ import annotations

from collections.abc import Collection

from schema_sync.adapters.kind import Kinds, Rules
from schema_sync.diff import diff
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Plan
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan.closure import Closure
from schema_sync.plan.fold import fold
from schema_sync.plan.graph import Graph
from schema_sync.plan.order import order


class RulePlanner:
    """The built-in `Planner`: asks an engine's cells, and names no kind itself.

    `server` is the version that the statements are for, as the engine numbers it, and 0 for any; `quote` the
    engine's quote of identifiers.
    """

    def __init__(self, kinds: Kinds, *, server: int = 0, quote: str = '"') -> None:
        self.kinds = kinds
        self.server = server
        self.quote = quote

    def plan(
        self,
        old: Snapshot,
        new: Snapshot,
        *,
        unversioned: Collection[Ident] = (),
        online: Collection[Ident] = (),
    ) -> Plan:
        """The statements from old to new, in an order in which they run.

        `unversioned` are objects of `old` that no version ever held: the statements that lose them carry
        `drops_unversioned`. `online` are the top-level objects whose users must not be kept waiting: the plan may then
        need several transactions (`not_atomic`).

        Raises:
            NotConvergeable: no rule leads from one object to the other without losing what holds data.
            Refused: an ignored object would have to go; or the snapshots are not comparable.
        """
        closure = Closure.of(diff(old, new), self.kinds, Rules(old, new, self.server, frozenset(online), self.kinds))
        graph = Graph(closure)
        return Plan(
            dialect=new.dialect or old.dialect,
            old=old.fingerprint,
            new=new.fingerprint,
            statements=tuple(fold(order(graph.nodes), graph, unversioned, self.quote)),
            unmodelled=old.unmodelled,
        )
