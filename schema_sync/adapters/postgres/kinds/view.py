"""Views (manual: CREATE VIEW, ALTER VIEW; catalogs pg_class, pg_rewrite).

CREATE OR REPLACE VIEW keeps what depends on a view, and is allowed while the old columns are the first of the new ones,
with the same names, types and collations.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.postgres.cell import PG_REWRITE, PG_TYPE, Cell, Reader, Row
from schema_sync.adapters.postgres.kinds._relation import COLUMNS, comments, read_columns, shapes
from schema_sync.adapters.postgres.objects import View
from schema_sync.adapters.postgres.rules import (
    ACCESS_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    comment,
    commenting,
    dropping,
    renaming,
)
from schema_sync.adapters.sql import Name, Sql, join, raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, c.oid AS objid, 0 AS objsubid, c.relname AS name, c.reltype AS type, r.oid AS rule,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN pg_get_viewdef(c.oid) END AS definition,
       coalesce(c.reloptions, '{{}}') AS options, {COLUMNS} AS columns, e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_class'::regclass AND d.deptype = 'n'
  JOIN pg_class c ON c.oid = d.objid
  JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
  LEFT JOIN pg_description e ON e.objoid = c.oid AND e.classoid = d.classid AND e.objsubid = 0
 WHERE c.relkind = 'v'
   AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = d.classid AND x.objid = d.objid AND x.deptype = 'e')
 ORDER BY ns.oid, c.relname
"""

_TRUE: Final = frozenset({"true", "on", "yes", "1"})


def _read(row: Row, reader: Reader) -> View:
    ident = Ident("view", row.name)
    reader.alias(PG_TYPE, row.type, ident)
    reader.alias(PG_REWRITE, row.rule, ident)
    options = dict(option.split("=", 1) for option in row.options)
    return View(
        ident=ident,
        definition=reader.text(row.definition, ident).strip().removesuffix(";"),
        columns=read_columns(row.columns, ident, reader),
        security_barrier=options.get("security_barrier", "").lower() in _TRUE,
        security_invoker=options.get("security_invoker", "").lower() in _TRUE,
        check_option=options.get("check_option"),
        comment=row.comment,
    )


def _options(view: View) -> Iterable[Sql]:
    if view.security_barrier:
        yield raw("security_barrier=true")
    if view.security_invoker:
        yield raw("security_invoker=true")
    if view.check_option is not None:
        yield sql("check_option={value}", value=raw(view.check_option))


def _definition(head: Sql, view: View) -> Sql:
    options = join(", ", _options(view))
    return sql(
        "{head} {view}{options} AS\n{definition}",
        head=head,
        view=Name(view.name),
        options=sql(" WITH ({options})", options=options) if options else raw(""),
        definition=raw(view.definition),
    )


def _defaults(old: View | None, new: View) -> Iterable[Action]:
    before = {} if old is None else {column.name: column.default for column in old.columns}
    for column in new.columns:
        if before.get(column.name) != column.default:
            change = raw("DROP DEFAULT")
            if column.default is not None:
                change = sql("SET DEFAULT {default}", default=raw(column.default))
            yield Action(
                sql(
                    "ALTER VIEW {view} ALTER COLUMN {column} {change}",
                    view=Name(new.name),
                    column=Name(column.name),
                    change=change,
                ),
                lock=None if old is None else ACCESS_EXCLUSIVE,
            )


def _create(view: View, _rules: Rules) -> Iterable[Action]:
    yield Action(_definition(raw("CREATE VIEW"), view))
    yield from _defaults(None, view)
    yield from comments(view.name, (), view.columns)
    if view.comment is not None:
        yield comment(_on(view), view.comment)


def _alter(old: View, new: View, _rules: Rules) -> Answer:
    """All but the comment: OR REPLACE sets every option anew, and keeps defaults and comments of columns."""
    if shapes(new.columns)[: len(old.columns)] != shapes(old.columns):
        return REPLACE
    if old.definition == new.definition:
        return [*_settings(old, new), *_defaults(old, new), *_said(old, new)]
    replace = Action(_definition(raw("CREATE OR REPLACE VIEW"), new), lock=ACCESS_EXCLUSIVE, hazards=_widened(old, new))
    return [replace, *_defaults(old, new), *_said(old, new)]


def _said(old: View, new: View) -> Iterable[Action]:
    return comments(new.name, old.columns, new.columns, lock=SHARE_UPDATE_EXCLUSIVE)


def _settings(old: View, new: View) -> Iterable[Action]:
    kept = {str(option) for option in _options(old)}
    put = [option for option in _options(new) if str(option) not in kept]
    left = {str(option).split("=")[0] for option in _options(new)}
    gone = [name for name in sorted(option.split("=")[0] for option in kept) if name not in left]
    view = Name(new.name)
    if put:
        yield Action(
            sql("ALTER VIEW {view} SET ({options})", view=view, options=join(", ", put)), lock=ACCESS_EXCLUSIVE
        )
    if gone:
        yield Action(
            sql("ALTER VIEW {view} RESET ({options})", view=view, options=join(", ", map(raw, gone))),
            lock=ACCESS_EXCLUSIVE,
            hazards=_widened(old, new),
        )


def _widened(old: View, new: View) -> frozenset[Hazard]:
    """Without them the view's owner reads for everyone, and functions of others see rows that it hides."""
    weaker = (old.security_barrier and not new.security_barrier) or (old.security_invoker and not new.security_invoker)
    return frozenset({Hazard.WIDENS_ACCESS}) if weaker else frozenset()


def _on(view: View) -> Sql:
    return sql("VIEW {view}", view=Name(view.name))


CELL: Final = Cell(
    struct=View,
    weight=70,
    query=_QUERY,
    among=frozenset({"pg_class.v"}),
    read=_read,
    create=_create,
    drop=dropping(_on, ACCESS_EXCLUSIVE),
    on=_on,
    rename=renaming(_on),
    alter={
        "definition": _alter,
        "columns": _alter,
        "security_barrier": _alter,
        "security_invoker": _alter,
        "check_option": _alter,
        "comment": commenting(_on, SHARE_UPDATE_EXCLUSIVE),
    },
    claims=lambda view: [("relation", view.name), ("type", view.name)],
)
