"""How a table is let go of by its parents and attached to others: partitions, inheritance, types (manual: ALTER TABLE).

What comes of its own goes first: a table lets go before anything is done to it or to its parent, and is attached when
both are as they should be. PostgreSQL then finds their columns, constraints and indexes equal, and takes them for one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from schema_sync.adapters.kind import Action, Apart, Rules
from schema_sync.adapters.postgres.kinds import _bound as bound
from schema_sync.adapters.postgres.kinds import _family as family
from schema_sync.adapters.postgres.objects import (
    BackedByIndex,
    Check,
    Column,
    ForeignKey,
    Index,
    Table,
    Trigger,
)
from schema_sync.adapters.postgres.rules import ACCESS_EXCLUSIVE, SHARE_ROW_EXCLUSIVE, SHARE_UPDATE_EXCLUSIVE
from schema_sync.adapters.sql import Name, Sql, raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject
from schema_sync.model.plan import OF_ROWS, Hazard
from schema_sync.model.snapshot import Snapshot

_MATCHED: Final = (Column, Check, BackedByIndex, Index, Trigger)
"""What has to be as it should be before a table is attached."""


_DEFAULT: Final = "DEFAULT"


def _children(ident: Ident | None, rules: Rules) -> Iterable[SchemaObject]:
    """What belongs to a table on either side."""
    if ident is not None:
        yield from rules.old.children(ident)
        yield from rules.new.children(ident)


def detach(table: Table, rules: Rules) -> Iterable[Action]:
    """DETACH PARTITION, and what the server leaves on the table: a copy of each foreign key of the parent's."""
    assert table.partition_of is not None
    if table.detach_pending:
        yield Action(
            bound.finalizing(table),
            hazards=frozenset({Hazard.BRIEF_LOCK}),
            lock=ACCESS_EXCLUSIVE,
            precedes=frozenset(child.ident for child in _children(table.ident, rules)),
        )
        return
    parent = family.named(table.partition_of)
    reads = is_referred_to(parent, rules)
    concurrently = bound.goes_concurrently(table, rules)
    if concurrently:
        check = bound.checked_still(table, rules)
        before, drop = bound.steps(table.ident, *check)
        yield from (replace(action, late=False) for action in before)
    copies = [] if parent is None else [one for one in rules.old.children(parent) if isinstance(one, ForeignKey)]
    stay = {Ident(ForeignKey.kind, key.name, table.ident) for key in copies}
    yield Action(
        sql(
            "ALTER TABLE {parent} DETACH PARTITION {table}{how}",
            parent=raw(table.partition_of),
            table=Name(table.name),
            how=sql(" CONCURRENTLY" if concurrently else ""),
        ),
        in_transaction=not concurrently,
        apart=Apart.LAST if concurrently else None,
        sweep=bound.sweeping(table) if concurrently else None,
        hazards=frozenset({Hazard.BLOCKS_READS, Hazard.MAY_FAIL} if reads else {Hazard.BRIEF_LOCK}),
        lock=ACCESS_EXCLUSIVE,
        along=frozenset(ident for ident in stay if ident in rules.new),
        follows=family.idents(key for key in _referring(parent, rules.old) if _goes_first(key, rules)),
        precedes=frozenset(child.ident for at in (table.ident, parent) for child in _children(at, rules)) - stay,
        note=None
        if table_is_attached(table.ident, rules) or table.ident not in rules.new
        else leaving(table, table.partition_of),
    )
    if table.ident not in rules.new or family.is_remade(table.ident, rules):
        return
    if concurrently:
        yield replace(drop, late=False)
    if table_is_attached(table.ident, rules):
        return
    for key in copies:
        if Ident(ForeignKey.kind, key.name, table.ident) in rules.new:
            continue
        relied_on = family.named(key.referenced_table)
        yield Action(
            sql("ALTER TABLE {table} DROP CONSTRAINT {name}", table=Name(table.name), name=Name(key.name)),
            hazards=frozenset({Hazard.BRIEF_LOCK}),
            lock=ACCESS_EXCLUSIVE,
            before=frozenset() if relied_on is None else frozenset({relied_on}),
        )


def leaving(table: Table, parent: str) -> str:
    """What people should know before a table is let go of: nothing is lost, and queries find less."""
    return f"{parent} no longer has the rows of {table.name}, which keeps them"


