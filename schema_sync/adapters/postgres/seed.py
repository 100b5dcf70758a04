"""Made-up rows for a tenant in a scratch database, and the rows of a tenant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from schema_sync.adapters.postgres.session import Connection, Limits, ServerError
from schema_sync.adapters.seed import ROWS, Column, constants, inserts, referred
from schema_sync.adapters.sql import Literal, Name, Sql, raw, sql
from schema_sync.errors import SchemaSyncError

_TABLES: Final = """
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind,
       ARRAY(SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k
              WHERE k.conrelid = c.oid AND k.contype = 'c' ORDER BY k.conname)
       || ARRAY(SELECT pg_get_expr(p.relpartbound, p.oid) FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid
                 WHERE i.inhparent = c.oid AND p.relpartbound IS NOT NULL ORDER BY p.relname) AS definitions
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY($1::text[]) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid
                                             AND e.deptype = 'e')
 ORDER BY n.nspname = $2, c.oid
"""

_COLUMNS: Final = """
WITH RECURSIVE base(attrelid, attnum, oid, definitions, is_required) AS (
  SELECT a.attrelid, a.attnum, a.atttypid, '{}'::text[], a.attnotnull
    FROM pg_attribute a
   WHERE a.attrelid = ANY($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT b.attrelid, b.attnum, t.typbasetype,
         b.definitions || ARRAY(SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k WHERE k.contypid = t.oid
                                 AND k.contype = 'c'),
         b.is_required OR t.typnotnull
    FROM base b JOIN pg_type t ON t.oid = b.oid WHERE t.typtype = 'd')
SELECT a.attrelid AS relation, a.attname AS name, t.typname AS type, t.typcategory AS category, t.typtype,
       a.atttypmod AS modifier, b.definitions, b.is_required AND NOT a.atthasdef AS is_required,
       a.attgenerated <> '' OR a.attidentity <> '' AS is_filled,
       ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS labels
  FROM base b
  JOIN pg_type t ON t.oid = b.oid AND t.typtype <> 'd'
  JOIN pg_attribute a ON a.attrelid = b.attrelid AND a.attnum = b.attnum
 ORDER BY a.attrelid, a.attnum
"""
"""Each column with the type that its domains are made from."""

_KEYS: Final = """
SELECT k.conrelid AS relation, n.nspname AS schema, r.relname AS name,
       ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u(num, nth)
               JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num ORDER BY u.nth) AS columns,
       ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u(num, nth)
               JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num ORDER BY u.nth) AS key
  FROM pg_constraint k
  JOIN pg_class r ON r.oid = k.confrelid
  JOIN pg_namespace n ON n.oid = r.relnamespace
 WHERE k.conrelid = ANY($1::oid[]) AND k.contype = 'f'
 ORDER BY k.conrelid, k.conname
"""

_QUIET: Final = "SET LOCAL session_replication_role = replica"
"""No triggers fire, so that what they do and refuse does not matter; only superusers may say so (manual: 20.11)."""

_STORED: Final = """
SELECT c.relname AS name
  FROM pg_class c
 WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND c.relkind = 'r'
 ORDER BY c.relname
