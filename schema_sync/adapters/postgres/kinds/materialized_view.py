"""Materialized views (manual: CREATE MATERIALIZED VIEW; catalogs pg_class, pg_rewrite).

Another query means another view: there is no CREATE OR REPLACE. Its rows are computed anew, by the planner's order
after all that it reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.postgres import stored
from schema_sync.adapters.postgres.cell import PG_REWRITE, PG_TYPE, Cell, Reader, Row
from schema_sync.adapters.postgres.kinds._relation import STORED_COLUMNS, comments, read_stored_columns, shapes
from schema_sync.adapters.postgres.objects import MaterializedView, StoredAttribute
from schema_sync.adapters.postgres.rules import (
    ACCESS_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    comment,
    commenting,
    dropping,
    renaming,
)
from schema_sync.adapters.sql import Name, Sql, raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, c.oid AS objid, 0 AS objsubid, c.relname AS name, c.reltype AS type, r.oid AS rule,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN pg_get_viewdef(c.oid) END AS definition,
       {stored.RELATION},
       {STORED_COLUMNS} AS columns, e.description AS comment
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
        columns=read_stored_columns(row.columns, ident, reader),
        comment=row.comment,
        **stored.relation_fields(row, reader),
    )


def _on(view: MaterializedView) -> Sql:
    return sql("MATERIALIZED VIEW {view}", view=Name(view.name))


def _create(view: MaterializedView, rules: Rules) -> Iterable[Action]:
    yield Action(
        sql(
            "CREATE {on}{stored} AS\n{definition}",
            on=_on(view),
            stored=stored.behind(view),
            definition=raw(view.definition),
        ),
        note=f"the rows of {view.name} are computed",
    )
    for column in view.columns:
        yield from _settings(view, None, column, rules)
    yield from stored.once_there(view, _on(view), rules)
    yield from comments(view.name, (), view.columns)
    if view.comment is not None:
        yield comment(_on(view), view.comment)


def _settings(
    view: MaterializedView, old: StoredAttribute | None, new: StoredAttribute, rules: Rules
) -> Iterable[Action]:
    """How the values of one column are kept."""

    def change(clause: Sql, lock: str) -> Action:
        return Action(
            sql("ALTER {on} ALTER COLUMN {column} {clause}", on=_on(view), column=Name(new.name), clause=clause),
            hazards=frozenset({Hazard.BRIEF_LOCK}) if old is not None and lock == ACCESS_EXCLUSIVE else frozenset(),
            lock=None if old is None else lock,
        )

    base = stored.base_type(new.type, view.ident, rules.new)
    return stored.column_settings(old, new, change, base=base, rules=rules)


def _columns(old: MaterializedView, new: MaterializedView, rules: Rules) -> Answer:
    if shapes(old.columns) != shapes(new.columns):
        return REPLACE
    return [
        *(one for pair in zip(old.columns, new.columns, strict=True) for one in _settings(new, *pair, rules)),
        *comments(new.name, old.columns, new.columns, lock=SHARE_UPDATE_EXCLUSIVE),
    ]


CELL: Final = Cell(
    struct=MaterializedView,
    weight=71,
    query=_QUERY,
    among=frozenset({"pg_class.m"}),
    read=_read,
    create=_create,
    drop=dropping(_on, ACCESS_EXCLUSIVE),
    on=_on,
    rename=renaming(_on),
    alter={
        "definition": REPLACE,
        "columns": _columns,
        "options": stored.alter_options,
        "toast_options": stored.alter_options,
        "tablespace": stored.alter_tablespace,
        "access_method": stored.alter_access_method,
        "clustered_by": stored.alter_clustering,
        "comment": commenting(_on, SHARE_UPDATE_EXCLUSIVE),
    },
    claims=lambda view: [("relation", view.name), ("type", view.name)],
)
