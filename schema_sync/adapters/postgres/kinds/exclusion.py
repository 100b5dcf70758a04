"""EXCLUDE constraints (manual: CREATE TABLE, EXCLUDE; catalogs pg_constraint and pg_index)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from schema_sync.adapters.kind import REPLACE, Action, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _constrained as constrained
from schema_sync.adapters.postgres.kinds import constraints, elements
from schema_sync.adapters.postgres.objects import ExcludedElement, Exclusion
from schema_sync.adapters.sql import Name, Sql, join, raw, sql

_QUERY: Final = f"""
SELECT {constrained.ADDRESS}, {constrained.COMMON},
       {elements.COLUMNS},
       ARRAY(SELECT CASE WHEN set_config('search_path', ns.sp, true) IS NULL THEN NULL
                         WHEN pg_operator_is_visible(o.oid) THEN o.oprname::text
                         ELSE format('OPERATOR(%I.%s)', s.nspname, o.oprname) END
               FROM unnest(c.conexclop) WITH ORDINALITY AS k(oid, n)
               JOIN pg_operator o ON o.oid = k.oid
               JOIN pg_namespace s ON s.oid = o.oprnamespace
              ORDER BY k.n) AS operators,
       {constrained.OF_INDEX}
{constrained.FOUND} {constrained.INDEXED}
  JOIN pg_class t ON t.oid = i.indrelid
  JOIN pg_am m ON m.oid = x.relam
 WHERE c.contype = 'x'
 ORDER BY ns.oid, c.conrelid, c.conname
"""


def _read(row: Row, reader: Reader) -> Exclusion | None:
    ident = constrained.ident(Exclusion.kind, row, reader)
    if ident is None:
        return None
    return Exclusion(
        ident=ident,
        method=row.method,
        elements=tuple(
            ExcludedElement(**fields, operator=reader.text(operator, ident))
            for fields, operator in zip(elements.read(row, reader, ident), row.operators, strict=True)
        ),
        where=None if row.predicate is None else reader.text(row.predicate, ident),
        **constrained.index_fields(row, reader, ident),
    )


def _element(element: ExcludedElement) -> Sql:
    return sql("{element} WITH {operator}", element=elements.render(element), operator=raw(element.operator))


def _create(exclusion: Exclusion, rules: Rules) -> Iterable[Action]:
    """The constraint; a partition's part of its parent's is made with that, since no two can be attached.

    Its name is the server's choice then (PostgreSQL 17; CompareIndexInfo() in index.c).
    """
    if exclusion.attached_to is not None:
        yield from constraints.comments(exclusion)
        return
    clause = sql(
        "EXCLUDE USING {method} ({elements}){include}{options}{where}{deferral}",
        method=Name(exclusion.method),
        elements=join(", ", [_element(element) for element in exclusion.elements]),
        include=constraints.included(exclusion.include),
        options=constraints.kept(exclusion),
        where=sql(" WHERE ({where})", where=raw(exclusion.where)) if exclusion.where else Sql(()),
        deferral=constraints.deferral(exclusion),
    )
    yield from constraints.add(exclusion, clause, rules)
    yield from elements.statistics(exclusion.name, exclusion.elements, is_new=True)


CELL: Final = Cell(
    struct=Exclusion,
    weight=53,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=constraints.drop,
    on=constraints.on_constraint,
    rename=constraints.rename,
    alter={
        "method": REPLACE,
        "elements": elements.alter,
        "where": REPLACE,
        **constraints.INDEX_RULES,
    },
    survives=frozenset({"retype", "by_text"}),
    fragile=elements.fragile,
    claims=constraints.claims,
)