def table_is_attached(ident: Ident, rules: Rules) -> bool:
    """Whether a table has the same parent again afterwards, so that the copies of foreign keys are wanted."""
    old, new = family.table_of(ident, rules.old), family.table_of(ident, rules.new)
    return old is not None and new is not None and new.partition_of == old.partition_of


def reattach(old: Table, new: Table, rules: Rules) -> Iterable[Action]:
    """What a partition is made one of, or of which rows, from what it was. Its rows are out of sight only between two
    statements of one transaction.
    """
    detaching = list(detach(old, rules)) if old.partition_of is not None else []
    if new.partition_of is None or family.maker(family.named(new.partition_of), rules) is not None:
        return detaching
    before, attaching, after = spared(new, rules, is_moved=bool(detaching))
    return [*before, *detaching, attaching, *after]


def spared(table: Table, rules: Rules, *, is_moved: bool = False) -> tuple[list[Action], Action, list[Action]]:
    """ATTACH PARTITION, and what comes before and after it so that neither the table's users nor the default
    partition's wait while rows are looked at.
    """
    action = attach(table, rules)
    assert table.partition_of is not None
    parent = family.named(table.partition_of)
    there = [] if parent is None or Hazard.BLOCKS_READS not in action.hazards else family.heirs(parent, rules.old)
    defaults = [one for one in there if one != table.ident and _is_default(one, rules)]
    own = [table.ident] if _reads_own(table, parent, rules) else []
    reads = own + defaults
    changes = any(rules.old.get(child.ident) != child for child in rules.new.children(table.ident, Column.kind))
    if (
        not reads
        or not all(family.is_spared(one, rules) for one in reads)
        or (own and table.bound == _DEFAULT)
        or (is_moved and changes)
    ):
        return [], action, []
    before, after = [], []
    for each in reads:
        name, making = bound.checked_before(table, each, rules, excluded=each != table.ident)
        follows = frozenset() if is_moved else _columns(each, parent, rules)
        made, drop = bound.steps(each, name, making, follows=follows)
        before += [replace(made[0], after=frozenset(() if parent is None else (parent,))), *made[1:]]
        after.append(drop)
    before.sort(key=lambda step: step.apart is not None)
    return before, replace(action, hazards=action.hazards - OF_ROWS), after


def _reads_own(table: Table, parent: Ident | None, rules: Rules) -> bool:
    """Whether the rows of the table itself are looked at: of one that is there, and is not to take all that come."""
    if table.ident not in rules.old or family.is_remade(table.ident, rules):
        return False
    alone = parent is not None and family.heirs(parent, rules.new) == [table.ident]
    return not (table.bound == _DEFAULT and alone) and family.reaches_rows(table.ident, rules)


def attach(table: Table, rules: Rules, *, early: bool = False) -> Action:
    """ATTACH PARTITION, which reads the table's rows, and those of the default partition.

    An early one is for an empty parent: it waits for nothing but columns.
    """
    assert table.partition_of is not None
    assert table.bound is not None
    parent = family.named(table.partition_of)
    siblings = [] if parent is None else family.heirs(parent, rules.old)
    is_new = table.ident not in rules.old or family.is_remade(table.ident, rules)
    reads = _reads_own(table, parent, rules) or any(
        _is_default(sibling, rules) for sibling in siblings if sibling != table.ident
    )
    return Action(
        sql(
            "ALTER TABLE {parent} ATTACH PARTITION {table} {bound}",
            parent=raw(table.partition_of),
            table=Name(table.name),
            bound=raw(table.bound),
        ),
        hazards=frozenset({Hazard.BLOCKS_READS, Hazard.MAY_FAIL} if reads else ()),
        lock=ACCESS_EXCLUSIVE if reads or not is_new else _lock_of_empty(parent, rules),
        late=True,
        along=_merged(table, parent, rules),
        follows=_columns(table.ident, parent, rules) | {table.ident}
        if early
        else _all_that_counts(table, parent, rules) | set(siblings),
    )


def _lock_of_empty(parent: Ident | None, rules: Rules) -> str | None:
    """The lock of attaching what has no rows: on the parent, and on the other ends of its foreign keys."""
    if parent is None:
        return SHARE_UPDATE_EXCLUSIVE
    if parent not in rules.old or family.is_remade(parent, rules):
        return None
    keys = [key for key in rules.old.children(parent) if isinstance(key, ForeignKey) and key.ident in rules.new]
    return SHARE_ROW_EXCLUSIVE if keys or is_referred_to(parent, rules) else SHARE_UPDATE_EXCLUSIVE


