"""What a query has answered. Apart from the connection, so that planning loads no driver."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple


class Table(NamedTuple):
    """The rows of a query as plain tuples, of which few may ever be looked at by name."""

    rows: list[tuple[Any, ...]]
    columns: tuple[str, ...]
    oids: tuple[int, ...]
    """Where the columns of type oid and oid[] are."""

    def of(self, rows: list[tuple[Any, ...]]) -> Table:
        """A part of the rows."""
        return self._replace(rows=rows)

    def named(self) -> Iterator[Any]:
        """The rows as named tuples."""
        return map(_maker(self.columns), self.rows)


@cache
def _maker(columns: tuple[str, ...]) -> Callable[[Iterable[Any]], Any]:
    made: Any = namedtuple("Row", columns)  # type: ignore[misc]  # its fields are those of one of our own queries
    return made._make
