"""Triggers of tables, and of views with INSTEAD OF: created, dropped, and replaced."""

from __future__ import annotations

from collections.abc import Iterator

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.sql import Name, join, names, raw, sql
from schema_sync.adapters.sqlite.cell import Catalog, Cell, Found
from schema_sync.adapters.sqlite.objects import Trigger
from schema_sync.adapters.sqlite.tokens import folded
from schema_sync.model.ident import Ident


def _read(catalog: Catalog) -> Iterator[Found]:
    for entry in catalog.of_type("trigger"):
        owner = catalog.relations.get(folded(entry.table))
        if owner is None:
            continue
        ident = Ident("trigger", entry.name, owner)
        definition = catalog.definitions[ident]
        text = catalog.triggers[entry.name]
        trigger = Trigger(
            ident=ident,
            timing=text.timing,
            event=text.event,
            columns=_spelled(text.columns, owner, catalog),
            when=definition.texts[0],
            body=definition.texts[1:],
        )
        yield Found(trigger, definition.needs)


def _spelled(columns: tuple[str, ...], owner: Ident, catalog: Catalog) -> tuple[str, ...]:
    table = catalog.tables.get(owner.name)
    spelled = {folded(column.name): column.name for column in table.columns} if table is not None else {}
    return tuple(spelled.get(folded(name), name) for name in columns)


def _create(trigger: Trigger, _rules: Rules) -> Answer:
    assert trigger.owner is not None
    of = sql(" OF {columns}", columns=names(trigger.columns)) if trigger.columns else raw("")
    statement = sql(
        "CREATE TRIGGER {trigger} {timing} {event}{of} ON {table}{when} BEGIN\n  {body};\nEND",
        trigger=Name(trigger.name),
        timing=raw(trigger.timing),
        event=raw(trigger.event),
        of=of,
        table=Name(trigger.owner.name),
        when=sql(" WHEN {text}", text=raw(trigger.when)) if trigger.when else raw(""),
        body=join(";\n  ", [raw(statement) for statement in trigger.body]),
    )
    return [Action(statement)]


def _drop(trigger: Trigger, _rules: Rules) -> Answer:
    return [Action(sql("DROP TRIGGER {trigger}", trigger=Name(trigger.name)))]


CELL = Cell(
    struct=Trigger,
    weight=60,
    read=_read,
    create=_create,
    drop=_drop,
    alter={"timing": REPLACE, "event": REPLACE, "columns": REPLACE, "when": REPLACE, "body": REPLACE},
    survives=frozenset({"rebuild"}),
    dangles=True,
    claims=lambda trigger: [("trigger", folded(trigger.name))],
)
