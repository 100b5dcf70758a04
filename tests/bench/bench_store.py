"""The store against Git's own plumbing, on the same disk, in the same run; Git's process start is part of its time.

`python -m tests.bench store`, or `python -m tests.bench.bench_store`, prints the figures.
"""

from __future__ import annotations

import asyncio
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping
from pathlib import Path
from typing import Any

from schema_sync.model.codec import canonical
from schema_sync.protocols import Base, Observation
from schema_sync.store import GitStore, create_store, open_store
from tests.bench import Figure
from tests.bench.__main__ import main

ROUNDS = 9
BASE = Base(commit="a" * 40, fingerprint="b" * 40, expected="b" * 40)


def snapshot(count: int, changed: Mapping[int, int] | None = None) -> dict[str, bytes]:
    """A snapshot of so many tables of about 1 KB each; `changed` sets the state of some."""
    files = {"manifest.json": canonical({"dialect": "postgresql", "format": 1, "spelling": "16"})}
    for number in range(count):
        columns = {f"column_{n}": {"nullable": n % 2 == 0, "type": "character varying(200)"} for n in range(9)}
        table = {"columns": columns, "comment": str((changed or {}).get(number, 0)), "kind": "table"}
        files[f"schema/tables/table_{number}.json"] = canonical({**table, "name": f"table_{number}"})
    return files


def fast_import(files: Mapping[str, bytes], message: str, *, follow: bool = False, when: int = 1_700_000_000) -> bytes:
    """One commit as a stream of `git fast-import`."""
    lines = [f"commit refs/heads/main\ncommitter A <a@b> {when} +0000\ndata {len(message)}\n{message}\n".encode()]
    lines += [b"from refs/heads/main^0\n"] if follow else []
    for path, data in files.items():
        lines.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data))
    return b"".join(lines)


def git(folder: Path, *arguments: str, given: bytes | None = None) -> bytes:
    """Run Git in a folder."""
    return subprocess.run(["git", *arguments], cwd=folder, input=given, capture_output=True, check=True).stdout


def _wall() -> tuple[float, float]:
    return time.perf_counter(), time.perf_counter()


