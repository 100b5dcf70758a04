"""Questions to the rows of a file: whether a statement would fail on them, asked before anything is run.

Each is a query over the old state that answers with a row where the statement would fail. Nothing is asked about what
the plan makes or changes before, nor of columns whose collation changes: they are compared by the old one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schema_sync.adapters.kind import Question, Rules
from schema_sync.adapters.sql import Name, Sql, join, raw, sql
from schema_sync.adapters.sqlite import ddl
from schema_sync.adapters.sqlite.objects import Check, Column, ForeignKey, Index, Part, PrimaryKey, Table, Unique
from schema_sync.model.ident import Ident


def of_index(index: Index, rules: Rules) -> tuple[Question, ...]:
    """Rows that a unique index would find twice."""
    assert index.owner is not None
    if not index.unique or not _are_there(index.ident, rules):
        return ()
    given = [raw(f"({index.where})")] if index.where else []
    found = f"{index.owner.name} has rows that are the same to {index.name}"
    return (Question(_twice(index.owner, index.parts, given), found, _about(index.ident, rules)),)


def of_copy(old: Table, new: Table, rules: Rules) -> tuple[Question, ...]:
    """Rows that a table which is written anew would not take."""
    if old.ident != new.ident:
        return ()
    before = {column.name: column for column in ddl.columns_of(old.ident, rules.old)}
    found = [each for column in ddl.columns_of(new.ident, rules.new) for each in _without_value(column, before)]
    kept = {_meaning(child) for child in rules.old.children(old.ident)}
    for child in rules.new.children(new.ident):
        if _meaning(child) not in kept and _are_there(child.ident, rules):
            found += _of_constraint(child, rules)
    return tuple(found)


def _without_value(column: Column, before: dict[str, Column]) -> Iterator[Question]:
    assert column.owner is not None
    was = before.get(column.name)
    if not column.not_null or column.generated is not None or (was is not None and was.not_null):
        return
    called = f"{column.owner.name}.{column.name}"
    if was is not None and was.generated is None:
        query = sql(
            "SELECT 1 FROM {table} WHERE {column} IS NULL LIMIT 1", table=Name(column.owner.name), column=Name(was.name)
        )
        yield Question(query, f"{called} has rows without a value", frozenset({was.ident}))
    elif was is None and column.default is None:
        query = sql("SELECT 1 FROM {table} LIMIT 1", table=Name(column.owner.name))
        yield Question(query, f"{called} would have no value in the rows that there are", frozenset({column.owner}))


def _of_constraint(child: object, rules: Rules) -> Iterator[Question]:
    match child:
        case PrimaryKey() | Unique():
            what = "primary key" if isinstance(child, PrimaryKey) else "constraint"
            query = _twice(_owner(child), child.columns, [])
            yield Question(
                query, f"{_owner(child).name} has rows that are the same to its new {what}", _about(child.ident, rules)
            )
        case Check():
            query = sql(
                "SELECT 1 FROM {table} WHERE NOT ({expression}) LIMIT 1",
                table=Name(_owner(child).name),
                expression=raw(child.expression),
            )
            finding = f"{_owner(child).name} has rows that CHECK ({child.expression}) refuses"
            yield Question(query, finding, _about(child.ident, rules))
        case ForeignKey():
            yield from _orphans(child, rules)


def _orphans(key: ForeignKey, rules: Rules) -> Iterator[Question]:
    parent = Ident(Table.kind, key.parent)
    primary = ddl.primary_key_of(parent, rules.old)
    columns = key.parent_columns or tuple(part.column for part in (primary.columns if primary else ()))
    if parent not in rules.old or len(columns) != len(key.columns):
        return
    query = sql(
        "SELECT 1 FROM {table} AS referring WHERE {given} AND NOT EXISTS"
        " (SELECT 1 FROM {parent} AS referred WHERE {equal}) LIMIT 1",
        table=Name(_owner(key).name),
        given=_and(sql("referring.{column} IS NOT NULL", column=Name(name)) for name in key.columns),
        parent=Name(key.parent),
        equal=_and(
            sql("referred.{there} = referring.{here}", there=Name(there), here=Name(here))
            for here, there in zip(key.columns, columns, strict=True)
        ),
    )
    about = _about(key.ident, rules) | {parent, *(Ident(Column.kind, name, parent) for name in columns)}
    yield Question(query, f"{_owner(key).name} has rows that refer to none of {key.parent}", about)


def _twice(table: Ident, parts: Iterable[Part], given: Iterable[Sql]) -> Sql:
    values = [ddl.parts([part]) for part in _ascending(parts)]
    return sql(
        "SELECT 1 FROM {table} WHERE {given} GROUP BY {values} HAVING count(*) > 1 LIMIT 1",
        table=Name(table.name),
        given=_and([*given, *(sql("({value}) IS NOT NULL", value=value) for value in values)]),
        values=join(", ", values),
    )


def _ascending(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        yield Part(column=part.column, expression=part.expression, collation=part.collation)


def _and(conditions: Iterable[Sql]) -> Sql:
    return join(" AND ", list(conditions))


def _owner(child: PrimaryKey | Unique | Check | ForeignKey) -> Ident:
    assert child.owner is not None
    return child.owner


def _about(ident: Ident, rules: Rules) -> frozenset[Ident]:
    assert ident.owner is not None
    return rules.new.needs.get(ident, frozenset()) | {ident.owner}


def _are_there(ident: Ident, rules: Rules) -> bool:
    """Whether the columns that an object needs are in the old state what they are in the new one."""
    if ident.owner not in rules.old:
        return False
    pairs = [(rules.old.get(need), rules.new.get(need)) for need in rules.new.needs.get(ident, ())]
    return all(_is_same(old, new) for old, new in pairs if not isinstance(new, Table))


def _is_same(old: object, new: object) -> bool:
    if isinstance(old, Column) and isinstance(new, Column):
        return (old.type, old.collation, old.generated) == (new.type, new.collation, new.generated)
    return old == new


def _meaning(child: object) -> object:
    """What rows are held to by a constraint, whatever it is called."""
    match child:
        case PrimaryKey() | Unique():
            return tuple((part.column, part.expression, part.collation) for part in child.columns)
        case Check():
            return child.expression
        case ForeignKey():
            return child.columns, child.parent.lower(), child.parent_columns
    return None
