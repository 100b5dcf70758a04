"""CREATE statements, as sqlite_schema keeps them -> their parts.

SQLite has accepted each of them, so this reads and does not judge: what it cannot follow is a ValueError, and the
object is reported as not modelled. Grammar: https://sqlite.org/lang_createtable.html and its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from schema_sync.adapters.sqlite.objects import Part
from schema_sync.adapters.sqlite.reader import Reader, header
from schema_sync.adapters.sqlite.text import BUILT_IN_COLLATIONS, Scope, collation, literal, render, table_scope
from schema_sync.adapters.sqlite.tokens import RESERVED, SOFT, Token, bare, capitals, folded, keywords, quote, split

_BEHIND_TYPE = keywords("( CONSTRAINT PRIMARY NOT NULL UNIQUE CHECK DEFAULT COLLATE REFERENCES AS DEFERRABLE")
_NOT_CALLED = RESERVED | keywords("CAST FILTER OVER RAISE")
_TABLE_CONSTRAINTS = keywords("CONSTRAINT PRIMARY UNIQUE CHECK FOREIGN")


class Key(NamedTuple):
    """PRIMARY KEY or UNIQUE."""

    parts: tuple[Part, ...]
    conflict: str
    constraint: str
    of_column: bool
    """Whether it stands with its column."""


class CheckText(NamedTuple):
    """CHECK."""

    expression: str
    constraint: str
    words: frozenset[str]
    """The columns that it uses, in lower case."""


class Reference(NamedTuple):
    """FOREIGN KEY or REFERENCES."""

    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    on_delete: str
    on_update: str
    match: str
    deferral: str
    constraint: str


@dataclass(slots=True)
class ColumnText:
    """A column, as written."""

    name: str
    type: str = ""
    not_null: bool = False
    not_null_conflict: str = ""
    not_null_constraint: str = ""
    default: str | None = None
    collation: str = ""
    generated: str | None = None
    stored: bool = False
    uses: frozenset[str] = frozenset()
    """The columns that a generated one is made from, in lower case."""


@dataclass(slots=True)
class TableText:
    """CREATE TABLE."""

    scope: Scope
    """Of the expressions of the table and its indexes."""
    columns: list[ColumnText] = field(default_factory=list)
    primary_key: Key | None = None
    uniques: list[Key] = field(default_factory=list)
    checks: list[CheckText] = field(default_factory=list)
    foreign_keys: list[Reference] = field(default_factory=list)
    autoincrement: bool = False
    without_rowid: bool = False
    spelled: dict[str, str] = field(default_factory=dict)
    """The columns' names: in lower case -> as spelled."""
    calls: frozenset[str] = frozenset()
    """The functions that it calls, as spelled."""
    collations: frozenset[str] = frozenset()
    """The collations that it names, but for SQLite's own."""


def parse_table(name: str, sql: str) -> TableText:
    """The parts of a CREATE TABLE.

    Raises:
        ValueError: it could not be followed.
    """
    reader = header(sql, "TABLE")
    inner = reader.group()
    items = split(inner)
    body = [item for item in items if item[0].upper not in _TABLE_CONSTRAINTS]
    scope = table_scope(name, [item[0].name for item in body])
    table = TableText(scope, calls=_calls(inner, 0), collations=_collations(inner))
    table.without_rowid = any(token.upper == "WITHOUT" for token in reader.rest())
    for item in items:
        if item[0].upper in _TABLE_CONSTRAINTS:
            _constraints(Reader(item), table, scope)
        else:
            _column(Reader(item), table, scope)
    table.spelled = {folded(column.name): column.name for column in table.columns}
    return table


def _column(reader: Reader, table: TableText, scope: Scope) -> None:
    column = ColumnText(reader.take().name)
    column.type = _type(reader)
    table.columns.append(column)
    constraint = ""
    while reader.peek():
        if reader.skip("CONSTRAINT"):
            constraint = reader.take().name
            continue
        if not _column_fact(reader, column, constraint, scope):
            _key_or_check(reader, table, scope, constraint, column.name)
        constraint = ""


