"""The rebuild: a table is written anew with its rows, and takes the old one's place.

https://sqlite.org/lang_altertable.html#otheralter, within the one transaction of the plan. The session has set
`foreign_keys = OFF` (else DROP TABLE deletes the rows of children) and `legacy_alter_table = ON` (else the last step
rewrites the references of others, and fails where a view is broken meanwhile).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from schema_sync.adapters.kind import Action, Rules
from schema_sync.adapters.sql import Literal, Name, Part, Sql, join, raw, sql
from schema_sync.adapters.sqlite import ddl, questions
from schema_sync.adapters.sqlite.objects import Check, Column, ForeignKey, PrimaryKey, Table, Unique
from schema_sync.adapters.sqlite.text import ROWID
from schema_sync.adapters.sqlite.tokens import folded
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard
from schema_sync.model.snapshot import Snapshot

DISTURBS = "rebuild"


def counterpart(table: Table, snapshot: Snapshot) -> Table | None:
    """The table that has the same name but for its case, which is the same table to SQLite."""
    return next(
        (
            obj
            for obj in snapshot
            if isinstance(obj, Table) and obj.name != table.name and folded(obj.name) == folded(table.name)
        ),
        None,
    )


def rebuild(old: Table, new: Table, rules: Rules) -> list[Action]:
    """The statements that write `old` anew as `new`: create, copy, keep the sequence, drop, rename."""
    aside = _free_name(new.name, rules)
    copied = list(_copied(old, new, rules))
    actions = [_action(ddl.create_table(new, rules.new, aside))]
    if copied:
        hazards = _copy_hazards(old, new, rules)
        asked = questions.of_copy(old, new, rules) if Hazard.MAY_FAIL in hazards else ()
        actions.append(replace(_action(_copy(old, aside, copied), hazards), questions=asked))
    if old.autoincrement and new.autoincrement:
        actions += [_action(statement) for statement in _sequence(old.name, aside)]
    lost = _lost(old, rules)
    note = f"the values of {', '.join(lost)} are lost" if lost else None
    ending = sql("DROP TABLE {table}", table=Name(old.name))
    actions.append(_action(ending, {Hazard.DELETES_DATA} if lost else set(), note))
    actions.append(_action(sql("ALTER TABLE {aside} RENAME TO {table}", aside=Name(aside), table=Name(new.name))))
    return actions


def _action(statement: Sql, hazards: set[Hazard] | None = None, note: str | None = None) -> Action:
    return Action(statement, frozenset(hazards or ()), lock="EXCLUSIVE", note=note, disturbs=DISTURBS)


def _free_name(name: str, rules: Rules) -> str:
    taken = {folded(obj.name) for snapshot in (rules.old, rules.new) for obj in snapshot}
    aside = f"_schema_sync_{name}"
    while folded(aside) in taken:
        aside += "_"
    return aside


def _copied(old: Table, new: Table, rules: Rules) -> Iterator[tuple[Name, Part]]:
    """What the rows take with them: `(column of the new table, what of the old)`, the row's own number first."""
    source = {folded(column.name): column for column in ddl.columns_of(old.ident, rules.old)}
    target = ddl.columns_of(new.ident, rules.new)
    rowid = _rowid(old, new, rules)
    if rowid is not None:
        yield rowid
    for column in target:
        before = source.get(folded(column.name))
        if before is not None and column.generated is None:
            yield Name(column.name), _converted(before, column, new)


def _converted(before: Column, column: Column, new: Table) -> Part:
    # A STRICT table refuses what its type does not take; elsewhere affinity converts what it can and keeps the rest.
    if new.strict and before.type != column.type and column.type != "ANY":
        return sql("CAST({column} AS {type})", column=Name(before.name), type=raw(column.type))
    return Name(before.name)


