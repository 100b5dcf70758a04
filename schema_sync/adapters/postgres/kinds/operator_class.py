"""Operator classes (manual: CREATE OPERATOR CLASS; catalog pg_opclass). Nothing of one can change in place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _members, _referred
from schema_sync.adapters.postgres.objects import OperatorClass
from schema_sync.adapters.postgres.rules import comment, commenting, dropping
from schema_sync.adapters.sql import Name, Sql, join, raw, sql
from schema_sync.model.ident import Ident

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, c.oid AS objid, 0 AS objsubid, c.opcname AS name, m.amname AS method,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN format_type(c.opcintype, NULL) END AS type,
       c.opcdefault AS is_default,
       {_referred.FAMILY} c.opcfamily) AS family,
       CASE WHEN c.opckeytype <> 0 AND set_config('search_path', ns.sp, true) IS NOT NULL
            THEN format_type(c.opckeytype, NULL) END AS storage,
       {_members.COLUMNS},
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_opclass'::regclass AND d.deptype = 'n'
  JOIN pg_opclass c ON c.oid = d.objid
  JOIN pg_am m ON m.oid = c.opcmethod
  LEFT JOIN pg_description e ON e.objoid = c.oid AND e.classoid = d.classid AND e.objsubid = 0
 ORDER BY ns.oid, c.opcname, m.amname
"""


def _read(row: Row, reader: Reader) -> OperatorClass:
    ident = Ident("operator_class", _members.called(row))
    return OperatorClass(
        ident=ident,
        method=row.method,
        type=reader.text(row.type, ident),
        default=row.is_default,
        family=row.family,
        **_members.fields(row, ident, reader),
        storage=None if row.storage is None else reader.text(row.storage, ident),
        comment=row.comment,
    )


def _on(class_: OperatorClass) -> Sql:
    return sql(
        "OPERATOR CLASS {name} USING {method}",
        name=_referred.own(_members.bare(class_)),
        method=Name(class_.method),
    )


def _create(class_: OperatorClass, _rules: Rules) -> Iterable[Action]:
    """One without a member says STORAGE, since it has to say something; its own type is what it stores anyway."""
    members = list(_members.added(class_.operators, class_.functions))
    if class_.storage is not None or not members:
        members.append(sql("STORAGE {type}", type=raw(class_.storage or class_.type)))
    yield Action(
        sql(
            "CREATE OPERATOR CLASS {name}{default} FOR TYPE {type} USING {method} FAMILY {family} AS {members}",
            name=_referred.own(_members.bare(class_)),
            default=raw(" DEFAULT" if class_.default else ""),
            type=raw(class_.type),
            method=Name(class_.method),
            family=_referred.referred(class_.family),
            members=join(", ", members),
        )
    )
    if class_.comment is not None:
        yield comment(_on(class_), class_.comment)


CELL: Final = Cell(
    struct=OperatorClass,
    weight=44,
    query=_QUERY,
    among=frozenset({"pg_opclass"}),
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    rename=_members.renaming(_on),
    alter={
        "method": REPLACE,
        "type": REPLACE,
        "default": REPLACE,
        "family": REPLACE,
        "operators": REPLACE,
        "functions": REPLACE,
        "storage": REPLACE,
        "comment": commenting(_on),
    },
    claims=lambda class_: [("operator class", class_.name)],
)
