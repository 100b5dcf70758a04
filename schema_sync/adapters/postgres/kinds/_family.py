"""Tables that hang together (partitions, inheritance): which of them hold on to each other while a plan runs.

What a statement on a parent does, PostgreSQL does to its heirs as well (manual: 5.10, 5.11; ALTER TABLE, ONLY). A rule
has to know of its object whether such a statement brings it along, and whether its table is written anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from schema_sync.adapters.kind import Rules
from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.objects import Check, Column, ForeignTable, Table
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject
from schema_sync.model.snapshot import Snapshot

_HANDED_ON: Final = (Column, Check)
"""What heirs get from their parents under the same name."""

Handed = TypeVar("Handed", bound=Column | Check)


def named(identifier: str, side: Snapshot | None = None) -> Ident | None:
    """The table of the tenant that an identifier names, or on that side a foreign table; `None` for one of another
    schema.
    """
    found = list(text.tokens(identifier))
    name = found[0].name if len(found) == 1 else None
    if name is None:
        return None
    foreign = Ident(ForeignTable.kind, name)
    return foreign if side is not None and foreign in side else Ident(Table.kind, name)


def parents(table: Table, side: Snapshot) -> list[Ident]:
    """The tables of the tenant that it is a partition of or inherits from on that side, in their order."""
    identifiers = table.inherits if table.partition_of is None else (table.partition_of,)
    return [ident for identifier in identifiers if (ident := named(identifier, side)) is not None]


def table_of(ident: Ident | None, side: Snapshot) -> Table | None:
    """A table of one side."""
    found = side.get(ident) if ident is not None else None
    return found if isinstance(found, Table) else None


def heirs(ident: Ident, side: Snapshot) -> list[Ident]:
    """The tables that are partitions of this one or inherit from it, sorted."""
    found = (table_of(other, side) for other in sorted(side.dependants.get(ident, ())))
    return [table.ident for table in found if table is not None and ident in parents(table, side)]


def tree(ident: Ident, side: Snapshot) -> list[Ident]:
    """A table and all that are below it, each after its parents."""
    found = [ident]
    for at in found:
        found += [heir for heir in heirs(at, side) if heir not in found]
    return found


def kept(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    """The parents that stay where they are: what is inherited from anew stands behind all others."""
    ahead = iter(old)
    found = []
    for parent in new:
        if parent not in ahead:  # goes on behind the one that was found
            break
        found.append(parent)
    return tuple(found)


def _kept(old: Table, new: Table, rules: Rules) -> list[Ident | None]:
    return [named(parent, rules.new) for parent in kept(old.inherits, new.inherits)]


def holds(child: Ident, parent: Ident, rules: Rules) -> bool:
    """Whether a table stays attached to a parent from the first statement of the plan to the last."""
    old, new = table_of(child, rules.old), table_of(child, rules.new)
    if old is None or new is None or is_remade(child, rules) or is_remade(parent, rules):
        return False
    if new.partition_of is not None:
        same = (old.partition_of, old.bound, old.detach_pending) == (new.partition_of, new.bound, False)
        return same and parent in parents(new, rules.new)
    return old.partition_of is None and parent in _kept(old, new, rules)


def holding(ident: Ident, rules: Rules) -> list[Ident]:
    """The parents that a table holds on to."""
    table = table_of(ident, rules.new)
    return [] if table is None else [parent for parent in parents(table, rules.new) if holds(ident, parent, rules)]


def below(ident: Ident, rules: Rules) -> list[Ident]:
    """The tables that a statement on this one reaches, each after its parents."""
    found: list[Ident] = []
    todo = [ident]
    while todo:
        at = todo.pop(0)
        for heir in heirs(at, rules.new):
            if heir not in found and holds(heir, at, rules):
                found.append(heir)
                todo.append(heir)
    return found


def reaches_rows(ident: Ident, rules: Rules) -> bool:
    """Whether there may be rows where a statement on a table passes: a partitioned one has only its partitions'."""
    if not is_partitioned(ident, rules.new) or is_remade(ident, rules):
        return True
    return any(not is_partitioned(heir, rules.new) for heir in below(ident, rules))


