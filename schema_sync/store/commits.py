"""Commits and tags: their bytes, their messages, their trailers.

Built by hand rather than through `Commit` objects: the bytes are few, and a walk over a thousand commits reads three
header lines of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from schema_sync.errors import CorruptObject, UsageError
from schema_sync.store.objects import FSCK

FORMAT_TRAILER: Final = "Schema-Sync-Format"
RUN_TRAILER: Final = "Run-Id"
NOBODY: Final = "schema-sync <schema-sync@localhost>"
"""The identity where Git's configuration names none. Git itself would ask the machine, or refuse."""

_TRAILER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*): (.*)")
_PERSON = re.compile(r"[^<>\n\0]*[^<>\n\0 ] <[^<>\n\0 ]+>")


class Commit(NamedTuple):
    """A commit as it is stored; ids are 20 bytes."""

    tree: bytes
    parents: tuple[bytes, ...]
    author: str
    time: int
    """The committer's time, in seconds since 1970."""
    message: str
    """With its trailers."""


def parse(data: bytes, oid: bytes) -> Commit:
    """Read a commit's bytes.

    Raises:
        CorruptObject: they are no commit.
    """
    header, _, message = data.partition(b"\n\n")
    tree, parents, author, when = b"", [], b"", 0
    try:
        for line in header.split(b"\n"):
            key, _, value = line.partition(b" ")
            if key == b"tree":
                tree = bytes.fromhex(value.decode())
            elif key == b"parent":
                parents.append(bytes.fromhex(value.decode()))
            elif key == b"author":
                author = value.rsplit(b" ", 2)[0]
            elif key == b"committer":
                when = int(value.rsplit(b" ", 2)[1])
    except (ValueError, IndexError) as error:
        raise CorruptObject(f"commit {oid.hex()}", f"its header cannot be read: {error}", hint=FSCK) from error
    if len(tree) != 20:
        raise CorruptObject(f"commit {oid.hex()}", "it names no tree", hint=FSCK)
    return Commit(tree, tuple(parents), _text(author), when, _text(message))


def serialize(tree: bytes, parents: Iterable[bytes], message: str, *, author: str, committer: str, when: int) -> bytes:
    """The bytes of a commit, its times in UTC."""
    lines = [f"tree {tree.hex()}", *(f"parent {parent.hex()}" for parent in parents)]
    lines += [f"author {author} {when} +0000", f"committer {committer} {when} +0000", "", message]
    return "\n".join(lines).encode("utf-8", "replace")


def serialize_tag(name: str, target: bytes, message: str, *, tagger: str, when: int) -> bytes:
    """The bytes of an annotated tag of a commit."""
    head = f"object {target.hex()}\ntype commit\ntag {name}\ntagger {tagger} {when} +0000\n\n"
    return (head + message).encode("utf-8", "replace")


def tag_target(data: bytes, oid: bytes) -> tuple[bytes, str]:
    """The id that a tag names, and that object's type.

    Raises:
        CorruptObject: the bytes are no tag.
    """
    found = re.match(rb"object ([0-9a-f]{40})\ntype ([a-z]+)\n", data)
    if found is None:
        raise CorruptObject(f"tag {oid.hex()}", "its header cannot be read", hint=FSCK)
    return bytes.fromhex(found[1].decode()), found[2].decode()


def compose(message: str, trailers: Mapping[str, Sequence[str]]) -> str:
    """A message for a commit: subject, body, and a last paragraph of trailers, each on one line.

    Raises:
        UsageError: the message is empty, or a trailer's key is not one.
    """
    text = "\n".join(line.rstrip() for line in message.replace("\0", "").splitlines()).strip("\n")
    if not text.strip():
        raise UsageError("a commit needs a message", hint="give one with --message")
    lines = []
    for key, values in trailers.items():
        for value in values:
            line = f"{key}: {' '.join(value.replace(chr(0), '').split())}"
            if _TRAILER.fullmatch(line) is None:
                raise UsageError(f"{key!r} cannot be the key of a trailer", hint="letters, digits and hyphens only")
            lines.append(line)
    subject, _, body = text.partition("\n")
    body = body.strip("\n")
    paragraphs = [subject.strip(), body, "\n".join(lines)]
    return "\n\n".join(filter(None, paragraphs)) + "\n"


def take_apart(message: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    """A message without its trailers, and these. The last paragraph is trailers if each of its lines is one."""
    text = message.strip("\n")
    head, gap, last = text.rpartition("\n\n")
    found = [_TRAILER.fullmatch(line) for line in last.split("\n")]
    if not gap or None in found:
        return text, {}
    trailers: dict[str, tuple[str, ...]] = {}
    for match in found:
        if match is not None:
            trailers[match[1]] = (*trailers.get(match[1], ()), match[2])
    return head.rstrip("\n"), trailers


def person(text: str) -> str:
    """An identity as Git writes it.

    Raises:
        UsageError: it is not `Name <address>`.
    """
    if _PERSON.fullmatch(text) is None:
        raise UsageError(f"{text!r} is no author", hint="write it as `Name <address>`")
    return text


def moment(seconds: int) -> datetime:
    """A commit's time. One that no calendar has is the nearest that it has."""
    return datetime.fromtimestamp(min(max(seconds, 0), 253402300799), UTC)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
