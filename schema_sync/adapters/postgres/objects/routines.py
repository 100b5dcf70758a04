"""Functions, procedures and aggregates.

A reference to a function or operator of the tenant's own is written without a schema, any other with it.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from schema_sync.model.objects import SchemaObject


class Argument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A parameter of a routine. The columns of RETURNS TABLE are a part of what it returns."""

    verbatim: ClassVar[tuple[str, ...]] = ("name",)

    type: str
    name: str | None = None
    mode: str = "in"
    """`in`, `out`, `inout` or `variadic`."""
    default: str | None = None


class Procedure(SchemaObject, frozen=True, kw_only=True):
    """A procedure (pg_proc.prokind `p`), named with the types of its input arguments: `pay(integer, text)`."""

    kind: ClassVar[str] = "procedure"
    verbatim: ClassVar[tuple[str, ...]] = ("body", "settings", "comment")

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
    transforms: tuple[str, ...] = ()
    """The types of TRANSFORM FOR TYPE, in their order."""
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


class FinalFunction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The function that makes an aggregate's result of its state."""

    function: str
    extra: bool = False
    """Whether it is handed the arguments too, as NULLs (FINALFUNC_EXTRA)."""
    modify: str
    """What it does to the state: `read_only`, `shareable` or `read_write`."""


class Moving(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How an aggregate moves along a window frame, by a state of its own."""

    transition: str
    inverse: str
    """The function that takes a row out of the state again."""
    state: str
    space: int = 0
    final: FinalFunction | None = None
    initial: str | None = None


class Aggregate(SchemaObject, frozen=True, kw_only=True):
    """An aggregate (pg_aggregate), named like a procedure."""

    kind: ClassVar[str] = "aggregate"

    form: str = "normal"
    """`normal`, `ordered_set` (WITHIN GROUP) or `hypothetical`."""
    arguments: tuple[Argument, ...] = ()
    direct: int = 0
    """How many of the arguments stand before ORDER BY; 0 for a normal one."""
    returns: str
    """What follows from the functions, and decides what can replace it."""
    transition: str
    state: str
    """The type of the state."""
    space: int = 0
    """The state's size in bytes, as the planner shall estimate it; 0 for its own guess."""
    final: FinalFunction | None = None
    combine: str | None = None
    serialize: str | None = None
    deserialize: str | None = None
    """The functions of partial aggregation."""
    initial: str | None = None
    """The state before the first row."""
    moving: Moving | None = None
    sort_operator: str | None = None
    """The operator by which an index gives the result, as for min() and max()."""
    parallel: str = "unsafe"
    comment: str | None = None
