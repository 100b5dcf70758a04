"""Reads objects, checked against their ids. dulwich's many exceptions become ours here."""

from __future__ import annotations

import struct
import zlib

from dulwich.errors import ApplyDeltaError, ChecksumMismatch, FileFormatException
from dulwich.object_store import DiskObjectStore, PackBasedObjectStore
from dulwich.objects import ObjectID, RawObjectID
from dulwich.pack import Pack, PackFileDisappeared, UnresolvedDeltas

from schema_sync.errors import CorruptObject, StoreError
from schema_sync.store.packs import NAMES, object_id

DAMAGE = (
    ApplyDeltaError,
    AssertionError,
    ChecksumMismatch,
    EOFError,
    FileFormatException,
    IndexError,
    OSError,
    OverflowError,
    PackFileDisappeared,
    TypeError,
    UnresolvedDeltas,
    ValueError,
    struct.error,
    zlib.error,
)
"""What dulwich raises for bytes that are not what they should be. It promises none of these, and means all of them."""

FSCK = "`git fsck` lists what is damaged; fetch it from another clone"


class Objects:
    """The objects of a repository, by their 20-byte ids."""

    def __init__(self, store: DiskObjectStore) -> None:
        self._store = store

    def read(self, oid: bytes, kind: int) -> bytes:
        """The bytes of an object of a certain type, held against its id.

        Raises:
            CorruptObject: it is missing, damaged, or of another type.
        """
        data = self.peek(oid, kind)
        if object_id(kind, data) != oid:
            raise damaged(oid, kind, "its bytes are not those of its id")
        return data

    def peek(self, oid: bytes, kind: int) -> bytes:
        """As `read`, without the hash: for walks over many trees, where zlib's own checksum has to do."""
        found = self.find(oid, kind)
        if found is None:
            raise damaged(oid, kind, "it is missing")
        if found[0] != kind:
            raise damaged(oid, kind, f"it is a {NAMES.get(found[0], b'unknown object').decode()}")
        return found[1]

    def find(self, oid: bytes, expected: int = 0) -> tuple[int, bytes] | None:
        """The type and bytes of an object, or `None`.

        Raises:
            CorruptObject: it is there and damaged.
        """
        try:
            # Past the look for a multi-pack index, which costs a stat(2) each time: its packs are found without it.
            return PackBasedObjectStore.get_raw(self._store, RawObjectID(oid))
        except KeyError:
            return None
        except DAMAGE as error:
            why = _words(error)
        # Raised out here: the frames of dulwich's own error hold on to the mapped pack, which then could not be closed.
        raise damaged(oid, expected, why)

    def has(self, oid: bytes) -> bool:
        """Whether an object of that id is there, in whatever state.

        Raises:
            CorruptObject: a pack's index cannot be read.
        """
        try:
            return ObjectID(oid.hex().encode()) in self._store
        except DAMAGE as error:
            raise damaged(oid, 0, _words(error)) from error

    def starting(self, prefix: str) -> list[bytes]:
        """The ids whose hex form begins so, each once.

        Raises:
            StoreError: a pack's index cannot be read.
        """
        self.packs()
        try:
            found = set(self._store.iter_prefix(prefix.encode()))
        except DAMAGE as error:
            raise StoreError(f"looking for ids that begin with {prefix} failed: {_words(error)}", hint=FSCK) from error
        return sorted(bytes.fromhex(hexa.decode()) for hexa in found)

    def packs(self) -> list[Pack]:
        """The packs that are there now."""
        # dulwich's list still has those that another process's gc removed, and lets go of them as it is made.
        _ = self._store.packs
        return self._store.packs


def _words(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def damaged(oid: bytes, kind: int, why: str) -> CorruptObject:
    """The error for an object that cannot be read."""
    return CorruptObject(f"{NAMES.get(kind, b'object').decode()} {oid.hex()}", why, hint=FSCK)