def is_referred_to(ident: Ident | None, rules: Rules) -> bool:
    """Whether a foreign key refers to a partitioned table or one above it when its partitions come and go."""
    return any(not _goes_first(key, rules) for key in _referring(ident, rules.old))


def _referring(ident: Ident | None, side: Snapshot) -> Iterable[SchemaObject]:
    while ident is not None:
        for child in (ident, *(child.ident for child in side.children(ident))):
            for other in side.dependants.get(child, ()):
                if isinstance(side[other], ForeignKey) and other.owner != ident:
                    yield side[other]
        table = family.table_of(ident, side)
        ident = None if table is None or table.partition_of is None else family.named(table.partition_of)


def _goes_first(key: SchemaObject, rules: Rules) -> bool:
    """Whether a foreign key is dropped by a statement of its own."""
    return key.ident not in rules.new and key.owner in rules.new and not family.is_remade(key.owner, rules)


def _is_default(ident: Ident, rules: Rules) -> bool:
    table = family.table_of(ident, rules.new)
    return table is not None and table.bound == _DEFAULT


def _columns(ident: Ident, parent: Ident | None, rules: Rules) -> frozenset[Ident]:
    return frozenset(
        child.ident for at in (ident, parent) for child in _children(at, rules) if isinstance(child, Column)
    )


def _all_that_counts(table: Table, parent: Ident | None, rules: Rules) -> frozenset[Ident]:
    """What must be in place for the server to match it: also the parent's indexes that the table's are a part of."""
    own: list[SchemaObject] = [
        one for one in _children(table.ident, rules) if isinstance(one, _MATCHED) and not is_copy(one)
    ]
    stays = table.ident in rules.old and not family.is_remade(table.ident, rules)
    for heir in family.tree(table.ident, rules.new)[1:]:
        if stays and heir not in rules.old:
            continue  # it comes later, and brings its own along
        own += [child for child in rules.new.children(heir) if getattr(child, "attached_to", None) is not None]
    own += [child for child in rules.old.children(table.ident) if isinstance(child, ForeignKey)]
    above: list[SchemaObject] = [one for one in _children(parent, rules) if isinstance(one, Column | Check)]
    for child in own:
        if isinstance(child, BackedByIndex | Index) and child.attached_to is not None and parent is not None:
            above += [found for found in [index_above(child, rules.new)] if found is not None and found.valid]
    return family.idents([*own, *above]) - _merged(table, parent, rules)


TRIGGER_STATES: Final = {
    "ORIGIN": "ENABLE TRIGGER",
    "DISABLED": "DISABLE TRIGGER",
    "REPLICA": "ENABLE REPLICA TRIGGER",
    "ALWAYS": "ENABLE ALWAYS TRIGGER",
}
"""When a trigger fires -> the subcommand of ALTER TABLE."""


def enable_copy(copy: Trigger, state: str, *, late: bool = False) -> Action:
    """The state of a partition's copy of a trigger, when that is there: after the partition is attached."""
    assert copy.owner is not None
    return Action(
        sql(
            "ALTER TABLE ONLY {table} {state} {trigger}",
            table=Name(copy.owner.name),
            state=raw(TRIGGER_STATES[state]),
            trigger=Name(copy.name),
        ),
        lock=SHARE_ROW_EXCLUSIVE,
        late=late,
        follows=frozenset() if late else frozenset({copy.owner}),
    )


def is_copy(obj: SchemaObject) -> bool:
    """Whether it is a partition's copy of a trigger of its parent's, made by attaching it."""
    return isinstance(obj, Trigger) and obj.copied


def index_above(index: SchemaObject, side: Snapshot) -> BackedByIndex | Index | None:
    """The parent's index that a partition's is a part of."""
    table = family.table_of(index.owner, side)
    if table is None or table.partition_of is None or (parent := family.named(table.partition_of)) is None:
        return None
    name = getattr(index, "attached_to", None)
    found = (one for one in side.children(parent) if isinstance(one, BackedByIndex | Index) and one.name == name)
    return next(found, None)


def indexes_above(index: SchemaObject, side: Snapshot) -> Iterable[Ident]:
    """All that an index of a partition is a part of, the nearest first."""
    above = index_above(index, side)
    while above is not None:
        yield above.ident
        above = index_above(above, side)


