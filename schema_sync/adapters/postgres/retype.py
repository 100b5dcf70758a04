"""What a change of a column's type means: its USING clause, whether rows are rewritten, what may fail or get lost.

The manual on ALTER TABLE says when a rewrite is avoided: the old type is binary coercible to the new one, or only a
limit grows. What is not known here to be safe is said to be a rewrite that may fail.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, NamedTuple

from schema_sync.adapters.postgres import text
from schema_sync.adapters.sql import Name, Sql, raw, sql
from schema_sync.model.plan import Hazard

_TYPE: Final = re.compile(
    r"(?P<base>[^(]+?)(?:\((?P<limits>[\d,-]+)\))?(?P<rest> with(?:out)? time zone)?(?P<array>(?:\[\])*)"
)

_STRINGS: Final = frozenset({"character varying", "text", "character", "name"})
_UNLIMITED: Final = frozenset(
    {
        "character varying",
        "bit varying",
        "numeric",
        "timestamp without time zone",
        "timestamp with time zone",
        "time without time zone",
        "time with time zone",
        "interval",
    }
)
"""Types whose limit may grow or go without a rewrite. `character` pads and `bit` is exact, so they are not here."""

_NUMBERS: Final = ("smallint", "integer", "bigint", "numeric", "real", "double precision")
_EXACT: Final = ("smallint", "integer", "bigint", "numeric")
_ZONED: Final = frozenset({"timestamp without time zone", "timestamp with time zone"})
_BINARY: Final = frozenset({("character varying", "text"), ("text", "character varying"), ("cidr", "inet")})

_NUMBER: Final = frozenset(_NUMBERS)
_CASTS: Final = {
    "smallint": _NUMBER,
    "integer": _NUMBER | {"bit", "boolean", "money"},
    "bigint": _NUMBER | {"bit", "money"},
    "numeric": _NUMBER | {"money"},
    "real": _NUMBER,
    "double precision": _NUMBER,
    "money": frozenset({"numeric"}),
    "boolean": frozenset({"integer"}),
    "bit": frozenset({"bigint", "bit varying", "integer"}),
    "bit varying": frozenset({"bit"}),
    "date": _ZONED,
    "timestamp without time zone": _ZONED | {"date", "time without time zone"},
    "timestamp with time zone": _ZONED | {"date", "time without time zone", "time with time zone"},
    "time without time zone": frozenset({"interval", "time with time zone"}),
    "time with time zone": frozenset({"time without time zone"}),
    "interval": frozenset({"time without time zone"}),
    "json": frozenset({"jsonb"}),
    "jsonb": _NUMBER | {"boolean", "json"},
    "uuid": frozenset[str](),
    "inet": frozenset({"cidr"}),
    "cidr": frozenset({"inet"}),
    "macaddr": frozenset({"macaddr8"}),
    "macaddr8": frozenset({"macaddr"}),
    "xml": frozenset[str](),
}
"""What pg_cast has of these types among themselves, the same from PostgreSQL 14 to 18; every type goes to and from a
string."""


class _Type(NamedTuple):
    base: str
    limits: tuple[int, ...]
    array: str


class Retype(NamedTuple):
    """How a column goes from one type to another."""

    using: Sql | None
    """The expression behind USING; `None` where the server's own assignment cast does it."""
    hazards: frozenset[Hazard]


def retype(column: str, old: str, new: str, own: Collection[str]) -> Retype:
    """What it takes to change a column's type. `own` are the names of types that the database's users made."""
    hazards = _hazards(_parse(old), _parse(new))
    return Retype(_using(column, old, new, own), hazards)


def is_castable(old: str, new: str) -> bool:
    """Whether there is a cast from one type to another, as far as that is known without a server: else it is said."""
    was, is_ = _parse(old), _parse(new)
    if was.base not in _CASTS or is_.base not in _CASTS:
        return True
    return bool(was.array) == bool(is_.array) and (was.base == is_.base or is_.base in _CASTS[was.base])


def is_own(type_: str, own: Collection[str]) -> bool:
    """Whether a type, as format_type() prints it, is or is made of one of these, or of another schema's."""
    found = list(text.tokens(type_))
    return any(token.text == "." or token.name in own for token in found)


def _parse(type_: str) -> _Type:
    match = _TYPE.fullmatch(type_)
    if match is None:
        return _Type(type_, (), "")
    limits = tuple(int(limit) for limit in (match["limits"] or "").split(",") if limit)
    return _Type(match["base"] + (match["rest"] or ""), limits, match["array"])


def _using(column: str, old: str, new: str, own: Collection[str]) -> Sql | None:
    was, is_ = _parse(old), _parse(new)
    if was.array == is_.array:
        if was.base == is_.base:
            return None
        if not was.array and {was.base, is_.base} == _ZONED:
            return sql("{column} AT TIME ZONE 'UTC'", column=Name(column))
    if is_.base in _STRINGS and not is_.array:
        return None
    if was.base in _NUMBERS and is_.base in _NUMBERS:
        return None
    if is_own(old, own) and is_own(new, own):
        return sql("{column}::text::{type}", column=Name(column), type=raw(new))
    return sql("{column}::{type}", column=Name(column), type=raw(new))


def _hazards(old: _Type, new: _Type) -> frozenset[Hazard]:
    if old.array == new.array and (old.base == new.base or (old.base, new.base) in _BINARY) and _grows(old, new):
        return frozenset({Hazard.BRIEF_LOCK})
    hazards = {Hazard.REWRITES_TABLE}
    if not _keeps_values(old, new):
        hazards |= {Hazard.MAY_FAIL}
    if _rounds(old, new) or {old.base, new.base} == _ZONED:
        hazards |= {Hazard.CONVERTS_ROWS}
    return frozenset(hazards)


def _grows(old: _Type, new: _Type) -> bool:
    """Whether the new type's limits take everything that the old one's did, without touching a row."""
    if old.limits == new.limits and old.base == new.base:
        return True
    if new.base == "text" or (not new.limits and new.base in _UNLIMITED | {"inet"}):
        return True
    if not old.limits or old.base != new.base or new.base not in _UNLIMITED:
        return False
    return old.limits[0] <= new.limits[0] and old.limits[1:] == new.limits[1:]


def _keeps_values(old: _Type, new: _Type) -> bool:
    """Whether every value of the old type can be cast to the new one."""
    if new.array or old.array:
        return False
    if new.base == "text":
        return True
    if old.base in _EXACT and new.base in _NUMBERS and not new.limits:
        return _NUMBERS.index(old.base) < _NUMBERS.index(new.base)
    return {old.base, new.base} == _ZONED


def _rounds(old: _Type, new: _Type) -> bool:
    """Whether the cast succeeds by changing values: digits behind the point, parts of a second, the time of day."""
    if old.base in _NUMBERS and new.base in _NUMBERS:
        if new.base in ("real", "double precision"):
            return old.base not in ("smallint", "integer", "real")
        if new.base == "numeric":
            fraction = new.limits[1] if len(new.limits) > 1 else 0
            had = old.limits[1] if len(old.limits) > 1 else None
            fractional = old.base in ("numeric", "real", "double precision")
            return bool(new.limits) and fractional and (had is None or fraction < had)
        return old.base in ("numeric", "real", "double precision")
    if old.base == new.base and old.base.startswith(("time", "interval")):
        return not _grows(old, new)
    return old.base in _ZONED and new.base not in _ZONED and new.base not in _STRINGS
