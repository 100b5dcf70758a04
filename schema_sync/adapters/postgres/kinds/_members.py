"""What operator classes and families share: the operators and functions in them (catalogs pg_amop and pg_amproc).

Each of these depends on the class or on the family: that says whose it is (as pg_dump sees it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, LiteralString

from schema_sync.adapters.kind import Action, Rename, Rules
from schema_sync.adapters.postgres.cell import Reader, Row
from schema_sync.adapters.postgres.kinds import _referred
from schema_sync.adapters.postgres.objects import MemberFunction, MemberOperator, OperatorClass, OperatorFamily
from schema_sync.adapters.sql import Name, Sql, raw, sql
from schema_sync.model.ident import Ident

PG_AMOP: Final = 2602
PG_AMPROC: Final = 2603

COLUMNS: Final[LiteralString] = f"""
       (SELECT json_agg(json_build_object(
                 'oid', a.oid::bigint, 'number', a.amopstrategy,
                 'left', CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL
                              THEN format_type(a.amoplefttype, NULL) END,
                 'right', CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL
                               THEN format_type(a.amoprighttype, NULL) END,
                 'operator', {_referred.OPERATOR} a.amopopr),
                 'order_by', {_referred.FAMILY} a.amopsortfamily))
               ORDER BY a.amopstrategy, a.amoplefttype::regtype::text, a.amoprighttype::regtype::text)
          FROM pg_depend x
          JOIN pg_amop a ON a.oid = x.objid
         WHERE x.classid = 'pg_amop'::regclass AND x.refclassid = d.classid AND x.refobjid = d.objid
           AND (x.refclassid <> 'pg_opfamily'::regclass OR a.amopfamily = x.refobjid)) AS operators,
       (SELECT json_agg(json_build_object(
                 'oid', a.oid::bigint, 'number', a.amprocnum,
                 'left', CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL
                              THEN format_type(a.amproclefttype, NULL) END,
                 'right', CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL
                               THEN format_type(a.amprocrighttype, NULL) END,
                 'function', {_referred.SIGNATURE} a.amproc::oid))
               ORDER BY a.amprocnum, a.amproclefttype::regtype::text, a.amprocrighttype::regtype::text)
          FROM pg_depend x
          JOIN pg_amproc a ON a.oid = x.objid
         WHERE x.classid = 'pg_amproc'::regclass AND x.refclassid = d.classid AND x.refobjid = d.objid) AS functions"""
"""The members of the class or family at the address `d.classid`, `d.objid`, as JSON. An operator that orders depends on
the family of its results' type, too, and is none of its members."""

Found = Sequence[Mapping[str, Any]] | None


def called(row: Row) -> str:
    """The identity's name: `odd_ops(btree)`."""
    return f"{row.name}({row.method})"


def bare(obj: OperatorClass | OperatorFamily) -> str:
    """The name without its method."""
    return obj.name.removesuffix(f"({obj.method})")


def fields(row: Row, ident: Ident, reader: Reader) -> dict[str, Any]:
    """The fields for the members, sorted by number and types; their addresses are registered."""
    for classid, found in ((PG_AMOP, row.operators), (PG_AMPROC, row.functions)):
        for one in found or ():
            reader.alias(classid, one["oid"], ident)
    operators = [
        MemberOperator(
            number=one["number"],
            operator=one["operator"],
            left=reader.text(one["left"], ident),
            right=reader.text(one["right"], ident),
            order_by=one["order_by"],
        )
        for one in row.operators or ()
    ]
    functions = [
        MemberFunction(
            number=one["number"],
            left=reader.text(one["left"], ident),
            right=reader.text(one["right"], ident),
            function=reader.text(one["function"], ident),
        )
        for one in row.functions or ()
    ]
    return {
        "operators": tuple(sorted(operators, key=lambda one: (one.number, one.left, one.right))),
        "functions": tuple(sorted(functions, key=lambda one: (one.number, one.left, one.right))),
    }


def added(operators: Iterable[MemberOperator], functions: Iterable[MemberFunction]) -> Iterable[Sql]:
    """The members as CREATE OPERATOR CLASS and ALTER OPERATOR FAMILY ADD write them."""
    for one in operators:
        order = Sql(()) if one.order_by is None else sql(" FOR ORDER BY {of}", of=_referred.referred(one.order_by))
        yield sql(
            "OPERATOR {number} {operator} ({types}){order}",
            number=raw(str(one.number)),
            operator=_referred.referred(one.operator),
            types=_types(one),
            order=order,
        )
    for other in functions:
        yield sql(
            "FUNCTION {number} ({types}) {function}",
            number=raw(str(other.number)),
            types=_types(other),
            function=_referred.referred(other.function),
        )


def dropped(operators: Iterable[MemberOperator], functions: Iterable[MemberFunction]) -> Iterable[Sql]:
    """The members as ALTER OPERATOR FAMILY DROP writes them."""
    for one in operators:
        yield sql("OPERATOR {number} ({types})", number=raw(str(one.number)), types=_types(one))
    for other in functions:
        yield sql("FUNCTION {number} ({types})", number=raw(str(other.number)), types=_types(other))


def _types(member: MemberOperator | MemberFunction) -> Sql:
    return sql("{left}, {right}", left=raw(member.left), right=raw(member.right))


def renaming(on: Callable[[Any], Sql]) -> Rename:
    """ALTER … RENAME TO; the access method in an identity's name is none of the name."""

    def rename(old: Any, new: Any, _rules: Rules) -> Iterable[Action]:
        yield Action(sql("ALTER {on} RENAME TO {name}", on=on(old), name=Name(bare(new))))

    return rename
