"""The observed fleet: one ref, one tree, whatever the number of tenants.

`refs/schema/fleet` points at a line of commits. In each one's tree stands `<sha1(key)[:2]>/<enc(key)>`: an entry, which
is a tree of `observed` (the snapshot) and `base.json` (what was last applied). Tenants in the same state share it all,
so that ten thousand are 256 small trees. A name that `enc()` had to shorten is kept in a third file, `key`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Final

from schema_sync.errors import CorruptObject, UnknownRevision, UnknownTenant
from schema_sync.model.codec import canonical, strict
from schema_sync.model.ident import dec, enc
from schema_sync.model.tree import EMPTY_TREE
from schema_sync.protocols import Base, FleetEntry, LastRun, Observation
from schema_sync.store import commits, trees
from schema_sync.store.packs import BLOB, COMMIT, TREE, Batch, object_id
from schema_sync.store.refs import FLEET
from schema_sync.store.repository import Change, Repository
from schema_sync.store.revisions import near
from schema_sync.store.trees import FILE, FOLDER, Leaf, Mould

_USUAL: Final = re.compile(r"[a-z0-9_-]{1,80}/[a-z0-9_-]{1,80}")
_BASE: Final = b"base.json"
_KEY: Final = b"key"
_OBSERVED: Final = b"observed"

Entry = Mapping[bytes, Leaf]
"""A tenant's entry: the leaves `base.json`, `key`, `observed`, those that it has."""


class Fleet:
    """Reads and writes the record of one repository."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._trees = repository.trees

    def record(self, seen: Iterable[Observation], run: str, trailers: Mapping[str, Sequence[str]]) -> None:
        """One commit for all that was seen; none where nothing changed. A later observation of a key wins."""
        latest = {one.key: one for one in seen}
        if not latest:
            return
        states = _States()
        observed = {key: states.tree(one.files) for key, one in latest.items()}
        bases = {one.base: canonical(one.base) for one in latest.values() if one.base is not None}
        subject = f"record {_count(len(latest))}"

        def make(head: bytes | None) -> Change | None:
            draft = _Draft(self._repository, head)
            for key, one in latest.items():
                base = None if one.base is None else bases[one.base]
                draft.put(key, observed[key], base)
            return draft.change(subject, run, trailers, states)

        self._repository.land(FLEET, make)

    def forget(self, keys: Iterable[str], run: str) -> None:
        """One commit without these tenants; none where it has none of them."""
        gone = sorted(set(keys))

        def make(head: bytes | None) -> Change | None:
            draft = _Draft(self._repository, head)
            for key in gone:
                draft.remove(key)
            return draft.change(f"forget {_count(len(gone))}", run, {}, _States())

        self._repository.land(FLEET, make)

    def read(self) -> dict[str, FleetEntry]:
        """All entries, sorted by key. Each distinct entry is read once.

        Raises:
            CorruptObject: an entry is not as this tool writes it.
        """
        head = self._repository.refs.read(FLEET)
        if head is None:
            return {}
        found: dict[str, FleetEntry] = {}
        kept: dict[bytes, tuple[FleetEntry, str | None]] = {}
        bases: dict[bytes, Base] = {}
        for _, _, shard in self._trees.entries(self._repository.history.commit(head).tree):
            for _, raw, oid in self._trees.entries(shard):
                entry = kept.get(oid)
                if entry is None:
                    entry = kept[oid] = self._entry(oid, bases)
                found[entry[1] or _key(raw.decode())] = entry[0]
        return {key: found[key] for key in sorted(found)}

    def last_run(self) -> LastRun | None:
        """The run of the last commit, and its time."""
        head = self._repository.refs.read(FLEET)
        if head is None:
            return None
        commit = self._repository.history.commit(head)
        _, trailers = commits.take_apart(commit.message)
        return LastRun(run=trailers.get(commits.RUN_TRAILER, ("",))[-1], time=commits.moment(commit.time))

    def _entry(self, oid: bytes, bases: dict[bytes, Base]) -> tuple[FleetEntry, str | None]:
        leaves = {name: Leaf(mode, leaf) for mode, name, leaf in self._trees.entries(oid)}
        if _OBSERVED not in leaves:
            raise CorruptObject(f"fleet entry {oid.hex()}", "it holds no observed snapshot")
        tree = leaves[_OBSERVED].oid
        schema = self._trees.lookup(tree, "schema")
        objects = self._repository.objects
        base = key = None
        if _BASE in leaves:
            blob = leaves[_BASE].oid
            base = bases.get(blob) or _base(objects.read(blob, BLOB), oid)
            bases[blob] = base
        if _KEY in leaves:
            key = objects.read(leaves[_KEY].oid, BLOB).decode("utf-8", "surrogateescape")
        return FleetEntry(observed=schema.oid.hex() if schema else EMPTY_TREE, tree=tree.hex(), base=base), key

    def observed(self, key: str, nth: int, at: datetime | None) -> bytes:
        """The id of a tenant's observed tree: as recorded last or at a time, or the nth earlier different one."""
        head = self._repository.refs.read(FLEET)
        if head is None or self._observed(self._repository.history.commit(head).tree, key) is None:
            raise UnknownTenant(key, near=near(key, self.read()))
        steps = -1
        last: bytes | None = None
        for _, commit in self._repository.history.first_parents(head):
            if at is not None and commits.moment(commit.time) > at:
                continue
            tree = self._observed(commit.tree, key)
            if tree is None or tree == last:
                continue
            last = tree
            steps += 1
            if steps == nth:
                return tree
        text = f"tenant:{key}" + (f"~{nth}" if nth else "") + (f"@{{{at:%Y-%m-%d %H:%M}}}" if at else "")
        states = {0: "nothing was recorded of it by then", 1: "one state is recorded"}
        raise UnknownRevision(text, hint=states.get(steps + 1, f"{steps + 1} different states are recorded"))

    def _observed(self, root: bytes, key: str) -> bytes | None:
        leaf = self._trees.lookup(root, "/".join((*_place(key), _OBSERVED.decode())))
        return None if leaf is None else leaf.oid


