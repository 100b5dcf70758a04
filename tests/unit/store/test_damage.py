"""A damaged store is named as such, in our own errors."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest

from schema_sync.errors import SchemaSyncError, StoreError
from schema_sync.protocols import Observation
from schema_sync.store import create_store, open_store
from schema_sync.store.packs import BLOB, Batch, write_pack
from schema_sync.testing.store import files
from tests.unit.store.conftest import run_git, sound


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A store with two versions, a tag and a fleet, closed."""
    async with create_store(tmp_path / "store", bare=True) as store:
        first, _ = await store.commit("main", files(a="1" * 400, b="1"), "first")
        await store.commit("main", files(a="2" * 400, b="1"), "second")
        await store.tag("v1", first, "release")
        await store.record([Observation(key="db/acme", files=files(a="1" * 400))], run="r")
    run_git(store.path, "gc", "-q")
    return store.path


async def _read_all(folder: Path) -> None:
    async with open_store(folder) as store:
        for rev in ("main", "main~1", "v1"):
            version = await store.resolve(rev)
            await store.read(version)
            await store.changed(None, version)
        [one async for one in store.log(version, path="schema/tables/a.json")]
        await store.ever(version, ["schema/tables/a.json"])
        await store.fleet()
        await store.observed("db/acme")


async def _verify(folder: Path) -> None:
    async with open_store(folder) as store:
        found = await store.verify()
        assert found, "damage was not seen"
        assert all("\n" not in one.message for one in found)


def _loose(folder: Path) -> dict[str, Path]:
    """Turn the pack into loose objects; their files by id."""
    (pack,) = (folder / "objects/pack").glob("*.pack")
    data = pack.read_bytes()
    for file in (folder / "objects/pack").iterdir():
        file.unlink()
    run_git(folder, "unpack-objects", "-q", given=data)
    return {path.parent.name + path.name: path for path in folder.glob("objects/??/*")}


async def test_every_missing_object_is_an_error_of_ours(folder: Path) -> None:
    for path in _loose(folder).values():
        away = path.rename(path.with_suffix(".away"))
        with pytest.raises(SchemaSyncError):
            await _read_all(folder)
        await _verify(folder)
        away.rename(path)
    await _read_all(folder)


@pytest.mark.parametrize("damage", ["cut", "empty", "flipped", "swapped"])
async def test_every_damaged_object_is_an_error_of_ours(folder: Path, damage: str) -> None:
    loose = _loose(folder)
    paths = sorted(loose.values())
    for number, path in enumerate(paths):
        data = path.read_bytes()
        path.chmod(0o644)
        other = paths[number - 1].read_bytes()
        middle = len(data) // 2
        path.write_bytes({
            "cut": data[:middle], "empty": b"", "swapped": other,
            "flipped": data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :],
        }[damage])  # fmt: skip
        await _verify(folder)
        with pytest.raises(SchemaSyncError):
            await _read_all(folder)
        path.write_bytes(data)
    await _read_all(folder)


async def test_a_pack_that_was_flipped_anywhere_gives_no_traceback(folder: Path) -> None:
    (pack,) = (folder / "objects/pack").glob("*.pack")
    data = pack.read_bytes()
    pack.chmod(0o644)
    for at in range(12, len(data) - 20, 7):
        pack.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        await _verify(folder)
        with suppress(SchemaSyncError):
            await _read_all(folder)


@pytest.mark.parametrize("suffix", [".idx", ".pack"])
async def test_a_pack_that_was_cut_gives_no_traceback(folder: Path, suffix: str) -> None:
    (path,) = (folder / "objects/pack").glob(f"*{suffix}")
    data = path.read_bytes()
    path.chmod(0o644)
    for length in (0, 4, 20, 200, 1100, len(data) // 2, len(data) - 25):
        path.write_bytes(data[:length])
        await _verify(folder)
        with pytest.raises(SchemaSyncError):
            await _read_all(folder)


@pytest.mark.parametrize("content", ["", "garbage\n", "0" * 40 + "\n", "ref: refs/heads/main\n", "f" * 39 + "\n"])
async def test_a_broken_ref_is_an_error_of_ours(folder: Path, content: str) -> None:
    run_git(folder, "pack-refs", "--all")
    (folder / "refs/heads/main").write_text(content)
    async with open_store(folder) as store:
        with pytest.raises(SchemaSyncError):
            await store.resolve("main")
        with pytest.raises(SchemaSyncError):
            await store.commit("main", files(a="3"), "third")
        assert await store.verify()


async def test_a_version_is_verified_apart_from_the_rest(folder: Path) -> None:
    loose = _loose(folder)
    blob = run_git(folder, "rev-parse", "v1:schema/tables/a.json").strip()
    loose[blob].unlink()
    async with open_store(folder) as store:
        assert await store.verify(await store.resolve("main")) == []
        (found,) = await store.verify(await store.resolve("v1"))
    assert found.code == "damaged_object"
    assert blob in found.object


async def test_leftovers_of_a_killed_writer_are_told(folder: Path) -> None:
    (folder / "objects/pack/tmp_pack_1").touch()
    old = folder / "schema-sync/lock-1"
    old.touch()
    os.utime(old, (0, 0))
    (folder / "schema-sync/lock-2").touch()
    async with open_store(folder) as store:
        found = await store.verify()
    assert [(one.code, Path(one.object).name) for one in found] == [("leftover", "tmp_pack_1"), ("leftover", "lock-1")]


async def test_a_disk_that_cannot_be_written_is_an_error_of_ours(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async with open_store(folder) as store:
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(StoreError, match="No space left on device"):
            await store.commit("main", files(a="3"), "third")
        monkeypatch.undo()
        assert await store.verify() == []
        _, made = await store.commit("main", files(a="3"), "third")
        assert made
    assert sound(folder)


def test_a_pack_that_cannot_be_finished_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = Batch()
    batch.add(BLOB, b"data")
    (tmp_path / "gone").mkdir()
    monkeypatch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(OSError(5, "Input/output error")))
    with pytest.raises(OSError, match="Input/output"):
        write_pack(tmp_path / "gone", batch)
    assert list((tmp_path / "gone").iterdir()) == []
