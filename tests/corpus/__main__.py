"""The command line of the corpus run; see the package."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.queues import Queue
from pathlib import Path

import msgspec

from tests.corpus import units
from tests.corpus.results import WRONG, Outcome, Result, notable, table
from tests.corpus.units import Unit
from tests.corpus.work import begin, run_one
from tests.corpus.workshop import cleaned
from tests.servers import Installation, ServerPool, find_installations


def main(arguments: Sequence[str]) -> int:
    """Run the corpus and print how it ended. Returns 1 where a result was wrong without an error, else 0."""
    options = _options(arguments)
    todo = list(_units(options))
    if not todo:
        print("corpus: not here, 0 cases")
        return 0
    installations = find_installations()
    if any(unit.engine == "postgres" for unit in todo):
        if not installations:
            print("corpus: no PostgreSQL was found", file=sys.stderr)
            return 1
        print(f"corpus: PostgreSQL {installations[0]}", flush=True)
    started = time.perf_counter()
    results = []
    with ServerPool.owned() as pool, options.out.open("w") as out, cleaned(installations):
        for result in _run(todo, pool.directory, installations, options.jobs):
            results.append(result)
            out.write(msgspec.json.encode(result).decode() + "\n")
            if sys.stderr.isatty():
                print(f"\r{len(results)}/{len(todo)}", end="", file=sys.stderr, flush=True)
    print(notable(results))
    print(table(results))
    wrong = sum(result.outcome in WRONG for result in results)
    equal = sum(result.outcome is Outcome.EQUAL for result in results)
    seconds = time.perf_counter() - started
    print(f"corpus: {len(results)} ways, {equal} equal, {wrong} wrong without an error, in {seconds:.0f} s")
    return 1 if wrong else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    parser.add_argument("--corpus", type=Path, help="folder of the cases")
    parser.add_argument("--histories", type=Path, help="folder of the histories")
    parser.add_argument("--engine", choices=units.ENGINES, action="append", help="only this engine")
    parser.add_argument("--only", default="", help="only units whose suite/name contains this")
    parser.add_argument("--tenth", action="store_true", help="only a fixed tenth of the histories' pairs")
    parser.add_argument("--jobs", type=int, default=2, help="processes, 2 by default")
    parser.add_argument("--out", type=Path, default=Path(os.devnull), help="file for the results as JSON lines")
    return parser.parse_args(arguments)


def _units(options: argparse.Namespace) -> Iterator[Unit]:
    for engine in options.engine or units.ENGINES:
        found: list[Unit] = []
        if options.corpus is not None:
            found += units.cases(options.corpus, engine)
        if options.histories is not None:
            found += units.pairs(options.histories, engine, tenth=options.tenth)
        yield from (unit for unit in found if options.only in f"{unit.suite}/{unit.name}")


def _run(todo: list[Unit], directory: Path, installations: list[Installation], jobs: int) -> Iterator[Result]:
    """The results, in the order of the units."""
    context = multiprocessing.get_context("spawn")
    numbers: Queue[int] = context.Queue()
    for number in range(jobs):
        numbers.put(number)
    with ProcessPoolExecutor(
        jobs, mp_context=context, initializer=begin, initargs=(numbers, directory, installations)
    ) as executor:
        yield from executor.map(run_one, todo)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
