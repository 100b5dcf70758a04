"""LOGGED and UNLOGGED tables (manual: ALTER TABLE, SET LOGGED; CREATE TABLE, UNLOGGED).

A logged table cannot refer to an unlogged one, not for a moment: where both ends of a foreign key change, the key is
dropped before and made again after, which is right in whatever order the tables change, and in circles too.
"""

from __future__ import annotations

from collections.abc import Iterable

from schema_sync.adapters.kind import Action, Rules
from schema_sync.adapters.postgres.kinds import _family as family
from schema_sync.adapters.postgres.objects import VOCABULARY, ForeignKey, PublicationMember, Sequence, Table
from schema_sync.adapters.postgres.rules import ACCESS_EXCLUSIVE
from schema_sync.adapters.postgres.versions import SEQUENCE_PERSISTENCE
from schema_sync.adapters.sql import Name, Sql, raw, sql
from schema_sync.model.ident import Ident, parse_ident
from schema_sync.model.objects import plurals
from schema_sync.model.plan import Hazard
from schema_sync.model.snapshot import Snapshot


def word(unlogged: bool) -> Sql:
    """LOGGED or UNLOGGED."""
    return raw("UNLOGGED" if unlogged else "LOGGED")


def alter(_old: Table, new: Table, rules: Rules) -> Iterable[Action]:
    """SET LOGGED or UNLOGGED, which writes the table anew and takes its sequences along (from PostgreSQL 15 on)."""
    yield Action(
        sql("ALTER TABLE {table} SET {word}", table=Name(new.name), word=word(new.unlogged)),
        hazards=frozenset({Hazard.REWRITES_TABLE}),
        lock=ACCESS_EXCLUSIVE,
        around=_keys(new.ident, rules) | _memberships(new.ident, rules),
        note=f"a crash of the server empties {new.name} from now on" if new.unlogged else None,
    )
    if SEQUENCE_PERSISTENCE.is_lacked_by(rules.server):
        return
    for sequence in rules.new:
        came_along = _owner(rules.old.get(sequence.ident)) == new.ident  # unless it has got another owner by then
        if isinstance(sequence, Sequence) and came_along and sequence.unlogged != new.unlogged:
            yield of_sequence(sequence.name, sequence.unlogged)


def of_sequence(name: str, unlogged: bool, *, is_new: bool = False) -> Action:
    """ALTER SEQUENCE SET LOGGED or UNLOGGED, which writes it anew as it would a table."""
    return Action(
        sql("ALTER SEQUENCE {name} SET {word}", name=Name(name), word=word(unlogged)),
        hazards=frozenset() if is_new else frozenset({Hazard.BRIEF_LOCK}),
        lock=None if is_new else ACCESS_EXCLUSIVE,
        late=True,
    )


def goes_along(sequence: Sequence, rules: Rules) -> bool:
    """Whether the table that owns a sequence changes, and the sequence with it."""
    before = rules.old.get(sequence.ident)
    if not isinstance(before, Sequence) or before.owned_by != sequence.owned_by:
        return False
    return bool(taken_by(sequence, rules)) and not SEQUENCE_PERSISTENCE.is_lacked_by(rules.server)


def taken_by(sequence: Sequence, rules: Rules) -> frozenset[Ident]:
    """The table that owns a sequence in the end, if it changes: it would take along what it owns by then. One that is
    written anew does not: it is as it is to be before it owns anything.
    """
    table = _owner(sequence)
    if table is None or not _changes(table, rules) or family.is_remade(table, rules):
        return frozenset()
    return frozenset({table})


def _owner(sequence: object) -> Ident | None:
    """The table that owns something, if that is a sequence and has an owner."""
    if not isinstance(sequence, Sequence) or sequence.owned_by is None:
        return None
    return parse_ident(sequence.owned_by, plurals(VOCABULARY)).top


def _keys(table: Ident, rules: Rules) -> frozenset[Ident]:
    """The foreign keys of and to a table that cannot be there while it changes: the other end changes too, or they go
    or come with this plan.
    """
    found = set()
    for side, other in ((rules.old, rules.new), (rules.new, rules.old)):
        for key in side:
            ends = _ends(key, side) if isinstance(key, ForeignKey) else set()
            if table in ends and len(ends) > 1:
                stays = other.get(key.ident) == key
                if not stays or all(_changes(end, rules) for end in ends):
                    found.add(key.ident)
    return frozenset(found)


def _memberships(table: Ident, rules: Rules) -> frozenset[Ident]:
    """What puts a table into publications: none has an unlogged one."""
    both = (*rules.old.children(table), *rules.new.children(table))
    return frozenset(child.ident for child in both if isinstance(child, PublicationMember))


def _ends(key: ForeignKey, side: Snapshot) -> set[Ident]:
    return {key.ident.top} | {need.top for need in side.needs.get(key.ident, ()) if need.top.kind == Table.kind}


def _changes(table: Ident, rules: Rules) -> bool:
    old, new = family.table_of(table, rules.old), family.table_of(table, rules.new)
    return old is not None and new is not None and old.unlogged != new.unlogged
