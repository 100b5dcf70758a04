"""Questions to the rows of a tenant: whether a statement that scans them would fail, asked before anything is run.

Each is a query over the old state that answers with a row, or fails on a value, where the statement would. None is
asked where that cannot be said beforehand: of what the plan makes or changes before, or by an operator that is not the
type's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from schema_sync.adapters.kind import Question, Rules
from schema_sync.adapters.postgres.conversions import parse
from schema_sync.adapters.postgres.kinds import _family as family
from schema_sync.adapters.postgres.objects import (
    BackedByIndex,
    Check,
    Column,
    Enum,
    ForeignKey,
    Index,
    PrimaryKey,
    Table,
    Unique,
)
from schema_sync.adapters.postgres.retype import Retype
from schema_sync.adapters.sql import Literal, Name, Sql, join, names, raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject

_PADDED: Final = frozenset({"character varying", "character"})
"""The types whose assignment refuses what is too long, but for blanks, and whose cast cuts it off (manual: 8.3)."""


def without_value(column: Column, rules: Rules, *, only: bool = False) -> tuple[Question, ...]:
    """Rows that SET NOT NULL of a column would stumble over."""
    if not are_there([column.ident], rules):
        return ()
    query = sql(
        "SELECT FROM {only}{rows} WHERE {column} IS NULL LIMIT 1",
        only=sql("ONLY " if only else ""),
        rows=rows(column.owner),
        column=Name(column.name),
    )
    return (Question(query, f"{_called(column.ident)} has rows without a value", frozenset({column.ident})),)


def any_rows(column: Column, rules: Rules) -> tuple[Question, ...]:
    """Rows that a new column could have no value for."""
    if column.ident in rules.old or not are_there([column.owner], rules):
        return ()
    query = sql("SELECT FROM {rows} LIMIT 1", rows=_own_rows(column.owner, rules))
    return (Question(query, f"{_called(column.ident)} would have no value in the rows that there are", _of(column)),)


def refused(check: Check, rules: Rules) -> tuple[Question, ...]:
    """Rows that a check would refuse."""
    if not _are_unchanged(check.ident, rules):
        return ()
    only = sql("ONLY ") if check.no_inherit else Sql(())
    query = sql(
        "SELECT FROM {only}{rows} WHERE NOT ({expression}) LIMIT 1",
        only=only,
        rows=rows(check.owner),
        expression=raw(check.expression),
    )
    return (Question(query, f"{_called(check.owner)} has rows that {check.name} refuses", _about(check.ident, rules)),)


def orphans(key: ForeignKey, rules: Rules) -> tuple[Question, ...]:
    """Rows that refer to none. A temporal key is not asked about: its period has to be covered by several."""
    referred = family.named(key.referenced_table)
    if key.period or not _are_unchanged(key.ident, rules) or (referred is not None and referred not in rules.old):
        return ()
    pairs = zip(key.columns, key.referenced_columns, strict=True)
    query = sql(
        "SELECT FROM {rows} AS referring WHERE {given} AND NOT EXISTS"
        " (SELECT FROM {table} AS referred WHERE {equal}) LIMIT 1",
        rows=_own_rows(key.owner, rules),
        given=_all(sql("referring.{column} IS NOT NULL", column=Name(name)) for name in key.columns),
        table=raw(key.referenced_table) if referred is None else _own_rows(referred, rules),
        equal=_all(
            sql("referred.{there} = referring.{here}", there=Name(there), here=Name(here)) for here, there in pairs
        ),
    )
    finding = f"{_called(key.owner)} has rows that refer to none of {key.referenced_table}, as {key.name} demands"
    found = [Question(query, finding, _about(key.ident, rules))]
    if key.match_full and len(key.columns) > 1:
        some = [sql("{column} IS NULL", column=Name(name)) for name in key.columns]
        every = _all(some)
        query = sql(
            "SELECT FROM {rows} WHERE ({some}) AND NOT ({every}) LIMIT 1",
            rows=_own_rows(key.owner, rules),
            some=join(" OR ", some),
            every=every,
        )
        found.append(Question(query, f"{_called(key.owner)} has rows that refer in part", _about(key.ident, rules)))
    return tuple(found)


def repeated(key: PrimaryKey | Unique, rules: Rules) -> tuple[Question, ...]:
    """Rows that a key would find twice, or without a value."""
    if key.without_overlaps or not _are_unchanged(key.ident, rules):
        return ()
    about = _about(key.ident, rules)
    distinct = isinstance(key, Unique) and not key.nulls_not_distinct
    given = _all(sql("{column} IS NOT NULL", column=Name(name)) for name in key.columns) if distinct else raw("true")
    found = [
        Question(
            _twice(_own_rows(key.owner, rules), names(key.columns), given), f"{_twice_in(key.owner)} {key.name}", about
        )
    ]
    if isinstance(key, PrimaryKey):
        absent = join(" OR ", [sql("{column} IS NULL", column=Name(name)) for name in key.columns])
        query = sql("SELECT FROM {rows} WHERE {absent} LIMIT 1", rows=_own_rows(key.owner, rules), absent=absent)
        found.append(Question(query, f"{_called(key.owner)} has rows without a value for {key.name}", about))
    return tuple(found)


def repeated_in(index: Index, rules: Rules) -> tuple[Question, ...]:
    """Rows that a unique index would find twice; by the operators of its types alone."""
    own = any(element.opclass is not None for element in index.elements)
    if not index.unique or own or not _are_unchanged(index.ident, rules):
        return ()
    elements = [
        sql(
            "({value}{collation})",
            value=raw(element.expression or "") if element.column is None else Name(element.column),
            collation=sql(" COLLATE {name}", name=raw(element.collation)) if element.collation else Sql(()),
        )
        for element in index.elements
    ]
    given = [] if index.nulls_not_distinct else [sql("{value} IS NOT NULL", value=value) for value in elements]
    given += [sql("({where})", where=raw(index.where))] if index.where else []
    query = _twice(_own_rows(index.owner, rules), join(", ", elements), _all(given))
    return (Question(query, f"{_twice_in(index.owner)} {index.name}", _about(index.ident, rules)),)


def not_cast(old: Column, new: Column, how: Retype, rules: Rules) -> tuple[Question, ...]:
    """Values that cannot be cast to a column's new type: the server itself says which."""
    if not are_there([old.ident], rules) or not _is_known(old, new, rules):
        return ()
    about = frozenset({old.ident})
    finding = f"{_called(old.ident)} has values that are no {new.type}"
    value = sql("{column}::{type}", column=Name(old.name), type=raw(new.type))
    query = sql(
        "SELECT FROM (SELECT count({value}) AS number FROM {rows}) AS tried WHERE number IS NULL",
        value=how.using or value,
        rows=rows(old.owner),
    )
    found = [Question(query, finding, about)]
    is_ = parse(new.type)
    if is_.base in _PADDED and is_.limits and not is_.array and how.using is None:
        query = sql(
            "SELECT FROM {rows} WHERE length(rtrim({column}::text, ' ')) > {limit} LIMIT 1",
            rows=rows(old.owner),
            column=Name(old.name),
            limit=Literal(str(is_.limits[0])),
        )
        found = [Question(query, f"{_called(old.ident)} has values that are too long for {new.type}", about)]
    return tuple(found)


