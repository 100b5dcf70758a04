"""Views: created, dropped, and replaced."""

from __future__ import annotations

from collections.abc import Iterator

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.sql import Name, names, raw, sql
from schema_sync.adapters.sqlite.cell import Catalog, Cell, Found
from schema_sync.adapters.sqlite.objects import View
from schema_sync.adapters.sqlite.tokens import folded
from schema_sync.model.ident import Ident


def _read(catalog: Catalog) -> Iterator[Found]:
    for name, text in catalog.views.items():
        ident = Ident("view", name)
        definition = catalog.definitions[ident]
        yield Found(View(ident=ident, columns=text.columns, body=definition.texts[0]), definition.needs)


def _create(view: View, _rules: Rules) -> Answer:
    columns = sql(" ({columns})", columns=names(view.columns)) if view.columns else raw("")
    statement = sql("CREATE VIEW {view}{columns} AS {body}", view=Name(view.name), columns=columns, body=raw(view.body))
    return [Action(statement)]


def _drop(view: View, _rules: Rules) -> Answer:
    return [Action(sql("DROP VIEW {view}", view=Name(view.name)))]


CELL = Cell(
    struct=View,
    weight=50,
    read=_read,
    create=_create,
    drop=_drop,
    alter={"columns": REPLACE, "body": REPLACE},
    survives=frozenset({"rebuild"}),
    dangles=True,
    claims=lambda view: [("relation", folded(view.name))],
)
