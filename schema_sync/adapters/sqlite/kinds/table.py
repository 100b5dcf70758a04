"""Tables: created with all that is in line, rebuilt where ALTER TABLE cannot do it."""

from __future__ import annotations

from collections.abc import Iterator

from schema_sync.adapters.kind import REBUILD_OWNER, Action, Answer, Rules
from schema_sync.adapters.sql import Name, sql
from schema_sync.adapters.sqlite import ddl
from schema_sync.adapters.sqlite.cell import Catalog, Cell, Found
from schema_sync.adapters.sqlite.objects import Table
from schema_sync.adapters.sqlite.rebuild import counterpart, rebuild
from schema_sync.adapters.sqlite.tokens import folded
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard

QUERY = "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' ORDER BY name"


def _read(catalog: Catalog) -> Iterator[Found]:
    for name, _type, without_rowid, strict in catalog.rows["table"]:
        text = catalog.tables.get(name)
        if text is not None:
            yield Found(
                Table(
                    ident=Ident("table", name),
                    strict=bool(strict),
                    without_rowid=bool(without_rowid),
                    autoincrement=text.autoincrement,
                )
            )


def _create(table: Table, rules: Rules) -> Answer:
    old = counterpart(table, rules.old)
    if old is not None and counterpart(old, rules.new) is table:
        return rebuild(old, table, rules)
    return [Action(ddl.create_table(table, rules.new))]


def _drop(table: Table, rules: Rules) -> Answer:
    if counterpart(table, rules.new) is not None:
        return []
    return [Action(sql("DROP TABLE {table}", table=Name(table.name)), frozenset({Hazard.DELETES_DATA}))]


def _rename(old: Table, new: Table, _rules: Rules) -> list[Action]:
    return ddl.renaming(sql("ALTER TABLE {old} RENAME TO {new}", old=Name(old.name), new=Name(new.name)))


CELL = Cell(
    struct=Table,
    weight=10,
    query=QUERY,
    read=_read,
    create=_create,
    drop=_drop,
    rename=_rename,
    alter={"strict": REBUILD_OWNER, "without_rowid": REBUILD_OWNER, "autoincrement": REBUILD_OWNER},
    holds_data=True,
    rebuild=rebuild,
    claims=lambda table: [("relation", folded(table.name))],
)