def _processor() -> tuple[float, float]:
    """What this process, and what those that it started, have used."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time(), children.ru_utime + children.ru_stime


async def alternate(
    ours: Callable[[], Coroutine[Any, Any, Any]],
    theirs: Callable[[], Any],
    prepare: Callable[[], Any] = lambda: None,
    *,
    clock: Callable[[], tuple[float, float]] = _wall,
) -> tuple[float, float]:
    """The shortest times of both, taken in turns so that a busy machine is busy for both.

    Reading is measured in processor time, which a busy machine stretches least; writing waits for the disk, and is not.
    """
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        prepare()
        start = clock()
        await ours()
        middle = clock()
        theirs()
        times[0].append(middle[0] - start[0])
        times[1].append(clock()[1] - middle[1])
    return min(times[0]), min(times[1])


class Bench:
    """All figures, in one temporary folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def fresh(self) -> GitStore:
        """An empty bare store."""
        self._count += 1
        return create_store(self._folder / f"store-{self._count}", bare=True)

    async def write(self) -> Figure:
        """A first snapshot of 200 objects."""
        files = snapshot(200)
        stream = fast_import(files, "first")
        stores: list[GitStore] = []

        async def ours() -> None:
            await stores[-1].commit("main", files, "first")

        def prepare() -> None:
            self._count += 2
            stores.append(create_store(self._folder / f"store-{self._count}", bare=True))
            (self._folder / f"git-{self._count}").mkdir()
            git(self._folder / f"git-{self._count}", "init", "-q", "--bare")

        def theirs() -> None:
            git(self._folder / f"git-{self._count}", "fast-import", "--quiet", given=stream)

        mine, other = await alternate(ours, theirs, prepare)
        for store in stores:
            await store.close()
        return Figure("write a snapshot of 200 objects, to git fast-import", mine / other, 1.0)

    async def change(self) -> Figure:
        """Three changed of 200."""
        store = await self.fresh()
        await store.commit("main", snapshot(200), "first")
        other = self._folder / "git-change"
        shutil.copytree(store.path, other)
        states = iter(range(1, 1000))
        streams = iter(
            fast_import(
                {path: data for path, data in snapshot(200, dict.fromkeys((3, 50, 150), n)).items() if path.endswith(
                    ("table_3.json", "table_50.json", "table_150.json"))},
                "next", follow=True, when=1_800_000_000 + n,
            )
            for n in range(1, 1000)
        )  # fmt: skip
        given: list[Any] = []

        def prepare() -> None:
            given[:] = snapshot(200, dict.fromkeys((3, 50, 150), next(states))), next(streams)

        async def ours() -> None:
            await store.commit("main", given[0], "next")

        mine, theirs = await alternate(ours, lambda: git(other, "fast-import", "--quiet", given=given[1]), prepare)
        await store.close()
        return Figure("commit 3 changed of 200, to git fast-import", mine / theirs, 1.5)

    async def record(self, states: int, what: str, bars: tuple[float | None, float | None]) -> list[Figure]:
        """Ten thousand tenants, recorded, read, and one moved, in processor time."""
        kinds = [snapshot(200, {number % 200: number}) for number in range(states)]
        shared: dict[bytes, bytes] = {}
        kinds = [{path: shared.setdefault(data, data) for path, data in files.items()} for files in kinds]
        seen = [Observation(key=f"eu1/tenant_{n}", files=kinds[n % states], base=BASE) for n in range(10_000)]
        times: list[list[float]] = [[], [], []]
        for _ in range(5):
            store = await self.fresh()
            start = time.process_time()
            await store.record(seen, run="r1")
            times[0].append(time.process_time() - start)
            await store.close()
            async with open_store(store.path) as again:
                start = time.process_time()
                assert len(await again.fleet()) == 10_000
                times[1].append(time.process_time() - start)
                moved = Observation(key="eu1/tenant_7", files=snapshot(200, {0: 99_999}))
                start = time.process_time()
                await again.record([moved], run="r2")
                times[2].append(time.process_time() - start)
        record, read, move = map(min, times)
        return [
            Figure(f"record 10,000 tenants {what}, a tenant", record * 100, bars[0], "us"),
            Figure(f"read a fleet of 10,000 {what}, a tenant", read * 100, bars[1], "us"),
            Figure(f"move one tenant of 10,000 {what}", move * 1e3, None, "ms"),
        ]

    async def diff(self) -> Figure:
        """Ten changed of a thousand, in a store that was just opened."""
        opened: list[GitStore] = []
        async with await self.fresh() as store:
            first, _ = await store.commit("main", snapshot(1000), "first")
            second, _ = await store.commit("main", snapshot(1000, {n * 97: 1 for n in range(10)}), "second")

        async def ours() -> None:
            assert len(await opened[-1].changed(first, second)) == 10

        def theirs() -> bytes:
            return git(store.path, "diff-tree", "-r", first.id, second.id)

        mine, other = await alternate(ours, theirs, lambda: opened.append(open_store(store.path)), clock=_processor)
        await _close(opened)
        return Figure("diff two versions, 10 changed of 1,000, to git diff-tree", mine / other, 1.5)

    async def history(self) -> Figure:
        """One object over a thousand commits, in a store that was just opened."""
        opened: list[GitStore] = []
        async with await self.fresh() as store:
            stream = [fast_import(snapshot(200), "first")]
            for number in range(1, 1000):
                files = snapshot(number % 50 + 1, {number % 50: number})
                path = f"schema/tables/table_{number % 50}.json"
                stream.append(fast_import({path: files[path]}, "next", when=1_700_000_000 + number))
            git(store.path, "fast-import", "--quiet", given=b"".join(stream))
            git(store.path, "gc", "--quiet")
        path = "schema/tables/table_7.json"

        async def ours() -> None:
            tip = await opened[-1].resolve("main")
            assert len([one async for one in opened[-1].log(tip, path=path)]) == 21

        def theirs() -> bytes:
            return git(store.path, "log", "--format=%H", "main", "--", path)

        mine, other = await alternate(ours, theirs, lambda: opened.append(open_store(store.path)), clock=_processor)
        await _close(opened)
        return Figure("history of one object over 1,000 commits, to git log", mine / other, 2.0)


async def _close(stores: Iterable[GitStore]) -> None:
    for store in stores:
        await store.close()


async def measure() -> list[Figure]:
    """All figures. That of 500 states is nearly all their own 200,000 files, and only informs."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        figures = [await bench.write(), await bench.change(), await bench.diff(), await bench.history()]
        figures += await bench.record(1, "in one state", (10, 4))
        figures += await bench.record(10, "in 10 states", (10, 4))
        return figures + await bench.record(500, "in 500 states", (None, None))


def bench() -> list[Figure]:
    """See `tests.bench`."""
    return asyncio.run(measure())


if __name__ == "__main__":
    sys.exit(main(["store"]))
