"""CHECK constraints: in line with their table; one that only a new column brings comes with it."""

from __future__ import annotations

from collections.abc import Iterator

from schema_sync.adapters.kind import REBUILD_OWNER, Answer, Rules
from schema_sync.adapters.sqlite.cell import Catalog, Cell, Found, identify
from schema_sync.adapters.sqlite.native import is_carried
from schema_sync.adapters.sqlite.objects import Check


def _read(catalog: Catalog) -> Iterator[Found]:
    for table, text in catalog.ordinary():
        named = [(check.constraint or check.expression, check) for check in text.checks]
        for ident, check in identify("check", table, named):
            found = Check(ident=ident, expression=check.expression, constraint=check.constraint)
            yield Found(found, catalog.columns(table, check.words))


def _create(check: Check, rules: Rules) -> Answer:
    return [] if is_carried(check, rules) else REBUILD_OWNER


CELL = Cell(
    struct=Check,
    weight=32,
    read=_read,
    create=_create,
    drop=lambda _check, _rules: REBUILD_OWNER,
    alter={"expression": REBUILD_OWNER, "constraint": REBUILD_OWNER},
    inline=True,
    survives=frozenset({"rebuild"}),
)