def is_partition(ident: Ident | None, side: Snapshot) -> bool:
    """Whether it is a partition there."""
    table = table_of(ident, side)
    return table is not None and table.partition_of is not None


def is_partitioned(ident: Ident | None, side: Snapshot) -> bool:
    """Whether it is a partitioned table there."""
    table = table_of(ident, side)
    return table is not None and table.partition_by is not None


def comes_from_parents(obj: Column | Check, side: Snapshot) -> bool:
    """Whether it is there for no other reason than that a parent has it: it comes and goes with that."""
    if isinstance(obj, Check) and obj.no_inherit:
        return False
    if not is_partition(obj.owner, side):
        return obj.inherited
    return isinstance(obj, Column) or any(True for _ in same_above(obj, side))


def same_above(obj: Handed, side: Snapshot) -> Iterable[Handed]:
    """The same on the table's parents."""
    table = table_of(obj.owner, side)
    for parent in [] if table is None else parents(table, side):
        found = side.get(Ident(obj.kind, obj.name, parent))
        if isinstance(found, type(obj)) and not (isinstance(found, Check) and found.no_inherit):
            yield found


def givers(obj: Handed, side: Snapshot, rules: Rules) -> list[Handed]:
    """The same, as it is on one side, on the parents that the table holds on to through the plan."""
    assert obj.owner is not None
    held = holding(obj.owner, rules)
    return [found for found in same_above(obj, side) if found.owner in held]


def takers(obj: Handed, side: Snapshot, rules: Rules) -> list[Handed]:
    """The same, as it is on one side, on all tables that a statement about this one reaches."""
    assert obj.owner is not None
    if isinstance(obj, Check) and obj.no_inherit:
        return []
    found = (side.get(Ident(obj.kind, obj.name, heir)) for heir in below(obj.owner, rules))
    return [one for one in found if isinstance(one, type(obj))]


def idents(objects: Iterable[SchemaObject]) -> frozenset[Ident]:
    """Their identities."""
    return frozenset(obj.ident for obj in objects)


def is_online(obj: SchemaObject, rules: Rules) -> bool:
    """Whether it belongs to a table whose users must not be kept waiting: a partitioned one has no rows of its own, and
    knows neither CONCURRENTLY nor USING INDEX.
    """
    return is_spared(obj.owner, rules) and not is_partitioned(obj.owner, rules.new)


def is_spared(ident: Ident | None, rules: Rules) -> bool:
    """Whether what is done to a table is done in steps that spare its users. Where it, one above it or one below it is
    written anew, all has to be one transaction.
    """
    if ident is None or not rules.is_online(ident):
        return False
    sides = (rules.old, rules.new)
    related = {one for side in sides for one in (*tree(ident, side), *_lineage(ident, side))}
    return not any(is_remade(one, rules) for one in related)


def _lineage(ident: Ident, side: Snapshot) -> list[Ident]:
    """A table and all that are above it."""
    found = [ident]
    for at in found:
        table = table_of(at, side)
        found += [one for one in ([] if table is None else parents(table, side)) if one not in found]
    return found


# -- tables that are written anew -------------------------------------------------------------------------------------


