"""Refs: names, reading, and the one way to move them.

A ref is moved by compare-and-swap from the value that was read once, and that the new commit has as its parent. To
read it twice is how commits get lost.
"""

from __future__ import annotations

import os
import random
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from dulwich.errors import RefFormatError
from dulwich.refs import DiskRefsContainer, Ref, SymrefLoop, check_ref_format

from schema_sync.errors import AlreadyExists, StoreError, UsageError
from schema_sync.store.lockfile import Locked, LockFile
from schema_sync.store.packs import fsync_folder

HEADS: Final = "refs/heads/"
TAGS: Final = "refs/tags/"
FLEET: Final = "refs/schema/fleet"
SPELLINGS: Final = "refs/schema/spellings"

_LIMIT = 5.0
"""Seconds until a ref that is always locked or always moved by others is given up."""


class Refs:
    """The refs of one repository, by full name; ids are 20 bytes."""

    def __init__(self, container: DiskRefsContainer, scratch: Path) -> None:
        self._container = container
        self._scratch = scratch
        self._folder = Path(os.fsdecode(container.path))

    def read(self, name: str) -> bytes | None:
        """What a ref points at, symbolic refs followed; `None` where it is not there.

        Raises:
            StoreError: it is no ref.
        """
        try:
            names, value = self._container.follow(Ref(name.encode()))
            if names and self._is_empty(names[-1].decode()):
                raise ValueError("its file is empty")
            return None if value is None else bytes.fromhex(value.decode())
        except (KeyError, RefFormatError, UnicodeEncodeError):
            return None
        except (ValueError, SymrefLoop, UnicodeDecodeError) as error:
            raise StoreError(
                f"the ref {name} points at nothing that is an id: {error}", hint="`git fsck` shows broken refs"
            ) from error

    def _is_empty(self, name: str) -> bool:
        """Whether a ref's file is empty, as a power cut leaves it. dulwich would go on to what is packed, and older."""
        try:
            status = (self._folder / name).stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return stat.S_ISREG(status.st_mode) and status.st_size == 0

    def symbolic(self, name: str) -> str | None:
        """The ref that a symbolic ref such as HEAD names, whether that exists or not."""
        value = self._container.read_ref(Ref(name.encode()))
        return value[5:].decode() if value and value.startswith(b"ref: ") else None

    def all(self, prefix: str = "refs/") -> dict[str, bytes]:
        """All refs below a prefix, sorted by name."""
        names = sorted(os.fsdecode(key) for key in self._container.allkeys())
        values = {name: self.read(name) for name in names if name.startswith(prefix)}
        return {name: value for name, value in values.items() if value is not None}

    def move(self, name: str, attempt: Callable[[bytes | None], bytes | None]) -> None:
        """Move a ref: `attempt` gets its value and gives the new one, or `None` for "leave it".

        It is called again, after a jittered pause, whenever someone else was faster. Durable on return.

        Raises:
            StoreError: the ref was locked or moved by others for five seconds; a lock file is named.
            AlreadyExists: a ref `a` keeps `a/b` from being made, or the other way round.
        """
        deadline = time.monotonic() + _LIMIT
        pause = 0.002
        while True:
            head = self.read(name)
            new = attempt(head)
            if new is None or new == head:
                return
            lock = None
            try:
                if self._swap(name, head, new):
                    self._sync(name, made=head is None)
                    return
            except Locked as error:
                lock = error.path
            if lock is None:
                # Somebody else's commit went in: the line moves, and only a lock that stays is a reason to give up.
                deadline = time.monotonic() + _LIMIT
            if time.monotonic() > deadline:
                raise _gave_up(name, lock)
            time.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(pause * 2, 0.1)

    def _swap(self, name: str, old: bytes | None, new: bytes) -> bool:
        """Compare and swap; whether the value was the one expected.

        Raises:
            Locked: somebody else holds the ref's lock.
        """
        name = self._container.follow(Ref(name.encode()))[0][-1].decode()
        self._make_room(name)
        with LockFile(self._folder / name, self._scratch) as lock:
            if self.read(name) != old:
                return False
            lock.replace(new.hex().encode() + b"\n")
            return True

    def _make_room(self, name: str) -> None:
        """Make the folders of a ref that may be new.

        Raises:
            AlreadyExists: one of the refs that are there, loose or packed, is a folder of it or the other way round.
        """
        target = self._folder / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            clash = target.is_dir() and any(path.is_file() for path in target.rglob("*"))
            if target.is_dir() and not clash:
                _remove_empty(target)
        except (NotADirectoryError, FileExistsError):
            clash = True
        packed = {os.fsdecode(key) for key in self._container.get_packed_refs()}
        above = {"/".join(name.split("/")[:depth]) for depth in range(2, name.count("/") + 1)}
        if clash or packed & above or any(key.startswith(name + "/") for key in packed):
            raise AlreadyExists(
                f"{name} cannot be made: a ref that is there is a folder of it, or it would be one of it"
            )

    def _sync(self, name: str, *, made: bool) -> None:
        folder = (self._folder / name).parent
        fsync_folder(folder)
        while made and folder != self._folder:
            folder = folder.parent
            fsync_folder(folder)

    def stale_locks(self) -> list[Path]:
        """Lock files of refs that are there now, sorted. Whether their owner lives cannot be told."""
        return sorted([*self._folder.glob("*.lock"), *(self._folder / "refs").rglob("*.lock")])


def _remove_empty(folder: Path) -> None:
    """Remove folders that deleted refs left behind; one that somebody fills meanwhile stays."""
    for inner in sorted(folder.rglob("*"), reverse=True):
        inner.rmdir()
    folder.rmdir()


def _gave_up(name: str, lock: Path | None) -> StoreError:
    if lock is None:
        return StoreError(f"moving {name} was given up: other writers were faster for {_LIMIT:.0f} s")
    return StoreError(
        f"moving {name} was given up: {lock} has been there for {_LIMIT:.0f} s",
        hint="if no other process is writing, it is left over from a crash: remove that file",
    )


def ref_name(prefix: str, name: str) -> str:
    """The full name of a branch or tag.

    Raises:
        UsageError: Git does not allow the name, or would take it for an option or an id.
    """
    full = prefix + name
    what = "tag" if prefix == TAGS else "branch"
    looks_like_id = len(name) == 40 and all(char in "0123456789abcdef" for char in name)
    try:
        raw = full.encode()
    except UnicodeEncodeError:
        raw = b""
    if not check_ref_format(Ref(raw or b"@")) or name.startswith("-") or name in ("HEAD", "@") or looks_like_id:
        raise UsageError(
            f"{name!r} cannot name a {what}: Git does not allow it",
            hint="no spaces, no `..`, none of ~ ^ : ? * [ \\, no leading - or ., no trailing / or .lock",
        )
    return full
