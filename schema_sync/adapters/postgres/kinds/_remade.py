"""A table is written anew with its rows, as no statement changes in place what differs: its partition key above all.

The old table steps aside under another name; the new one is made under its own, filled out of the old one, and only
when that is gone get constraints, indexes and triggers, whose names are free by then. Partitions that stay step aside
and come back with their parent, so that rows find their new places; those that are dropped hand their rows on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from schema_sync.adapters.kind import Action, Rules
from schema_sync.adapters.postgres import stored
from schema_sync.adapters.postgres.kinds import _attached as attached
from schema_sync.adapters.postgres.kinds import _by_name as by_name
from schema_sync.adapters.postgres.kinds import _counted as counted
from schema_sync.adapters.postgres.kinds import _family as family
from schema_sync.adapters.postgres.objects import VOCABULARY, Column, ForeignKey, Identity, Sequence, Table, Trigger
from schema_sync.adapters.postgres.retype import Retype, retype
from schema_sync.adapters.postgres.rules import ACCESS_EXCLUSIVE, SHARE_ROW_EXCLUSIVE
from schema_sync.adapters.sql import Name, Sql, join, raw, sql
from schema_sync.errors import NotConvergeable
from schema_sync.model.ident import Ident, parse_ident
from schema_sync.model.objects import plurals
from schema_sync.model.plan import Hazard
from schema_sync.model.snapshot import Snapshot

_LONGEST: Final = 63
_PREFIX: Final = "_schema_sync_"


def aside(name: str, rules: Rules) -> str:
    """What a table is called while its successor is made."""
    taken = {obj.name for side in (rules.old, rules.new) for obj in side}
    found = _PREFIX + name
    if len(found.encode()) > _LONGEST:
        found = _PREFIX + hashlib.sha256(name.encode()).hexdigest()[:32]
    while found in taken:
        found += "_"
    return found


def step_aside(table: Table, rules: Rules) -> Iterator[Action]:
    """Let go of everything that must outlive the table, and take another name."""
    is_top = not family.is_put_aside(table.ident, rules)
    if is_top and table.partition_of is not None:
        yield from attached.detach(table, rules)
    for parent in table.inherits:
        yield attached.inherit(table, parent, rules, leave=True)
    if table.row_security:  # else the copy would be of those rows alone that the policies let through
        yield _altering(table, sql("DISABLE ROW LEVEL SECURITY"))
    for key in rules.old.children(table.ident, ForeignKey.kind):
        if isinstance(key, ForeignKey) and _ends_too(key, rules):
            yield _altering(table, sql("DROP CONSTRAINT IF EXISTS {name}", name=Name(key.name)))
    for sequence in _sequences(table.ident, rules.old):
        if sequence.ident in rules.new or _owner(sequence) in rules.new:
            yield Action(sql("ALTER SEQUENCE {name} OWNED BY NONE", name=Name(sequence.name)), lock=SHARE_ROW_EXCLUSIVE)
    for column in _columns(table.ident, rules.old):
        if (former := counted.former(column.ident, rules)) is not None:
            yield counted.remember_sequence(former, column.ident)
        if column.identity is not None:
            yield counted.remember_identity(column)
            yield _altering(table, sql("ALTER COLUMN {column} DROP IDENTITY", column=Name(column.name)))
    yield _altering(table, sql("RENAME TO {aside}", aside=Name(aside(table.name, rules))))


def _altering(table: Table, clause: Sql) -> Action:
    return Action(
        sql("ALTER TABLE {table} {clause}", table=Name(table.name), clause=clause),
        hazards=frozenset({Hazard.BRIEF_LOCK}),
        lock=ACCESS_EXCLUSIVE,
    )


def _ends_too(key: ForeignKey, rules: Rules) -> bool:
    """Whether a foreign key stands in the way of another table that goes: its own end would come too late."""
    table = family.named(key.referenced_table)
    if table is None or table == key.owner:
        return False
    return table not in rules.new or family.is_remade(table, rules) or family.is_put_aside(table, rules)


def _columns(table: Ident, side: Snapshot) -> list[Column]:
    return [child for child in side.children(table, Column.kind) if isinstance(child, Column)]


def _sequences(table: Ident, side: Snapshot) -> Iterator[Sequence]:
    for obj in side:
        if isinstance(obj, Sequence) and (owner := _owner(obj)) is not None and owner.owner == table:
            yield obj


def _owner(sequence: Sequence) -> Ident | None:
    return None if sequence.owned_by is None else parse_ident(sequence.owned_by, plurals(VOCABULARY))


def fill(table: Table, rules: Rules) -> Iterator[Action]:
    """What follows CREATE TABLE where a table is written anew: all below it, its rows, and the end of the old one."""
    for sequence in _sequences(table.ident, rules.new):
        before, owner = rules.old.get(sequence.ident), _owner(sequence)
        if isinstance(before, Sequence) and before.owned_by == sequence.owned_by and owner is not None:
            yield Action(
                sql(
                    "ALTER SEQUENCE {name} OWNED BY {column}",
                    name=Name(sequence.name),
                    column=Name(table.name, owner.name),
                ),
                lock=SHARE_ROW_EXCLUSIVE,
                late=True,
                after=frozenset({owner}),
            )
    if family.maker(table.ident, rules) != table.ident:
        return
    below = family.tree(table.ident, rules.new)
    for ident in below[1:]:
        found = family.table_of(ident, rules.new)
        if found is not None and found.partition_of is not None:
            yield attached.attach(found, rules, early=True)
            if _triggers(ident, rules):
                yield replace(_altering(found, sql("DISABLE TRIGGER USER")), lock=SHARE_ROW_EXCLUSIVE, late=True)
    columns = frozenset(column.ident for ident in below for column in _columns(ident, rules.new))
    gone = [ident for ident in family.tree(table.ident, rules.old) if family.is_put_aside(ident, rules)]
    clears = frozenset({*below, *gone})
    changed = {hazard for _, how in _copied(table, rules) for hazard in how.hazards}
    yield Action(
        _copy(table, rules),
        hazards=frozenset(
            {Hazard.REWRITES_TABLE, Hazard.MAY_FAIL} | changed & {Hazard.CONVERTS_ROWS, Hazard.DELETES_DATA}
        ),
        late=True,
        after=columns,
        clears=clears,
    )
    for ident in below[1:]:
        yield from _let_act_again(ident, rules)
    for column in _columns(table.ident, rules.new):
        before = rules.old.get(column.ident)
        if column.identity is not None and isinstance(before, Column):
            yield (
                counted.recall(column) if before.identity is not None else _counting_on(column, column.identity, rules)
            )
    lost = [c.name for c in _columns(table.ident, rules.old) if c.ident not in rules.new and c.generated is None]
    yield Action(
        sql("DROP TABLE {aside}", aside=Name(aside(table.name, rules))),
        hazards=frozenset({Hazard.DELETES_DATA} if lost else ()),
        lock=ACCESS_EXCLUSIVE,
        note=f"the values of {', '.join(lost)} are lost" if lost else None,
        late=True,
        after=columns,
        clears=clears,
    )


def _triggers(ident: Ident, rules: Rules) -> list[Trigger]:
    """The triggers of a table that is there and becomes a partition: rows that move into it are no new rows."""
    if family.is_remade(ident, rules):
        return []
    return [one for one in rules.old.children(ident) if isinstance(one, Trigger) and not one.copied]


def _let_act_again(ident: Ident, rules: Rules) -> Iterator[Action]:
    for trigger in _triggers(ident, rules):
        new = rules.new.get(trigger.ident)
        if isinstance(new, Trigger) and not new.copied:
            yield replace(attached.enable_copy(new, new.enabled, late=True), follows=frozenset())


def _counting_on(column: Column, identity: Identity, rules: Rules) -> Action:
    remembered = counted.former(column.ident, rules) is not None
    return counted.count_on(counted.of_identity(column.ident), column.ident, identity, remembered=remembered)


def _copy(table: Table, rules: Rules) -> Sql:
    """INSERT … SELECT of all columns that are on both sides; a partitioned table reads its partitions' rows."""
    copied = list(_copied(table, rules))
    overriding = any(column.identity is not None and column.identity.always for column, _ in copied)
    return sql(
        "INSERT INTO {table}{columns}{overriding} SELECT {values} FROM {only}{aside}",
        table=Name(table.name),
        columns=sql(" ({names})", names=join(", ", [Name(column.name) for column, _ in copied])) if copied else Sql(()),
        overriding=sql(" OVERRIDING SYSTEM VALUE") if overriding else Sql(()),
        values=join(", ", [how.using or Name(column.name) for column, how in copied]),
        only=Sql(()) if family.is_partitioned(table.ident, rules.old) else sql("ONLY "),
        aside=Name(aside(table.name, rules)),
    )


