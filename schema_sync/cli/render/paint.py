"""Colours and short forms that all text reports share. Colours are taken out again where no terminal reads them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

import click

from schema_sync.cli.escape import terminal

MARKS: Final = {"add": "+", "remove": "-", "alter": "~", "rename": ">"}
_COLOURS: Final = {"+": "green", "-": "red", "~": "yellow", ">": "cyan"}


def good(text: str) -> str:
    """Green."""
    return click.style(text, fg="green")


def bad(text: str) -> str:
    """Red."""
    return click.style(text, fg="red")


def warn(text: str) -> str:
    """Yellow."""
    return click.style(text, fg="yellow")


def strong(text: str) -> str:
    """Bold."""
    return click.style(text, bold=True)


def faint(text: str) -> str:
    """Dim."""
    return click.style(text, dim=True)


def marked(mark: str, text: str) -> str:
    """A line in the colour of its mark: `+`, `-`, `~`, `>`."""
    return click.style(f"{mark} {text}", fg=_COLOURS[mark])


def short(fingerprint: str | None) -> str:
    """The beginning of an id, as Git shows one."""
    return terminal(fingerprint[:10]) if fingerprint else "-"


def words(name: str) -> str:
    """`foreign_key` as people read it."""
    return name.replace("_", " ")


def value(data: Any) -> str:
    """A field's value on one line, harmless: text bare, lists in parentheses, flags of a part by their names."""
    match data:
        case None:
            return "(none)"
        case str():
            return terminal(data) if data else '""'
        case list() | tuple():
            return f"({', '.join(map(value, data))})"
        case dict():
            return " ".join(_part(key, each, first=n == 0) for n, (key, each) in enumerate(data.items()))
        case _:
            return terminal(json.dumps(data, ensure_ascii=False))


def _part(key: str, data: Any, *, first: bool) -> str:
    if data is True:
        return words(key)
    return value(data) if first else f"{words(key)} {value(data)}"


def fact(name: str, data: Any) -> str:
    """A field and its value: `type: text`; a flag is its name, or `not` and its name."""
    if isinstance(data, bool):
        return words(name) if data else f"not {words(name)}"
    return f"{words(name)}: {value(data)}"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """`1 tenant`, `3 tenants`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def names(those: Sequence[str], limit: int | None = 6) -> str:
    """Tenants' names, harmless; beyond the limit how many more there are."""
    shown = [terminal(name) for name in (those if limit is None else those[:limit])]
    rest = len(those) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def table(rows: Iterable[Sequence[str]], heads: Sequence[str] = ()) -> str:
    """Columns aligned by what is seen of their cells; cells are harmless already and may be coloured."""
    cells = [[click.style(head, dim=True) for head in heads], *rows] if heads else list(rows)
    seen = [[len(click.unstyle(cell)) for cell in row] for row in cells]
    widths = [max(column) for column in zip(*seen, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - length) for cell, width, length in zip(row, widths, lengths, strict=True)
        ).rstrip()
        for row, lengths in zip(cells, seen, strict=True)
    )
