"""Which casts succeed by changing values: what a new type has no place for is rounded or left out, and nothing said.

Held against the server by a test that casts there and back (manual: 8.1 to 8.14). What is read out of a string may be
more than the new type takes in: the time of day of a date, digits behind the point.
"""

from __future__ import annotations

from typing import Final

from schema_sync.adapters.postgres.conversions import NUMBERS, STRINGS, Type

_INTEGERS: Final = {"smallint": 16, "integer": 32, "bigint": 64}
"""Their bits."""
_FLOATS: Final = {"real": 24, "double precision": 53}
"""The bits that they keep of an integer."""
_JSON: Final = frozenset({"json", "jsonb"})
_TEXTS: Final = STRINGS | _JSON
"""What a value of another type is read out of."""

_TIMESTAMPS: Final = frozenset({"timestamp without time zone", "timestamp with time zone"})
_TIMES: Final = frozenset({"time without time zone", "time with time zone"})
_ZONED: Final = frozenset({"timestamp with time zone", "time with time zone"})
_FIELDS: Final = ("year", "month", "day", "hour", "minute", "second")
_MICROSECONDS: Final = 6

_SHAPES: Final = frozenset({"point", "box", "lseg", "line", "path", "polygon", "circle"})
_SAME_SHAPE: Final = frozenset({("point", "box"), ("box", "polygon"), ("polygon", "path"), ("path", "polygon")})

_NAME: Final = 15
"""The characters that fit into a `name` whatever their bytes are."""


def changes_values(old: Type, new: Type) -> bool:
    """Whether a cast may succeed and leave out a part of the value, or give it another meaning."""
    if new.base in NUMBERS:
        return _rounds(old, new)
    if new.base == "boolean":
        return old.base in NUMBERS
    if new.base == "money":
        return old.base in _TEXTS or (old.base in NUMBERS and old.base not in _INTEGERS)
    if new.base in _TIMESTAMPS | _TIMES | {"date"} or _is_interval(new):
        return _is_cut_short(old, new)
    if new.base in ("bit", "bit varying"):
        return old.base in _JSON or (old.base in _INTEGERS and (new.limits or (1,))[0] < _INTEGERS[old.base])
    if new.base == "name":
        return old.base in _TEXTS - {"name"} and not (old.limits and old.limits[0] <= _NAME)
    if new.base in _SHAPES:
        return old.base in _SHAPES - {new.base} and (old.base, new.base) not in _SAME_SHAPE
    if new.base in ('"char"', "tsvector"):
        return old.base != new.base
    return (new.base == "jsonb" and old.base in _TEXTS - {"jsonb"}) or (old.base, new.base) == ("inet", "cidr")


def _rounds(old: Type, new: Type) -> bool:
    """Digits behind the point, or more of them than a number has place for."""
    if new.base in _FLOATS:
        if old.base in _INTEGERS or old.base == "boolean":
            return _INTEGERS.get(old.base, 1) > _FLOATS[new.base]
        return old.base != new.base and (old.base, new.base) != ("real", "double precision")
    if new.base == "numeric":
        if old.base in _FLOATS:
            return True  # it gets 6 digits of a real, and 15 of a double precision
        fraction = new.limits[1] if len(new.limits) > 1 else 0
        had = old.limits[1] if len(old.limits) > 1 else None
        return bool(new.limits) and fraction < _digits(old, had)
    return old.base in {"numeric", "money", *_FLOATS, *_JSON}


def _digits(old: Type, scale: int | None) -> float:
    """How many digits a value may have behind the point."""
    if old.base in _INTEGERS or old.base == "boolean" or old.base in ("bit", "bit varying"):
        return 0
    if old.base == "numeric" and old.limits:
        return scale or 0
    return float("inf")


def _is_cut_short(old: Type, new: Type) -> bool:
    """A date, a zone, fields of an interval, parts of a second."""
    if old.base in _TEXTS:
        return not _is_interval(new) or _finest(new) < (_FIELDS.index("second"), _MICROSECONDS)
    if old.base in NUMBERS:
        return False
    if (old.base in _ZONED) != (new.base in _ZONED) and not _is_interval(new):
        return True
    if _has_date(old) and not _has_date(new):
        return True
    return _finest(new) < _finest(old)


def _is_interval(type_: Type) -> bool:
    return type_.base.partition(" ")[0] == "interval"


def _has_date(type_: Type) -> bool:
    return type_.base in _TIMESTAMPS | {"date"} or _is_interval(type_)


def _finest(type_: Type) -> tuple[int, int]:
    """The smallest field that is kept, and the digits of its fraction: `interval year to month` is (1, 0)."""
    last = type_.base.rpartition(" ")[2]
    if type_.base == "date" or last in _FIELDS[:-1]:
        return _FIELDS.index("day" if type_.base == "date" else last), 0
    return _FIELDS.index("second"), type_.limits[0] if type_.limits else _MICROSECONDS