def _copied(table: Table, rules: Rules) -> Iterable[tuple[Column, Retype]]:
    """The columns that are on both sides, with what becomes of their values; INSERT casts by assignment, too."""
    for column in _columns(table.ident, rules.new):
        before = rules.old.get(column.ident)
        if isinstance(before, Column) and column.generated is None:
            yield column, Retype(None, frozenset()) if before.type == column.type else _retyped(before, column, rules)


def _retyped(old: Column, new: Column, rules: Rules) -> Retype:
    needs = (need for side in (rules.old, rules.new) for need in side.needs.get(new.ident, ()))
    own = {need.name for need in needs if need.owner is None}
    bases = (stored.base_type(old.type, old.ident, rules.old), stored.base_type(new.type, new.ident, rules.new))
    how = retype(new.name, old.type, new.type, own, bases)
    if how is None:
        raise NotConvergeable(
            f"{new.ident.text} cannot become {new.type}: PostgreSQL has no cast from {old.type}",
            hint="change it in two versions: add a column of the new type and fill it, then drop the old one",
        )
    types = by_name.Typed(old.type, old.ident, rules.old), by_name.Typed(new.type, new.ident, rules.new)
    carried = by_name.carried(Name(new.name), *types)
    if carried is None:
        return how
    lost = {Hazard.DELETES_DATA} if carried.lost else set[Hazard]()
    return Retype(sql("({text})::{type}", text=carried.text, type=raw(new.type)), how.hazards | lost)
