"""Where versions and the observed fleet are kept. Nothing outside knows of Git but by what these stores promise."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from dulwich.repo import Repo

from schema_sync.errors import StoreError, UsageError
from schema_sync.model.codec import MANIFEST
from schema_sync.store.git import GitStore
from schema_sync.store.refs import HEADS, ref_name
from schema_sync.store.repository import Repository

__all__ = ["KINDS", "GitStore", "create_store", "open_store"]

KINDS: Final = ("git",)
"""The kinds of store that `[store] kind` may name."""

_OWN_BRANCH: Final = "main"
_GUEST_BRANCH: Final = "schema/main"
"""The default in a repository that is somebody's else: its `main` is not ours to commit schemas to."""

_MARKER: Final = ("schema-sync", "branch")
"""A file in the Git folder of repositories that `create_store` made."""


def open_store(
    path: Path, kind: str = "git", branch: str | None = None, *, clock: Callable[[], float] = time.time
) -> GitStore:
    """Open the store in a folder. Without a branch it is the one that the store was made with.

    Raises:
        StoreError: there is no store; the hint says how to make one.
        UsageError: an unknown kind, or a branch that Git does not allow.
    """
    _check_kind(kind)
    if branch is not None:
        ref_name(HEADS, branch)
    repository = Repository.open(path, clock)
    return GitStore(repository, branch or _usual_branch(repository))


def create_store(
    path: Path,
    kind: str = "git",
    branch: str | None = None,
    *,
    bare: bool = False,
    clock: Callable[[], float] = time.time,
) -> GitStore:
    """Make a store in a folder that is missing or empty, or accept the repository that is there.

    In a repository that this did not make, the branch is `schema/main` unless another is named, or unless `main`
    holds a schema already. Nothing is committed.

    Raises:
        StoreError: the folder holds something else, or the branch other files than a schema's.
        UsageError: an unknown kind, or a branch that Git does not allow.
    """
    _check_kind(kind)
    if branch is not None:
        ref_name(HEADS, branch)
    if _is_free(path):
        return _make(path, branch or _OWN_BRANCH, bare, clock)
    if not (path / ".git").exists() and not (path / "HEAD").exists():
        raise StoreError(f"{path} is neither empty nor a store", hint="choose a folder of its own for the store")
    repository = Repository.open(path, clock)
    chosen = branch or _usual_branch(repository)
    if not _fits(repository, chosen):
        repository.close()
        raise StoreError(
            f"the branch {chosen} of {path} holds other files than a schema: it has no {MANIFEST}",
            hint=f"choose another branch, such as {_GUEST_BRANCH}",
        )
    return GitStore(repository, chosen)


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise UsageError(f"there is no kind of store called {kind!r}", hint=f"known are {', '.join(KINDS)}")


def _is_free(path: Path) -> bool:
    return not path.exists() or (path.is_dir() and not any(path.iterdir()))


def _make(path: Path, branch: str, bare: bool, clock: Callable[[], float]) -> GitStore:
    try:
        path.mkdir(parents=True, exist_ok=True)
        make = Repo.init_bare if bare else Repo.init
        with make(str(path), default_branch=branch.encode(), object_format="sha1") as repo:
            marker = Path(repo.controldir(), *_MARKER)
        marker.parent.mkdir()
        marker.write_text(branch + "\n")
    except OSError as error:
        raise StoreError(f"making the store {path} failed: {error.strerror}") from error
    return open_store(path, branch=branch, clock=clock)


def _usual_branch(repository: Repository) -> str:
    """The branch that a repository's store is on; a clone knows it by the manifest in its tree."""
    try:
        return repository.git_dir.joinpath(*_MARKER).read_text().strip()
    except FileNotFoundError:
        at_home = repository.refs.read(HEADS + _OWN_BRANCH) is not None and _fits(repository, _OWN_BRANCH)
        return _OWN_BRANCH if at_home else _GUEST_BRANCH


def _fits(repository: Repository, branch: str) -> bool:
    """Whether a branch holds a schema, or nothing yet."""
    tip = repository.refs.read(HEADS + branch)
    if tip is None:
        return True
    return repository.trees.lookup(repository.history.commit(tip).tree, MANIFEST) is not None
