"""Walks over commits: ancestors, the history of a path, and what paths ever held."""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator

from schema_sync.store import commits
from schema_sync.store.commits import Commit
from schema_sync.store.objects import Objects
from schema_sync.store.packs import BLOB, COMMIT
from schema_sync.store.trees import FOLDER, Trees

_KEPT = 4096
"""How many parsed commits are kept; a commit never changes."""


class History:
    """Reads commits; ids are 20 bytes."""

    def __init__(self, objects: Objects, trees: Trees) -> None:
        self._objects = objects
        self._trees = trees
        self._kept: OrderedDict[bytes, Commit] = OrderedDict()

    def commit(self, oid: bytes) -> Commit:
        """A commit.

        Raises:
            CorruptObject: it is missing, damaged, or none.
        """
        found = self._kept.get(oid)
        if found is None:
            found = self._kept[oid] = commits.parse(self._objects.read(oid, COMMIT), oid)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def ancestors(self, start: bytes) -> Iterator[bytes]:
        """A commit and all its ancestors, newest first by their times, a child never behind its parent on a line."""
        return self._walk(start, lambda oid: (True, self.commit(oid).parents))

    def first_parents(self, start: bytes) -> Iterator[tuple[bytes, Commit]]:
        """The line of first parents, newest first."""
        oid: bytes | None = start
        while oid is not None:
            commit = self.commit(oid)
            yield oid, commit
            oid = commit.parents[0] if commit.parents else None

    def of_path(self, start: bytes, path: str) -> Iterator[bytes]:
        """The ancestors that changed a file or folder, newest first.

        Simplified as `git log -- path` does it: a merge that took the path as one parent had it is not shown, and
        only that parent is followed.
        """
        held: dict[bytes, bytes | None] = {}

        def at(oid: bytes) -> bytes | None:
            root = self.commit(oid).tree
            if root not in held:
                held[root] = self._trees.glimpse(root, path)
            return held[root]

        def visit(oid: bytes) -> tuple[bool, tuple[bytes, ...]]:
            now, parents = at(oid), self.commit(oid).parents
            if not parents:
                return now is not None, ()
            for parent in parents:
                if at(parent) == now:
                    return False, (parent,)
            return True, parents

        return self._walk(start, visit)

    def _walk(self, start: bytes, visit: Callable[[bytes], tuple[bool, tuple[bytes, ...]]]) -> Iterator[bytes]:
        """Newest first; `visit` says whether to yield a commit, and which parents to follow."""
        count = 0
        queue = [(-self.commit(start).time, count, start)]
        seen = {start}
        while queue:
            _, _, oid = heapq.heappop(queue)
            wanted, parents = visit(oid)
            if wanted:
                yield oid
            for parent in parents:
                if parent not in seen:
                    seen.add(parent)
                    count += 1
                    heapq.heappush(queue, (-self.commit(parent).time, count, parent))

    def ever(self, start: bytes, paths: Collection[str]) -> dict[str, tuple[bytes, ...]]:
        """The distinct contents of each path in a commit and its ancestors, newest first.

        Each distinct tree is read once, however many commits have it.
        """
        wanted = _nest(paths)
        found: dict[str, dict[bytes, None]] = {path: {} for path in paths}
        seen: set[tuple[str, bytes]] = set()
        for oid in self.ancestors(start):
            self._collect(self.commit(oid).tree, "", wanted, found, seen)
        return {path: tuple(self._objects.read(blob, BLOB) for blob in blobs) for path, blobs in found.items() if blobs}

    def _collect(
        self,
        tree: bytes,
        prefix: str,
        wanted: dict[str, _Nest],
        found: dict[str, dict[bytes, None]],
        seen: set[tuple[str, bytes]],
    ) -> None:
        if (prefix, tree) in seen:
            return
        seen.add((prefix, tree))
        for mode, raw, oid in self._trees.entries(tree):
            name = raw.decode("utf-8", "surrogateescape")
            below = wanted.get(name)
            if below is None:
                continue
            path = prefix + name
            if mode == FOLDER:
                self._collect(oid, path + "/", below.children, found, seen)
            elif path in found:
                found[path].setdefault(oid)


class _Nest:
    """Paths, folder by folder."""

    def __init__(self) -> None:
        self.children: dict[str, _Nest] = {}


def _nest(paths: Collection[str]) -> dict[str, _Nest]:
    root = _Nest()
    for path in paths:
        node = root
        for name in path.split("/"):
            node = node.children.setdefault(name, _Nest())
    return root.children
