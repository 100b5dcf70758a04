"""A store in memory: the twin of the one in Git, for tests of what is built upon a store.

It gives the ids that Git would give, so that a test may move from one to the other and see the same.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from schema_sync.errors import AlreadyExists, StoreError, UnknownRevision, UnknownTenant
from schema_sync.model.report import Diagnostic
from schema_sync.model.tree import tree_id
from schema_sync.protocols import Base, FileChange, FleetEntry, LastRun, Observation, Version
from schema_sync.store import commits, revisions
from schema_sync.store.git import check_files
from schema_sync.store.packs import COMMIT, object_id
from schema_sync.store.refs import HEADS, TAGS, ref_name


class _State(NamedTuple):
    """What is recorded of one tenant."""

    files: Mapping[str, bytes]
    base: Base | None


class MemoryStore:
    """A `SnapshotStore` that ends with the process. Its history is linear, and holds no files of others."""

    default_branch: str
    """What `HEAD` means in a revision."""

    def __init__(self, branch: str = "main", *, clock: Callable[[], float] = time.time) -> None:
        self.default_branch = branch
        self._clock = clock
        self._versions: dict[str, Version] = {}
        self._files: dict[str, Mapping[str, bytes]] = {}
        self._refs: dict[str, str] = {}
        self._fleet: list[tuple[datetime, dict[str, _State]]] = []
        self._last: LastRun | None = None
        self._notes: dict[str, bytes] = {}
        self._spellings: dict[str, dict[str, Mapping[str, bytes]]] = {}

    # Versions

    async def resolve(self, rev: str) -> Version:
        """See `SnapshotStore.resolve`."""
        return self._versions[revisions.resolve(rev, _Graph(self._versions, self._refs), head=self.default_branch)]

    async def read(self, version: Version) -> Mapping[str, bytes]:
        """See `SnapshotStore.read`."""
        return self._files[version.id]

    async def read_file(self, version: Version, path: str) -> bytes:
        """See `SnapshotStore.read_file`."""
        try:
            return self._files[version.id][path]
        except KeyError as error:
            raise StoreError(f"version {version.id[:10]} has no {path}") from error

    async def changed(self, old: Version | None, new: Version | None, under: str = "schema/") -> list[FileChange]:
        """See `SnapshotStore.changed`."""
        before, after = (self._files[version.id] if version else {} for version in (old, new))
        return [
            FileChange(path, before.get(path), after.get(path))
            for path in sorted(before.keys() | after.keys())
            if _is_under(path, under) and before.get(path) != after.get(path)
        ]

    async def commit(
        self,
        branch: str,
        files: Mapping[str, bytes],
        message: str,
        *,
        trailers: Mapping[str, Sequence[str]] | None = None,
        author: str | None = None,
    ) -> tuple[Version, bool]:
        """See `SnapshotStore.commit`."""
        check_files(files)
        ref = ref_name(HEADS, branch)
        who = commits.person(author or commits.NOBODY)
        text = commits.compose(message, {**(trailers or {}), commits.FORMAT_TRAILER: ["1"]})
        tip = self._refs.get(ref)
        if tip is not None and self._files[tip] == files:
            return self._versions[tip], False
        version = self._version(files, (tip,) if tip else (), text, who)
        self._versions[version.id] = version
        self._files[version.id] = MappingProxyType(dict(sorted(files.items())))
        self._refs[ref] = version.id
        return version, True

    def _version(self, files: Mapping[str, bytes], parents: tuple[str, ...], text: str, author: str) -> Version:
        tree = tree_id(files)
        when = max([int(self._clock()), *(int(self._versions[parent].time.timestamp()) for parent in parents)])
        data = commits.serialize(
            bytes.fromhex(tree), map(bytes.fromhex, parents), text, author=author, committer=commits.NOBODY, when=when
        )
        head, trailers = commits.take_apart(text)
        return Version(
            id=object_id(COMMIT, data).hex(),
            tree=tree,
            fingerprint=_fingerprint(files),
            parents=parents,
            author=author,
            time=commits.moment(when),
            message=head,
            trailers=trailers,
        )

    # Names

    async def tag(self, name: str, version: Version, message: str, *, author: str | None = None) -> None:
        """See `SnapshotStore.tag`. The message is checked and not kept."""
        commits.person(author or commits.NOBODY)
        commits.compose(message, {})
        self._name(ref_name(TAGS, name), version)

    async def branch(self, name: str, version: Version) -> None:
        """See `SnapshotStore.branch`."""
        self._name(ref_name(HEADS, name), version)

    def _name(self, ref: str, version: Version) -> None:
        there = self._refs.get(ref, version.id)
        if there != version.id:
            raise AlreadyExists(f"{ref} exists and names {there[:10]}", hint="choose another name")
        self._refs[ref] = version.id

    async def refs(self) -> Mapping[str, str]:
        """See `SnapshotStore.refs`."""
        return dict(sorted(self._refs.items()))

    # History

    async def log(
        self, version: Version, *, limit: int | None = None, path: str | None = None
    ) -> AsyncIterator[Version]:
        """See `SnapshotStore.log`."""
        shown = 0
        for one in self._line(version):
            if shown == limit:
                return
            parent = self._versions[one.parents[0]] if one.parents else None
            if not path or await self.changed(parent, one, path):
                shown += 1
                yield one

    async def ever(self, version: Version, paths: Collection[str]) -> Mapping[str, tuple[bytes, ...]]:
        """See `SnapshotStore.ever`."""
        found: dict[str, dict[bytes, None]] = {}
        for one in self._line(version):
            files = self._files[one.id]
            for path in paths:
                if path in files:
                    found.setdefault(path, {}).setdefault(files[path])
        return {path: tuple(contents) for path, contents in found.items()}

    def _line(self, version: Version) -> Iterator[Version]:
        yield version
        while version.parents:
            version = self._versions[version.parents[0]]
            yield version

    # The fleet

    async def annotate(self, version: Version, data: bytes) -> None:
        """See `SnapshotStore.annotate`."""
        self._notes[version.id] = data

    async def annotation(self, version: Version) -> bytes | None:
        """See `SnapshotStore.annotation`."""
        return self._notes.get(version.id)

    async def record(
        self, seen: Iterable[Observation], *, run: str, trailers: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """See `SnapshotStore.record`. Trailers are not kept."""
        now = dict(self._now())
        for one in seen:
            old = now.get(one.key)
            now[one.key] = _State(MappingProxyType(dict(one.files)), one.base or (old and old.base))
        self._note(now, run)

    async def forget(self, keys: Iterable[str], *, run: str) -> None:
        """See `SnapshotStore.forget`."""
        gone = set(keys)
        self._note({key: state for key, state in self._now().items() if key not in gone}, run)

    def _now(self) -> Mapping[str, _State]:
        return self._fleet[-1][1] if self._fleet else {}

    def _note(self, states: dict[str, _State], run: str) -> None:
        if states != self._now():
            when = commits.moment(int(self._clock()))
            self._fleet.append((when, states))
            self._last = LastRun(run=run, time=when)

    async def last_run(self) -> LastRun | None:
        """See `SnapshotStore.last_run`."""
        return self._last

    async def fleet(self) -> Mapping[str, FleetEntry]:
        """See `SnapshotStore.fleet`."""
        return {
            key: FleetEntry(observed=_fingerprint(state.files), tree=tree_id(state.files), base=state.base)
            for key, state in sorted(self._now().items())
        }

    async def observed(self, key: str, *, nth: int = 0, at: datetime | None = None) -> Mapping[str, bytes]:
        """See `SnapshotStore.observed`."""
        if key not in self._now():
            raise UnknownTenant(key, near=revisions.near(key, self._now()))
        states: list[Mapping[str, bytes]] = []
        for when, fleet in reversed(self._fleet):
            if key in fleet and (at is None or when <= at) and fleet[key].files not in states[-1:]:
                states.append(fleet[key].files)
        if nth >= len(states):
            raise UnknownRevision(f"tenant:{key}~{nth}", hint=f"{len(states)} different states are recorded")
        return states[nth]

    # Spellings

    async def spelling(self, fingerprint: str, name: str) -> Mapping[str, bytes] | None:
        """See `SnapshotStore.spelling`."""
        return self._spellings.get(fingerprint, {}).get(name)

    async def spellings(self, fingerprint: str) -> Mapping[str, str]:
        """See `SnapshotStore.spellings`."""
        found = self._spellings.get(fingerprint, {})
        return {name: _fingerprint(files) for name, files in sorted(found.items())}

    async def spell(self, fingerprint: str, name: str, files: Mapping[str, bytes]) -> None:
        """See `SnapshotStore.spell`."""
        check_files(files)
        self._spellings.setdefault(fingerprint, {})[name] = MappingProxyType(dict(files))

    # Care

    async def verify(self, version: Version | None = None) -> list[Diagnostic]:
        """See `SnapshotStore.verify`. Files are held against the ids of their trees."""
        return [
            Diagnostic(code="damaged_object", object=one.id, message=f"the files of {one.id} are not those of its tree")
            for one in ([version] if version else self._versions.values())
            if tree_id(self._files[one.id]) != one.tree
        ]

    async def close(self) -> None:
        """There is nothing to let go of."""


class _Graph:
    """The versions, as revisions are resolved in."""

    def __init__(self, versions: Mapping[str, Version], refs: Mapping[str, str]) -> None:
        self._versions = versions
        self._refs = refs

    def ref(self, name: str) -> str | None:
        """See `revisions.Graph`."""
        return self._refs.get(name)

    def names(self) -> Iterable[str]:
        """See `revisions.Graph`."""
        return self._refs

    def starting(self, prefix: str) -> Sequence[str]:
        """See `revisions.Graph`."""
        return [version for version in self._versions if version.startswith(prefix)]

    def parents(self, version: str) -> tuple[str, ...]:
        """See `revisions.Graph`."""
        return self._versions[version].parents

    def time(self, version: str) -> datetime:
        """See `revisions.Graph`."""
        return self._versions[version].time


def _fingerprint(files: Mapping[str, bytes]) -> str:
    return tree_id({path[7:]: data for path, data in files.items() if path.startswith("schema/")})


def _is_under(path: str, under: str) -> bool:
    folder = under.strip("/")
    return not folder or path == folder or path.startswith(folder + "/")
