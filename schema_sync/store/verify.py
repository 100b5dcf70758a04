"""Looks for what is wrong in a repository, object by object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schema_sync.errors import CorruptObject, StoreError
from schema_sync.model.report import Diagnostic
from schema_sync.store import commits
from schema_sync.store.lockfile import orphans
from schema_sync.store.packs import BLOB, COMMIT, NAMES, TAG, TREE, leftovers
from schema_sync.store.repository import Repository
from schema_sync.store.trees import EMPTY, FOLDER, MODULE

_KINDS: Final = {name.decode(): kind for kind, name in NAMES.items()}


def everything(repository: Repository) -> list[Diagnostic]:
    """All that refs reach, and what crashed writers left. Each object is read once, however many versions have it."""
    found: list[Diagnostic] = []
    check = _Check(repository)
    try:
        refs = repository.refs.all()
    except StoreError as error:
        return [Diagnostic(code="broken_ref", object="refs", message=error.message), *_litter(repository)]
    for name, oid in refs.items():
        found += check.walk(name, oid)
    return [*found, *_litter(repository)]


def version(repository: Repository, oid: bytes) -> list[Diagnostic]:
    """What one commit's tree reaches; its ancestors are not read."""
    check = _Check(repository)
    return list(check.one(oid, COMMIT, parents=False))


def _litter(repository: Repository) -> Iterator[Diagnostic]:
    locks = [*repository.refs.stale_locks(), *repository.git_dir.glob("index.lock")]
    for path in sorted(set(locks)):
        yield Diagnostic(
            code="stale_lock",
            object=str(path),
            message=f"{path} is there: if no process is writing, a crash left it, and it keeps all writers out",
        )
    for path in [*leftovers(repository.packs), *orphans(repository.local)]:
        yield Diagnostic(
            code="leftover",
            object=str(path),
            message=f"{path} is left over from a writer that was killed; `git gc` removes it",
        )


class _Check:
    """A walk that reads each object once."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._seen: set[bytes] = {EMPTY}

    def walk(self, ref: str, oid: bytes) -> Iterator[Diagnostic]:
        """A ref's target and all that it reaches."""
        try:
            found = self._repository.objects.find(oid)
        except CorruptObject as error:
            yield _diagnostic(error)
            return
        if found is None:
            message = f"{ref} points at {oid.hex()}, which is missing"
            yield Diagnostic(code="broken_ref", object=ref, message=message)
        else:
            yield from self.one(oid, found[0], parents=True)

    def one(self, oid: bytes, kind: int, *, parents: bool) -> Iterator[Diagnostic]:
        """An object and what it reaches, without recursion: histories are longer than stacks are deep."""
        todo = [(oid, kind)]
        while todo:
            oid, kind = todo.pop()
            if oid in self._seen:
                continue
            self._seen.add(oid)
            try:
                data = self._repository.objects.read(oid, kind)
                todo += self._reached(oid, kind, data, parents)
            except CorruptObject as error:
                yield _diagnostic(error)

    def _reached(self, oid: bytes, kind: int, data: bytes, parents: bool) -> list[tuple[bytes, int]]:
        if kind == COMMIT:
            commit = commits.parse(data, oid)
            return [(commit.tree, TREE), *((parent, COMMIT) for parent in commit.parents if parents)]
        if kind == TREE:
            entries = self._repository.trees.entries(oid)
            return [(one, TREE if mode == FOLDER else BLOB) for mode, _, one in entries if mode != MODULE]
        if kind == TAG:
            target, sort = commits.tag_target(data, oid)
            return [(target, _KINDS[sort])] if sort in _KINDS else []
        return []


def _diagnostic(error: CorruptObject) -> Diagnostic:
    return Diagnostic(code="damaged_object", object=error.path, message=error.message)
