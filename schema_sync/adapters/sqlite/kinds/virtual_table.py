"""Virtual tables: what they hold is their module's, so that a change makes a new one."""

from __future__ import annotations

from collections.abc import Iterator

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.sql import Name, join, raw, sql
from schema_sync.adapters.sqlite.cell import Catalog, Cell, Found
from schema_sync.adapters.sqlite.objects import VirtualTable
from schema_sync.adapters.sqlite.tokens import folded
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard


def _read(catalog: Catalog) -> Iterator[Found]:
    for name, text in catalog.virtual_tables.items():
        yield Found(VirtualTable(ident=Ident("virtual_table", name), module=text.module, arguments=text.arguments))


def _create(table: VirtualTable, _rules: Rules) -> Answer:
    arguments = join(", ", [raw(argument) for argument in table.arguments])
    statement = sql(
        "CREATE VIRTUAL TABLE {table} USING {module}({arguments})",
        table=Name(table.name),
        module=Name(table.module),
        arguments=arguments,
    )
    return [Action(statement)]


def _drop(table: VirtualTable, _rules: Rules) -> Answer:
    return [Action(sql("DROP TABLE {table}", table=Name(table.name)), frozenset({Hazard.DELETES_DATA}))]


CELL = Cell(
    struct=VirtualTable,
    weight=11,
    read=_read,
    create=_create,
    drop=_drop,
    alter={"module": REPLACE, "arguments": REPLACE},
    holds_data=True,
    claims=lambda table: [("relation", folded(table.name))],
)
