"""The repository: its parts, and the write path that all changes take.

::

    take the lock (shared)
      head = one read of the ref
      objects = what the previous tree does not have, trees, a commit whose parent is head
      write one pack, fsync it and its folder
      compare and swap the ref from head        false or locked: a pause, and again from the read
      fsync the ref's folder
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Final, Self

from dulwich.errors import NotGitRepository
from dulwich.object_store import DiskObjectStore
from dulwich.objects import RawObjectID
from dulwich.refs import DiskRefsContainer
from dulwich.repo import Repo, UnsupportedExtension, UnsupportedVersion

from schema_sync.errors import StoreError
from schema_sync.store import commits, locks
from schema_sync.store.history import History
from schema_sync.store.lockfile import orphans
from schema_sync.store.objects import DAMAGE, Objects
from schema_sync.store.packs import Batch, count_packs, write_pack
from schema_sync.store.refs import Refs
from schema_sync.store.trees import Trees

MANY_PACKS: Final = 50
"""Each pack costs four open files, and each object that is looked for and not there a look into every pack."""

Change = tuple[bytes, Batch]
"""The commit that a ref shall point at, and the objects that it needs and the repository may lack."""


class Repository:
    """One open repository. Use `close`, or files stay open."""

    git_dir: Path
    """Where refs and objects are; the repository itself if it is bare."""

    work_tree: Path | None
    """Where the files are checked out; `None` if it is bare."""

    def __init__(self, repo: Repo, clock: Callable[[], float] = time.time) -> None:
        assert isinstance(repo.object_store, DiskObjectStore)
        self._repo = repo
        self._clock = clock
        self.git_dir = Path(repo.commondir())
        self.control_dir = Path(repo.controldir())
        self.work_tree = None if repo.bare else Path(repo.path)
        self.packs = self.git_dir / "objects" / "pack"
        self.local = self.git_dir / "schema-sync"
        self.objects = Objects(repo.object_store)
        self.trees = Trees(self.objects)
        self.history = History(self.objects, self.trees)
        assert isinstance(repo.refs, DiskRefsContainer)
        self.refs = Refs(repo.refs, self.local)

    @classmethod
    def open(cls, path: Path, clock: Callable[[], float] = time.time) -> Self:
        """Open the repository in a folder, which is the work tree or bare; folders above are not looked at.

        Raises:
            StoreError: there is none, or it is of a sort that this tool cannot write safely.
        """
        try:
            repo = Repo(str(path))
        except NotGitRepository as error:
            what = "is not a Git repository" if path.exists() else "does not exist"
            raise StoreError(f"the store {path} {what}", hint="`schema-sync init` makes one") from error
        except (UnsupportedExtension, UnsupportedVersion, *DAMAGE) as error:
            raise StoreError(f"the store {path} cannot be opened: {error}") from error
        sort = _unsupported(repo)
        if sort:
            repo.close()
            raise StoreError(f"the store {path} {sort}", hint="use a repository as plain `git init` makes it")
        return cls(repo, clock)

    @cached_property
    def identity(self) -> str:
        """Who commits: `user.name` and `user.email` of Git's configuration, where both are set. Read once."""
        config = self._repo.get_config_stack()
        try:
            text = f"{config.get('user', 'name').decode()} <{config.get('user', 'email').decode()}>"
            return commits.person(text)
        except (KeyError, UnicodeDecodeError):
            return commits.NOBODY

    def now(self, parents: tuple[bytes, ...] = ()) -> int:
        """The time for a commit, in seconds: never before its parents', whatever the clock was set to."""
        return max([int(self._clock()), *(self.history.commit(oid).time for oid in parents)])

    def land(self, ref: str, make: Callable[[bytes | None], Change | None]) -> None:
        """Move a ref along the write path. `make` gets its value and may be called several times; `None` ends it.

        Raises:
            StoreError: the disk cannot be written, or the ref stayed locked.
        """
        written: set[bytes] = set()

        def attempt(head: bytes | None) -> bytes | None:
            change = make(head)
            if change is None:
                return None
            new, batch = change[0], change[1].without(written)
            if len(batch):
                write_pack(self.packs, batch)
                written.update(batch)
            return new

        try:
            with locks.shared(self._lock):
                self.refs.move(ref, attempt)
        except OSError as error:
            raise StoreError(f"writing to the store {self.git_dir} failed: {error.strerror}") from error

    def lacks(self, batch: Batch) -> Batch:
        """What of a batch is in no pack, nor loose."""
        packs = self.objects.packs()
        there = set()
        for oid in batch:
            if any(_holds(pack.index.object_offset, oid) for pack in packs):
                there.add(oid)
        return batch.without(there)

    @property
    def _lock(self) -> Path:
        return self.local / "lock"

    def gc(self, *, wait: bool, at: int = MANY_PACKS) -> bool:
        """Let `git gc` join packs, once there are many and where Git is installed; whether it ran.

        Without `wait` it is left to a later time while someone writes.

        Raises:
            StoreError: Git failed.
        """
        git = shutil.which("git")
        if git is None or count_packs(self.packs) < at:
            return False
        try:
            with locks.exclusive(self._lock, wait=wait):
                if count_packs(self.packs) < at:
                    return False
                command = [git, f"--git-dir={self.git_dir}", "-c", "gc.autoDetach=false", "gc", "--quiet"]
                for path in orphans(self.local):
                    path.unlink(missing_ok=True)
                done = subprocess.run(command, capture_output=True, text=True, check=False)
        except BlockingIOError:
            return False
        if done.returncode:
            raise StoreError(f"git gc in {self.git_dir} failed: {' '.join(done.stderr.split())}")
        return True

    def close(self) -> None:
        """Let go of open files."""
        self._repo.close()


def _holds(offset: Callable[[RawObjectID], int], oid: bytes) -> bool:
    try:
        offset(oid)  # type: ignore[arg-type]
    except KeyError:
        return False
    return True


def _unsupported(repo: Repo) -> str | None:
    """Why a repository cannot be a store: dulwich has wrong ids for SHA-256, and swaps no reftable safely."""
    if repo.object_format.oid_length != 20:
        return "is a SHA-256 repository"
    if not isinstance(repo.refs, DiskRefsContainer):
        return "keeps its refs in a reftable"
    return None