"""

_BY_TYPE: Final[Mapping[str, Sequence[str]]] = {
    "uuid": [f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3)],
    "json": ["{}", "[]", "1"],
    "jsonb": ["{}", "[]", "1"],
    "bytea": [r"\x01", r"\x02", r"\x03"],
    "xml": ["<a/>", "<b/>", "<c/>"],
    "time": ["01:00", "02:00", "03:00"],
    "timetz": ["01:00+00", "02:00+00", "03:00+00"],
    "tsvector": ["one", "two", "three"],
    "tsquery": ["one", "two", "three"],
    "point": ["(1,1)", "(2,2)", "(3,3)"],
    "macaddr": [f"08:00:2b:01:02:0{n}" for n in (1, 2, 3)],
}
_BY_CATEGORY: Final[Mapping[str, Sequence[str]]] = {
    "N": ["1", "2", "3"],
    "S": ["1", "2", "3"],
    "B": ["true", "false"],
    "D": ["2024-01-01", "2024-01-02", "2024-01-03"],
    "T": ["1 day", "2 days", "3 days"],
    "A": ["{}"],
    "R": ["empty"],
    "I": ["10.0.0.1", "10.0.0.2", "10.0.0.3"],
}
"""By pg_type.typcategory. Strings are digits, so that a change of the type has something to convert."""


async def seed(connection: Connection, tenant: str, shared: Sequence[str]) -> tuple[int, dict[str, str]]:
    """Put rows into the tenant's tables, and into the shared ones that they may refer to; commits.

    The number of rows in the tenant, and for each of its tables that stays empty the database's words.
    """
    await connection.begin(Limits())
    try:
        await _attempt(connection, _QUIET)
        tables = await connection.rows(_TABLES, [[*shared, tenant], tenant])
        oids = [row.oid for row in tables]
        columns: dict[int, list[Any]] = {oid: [] for oid in oids}
        keys: dict[int, list[Any]] = {oid: [] for oid in oids}
        for row in await connection.rows(_COLUMNS, [oids]):
            columns[row.relation].append(row)
        for row in await connection.rows(_KEYS, [oids]):
            keys[row.relation].append(row)
        await connection.run(sql("SET LOCAL search_path = {schema}, pg_temp", schema=Name(tenant)).text())
        rows, waiting, words = 0, list(tables), dict[int, str]()
        while waiting:
            # What refers to an empty table is tried again when that is no longer empty.
            left = []
            for table in waiting:
                made, words[table.oid] = await _fill(connection, table, columns[table.oid], keys[table.oid])
                rows += made if table.schema == tenant else 0
                left += [] if made else [table]
            if len(left) == len(waiting):
                break
            waiting = left
        await connection.commit()
        return rows, {table.name: words[table.oid] for table in waiting if table.schema == tenant}
    finally:
        await connection.rollback()


async def _fill(connection: Connection, table: Any, columns: Sequence[Any], keys: Sequence[Any]) -> tuple[int, str]:
    name = sql("{name}", name=Name(table.schema, table.name))
    made, words = 0, ""
    for nth in range(ROWS):
        given = [_column(row, table.definitions, keys, nth) for row in columns]
        for insert in inserts(name, given, nth):
            refused = await _attempt(connection, insert.text())
            if refused is None:
                made += 1
                break
            words = words or refused
    return made, words


async def _attempt(connection: Connection, statement: str) -> str | None:
    """Run a statement that may fail; the database's words if it did."""
    await connection.run("SAVEPOINT attempt")
    try:
        await connection.run(statement)
    except SchemaSyncError as error:
        await connection.run("ROLLBACK TO SAVEPOINT attempt")
        return error.words if isinstance(error, ServerError) else error.message
    await connection.run("RELEASE SAVEPOINT attempt")
    return None


def _column(row: Any, definitions: Sequence[str], keys: Sequence[Any], nth: int) -> Column:
    values: list[Sql | Literal] = []
    for key in keys:
        if row.name in key.columns:
            column = key.key[key.columns.index(row.name)]
            values += referred(sql("{name}", name=Name(key.schema, key.name)), column, key.key, nth)
    if not values and not row.is_filled:
        values = [Literal(text) for text in _texts(row)]
        about = [*row.definitions, *(text for text in definitions if row.name in text)]
        values += [Literal(text) for definition in about for text in constants(definition)]
    if not row.is_required and values and not row.is_filled:
        values.append(raw("NULL"))
    return Column(row.name, tuple(values), row.is_required)


def _texts(row: Any) -> Sequence[str]:
    if row.labels:
        return list(row.labels)
    if row.category == "V":
        length = max(row.modifier, 1)
        return ["1" * length, "0" * length]
    return _BY_TYPE.get(row.type) or _BY_CATEGORY.get(row.category) or ()


async def rows(connection: Connection, tenant: str) -> dict[str, list[Mapping[str, str | None]]]:
    """The rows of all tables that store any, by the table's name; values as text."""
    found = {}
    await connection.begin(Limits())
    try:
        for table in await connection.rows(_STORED, [tenant]):
            select = sql(
                "SELECT (SELECT json_object_agg(key, value) FROM jsonb_each_text(to_jsonb(t))) AS row"
                " FROM ONLY {table} AS t",
                table=Name(tenant, table.name),
            )
            found[table.name] = [row.row or {} for row in await connection.rows(select.text())]
    finally:
        await connection.rollback()
    return found