def in_several_dimensions(column: Column, rules: Rules) -> tuple[Question, ...]:
    """Arrays that cannot be carried over element by element."""
    if not are_there([column.ident], rules) or not column.type.endswith("[]"):
        return ()
    query = sql(
        "SELECT FROM {rows} WHERE array_ndims({column}) > 1 LIMIT 1",
        rows=rows(column.owner),
        column=Name(column.name),
    )
    finding = f"{_called(column.ident)} has arrays of more than one dimension"
    return (Question(query, finding, frozenset({column.ident})),)


def not_among(column: Column, type_: Ident, rules: Rules) -> tuple[Question, ...]:
    """Values of an enumeration that it is to have no longer."""
    before, after = rules.old.get(type_), rules.new.get(type_)
    if not isinstance(before, Enum) or not isinstance(after, Enum) or not are_there([column.ident], rules):
        return ()
    gone = [label for label in before.labels if label not in after.labels]
    plain = parse(column.type)
    if not gone:
        return ()
    those = sql("&& ARRAY[{gone}]::text[]" if plain.array else "IN ({gone})", gone=join(", ", literals(gone)))
    query = sql(
        "SELECT FROM {rows} WHERE {column}::text{array} {those} LIMIT 1",
        rows=rows(column.owner),
        column=Name(column.name),
        array=raw(plain.array),
        those=those,
    )
    finding = f"{_called(column.ident)} has values that {type_.name} no longer has: {', '.join(gone)}"
    return (Question(query, finding, frozenset({column.ident, type_})),)


