"""Where a store can be made, and what is not one."""

from __future__ import annotations

from pathlib import Path

import pytest

from schema_sync.errors import StoreError, UsageError
from schema_sync.store import create_store, open_store
from schema_sync.testing.store import files
from tests.unit.store.conftest import run_git


def repository(folder: Path, *arguments: str) -> Path:
    """A repository that the store did not make."""
    run_git(folder.parent, "init", "-q", "-b", "main", *arguments, str(folder))
    return folder


@pytest.mark.parametrize("there", [False, True], ids=["missing", "empty"])
async def test_a_missing_or_empty_folder_becomes_a_store(tmp_path: Path, there: bool) -> None:
    folder = tmp_path / "deep/store"
    if there:
        folder.mkdir(parents=True)
    async with create_store(folder) as store:
        assert store.default_branch == "main"
        await store.commit("main", files(a="1"), "first")
    async with create_store(folder) as again:
        assert again.default_branch == "main"
        assert (await again.resolve("HEAD")).subject == "first"
    assert run_git(folder, "symbolic-ref", "HEAD").strip() == "refs/heads/main"


async def test_the_branch_of_a_store_is_remembered(tmp_path: Path) -> None:
    await create_store(tmp_path / "store", branch="schemas").close()
    async with open_store(tmp_path / "store") as store:
        assert store.default_branch == "schemas"
        await store.commit("schemas", files(a="1"), "first")
    assert run_git(tmp_path / "store", "status", "--porcelain") == ""
    async with open_store(tmp_path / "store", branch="other") as store:
        assert store.default_branch == "other"


async def test_an_empty_repository_of_others_gets_a_branch_apart(tmp_path: Path) -> None:
    async with create_store(repository(tmp_path / "app")) as store:
        assert store.default_branch == "schema/main"


async def test_a_repository_of_others_keeps_its_files_and_branch(tmp_path: Path) -> None:
    folder = repository(tmp_path / "app")
    (folder / "app.py").write_text("pass\n")
    run_git(folder, "add", ".")
    run_git(folder, "commit", "-q", "-m", "app")
    async with create_store(folder) as store:
        version, _ = await store.commit(store.default_branch, files(a="1"), "schema")
        assert version.parents == ()
        assert dict(await store.read(await store.resolve("HEAD"))) == files(a="1")
    assert sorted(path.name for path in folder.iterdir()) == [".git", "app.py"]
    assert run_git(folder, "status", "--porcelain") == ""
    assert run_git(folder, "log", "--format=%s", "main").split() == ["app"]
    with pytest.raises(StoreError, match=r"no manifest\.json"):
        create_store(folder, branch="main")
    assert run_git(folder, "log", "--format=%s", "main").split() == ["app"]


async def test_a_clone_knows_its_branch_by_the_manifest(tmp_path: Path) -> None:
    async with create_store(tmp_path / "store") as store:
        await store.commit("main", files(a="1"), "first")
    run_git(tmp_path, "clone", "-q", "store", "clone")
    async with open_store(tmp_path / "clone") as clone:
        assert clone.default_branch == "main"


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match="neither empty nor a store"):
        create_store(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["notes.txt"]


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("mine")
    for make in (create_store, open_store):
        with pytest.raises(StoreError):
            make(tmp_path / "store")


@pytest.mark.parametrize("there", [False, True], ids=["missing", "no repository"])
def test_what_is_no_repository_is_not_opened(tmp_path: Path, there: bool) -> None:
    folder = tmp_path / "store"
    if there:
        folder.mkdir()
    with pytest.raises(StoreError) as caught:
        open_store(folder)
    assert str(folder) in caught.value.message
    assert "schema-sync init" in (caught.value.hint or "")


def test_a_repository_above_is_not_found(tmp_path: Path) -> None:
    folder = repository(tmp_path / "app") / "inside"
    folder.mkdir()
    with pytest.raises(StoreError):
        open_store(folder)


def test_a_sha256_repository_is_refused(tmp_path: Path) -> None:
    folder = repository(tmp_path / "app", "--object-format=sha256")
    with pytest.raises(StoreError, match="SHA-256"):
        open_store(folder)


@pytest.mark.parametrize("content", ["[core]\n\trepositoryformatversion = 7\n", "[core\n", "\0\xff"])
def test_a_configuration_that_cannot_be_understood_is_an_error_of_ours(tmp_path: Path, content: str) -> None:
    folder = repository(tmp_path / "app")
    (folder / ".git/config").write_text(content)
    with pytest.raises(StoreError):
        open_store(folder)


def test_an_unknown_kind_or_branch_is_refused(tmp_path: Path) -> None:
    for make in (create_store, open_store):
        with pytest.raises(UsageError, match="floppy"):
            make(tmp_path / "store", "floppy")
        with pytest.raises(UsageError, match=r"a\.\.b"):
            make(tmp_path / "store", branch="a..b")
    assert not (tmp_path / "store").exists()


async def test_a_linked_work_tree_is_a_store_too(tmp_path: Path) -> None:
    async with create_store(tmp_path / "store") as store:
        await store.commit("main", files(a="1"), "first")
        await store.branch("side", await store.resolve("main"))
    run_git(tmp_path / "store", "worktree", "add", "-q", "../linked", "side")
    async with open_store(tmp_path / "linked") as linked:
        await linked.commit("side", files(a="2"), "second")
    assert run_git(tmp_path / "store", "log", "--format=%s", "side").split() == ["second", "first"]
    assert run_git(tmp_path / "store", "status", "--porcelain") == ""
    assert run_git(tmp_path / "linked", "status", "--porcelain") == ""
    assert (tmp_path / "linked/schema/tables/a.json").read_text() == '"2"\n'