def _type(reader: Reader) -> str:
    words: list[str] = []
    while (word := reader.peek()) and word not in _BEHIND_TYPE:
        if word == "GENERATED" and reader.peek(1) == "ALWAYS":
            break
        token = reader.take()
        words.append(word if word in SOFT else quote(capitals(token.name)))
    size = ""
    if words and reader.peek() == "(":
        size = "(" + ", ".join([_size(part) for part in reader.parts()]) + ")"
    return " ".join(words) + size


def _size(part: Sequence[Token]) -> str:
    return capitals("".join(token.text for token in part))


def _column_fact(reader: Reader, column: ColumnText, constraint: str, scope: Scope) -> bool:
    """Read what belongs to the column alone; whether there was such a thing."""
    match reader.peek():
        case "NOT" if reader.skip("NOT", "NULL"):
            column.not_null = True
            column.not_null_constraint = constraint
            column.not_null_conflict = _conflict(reader)
        case "NULL":
            reader.take()
            _conflict(reader)
        case "DEFAULT":
            reader.take()
            column.default = _default(reader)
        case "COLLATE":
            reader.take()
            column.collation = collation(reader.take())
        case "GENERATED" | "AS":
            reader.skip("GENERATED", "ALWAYS")
            reader.expect("AS")
            tokens = reader.group()
            column.generated = render(tokens, scope)
            column.uses = _uses(tokens, scope)
            column.stored = reader.skip("STORED")
            reader.skip("VIRTUAL")
        case _:
            return False
    return True


def _default(reader: Reader) -> str:
    if reader.peek() == "(":
        return render(reader.group(), _NO_COLUMNS)
    sign = reader.take().text if reader.peek() in ("-", "+") else ""
    token = reader.take()
    if token.upper in _LITERALS:
        return token.upper
    # A name here is a string, however it is quoted.
    return token.text if token.sort in ("word", "quoted") else sign + literal(token)


_LITERALS = keywords("NULL TRUE FALSE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP")
_NO_COLUMNS = Scope(meaning=lambda _at: "string")


def _constraints(reader: Reader, table: TableText, scope: Scope) -> None:
    """Table constraints: the comma between them may be missing."""
    constraint = ""
    while reader.peek():
        if reader.skip("CONSTRAINT"):
            constraint = reader.take().name
            continue
        _key_or_check(reader, table, scope, constraint, None)
        constraint = ""


def _key_or_check(reader: Reader, table: TableText, scope: Scope, constraint: str, column: str | None) -> None:
    match reader.peek():
        case "PRIMARY" if reader.skip("PRIMARY", "KEY"):
            table.primary_key = _key(reader, table, scope, constraint, column)
        case "UNIQUE":
            reader.take()
            table.uniques.append(_key(reader, table, scope, constraint, column))
        case "CHECK":
            reader.take()
            tokens = reader.group()
            _conflict(reader)
            table.checks.append(CheckText(render(tokens, scope), constraint, _uses(tokens, scope)))
        case "FOREIGN" if column is None and reader.skip("FOREIGN", "KEY"):
            columns = tuple(_spelled(part[0].name, scope) for part in reader.parts())
            reader.expect("REFERENCES")
            table.foreign_keys.append(_reference(reader, columns, constraint))
        case "REFERENCES" if column is not None:
            reader.take()
            table.foreign_keys.append(_reference(reader, (column,), constraint))
        case "DEFERRABLE" | "NOT" if column is not None:
            _deferral(reader)
        case word:
            raise ValueError(f"{word!r} was not expected in a constraint")


def _key(reader: Reader, table: TableText, scope: Scope, constraint: str, column: str | None) -> Key:
    if column is None:
        inner = reader.group()
        if inner and inner[-1].upper == "AUTOINCREMENT":
            table.autoincrement, inner = True, inner[:-1]
        parts = tuple(key_part(part, scope) for part in split(inner))
    else:
        desc = reader.skip("DESC")
        reader.skip("ASC")
        parts = (Part(column=column, desc=desc),)
    conflict = _conflict(reader)
    if reader.skip("AUTOINCREMENT"):
        table.autoincrement = True
    return Key(parts, conflict, constraint, column is not None)


