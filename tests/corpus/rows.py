"""Rows for SQLite states that come without any."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

ROWS = 3
"""How many each table gets."""


@dataclass(frozen=True)
class _Table:
    columns: dict[str, str]
    """Name -> declared type, both in small letters; generated columns are left out."""
    demanding: frozenset[str]
    """Columns that need a value in every row and give none by themselves."""
    parents: frozenset[str]
    """The tables that it refers to."""


def make_up_rows(path: Path, target: Path) -> None:
    """Put rows into every table that can keep them on the way to the schema of another file.

    Row n of any table has the same value in every column of a type, so that every foreign key between columns of one
    type finds its row.
    """
    with closing(sqlite3.connect(path)) as connection:
        tables = _tables(connection)
        with closing(sqlite3.connect(target)) as other:
            empty = _cannot_keep(tables, _tables(other))
        for name in tables.keys() - empty:
            columns = tables[name].columns
            listed = ", ".join(_quoted(column) for column in columns)
            places = ", ".join("?" * len(columns))
            rows = [[_made_up(kind, n) for kind in columns.values()] for n in range(1, ROWS + 1)]
            connection.executemany(f"INSERT INTO {_quoted(name)} ({listed}) VALUES ({places})", rows)
        connection.commit()


def _tables(connection: sqlite3.Connection) -> dict[str, _Table]:
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    found = {}
    for (name,) in connection.execute(query).fetchall():
        rows = connection.execute(
            'SELECT lower(name), lower(type), "notnull" AND dflt_value IS NULL, pk FROM pragma_table_info(?)', (name,)
        ).fetchall()
        parents = connection.execute('SELECT lower("table") FROM pragma_foreign_key_list(?)', (name,)).fetchall()
        found[name.lower()] = _Table(
            columns={column: kind for column, kind, _demands, _key in rows},
            demanding=frozenset(column for column, _kind, demands, key in rows if demands and not key),
            parents=frozenset(parent for (parent,) in parents) - {name.lower()},
        )
    return found


def _cannot_keep(old: dict[str, _Table], new: dict[str, _Table]) -> set[str]:
    """Tables whose rows would be refused: by a new column that demands a value, or for want of a row to refer to."""
    empty = {name for name in old.keys() & new.keys() if new[name].demanding - old[name].columns.keys()}
    while True:
        absent = empty | {name for name in new if name not in old}
        orphans = {
            name
            for name, table in old.items()
            if table.parents & empty
            or table.parents - old.keys()
            or (name in new and (new[name].parents & absent or new[name].parents - new.keys()))
        }
        if orphans <= empty:
            return empty
        empty |= orphans


def _made_up(kind: str, n: int) -> object:
    if "int" in kind or "bool" in kind:
        return n
    if "blob" in kind:
        return bytes([n])
    if "date" in kind or "time" in kind:
        return f"2020-01-0{n} 00:00:00"
    if any(word in kind for word in ("num", "dec", "real", "floa", "doub")):
        return n + 0.5
    return f"v{n}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
