"""What stands in for a cast where PostgreSQL has none, and a sensible expression makes one type out of the other.

The expression is that of a USING clause, which takes no subquery (manual: ALTER TABLE): what would need one, such as
the elements of a JSON array, is left out, and so is what would lose a part of every value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, LiteralString, NamedTuple

from schema_sync.adapters.sql import Name, Sql, raw, sql

_TYPE: Final = re.compile(
    r"(?P<base>[^(]+?)(?:\((?P<limits>[\d,-]+)\))?(?P<rest> with(?:out)? time zone)?(?P<array>(?:\[\])*)"
)


class Type(NamedTuple):
    """A type as format_type() prints it, taken apart."""

    base: str
    limits: tuple[int, ...]
    array: str
    """`[]`, or nothing."""


def parse(type_: str) -> Type:
    """`character varying(5)[]` -> its parts."""
    match = _TYPE.fullmatch(type_)
    if match is None:
        return Type(type_, (), "")
    limits = tuple(int(limit) for limit in (match["limits"] or "").split(",") if limit)
    return Type(match["base"] + (match["rest"] or ""), limits, match["array"])


class Conversion(NamedTuple):
    """An expression over a column, and what it does to the values."""

    using: Sql
    converts: bool = False
    """Whether values get another meaning."""
    note: str | None = None
    """How they are understood, for people."""


STRINGS: Final = frozenset({"character varying", "text", "character", "name"})
NUMBERS: Final = ("smallint", "integer", "bigint", "numeric", "real", "double precision")
_INSTANTS: Final = ("date", "timestamp without time zone", "timestamp with time zone")
_JSON: Final = ("json", "jsonb")

_SECONDS: Final = "numbers are seconds since 1970 (UTC)"
_TO_INSTANT: Final[dict[str, LiteralString]] = {
    "timestamp with time zone": "to_timestamp({column})",
    "timestamp without time zone": "to_timestamp({column}) AT TIME ZONE 'UTC'",
    "date": "(to_timestamp({column}) AT TIME ZONE 'UTC')::date",
}


def conversion(column: str, old: Type, new: Type, target: str) -> Conversion | None:
    """The way from one type to another that has no cast; `None` where there is none. `target` is the new type's text.

    The server casts the result to the column's type by assignment, so that limits need not be named.
    """
    if new.base in _JSON and not new.array:
        return Conversion(_call(f"to_{new.base}", column))
    if new.array and not old.array:
        return _wrapped(column, old, new, target)
    if old.array and new.array:
        return _elements(column, old, new, target)
    if old.array:
        return None
    return next((found for way in _WAYS if (found := way(column, old, new, target)) is not None), None)


def wrapped(element: Sql, column: str) -> Sql:
    """An array of the one value; NULL stays NULL."""
    return sql("CASE WHEN {column} IS NOT NULL THEN ARRAY[{element}] END", column=Name(column), element=element)


def _wrapped(column: str, old: Type, new: Type, target: str) -> Conversion | None:
    """A value becomes the only element of an array."""
    element = target.removesuffix(new.array)
    if old.base in _JSON:
        return None
    if old.base == new.base:
        return Conversion(wrapped(sql("{column}", column=Name(column)), column))
    if new.base in STRINGS:
        return Conversion(wrapped(_cast(column, "text"), column))  # a cast to the limit would cut off
    if {old.base, new.base} <= {*NUMBERS}:
        return Conversion(wrapped(_cast(column, element), column))
    inner = conversion(column, old, new._replace(array=""), element)
    return None if inner is None else inner._replace(using=wrapped(inner.using, column))


def _elements(column: str, old: Type, new: Type, target: str) -> Conversion | None:
    """Elements can be cast, and nothing else: here by way of integers."""
    if {old.base, new.base} & {"boolean"} and {old.base, new.base} & {*NUMBERS}:
        using = sql("{column}::integer[]::{target}", column=Name(column), target=raw(target))
        return Conversion(using, converts=new.base == "boolean")
    return None


def _instants(column: str, old: Type, new: Type, _target: str) -> Conversion | None:
    if old.base in NUMBERS and new.base in _TO_INSTANT:
        return Conversion(sql(_TO_INSTANT[new.base], column=Name(column)), converts=True, note=_SECONDS)
    if old.base in _INSTANTS and new.base in NUMBERS:
        using = sql("extract(epoch FROM {column})", column=Name(column))
        return Conversion(using, converts=True, note=_SECONDS)
    return None


def _intervals(column: str, old: Type, new: Type, _target: str) -> Conversion | None:
    if old.base in NUMBERS and new.base == "interval":
        using = sql("make_interval(secs => {column})", column=Name(column))
        return Conversion(using, converts=True, note="numbers are seconds")
    if old.base == "interval" and new.base in NUMBERS:
        using = sql("extract(epoch FROM {column})", column=Name(column))
        return Conversion(using, converts=True, note="numbers are seconds")
    return None


def _truth(column: str, old: Type, new: Type, _target: str) -> Conversion | None:
    if old.base in NUMBERS and new.base == "boolean":
        return Conversion(sql("{column} <> 0", column=Name(column)), converts=True, note="0 is false")
    if old.base == "boolean" and new.base in NUMBERS:
        return Conversion(_cast(column, "integer"))
    if old.base == "boolean" and new.base in ("bit", "bit varying"):
        return Conversion(sql("{column}::integer::bit(1)", column=Name(column)))
    return None


def _amounts(column: str, old: Type, new: Type, _target: str) -> Conversion | None:
    if "money" in (old.base, new.base) and {old.base, new.base} & {*NUMBERS}:
        return Conversion(_cast(column, "numeric"), converts=True, note="an amount is a plain number")
    return None


def _out_of_json(column: str, old: Type, new: Type, target: str) -> Conversion | None:
    if old.base not in _JSON:
        return None
    if old.base == "json" and new.base in (*NUMBERS, "boolean"):
        return Conversion(sql("{column}::jsonb::{target}", column=Name(column), target=raw(target)))
    return Conversion(sql("({column} #>> '{}')::{target}", column=Name(column), target=raw(target)))


def _bytes(column: str, old: Type, new: Type, _target: str) -> Conversion | None:
    if (old.base, new.base) == ("uuid", "bytea"):
        return Conversion(sql("decode(replace({column}::text, '-', ''), 'hex')", column=Name(column)))
    if (old.base, new.base) == ("bytea", "uuid"):
        return Conversion(sql("encode({column}, 'hex')::uuid", column=Name(column)))
    return None


_WAYS: Final[tuple[Callable[[str, Type, Type, str], Conversion | None], ...]] = (
    _instants,
    _intervals,
    _truth,
    _amounts,
    _out_of_json,
    _bytes,
)


def _cast(column: str, type_: str) -> Sql:
    return sql("{column}::{type}", column=Name(column), type=raw(type_))


def _call(function: str, column: str) -> Sql:
    return sql("{function}({column})", function=raw(function), column=Name(column))
