"""The work tree follows, and nothing in it that is somebody's is lost."""

from __future__ import annotations

import pytest

from schema_sync.store import GitStore
from schema_sync.testing.store import files
from tests.unit.store.conftest import Git

A, B = "schema/tables/a.json", "schema/tables/b.json"


async def test_files_and_index_follow_the_branch(store: GitStore, git: Git) -> None:
    await store.commit("main", files(a="1", b="1"), "first")
    assert (store.path / A).read_text() == '"1"\n'
    assert git("status", "--porcelain") == ""
    await store.commit("main", {**files(a="2"), "layout/tables/a.json": b"[]\n"}, "second")
    assert (store.path / A).read_text() == '"2"\n'
    assert not (store.path / B).exists()
    assert git("status", "--porcelain") == ""
    await store.commit("main", files(), "third")
    assert sorted(path.name for path in store.path.iterdir()) == [".git", "manifest.json"]
    assert git("status", "--porcelain") == ""


async def test_an_edited_file_is_not_overwritten(store: GitStore, git: Git) -> None:
    await store.commit("main", files(a="1", b="1"), "first")
    (store.path / A).write_text("mine")
    await store.commit("main", files(a="2", b="2"), "second")
    assert (store.path / A).read_text() == "mine"
    assert (store.path / B).read_text() == '"2"\n'
    assert git("status", "--porcelain") == f" M {A}\n"
    git("checkout", "-q", "--", A)
    await store.commit("main", files(a="3", b="3"), "third")
    assert (store.path / A).read_text() == '"3"\n'
    assert git("status", "--porcelain") == ""


async def test_an_edited_file_that_is_dropped_stays(store: GitStore, git: Git) -> None:
    await store.commit("main", files(a="1", b="1"), "first")
    (store.path / A).write_text("mine")
    await store.commit("main", files(b="1"), "second")
    assert (store.path / A).read_text() == "mine"
    assert git("status", "--porcelain") == f"?? {A}\n"


async def test_a_file_in_the_way_stays(store: GitStore, git: Git) -> None:
    await store.commit("main", files(b="1"), "first")
    (store.path / A).write_text("mine")
    await store.commit("main", files(a="1", b="1"), "second")
    assert (store.path / A).read_text() == "mine"
    assert git("status", "--porcelain") == f" M {A}\n"


async def test_a_staged_change_stays_staged(store: GitStore, git: Git) -> None:
    await store.commit("main", files(a="1", b="1"), "first")
    (store.path / A).write_text("mine")
    git("add", A)
    await store.commit("main", files(a="1", b="2"), "second")
    assert git("status", "--porcelain") == f"M  {A}\n"
    assert git("show", f":{A}") == "mine"


async def test_a_deleted_file_stays_deleted(store: GitStore, git: Git) -> None:
    await store.commit("main", files(a="1", b="1"), "first")
    (store.path / A).unlink()
    await store.commit("main", files(a="2", b="1"), "second")
    assert not (store.path / A).exists()
    assert git("status", "--porcelain") == f" D {A}\n"


async def test_nothing_is_written_through_a_link(store: GitStore, git: Git, home: object) -> None:
    await store.commit("main", files(), "first")
    outside = store.path.parent / "outside"
    outside.mkdir()
    (store.path / "schema").symlink_to(outside)
    await store.commit("main", files(a="1"), "second")
    assert list(outside.iterdir()) == []
    (store.path / "schema").unlink()
    git("checkout", "-q", "--", ".")
    assert git("status", "--porcelain") == ""


async def test_another_branch_that_is_checked_out_is_left_alone(store: GitStore, git: Git) -> None:
    await store.commit("main", files(a="1"), "first")
    git("checkout", "-q", "-b", "mine")
    await store.commit("main", files(a="2"), "second")
    assert (store.path / A).read_text() == '"1"\n'
    assert git("status", "--porcelain") == ""
    git("checkout", "-q", "main")
    await store.commit("main", files(a="3"), "third")
    assert (store.path / A).read_text() == '"3"\n'
    assert git("status", "--porcelain") == ""


@pytest.mark.parametrize("damage", ["locked", "garbage"])
async def test_an_index_that_cannot_be_used_keeps_no_commit_back(store: GitStore, git: Git, damage: str) -> None:
    await store.commit("main", files(a="1"), "first")
    index = store.path / ".git/index"
    before = index.read_bytes()
    if damage == "locked":
        (store.path / ".git/index.lock").touch()
    else:
        index.write_bytes(b"DIRC, not")
    version, made = await store.commit("main", files(a="2"), "second")
    assert made
    (store.path / ".git/index.lock").unlink(missing_ok=True)
    index.write_bytes(before)
    await store.commit("main", files(a="2"), "again")
    assert (store.path / A).read_text() == '"2"\n'
    assert git("status", "--porcelain") == ""
    assert (await store.resolve("main")).id == version.id
