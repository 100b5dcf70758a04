"""Text search templates (manual: CREATE TEXT SEARCH TEMPLATE; catalog pg_ts_template). None can change in place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _referred
from schema_sync.adapters.postgres.objects import TextSearchTemplate
from schema_sync.adapters.postgres.rules import comment, commenting, dropping, renaming
from schema_sync.adapters.sql import Sql, join, sql
from schema_sync.model.ident import Ident

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, t.oid AS objid, 0 AS objsubid, t.tmplname AS name,
       {_referred.FUNCTION} t.tmplinit::oid) AS init,
       {_referred.FUNCTION} t.tmpllexize::oid) AS lexize,
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_ts_template'::regclass AND d.deptype = 'n'
  JOIN pg_ts_template t ON t.oid = d.objid
  LEFT JOIN pg_description e ON e.objoid = t.oid AND e.classoid = d.classid AND e.objsubid = 0
 ORDER BY ns.oid, t.tmplname
"""


def _read(row: Row, _reader: Reader) -> TextSearchTemplate:
    return TextSearchTemplate(
        ident=Ident("text_search_template", row.name), init=row.init, lexize=row.lexize, comment=row.comment
    )


def _on(template: TextSearchTemplate) -> Sql:
    return sql("TEXT SEARCH TEMPLATE {name}", name=_referred.own(template.name))


def _create(template: TextSearchTemplate, _rules: Rules) -> Iterable[Action]:
    parts = [sql("LEXIZE = {function}", function=_referred.referred(template.lexize))]
    if template.init is not None:
        parts.insert(0, sql("INIT = {function}", function=_referred.referred(template.init)))
    yield Action(sql("CREATE {on} ({parts})", on=_on(template), parts=join(", ", parts)))
    if template.comment is not None:
        yield comment(_on(template), template.comment)


CELL: Final = Cell(
    struct=TextSearchTemplate,
    weight=47,
    query=_QUERY,
    among=frozenset({"pg_ts_template"}),
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    rename=renaming(_on, None),
    alter={"init": REPLACE, "lexize": REPLACE, "comment": commenting(_on)},
    claims=lambda template: [("text search template", template.name)],
)
