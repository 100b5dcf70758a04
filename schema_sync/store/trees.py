"""Trees, as raw bytes and as flat maps of paths.

Trees are always built from the flat map, so that none is ever empty: the same files have one id. Two trees are
compared by walking both and skipping what has equal ids.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Final, NamedTuple

from schema_sync.errors import CorruptObject
from schema_sync.model.tree import EMPTY_TREE
from schema_sync.store.objects import FSCK, Objects
from schema_sync.store.packs import BLOB, TREE, Batch

FILE: Final = b"100644"
FOLDER: Final = b"40000"
MODULE: Final = b"160000"
"""The modes of entries as trees spell them; a module is a commit of another repository, which is not ours to read."""

EMPTY: Final = bytes.fromhex(EMPTY_TREE)

_ENTRY = re.compile(rb"([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)

Flat = Mapping[str, "Leaf"]
"""Path -> leaf: a tree with all its subtrees."""


class Leaf(NamedTuple):
    """A file, link or module of a tree."""

    mode: bytes
    oid: bytes


Entry = tuple[bytes, bytes, bytes]
"""One entry of one tree: mode, name, id. A plain tuple, as a fleet has ten thousand of them."""


def parse(data: bytes, oid: bytes) -> list[Entry]:
    """The entries of a tree, in Git's order.

    Raises:
        CorruptObject: the bytes are no tree.
    """
    found: list[Entry] = _ENTRY.findall(data)
    if sum(map(len, chain.from_iterable(found))) + 2 * len(found) != len(data):
        raise CorruptObject(f"tree {oid.hex()}", "its bytes are no tree", hint=FSCK)
    return found


def serialize(entries: Mapping[bytes, Leaf]) -> bytes:
    """The bytes of a tree: Git sorts a folder as if its name ended with a slash."""
    return b"".join([b"%s %s\0%s" % (entries[name].mode, name, entries[name].oid) for name in _ordered(entries)])


def _ordered(entries: Mapping[bytes, Leaf]) -> list[bytes]:
    return sorted(entries, key=lambda name: name + b"/" if entries[name].mode == FOLDER else name)


def build(flat: Flat, batch: Batch) -> bytes:
    """Make the trees of a flat map; the id of the root. Blobs are the caller's."""
    return batch.add(TREE, serialize(build_top(flat, batch)))


def build_top(flat: Flat, batch: Batch) -> dict[bytes, Leaf]:
    """As `build`, but for the root, whose entries are given back to be joined with others."""
    nodes: dict[str, dict[bytes, Leaf]] = {"": {}}
    for path, leaf in flat.items():
        folder, _, name = path.rpartition("/")
        node = nodes.get(folder)
        if node is None:
            node = _folder(nodes, folder)
        node[_raw(name)] = leaf
    for folder in sorted(nodes, key=_depth, reverse=True):
        if folder:
            above, _, name = folder.rpartition("/")
            nodes[above][_raw(name)] = Leaf(FOLDER, batch.add(TREE, serialize(nodes[folder])))
    return nodes[""]


def _folder(nodes: dict[str, dict[bytes, Leaf]], folder: str) -> dict[bytes, Leaf]:
    """The node of a folder, with those of all folders above it."""
    node = nodes[folder] = {}
    above = folder.rpartition("/")[0]
    if above not in nodes:
        _folder(nodes, above)
    return node


class Mould:
    """The shape of a tree: its paths, sorted and cut into entries once, to be filled with the ids of many snapshots.

    What is made is what `build` makes of files, at a tenth of the cost: a fleet in five hundred states has a hundred
    thousand paths, and few that differ.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        nodes: dict[str, dict[bytes, Leaf]] = {"": {}}
        owners: dict[tuple[str, bytes], str] = {}
        for path in paths:
            folder, _, name = path.rpartition("/")
            node = nodes[folder] if folder in nodes else _folder(nodes, folder)
            node[_raw(name)] = Leaf(FILE, b"")
            owners[folder, _raw(name)] = path
        for folder in filter(None, list(nodes)):
            above, _, name = folder.rpartition("/")
            nodes[above][_raw(name)] = Leaf(FOLDER, b"")
            owners[above, _raw(name)] = folder
        self._folders = [
            (folder, [(b"%s %s\0" % (node[name].mode, name), owners[folder, name]) for name in _ordered(node)])
            for folder, node in sorted(nodes.items(), key=lambda item: _depth(item[0]), reverse=True)
        ]

    def fill(self, ids: dict[str, bytes], batch: Batch) -> bytes:
        """Make the trees for the ids of the files; the id of the root. Adds the folders' ids to `ids`."""
        for folder, entries in self._folders:
            ids[folder] = batch.add(TREE, b"".join([head + ids[path] for head, path in entries]))
        return ids[""]


