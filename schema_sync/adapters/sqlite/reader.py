"""Walks over the tokens of a CREATE statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from schema_sync.adapters.sqlite.tokens import Token, closing, split, tokenise


class Reader:
    """Walks over tokens."""

    __slots__ = ("_words", "at", "tokens")

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        # As far behind the end as anyone peeks.
        self._words = (*[token.upper for token in tokens], "", "")

    def peek(self, ahead: Literal[0, 1] = 0) -> str:
        """The word there in capitals, or the text of what is no word; empty at the end."""
        return self._words[self.at + ahead]

    def take(self) -> Token:
        """The next token.

        Raises:
            ValueError: there is none.
        """
        at = self.at
        if at >= len(self.tokens):
            raise ValueError("the text ends too early")
        self.at = at + 1
        return self.tokens[at]

    def skip(self, *words: str) -> bool:
        """Whether these words come next; if so, they are passed."""
        end = self.at + len(words)
        if self._words[self.at : end] != words:
            return False
        self.at = end
        return True

    def expect(self, *words: str) -> None:
        """Pass these words.

        Raises:
            ValueError: something else comes next.
        """
        if not self.skip(*words):
            raise ValueError(f"{' '.join(words)} was expected before {self.peek()!r}")

    def group(self) -> Sequence[Token]:
        """The tokens of the parenthesis that opens here, which is passed."""
        if self.peek() != "(":
            raise ValueError(f"a parenthesis was expected before {self.peek()!r}")
        end = closing(self.tokens, self.at)
        inner = self.tokens[self.at + 1 : end]
        self.at = end + 1
        return inner

    def parts(self) -> list[Sequence[Token]]:
        """What the commas separate in the parenthesis that opens here, which is passed."""
        return split(self.group())

    def rest(self) -> Sequence[Token]:
        """All that is left."""
        return self.tokens[self.at :]


def header(sql: str, *words: str) -> Reader:
    """A reader behind `CREATE [UNIQUE] <words> [IF NOT EXISTS] [schema.]name`."""
    reader = Reader(tokenise(sql))
    reader.expect("CREATE")
    reader.skip("UNIQUE")
    reader.expect(*words)
    reader.skip("IF", "NOT", "EXISTS")
    reader.take()
    if reader.skip("."):
        reader.take()
    return reader
