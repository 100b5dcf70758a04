"""Runs all benches, or those whose names are given: `python -m tests.bench store`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from tests.bench import Figure


def main(names: Sequence[str]) -> int:
    """Print every figure as it comes. Returns 1 where a bar was missed, 2 where a name is unknown, else 0."""
    met = True
    benches = {path.stem.removeprefix("bench_"): path for path in sorted(Path(__file__).parent.glob("bench_*.py"))}
    if unknown := sorted(set(names) - set(benches)):
        print(f"no bench is called {', '.join(unknown)}; there are {', '.join(benches)}", file=sys.stderr)
        return 2
    for name, path in benches.items():
        if names and name not in names:
            continue
        print(f"# {name}", flush=True)
        figures: Sequence[Figure] = import_module(f"tests.bench.{path.stem}").bench()
        for figure in figures:
            print(figure, flush=True)
            met = met and figure.is_met
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