class _States:
    """The trees of observed snapshots, each distinct one made once."""

    def __init__(self) -> None:
        self._states: dict[bytes, tuple[Mapping[str, bytes], Batch]] = {}
        """Files and trees of each state, by the id of its tree."""
        self._moulds: dict[frozenset[str], Mould] = {}
        self._by_identity: dict[int, tuple[Mapping[str, bytes], bytes]] = {}
        self._by_content: dict[frozenset[tuple[str, bytes]], bytes] = {}
        self._blobs: dict[bytes, bytes] = {}

    def tree(self, files: Mapping[str, bytes]) -> bytes:
        """The id of the tree of a snapshot's files."""
        known = self._by_identity.get(id(files))
        if known is not None:
            return known[1]
        content = frozenset(files.items())
        oid = self._by_content.get(content)
        if oid is None:
            oid = self._by_content[content] = self._make(files)
        self._by_identity[id(files)] = files, oid
        return oid

    def _make(self, files: Mapping[str, bytes]) -> bytes:
        if not files:
            raise ValueError("an observation without files: a snapshot has a manifest at least")
        ids: dict[str, bytes] = {}
        for path, data in files.items():
            oid = self._blobs.get(data)
            if oid is None:
                oid = self._blobs[data] = object_id(BLOB, data)
            ids[path] = oid
        paths = frozenset(files)
        mould = self._moulds.get(paths)
        if mould is None:
            mould = self._moulds[paths] = Mould(files)
        batch = Batch()
        root = mould.fill(ids, batch)
        self._states[root] = files, batch
        return root

    def objects(self, known: Set[bytes], repository: Repository) -> Batch:
        """What the repository needs for all states but the known ones.

        A state that seems to be there, since its root is, is looked at object by object: its rest may be lost.
        """
        needed = Batch()
        done: set[bytes] = set()
        for root, (files, batch) in self._states.items():
            if root in known:
                continue
            there = repository.objects.has(root)
            state = Batch() if there else needed
            state.update(batch)
            for data in set(files.values()) - done:
                state.put(self._blobs[data], BLOB, data)
            if there:
                needed.update(repository.lacks(state))
            else:
                done.update(files.values())
        return needed


