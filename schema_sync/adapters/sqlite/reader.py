"""Walks over the tokens of a CREATE statement."""

from __future__ import annotations

from collections.abc import Sequence

from schema_sync.adapters.sqlite.tokens import Token, closing, tokenise


class Reader:
    """Walks over tokens."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self.at >= len(self.tokens)

    def peek(self, ahead: int = 0) -> str:
        """The word there in capitals, or the text of what is no word; empty at the end."""
        if self.at + ahead >= len(self.tokens):
            return ""
        token = self.tokens[self.at + ahead]
        return token.upper or token.text

    def take(self) -> Token:
        """The next token.

        Raises:
            ValueError: there is none.
        """
        if self.is_done:
            raise ValueError("the text ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def skip(self, *words: str) -> bool:
        """Whether these words come next; if so, they are passed."""
        if all(self.peek(n) == word for n, word in enumerate(words)):
            self.at += len(words)
            return True
        return False

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

    def rest(self) -> Sequence[Token]:
        """All that is left."""
        return self.tokens[self.at :]


def header(sql: str, *words: str) -> Reader:
    """A reader behind `CREATE [TEMP] <words> [IF NOT EXISTS] [schema.]name`."""
    reader = Reader(tokenise(sql))
    reader.expect("CREATE", *words)
    reader.skip("IF", "NOT", "EXISTS")
    reader.take()
    if reader.skip("."):
        reader.take()
    return reader
