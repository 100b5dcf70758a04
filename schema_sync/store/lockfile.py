"""Git's lock files, in a form that shows whether their owner lives.

Git locks a file by making `<file>.lock`, and replaces the file by renaming that. A process that is killed in between
leaves the lock, and nobody can tell it from one in use. Ours is a hard link to a file of its own in the store's local
folder, upon which its owner holds an flock(2), which ends with the process. A lock that is such a link, and whose flock
is free, was left by a dead writer of ours and is broken; any other is somebody else's, and is only ever reported.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

_PREFIX = "lock-"
_OLD = 3600.0
"""Seconds after which an orphan is swept; none that is in use is nearly as old."""


class Locked(Exception):
    """Somebody else holds the lock. Never leaves the store."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path
        """The lock file."""


class LockFile:
    """The lock on one file, held from the first moment until the block ends."""

    def __init__(self, target: Path, scratch: Path) -> None:
        """Take the lock on `target`, with a file of its own in `scratch` on the same disk.

        Raises:
            Locked: somebody else holds it.
            OSError: it cannot be made.
        """
        self._target = target
        self.path = target.with_name(target.name + ".lock")
        scratch.mkdir(exist_ok=True)
        self._own = scratch / f"{_PREFIX}{os.getpid()}-{os.urandom(6).hex()}"
        self._handle = os.open(self._own, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX)
            self._link(scratch)
        except BaseException:
            self._let_go()
            raise
        self._held = True

    def _link(self, scratch: Path) -> None:
        try:
            self.path.hardlink_to(self._own)
        except FileExistsError:
            if not _break(self.path, scratch):
                raise Locked(self.path) from None
            try:
                self.path.hardlink_to(self._own)
            except FileExistsError:
                raise Locked(self.path) from None

    def replace(self, data: bytes) -> None:
        """Put this in the place of the file, fsynced, in one step; that ends the lock."""
        with os.fdopen(os.dup(self._handle), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        self.path.rename(self._target)
        self._held = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._held:
            self.path.unlink()
        self._let_go()

    def _let_go(self) -> None:
        self._own.unlink(missing_ok=True)
        os.close(self._handle)


def _break(path: Path, scratch: Path) -> bool:
    """Remove a lock that a dead writer of ours left; whether the lock is gone.

    The flock on what the lock links to is held while it is removed, and only its holder may do that: the lock of a
    third, made in the meantime, cannot be hit.
    """
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        inode = os.fstat(handle).st_ino
        for own in scratch.glob(f"{_PREFIX}*"):
            if own.lstat().st_ino == inode == path.lstat().st_ino:
                path.unlink()
                own.unlink()
                return True
    except (BlockingIOError, FileNotFoundError):
        return False
    finally:
        os.close(handle)
    return False


def orphans(scratch: Path) -> list[Path]:
    """Files that killed writers left in the local folder, sorted."""
    before = time.time() - _OLD
    return sorted(path for path in scratch.glob(f"{_PREFIX}*") if path.lstat().st_mtime < before)