def _merged(table: Table, parent: Ident | None, rules: Rules) -> frozenset[Ident]:
    """The table's own foreign keys that become a part of the parent's."""
    if parent is None:
        return frozenset()
    above = {_meaning(key) for key in rules.new.children(parent) if isinstance(key, ForeignKey)}
    return frozenset(
        key.ident
        for key in rules.old.children(table.ident)
        if isinstance(key, ForeignKey) and key.ident not in rules.new and _meaning(key) in above
    )


def _meaning(key: ForeignKey) -> tuple[object, ...]:
    return tuple(value for field, value in key.fields().items() if field != "comment")


def foreign_key_merges(key: ForeignKey, rules: Rules) -> bool:
    """Whether a foreign key goes because its table is attached to a parent that has the same."""
    new = family.table_of(key.owner, rules.new)
    if new is None or new.partition_of is None or family.is_remade(new.ident, rules):
        return False
    parent = family.named(new.partition_of)
    attaches = parent is not None and not family.holds(new.ident, parent, rules)
    return attaches and key.ident in _merged(new, parent, rules)


def foreign_key_is_left(key: ForeignKey, rules: Rules) -> bool:
    """Whether a foreign key is what DETACH PARTITION leaves behind of the parent's."""
    old, new = family.table_of(key.owner, rules.old), family.table_of(key.owner, rules.new)
    if old is None or new is None or old.partition_of is None or old.partition_of == new.partition_of:
        return False
    parent = family.named(old.partition_of)
    above = rules.old.get(Ident(ForeignKey.kind, key.name, parent)) if parent is not None else None
    return isinstance(above, ForeignKey) and _meaning(above) == _meaning(key) and not family.is_remade(new.ident, rules)


def inherit(table: Table, parent: str, rules: Rules, *, leave: bool = False) -> Action:
    """INHERIT and NO INHERIT, which is let go of before anything else."""
    ident = family.named(parent, rules.old if leave else rules.new)
    concerned = frozenset(
        child.ident
        for at in (table.ident, ident)
        for child in _children(at, rules)
        if isinstance(child, Column | Check)
    )
    return Action(
        sql(
            "ALTER TABLE {table} {change} {parent}",
            table=Name(table.name),
            change=raw("NO INHERIT" if leave else "INHERIT"),
            parent=raw(parent),
        ),
        hazards=frozenset({Hazard.BRIEF_LOCK}),
        lock=ACCESS_EXCLUSIVE,
        note=leaving(table, parent) if leave and parent not in _inherits_later(table, rules) else None,
        late=not leave,
        follows=frozenset() if leave else concerned,
        precedes=concerned if leave else frozenset(),
    )


def _inherits_later(table: Table, rules: Rules) -> tuple[str, ...]:
    new = family.table_of(table.ident, rules.new)
    return () if new is None else new.inherits


def of_type(table: Table, rules: Rules) -> Action:
    """OF, when the table's columns are those of the type."""
    return Action(
        sql("ALTER TABLE {table} OF {type}", table=Name(table.name), type=raw(table.of_type or "")),
        hazards=frozenset({Hazard.BRIEF_LOCK}),
        lock=ACCESS_EXCLUSIVE,
        late=True,
        follows=_columns(table.ident, None, rules),
    )


def not_of_type(table: Table, rules: Rules) -> Action:
    """NOT OF, before anything is done to the table's columns."""
    return Action(
        sql("ALTER TABLE {table} NOT OF", table=Name(table.name)),
        hazards=frozenset({Hazard.BRIEF_LOCK}),
        lock=ACCESS_EXCLUSIVE,
        precedes=_columns(table.ident, None, rules),
    )


def stay_below(ident: Ident | None, rules: Rules) -> list[Ident]:
    """The tables that are there already and have become partitions of one that is written anew."""
    if ident is None or family.maker(ident, rules) is None:
        return []
    below = family.tree(ident, rules.new)[1:]
    return [heir for heir in below if heir in rules.old and not family.is_remade(heir, rules)]


def only(ident: Ident | None, rules: Rules) -> Sql:
    """ONLY, where an index or constraint is made for a partitioned table that has partitions of its own name."""
    return sql("ONLY ") if ident is not None and has_partitions(ident, rules) else Sql(())


def has_partitions(ident: Ident, rules: Rules) -> bool:
    """Whether a partitioned table has partitions while the plan runs."""
    if not family.is_partitioned(ident, rules.new):
        return False
    return bool(family.heirs(ident, rules.old) or family.heirs(ident, rules.new))
