"""Notes on versions, as `git notes` keeps them: what is known of a commit and is no part of it.

The ref holds a tree whose entries are the commits' ids in hex, at the top level: `git notes --ref=identity show` reads
them, and Git itself would only spread a great many of them over folders, which is read here, too.
"""

from __future__ import annotations

from typing import Final

from schema_sync.store import commits, trees
from schema_sync.store.packs import BLOB, COMMIT, TREE, Batch
from schema_sync.store.repository import Change, Repository
from schema_sync.store.trees import EMPTY, FILE, Leaf

IDENTITY: Final = "refs/notes/identity"
"""The physical identities of the tenant that a version was captured from."""


def read(repository: Repository, ref: str, version: bytes) -> bytes | None:
    """The note on a version; `None` where there is none."""
    head = repository.refs.read(ref)
    if head is None:
        return None
    tree, name = repository.history.commit(head).tree, version.hex()
    for path in (name, f"{name[:2]}/{name[2:]}"):
        leaf = repository.trees.lookup(tree, path)
        if leaf is not None:
            return repository.objects.read(leaf.oid, BLOB)
    return None


def write(repository: Repository, ref: str, version: bytes, data: bytes) -> None:
    """Put a note on a version, in place of one that is there. Safe against other writers, and durable."""
    name = version.hex().encode()

    def make(head: bytes | None) -> Change | None:
        batch = Batch()
        blob = Leaf(FILE, batch.add(BLOB, data))
        tree = EMPTY if head is None else repository.history.commit(head).tree
        there = {entry: Leaf(mode, oid) for mode, entry, oid in repository.trees.entries(tree)}
        if there.get(name) == blob:
            return None
        parents = () if head is None else (head,)
        committer = repository.identity
        made = commits.serialize(
            batch.add(TREE, trees.serialize({**there, name: blob})),
            parents,
            commits.compose(f"a note on {version.hex()[:10]}", {}),
            author=committer,
            committer=committer,
            when=repository.now(parents),
        )
        return batch.add(COMMIT, made), batch

    repository.land(ref, make)
