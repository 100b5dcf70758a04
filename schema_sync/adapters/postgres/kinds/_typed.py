"""Tables of a composite type (manual: CREATE TABLE, OF type_name): their columns are the type's attributes."""

from __future__ import annotations

import msgspec

from schema_sync.adapters.kind import Action, Rules
from schema_sync.adapters.postgres.kinds import _family as family
from schema_sync.adapters.postgres.kinds import _referred
from schema_sync.adapters.postgres.objects import Column, CompositeType, Table
from schema_sync.adapters.postgres.rules import ACCESS_EXCLUSIVE
from schema_sync.adapters.sql import Name, sql
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard
from schema_sync.model.snapshot import Snapshot


def type_of(table: Table | None, side: Snapshot) -> CompositeType | None:
    """The type that a table is of, if it is the tenant's own."""
    named = None if table is None or table.of_type is None else family.named(table.of_type)
    found = None if named is None else side.get(Ident(CompositeType.kind, named.name))
    return found if isinstance(found, CompositeType) else None


def tables(type_: CompositeType, side: Snapshot) -> list[Ident]:
    """The tables of a type on one side, sorted."""
    dependants = sorted(side.dependants.get(type_.ident, ()))
    return [ident for ident in dependants if type_of(family.table_of(ident, side), side) is type_]


def renamed(old: CompositeType, rules: Rules) -> CompositeType:
    """The old type as the renames of columns leave it: those of its tables are its attributes, which can be renamed
    for all of them alone. As it was, where the tables' columns go apart or are of another type afterwards.
    """
    places = tables(old, rules.old)
    columns = {tuple(child.name for child in rules.old.children(place, Column.kind)) for place in places}
    if len(columns) != 1 or not all(_stays(place, old, rules) for place in places):
        return old
    (names,) = columns
    if len(names) != len(old.attributes):
        return old
    pairs = zip(old.attributes, names, strict=True)
    return old.replace(attributes=tuple(msgspec.structs.replace(one, name=name) for one, name in pairs))


def rename(type_: CompositeType, old: str, new: str, *, has_tables: bool = True) -> Action:
    """RENAME ATTRIBUTE, for the columns of the type's tables too."""
    return Action(
        sql(
            "ALTER TYPE {type} RENAME ATTRIBUTE {old} TO {new} CASCADE",
            type=_referred.own(type_.name),
            old=Name(old),
            new=Name(new),
        ),
        hazards=frozenset({Hazard.BRIEF_LOCK} if has_tables else ()),
        lock=ACCESS_EXCLUSIVE if has_tables else None,
    )


def _stays(table: Ident, type_: CompositeType, rules: Rules) -> bool:
    now = type_of(family.table_of(table, rules.new), rules.new)
    return now is not None and now.ident == type_.ident