def _rowid(old: Table, new: Table, rules: Rules) -> tuple[Name, Part] | None:
    """The row's own number, where both tables have one and no column carries it along by itself."""
    if old.without_rowid or new.without_rowid:
        return None
    before = {folded(column.name) for column in ddl.columns_of(old.ident, rules.old)}
    after = {folded(column.name) for column in ddl.columns_of(new.ident, rules.new)}
    source = next((name for name in ROWID if name not in before), None)
    if source is None:
        return None
    alias = ddl.rowid_column(new, rules.new)
    if alias is not None:
        return None if folded(alias.name) in before else (Name(alias.name), Name(source))
    target = next((name for name in ROWID if name not in after), None)
    return None if target is None else (Name(target), Name(source))


def _copy(old: Table, aside: str, copied: list[tuple[Name, Part]]) -> Sql:
    # OR ABORT outweighs the conflict clauses of constraints, which would drop or change rows without a word.
    return sql(
        "INSERT OR ABORT INTO {aside} ({columns}) SELECT {values} FROM {table}",
        aside=Name(aside),
        columns=join(", ", [column for column, _value in copied]),
        values=join(", ", [value for _column, value in copied]),
        table=Name(old.name),
    )


def _sequence(name: str, aside: str) -> list[Sql]:
    """Carry AUTOINCREMENT's memory over; RENAME then gives it the table's name."""
    return [
        sql("DELETE FROM sqlite_sequence WHERE name = {aside}", aside=Literal(aside)),
        sql(
            "INSERT INTO sqlite_sequence (name, seq) SELECT {aside}, seq FROM sqlite_sequence WHERE name = {table}",
            aside=Literal(aside),
            table=Literal(name),
        ),
    ]


def _lost(old: Table, rules: Rules) -> list[str]:
    """The columns whose values are in no column of the new table; generated ones hold none."""
    new = counterpart(old, rules.new) or old
    kept = {folded(column.name) for column in ddl.columns_of(new.ident, rules.new) if column.generated is None}
    return [
        column.name
        for column in ddl.columns_of(old.ident, rules.old)
        if column.generated is None and folded(column.name) not in kept
    ]


def _copy_hazards(old: Table, new: Table, rules: Rules) -> set[Hazard]:
    hazards = {Hazard.REWRITES_TABLE}
    before = {folded(column.name): column for column in ddl.columns_of(old.ident, rules.old)}
    for column in ddl.columns_of(new.ident, rules.new):
        was = before.get(folded(column.name))
        if column.not_null and (was is None or not was.not_null):
            hazards.add(Hazard.MAY_FAIL)
        if was is not None and affinity(was.type) != affinity(column.type) and column.generated is None:
            hazards.add(Hazard.CONVERTS_ROWS)
        if was is not None and new.strict and (was.type != column.type or not old.strict):
            hazards.add(Hazard.MAY_FAIL)
    if _constraints(new.ident, rules.new) - _constraints(old.ident, rules.old):
        hazards.add(Hazard.MAY_FAIL)
    return hazards


def _constraints(table: Ident, snapshot: Snapshot) -> set[object]:
    """What rows are held to, whatever it is called."""
    found: set[object] = set()
    for child in snapshot.children(table):
        if isinstance(child, PrimaryKey | Unique):
            found.add(child.columns)
        elif isinstance(child, Check):
            found.add(child.expression)
        elif isinstance(child, ForeignKey):
            found.add((child.columns, folded(child.parent), child.parent_columns))
    return found


def affinity(type_: str) -> str:
    """The affinity of a declared type (https://sqlite.org/datatype3.html, section 3.1), in that order of rules."""
    for word, name in (
        ("INT", "INTEGER"),
        ("CHAR", "TEXT"),
        ("CLOB", "TEXT"),
        ("TEXT", "TEXT"),
        ("BLOB", "BLOB"),
        ("REAL", "REAL"),
        ("FLOA", "REAL"),
        ("DOUB", "REAL"),
    ):
        if word in type_:
            return name
    return "NUMERIC" if type_ else "BLOB"
