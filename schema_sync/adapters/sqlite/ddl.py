"""The text of a table and of its parts, out of objects: what CREATE TABLE and ALTER TABLE ADD COLUMN have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schema_sync.adapters.kind import Action
from schema_sync.adapters.sql import Name, Sql, join, names, raw, sql
from schema_sync.adapters.sqlite.objects import (
    Check,
    Column,
    ForeignKey,
    Part,
    PrimaryKey,
    Table,
    Unique,
)
from schema_sync.adapters.sqlite.tokens import keywords, tokenise
from schema_sync.model.ident import Ident
from schema_sync.model.snapshot import Snapshot

_NOW = keywords("CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP")


def columns_of(table: Ident, snapshot: Snapshot) -> list[Column]:
    """The columns of a table in its own order."""
    return [child for child in snapshot.children(table) if isinstance(child, Column)]


def primary_key_of(table: Ident, snapshot: Snapshot) -> PrimaryKey | None:
    """The primary key of a table, if it has one."""
    return next((child for child in snapshot.children(table) if isinstance(child, PrimaryKey)), None)


def rowid_column(table: Table, snapshot: Snapshot) -> Column | None:
    """The column that is the row's own number: INTEGER PRIMARY KEY (https://sqlite.org/lang_createtable.html#rowid)."""
    key = primary_key_of(table.ident, snapshot)
    if key is None or table.without_rowid or len(key.columns) != 1 or key.columns[0].desc:
        return None
    column = snapshot.get(Ident("column", key.columns[0].column, table.ident))
    return column if isinstance(column, Column) and column.type == "INTEGER" else None


def create_table(table: Table, snapshot: Snapshot, name: str | None = None) -> Sql:
    """CREATE TABLE with all that is in line, under another name where one is given."""
    key = primary_key_of(table.ident, snapshot)
    of_column = key if key is not None and _stands_with_column(key) else None
    lines = []
    for column in columns_of(table.ident, snapshot):
        line = column_definition(column)
        if of_column is not None and of_column.columns[0].column == column.name:
            line = join(" ", [line, _column_key(of_column, table.autoincrement)])
        lines.append(line)
    children = snapshot.children(table.ident)
    lines += [
        table_constraint(child)
        for kind in (PrimaryKey, Unique, Check, ForeignKey)
        for child in children
        if isinstance(child, kind) and child is not of_column
    ]
    options = [raw("STRICT")] * table.strict + [raw("WITHOUT ROWID")] * table.without_rowid
    body = join(",\n  ", lines)
    head = sql("CREATE TABLE {name} (\n  {body}\n)", name=Name(name or table.name), body=body)
    return sql("{head} {options}", head=head, options=join(", ", options)) if options else head


def _stands_with_column(key: PrimaryKey) -> bool:
    # INTEGER PRIMARY KEY DESC is no name of the rowid, PRIMARY KEY (id DESC) is: a single column must stand by itself.
    return len(key.columns) == 1 and not key.columns[0].collation


def _column_key(key: PrimaryKey, autoincrement: bool) -> Sql:
    words = [raw("PRIMARY KEY")] + [raw("DESC")] * key.columns[0].desc + _conflict(key.conflict)
    return join(" ", [*_named(key.constraint), *words, *[raw("AUTOINCREMENT")] * autoincrement])


def column_definition(column: Column) -> Sql:
    """A column with what belongs to it alone: type, collation, NOT NULL, default, generation."""
    words: list[Sql | Name] = [Name(column.name)]
    if column.type:
        words.append(raw(column.type))
    if column.collation:
        words.append(sql("COLLATE {name}", name=Name(column.collation)))
    if column.not_null:
        words += [*_named(column.not_null_constraint), raw("NOT NULL"), *_conflict(column.not_null_conflict)]
    if column.default is not None:
        template = raw(column.default) if is_literal(column.default) else sql("({text})", text=raw(column.default))
        words.append(sql("DEFAULT {value}", value=template))
    if column.generated is not None:
        words.append(sql("GENERATED ALWAYS AS ({text})", text=raw(column.generated)))
        words.append(raw("STORED" if column.stored else "VIRTUAL"))
    return join(" ", words)


