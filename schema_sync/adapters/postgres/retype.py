"""What a change of a column's type means: its USING clause, whether rows are rewritten, what may fail or get lost.

The manual on ALTER TABLE says when a rewrite is avoided: the old type is binary coercible to the new one, or only a
limit grows. What is not known here to be safe is said to be a rewrite that may fail.
"""

from __future__ import annotations

from collections.abc import Container, Set
from typing import Final, NamedTuple

from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.conversions import NUMBERS, STRINGS, Conversion, Type, conversion, parse, wrapped
from schema_sync.adapters.sql import Name, Sql, raw, sql
from schema_sync.model.plan import Hazard

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

_EXACT: Final = ("smallint", "integer", "bigint", "numeric")
_ZONED: Final = frozenset({"timestamp without time zone", "timestamp with time zone"})
_BINARY: Final = frozenset({("character varying", "text"), ("text", "character varying"), ("cidr", "inet")})

_NUMBER: Final = frozenset(NUMBERS)
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

_APART: Final = frozenset(
    {"bytea", "tsvector", "tsquery", "jsonpath", "pg_lsn", "point", "box", "circle", "line", "lseg", "path", "polygon"}
    | {f"{kind}{multi}range" for kind in ("int4", "int8", "num", "ts", "tstz", "date") for multi in ("", "multi")}
)
"""Types that have no cast to or from those above, whatever they have among themselves."""


class Retype(NamedTuple):
    """How a column goes from one type to another."""

    using: Sql | None
    """The expression behind USING; `None` where the server's own assignment cast does it."""
    hazards: frozenset[Hazard]
    note: str | None = None
    """How values are understood, for people."""


def retype(
    column: str,
    old: str,
    new: str,
    own: Set[str],
    bases: tuple[str, str] | None = None,
    seen: tuple[str, str] | None = None,
) -> Retype | None:
    """What it takes to change a column's type; `None` where no expression makes the one out of the other.

    `own` are the names of types that the database's users made; `bases` the types that domains are over in the end,
    and `seen` those by which the server tells whether it has to look at rows.
    """
    was, is_ = (parse(type_) for type_ in bases or (old, new))
    hazards = hazards_of(*(seen or (old, new)))
    if _rounds(was, is_):
        hazards |= {Hazard.CONVERTS_ROWS}
    if is_castable(*(bases or (old, new))):
        how = _using(column, was, is_, new, own)
        return None if how is None else Retype(how.using or None, hazards, how.note)
    way = conversion(column, was, is_, new)
    if way is None:
        return None
    hazards |= {Hazard.MAY_FAIL, Hazard.CONVERTS_ROWS} if way.converts else {Hazard.MAY_FAIL}
    return Retype(way.using, hazards, way.note)


def hazards_of(old: str, new: str) -> frozenset[Hazard]:
    """What it means for the rows to be cast from one type to another."""
    return _hazards(parse(old), parse(new))


def is_castable(old: str, new: str) -> bool:
    """Whether there is a cast from one type to another, as far as that is known without a server: else it is said."""
    was, is_ = parse(old), parse(new)
    if not _is_known(was, is_):
        return True
    return bool(was.array) == bool(is_.array) and (was.base == is_.base or is_.base in _CASTS.get(was.base, ()))


def _is_known(was: Type, is_: Type) -> bool:
    """Whether all casts between two types are known here."""
    if was.base in _CASTS and is_.base in _CASTS:
        return True
    if bool(was.array) != bool(is_.array) and {was.base, is_.base} <= _CASTS.keys() | STRINGS:
        return (is_ if was.array else was).base not in STRINGS  # a string is cast to an array, and an array to it
    if {was.base, is_.base} & {"smallint", "integer", "bigint"} and "bytea" in (was.base, is_.base):
        return False  # from PostgreSQL 18 on there are casts
    return (was.base in _CASTS or is_.base in _CASTS) and bool({was.base, is_.base} & _APART)


def is_built_in(type_: str) -> bool:
    """Whether a type without a schema is one that the server brings along, as far as it is known here."""
    return type_ in _CASTS or type_ in _APART or type_ in STRINGS


