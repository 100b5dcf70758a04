"""The store in a Git repository.

All methods are coroutines, as the protocol wants it, and none waits for anything but the disk: they call synchronous
code directly. Two tasks of one process are therefore never within the store at the same time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

from schema_sync.errors import AlreadyExists, CorruptObject, StoreError, UnknownRevision
from schema_sync.model.codec import MANIFEST
from schema_sync.model.report import Diagnostic
from schema_sync.model.tree import EMPTY_TREE
from schema_sync.protocols import FileChange, FleetEntry, LastRun, Observation, Version
from schema_sync.store import commits, notes, revisions, trees, verify
from schema_sync.store.fleet import Fleet
from schema_sync.store.objects import FSCK
from schema_sync.store.packs import BLOB, COMMIT, TAG, TREE, Batch
from schema_sync.store.refs import HEADS, TAGS, ref_name
from schema_sync.store.repository import Change, Repository
from schema_sync.store.spellings import Spellings
from schema_sync.store.trees import EMPTY, FOLDER, MODULE, Leaf
from schema_sync.store.worktree import WorkTree

OWNED = ("manifest.json", "schema", "layout", "shared")
"""What of a version's tree is the store's; everything else is carried over."""


class GitStore:
    """A `SnapshotStore` in a Git repository, which plain `git` can read, log, diff, clone and check."""

    default_branch: str
    """The branch of the approved schema: what `HEAD` means in a revision."""

    def __init__(self, repository: Repository, branch: str) -> None:
        self.default_branch = branch
        self._repository = repository
        self._fleet = Fleet(repository)
        self._spellings = Spellings(repository)
        self._work = None if repository.work_tree is None else WorkTree(repository, repository.work_tree)

    @property
    def path(self) -> Path:
        """The repository's folder: the work tree, or the repository itself where it is bare."""
        return self._repository.work_tree or self._repository.git_dir

    @property
    def local(self) -> Path:
        """A folder for what is local and no history: the journal, merges in progress."""
        return self._repository.local

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # Versions

    async def resolve(self, rev: str) -> Version:
        """See `SnapshotStore.resolve`. A commit without a `manifest.json` is no version, and is not resolved."""
        found = revisions.resolve(rev, _Graph(self._repository), head=self.default_branch)
        oid = bytes.fromhex(found)
        if self._repository.trees.lookup(self._repository.history.commit(oid).tree, MANIFEST) is None:
            raise UnknownRevision(rev, hint=f"commit {found[:10]} holds no schema: its tree has no {MANIFEST}")
        return self._version(oid)

    async def read(self, version: Version) -> Mapping[str, bytes]:
        """See `SnapshotStore.read`. Sorted by path within each folder; a file is read when it is asked for."""
        return _Files(self._repository, bytes.fromhex(version.tree))

    async def read_file(self, version: Version, path: str) -> bytes:
        """See `SnapshotStore.read_file`."""
        content = self._content(self._at(version, path))
        if content is None:
            raise StoreError(f"the version {version.id[:10]} has no {path}")
        return content

    async def changed(self, old: Version | None, new: Version | None, under: str = "schema/") -> list[FileChange]:
        """See `SnapshotStore.changed`. With `under=""`, also what the store does not own."""
        path = under.strip("/")
        before, after = (self._at(version, path) for version in (old, new))
        found = self._repository.trees.changes(before, after, path)
        return [
            FileChange(where, self._content(one), self._content(other))
            for where, one, other in sorted(found, key=lambda change: change[0])
        ]

    def _at(self, version: Version | None, path: str) -> Leaf | None:
        return None if version is None else self._repository.trees.lookup(bytes.fromhex(version.tree), path)

    def _content(self, leaf: Leaf | None) -> bytes | None:
        return None if leaf is None or leaf.mode == MODULE else self._repository.objects.read(leaf.oid, BLOB)

    async def commit(
        self,
        branch: str,
        files: Mapping[str, bytes],
        message: str,
        *,
        trailers: Mapping[str, Sequence[str]] | None = None,
        author: str | None = None,
    ) -> tuple[Version, bool]:
        """See `SnapshotStore.commit`.

        Raises:
            UsageError: an empty message, or a name or author that Git does not allow.
            StoreError: the disk cannot be written, or the ref stayed locked.
            ValueError: a path that the store does not own, or no manifest.
        """
        ref = ref_name(HEADS, branch)
        text = commits.compose(message, {**(trailers or {}), commits.FORMAT_TRAILER: ["1"]})
        committer = self._repository.identity
        draft = _Draft(self._repository, files, text, commits.person(author or committer), committer)
        if self._work is not None:
            self._work.prepare(branch)
        self._repository.land(ref, draft.make)
        if draft.made and self._work is not None:
            self._work.follow(branch)
        if draft.made:
            self._tidy()
        return self._version(draft.commit), draft.made

    def _tidy(self) -> None:
        """Join packs where there are too many. That it fails is no reason to call the commit failed."""
        try:
            self._repository.gc(wait=False)
        except StoreError:
            return

    # Names

    async def tag(self, name: str, version: Version, message: str, *, author: str | None = None) -> None:
        """See `SnapshotStore.tag`. Nothing is done where the tag names that version already."""
        ref, target = ref_name(TAGS, name), bytes.fromhex(version.id)
        tagger = commits.person(author or self._repository.identity)
        text = commits.compose(message, {})

        def make(head: bytes | None) -> Change | None:
            if head is not None:
                self._same(f"the tag {name}", head, target)
                return None
            batch = Batch()
            data = commits.serialize_tag(name, target, text, tagger=tagger, when=self._repository.now())
            return batch.add(TAG, data), batch

        self._repository.land(ref, make)

    async def branch(self, name: str, version: Version) -> None:
        """See `SnapshotStore.branch`. Nothing is done where the branch is at that version already."""
        target = bytes.fromhex(version.id)

        def make(head: bytes | None) -> Change | None:
            if head is not None:
                self._same(f"the branch {name}", head, target)
                return None
            return target, Batch()

        self._repository.land(ref_name(HEADS, name), make)

    def _same(self, what: str, head: bytes, target: bytes) -> None:
        there = _peel(self._repository, head)
        if there != target:
            is_at = there.hex()[:10] if there else "no commit"
            raise AlreadyExists(f"{what} exists and names {is_at}, not {target.hex()[:10]}", hint="choose another name")

    async def refs(self) -> Mapping[str, str]:
        """See `SnapshotStore.refs`. A tag of something else than a commit is left out.

        Raises:
            CorruptObject: a ref points at what is missing.
        """
        found = self._repository.refs.all(HEADS) | self._repository.refs.all(TAGS)
        peeled = {name: _named(self._repository, name, oid) for name, oid in found.items()}
        return {name: oid.hex() for name, oid in sorted(peeled.items()) if oid is not None}

    # History

    async def log(
        self, version: Version, *, limit: int | None = None, path: str | None = None
    ) -> AsyncIterator[Version]:
        """See `SnapshotStore.log`. Simplified as `git log` does: of a merge only the side that brought the change."""
        start = bytes.fromhex(version.id)
        history = self._repository.history
        walk = history.ancestors(start) if not path else history.of_path(start, path)
        for count, oid in enumerate(walk):
            if limit is not None and count >= limit:
                return
            yield self._version(oid)

    async def ever(self, version: Version, paths: Collection[str]) -> Mapping[str, tuple[bytes, ...]]:
        """See `SnapshotStore.ever`. Each distinct tree of the history is read once."""
        return self._repository.history.ever(bytes.fromhex(version.id), paths)

    def _version(self, oid: bytes) -> Version:
        commit = self._repository.history.commit(oid)
        message, trailers = commits.take_apart(commit.message)
        schema = self._repository.trees.lookup(commit.tree, "schema")
        return Version(
            id=oid.hex(),
            tree=commit.tree.hex(),
            fingerprint=schema.oid.hex() if schema is not None and schema.mode == FOLDER else EMPTY_TREE,
            parents=tuple(parent.hex() for parent in commit.parents),
            author=commit.author,
            time=commits.moment(commit.time),
            message=message,
            trailers=trailers,
        )

    async def annotate(self, version: Version, data: bytes) -> None:
        """See `SnapshotStore.annotate`."""
        notes.write(self._repository, notes.IDENTITY, bytes.fromhex(version.id), data)

    async def annotation(self, version: Version) -> bytes | None:
        """See `SnapshotStore.annotation`."""
        return notes.read(self._repository, notes.IDENTITY, bytes.fromhex(version.id))

    # The fleet

    async def record(
        self, seen: Iterable[Observation], *, run: str, trailers: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """See `SnapshotStore.record`. A mapping of files that several tenants share is hashed once."""
        self._fleet.record(seen, run, trailers or {})

    async def forget(self, keys: Iterable[str], *, run: str) -> None:
        """See `SnapshotStore.forget`. The names stay in Git's history."""
        self._fleet.forget(keys, run)

    async def fleet(self) -> Mapping[str, FleetEntry]:
        """See `SnapshotStore.fleet`. Sorted by key."""
        return self._fleet.read()

    async def last_run(self) -> LastRun | None:
        """See `SnapshotStore.last_run`. Reads one commit."""
        return self._fleet.last_run()

    async def observed(self, key: str, *, nth: int = 0, at: datetime | None = None) -> Mapping[str, bytes]:
        """See `SnapshotStore.observed`. A change of the base alone is no different state."""
        return self._files(self._fleet.observed(key, nth, at))

    def _files(self, tree: bytes) -> Mapping[str, bytes]:
        flat = self._repository.trees.flat(tree)
        return {path: self._repository.objects.read(leaf.oid, BLOB) for path, leaf in flat.items()}

    # Spellings

    async def spelling(self, fingerprint: str, name: str) -> Mapping[str, bytes] | None:
        """See `SnapshotStore.spelling`."""
        tree = self._spellings.find(fingerprint, name)
        return None if tree is None else self._files(tree)

    async def spellings(self, fingerprint: str) -> Mapping[str, str]:
        """See `SnapshotStore.spellings`."""
        return self._spellings.of(fingerprint)

    async def spell(self, fingerprint: str, name: str, files: Mapping[str, bytes]) -> None:
        """See `SnapshotStore.spell`. Durable when it returns.

        Raises:
            ValueError: a path that the store does not own, or no manifest.
            StoreError: the disk cannot be written, or the ref stayed locked.
        """
        check_files(files)
        self._spellings.add(fingerprint, name, files)

    # Care

    async def verify(self, version: Version | None = None) -> list[Diagnostic]:
        """See `SnapshotStore.verify`. Every object is read and held against its id."""
        if version is not None:
            return verify.version(self._repository, bytes.fromhex(version.id))
        return verify.everything(self._repository)

    async def gc(self) -> bool:
        """Join packs with `git gc`, where Git is installed and there are fifty or more; whether it ran.

        Waits for writers and keeps them waiting.

        Raises:
            StoreError: Git failed.
        """
        return self._repository.gc(wait=True)

    async def close(self) -> None:
        """Let go of open files."""
        self._repository.close()


def check_files(files: Mapping[str, bytes]) -> None:
    """Check that a snapshot's files are such as a store takes.

    Raises:
        ValueError: a path that the store does not own, or no manifest.
    """
    for path in files:
        if path.partition("/")[0] not in OWNED:
            raise ValueError(f"{path!r} is not the store's to write")
    if MANIFEST not in files:
        raise ValueError(f"a version needs a {MANIFEST}")


class _Files(Mapping[str, bytes]):
    """The files of a version that are the store's, by path."""

    def __init__(self, repository: Repository, tree: bytes) -> None:
        self._objects = repository.objects
        found = repository.trees.flat(tree, keep=OWNED.__contains__)
        self._leaves = {path: leaf for path, leaf in found.items() if leaf.mode != MODULE}

    def __getitem__(self, path: str) -> bytes:
        return self._objects.read(self._leaves[path].oid, BLOB)

    def __iter__(self) -> Iterator[str]:
        return iter(self._leaves)

    def __len__(self) -> int:
        return len(self._leaves)


class _Draft:
    """A commit of a snapshot's files in the making."""

    def __init__(
        self, repository: Repository, files: Mapping[str, bytes], message: str, author: str, committer: str
    ) -> None:
        check_files(files)
        self._repository = repository
        self._message = message
        self._author = author
        self._committer = committer
        self._batch = Batch()
        self._tops = trees.build_top(trees.add_files(files, self._batch), self._batch)
        self.made = False
        self.commit = b""
        """The id of the version that has the files, once `make` was called."""

    def make(self, head: bytes | None) -> Change | None:
        """The commit upon a branch's tip; `None` where the tip has these very files."""
        tip = EMPTY if head is None else self._repository.history.commit(head).tree
        above = {name: Leaf(mode, oid) for mode, name, oid in self._repository.trees.entries(tip)}
        foreign = {name: leaf for name, leaf in above.items() if name.decode("utf-8", "replace") not in OWNED}
        if head is not None and above == foreign | self._tops:
            self.commit, self.made = head, False
            return None
        batch = self._batch.without(self._known(above[name] for name in above.keys() - foreign.keys()))
        tree = batch.add(TREE, trees.serialize(foreign | self._tops))
        parents = () if head is None else (head,)
        when = self._repository.now(parents)
        data = commits.serialize(
            tree, parents, self._message, author=self._author, committer=self._committer, when=when
        )
        self.commit, self.made = batch.add(COMMIT, data), True
        return self.commit, batch

    def _known(self, tops: Iterable[Leaf]) -> set[bytes]:
        """The ids of all that the previous version has: none of it is written again."""
        known = set()
        for leaf in tops:
            known.add(leaf.oid)
            if leaf.mode == FOLDER:
                known |= self._repository.trees.below(leaf.oid)
        return known


class _Graph:
    """The commits of a repository, as revisions are resolved in."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def ref(self, name: str) -> str | None:
        """See `revisions.Graph`."""
        oid = self._repository.refs.read(name)
        peeled = None if oid is None else _named(self._repository, name, oid)
        return None if peeled is None else peeled.hex()

    def names(self) -> Iterable[str]:
        """See `revisions.Graph`."""
        return [*self._repository.refs.all(HEADS), *self._repository.refs.all(TAGS)]

    def starting(self, prefix: str) -> Sequence[str]:
        """See `revisions.Graph`. A tag's own id stands for its commit."""
        found = {_peel(self._repository, oid) for oid in self._repository.objects.starting(prefix)}
        return sorted(oid.hex() for oid in found if oid is not None)

    def parents(self, version: str) -> tuple[str, ...]:
        """See `revisions.Graph`."""
        return tuple(oid.hex() for oid in self._repository.history.commit(bytes.fromhex(version)).parents)

    def time(self, version: str) -> datetime:
        """See `revisions.Graph`."""
        return commits.moment(self._repository.history.commit(bytes.fromhex(version)).time)


def _named(repository: Repository, ref: str, oid: bytes) -> bytes | None:
    """The commit that a ref stands for; `None` where it is another object.

    Raises:
        CorruptObject: it is missing: the name is known, so that to call it unknown would be wrong.
    """
    found = _peel(repository, oid)
    if found is None and not repository.objects.has(oid):
        raise CorruptObject(ref, f"it points at {oid.hex()}, which is missing", hint=FSCK)
    return found


def _peel(repository: Repository, oid: bytes) -> bytes | None:
    """The commit that an id or a tag's id stands for; `None` where it is another object, or missing."""
    while True:
        found = repository.objects.find(oid)
        if found is None or found[0] not in (COMMIT, TAG):
            return None
        if found[0] == COMMIT:
            return oid
        oid = commits.tag_target(found[1], oid)[0]