def table_constraint(constraint: object) -> Sql:
    """A constraint as it stands behind the columns."""
    match constraint:
        case PrimaryKey():
            words = [sql("PRIMARY KEY ({parts})", parts=parts(constraint.columns)), *_conflict(constraint.conflict)]
        case Unique():
            words = [sql("UNIQUE ({parts})", parts=parts(constraint.columns)), *_conflict(constraint.conflict)]
        case Check():
            words = [sql("CHECK ({text})", text=raw(constraint.expression))]
        case ForeignKey():
            words = [sql("FOREIGN KEY ({columns})", columns=names(constraint.columns)), reference(constraint)]
        case _:
            raise TypeError(f"{type(constraint).__name__} is no constraint")
    return join(" ", [*_named(constraint.constraint), *words])


def reference(key: ForeignKey) -> Sql:
    """REFERENCES with all that follows."""
    words = [sql("REFERENCES {parent}", parent=Name(key.parent))]
    if key.parent_columns:
        words.append(sql("({columns})", columns=names(key.parent_columns)))
    if key.on_delete:
        words.append(sql("ON DELETE {action}", action=raw(key.on_delete)))
    if key.on_update:
        words.append(sql("ON UPDATE {action}", action=raw(key.on_update)))
    if key.match:
        words.append(sql("MATCH {match}", match=Name(key.match)))
    if key.deferral:
        words.append(raw(key.deferral))
    return join(" ", words)


def renaming(statement: Sql) -> list[Action]:
    """ALTER TABLE … RENAME, with which SQLite rewrites views, triggers and foreign keys of others as well: what our
    sessions switch off, since a rebuild must not do so (https://sqlite.org/pragma.html#pragma_legacy_alter_table).
    """
    return [
        Action(sql("PRAGMA legacy_alter_table = OFF")),
        Action(statement),
        Action(sql("PRAGMA legacy_alter_table = ON")),
    ]


def named_column_constraint(constraint: Check | ForeignKey) -> Sql:
    """A constraint as it stands with a column that ALTER TABLE adds."""
    text = reference(constraint) if isinstance(constraint, ForeignKey) else table_constraint_body(constraint)
    return join(" ", [*_named(constraint.constraint), text])


def table_constraint_body(check: Check) -> Sql:
    """CHECK without its name."""
    return sql("CHECK ({text})", text=raw(check.expression))


def parts(those: Iterable[Part]) -> Sql:
    """The places of a key or an index."""
    return join(", ", [_part(part) for part in those])


def _part(part: Part) -> Sql:
    words: list[Sql | Name] = [Name(part.column) if part.column else raw(part.expression)]
    if part.collation:
        words.append(sql("COLLATE {name}", name=Name(part.collation)))
    if part.desc:
        words.append(raw("DESC"))
    return join(" ", words)


def _named(constraint: str) -> Sequence[Sql]:
    return [sql("CONSTRAINT {name}", name=Name(constraint))] if constraint else []


def _conflict(word: str) -> list[Sql]:
    return [sql("ON CONFLICT {word}", word=raw(word))] if word else []


def is_literal(default: str) -> bool:
    """Whether a default needs no parentheses: a signed literal, or one word."""
    tokens = tokenise(default)
    if len(tokens) == 2 and tokens[0].text in ("-", "+"):
        return tokens[1].sort == "number"
    return len(tokens) == 1 and tokens[0].sort in ("string", "number", "blob", "word", "quoted")


def is_constant(default: str) -> bool:
    """Whether SQLite can give rows that exist this default by itself (https://sqlite.org/lang_altertable.html)."""
    return is_literal(default) and default not in _NOW
