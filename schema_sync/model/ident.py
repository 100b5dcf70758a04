"""Identities of schema objects, and the one codec for them.

An identity has two written forms. The *text* (`tables/orders/columns/total`) is for people, patterns and options. The
*path* (`tables/orders`, with `enc()`) is for files: it survives case-insensitive disks, NFC against NFD, Windows
device names, and what Git itself forbids.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

import msgspec

_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_-(),")
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "clock"] + [f"{port}{n}" for port in ("com", "lpt") for n in range(10)]
)
_HEX = re.compile(r"[0-9A-Fa-f]{2}")
_NAMELESS = "%"
"""The empty name, which SQLite allows, in both written forms: no other name is written so."""
_LONGEST = 180
_KEPT = 140


class Ident(msgspec.Struct, frozen=True, array_like=True):
    """The identity of one schema object within a tenant: what it is, its name, and whom it belongs to.

    Ordered by kind, name and owner, what has none first, which is stable and means nothing. A name is the engine's
    own, never quoted; a routine's name carries its argument types, `total(integer, text)`, since those tell overloads
    apart.
    """

    kind: str
    name: str
    owner: Ident | None = None

    def __lt__(self, other: Ident) -> bool:
        # Not msgspec's own order: that compares an owner with None, where one role is granted rights on the schema and
        # on a table.
        if (self.kind, self.name) != (other.kind, other.name):
            return (self.kind, self.name) < (other.kind, other.name)
        if self.owner is None or other.owner is None:
            return self.owner is None and other.owner is not None
        return self.owner < other.owner

    def __gt__(self, other: Ident) -> bool:
        return other < self

    def __le__(self, other: Ident) -> bool:
        return not other < self

    def __ge__(self, other: Ident) -> bool:
        return not self < other

    @property
    def lineage(self) -> Iterator[Ident]:
        """The object itself, its owner, and so on up to the top-level one."""
        ident: Ident | None = self
        while ident is not None:
            yield ident
            ident = ident.owner

    @property
    def top(self) -> Ident:
        """The top-level object that this one belongs to; itself, if it belongs to none."""
        ident = self
        while ident.owner is not None:
            ident = ident.owner
        return ident

    @property
    def text(self) -> str:
        """`tables/orders/columns/total`: for people, options and patterns. `parse_ident` reads it back."""
        own = f"{plural(self.kind)}/{_escape(self.name)}"
        return own if self.owner is None else f"{self.owner.text}/{own}"

    @property
    def path(self) -> str:
        """`tables/orders`: where the object's file is, below `schema/` or `layout/`. Children share their owner's."""
        top = self.top
        return f"{plural(top.kind)}/{enc(top.name)}"

    def within(self, other: Ident) -> bool:
        """Whether this is `other` itself or belongs to it, at any depth."""
        return other in self.lineage

    def __str__(self) -> str:
        return self.text


def parse_ident(text: str, kinds: Mapping[str, str]) -> Ident:
    """Read the text form back. `kinds` maps a plural to its kind, as `plurals()` makes it.

    Raises:
        ValueError: the text is not an identity, or names a kind that is not among `kinds`.
    """
    words = text.split("/")
    if len(words) % 2 or not all(words):
        raise ValueError(f"{text!r} is not of the form tables/orders or tables/orders/columns/total")
    ident: Ident | None = None
    for folder, name in zip(words[::2], words[1::2], strict=True):
        if folder not in kinds:
            raise ValueError(f"{folder!r} in {text!r} is no kind of object; known are {', '.join(sorted(kinds))}")
        ident = Ident(kinds[folder], dec(name), ident)
    assert ident is not None
    return ident


@cache
def plural(kind: str) -> str:
    """The English plural of a kind, as folders, keys and texts use it: `index` -> `indexes`."""
    if kind.endswith(("s", "x", "ch", "sh")):
        return kind + "es"
    if kind.endswith("y") and kind[-2] not in "aeiou":
        return kind[:-1] + "ies"
    return kind + "s"


@lru_cache(maxsize=65536)
def enc(name: str) -> str:
    """Encode a name as one file name that every disk and every Git keeps as it is.

    `[a-z0-9_-]` and, for signatures, `( ) ,` stay; each other byte of the UTF-8 form becomes `%xx`. The first byte of
    a Windows device name is encoded too. Over 180 bytes: a prefix of at most 140, cut at an escape, `..`, and 32 hex
    digits of the name's SHA-256; such a name is not reversible, and the file holds the true one. The empty name is `%`.
    """
    if not name:
        return _NAMELESS
    raw = name.encode("utf-8", "surrogateescape")
    parts = [chr(byte) if byte in _PLAIN else f"%{byte:02x}" for byte in raw]
    if name.split(".", 1)[0].lower() in _DEVICES:
        parts[0] = f"%{raw[0]:02x}"
    encoded = "".join(parts)
    if len(encoded) <= _LONGEST:
        return encoded
    kept = ""
    for part in parts:
        if len(kept) + len(part) > _KEPT:
            break
        kept += part
    return f"{kept}..{hashlib.sha256(raw).hexdigest()[:32]}"


def dec(name: str) -> str:
    """Decode `enc(name)`, where the name was not shortened.

    Raises:
        ValueError: a `%` that two hex digits do not follow.
    """
    if "%" not in name:
        return name
    if name == _NAMELESS:
        return ""
    head, *rest = name.split("%")
    raw = bytearray(head.encode())
    for part in rest:
        if not _HEX.match(part):
            raise ValueError(f"{name!r} has a % that two hex digits do not follow")
        raw += bytes.fromhex(part[:2]) + part[2:].encode()
    return raw.decode("utf-8", "surrogateescape")


@lru_cache(maxsize=65536)
def _escape(name: str) -> str:
    """Escape what would break the text form apart: `/`, `%`, control characters. Capitals stay readable."""
    if not name:
        return _NAMELESS
    if name.isprintable() and "/" not in name and "%" not in name:
        return name
    return "".join(
        char
        if char.isprintable() and char not in "/%"
        else "".join(f"%{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))
        for char in name
    )
