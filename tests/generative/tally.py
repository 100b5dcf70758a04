"""Counts what a run has changed, by kinds and their fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from schema_sync.adapters.postgres.objects import VOCABULARY
from schema_sync.model.change import Added, Change, Removed, Renamed
from tests.generative.judge import Judged

ENOUGH = 50
"""How often a long run has to come upon each kind."""


@dataclass
class Tally:
    """What the steps of a run have changed."""

    steps: int = 0
    converged: int = 0
    without_rows: int = 0
    """The steps that the target took only once there were no rows."""
    sifted: int = 0
    """The things that the server did not take."""
    refused: Counter[str] = field(default_factory=Counter)
    changes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(kind, `created`, `dropped`, `renamed` or a field) -> how often."""

    def add(self, judged: Judged) -> None:
        """Count what one pair of schemas has brought."""
        self.sifted += judged.sifted
        self.without_rows += len(judged.emptied)
        for way, found in judged.diffs.items():
            self.steps += 1
            if way in judged.refused:
                self.refused[judged.refused[way].split(":")[-1][-60:]] += 1
                continue
            self.converged += 1
            for change in found:
                self.changes.update((change.ident.kind, what) for what in _named(change))

    def of(self, kind: str) -> int:
        """How often a kind was created, dropped or changed."""
        return sum(count for (each, _), count in self.changes.items() if each == kind)

    def rare(self) -> list[str]:
        """The kinds that did not occur often enough."""
        return [kind for kind in VOCABULARY if self.of(kind) < ENOUGH]

    def lines(self) -> Iterator[str]:
        """All of it, for people: a kind to a line."""
        for kind, struct in VOCABULARY.items():
            told = [f"{what} {self.changes[kind, what]}" for what in ("created", "dropped", "renamed")]
            fields: Sequence[str] = [each for each in struct.__struct_fields__ if each != "ident"]
            told += [f"{each} {self.changes[kind, each]}" for each in fields]
            yield f"{self.of(kind):6} {kind}: {', '.join(told)}"
        for why, count in self.refused.most_common():
            yield f"{count:6} refused: … {why}"
        yield f"{self.without_rows:6} steps were taken again without rows, which the target did not take"
        yield f"{self.sifted:6} things were not taken by the server, and left out"
        yield f"{self.steps:6} steps, of which {self.converged} converged"


def _named(change: Change) -> Iterator[str]:
    if isinstance(change, Added):
        yield "created"
    elif isinstance(change, Removed):
        yield "dropped"
    else:
        if isinstance(change, Renamed):
            yield "renamed"
        yield from (each.field for each in change.fields)
