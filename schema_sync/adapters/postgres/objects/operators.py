"""What gives types their behaviour: operators, their classes and families, casts and transforms.

A reference to an operator, function or family of the tenant's own is written without a schema, any other with it:
`===`, `pg_catalog.=`, `pg_catalog.eqsel`. The name of an identity carries what tells namesakes apart.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from schema_sync.model.objects import SchemaObject


class Operator(SchemaObject, frozen=True, kw_only=True):
    """An operator (pg_operator), named with the types of its operands: `===(text, text)`, `!!(NONE, text)`."""

    kind: ClassVar[str] = "operator"

    left: str | None = None
    """The left operand's type; `None` for a prefix operator."""
    right: str
    function: str
    """What it calls, without the types, which are the operands'."""
    commutator: str | None = None
    negator: str | None = None
    restrict: str | None = None
    """The estimator of how many rows a condition with it lets through."""
    join: str | None = None
    """The estimator of how many pairs of rows a join over it makes."""
    hashes: bool = False
    merges: bool = False
    comment: str | None = None


class MemberOperator(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An operator of a class or family (pg_amop)."""

    number: int
    """The strategy that it has in the index method."""
    operator: str
    left: str
    right: str
    order_by: str | None = None
    """The family that its results are sorted by, where it orders and does not search: `pg_catalog.float_ops`."""


class MemberFunction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A support function of a class or family (pg_amproc)."""

    number: int
    left: str
    right: str
    """The types of the operands that it is for."""
    function: str
    """With the types of its arguments: `cmp(text, text)`."""


class OperatorFamily(SchemaObject, frozen=True, kw_only=True):
    """An operator family (pg_opfamily), named with its index method: `odd_ops(btree)`."""

    kind: ClassVar[str] = "operator_family"

    method: str
    operators: tuple[MemberOperator, ...] = ()
    functions: tuple[MemberFunction, ...] = ()
    """Those that belong to no class of the family."""
    comment: str | None = None


class OperatorClass(SchemaObject, frozen=True, kw_only=True):
    """An operator class (pg_opclass), named with its index method: `odd_ops(btree)`."""

    kind: ClassVar[str] = "operator_class"

    method: str
    type: str
    default: bool = False
    """Whether indexes over the type use it by themselves."""
    family: str
    """Without its method, which is the same."""
    operators: tuple[MemberOperator, ...] = ()
    functions: tuple[MemberFunction, ...] = ()
    storage: str | None = None
    """The type that indexes store, where it is another."""
    comment: str | None = None


class Cast(SchemaObject, frozen=True, kw_only=True):
    """A cast (pg_cast), named by its types, `text AS mood`. It lives in no schema, and is a tenant's by its parts."""

    kind: ClassVar[str] = "cast"

    source: str
    target: str
    method: str
    """`function`, `inout` (by way of text), or `binary` (the same bytes)."""
    function: str | None = None
    """With the types of its arguments."""
    context: str = "explicit"
    """Where it is made without being asked for: `explicit` for nowhere, `assignment`, `implicit` for anywhere."""
    comment: str | None = None


class Transform(SchemaObject, frozen=True, kw_only=True):
    """How a language sees a type (pg_transform), named by both, `mood FOR plperl`; a tenant's by its parts."""

    kind: ClassVar[str] = "transform"

    type: str
    language: str
    from_sql: str | None = None
    to_sql: str | None = None
    """The functions, with the types of their arguments."""
    comment: str | None = None