def literals(those: Iterable[str]) -> list[Sql]:
    """Constants out of strings."""
    return [sql("{value}", value=Literal(value)) for value in those]


def rows(owner: Ident | None) -> Sql:
    """The rows of a table and of all below it."""
    assert owner is not None
    return sql("{table}", table=Name(owner.name))


def _own_rows(owner: Ident | None, rules: Rules) -> Sql:
    """The rows that are a table's own, and all of a partitioned one: what an index or a foreign key is about."""
    only = sql("" if family.is_partitioned(owner, rules.old) else "ONLY ")
    return sql("{only}{rows}", only=only, rows=rows(owner))


def _called(ident: Ident | None) -> str:
    assert ident is not None
    return ident.name if ident.owner is None else f"{ident.owner.name}.{ident.name}"


def _twice_in(owner: Ident | None) -> str:
    return f"{_called(owner)} has rows that are the same to"


def _twice(rows: Sql, values: Sql, given: Sql) -> Sql:
    return sql(
        "SELECT FROM {rows} WHERE {given} GROUP BY {values} HAVING count(*) > 1 LIMIT 1",
        rows=rows,
        given=given,
        values=values,
    )


def _all(conditions: Iterable[Sql]) -> Sql:
    return join(" AND ", list(conditions) or [raw("true")])


def _of(column: Column) -> frozenset[Ident]:
    assert column.owner is not None
    return frozenset({column.owner})


def _about(ident: Ident, rules: Rules) -> frozenset[Ident]:
    assert ident.owner is not None
    return rules.new.needs.get(ident, frozenset()) | {ident.owner}


def are_there(idents: Iterable[Ident | None], rules: Rules) -> bool:
    """Whether all of these are in the old state, and belong to a table with rows that is not written anew."""
    found = [ident for ident in idents if ident is not None]
    return all(
        ident in rules.old and isinstance(rules.old.get(ident.top), Table) and not family.is_remade(ident.top, rules)
        for ident in found
    )


def _are_unchanged(ident: Ident, rules: Rules) -> bool:
    """Whether all that an object needs is in the old state what it is in the new one."""
    pairs = [(rules.old.get(need), rules.new.get(need)) for need in rules.new.needs.get(ident, ())]
    same = all(_is_same(old, new) for old, new in pairs if not isinstance(new, Table | BackedByIndex | Index))
    return same and are_there([ident.owner], rules)


def _is_same(old: SchemaObject | None, new: SchemaObject | None) -> bool:
    if isinstance(old, Column) and isinstance(new, Column):
        return (old.type, old.collation, old.generated) == (new.type, new.collation, new.generated)
    return old == new


def _is_known(old: Column, new: Column, rules: Rules) -> bool:
    """Whether a column's new type is in the old state what it is in the new one."""
    needs = rules.new.needs.get(new.ident, frozenset())
    return all(rules.old.get(need) == rules.new.get(need) for need in needs) and old.generated is None
