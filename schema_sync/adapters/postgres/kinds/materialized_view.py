"""Materialized views (manual: CREATE MATERIALIZED VIEW; catalogs pg_class, pg_rewrite).

Another query means another view: there is no CREATE OR REPLACE. Its rows are computed anew, by the planner's order
after all that it reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.postgres.cell import PG_REWRITE, PG_TYPE, Cell, Reader, Row
from schema_sync.adapters.postgres.kinds._relation import COLUMNS, comments, read_columns, shapes
from schema_sync.adapters.postgres.objects import MaterializedView
from schema_sync.adapters.postgres.rules import ACCESS_EXCLUSIVE, SHARE_UPDATE_EXCLUSIVE, comment, renaming
from schema_sync.adapters.sql import Literal, Name, Sql, join, raw, sql
from schema_sync.model.ident import Ident

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, c.oid AS objid, 0 AS objsubid, c.relname AS name, c.reltype AS type, r.oid AS rule,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN pg_get_viewdef(c.oid) END AS definition,
       ARRAY(SELECT o FROM unnest(c.reloptions) AS o ORDER BY o COLLATE "C") AS options,
       {COLUMNS} AS columns, e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_class'::regclass AND d.deptype = 'n'
  JOIN pg_class c ON c.oid = d.objid
  JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
  LEFT JOIN pg_description e ON e.objoid = c.oid AND e.classoid = d.classid AND e.objsubid = 0
 WHERE c.relkind = 'm'
   AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = d.classid AND x.objid = d.objid AND x.deptype = 'e')
 ORDER BY ns.oid, c.relname
"""


def _read(row: Row, reader: Reader) -> MaterializedView:
    ident = Ident("materialized_view", row.name)
    reader.alias(PG_TYPE, row.type, ident)
    reader.alias(PG_REWRITE, row.rule, ident)
    return MaterializedView(
        ident=ident,
        definition=reader.text(row.definition, ident).strip().removesuffix(";"),
        columns=read_columns(row.columns, ident, reader),
        options=tuple(row.options),
        comment=row.comment,
    )


def _on(view: MaterializedView) -> Sql:
    return sql("MATERIALIZED VIEW {view}", view=Name(view.name))


def _values(options: Iterable[str]) -> Sql:
    """`name='value'`, separated by commas; a name is a word of the server's own, with `toast.` before some."""
    pairs = (option.partition("=") for option in options)
    return join(", ", [sql("{name}={value}", name=raw(name), value=Literal(value)) for name, _, value in pairs])


def _create(view: MaterializedView, _rules: Rules) -> Iterable[Action]:
    yield Action(
        sql(
            "CREATE {on}{options} AS\n{definition}",
            on=_on(view),
            options=sql(" WITH ({options})", options=_values(view.options)) if view.options else raw(""),
            definition=raw(view.definition),
        ),
        note=f"the rows of {view.name} are computed",
    )
    yield from comments(view.name, (), view.columns)
    if view.comment is not None:
        yield comment(_on(view), view.comment)


def _drop(view: MaterializedView, _rules: Rules) -> Iterable[Action]:
    yield Action(sql("DROP {on}", on=_on(view)), lock=ACCESS_EXCLUSIVE)


def _columns(old: MaterializedView, new: MaterializedView, _rules: Rules) -> Answer:
    if shapes(old.columns) != shapes(new.columns):
        return REPLACE
    return comments(new.name, old.columns, new.columns, lock=SHARE_UPDATE_EXCLUSIVE)


def _options(old: MaterializedView, new: MaterializedView, _rules: Rules) -> Iterable[Action]:
    put = [option for option in new.options if option not in old.options]
    left = {option.partition("=")[0] for option in new.options}
    gone = [name for name in (option.partition("=")[0] for option in old.options) if name not in left]
    if put:
        yield Action(sql("ALTER {on} SET ({options})", on=_on(new), options=_values(put)), lock=SHARE_UPDATE_EXCLUSIVE)
    if gone:
        yield Action(
            sql("ALTER {on} RESET ({options})", on=_on(new), options=join(", ", map(raw, gone))),
            lock=SHARE_UPDATE_EXCLUSIVE,
        )


def _comment(_old: MaterializedView, new: MaterializedView, _rules: Rules) -> Iterable[Action]:
    yield comment(_on(new), new.comment, lock=SHARE_UPDATE_EXCLUSIVE)


CELL: Final = Cell(
    struct=MaterializedView,
    weight=71,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=_drop,
    on=_on,
    rename=renaming(_on),
    alter={"definition": REPLACE, "columns": _columns, "options": _options, "comment": _comment},
    claims=lambda view: [("relation", view.name), ("type", view.name)],
)
