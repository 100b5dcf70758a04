"""Foreign tables (manual: CREATE FOREIGN TABLE; catalog pg_foreign_table): columns and checks are objects like those
of tables. Servers and user mappings are the database's; a server is a need of the tenant's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Fold, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _foreign
from schema_sync.adapters.postgres.objects import ForeignTable
from schema_sync.adapters.postgres.rules import (
    ACCESS_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    comment,
    commenting,
    dropping,
    renaming,
    table_being_created,
)
from schema_sync.adapters.sql import Name, Sql, sql
from schema_sync.model.ident import Ident

_QUERY: Final[LiteralString] = """
SELECT ns.oid AS ns, d.classid, c.oid AS objid, 0 AS objsubid, c.relname AS name,
       s.srvname AS server, coalesce(f.ftoptions, '{}') AS options, e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_class'::regclass AND d.deptype = 'n'
  JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'f'
  JOIN pg_foreign_table f ON f.ftrelid = c.oid
  JOIN pg_foreign_server s ON s.oid = f.ftserver
  LEFT JOIN pg_description e ON e.objoid = c.oid AND e.classoid = d.classid AND e.objsubid = 0
 WHERE NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = c.oid)
 ORDER BY ns.oid, c.relname
"""


def _read(row: Row, reader: Reader) -> ForeignTable:
    ident = Ident("foreign_table", row.name)
    return ForeignTable(
        ident=ident,
        server=row.server,
        options=tuple(reader.literal(option, ident) for option in row.options),
        comment=row.comment,
    )


def _on(table: ForeignTable) -> Sql:
    return sql("FOREIGN TABLE {table}", table=Name(table.name))


def _create(table: ForeignTable, _rules: Rules) -> Iterable[Action]:
    behind = sql(" SERVER {server}{options}", server=Name(table.server), options=_foreign.given(table.options))
    yield Action(
        sql("CREATE {on} (){behind}", on=_on(table), behind=behind),
        folds=(
            Fold(
                table_being_created(table.name, None).into,
                None,
                head=sql("CREATE {on} (", on=_on(table)),
                tail=sql("){behind}", behind=behind),
            ),
        ),
    )
    if table.comment is not None:
        yield comment(_on(table), table.comment)


def _options(old: ForeignTable, new: ForeignTable, _rules: Rules) -> Iterable[Action]:
    changes = _foreign.changed(old.options, new.options)
    yield Action(sql("ALTER {on} {changes}", on=_on(new), changes=changes), lock=ACCESS_EXCLUSIVE)


CELL: Final = Cell(
    struct=ForeignTable,
    weight=31,
    query=_QUERY,
    among=frozenset({"pg_class.f"}),
    read=_read,
    create=_create,
    drop=dropping(_on, ACCESS_EXCLUSIVE),
    on=_on,
    rename=renaming(_on),
    alter={"server": REPLACE, "options": _options, "comment": commenting(_on, SHARE_UPDATE_EXCLUSIVE)},
    claims=lambda table: [("relation", table.name), ("type", table.name)],
)
