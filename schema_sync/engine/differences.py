"""What lies between two revisions: as changes, and as a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schema_sync.adapters import registry
from schema_sync.diff import usable, with_renames
from schema_sync.engine.groups import Target
from schema_sync.engine.renames import Between
from schema_sync.engine.revisions import Revisions
from schema_sync.engine.spellings import Spellings
from schema_sync.errors import UsageError
from schema_sync.model.change import Diff
from schema_sync.model.ident import Ident, parse_ident
from schema_sync.model.objects import plurals
from schema_sync.model.plan import Plan
from schema_sync.model.snapshot import Snapshot
from schema_sync.protocols import DiffCalculator, SnapshotStore


class Differences:
    """Holds revisions of one store against one another, in one spelling, with what is known to be renamed."""

    def __init__(
        self, store: SnapshotStore, revisions: Revisions, spellings: Spellings, calculator: DiffCalculator
    ) -> None:
        self.store = store
        self.revisions = revisions
        self.spellings = spellings
        self._calculator = calculator

    async def diff(self, old: str | Snapshot, new: str | Snapshot, objects: Sequence[str] = ()) -> Diff:
        """See `Engine.diff`."""
        before, after = await self.spellings.pair(self.revisions, old, new)
        pairs = await self._renames(old, new, before, after)
        if pairs:
            # What depends on a renamed object is known from the layouts alone.
            before, after = await self.spellings.pair(self.revisions, old, new, whole=True)
            found = with_renames(before, after, pairs, registry.words(after.dialect or before.dialect))
        else:
            found = self._calculator.diff(before, after)
        if not objects:
            return found
        kinds = plurals({obj.ident.kind for side in (before, after) for obj in side})
        wanted = []
        for text in objects:
            try:
                wanted.append(parse_ident(text, kinds))
            except ValueError as error:
                raise UsageError(f"{text!r} names no object: {error}") from None
        return Diff(tuple(change for change in found if any(change.ident.within(each) for each in wanted)))

    async def plan(self, old: str | Snapshot, new: str | Snapshot) -> Plan:
        """See `Engine.plan_between`."""
        from schema_sync.plan import Planner as RulePlanner

        pair = await self.revisions.on_demand(old, new)
        before, after = pair or await self.spellings.pair(self.revisions, old, new, whole=True)
        dialect = after.dialect or before.dialect
        pairs = await self._renames(old, new, before, after)
        planner = RulePlanner(registry.kinds(dialect), words=registry.words(dialect))
        return planner.plan(before, after, renames=pairs)

    async def _renames(
        self, old: str | Snapshot, new: str | Snapshot, before: Snapshot, after: Snapshot
    ) -> Mapping[Ident, Ident]:
        """What was renamed between two versions; nothing is known of what is no version."""
        if isinstance(old, Snapshot) or isinstance(new, Snapshot):
            return {}
        base, target = [await self.revisions.identify(rev) for rev in (old, new)]
        if isinstance(base, Target) or isinstance(target, Target):
            return {}
        found = await Between(self.store).versions(base, target, after.dialect or before.dialect)
        return usable(found, before, after)
