"""Revisions as people write them: `v1.2`, `main~2`, `3f9c2ab^`, `main@{2026-05-01}`.

Pure: what exists is asked of a `Graph`, so that the store in Git and its twin in memory understand the same words.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from typing import Final, Protocol

from schema_sync.errors import UnknownRevision

_STEP = re.compile(r"~(\d*)|\^(\d*)|@\{([^{}]*)\}")
_SPACES: Final = ("", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/")
"""Where a name is looked for, in Git's order (gitrevisions(7))."""


class Graph(Protocol):
    """What a revision is resolved in. Ids are forty hex digits."""

    def ref(self, name: str) -> str | None:
        """The version that a full ref name stands for, tags peeled; `None` where there is no such ref."""
        ...

    def names(self) -> Iterable[str]:
        """The full names of all branches and tags."""
        ...

    def starting(self, prefix: str) -> Sequence[str]:
        """The versions whose ids begin so."""
        ...

    def parents(self, version: str) -> tuple[str, ...]:
        """The parents of a version, the first first."""
        ...

    def time(self, version: str) -> datetime:
        """When a version was made."""
        ...


def resolve(rev: str, graph: Graph, *, head: str) -> str:
    """The id of the version that a revision names. `HEAD` and `@` are the branch `head`.

    `~n` follows first parents, `^n` goes to the nth parent, `@{date}` to the last version on the first-parent line
    that is not later; it goes by the times of commits, and not by Git's reflog, which no clone has. A date without
    a time means the end of that day, a time without a zone is UTC.

    Raises:
        UnknownRevision: nothing, or more than one version, is called so.
    """
    end = next((match.start() for match in _STEP.finditer(rev)), len(rev))
    version = _base(rev, rev[:end], graph, head)
    at = end
    while at < len(rev):
        match = _STEP.match(rev, at)
        if match is None:
            raise UnknownRevision(rev, hint=f"{rev[at:]!r} is neither ~n nor ^n nor @{{date}}")
        version = _step(rev, version, match, graph)
        at = match.end()
    return version


def _base(rev: str, name: str, graph: Graph, head: str) -> str:
    if name in ("HEAD", "@", ""):
        if not rev:
            raise UnknownRevision(rev, hint="name a branch, a tag or an id")
        name = f"refs/heads/{head}"
    for space in _SPACES:
        found = graph.ref(space + name) if space or name.startswith("refs/") else None
        if found is not None:
            return found
    if re.fullmatch(r"[0-9a-fA-F]{4,40}", name):
        return _by_id(rev, name.lower(), graph)
    raise UnknownRevision(rev, near=_near(name, graph.names()))


def _by_id(rev: str, prefix: str, graph: Graph) -> str:
    found = sorted(graph.starting(prefix))
    if len(found) > 1:
        several = ", ".join(version[: max(len(prefix) + 4, 10)] for version in found[:5])
        raise UnknownRevision(rev, near=found[:5], hint=f"the beginning is that of several: {several}")
    if not found:
        raise UnknownRevision(rev, near=_near(prefix, graph.names()))
    return found[0]


def _step(rev: str, version: str, match: re.Match[str], graph: Graph) -> str:
    back, parent, date = match.groups()
    if date is not None:
        return _at(rev, version, date, graph)
    if back is not None:
        for _ in range(int(back or 1)):
            version = _parent(rev, version, 1, graph)
        return version
    which = int(parent or 1)
    return version if which == 0 else _parent(rev, version, which, graph)


def _parent(rev: str, version: str, which: int, graph: Graph) -> str:
    parents = graph.parents(version)
    if which > len(parents):
        count = {0: "no parent", 1: "one parent"}.get(len(parents), f"{len(parents)} parents")
        raise UnknownRevision(rev, hint=f"{version[:10]} has {count}")
    return parents[which - 1]


def _at(rev: str, version: str, text: str, graph: Graph) -> str:
    try:
        moment = parse_moment(text)
    except ValueError as error:
        raise UnknownRevision(rev, hint="write a date as in main@{2026-05-01} or main@{2026-05-01 12:00}") from error
    while graph.time(version) > moment:
        parents = graph.parents(version)
        if not parents:
            raise UnknownRevision(rev, hint=f"its first version is of {graph.time(version):%Y-%m-%d %H:%M} UTC")
        version = parents[0]
    return version


def parse_moment(text: str) -> datetime:
    """Read a date or a time in ISO 8601. A date alone means its end, a time without a zone is UTC.

    Raises:
        ValueError: it is neither.
    """
    moment = datetime.fromisoformat(text.strip())
    if re.fullmatch(r"\d{4}-?(\d{2}-?\d{2}|W\d{2}-?\d)", text.strip()):
        moment = datetime.combine(moment.date(), time.max)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def near(name: str, names: Iterable[str]) -> list[str]:
    """Up to three names that look like one that does not exist, the likeliest first."""
    return difflib.get_close_matches(name, list(names), n=3, cutoff=0.5)


def _near(name: str, refs: Iterable[str]) -> list[str]:
    return near(name, sorted({ref.split("/", 2)[2] for ref in refs}))
