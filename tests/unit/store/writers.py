"""Processes that write to one store, for the tests of concurrent and of killed writers.

`python -m tests.unit.store.writers many FOLDER NAME COUNT` makes commits. `… killed FOLDER STEP` makes one commit, one
of the fleet and one of the spellings, and kills itself just before the given step that changes something on the disk;
it exits with 0 where there are fewer.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from schema_sync.protocols import Observation
from schema_sync.store import open_store
from schema_sync.testing.store import files

STEPS = ("fsync", "rename", "replace", "link", "unlink", "open", "mkdir", "rmdir")


async def many(folder: Path, name: str, count: int) -> None:
    """Commit so many times, each time with a change of an object of its own."""
    async with open_store(folder) as store:
        for number in range(count):
            held = dict(await store.read(await store.resolve("main")))
            held |= files(**{name: str(number)})
            _, made = await store.commit("main", held, f"{name} {number}")
            assert made


async def once(folder: Path) -> None:
    """One commit, one record of the fleet and one spelling."""
    async with open_store(folder) as store:
        await store.commit("main", files(a="2", b="1"), "second", trailers={"Run-Id": ["r2"]})
        await store.record([Observation(key="db/acme", files=files(a="2", b="1"))], run="r2")
        await store.spell("f" * 40, "postgresql-18", files(a="18"))


def kill_at(step: int) -> None:
    """Let the process kill itself just before a step. No handler runs, nothing is flushed."""
    done = 0

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal done
            done += 1
            if done == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **options)

        return call

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))


def main(what: str, folder: str, *rest: str) -> None:
    """See the module."""
    if what == "many":
        asyncio.run(many(Path(folder), rest[0], int(rest[1])))
        return
    loop = asyncio.new_event_loop()
    kill_at(int(rest[0]))
    loop.run_until_complete(once(Path(folder)))
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
