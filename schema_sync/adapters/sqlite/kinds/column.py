"""Columns: in line with their table; added and dropped natively where SQLite can."""

from __future__ import annotations

from collections.abc import Iterator

from schema_sync.adapters.kind import REBUILD_OWNER, Action, Answer, Rules
from schema_sync.adapters.sql import Name, join, sql
from schema_sync.adapters.sqlite import ddl
from schema_sync.adapters.sqlite.cell import Cell, Found, by_table, column_idents
from schema_sync.adapters.sqlite.native import can_add, can_drop, riders
from schema_sync.adapters.sqlite.objects import Column
from schema_sync.adapters.sqlite.parse import TableText
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard

QUERY = """
SELECT s.name, x.name, x.type, x."notnull", x.dflt_value IS NOT NULL, x.pk > 0, x.hidden
FROM sqlite_schema AS s CROSS JOIN pragma_table_xinfo(s.name) AS x
WHERE s.type = 'table' AND s.rootpage > 0
ORDER BY s.name, x.cid
"""


def _read(table: Ident, text: TableText) -> Iterator[Found]:
    for column in text.columns:
        yield Found(
            Column(
                ident=Ident("column", column.name, table),
                type=column.type,
                not_null=column.not_null,
                not_null_conflict=column.not_null_conflict,
                not_null_constraint=column.not_null_constraint,
                default=column.default,
                collation=column.collation,
                generated=column.generated,
                stored=column.stored,
            ),
            column_idents(table, text, column.uses),
        )


def _create(column: Column, rules: Rules) -> Answer:
    if not can_add(column, rules):
        return REBUILD_OWNER
    assert column.owner is not None
    carried = riders(column, rules)
    words = [ddl.column_definition(column), *(ddl.named_column_constraint(rider) for rider in carried)]
    statement = sql("ALTER TABLE {table} ADD COLUMN {column}", table=Name(column.owner.name), column=join(" ", words))
    return [Action(statement, frozenset({Hazard.MAY_FAIL} if carried else ()))]


def _drop(column: Column, rules: Rules) -> Answer:
    if not can_drop(column, rules):
        return REBUILD_OWNER
    assert column.owner is not None
    statement = sql("ALTER TABLE {table} DROP COLUMN {column}", table=Name(column.owner.name), column=Name(column.name))
    return [Action(statement, frozenset({Hazard.DELETES_DATA, Hazard.REWRITES_TABLE}))]


def _rename(old: Column, new: Column, _rules: Rules) -> list[Action]:
    assert old.owner is not None
    names = {"table": Name(old.owner.name), "old": Name(old.name), "new": Name(new.name)}
    return ddl.renaming(sql("ALTER TABLE {table} RENAME COLUMN {old} TO {new}", **names))


CELL = Cell(
    struct=Column,
    weight=20,
    query=QUERY,
    read=by_table(_read),
    create=_create,
    drop=_drop,
    rename=_rename,
    alter={
        "type": REBUILD_OWNER,
        "not_null": REBUILD_OWNER,
        "not_null_conflict": REBUILD_OWNER,
        "not_null_constraint": REBUILD_OWNER,
        "default": REBUILD_OWNER,
        "collation": REBUILD_OWNER,
        "generated": REBUILD_OWNER,
        "stored": REBUILD_OWNER,
    },
    inline=True,
    holds_data=True,
    survives=frozenset({"rebuild"}),
)
