"""The store against Git's own plumbing, on the same disk, in the same run; Git's process start is part of its time.

`python -m tests.bench.bench_store` prints a table, and exits with 1 where a bar is missed.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from schema_sync.model.codec import canonical
from schema_sync.protocols import Base, Observation
from schema_sync.store import GitStore, create_store, open_store

ROUNDS = 9
BASE = Base(commit="a" * 40, fingerprint="b" * 40, expected="b" * 40)


class Row(NamedTuple):
    """One measured line."""

    what: str
    ours: float
    """Seconds."""
    theirs: float | None
    """Seconds of Git for the same; `None` where the bar is a time a tenant."""
    bar: float
    """The highest ratio, or microseconds a tenant."""
    tenants: int = 1

    @property
    def figure(self) -> float:
        """What is held against the bar."""
        return self.ours / self.theirs if self.theirs else self.ours * 1e6 / self.tenants

    def __str__(self) -> str:
        unit = "x git" if self.theirs else "us a tenant"
        theirs = f"git {self.theirs * 1e3:7.1f} ms" if self.theirs else " " * 14
        verdict = "ok" if self.figure <= self.bar else "MISSED"
        figure = f"{self.figure:8.2f} {unit:11} (<= {self.bar:g})"
        return f"{self.what:44} {self.ours * 1e3:8.1f} ms  {theirs}  {figure} {verdict}"


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


async def alternate(
    ours: Callable[[], Coroutine[Any, Any, Any]], theirs: Callable[[], Any], prepare: Callable[[], Any] = lambda: None
) -> tuple[float, float]:
    """The medians of both, taken in turns so that a busy machine is busy for both."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        prepare()
        start = time.perf_counter()
        await ours()
        middle = time.perf_counter()
        theirs()
        times[0].append(middle - start)
        times[1].append(time.perf_counter() - middle)
    return statistics.median(times[0]), statistics.median(times[1])


class Bench:
    """All rows, in one temporary folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def fresh(self) -> GitStore:
        """An empty bare store."""
        self._count += 1
        return create_store(self._folder / f"store-{self._count}", bare=True)

    async def write(self) -> Row:
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
        return Row("write a snapshot of 200 objects", mine, other, 1.0)

    async def change(self) -> Row:
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
        return Row("commit 3 changed of 200", mine, theirs, 1.5)

    async def record(self, states: int, what: str) -> list[Row]:
        """Ten thousand tenants, recorded, read, and one moved."""
        kinds = [snapshot(200, {number % 200: number}) for number in range(states)]
        shared: dict[bytes, bytes] = {}
        kinds = [{path: shared.setdefault(data, data) for path, data in files.items()} for files in kinds]
        seen = [Observation(key=f"eu1/tenant_{n}", files=kinds[n % states], base=BASE) for n in range(10_000)]
        times: list[list[float]] = [[], [], []]
        for _ in range(5):
            store = await self.fresh()
            start = time.perf_counter()
            await store.record(seen, run="r1")
            times[0].append(time.perf_counter() - start)
            await store.close()
            async with open_store(store.path) as again:
                start = time.perf_counter()
                assert len(await again.fleet()) == 10_000
                times[1].append(time.perf_counter() - start)
                moved = Observation(key="eu1/tenant_7", files=snapshot(200, {0: 99_999}))
                start = time.perf_counter()
                await again.record([moved], run="r2")
                times[2].append(time.perf_counter() - start)
        record, read, move = map(statistics.median, times)
        return [
            Row(f"record 10,000 tenants, {what}", record, None, 10, 10_000),
            Row(f"read a fleet of 10,000, {what}", read, None, 4, 10_000),
            Row(f"move one tenant of 10,000, {what}", move, None, 30_000),
        ]

    async def diff(self) -> Row:
        """Ten changed of a thousand."""
        async with await self.fresh() as store:
            first, _ = await store.commit("main", snapshot(1000), "first")
            second, _ = await store.commit("main", snapshot(1000, {n * 97: 1 for n in range(10)}), "second")

        async def ours() -> None:
            async with open_store(store.path) as again:
                assert len(await again.changed(first, second)) == 10

        mine, theirs = await alternate(ours, lambda: git(store.path, "diff-tree", "-r", first.id, second.id))
        return Row("diff two versions, 10 changed of 1,000", mine, theirs, 1.5)

    async def history(self) -> Row:
        """One object over a thousand commits."""
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
            async with open_store(store.path) as again:
                tip = await again.resolve("main")
                assert len([one async for one in again.log(tip, path=path)]) == 21

        mine, theirs = await alternate(ours, lambda: git(store.path, "log", "--format=%H", "main", "--", path))
        return Row("history of one object over 1,000 commits", mine, theirs, 2.0)


async def measure() -> list[Row]:
    """All rows."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        rows = [await bench.write(), await bench.change(), await bench.diff(), await bench.history()]
        rows += await bench.record(1, "identical")
        rows += await bench.record(500, "in 500 states")
        return rows


def main() -> int:
    """Print the table; 1 where a bar is missed."""
    rows = asyncio.run(measure())
    print("\n".join(map(str, rows)))
    return int(any(row.figure > row.bar for row in rows))


if __name__ == "__main__":
    sys.exit(main())
