"""One schema as other server majors print it: `refs/schema/spellings`.

In the tree stands `<fingerprint>/<dialect>-<major>` -> the whole tree of the snapshot in that spelling. What is there
saves making a schema anew on a server just to see how that one spells it.
"""

from __future__ import annotations

from collections.abc import Mapping

from schema_sync.model.tree import EMPTY_TREE
from schema_sync.store import commits, trees
from schema_sync.store.packs import COMMIT, TREE, Batch
from schema_sync.store.refs import SPELLINGS
from schema_sync.store.repository import Change, Repository
from schema_sync.store.trees import FOLDER, Leaf


class Spellings:
    """Reads and writes the spellings of one repository."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._trees = repository.trees

    def find(self, fingerprint: str, name: str) -> bytes | None:
        """The id of the tree of a schema in one spelling."""
        root = self._root()
        leaf = None if root is None else self._trees.lookup(root, f"{fingerprint}/{name}")
        return None if leaf is None else leaf.oid

    def of(self, fingerprint: str) -> dict[str, str]:
        """The spellings of a schema by name, sorted -> its fingerprint in them."""
        root = self._root()
        leaf = None if root is None else self._trees.lookup(root, fingerprint)
        if leaf is None:
            return {}
        found = {}
        for _, name, oid in self._trees.entries(leaf.oid):
            schema = self._trees.lookup(oid, "schema")
            found[name.decode()] = schema.oid.hex() if schema else EMPTY_TREE
        return dict(sorted(found.items()))

    def add(self, fingerprint: str, name: str, files: Mapping[str, bytes]) -> None:
        """Keep a spelling, in one commit; none where it is there already. A later one takes the place of an earlier."""

        def make(head: bytes | None) -> Change | None:
            batch = Batch()
            tree = trees.build(trees.add_files(files, batch), batch)
            root = {} if head is None else self._folder(self._repository.history.commit(head).tree)
            schema = root.get(fingerprint.encode())
            inner = {} if schema is None else self._folder(schema.oid)
            if inner.get(name.encode()) == Leaf(FOLDER, tree):
                return None
            inner[name.encode()] = Leaf(FOLDER, tree)
            root[fingerprint.encode()] = Leaf(FOLDER, batch.add(TREE, trees.serialize(inner)))
            return self._commit(head, f"spell {fingerprint[:10]} as {name}", batch, trees.serialize(root))

        self._repository.land(SPELLINGS, make)

    def _commit(self, head: bytes | None, subject: str, batch: Batch, root: bytes) -> Change:
        parents = (head,) if head else ()
        who = self._repository.identity
        message = commits.compose(subject, {commits.FORMAT_TRAILER: ["1"]})
        when = self._repository.now(parents)
        tree = batch.add(TREE, root)
        data = commits.serialize(tree, parents, message, author=who, committer=who, when=when)
        return batch.add(COMMIT, data), batch

    def _folder(self, oid: bytes) -> dict[bytes, Leaf]:
        return {name: Leaf(mode, leaf) for mode, name, leaf in self._trees.entries(oid)}

    def _root(self) -> bytes | None:
        head = self._repository.refs.read(SPELLINGS)
        return None if head is None else self._repository.history.commit(head).tree
