"""Extended statistics (manual: CREATE STATISTICS, ALTER STATISTICS; catalog pg_statistic_ext).

Only the target changes in place. What was counted is gone with a replaced object until the next ANALYZE. The server
makes statistics anew for a column whose type changes, but forgets their target: they do not survive that.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Rules
from schema_sync.adapters.postgres.cell import PG_CLASS, Cell, Reader, Row
from schema_sync.adapters.postgres.objects import Statistic
from schema_sync.adapters.postgres.rules import SHARE_UPDATE_EXCLUSIVE, comment, commenting, dropping, renaming
from schema_sync.adapters.sql import Name, Sql, join, raw, sql
from schema_sync.model.ident import Ident

_QUERY: Final[LiteralString] = """
SELECT ns.oid AS ns, 'pg_statistic_ext'::regclass::oid AS classid, s.oid AS objid, 0 AS objsubid,
       s.stxname AS name, s.stxrelid AS relation, s.stxkind::text[] AS kinds,
       ARRAY(SELECT a.attname::text FROM unnest(s.stxkeys::int2[]) WITH ORDINALITY AS u(attnum, n)
               JOIN pg_attribute a ON a.attrelid = s.stxrelid AND a.attnum = u.attnum ORDER BY u.n) AS columns,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL
            THEN pg_get_statisticsobjdef_expressions(s.oid) END AS expressions,
       nullif((to_jsonb(s) ->> 'stxstattarget')::integer, -1) AS target, e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_class'::regclass AND d.deptype = 'n'
  JOIN pg_statistic_ext s ON s.stxrelid = d.objid AND s.stxnamespace = ns.oid
  LEFT JOIN pg_description e ON e.objoid = s.oid AND e.classoid = 'pg_statistic_ext'::regclass AND e.objsubid = 0
 ORDER BY ns.oid, s.stxname
"""
"""One that is kept in another schema than its table's is not read."""

_KINDS: Final = (("d", "ndistinct"), ("f", "dependencies"), ("m", "mcv"))
"""That of expressions, `e`, follows from there being some."""


def _read(row: Row, reader: Reader) -> Statistic | None:
    owner = reader.ident(PG_CLASS, row.relation)
    if owner is None:
        return None
    ident = Ident("statistic", row.name, owner)
    return Statistic(
        ident=ident,
        kinds=tuple(name for letter, name in _KINDS if letter in row.kinds),
        columns=tuple(row.columns),
        expressions=tuple(reader.text(one, ident) for one in row.expressions or ()),
        target=row.target,
        comment=row.comment,
    )


def _on(statistic: Statistic) -> Sql:
    return sql("STATISTICS {statistic}", statistic=Name(statistic.name))


def _create(statistic: Statistic, rules: Rules) -> Iterable[Action]:
    assert statistic.owner is not None
    over = [
        *(sql("{column}", column=Name(column)) for column in statistic.columns),
        *(sql("({expression})", expression=raw(expression)) for expression in statistic.expressions),
    ]
    yield Action(
        sql(
            "CREATE {on}{kinds} ON {over} FROM {table}",
            on=_on(statistic),
            kinds=raw(f" ({', '.join(statistic.kinds)})" if statistic.kinds else ""),
            over=join(", ", over),
            table=Name(statistic.owner.name),
        ),
        lock=SHARE_UPDATE_EXCLUSIVE if statistic.owner in rules.old else None,
    )
    if statistic.target is not None:
        yield _targeted(statistic)
    if statistic.comment is not None:
        yield comment(_on(statistic), statistic.comment)


def _targeted(statistic: Statistic) -> Action:
    target = "-1" if statistic.target is None else str(statistic.target)
    return Action(sql("ALTER {on} SET STATISTICS {target}", on=_on(statistic), target=raw(target)))


def _target(_old: Statistic, new: Statistic, _rules: Rules) -> Iterable[Action]:
    yield _targeted(new)


CELL: Final = Cell(
    struct=Statistic,
    weight=62,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=dropping(_on, SHARE_UPDATE_EXCLUSIVE),
    on=_on,
    rename=renaming(_on, None),
    alter={
        "kinds": REPLACE,
        "columns": REPLACE,
        "expressions": REPLACE,
        "target": _target,
        "comment": commenting(_on),
    },
    claims=lambda statistic: [("statistics", statistic.name)],
)
