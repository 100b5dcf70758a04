"""How a sequence counts, be it one of its own or an identity column's: read from pg_sequence, written as its options.

What the type and the direction give by themselves is `None` (manual: CREATE SEQUENCE, `minvalue` and `start`).
"""

from __future__ import annotations

from typing import Any, Final, Protocol

from schema_sync.adapters.postgres.cell import Row
from schema_sync.adapters.sql import Sql, join, raw

LARGEST: Final = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}
"""The types that a sequence can have, and the largest value of each."""


class Counting(Protocol):
    """The fields of an object that counts."""

    @property
    def start(self) -> int | None:
        """The first value; `None` for the first within the bounds."""
        ...

    @property
    def increment(self) -> int:
        """The step; below zero it counts downwards."""
        ...

    @property
    def minimum(self) -> int | None:
        """The lower bound; `None` for 1, or for the type's smallest value downwards."""
        ...

    @property
    def maximum(self) -> int | None:
        """The upper bound; `None` for the type's largest value, or for -1 downwards."""
        ...

    @property
    def cache(self) -> int:
        """How many values a session takes at once."""
        ...

    @property
    def cycle(self) -> bool:
        """Whether it begins again at its end."""
        ...


_LONGEST: Final = 63
"""The bytes that an identifier can have (NAMEDATALEN)."""


def sequence_name(table: str, column: str) -> str:
    """What the server calls the sequence of an identity, if that is free: `orders_id_seq` (makeObjectName)."""
    names = [table.encode(), column.encode()]
    lengths = [len(name) for name in names]
    while sum(lengths) > _LONGEST - len("__seq"):
        lengths[0 if lengths[0] > lengths[1] else 1] -= 1
    cut = [name[:length].decode(errors="ignore") for name, length in zip(names, lengths, strict=True)]
    return f"{cut[0]}_{cut[1]}_seq"


def fields(row: Row, type_: str) -> dict[str, Any]:
    """The fields out of the columns of pg_sequence, named like them without their prefix."""
    minimum, maximum = _bounds(type_, row.increment)
    first = row.minimum if row.increment > 0 else row.maximum
    return {
        "start": None if row.start == first else row.start,
        "increment": row.increment,
        "minimum": None if row.minimum == minimum else row.minimum,
        "maximum": None if row.maximum == maximum else row.maximum,
        "cache": row.cache,
        "cycle": row.cycle,
    }


def _bounds(type_: str, increment: int) -> tuple[int, int]:
    largest = LARGEST[type_]
    return (1, largest) if increment > 0 else (-largest - 1, -1)


def options(counting: Counting) -> Sql:
    """The options that are not what the type gives: for a sequence that is made. May be empty."""
    found = []
    if counting.increment != 1:
        found.append(f"INCREMENT BY {counting.increment}")
    if counting.minimum is not None:
        found.append(f"MINVALUE {counting.minimum}")
    if counting.maximum is not None:
        found.append(f"MAXVALUE {counting.maximum}")
    if counting.start is not None:
        found.append(f"START WITH {counting.start}")
    if counting.cache != 1:
        found.append(f"CACHE {counting.cache}")
    if counting.cycle:
        found.append("CYCLE")
    return join(" ", [raw(option) for option in found])


def changes(old: Counting, old_type: str, new: Counting, new_type: str) -> list[Sql]:
    """The options that differ, for a sequence that is changed; all of them where it turns around.

    What is left out stays as it is, but for a bound that was the old type's own: it becomes the new type's.
    """
    before = [] if (old.increment > 0) != (new.increment > 0) else _all(old, old_type)
    return [raw(option) for option in _all(new, new_type) if option not in before]


def _all(counting: Counting, type_: str) -> list[str]:
    minimum, maximum = _bounds(type_, counting.increment)
    first = (counting.minimum, minimum) if counting.increment > 0 else (counting.maximum, maximum)
    start = next(value for value in (counting.start, *first) if value is not None)
    return [
        f"INCREMENT BY {counting.increment}",
        "NO MINVALUE" if counting.minimum is None else f"MINVALUE {counting.minimum}",
        "NO MAXVALUE" if counting.maximum is None else f"MAXVALUE {counting.maximum}",
        f"START WITH {start}",
        f"CACHE {counting.cache}",
        "CYCLE" if counting.cycle else "NO CYCLE",
    ]
