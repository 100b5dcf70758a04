"""Indexes that CREATE INDEX made: created, dropped, and replaced."""

from __future__ import annotations

from collections.abc import Iterator

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.sql import Name, raw, sql
from schema_sync.adapters.sqlite import ddl, questions
from schema_sync.adapters.sqlite.cell import Catalog, Cell, Found, used_by
from schema_sync.adapters.sqlite.objects import Index
from schema_sync.adapters.sqlite.tokens import folded
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard

QUERY = """
SELECT s.name, i.name, i."unique", i.origin, i.partial, x.name, x."desc", x.coll
FROM sqlite_schema AS s
CROSS JOIN pragma_index_list(s.name) AS i
CROSS JOIN pragma_index_xinfo(i.name) AS x
WHERE s.type = 'table' AND s.rootpage > 0 AND x.key
ORDER BY s.name, i.name, x.seqno
"""


def _read(catalog: Catalog) -> Iterator[Found]:
    unique = {row[1] for row in catalog.rows["index"] if row[2]}
    for entry in catalog.of_type("index"):
        table = catalog.relations[folded(entry.table)]
        text = catalog.indexes[entry.name]
        ident = Ident("index", entry.name, table)
        found = Index(ident=ident, parts=text.parts, unique=entry.name in unique, where=text.where)
        yield Found(found, catalog.columns(table, text.uses | used_by(text.parts)))


def _create(index: Index, rules: Rules) -> Answer:
    assert index.owner is not None
    statement = sql(
        "CREATE {unique}INDEX {index} ON {table} ({parts})",
        unique=raw("UNIQUE " if index.unique else ""),
        index=Name(index.name),
        table=Name(index.owner.name),
        parts=ddl.parts(index.parts),
    )
    if index.where:
        statement = sql("{statement} WHERE {where}", statement=statement, where=raw(index.where))
    may_fail = index.unique or index.where or any(part.expression for part in index.parts)
    hazards = frozenset({Hazard.MAY_FAIL} if may_fail else ())
    return [Action(statement, hazards, questions=questions.of_index(index, rules))]


def _drop(index: Index, _rules: Rules) -> Answer:
    return [Action(sql("DROP INDEX {index}", index=Name(index.name)))]


CELL = Cell(
    struct=Index,
    weight=40,
    query=QUERY,
    read=_read,
    create=_create,
    drop=_drop,
    alter={"parts": REPLACE, "unique": REPLACE, "where": REPLACE},
    claims=lambda index: [("relation", folded(index.name))],
)
