"""Functions and procedures."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from schema_sync.model.objects import SchemaObject


class Argument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A parameter of a routine. The columns of RETURNS TABLE are a part of what it returns."""

    type: str
    name: str | None = None
    mode: str = "in"
    """`in`, `out`, `inout` or `variadic`."""
    default: str | None = None


class Procedure(SchemaObject, frozen=True, kw_only=True):
    """A procedure (pg_proc.prokind `p`), named with the types of its input arguments: `pay(integer, text)`."""

    kind: ClassVar[str] = "procedure"

    arguments: tuple[Argument, ...] = ()
    language: str
    body: str | None = None
    """The body where it is a string; the symbol of a C routine."""
    sql_body: str | None = None
    """The body where it is SQL that the server has parsed: BEGIN ATOMIC … END, or RETURN …."""
    library: str | None = None
    """The file of a C routine."""
    security_definer: bool = False
    settings: tuple[str, ...] = ()
    """What SET sets while it runs, as `name=value`, in the order of the server."""
    comment: str | None = None


class Function(Procedure, frozen=True, kw_only=True):
    """A function (pg_proc.prokind `f`, or `w` for window functions), named like a procedure."""

    kind: ClassVar[str] = "function"

    returns: str
    """As pg_get_function_result() prints it: `integer`, `SETOF orders`, `TABLE(id integer)`."""
    window: bool = False
    volatility: str = "volatile"
    parallel: str = "unsafe"
    strict: bool = False
    leakproof: bool = False
    cost: str | None = None
    """Where it is not the default of the language."""
    rows: str | None = None
    """Where it is not the default of 1000."""
    support: str | None = None
    """The planner's support function."""