class _Draft:
    """The next tree of the fleet, in the making. Only shards that are touched are read and written."""

    def __init__(self, repository: Repository, head: bytes | None) -> None:
        self._repository = repository
        self._head = head
        self._batch = Batch()
        self._known: set[bytes] = set()
        self._made: dict[tuple[bytes | None, bytes, bytes | None, str | None], Leaf] = {}
        self._parsed: dict[bytes, Entry] = {}
        self._shards: dict[bytes, dict[bytes, Leaf]] = {}
        root = repository.trees.entries(repository.history.commit(head).tree) if head else []
        self._root = {name: Leaf(mode, oid) for mode, name, oid in root}

    def put(self, key: str, observed: bytes, base: bytes | None) -> None:
        """Set a tenant's entry; without a base the one that it has stays."""
        shard, name = _place(key)
        entries = self._shard(shard.encode())
        old = entries.get(name.encode())
        long = key if ".." in name else None
        made = (old and old.oid, observed, base, long)
        leaf = self._made.get(made)
        if leaf is None:
            leaf = self._made[made] = self._entry(old, observed, base, long)
        entries[name.encode()] = leaf

    def _entry(self, old: Leaf | None, observed: bytes, base: bytes | None, long: str | None) -> Leaf:
        before = self._read(old.oid) if old else {}
        entry = {name: leaf for name, leaf in before.items() if name == _BASE}
        if base is not None:
            entry[_BASE] = Leaf(FILE, self._batch.add(BLOB, base))
        if long is not None:
            entry[_KEY] = Leaf(FILE, self._batch.add(BLOB, long.encode("utf-8", "surrogateescape")))
        entry[_OBSERVED] = Leaf(FOLDER, observed)
        if _OBSERVED in before:
            self._known.add(before[_OBSERVED].oid)
        if entry == before and old is not None:
            return old
        return Leaf(FOLDER, self._batch.add(TREE, trees.serialize(entry)))

    def remove(self, key: str) -> None:
        """Take a tenant out, if it is there."""
        shard, name = _place(key)
        if shard.encode() in self._root:
            self._shard(shard.encode()).pop(name.encode(), None)

    def _read(self, oid: bytes) -> Entry:
        found = self._parsed.get(oid)
        if found is None:
            entries = self._repository.trees.entries(oid)
            found = self._parsed[oid] = {name: Leaf(mode, leaf) for mode, name, leaf in entries}
        return found

    def _shard(self, name: bytes) -> dict[bytes, Leaf]:
        found = self._shards.get(name)
        if found is None:
            leaf = self._root.get(name)
            found = self._shards[name] = dict(self._read(leaf.oid)) if leaf else {}
        return found

    def change(self, subject: str, run: str, trailers: Mapping[str, Sequence[str]], states: _States) -> Change | None:
        """The commit of this draft with the objects that it needs; `None` where its tree is that of its parent."""
        before = dict(self._root)
        for name, entries in self._shards.items():
            if entries:
                self._root[name] = Leaf(FOLDER, self._batch.add(TREE, trees.serialize(entries)))
            else:
                self._root.pop(name, None)
        if self._root == before:
            return None
        self._batch.update(states.objects(self._known, self._repository))
        tree = self._batch.add(TREE, trees.serialize(self._root))
        parents = (self._head,) if self._head else ()
        message = commits.compose(subject, {**trailers, commits.RUN_TRAILER: [run], commits.FORMAT_TRAILER: ["1"]})
        who = self._repository.identity
        when = self._repository.now(parents)
        data = commits.serialize(tree, parents, message, author=who, committer=who, when=when)
        return self._batch.add(COMMIT, data), self._batch


def _base(data: bytes, entry: bytes) -> Base:
    found: Base = strict(f"base.json of fleet entry {entry.hex()}", data, Base)
    return found


def _place(key: str) -> tuple[str, str]:
    """The shard and the name of a tenant's entry: `enc()` of the key, by a short cut where it has but one slash."""
    raw = key.encode("utf-8", "surrogateescape")
    name = key.replace("/", "%2f") if _USUAL.fullmatch(key) else enc(key)
    return hashlib.sha1(raw, usedforsecurity=False).hexdigest()[:2], name


def _key(name: str) -> str:
    """The key of an entry's name, by the same short cut."""
    return name.replace("%2f", "/") if name.count("%") == name.count("%2f") else dec(name)


def _count(tenants: int) -> str:
    return "1 tenant" if tenants == 1 else f"{tenants} tenants"
