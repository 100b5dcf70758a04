"""UNIQUE constraints: in line with their table, and changed only by a rebuild."""

from __future__ import annotations

from collections.abc import Iterator

from schema_sync.adapters.kind import REBUILD_OWNER
from schema_sync.adapters.sqlite.cell import (
    Cell,
    Found,
    by_table,
    column_idents,
    identify,
    made_name,
    used_by,
)
from schema_sync.adapters.sqlite.objects import Unique
from schema_sync.adapters.sqlite.parse import TableText
from schema_sync.model.ident import Ident


def _read(table: Ident, text: TableText) -> Iterator[Found]:
    named = [
        (key.constraint or made_name(part.column or part.expression for part in key.parts), key) for key in text.uniques
    ]
    for ident, key in identify("unique", table, named):
        found = Unique(ident=ident, columns=key.parts, conflict=key.conflict, constraint=key.constraint)
        yield Found(found, column_idents(table, text, used_by(key.parts)))


CELL = Cell(
    struct=Unique,
    weight=31,
    read=by_table(_read),
    create=lambda _key, _rules: REBUILD_OWNER,
    drop=lambda _key, _rules: REBUILD_OWNER,
    alter={"columns": REBUILD_OWNER, "conflict": REBUILD_OWNER, "constraint": REBUILD_OWNER},
    inline=True,
    survives=frozenset({"rebuild"}),
)
