"""The command line of the generative run; see the package."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from random import Random

from tests.generative.draw import Drawer
from tests.generative.ground import Ground
from tests.generative.judge import Failed, judge
from tests.generative.model import Recipe
from tests.generative.recipes import RECIPES
from tests.generative.reduce import reduced
from tests.generative.tally import Tally
from tests.servers import ServerPool, client_binary, find_installations

_FOCUS = 3
"""How many things of one kind a pair of schemas is about."""

_AGAIN = ("namespace", "publication_member", "published_schema", "published_schema")
"""Kinds that get further turns: a tenant has one of them at most, or their recipes seldom differ."""


def main(arguments: Sequence[str]) -> int:
    """Take steps and print what they changed. Returns 1 where one failed, or where a kind hardly occurred."""
    options = _options(arguments)
    installations = [one for one in find_installations() if options.major in (None, one.major)]
    if not installations:
        print("generative: no PostgreSQL was found", file=sys.stderr)
        return 1
    print(f"generative: PostgreSQL {installations[0]}", flush=True)
    dumps = client_binary("pg_dump", installations[0].major, find_installations())
    assert dumps is not None
    with ServerPool.owned() as pool, closing(Ground(pool.server(installations[0]), dumps)) as ground:
        tally, failures = _run(ground, options)
    print("\n".join(tally.lines()))
    for signature, (count, failed) in failures.items():
        print(f"\nFAILED {count} times: {signature}\n{failed}")
    rare = tally.rare() if options.only is None else []
    print(f"generative: {len(failures)} failures" + (f", hardly met: {', '.join(rare)}" if rare else ""))
    return 1 if failures or rare else 0


def _run(ground: Ground, options: argparse.Namespace) -> tuple[Tally, dict[str, tuple[int, Failed]]]:
    """Take the steps, a focus after the other."""
    tally, failures, started = Tally(), dict[str, tuple[int, Failed]](), time.perf_counter()
    focuses: dict[str, list[Recipe]] = {}
    for recipe in RECIPES.values():
        if options.only in (None, recipe.name, recipe.kind):
            focuses.setdefault(recipe.kind, []).append(recipe)
    kinds = sorted(focuses) + [kind for kind in _AGAIN if kind in focuses]
    for number in range(options.first, options.first + options.steps // 2):
        if time.perf_counter() - started > 60 * options.minutes:
            print(f"generative: out of time before number {number}", flush=True)
            break
        if number > options.first and not number % 50:
            print(f"before number {number}: {tally.steps} steps, {len(failures)} failures", flush=True)
        random = Random(f"{options.seed}/{number}")
        turn, kind = divmod(number, len(kinds))
        sorts = focuses[kinds[kind]]
        focus = [sorts[(turn + more) % len(sorts)] for more in range(_FOCUS)]
        old, new = Drawer(random, RECIPES).pair(focus, further=options.further, changes=options.changes)
        rows = random.random() < 0.5
        try:
            tally.add(judge(ground, old, new, rows=rows))
        except Failed as failed:
            count, first = failures.get(failed.signature, (0, None))
            if first is None:
                print(f"number {number} failed: {failed.why}", flush=True)
                first = failed if options.whole else reduced(ground, old, new, rows, failed)
                if not options.whole:
                    print(f"number {number}: {first}", flush=True)
            failures[failed.signature] = (count + 1, first)
    seconds = time.perf_counter() - started
    print(f"{tally.steps} steps in {seconds:.0f} s, {seconds / max(1, tally.steps):.2f} s a step", flush=True)
    return tally, failures


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.generative", description=__doc__)
    parser.add_argument("--steps", type=int, default=2000, help="how many, 2000 by default; a pair of schemas has two")
    parser.add_argument("--first", type=int, default=0, help="the number of the first pair")
    parser.add_argument("--seed", default="", help="what the pairs are drawn by")
    parser.add_argument("--only", help="only pairs about this recipe or kind")
    parser.add_argument("--further", type=int, default=10, help="how many things more a schema has at most")
    parser.add_argument("--changes", type=int, default=8, help="how many further changes there are at most")
    parser.add_argument("--whole", action="store_true", help="show failing pairs as they were drawn, which is faster")
    parser.add_argument("--minutes", type=float, default=600, help="how long it may take at most")
    parser.add_argument("--major", type=int, help="the major version of the server")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
