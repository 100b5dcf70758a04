"""A plan is proven by running it: on a scratch database in the very state, with rows in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from schema_sync.adapters.kind import Kinds
from schema_sync.engine.furnish import furnished
from schema_sync.engine.groups import Group
from schema_sync.errors import NotConverged, SchemaSyncError, TenantFailed
from schema_sync.model.change import Diff, Renamed
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard, Plan
from schema_sync.model.report import Proof, Seeding, TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.protocols import DatabaseAdapter, Rows
from schema_sync.run import Runner

TENANT = "proof"
"""What the tenant of the scratch database is called."""


async def prove(adapter: DatabaseAdapter, group: Group, ignore: Sequence[str] = ()) -> Proof:
    """Run a group's plan in a scratch database that is in the group's state, and say what came of it.

    The plan has to end where it promises, to leave the rows alone that it does not say it loses, and to leave nothing
    for a second plan. Rows are made up; where a statement that may fail on rows does so, the proof is tried without.
    """
    assert group.plan is not None
    try:
        return await _run(adapter, group, ignore, with_rows=True)
    except NotConverged as error:
        return Proof(proven=False, why=error.message)
    except TenantFailed as error:
        if Hazard.MAY_FAIL not in group.plan.hazards:
            return Proof(proven=False, why=error.message)
        first = f"on made-up rows it failed, as it says that it may: {error.message}"
    except SchemaSyncError as error:
        return Proof(proven=False, why=error.message)
    try:
        proof = await _run(adapter, group, ignore, with_rows=False)
    except SchemaSyncError as error:
        return Proof(proven=False, why=error.message)
    return replace(proof, notes=(first, *proof.notes))


async def _run(adapter: DatabaseAdapter, group: Group, ignore: Sequence[str], *, with_rows: bool) -> Proof:
    from schema_sync.plan import Planner  # late: looking at history needs no planner

    assert group.plan is not None
    old, new = (side.replace(unmodelled=(), leans={}, ignored={}) for side in (group.snapshot, group.target.snapshot))
    plan = replace(group.plan, unmodelled=())
    async with furnished(adapter, old, new) as scratch:
        planner = Planner(scratch.kinds, server=(await scratch.server()).version)
        runner = Runner(scratch, retries=0, ignore=ignore)
        tenant = TenantContext(TENANT, scratch.name)
        await scratch.create_tenant(tenant)
        try:
            await runner.run(tenant, planner.plan(Snapshot(old.dialect, spelling=old.spelling), old), old)
        except TenantFailed as error:
            return Proof(proven=False, why=f"the state cannot be made anew: {error.message}")
        seeding = await scratch.seed(tenant) if with_rows else Seeding(rows=0)
        before = await scratch.rows(tenant)
        after = await runner.run(tenant, plan, new)
        lost = lost_rows(before, await scratch.rows(tenant), group, plan, scratch.kinds)
        again = planner.plan(after, new)
    why = "; ".join(lost) or (None if again.is_empty else f"a second plan has {len(again.statements)} statements")
    return Proof(proven=why is None, why=why, rows=seeding.rows, notes=(*_left_out(group), *seeding.empty))


def _left_out(group: Group) -> list[str]:
    """What of the state is not in the scratch database."""
    found = []
    if group.snapshot.unmodelled:
        found.append("without what is not modelled")
    if group.snapshot.ignored:
        found.append("without what is ignored")
    return found


def lost_rows(before: Rows, after: Rows, group: Group, plan: Plan, kinds: Kinds) -> list[str]:
    """What became of rows that the plan does not say it loses: as many as before, their unchanged columns the same."""
    dropped = {part.object for each in plan.statements for part in each.parts if part.action == "drop"}
    moved = _Moves(group.diff)
    found = []
    for holder, rows in before.items():
        now = moved.now(holder)
        if _is_gone(holder, dropped) or now not in group.target.snapshot:
            continue
        left = after.get(now, ())
        if len(left) != len(rows):
            found.append(f"{holder.text} had {len(rows)} rows and has {len(left)}")
            continue
        kept = [
            ident
            for ident in (rows[0] if rows else ())
            if not _is_gone(ident, dropped) and _is_same(ident, moved.now(ident), group, kinds)
        ]
        was = Counter(tuple(row[ident] for ident in kept) for row in rows)
        if was != Counter(tuple(row.get(moved.now(ident)) for ident in kept) for row in left):
            found.append(f"{holder.text} has other values than it had")
    return found


def _is_gone(ident: Ident, dropped: set[str]) -> bool:
    return any(at.text in dropped for at in ident.lineage)


def _is_same(old: Ident, new: Ident, group: Group, kinds: Kinds) -> bool:
    """Whether an object means the same on both sides, and holds values of its own on both."""
    one, other = group.snapshot.get(old), group.target.snapshot.get(new)
    if one is None or other is None or one.fields() != other.fields():
        return False
    return kinds[old.kind].keeps(one) and not _has_other_values(old, group)


def _has_other_values(ident: Ident, group: Group) -> bool:
    """Whether something that it needs, at any remove, has values under other names, or no more."""
    old, moved = group.snapshot, _Moves(group.diff)
    seen, ahead = {ident}, [ident]
    for at in ahead:
        further = old.needs.get(at, frozenset()) - seen
        seen |= further
        ahead += further
        one, other = old[at], group.target.snapshot.get(moved.now(at))
        for kind, part in one.named_parts.items():
            if part.is_value and other is not None and not {*one.part_names(kind)} <= {*other.part_names(kind)}:
                return True
    return False


class _Moves:
    """What objects are called after a plan."""

    def __init__(self, diff: Diff) -> None:
        self._pairs = {change.old.ident: change.new.ident for change in diff if isinstance(change, Renamed)}

    def now(self, ident: Ident) -> Ident:
        """The identity that an object has afterwards: its own, or by its owner's."""
        if ident in self._pairs or ident.owner is None:
            return self._pairs.get(ident, ident)
        return Ident(ident.kind, ident.name, self.now(ident.owner))
