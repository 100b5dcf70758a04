"""Foreign keys: in line with their table; one whose column is new comes with it."""

from __future__ import annotations

from collections.abc import Iterator

from schema_sync.adapters.kind import REBUILD_OWNER, Answer, Rules
from schema_sync.adapters.sqlite.cell import Catalog, Cell, Found, identify, made_name
from schema_sync.adapters.sqlite.native import is_carried
from schema_sync.adapters.sqlite.objects import ForeignKey
from schema_sync.adapters.sqlite.parse import Reference
from schema_sync.adapters.sqlite.tokens import folded
from schema_sync.model.ident import Ident

QUERY = """
SELECT s.name, f.id, f."table", f."from", f."to", f.on_update, f.on_delete
FROM sqlite_schema AS s CROSS JOIN pragma_foreign_key_list(s.name) AS f
WHERE s.type = 'table' AND s.rootpage > 0
ORDER BY s.name, f.id, f.seq
"""


def _read(catalog: Catalog) -> Iterator[Found]:
    for table, text in catalog.ordinary():
        named = [(key.constraint or made_name(key.columns), key) for key in text.foreign_keys]
        for ident, key in identify("foreign_key", table, named):
            parent = catalog.relations.get(folded(key.parent))
            needs = catalog.columns(table, (folded(column) for column in key.columns))
            if parent is not None and parent != table:
                needs |= {parent}
            yield Found(_object(ident, key, parent, catalog), needs)


def _object(ident: Ident, key: Reference, parent: Ident | None, catalog: Catalog) -> ForeignKey:
    text = catalog.tables.get(parent.name) if parent is not None else None
    spelled = text.spelled if text is not None else {}
    return ForeignKey(
        ident=ident,
        columns=key.columns,
        parent=parent.name if parent is not None else key.parent,
        parent_columns=tuple(spelled.get(folded(name), name) for name in key.parent_columns),
        on_delete=key.on_delete,
        on_update=key.on_update,
        match=key.match,
        deferral=key.deferral,
        constraint=key.constraint,
    )


def _create(key: ForeignKey, rules: Rules) -> Answer:
    return [] if is_carried(key, rules) else REBUILD_OWNER


CELL = Cell(
    struct=ForeignKey,
    weight=33,
    query=QUERY,
    read=_read,
    create=_create,
    drop=lambda _key, _rules: REBUILD_OWNER,
    alter={
        "columns": REBUILD_OWNER,
        "parent": REBUILD_OWNER,
        "parent_columns": REBUILD_OWNER,
        "on_delete": REBUILD_OWNER,
        "on_update": REBUILD_OWNER,
        "match": REBUILD_OWNER,
        "deferral": REBUILD_OWNER,
        "constraint": REBUILD_OWNER,
    },
    inline=True,
    survives=frozenset({"rebuild"}),
    dangles=True,
)