def key_part(tokens: Sequence[Token], scope: Scope) -> Part:
    """A place of a key or an index: `column or expression [COLLATE x] [ASC|DESC]`."""
    desc = tokens[-1].upper == "DESC" and len(tokens) > 1
    if tokens[-1].upper in ("ASC", "DESC") and len(tokens) > 1:
        tokens = tokens[:-1]
    named = ""
    if len(tokens) > 2 and tokens[-2].upper == "COLLATE":
        named, tokens = collation(tokens[-1]), tokens[:-2]
    column = _only_column(tokens, scope)
    if column is not None:
        return Part(column=column, desc=desc, collation=named)
    return Part(expression=render(tokens, scope), desc=desc, collation=named)


def _only_column(tokens: Sequence[Token], scope: Scope) -> str | None:
    inner = bare(tokens)
    # A quoted name in a key is a column even where no column has that name: SQLite takes 'x' as well.
    if len(inner) == 1 and inner[0].sort in ("word", "quoted", "string"):
        return scope.columns.get(folded(inner[0].name))
    return None


def _conflict(reader: Reader) -> str:
    if not reader.skip("ON", "CONFLICT"):
        return ""
    return reader.take().upper


def _reference(reader: Reader, columns: tuple[str, ...], constraint: str) -> Reference:
    parent = reader.take().name
    parent_columns: tuple[str, ...] = ()
    if reader.peek() == "(":
        parent_columns = tuple(part[0].name for part in reader.parts())
    actions = {"DELETE": "", "UPDATE": ""}
    match, deferral = "", ""
    while reader.peek():
        if reader.peek() == "ON" and reader.peek(1) in ("DELETE", "UPDATE", "INSERT"):
            reader.take()
            event = reader.take().upper
            actions[event] = _action(reader)
        elif reader.skip("MATCH"):
            match = capitals(reader.take().name)
        elif reader.peek() == "DEFERRABLE" or (reader.peek() == "NOT" and reader.peek(1) == "DEFERRABLE"):
            deferral = _deferral(reader)
        else:
            break
    return Reference(columns, parent, parent_columns, actions["DELETE"], actions["UPDATE"], match, deferral, constraint)


def _action(reader: Reader) -> str:
    word = reader.take().upper
    if word in ("SET", "NO"):
        word = f"{word} {reader.take().upper}"
    return "" if word == "NO ACTION" else word


def _deferral(reader: Reader) -> str:
    words = ["NOT"] if reader.skip("NOT") else []
    reader.expect("DEFERRABLE")
    words.append("DEFERRABLE")
    if reader.skip("INITIALLY"):
        words += ["INITIALLY", reader.take().upper]
    return " ".join(words)


def _spelled(name: str, scope: Scope) -> str:
    return scope.columns.get(folded(name), name)


def _uses(tokens: Sequence[Token], scope: Scope) -> frozenset[str]:
    named = {folded(token.name) for token in tokens if token.sort in ("word", "quoted")}
    return frozenset(name for name in named if name in scope.columns)


def _calls(tokens: Sequence[Token], depth: int) -> frozenset[str]:
    """The functions that expressions call; outside of all parentheses at `depth` 0 there are none."""
    found = set()
    for at, token in enumerate(tokens):
        if token.text == "(":
            # What stands behind AS is the type of a CAST.
            if depth and at and _can_be_called(tokens[at - 1]) and (at == 1 or tokens[at - 2].upper != "AS"):
                found.add(tokens[at - 1].name)
            depth += 1
        elif token.text == ")":
            depth -= 1
    return frozenset(found)


def _can_be_called(token: Token) -> bool:
    return token.sort == "quoted" or (token.sort == "word" and token.upper not in _NOT_CALLED)


