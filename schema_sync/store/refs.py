"""Refs: names, reading, and the one way to move them.

A ref is moved by compare-and-swap from the value that was read once, and that the new commit has as its parent. To
read it twice is how commits get lost.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dulwich.errors import RefFormatError
from dulwich.file import FileLocked
from dulwich.objects import ZERO_SHA, ObjectID
from dulwich.refs import DiskRefsContainer, Ref, SymrefLoop, check_ref_format

from schema_sync.errors import AlreadyExists, StoreError, UsageError
from schema_sync.store.packs import fsync_folder

if TYPE_CHECKING:
    from collections.abc import Callable

HEADS: Final = "refs/heads/"
TAGS: Final = "refs/tags/"
FLEET: Final = "refs/schema/fleet"

_LIMIT = 5.0
"""Seconds until a ref that is always locked or always moved by others is given up."""


class Refs:
    """The refs of one repository, by full name; ids are 20 bytes."""

    def __init__(self, container: DiskRefsContainer) -> None:
        self._container = container
        self._folder = Path(os.fsdecode(container.path))

    def read(self, name: str) -> bytes | None:
        """What a ref points at, symbolic refs followed; `None` where it is not there.

        Raises:
            StoreError: it is no ref.
        """
        try:
            value = self._container.follow(Ref(name.encode()))[1]
            return None if value is None else bytes.fromhex(value.decode())
        except (KeyError, RefFormatError):
            return None
        except (ValueError, SymrefLoop, UnicodeDecodeError) as error:
            raise StoreError(
                f"the ref {name} points at nothing that is an id", hint="`git fsck` shows broken refs"
            ) from error

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
            lock = self._swap(name, head, new)
            if lock == "":
                self._sync(name, made=head is None)
                return
            if time.monotonic() > deadline:
                raise _gave_up(name, lock)
            time.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(pause * 2, 0.1)

    def _swap(self, name: str, old: bytes | None, new: bytes) -> str | None:
        """Compare and swap: `""` when done, the lock file's path when locked, `None` when the value was another."""
        before = ZERO_SHA if old is None else ObjectID(old.hex().encode())
        try:
            done = self._container.set_if_equals(Ref(name.encode()), before, ObjectID(new.hex().encode()))
        except FileLocked as error:
            return os.fsdecode(error.lockfilename)
        except (NotADirectoryError, IsADirectoryError, FileExistsError) as error:
            raise AlreadyExists(
                f"{name} cannot be made beside the refs that are there: one is a folder of the other"
            ) from error
        except OSError as error:
            raise StoreError(f"moving {name} failed: {error.strerror}") from error
        return "" if done else None

    def _sync(self, name: str, *, made: bool) -> None:
        folder = (self._folder / name).parent
        fsync_folder(folder)
        while made and folder != self._folder:
            folder = folder.parent
            fsync_folder(folder)

    def stale_locks(self) -> list[Path]:
        """Lock files of refs that are there now, sorted. Whether their owner lives cannot be told."""
        return sorted([*self._folder.glob("*.lock"), *(self._folder / "refs").rglob("*.lock")])


def _gave_up(name: str, lock: str | None) -> StoreError:
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
