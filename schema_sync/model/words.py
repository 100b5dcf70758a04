"""SQL text as words: what an engine's tokeniser tells those who know no engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Word(NamedTuple):
    """A token of SQL text."""

    text: str
    name: str | None
    """The identifier that it spells, unquoted and folded; `None` for what is none."""


Words = Callable[[str], Sequence[Word]]
"""An engine's tokeniser: SQL text -> its tokens, without white space and comments."""
