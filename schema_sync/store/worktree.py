"""The work tree: a convenience for people, brought along where that overwrites nothing of theirs.

A file moves only if the index has it as the version last brought here, and then on the disk only if its bytes are that
version's too. Whatever somebody edited, staged, deleted or put in the way stays, and shows in `git status` as theirs.
"""

from __future__ import annotations

import io
import os
import stat
from contextlib import AbstractContextManager
from pathlib import Path

from dulwich.index import (
    ConflictedIndexEntry,
    IndexChecksumWriter,
    IndexEntry,
    index_entry_from_stat,
    read_index_dict,
    write_index_dict,
)
from dulwich.object_format import SHA1

from schema_sync.store import locks
from schema_sync.store.lockfile import Locked, LockFile
from schema_sync.store.objects import DAMAGE
from schema_sync.store.packs import BLOB, object_id
from schema_sync.store.refs import HEADS
from schema_sync.store.repository import Repository
from schema_sync.store.trees import EMPTY, FILE, FOLDER, Leaf

_NOTHING = bytes(20)
"""Noted where the branch had no commit yet."""

_REGULAR = (FILE, b"100755")

Index = dict[bytes, IndexEntry | ConflictedIndexEntry]


class WorkTree:
    """The work tree of a repository that has one."""

    def __init__(self, repository: Repository, root: Path) -> None:
        self._repository = repository
        self._root = root
        self._index = repository.control_dir / "index"
        self._local = repository.control_dir / repository.local.name
        self._marker = self._local / "worktree"

    def prepare(self, branch: str) -> None:
        """Before the branch moves: bring along what a killed writer could not, or note where things stand."""
        ref = HEADS + branch
        if self._repository.refs.symbolic("HEAD") != ref:
            return
        with self._alone():
            if self._noted() is None:
                self._note(self._repository.refs.read(ref) or _NOTHING)
        self.follow(branch)

    def _alone(self) -> AbstractContextManager[None]:
        return locks.exclusive(self._local / "worktree.lock")

    def follow(self, branch: str) -> bool:
        """Bring index and files up to the branch's tip, if it is checked out; whether all files followed.

        Another process at the same work waits. What cannot be read or written, an index that Git itself holds or that
        is damaged, a folder without the right to write, is left until the next time: the commit itself is made.
        """
        ref = HEADS + branch
        if self._repository.refs.symbolic("HEAD") != ref:
            return False
        try:
            with self._alone():
                tip, base = self._repository.refs.read(ref), self._noted()
                if tip is None or tip == base:
                    return tip is not None
                with LockFile(self._index, self._local) as lock:
                    index = self._read_index()
                    followed = self._bring(index, base, tip)
                    lock.replace(_index_bytes(index))
                self._note(tip)
                return followed
        except (Locked, OSError, *DAMAGE):
            return False

    def _noted(self) -> bytes | None:
        """The commit that the work tree was last brought to, if that is noted and still there."""
        try:
            oid = bytes.fromhex(self._marker.read_text().strip())
        except (FileNotFoundError, ValueError):
            return None
        return oid if oid == _NOTHING or (len(oid) == 20 and self._repository.objects.has(oid)) else None

    def _note(self, tip: bytes) -> None:
        temporary = self._marker.with_suffix(".new")
        temporary.write_text(tip.hex() + "\n")
        temporary.replace(self._marker)

    def _read_index(self) -> Index:
        try:
            with self._index.open("rb") as file:
                return dict(read_index_dict(file))
        except FileNotFoundError:
            return {}

    def _bring(self, index: Index, base: bytes | None, tip: bytes) -> bool:
        """Bring along what changed between two commits; deletions first, since a file may give way to a folder."""
        history = self._repository.history
        old = Leaf(FOLDER, EMPTY if base in (None, _NOTHING) else history.commit(base).tree)
        changes = self._repository.trees.changes(old, Leaf(FOLDER, history.commit(tip).tree), "")
        followed = True
        for path, before, after in sorted(changes, key=lambda change: (change[2] is not None, change[0])):
            stands = _leaf(index.get(_raw(path)))
            if stands == before:
                followed &= self._move(index, path, before, after)
            elif stands != after:
                followed = False
        return followed

    def _move(self, index: Index, path: str, before: Leaf | None, after: Leaf | None) -> bool:
        """Bring one path along in the index, and on disk where nothing of anybody's is lost."""
        target = self._root / path
        disk = _on_disk(target) if self._reachable(path) else b""
        ours = disk in (before and before.oid, after and after.oid)
        if after is None:
            index.pop(_raw(path), None)
            if ours and disk is not None:
                target.unlink()
                self._prune(target.parent)
            return ours
        status = os.stat_result((0,) * 10)
        if ours and after.mode in _REGULAR:
            if disk != after.oid:
                target.parent.mkdir(parents=True, exist_ok=True)
                _write(target, self._repository.objects.read(after.oid, BLOB), after.mode == b"100755")
            status = target.lstat()
        index[_raw(path)] = index_entry_from_stat(status, after.oid.hex().encode(), mode=int(after.mode, 8))
        return ours

    def _reachable(self, path: str) -> bool:
        """Whether all folders above are folders or not there: nothing is written through a link."""
        folder = self._root
        for name in path.split("/")[:-1]:
            folder = folder / name
            try:
                if not stat.S_ISDIR(folder.lstat().st_mode):
                    return False
            except FileNotFoundError:
                return True
        return True

    def _prune(self, folder: Path) -> None:
        """Remove folders that a deletion left empty."""
        while folder != self._root:
            try:
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent


def _index_bytes(index: Index) -> bytes:
    """An index as a file, without extensions: those that Git had in it are caches of what has now changed."""
    file = io.BytesIO()
    writer = IndexChecksumWriter(file, SHA1)
    write_index_dict(writer, dict(sorted(index.items())), object_format=SHA1)
    writer.write_checksum()
    return file.getvalue()


def _raw(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _leaf(entry: IndexEntry | ConflictedIndexEntry | None) -> Leaf | None:
    """An index entry as a tree would have it; one in conflict is like no tree's."""
    if entry is None:
        return None
    if isinstance(entry, ConflictedIndexEntry):
        return Leaf(b"", b"")
    return Leaf(b"%o" % entry.mode, bytes.fromhex(entry.sha.decode()))


def _on_disk(path: Path) -> bytes | None:
    """The blob id of a file; `None` if nothing is there, `b""` if it is no regular file."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return b""
        return object_id(BLOB, path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None


def _write(path: Path, data: bytes, executable: bool) -> None:
    """Replace a file in one step, so that a reader or a crash never meets half of it."""
    temporary = path.with_name(f".{path.name[:200]}.schema-sync-new")
    temporary.write_bytes(data)
    if executable:
        temporary.chmod(temporary.stat().st_mode | 0o111)
    temporary.replace(path)
