"""CHECK constraints: in line with their table; one that only a new column brings comes with it."""

from __future__ import annotations

from collections.abc import Iterator

from schema_sync.adapters.kind import REBUILD_OWNER, Answer, Rules
from schema_sync.adapters.sqlite.cell import Cell, Found, by_table, column_idents, identify
from schema_sync.adapters.sqlite.native import is_carried
from schema_sync.adapters.sqlite.objects import Check
from schema_sync.adapters.sqlite.parse import TableText
from schema_sync.model.ident import Ident


def _read(table: Ident, text: TableText) -> Iterator[Found]:
    named = [(check.constraint or check.expression, check) for check in text.checks]
    for ident, check in identify("check", table, named):
        found = Check(ident=ident, expression=check.expression, constraint=check.constraint)
        yield Found(found, column_idents(table, text, check.words))


def _create(check: Check, rules: Rules) -> Answer:
    return [] if is_carried(check, rules) else REBUILD_OWNER


CELL = Cell(
    struct=Check,
    weight=32,
    read=by_table(_read),
    create=_create,
    drop=lambda _check, _rules: REBUILD_OWNER,
    alter={"expression": REBUILD_OWNER, "constraint": REBUILD_OWNER},
    inline=True,
    survives=frozenset({"rebuild"}),
)