def is_own(type_: str, own: Container[str | None]) -> bool:
    """Whether a type, as format_type() prints it, is or is made of one of these, or of another schema's."""
    found = list(text.tokens(type_))
    return any(token.text == "." or token.name in own for token in found)


def _using(column: str, was: Type, is_: Type, new: str, own: Set[str]) -> Conversion | None:
    """The expression between types that have a cast, or of which not all is known; empty where none is needed."""
    if was.array == is_.array:
        if was.base == is_.base:
            return Conversion(Sql(()))
        if not was.array and {was.base, is_.base} == _ZONED:
            return Conversion(sql("{column} AT TIME ZONE 'UTC'", column=Name(column)))
    if is_.base in STRINGS and not is_.array:
        return Conversion(Sql(()))
    if was.base in NUMBERS and is_.base in NUMBERS and was.array == is_.array:
        return Conversion(Sql(()))
    if not (is_own(was.base, own) or (is_own(is_.base, own) and was.base not in STRINGS)):
        return Conversion(sql("{column}::{type}", column=Name(column), type=raw(new)))
    return _by_way_of_text(column, was, is_, new, own)


def _by_way_of_text(column: str, was: Type, is_: Type, new: str, own: Set[str]) -> Conversion | None:
    """Types that users made have no casts of their own, but for those of other schemas, which may have."""
    if is_.base in ("json", "jsonb") and not is_.array:
        return conversion(column, was, is_, new)
    if was.base in ("json", "jsonb") and not was.array:
        return None if is_.array else conversion(column, was, is_, new)
    if is_.array and not was.array:
        element = new.removesuffix(is_.array)
        inner = _by_way_of_text(column, was, is_._replace(array=""), element, own)
        return None if inner is None else Conversion(wrapped(inner.using, column))
    if was.array and not is_.array:
        return None
    both = is_own(was.base, own) and is_own(is_.base, own)
    if not both and (is_own(was.base, ()) or is_own(is_.base, ())):
        return Conversion(sql("{column}::{type}", column=Name(column), type=raw(new)))
    return Conversion(sql("{column}::text{array}::{type}", column=Name(column), array=raw(was.array), type=raw(new)))


def _hazards(old: Type, new: Type) -> frozenset[Hazard]:
    if old.array == new.array and (old.base == new.base or (old.base, new.base) in _BINARY) and _grows(old, new):
        return frozenset({Hazard.BRIEF_LOCK})
    hazards = {Hazard.REWRITES_TABLE}
    if not _keeps_values(old, new):
        hazards |= {Hazard.MAY_FAIL}
    if _rounds(old, new) or {old.base, new.base} == _ZONED:
        hazards |= {Hazard.CONVERTS_ROWS}
    return frozenset(hazards)


def _grows(old: Type, new: Type) -> bool:
    """Whether the new type's limits take everything that the old one's did, without touching a row."""
    if old.limits == new.limits and old.base == new.base:
        return True
    if new.base == "text" or (not new.limits and new.base in _UNLIMITED | {"inet"}):
        return True
    if not old.limits or old.base != new.base or new.base not in _UNLIMITED:
        return False
    return old.limits[0] <= new.limits[0] and old.limits[1:] == new.limits[1:]


def _keeps_values(old: Type, new: Type) -> bool:
    """Whether every value of the old type can be cast to the new one."""
    if new.array or old.array:
        return False
    if new.base == "text":
        return True
    if old.base in _EXACT and new.base in NUMBERS and not new.limits:
        return NUMBERS.index(old.base) < NUMBERS.index(new.base)
    return {old.base, new.base} == _ZONED


def _rounds(old: Type, new: Type) -> bool:
    """Whether the cast succeeds by changing values: digits behind the point, parts of a second, the time of day."""
    if old.base in NUMBERS and new.base == "boolean":
        return True
    if old.base in NUMBERS and new.base in NUMBERS:
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
    return old.base in _ZONED and new.base not in _ZONED and new.base not in STRINGS
