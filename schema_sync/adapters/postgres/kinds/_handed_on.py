"""What becomes of a table's column by statements that are not about it: on its parents, or on the table's type.

A rule makes the difference between what is there by then and what should be there, which is mostly none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from schema_sync.adapters.kind import Rules
from schema_sync.adapters.postgres.kinds import _family as family
from schema_sync.adapters.postgres.objects import Column, Table
from schema_sync.adapters.postgres.versions import NOT_NULL_ROWS, SET_EXPRESSION
from schema_sync.model.ident import Ident


def changed(column: Column, **fields: Any) -> Column:
    """The column with other fields."""
    return Column(ident=column.ident, **{**column.fields(), **fields})


def is_replaced(old: Column, new: Column, rules: Rules) -> bool:
    """Whether the change can only be made by dropping the column: DROP EXPRESSION keeps the values of a stored one,
    SET EXPRESSION is new in PostgreSQL 17.
    """
    if (old.generated, old.virtual) == (new.generated, new.virtual):
        return False
    if new.generated is None:
        return old.virtual
    return old.generated is None or old.virtual != new.virtual or not SET_EXPRESSION.on(rules.server)


def _is_replaced(column: Column, rules: Rules) -> bool:
    """Whether a column that is on both sides is made anew: with what its expression needs, or because of it."""
    old, new = rules.old.get(column.ident), rules.new.get(column.ident)
    if not isinstance(old, Column) or not isinstance(new, Column):
        return False
    return is_replaced(old, new, rules) or (old.generated is not None and new.generated is not None)


def at_first(column: Column, rules: Rules) -> Column | None:
    """A column as another's statement has made it when its own turn to be created comes; `None` if none has."""
    table = family.table_of(column.owner, rules.new)
    if table is None:
        return None
    bare = {**_APART, "generated": None, "virtual": False, "default": None, "nullable": True}
    if column.generated is None and is_of_type(table, rules):
        return changed(column, **bare)
    if not family.comes_from_parents(column, rules.new):
        return None
    if table.ident not in rules.old or family.is_remade(table.ident, rules):
        return (
            None
            if table.partition_of is not None
            else _merged(column, family.same_above(column, rules.new), rules, is_made=True)
        )
    replaced = _is_replaced(column, rules)
    given = [one for one in family.givers(column, rules.new, rules) if replaced or one.ident not in rules.old]
    return _merged(column, given, rules) if given else None


def is_of_type(table: Table, rules: Rules) -> bool:
    """Whether its columns come from its type, because it is made of that. One that is there lets go of the type."""
    return table.of_type is not None and (table.ident not in rules.old or family.is_remade(table.ident, rules))


_APART: Final[dict[str, Any]] = {
    "comment": None,
    "identity": None,
    "storage": None,
    "compression": None,
    "statistics": None,
    "options": (),
    "not_null_no_inherit": False,
    "not_null_validated": True,
    "not_null_comment": None,
}
"""What no column gets from another that it is made after."""


def _merged(column: Column, above: Iterable[Column], rules: Rules, *, is_made: bool = False) -> Column:
    """What an heir has of a column of its parents'; if it is made of them, how that is stored as well."""
    those = list(above)
    if not those:  # a shared table hands it on: how is not known here, and what it says can be said again
        said_again = not NOT_NULL_ROWS.on(rules.server)  # where NOT NULL is a row, that would be one of its own
        return changed(column, **_APART, default=None, nullable=column.nullable or said_again)
    first = those[0]
    return changed(
        column,
        **{**_APART, **({"storage": first.storage, "compression": first.compression} if is_made else {})},
        type=first.type,
        collation=first.collation,
        generated=first.generated,
        virtual=first.virtual,
        default=next((one.default for one in those if one.default is not None), None),
        nullable=all(one.nullable or one.not_null_no_inherit for one in those),
    )


def goes_by_itself(column: Column, rules: Rules) -> bool:
    """Whether a column is dropped by the statement of another."""
    if not family.comes_from_parents(column, rules.old):
        return False
    replaced = column.ident in rules.new
    return any(replaced or one.ident not in rules.new for one in family.givers(column, rules.old, rules))


def expected(ident: Ident, rules: Rules) -> Column:
    """A column that stays, as the statements about its parents' leave it."""
    found = rules.old[ident]
    assert isinstance(found, Column)
    for above in _above(found, rules):
        new = rules.new[above]
        assert isinstance(new, Column)
        found = _carried(found, expected(above, rules), new, rules)
    return found


def _above(column: Column, rules: Rules) -> list[Ident]:
    """The same column on all tables above that hold on, the topmost first."""
    found: list[Ident] = []
    for one in family.givers(column, rules.old, rules):
        if one.ident in rules.new:
            found += [ident for ident in (*_above(one, rules), one.ident) if ident not in found]
    return found


def is_everywhere(new: Column, field: str, rules: Rules) -> bool:
    """Whether all heirs are to have the same: one statement does it for all."""
    value = getattr(new, field)
    return all(getattr(heir, field) == value for heir in family.takers(new, rules.new, rules))


def nullability_is_handed_on(new: Column, rules: Rules) -> bool:
    """Whether NOT NULL is set and dropped for the heirs as well: it cannot be for a partitioned table alone."""
    return family.is_partitioned(new.owner, rules.new) or is_everywhere(new, "nullable", rules)


def default_is_in_the_way(old: Column, rules: Rules) -> bool:
    """Whether it or an heir has a default that may not be convertible to another type."""
    return any(one.default is not None for one in (old, *family.takers(old, rules.old, rules)))


def _carried(column: Column, old: Column, new: Column, rules: Rules) -> Column:
    """What an heir's column is after the statements that make `new` of `old`, which is a parent's."""
    fields: dict[str, Any] = {}
    retyped = (old.type, old.collation) != (new.type, new.collation)
    if retyped:
        fields |= {"type": new.type, "collation": new.collation, "storage": None, "compression": None}
        if default_is_in_the_way(old, rules):
            fields["default"] = None
    if old.generated != new.generated:
        fields["generated"] = new.generated
    if (retyped or old.default != new.default) and is_everywhere(new, "default", rules) and new.generated is None:
        fields["default"] = new.default
    said = (old.nullable, old.not_null_validated), (new.nullable, new.not_null_validated)
    if said[0] != said[1] and not new.not_null_no_inherit and nullability_is_handed_on(new, rules):
        fields |= {"nullable": new.nullable, "not_null_validated": new.not_null_validated}
        if old.nullable != new.nullable:
            fields["not_null_comment"] = None  # it is another constraint, or none
    return changed(column, **fields)


def disturbed(new: Column, rules: Rules) -> list[tuple[Column, Column]]:
    """The heirs' columns that do not change, and would by statements about this one: `(as they are by then, as they
    are to be)`.
    """
    found = []
    for heir in family.takers(new, rules.new, rules):
        old = rules.old.get(heir.ident)
        if isinstance(old, Column) and _same(old, heir) and _nearest_that_changes(heir, rules) == new.ident:
            by_then = expected(heir.ident, rules)
            if not _same(by_then, heir):
                found.append((by_then, heir))
    return found


def _same(one: Column, other: Column) -> bool:
    return changed(one, comment=None, inherited=False) == changed(other, comment=None, inherited=False)


def _nearest_that_changes(column: Column, rules: Rules) -> Ident | None:
    for above in reversed(_above(column, rules)):
        old, new = rules.old[above], rules.new[above]
        assert isinstance(old, Column)
        assert isinstance(new, Column)
        if not _same(old, new):
            return above
    return None
