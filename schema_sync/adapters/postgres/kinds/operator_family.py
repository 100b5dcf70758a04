"""Operator families (manual: CREATE OPERATOR FAMILY, ALTER OPERATOR FAMILY; catalog pg_opfamily).

CREATE OPERATOR CLASS makes one of its own name where none is named: here it is an object like any other, and made
first. Members that belong to no class are added and dropped in place.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _members, _referred
from schema_sync.adapters.postgres.objects import OperatorFamily
from schema_sync.adapters.postgres.rules import comment, commenting, dropping
from schema_sync.adapters.sql import Name, Sql, join, sql
from schema_sync.model.ident import Ident

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, f.oid AS objid, 0 AS objsubid, f.opfname AS name, m.amname AS method,
       {_members.COLUMNS},
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_opfamily'::regclass AND d.deptype = 'n'
  JOIN pg_opfamily f ON f.oid = d.objid
  JOIN pg_am m ON m.oid = f.opfmethod
  LEFT JOIN pg_description e ON e.objoid = f.oid AND e.classoid = d.classid AND e.objsubid = 0
 ORDER BY ns.oid, f.opfname, m.amname
"""


def _read(row: Row, reader: Reader) -> OperatorFamily:
    ident = Ident("operator_family", _members.called(row))
    return OperatorFamily(ident=ident, method=row.method, **_members.fields(row, ident, reader), comment=row.comment)


def _on(family: OperatorFamily) -> Sql:
    return sql(
        "OPERATOR FAMILY {name} USING {method}",
        name=_referred.own(_members.bare(family)),
        method=Name(family.method),
    )


def _create(family: OperatorFamily, _rules: Rules) -> Iterable[Action]:
    yield Action(sql("CREATE {on}", on=_on(family)))
    if family.operators or family.functions:
        yield _add(family, _members.added(family.operators, family.functions))
    if family.comment is not None:
        yield comment(_on(family), family.comment)


def _add(family: OperatorFamily, members: Iterable[Sql]) -> Action:
    return Action(sql("ALTER {on} ADD {members}", on=_on(family), members=join(", ", members)))


def _alter_members(old: OperatorFamily, new: OperatorFamily, _rules: Rules) -> Iterable[Action]:
    gone = list(
        _members.dropped(
            [one for one in old.operators if one not in new.operators],
            [one for one in old.functions if one not in new.functions],
        )
    )
    come = list(
        _members.added(
            [one for one in new.operators if one not in old.operators],
            [one for one in new.functions if one not in old.functions],
        )
    )
    if gone:
        yield Action(sql("ALTER {on} DROP {members}", on=_on(new), members=join(", ", gone)), early=True)
    if come:
        yield _add(new, come)


CELL: Final = Cell(
    struct=OperatorFamily,
    weight=43,
    query=_QUERY,
    among=frozenset({"pg_opfamily"}),
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    rename=_members.renaming(_on),
    alter={
        "method": REPLACE,
        "operators": _alter_members,
        "functions": _alter_members,
        "comment": commenting(_on),
    },
    claims=lambda family: [("operator family", family.name)],
)