def _collations(tokens: Sequence[Token]) -> frozenset[str]:
    named = (token for last, token in pairwise(tokens) if last.upper == "COLLATE")
    return frozenset(token.name for token in named if capitals(token.name) not in BUILT_IN_COLLATIONS)


class IndexText(NamedTuple):
    """CREATE INDEX."""

    parts: tuple[Part, ...]
    where: str
    uses: frozenset[str]
    calls: frozenset[str]
    collations: frozenset[str]


def parse_index(scope: Scope, sql: str) -> IndexText:
    """The parts of a CREATE INDEX; the scope is its table's.

    Raises:
        ValueError: it could not be followed.
    """
    reader = header(sql, "INDEX")
    reader.expect("ON")
    reader.take()
    inner = reader.group()
    where = reader.rest() if reader.skip("WHERE") else []
    parts = tuple(key_part(part, scope) for part in split(inner))
    used = [*inner, *where]
    return IndexText(parts, render(where, scope), _uses(used, scope), _calls(used, 1), _collations(used))


class ViewText(NamedTuple):
    """CREATE VIEW."""

    columns: tuple[str, ...]
    body: tuple[Token, ...]


def parse_view(sql: str) -> ViewText:
    """The parts of a CREATE VIEW.

    Raises:
        ValueError: it could not be followed.
    """
    reader = header(sql, "VIEW")
    columns = tuple(part[0].name for part in reader.parts()) if reader.peek() == "(" else ()
    reader.expect("AS")
    return ViewText(columns, tuple(reader.rest()))


class TriggerText(NamedTuple):
    """CREATE TRIGGER."""

    timing: str
    event: str
    columns: tuple[str, ...]
    when: tuple[Token, ...]
    statements: tuple[tuple[Token, ...], ...]


def parse_trigger(sql: str) -> TriggerText:
    """The parts of a CREATE TRIGGER.

    Raises:
        ValueError: it could not be followed.
    """
    reader = header(sql, "TRIGGER")
    timing = "BEFORE"
    for words in (("BEFORE",), ("AFTER",), ("INSTEAD", "OF")):
        if reader.skip(*words):
            timing = " ".join(words)
    event = reader.take().upper
    columns: list[str] = []
    if reader.skip("OF"):
        columns = [reader.take().name]
        while reader.skip(","):
            columns.append(reader.take().name)
    reader.expect("ON")
    reader.take()
    if reader.skip("."):
        reader.take()
    reader.skip("FOR", "EACH", "ROW")
    when: Sequence[Token] = ()
    if reader.skip("WHEN"):
        start = reader.at
        while reader.peek() != "BEGIN":
            reader.take()
        when = reader.tokens[start : reader.at]
    reader.expect("BEGIN")
    body = reader.rest()
    while body and body[-1].text == ";":
        body = body[:-1]
    if not body or body[-1].upper != "END":
        raise ValueError("END was expected")
    statements = tuple(tuple(part) for part in split(body[:-1], ";") if part)
    return TriggerText(timing, event, tuple(columns), tuple(when), statements)


class VirtualTableText(NamedTuple):
    """CREATE VIRTUAL TABLE."""

    module: str
    arguments: tuple[str, ...]
    """In the module's own language."""


def parse_virtual_table(sql: str) -> VirtualTableText:
    """The parts of a CREATE VIRTUAL TABLE.

    Raises:
        ValueError: it could not be followed.
    """
    reader = header(sql, "VIRTUAL", "TABLE")
    reader.expect("USING")
    module = reader.take().name
    arguments = tuple(_argument(part) for part in reader.parts()) if reader.peek() else ()
    return VirtualTableText(module, arguments)


def _argument(part: Sequence[Token]) -> str:
    words: list[str] = []
    for token in part:
        if words and (token.text == "=" or words[-1] == "="):
            words.append(token.text)
        elif words and not (token.text in ("(", ")", ",", ".") or words[-1] in ("(", ".", "+")):
            words += [" ", token.text]
        else:
            words.append(token.text)
    return "".join(words)
