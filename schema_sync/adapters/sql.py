"""SQL as a type: a quoted name and a literal are values of their own, and a bare string is not SQL.

::

    sql("ALTER TABLE {table} ADD COLUMN {column} {type}", table=Name("users"), column=Name("e-mail"), type=raw("text"))

Names and literals are quoted when the text is made, by the rules that all three engines share in the modes that our
sessions pin (standard_conforming_strings on PostgreSQL); an engine with a quote of its own renders with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import LiteralString

_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Name:
    """An identifier, quoted wherever it appears. Several parts are joined by dots."""

    parts: tuple[str, ...]

    def __init__(self, *parts: str) -> None:
        object.__setattr__(self, "parts", parts)


@dataclass(frozen=True)
class Literal:
    """A string constant, quoted wherever it appears."""

    value: str


@dataclass(frozen=True)
class Sql:
    """A piece of SQL: text that we wrote or that the server printed, with names and literals in it."""

    pieces: tuple[str | Name | Literal, ...]

    def text(self, quote: str = '"') -> str:
        """The text, with identifiers in `quote`s."""
        return "".join(_render(piece, quote) for piece in self.pieces)

    def __str__(self) -> str:
        return self.text()

    def __bool__(self) -> bool:
        return any(self.pieces)


Part = Sql | Name | Literal


def sql(template: LiteralString, **parts: Part) -> Sql:
    """SQL out of a constant template; `{name}` stands for a part. Everything else is kept to the letter."""
    pieces: list[str | Name | Literal] = []
    for n, piece in enumerate(_FIELD.split(template)):
        if n % 2:
            part = parts[piece]
            pieces += part.pieces if isinstance(part, Sql) else [part]
        elif piece:
            pieces.append(piece)
    return Sql(tuple(pieces))


def raw(text: str) -> Sql:
    """Text that the database itself printed (a type, an expression, a definition): SQL already."""
    return Sql((text,)) if text else Sql(())


def join(separator: LiteralString, parts: Iterable[Part]) -> Sql:
    """The parts, with a separator between them."""
    pieces: list[str | Name | Literal] = []
    for part in parts:
        if pieces:
            pieces.append(separator)
        pieces += part.pieces if isinstance(part, Sql) else [part]
    return Sql(tuple(pieces))


def names(those: Iterable[str]) -> Sql:
    """Identifiers, separated by commas."""
    return join(", ", [Name(name) for name in those])


def _render(piece: str | Name | Literal, quote: str) -> str:
    match piece:
        case Name(parts=parts):
            return ".".join(quote + part.replace(quote, quote * 2) + quote for part in parts)
        case Literal(value=value):
            return "'" + value.replace("'", "''") + "'"
        case _:
            return piece