def _depth(folder: str) -> int:
    return folder.count("/") + 1 if folder else 0


def _raw(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def add_files(files: Mapping[str, bytes], batch: Batch) -> dict[str, Leaf]:
    """Make the blobs of a snapshot's files; the flat map."""
    return {path: Leaf(FILE, batch.add(BLOB, data)) for path, data in files.items()}


class Trees:
    """Reads trees through an object store."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def entries(self, oid: bytes) -> list[Entry]:
        """The entries of a tree; Git's empty tree need not be stored."""
        return [] if oid == EMPTY else parse(self._objects.read(oid, TREE), oid)

    def lookup(self, root: bytes, path: str) -> Leaf | None:
        """What a path names in a tree: a file, or a folder, then with the mode of one. `""` names the tree itself."""
        leaf = Leaf(FOLDER, root)
        for name in filter(None, path.split("/")):
            if leaf.mode != FOLDER:
                return None
            raw = _raw(name)
            found = next((Leaf(mode, oid) for mode, entry, oid in self.entries(leaf.oid) if entry == raw), None)
            if found is None:
                return None
            leaf = found
        return leaf

    def glimpse(self, root: bytes, path: str) -> bytes | None:
        """The id of a path in one of the store's own folders, found without parsing the folders' trees.

        A name in such a folder is `enc()`'d, so ` name` and a zero byte can stand nowhere but in its own entry, short
        of a hash that was made to contain them. The root, where others may put files, is parsed.
        """
        first, *rest = path.strip("/").split("/")
        raw = _raw(first)
        leaf = next((Leaf(mode, oid) for mode, entry, oid in self.entries(root) if entry == raw), None)
        for name in rest:
            if leaf is None or leaf.mode != FOLDER:
                return None
            leaf = _find(self._objects.peek(leaf.oid, TREE), _raw(name))
        return None if leaf is None else leaf.oid

    def flat(self, root: bytes, under: str = "", keep: Callable[[str], bool] | None = None) -> dict[str, Leaf]:
        """All files of a tree by path, each path behind `under`; with `keep` only of those top entries it allows."""
        found: dict[str, Leaf] = {}
        for mode, name, oid in self.entries(root):
            path = under + name.decode("utf-8", "surrogateescape")
            if keep is not None and not keep(path):
                continue
            if mode == FOLDER:
                found |= self.flat(oid, path + "/")
            else:
                found[path] = Leaf(mode, oid)
        return found

    def below(self, root: bytes) -> set[bytes]:
        """The ids of all trees and files below a tree, the tree's own left out."""
        found = set()
        for mode, _, oid in self.entries(root):
            found.add(oid)
            if mode == FOLDER:
                found |= self.below(oid)
        return found

    def changes(self, old: Leaf | None, new: Leaf | None, path: str) -> Iterator[tuple[str, Leaf | None, Leaf | None]]:
        """What differs between two entries at a path, down to the files; equal subtrees are not read. Unordered."""
        if old == new:
            return
        old_folder, new_folder = (
            old is not None and old.mode == FOLDER,
            new is not None and new.mode == FOLDER,
        )
        if (old is not None and not old_folder) or (new is not None and not new_folder):
            yield path, None if old_folder else old, None if new_folder else new
        was = set(self.entries(old.oid)) if old and old_folder else set()
        now = set(self.entries(new.oid)) if new and new_folder else set()
        befores = {name: Leaf(mode, oid) for mode, name, oid in was - now}
        afters = {name: Leaf(mode, oid) for mode, name, oid in now - was}
        prefix = path + "/" if path else ""
        for name in befores.keys() | afters.keys():
            yield from self.changes(
                befores.get(name), afters.get(name), prefix + name.decode("utf-8", "surrogateescape")
            )


def _find(data: bytes, name: bytes) -> Leaf | None:
    """An entry in a tree's raw bytes."""
    for mode in (FILE, FOLDER):
        needle = b"%s %s\0" % (mode, name)
        at = data.find(needle)
        if at >= 0:
            end = at + len(needle)
            return Leaf(mode, data[end : end + 20])
    return None
