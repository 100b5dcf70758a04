"""What ALTER TABLE can do by itself, as of SQLite 3.35; all else is a rebuild.

https://sqlite.org/lang_altertable.html, sections 4 and 5. ALTER TABLE reads the whole schema again after it dropped a
column, and fails where any view or trigger of the file is broken, whatever table it is about.
"""

from __future__ import annotations

from schema_sync.adapters.kind import Rules
from schema_sync.adapters.sqlite import ddl
from schema_sync.adapters.sqlite.objects import Check, Column, ForeignKey, PrimaryKey, Trigger, Unique, View
from schema_sync.adapters.sqlite.tokens import folded
from schema_sync.model.snapshot import Snapshot


def can_add(column: Column, rules: Rules) -> bool:
    """Whether ADD COLUMN takes the column: not stored, and with a constant for the rows that exist."""
    if column.stored or _in_other_case(column, rules.old):
        return False
    if column.not_null and (column.generated is not None or column.default in (None, "NULL")):
        return False
    return column.default is None or ddl.is_constant(column.default)


def can_drop(column: Column, rules: Rules) -> bool:
    """Whether DROP COLUMN lets the column go: nothing in line uses it, an old column stays, and no text is broken.

    Indexes, views and triggers that use it are dropped before, since they need it.
    """
    assert column.owner is not None
    stays = any(other.ident in rules.new for other in ddl.columns_of(column.owner, rules.old))
    if not stays or _in_other_case(column, rules.new):
        return False
    users = [rules.old[ident] for ident in rules.old.dependants.get(column.ident, ())]
    if any(isinstance(user, Column | PrimaryKey | Unique | Check | ForeignKey) for user in users):
        return False
    return not _has_unresolved(rules.old)


def riders(column: Column, rules: Rules) -> list[Check | ForeignKey]:
    """The constraints that come with a column which is added, in order of their identities."""
    assert column.owner is not None
    return [
        child
        for child in rules.new.children(column.owner)
        if isinstance(child, Check | ForeignKey) and child.ident not in rules.old and _carrier(child, rules) == column
    ]


def is_carried(constraint: Check | ForeignKey, rules: Rules) -> bool:
    """Whether a new constraint comes with a column that ADD COLUMN brings."""
    return constraint.ident not in rules.old and _carrier(constraint, rules) is not None


def _carrier(constraint: Check | ForeignKey, rules: Rules) -> Column | None:
    """The one new column that a constraint is about, where SQLite can add it."""
    wanted = [rules.new[ident] for ident in rules.new.needs.get(constraint.ident, ()) if ident not in rules.old]
    added = [obj for obj in wanted if isinstance(obj, Column) and obj.owner == constraint.owner]
    if len(added) != 1 or not can_add(added[0], rules):
        return None
    if isinstance(constraint, ForeignKey) and (len(constraint.columns) != 1 or added[0].default is not None):
        return None
    return added[0]


def _in_other_case(column: Column, snapshot: Snapshot) -> bool:
    assert column.owner is not None
    there = ddl.columns_of(column.owner, snapshot)
    return any(folded(other.name) == folded(column.name) for other in there)


def _has_unresolved(snapshot: Snapshot) -> bool:
    """Whether a view or a trigger may not resolve: those that do, need something, but for `SELECT 1`."""
    return any(isinstance(obj, View | Trigger) and obj.ident not in snapshot.needs for obj in snapshot)
