"""Measurements, as ratios within one run: the machine's own speed cancels out.

Every module `bench_*.py` here has a `bench()` that measures and returns its figures; `python -m tests.bench` runs
them all, or those that are named.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measurement and the bar that it is held to."""

    name: str
    value: float
    bar: float | None = None
    """The most that it may be; `None` where it only informs."""
    unit: str = "x"
    """`x` for a ratio, `s` for seconds."""

    @property
    def is_met(self) -> bool:
        """Whether the bar is met."""
        return self.bar is None or self.value <= self.bar

    def __str__(self) -> str:
        bar = "" if self.bar is None else f"   at most {self.bar:g} {self.unit}{'' if self.is_met else '   MISSED'}"
        return f"{self.name:<72} {self.value:9.3f} {self.unit}{bar}"


def best(what: Callable[[], object], times: int = 5) -> float:
    """The shortest of several runs, in seconds: what others do on the machine only ever adds."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        what()
        found.append(time.perf_counter() - started)
    return min(found)
