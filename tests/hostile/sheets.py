"""Sheets: scripts with places for names and texts, in SQL of one engine.

========================  ============================================================================================
`@name@`, `@name:x@`      the name itself as an identifier; with a suffix
`@front:x@`               the name as an identifier, with something before it
`@text@`, `@text:x@`      a text as a constant, another one for each word and each state
`@name-text@`             the name itself as a constant
`@label@`, `@label:x@`    a name as a constant; with a suffix, another one for each state
`@body@`                  a text as a constant that also uses the name as an identifier
`@regclass@`              the name as an identifier in a constant
`@composite@`             a text as a composite value of one column, in a constant
`@role@`, `@role:x@`      the name of a role
`@tenant@`                the schema's own name
`@tablespace@`            the name of a tablespace
========================  ============================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.names import name, text

FOLDER = Path(__file__).parent
_PLACE = re.compile(r"@(?P<what>[a-z-]+)(?::(?P<word>[a-z0-9-]+))?@")


def sheets(engine: str) -> list[Path]:
    """The sheets of an engine, sorted."""
    return [path for path in sorted((FOLDER / engine).glob("*.sql")) if not path.stem.endswith(".database")]


def identifier(found: str) -> str:
    """A quoted identifier."""
    return '"' + found.replace('"', '""') + '"'


def literal(found: str) -> str:
    """A constant, in a server with standard_conforming_strings."""
    return "'" + found.replace("'", "''") + "'"


@dataclass(frozen=True)
class Filling:
    """What a sheet is filled with."""

    stem: str
    """The hostile name."""
    tenant: str
    """What the schema is called."""
    state: str = "one"
    """Texts differ from state to state, names do not."""

    def fill(self, sheet: Path) -> str:
        """The script."""
        return _PLACE.sub(self._filled, sheet.read_text())

    def role(self, word: str = "") -> str:
        """The name of a role."""
        return name(self.stem, word)

    def _filled(self, match: re.Match[str]) -> str:
        word = match["word"] or ""
        filled: dict[str, Callable[[], str]] = {
            "name": lambda: identifier(name(self.stem, word)),
            "front": lambda: identifier(name(word + self.stem)),
            "text": lambda: literal(text(self.stem, f"{self.state} {word}")),
            "name-text": lambda: literal(self.stem),
            "label": lambda: literal(name(self.stem, self.state + word if word else "")),
            "body": lambda: literal(f"{identifier(self.stem)}.x {text(self.stem, self.state)}"),
            "regclass": lambda: literal(identifier(self.stem)),
            "composite": lambda: literal(_composite(text(self.stem, self.state))),
            "role": lambda: identifier(self.role(word)),
            "tablespace": lambda: identifier(self.role()),
            "tenant": lambda: identifier(self.tenant),
        }
        return filled[match["what"]]()


def _composite(value: str) -> str:
    return '("' + value.replace("\\", "\\\\").replace('"', '""') + '")'
