"""The id that Git gives a tree of files, computed without Git.

A fingerprint must be there where no store is: in the runner, which holds a tenant against its plan. The format is
Git's own (gitformat-pack(5), git-hash-object(1)); a test holds it against Git.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def blob_id(data: bytes) -> bytes:
    """The 20-byte id of a blob."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).digest()


def tree_id(files: Mapping[str, bytes]) -> str:
    """The id, 40 hex digits, of the tree that a flat map `path -> bytes` makes. No path ends with a slash."""
    root: dict[str, Any] = {}
    for path, data in files.items():
        *folders, leaf = path.split("/")
        at = root
        for folder in folders:
            at = at.setdefault(folder, {})
        at[leaf] = data
    return _tree(root).hex()


def _tree(node: dict[str, Any]) -> bytes:
    entries = []
    for name, child in node.items():
        raw = name.encode()
        if isinstance(child, dict):
            entries.append((raw + b"/", b"40000 " + raw + b"\0" + _tree(child)))
        else:
            entries.append((raw, b"100644 " + raw + b"\0" + blob_id(child)))
    body = b"".join(entry for _, entry in sorted(entries))
    return hashlib.sha1(b"tree %d\0" % len(body) + body, usedforsecurity=False).digest()
