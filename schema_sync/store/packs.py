"""New objects, and the one pack that makes them durable.

Each change of the store is one pack and its index, both fsynced, then the folder: a ref never points at what a power
cut can take away. Loose objects are not written at all; two processes that write the same one would collide.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Set
from pathlib import Path
from typing import IO, Final

from dulwich.object_format import SHA1
from dulwich.pack import UnpackedObject, write_pack_data, write_pack_index_v2

COMMIT: Final = 1
TREE: Final = 2
BLOB: Final = 3
TAG: Final = 4
NAMES: Final = {COMMIT: b"commit", TREE: b"tree", BLOB: b"blob", TAG: b"tag"}
"""The types of objects, numbered as in a pack (gitformat-pack(5))."""

_LEVEL = 1
"""Of zlib: history is repacked by `git gc`, so that a commit's own speed is worth more than some bytes."""

TEMPORARY: Final = ("tmp_pack_", "tmp_idx_")
"""How unfinished files begin; `git gc` removes such leftovers, and no others."""


def object_id(kind: int, data: bytes) -> bytes:
    """The 20-byte id of an object."""
    digest = hashlib.sha1(b"%s %d\0" % (NAMES[kind], len(data)), usedforsecurity=False)
    digest.update(data)
    return digest.digest()


class Batch:
    """Objects to be written, each once, in the order in which they came."""

    def __init__(self) -> None:
        self._objects: dict[bytes, tuple[int, bytes]] = {}

    def add(self, kind: int, data: bytes) -> bytes:
        """Take an object in; its id."""
        oid = object_id(kind, data)
        self._objects.setdefault(oid, (kind, data))
        return oid

    def put(self, oid: bytes, kind: int, data: bytes) -> None:
        """Take in an object whose id is known."""
        self._objects.setdefault(oid, (kind, data))

    def without(self, oids: Set[bytes]) -> Batch:
        """A batch of its own that lacks what the repository has already."""
        rest = Batch()
        rest._objects = {oid: one for oid, one in self._objects.items() if oid not in oids}
        return rest

    def update(self, other: Batch) -> None:
        """Take in all objects of another batch."""
        self._objects.update(other._objects)

    def __len__(self) -> int:
        return len(self._objects)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._objects)

    def records(self) -> Iterator[UnpackedObject]:
        """The objects as a pack's records."""
        for oid, (kind, data) in self._objects.items():
            yield UnpackedObject(kind, sha=oid, decomp_chunks=[data])


def write_pack(folder: Path, batch: Batch) -> None:
    """Write a batch as one pack into `objects/pack`; when this returns, it is on disk.

    A pack becomes visible by its index, which is therefore renamed last.

    Raises:
        OSError: the disk is full, or not to be written; nothing visible is left behind.
    """
    unique = f"{os.getpid()}_{os.urandom(6).hex()}"
    pack, index = (folder / f"{prefix}{unique}" for prefix in TEMPORARY)
    try:
        with _create(pack) as file:
            entries, checksum = write_pack_data(
                file.write, batch.records(), SHA1, num_records=len(batch), compression_level=_LEVEL
            )
            _flush(file)
        with _create(index) as file:
            write_pack_index_v2(file, sorted((oid, *where) for oid, where in entries.items()), checksum)
            _flush(file)
        pack.rename(folder / f"pack-{checksum.hex()}.pack")
        index.rename(folder / f"pack-{checksum.hex()}.idx")
    except OSError:
        pack.unlink(missing_ok=True)
        index.unlink(missing_ok=True)
        raise
    fsync_folder(folder)


def _create(path: Path) -> IO[bytes]:
    """Make a file that is read-only for the time after, as Git's packs are; `tempfile` would hide it from a group."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444), "wb", buffering=1 << 16)


def _flush(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def fsync_folder(folder: Path) -> None:
    """Make the names in a folder durable: a renamed file whose folder was not synced may be gone after a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def count_packs(folder: Path) -> int:
    """How many packs there are."""
    return sum(1 for path in folder.iterdir() if path.suffix == ".pack")


def leftovers(folder: Path) -> list[Path]:
    """Files of writers that did not finish, sorted."""
    return sorted(path for path in folder.iterdir() if path.name.startswith(TEMPORARY))