def is_remade(ident: Ident | None, rules: Rules) -> bool:
    """Whether a table that stays is written anew with its rows, because no statement makes the difference in place.

    So is one whose partition key changes, or the type of a column in it, with all partitions that stay; one that has a
    column of another type from parents of which none is above all others; and one that would have of its own what it is
    to have from its parents alone, or the other way round.
    """
    old, new = table_of(ident, rules.old), table_of(ident, rules.new)
    if ident is None or old is None or new is None:
        return False
    if old.partition_by != new.partition_by or any(_is_in_key(one, new) for one in _retyped(ident, rules)):
        return True
    if new.partition_of is not None:
        parent = named(new.partition_of)
        return old.partition_of == new.partition_of and parent is not None and is_remade(parent, rules)
    if not (old.inherits or new.inherits or old.partition_of):
        return False
    if any(_has_several_sources(one, old, new, rules) for one in _retyped(ident, rules)):
        return True
    return any(_turns_out_otherwise(child, old, new, rules) for child in rules.new.children(ident))


def _retyped(ident: Ident, rules: Rules) -> Iterator[Column]:
    for new in rules.new.children(ident):
        old = rules.old.get(new.ident)
        if not (isinstance(old, Column) and isinstance(new, Column)):
            continue
        if (old.type, old.collation) != (new.type, new.collation):
            yield new


def _is_in_key(column: Column, table: Table) -> bool:
    """Whether a partition key may use a column: no statement changes the type of one that it does."""
    return table.partition_by is not None and any(
        token.name == column.name for token in text.tokens(table.partition_by.partition("(")[2])
    )


def is_in_a_key(column: Column, side: Snapshot) -> bool:
    """Whether the partition key of its table may use it."""
    table = table_of(column.owner, side)
    return table is not None and _is_in_key(column, table)


def _has_several_sources(column: Column, old: Table, new: Table, rules: Rules) -> bool:
    """Whether a column comes from parents that no statement reaches together: each is refused because of the other."""
    held = [] if old.partition_of else _kept(old, new, rules)
    above = {found.owner for found in same_above(column, rules.new) if found.owner in held}
    tops = {top for owner in above if owner is not None for top in _tops(column, owner, rules.new)}
    return len(above) > 1 and not any(above <= {*tree(top, rules.new)} for top in tops)


def _tops(column: Column, owner: Ident, side: Snapshot) -> set[Ident]:
    here = side.get(Ident(column.kind, column.name, owner))
    further = [found.owner for found in same_above(here, side)] if isinstance(here, Column) else []
    return {top for one in further if one is not None for top in _tops(column, one, side)} or {owner}


def _turns_out_otherwise(child: SchemaObject, old: Table, new: Table, rules: Rules) -> bool:
    """Whether something of a table would be inherited where it should be its own, or the other way round."""
    if not isinstance(child, _HANDED_ON):
        return False
    held = [] if old.partition_of else [one for one in _kept(old, new, rules) if not is_remade(one, rules)]
    above = list(same_above(child, rules.new))
    # What a table of another schema hands on is not known: it is not the tenant's to change.
    handed = any(found.owner in held for found in above) or (child.inherited and not above and None in held)
    before = rules.old.get(child.ident)
    if isinstance(before, _HANDED_ON) and not old.partition_of:
        taken_away = not handed and any(found.owner in held for found in same_above(before, rules.old))
        return (before.inherited and handed) != child.inherited or (before.inherited and taken_away)
    return child.inherited and not handed  # one of its own is made first, and what is handed on is merged with that


def maker(ident: Ident | None, rules: Rules) -> Ident | None:
    """The topmost table at or above one, in the new state, that is written anew: it puts together all below it."""
    found = None
    at = ident
    while at is not None and (table := table_of(at, rules.new)) is not None:
        if is_remade(at, rules):
            found = at
        at = None if table.partition_of is None else named(table.partition_of)
    return found


def is_put_aside(ident: Ident, rules: Rules) -> bool:
    """Whether a table goes together with a partitioned one above it that is written anew, rows and all."""
    table = table_of(ident, rules.old)
    if table is None or (ident in rules.new and not is_remade(ident, rules)):
        return False
    if table.partition_of is None or (parent := named(table.partition_of)) is None:
        return False
    return is_remade(parent, rules) or (parent not in rules.new and is_put_aside(parent, rules))
