"""How the units of the corpus end, and the table that is printed of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec


class Outcome(StrEnum):
    """How a unit ended."""

    EQUAL = "equal"
    """Converged, and equal to the target in the oracle's eyes too; rows alive."""
    REFUSED = "refused"
    """Not done, with an error of exit code 3 that names what stands in the way; nothing was changed."""
    ROWS = "rows"
    """The rows that are there do not allow it, and the tenant was rolled back; without them it ends equal."""
    FAILED = "failed"
    """Not done, with another error; the tenant was rolled back."""
    UNEQUAL = "unequal"
    """Said to be done, and not equal to the target. There must be none."""
    LOST = "lost"
    """Converged, with rows or values lost on the way. There must be none."""
    SKIPPED = "skipped"
    """Not tried: a state does not load on this server."""


WRONG = (Outcome.UNEQUAL, Outcome.LOST)
"""Outcomes that no run may have: worse than any error is none."""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """How one unit ended."""

    engine: str
    suite: str
    name: str
    way: str
    """`forward` or `backward`."""
    outcome: Outcome
    detail: str = ""
    """The error, or what differs."""
    statements: int = 0
    seconds: float = 0.0

    @property
    def title(self) -> str:
        """The unit, for people."""
        return f"{self.engine}/{self.suite}/{self.name} {self.way}"


def table(results: Sequence[Result]) -> str:
    """Counts by engine, suite and way, the totals below, with the share of what ended equal."""
    groups: dict[tuple[str, str, str], Counter[Outcome]] = {}
    for result in sorted(results, key=lambda one: (one.engine, one.suite, one.way != "forward")):
        kind = "pairs" if result.suite.startswith("history") else "cases"
        for key in ((result.engine, result.suite, result.way), (f"all {result.engine}", kind, result.way)):
            groups.setdefault(key, Counter())[result.outcome] += 1
    ordered = sorted(groups.items(), key=lambda item: item[0][0].startswith("all "))
    head = f"{'engine':<13} {'suite':<22} {'way':<9}" + "".join(f"{outcome:>9}" for outcome in Outcome) + "   equal"
    lines = [head]
    for (engine, suite, way), counts in ordered:
        tried = counts.total() - counts[Outcome.SKIPPED]
        share = f"{counts[Outcome.EQUAL] / tried:8.1%}" if tried else f"{'-':>8}"
        numbers = "".join(f"{counts[outcome]:>9}" for outcome in Outcome)
        lines.append(f"{engine:<13} {suite:<22} {way:<9}{numbers}{share}")
    return "\n".join(lines)


def notable(results: Iterable[Result]) -> str:
    """One line for each reason why something did not end equal, with the units that it held, grouped by outcome."""
    reasons: dict[tuple[int, str], list[str]] = {}
    order = list(Outcome)
    for result in results:
        if result.outcome is not Outcome.EQUAL:
            reasons.setdefault((order.index(result.outcome), result.detail), []).append(result.title)
    return "\n".join(
        f"{order[outcome]:<8} {_some(titles)}: {detail}" for (outcome, detail), titles in sorted(reasons.items())
    )


def _some(titles: Sequence[str], most: int = 3) -> str:
    more = f" and {len(titles) - most} more" if len(titles) > most else ""
    return ", ".join(titles[:most]) + more
