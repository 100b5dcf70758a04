"""Made-up rows: what to try for the columns of a table until the database accepts it. Pure; engines run the tries.

Nothing is understood here of a constraint. What stands in constraints as a constant is among the values that are
tried, so that the usual ones (a list of words, a limit) can be met; a table whose rows nobody can guess stays empty.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from schema_sync.adapters.sql import Literal, Name, Sql, join, names, raw, sql

ROWS: Final = 3
"""How many rows each table shall have."""

ATTEMPTS: Final = 24
"""How many different rows are tried for each."""

_STRING = re.compile(r"'((?:[^']|'')*)'")
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")


@dataclass(frozen=True)
class Column:
    """A column, and what may be put into it."""

    name: str
    values: tuple[Sql | Literal, ...]
    """Expressions to try; none for what the database fills in itself."""
    is_required: bool
    """Whether a row needs a value: NOT NULL, and no default."""


def constants(definition: str) -> list[str]:
    """The constants in a constraint's text, each number with its neighbours, in the order in which they stand."""
    strings = [word.replace("''", "'") for word in _STRING.findall(definition)]
    found = dict.fromkeys(strings)
    for number in _NUMBER.findall(_STRING.sub("", definition)):
        if "." in number:
            found[number] = None
        else:
            found |= dict.fromkeys(str(int(number) + step) for step in (0, 1, -1))
    return list(found)


def referred(table: Sql, column: str, key: Sequence[str], nth: int) -> tuple[Sql, ...]:
    """The value of a column in the nth row of another table, and in the first one."""
    select = "(SELECT {column} FROM {table} ORDER BY {key} LIMIT 1 OFFSET {nth})"
    return tuple(
        sql(select, column=Name(column), table=table, key=names(key), nth=raw(str(offset)))
        for offset in dict.fromkeys((nth, 0))
    )


def inserts(table: Sql, columns: Sequence[Column], nth: int) -> Iterator[Sql]:
    """INSERTs to try for the nth row, the fullest first; the same at every call."""
    able = [column for column in columns if column.values]
    yield _insert(table, [(column, column.values[nth % len(column.values)]) for column in able])
    yield _insert(table, [(one, one.values[nth % len(one.values)]) for one in able if one.is_required])
    chance = random.Random(nth)
    for attempt in range(ATTEMPTS):
        chosen = [column for column in able if attempt % 2 == 0 or column.is_required]
        yield _insert(table, [(column, chance.choice(column.values)) for column in chosen])


def _insert(table: Sql, pairs: Sequence[tuple[Column, Sql | Literal]]) -> Sql:
    if not pairs:
        return sql("INSERT INTO {table} DEFAULT VALUES", table=table)
    return sql(
        "INSERT INTO {table} ({columns}) VALUES ({values})",
        table=table,
        columns=names(column.name for column, _ in pairs),
        values=join(", ", [value for _, value in pairs]),
    )
