"""What indexes and exclusion constraints are made over: columns and expressions with their operator classes.

The catalog keeps an operator class and a collation for every element, and not whether they are what the element has by
itself: only the server's own definition says that. Its text is taken apart at places that the catalog gives, never by
looking for words (manual: CREATE INDEX; pg_get_indexdef, 9.26).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec.structs import replace

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.cell import Reader, Row, TornRead
from schema_sync.adapters.postgres.objects import Exclusion, Index, IndexElement
from schema_sync.adapters.postgres.rules import SHARE_UPDATE_EXCLUSIVE
from schema_sync.adapters.sql import Name, Sql, raw, sql
from schema_sync.model.ident import Ident

COLUMNS: Final = """m.amname AS method, i.indnkeyatts AS keys,
       ARRAY(SELECT a.attname::text
               FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, n)
               LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum <> 0
              WHERE k.n <= i.indnkeyatts
              ORDER BY k.n) AS columns,
       ARRAY(SELECT CASE WHEN k.attnum <> 0 THEN quote_ident(a.attname)
                         WHEN set_config('search_path', ns.sp, true) IS NOT NULL
                         THEN pg_get_indexdef(i.indexrelid, k.n::int, false) END
               FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, n)
               LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum <> 0
              WHERE k.n <= i.indnkeyatts
              ORDER BY k.n) AS texts,
       ARRAY(SELECT nullif(a.attstattarget::int, -1) FROM pg_attribute a
              WHERE a.attrelid = x.oid AND a.attnum <= i.indnkeyatts ORDER BY a.attnum) AS statistics,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL
            THEN substr(pg_get_indexdef(i.indexrelid),
                        1 + length(format('CREATE %sINDEX %I ON %s%I.%I USING %I (',
                                          CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END, x.relname,
                                          CASE WHEN x.relkind = 'I' THEN 'ONLY ' ELSE '' END,
                                          ns.nspname, t.relname, m.amname))) END AS definition,
       CASE WHEN i.indpred IS NULL THEN NULL
            WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN pg_get_expr(i.indpred, i.indrelid) END
           AS predicate"""
"""The elements of an index `i` with its pg_class rows `x`, its table's `t` and its method's pg_am `m`. The whole
definition always qualifies the table and nothing else of the tenant; it is given from its first element on."""

_NAME: Final = r'(?:"(?:[^"]|"")*"|[a-z_][a-z0-9_]*)'

_REST: Final = re.compile(
    rf"""
      (?:\ COLLATE\ (?P<collation>{_NAME}(?:\.{_NAME})?))?
      (?:\ (?P<opclass>{_NAME}(?:\.{_NAME})?(?:\ \((?:'(?:[^']|'')*'|[^')])*\))?))?
      (?P<descending>\ DESC)?
      (?:\ NULLS\ (?P<nulls>FIRST|LAST))?
      (?:,\ |\))
    """,
    re.VERBOSE,
)
"""What may follow an element's column or expression, as pg_get_indexdef_worker() in ruleutils.c writes it."""


def read(row: Row, reader: Reader, ident: Ident) -> list[dict[str, Any]]:
    """The elements of an index, as the fields of `IndexElement`.

    Raises:
        TornRead: the definition is not that of the rows.
    """
    definition: str | None = row.definition
    if definition is None or None in row.texts:
        raise TornRead(reader.tenant, f"{ident.text} has no complete definition")
    found = []
    at = 0
    for column, own, statistics in zip(row.columns, row.texts, row.statistics, strict=True):
        rest = _REST.match(definition, at + len(own))
        if rest is None or not definition.startswith(own, at):
            raise TornRead(reader.tenant, f"{ident.text} and its definition do not agree")
        at = rest.end()
        found.append(
            {
                "column": column,
                "expression": None if column is not None else reader.text(own, ident),
                "collation": _text(rest["collation"], reader, ident),
                "opclass": _text(rest["opclass"], reader, ident),
                "descending": rest["descending"] is not None,
                "nulls": rest["nulls"] and rest["nulls"].lower(),
                "statistics": statistics,
            }
        )
    return found


def _text(definition: str | None, reader: Reader, ident: Ident) -> str | None:
    return None if definition is None else reader.text(definition, ident)


def render(element: IndexElement) -> Sql:
    """An element as CREATE INDEX and EXCLUDE spell it."""
    return sql(
        "{what}{collation}{opclass}{order}{nulls}",
        what=_expression(element.expression or "") if element.column is None else Name(element.column),
        collation=sql(" COLLATE {name}", name=raw(element.collation)) if element.collation else Sql(()),
        opclass=sql(" {name}", name=raw(element.opclass)) if element.opclass else Sql(()),
        order=sql(" DESC") if element.descending else Sql(()),
        nulls=sql(" NULLS {where}", where=raw(element.nulls.upper())) if element.nulls else Sql(()),
    )


def _expression(expression: str) -> Sql:
    """An expression, in parentheses unless it stands in some or is a call: the server prints `x IS DOCUMENT` bare."""
    depth, closed = 0, False
    for token in text.tokens(expression):
        if closed or (depth == 0 and token.name is None and token.text not in ("(", ".")):
            return sql("({expression})", expression=raw(expression))
        depth += (token.text == "(") - (token.text == ")")
        closed = token.text == ")" and depth == 0
    return raw(expression)


def fragile(index: Index | Exclusion) -> frozenset[str]:
    """What its columns cannot do under it: become text for a while, which only some classes of operators take."""
    by_default = index.method in ("btree", "hash") and all(element.opclass is None for element in index.elements)
    return frozenset() if by_default else frozenset({"by_text"})


def alter(old: Any, new: Any, _rules: Rules) -> Answer:
    """Other statistics targets in place; anything else means another index."""
    if not are_alike(old.elements, new.elements):
        return REPLACE
    return statistics(new.name, new.elements, old.elements)


def are_alike(old: Iterable[IndexElement], new: Iterable[IndexElement]) -> bool:
    """Whether they make the same index, whatever the statistics targets."""
    return [replace(one, statistics=None) for one in old] == [replace(one, statistics=None) for one in new]


def statistics(
    index: str, elements: Sequence[IndexElement], old: Sequence[IndexElement] = (), *, is_new: bool = False
) -> Iterable[Action]:
    """The statistics targets that are not yet what they should be; elements are called by their number."""
    before = {n: one.statistics for n, one in enumerate(old, 1)}
    for n, element in enumerate(elements, 1):
        if before.get(n) != element.statistics:
            yield Action(
                sql(
                    "ALTER INDEX {index} ALTER COLUMN {n} SET STATISTICS {target}",
                    index=Name(index),
                    n=raw(str(n)),
                    target=raw(str(-1 if element.statistics is None else element.statistics)),
                ),
                lock=None if is_new else SHARE_UPDATE_EXCLUSIVE,
            )
