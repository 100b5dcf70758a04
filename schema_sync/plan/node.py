"""What a plan is ordered of: actions, and what each of them waits for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from schema_sync.adapters.kind import Action
from schema_sync.model.ident import Ident

Rank = tuple[int, int, str, int, str, int]


@dataclass(eq=False)
class Node:
    """One action on its way into the plan."""

    ident: Ident
    word: str
    """`create`, `drop`, `alter` or `rebuild`."""
    action: Action
    rank: Rank
    """Decides between nodes that wait for nothing any more."""
    chain: object = field(default_factory=object)
    """What all the steps have in common that one rule has answered with."""
    step: int = 0
    """The place among them."""
    waits: set[Node] = field(default_factory=set)
    prefers: set[Node] = field(default_factory=set)

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among those that share a statement with it in any order."""
        return self.rank[1], self.rank[3]

    def wait(self, others: Iterable[Node], *, soft: bool = False) -> None:
        """Run after the others; never after itself, nor after a later step of the same object's own."""
        (self.prefers if soft else self.waits).update(other for other in others if not self._leads(other))

    def _leads(self, other: Node) -> bool:
        """Whether the other is this one or follows it in the chain that one rule has answered with."""
        return other.chain is self.chain and other.step >= self.step
