"""Writers beside each other, and writers that die."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from schema_sync.errors import StoreError
from schema_sync.protocols import Observation
from schema_sync.store import GitStore, create_store, open_store, refs
from schema_sync.testing.store import files
from tests.unit.store.conftest import Git, run_git, sound

ROOT = Path(__file__).parents[3]


def writer(*arguments: str | Path | int) -> subprocess.Popen[bytes]:
    """Start a process of `writers`."""
    command = [sys.executable, "-m", "tests.unit.store.writers", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)


@pytest.mark.parametrize("bare", [False, True], ids=["work tree", "bare"])
async def test_four_writers_lose_no_commit(tmp_path: Path, bare: bool) -> None:
    folder = tmp_path / "store"
    async with create_store(folder, bare=bare) as store:
        await store.commit("main", files(), "start")
    running = [writer("many", folder, f"w{number}", 50) for number in range(4)]
    said = [(process.communicate()[1], process.returncode) for process in running]
    assert said == [(b"", 0)] * 4
    subjects = run_git(folder, "log", "--first-parent", "--format=%s", "main").splitlines()
    assert len(subjects) == 201
    for number in range(4):
        own = [subject for subject in reversed(subjects) if subject.startswith(f"w{number} ")]
        assert own == [f"w{number} {count}" for count in range(50)]
    assert sound(folder)
    assert bare or run_git(folder, "status", "--porcelain") == ""


async def test_a_killed_writer_leaves_a_store_that_git_accepts_and_the_next_writer_uses(tmp_path: Path) -> None:
    template = tmp_path / "template"
    async with create_store(template) as store:
        await store.commit("main", files(a="1"), "first")
        await store.record([Observation(key="db/acme", files=files(a="1"))], run="r1")
    step = 0
    while True:
        step += 1
        folder = tmp_path / f"killed-{step}"
        shutil.copytree(template, folder, symlinks=True)
        process = writer("killed", folder, step)
        errors = process.communicate()[1]
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL, errors.decode()
        assert sound(folder), f"after step {step}"
        await _next_writer_goes_on(folder)
        shutil.rmtree(folder)
    assert step > 25


async def _next_writer_goes_on(folder: Path) -> None:
    """A retry of what was killed leaves exactly what it would have left undisturbed."""
    async with open_store(folder) as store:
        version, _ = await store.commit("main", files(a="2", b="1"), "second", trailers={"Run-Id": ["r2"]})
        await store.record([Observation(key="db/acme", files=files(a="2", b="1"))], run="r2")
        await store.spell("f" * 40, "postgresql-18", files(a="18"))
        third, _ = await store.commit("main", files(a="3"), "third")
        assert [one.subject async for one in store.log(third)] == ["third", "second", "first"]
        assert (await store.fleet())["db/acme"].tree == version.tree
        assert [one for one in await store.verify() if one.code != "leftover"] == []
    assert sound(folder)
    assert run_git(folder, "status", "--porcelain") == ""


async def test_a_lock_of_somebody_else_is_named_and_not_broken(
    store: GitStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refs, "_LIMIT", 0.2)
    await store.commit("main", files(a="1"), "first")
    lock = store.path / ".git/refs/heads/main.lock"
    lock.touch()
    with pytest.raises(StoreError) as caught:
        await store.commit("main", files(a="2"), "second")
    assert str(lock) in caught.value.message
    assert "remove that file" in (caught.value.hint or "")
    assert [(one.code, one.object) for one in await store.verify()] == [("stale_lock", str(lock))]
    lock.unlink()
    version, _ = await store.commit("main", files(a="2"), "second")
    assert version.subject == "second"


async def test_a_commit_that_git_makes_in_between_is_kept(store: GitStore, git: Git) -> None:
    await store.commit("main", files(a="1"), "first")
    (store.path / "README.md").write_text("Ours.\n")
    git("add", "README.md")
    git("commit", "-q", "-m", "readme")
    third, _ = await store.commit("main", files(a="2"), "third")
    assert git("log", "--format=%s").split() == ["third", "readme", "first"]
    assert git("show", "HEAD:README.md") == "Ours.\n"
    assert dict(await store.read(third)) == files(a="2")
    assert git("status", "--porcelain") == ""


async def test_packed_refs_are_moved_and_not_lost(store: GitStore, git: Git) -> None:
    first, _ = await store.commit("main", files(a="1"), "first")
    await store.tag("v1", first, "release")
    git("pack-refs", "--all")
    second, _ = await store.commit("main", files(a="2"), "second")
    assert second.parents == (first.id,)
    assert await store.refs() == {"refs/heads/main": second.id, "refs/tags/v1": first.id}


async def test_many_packs_become_one_and_nothing_is_lost(store: GitStore, git: Git) -> None:
    for number in range(60):
        await store.commit("main", files(a=str(number), b="1"), f"v{number}")
        await store.record([Observation(key="db/acme", files=files(a=str(number)))], run=f"r{number}")
    packs = store.path / ".git/objects/pack"
    assert len(list(packs.glob("*.pack"))) < 50
    assert len(git("log", "--format=%h").split()) == 60
    assert dict(await store.observed("db/acme", nth=59)) == files(a="0")
    assert (await store.resolve("main~59")).subject == "v0"
    assert sound(store.path)
    assert await store.gc() is False


async def test_a_store_that_was_open_while_another_process_joined_the_packs_goes_on(store: GitStore, git: Git) -> None:
    async with open_store(store.path) as reader, open_store(store.path) as writer:
        made = [(await store.commit("main", files(a=str(number)), "a version"))[0] for number in range(3)]
        for number in range(3):
            await store.record([Observation(key="eu1/a", files=files(a=str(number)))], run="one")
        assert (await reader.resolve("main")).id == made[2].id
        assert list(await writer.fleet()) == ["eu1/a"]
        git("gc", "-q", "--prune=now")
        assert (await reader.resolve(made[0].id[:12])).id == made[0].id
        await writer.record([Observation(key="eu1/a", files=files(a="1"))], run="two")
    assert await store.observed("eu1/a") == files(a="1")
