"""Made-up rows for a tenant in a scratch folder, and the rows of a tenant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from schema_sync.adapters.seed import ROWS, Column, constants, inserts, referred
from schema_sync.adapters.sql import Literal, Name, Sql, names, raw, sql
from schema_sync.adapters.sqlite.session import Link
from schema_sync.errors import SchemaSyncError

TABLES: Final = """
SELECT s.name, s.sql FROM sqlite_schema AS s CROSS JOIN pragma_table_list AS l ON l.schema = 'main' AND l.name = s.name
WHERE s.type = 'table' AND l.type = 'table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY s.rowid
"""


async def seed(link: Link) -> tuple[int, dict[str, str]]:
    """Put rows into all tables; how many there are now, and for each table that stays empty SQLite's words."""
    rows, waiting, words = 0, dict(await link.fetch(TABLES)), dict[str, str]()
    while waiting:
        # What refers to an empty table is tried again when that is no longer empty.
        left = {}
        for table, definition in waiting.items():
            made, words[table] = await _fill(link, table, definition)
            rows += made
            if not made:
                left[table] = definition
        if len(left) == len(waiting):
            break
        waiting = left
    return rows, {table: words[table] for table in waiting}


async def _fill(link: Link, table: str, definition: str) -> tuple[int, str]:
    made, words = 0, ""
    facts = await link.fetch(sql("SELECT * FROM pragma_table_xinfo({table})", table=Literal(table)).text())
    keys = await link.fetch(
        sql(
            'SELECT id, "from", "table", "to" FROM pragma_foreign_key_list({table}) ORDER BY id, seq',
            table=Literal(table),
        ).text()
    )
    single = {
        start: (parent, end) for number, start, parent, end in keys if [key[0] for key in keys].count(number) == 1
    }
    for nth in range(ROWS):
        given = [_column(fact, definition, single, nth) for fact in facts]
        for insert in inserts(sql("{table}", table=Name(table)), given, nth):
            refused = await _attempt(link, insert.text())
            if refused is None:
                made += 1
                break
            words = words or refused
    return made, words


async def _attempt(link: Link, statement: str) -> str | None:
    """Run a statement that may fail, which undoes no more than itself; SQLite's words if it did."""
    try:
        await link.run(statement)
    except SchemaSyncError as error:
        return error.message
    return None


def _column(fact: Sequence[object], definition: str, single: Mapping[str, tuple[str, str | None]], nth: int) -> Column:
    _, name, kind, not_null, default, _, hidden = fact
    required = bool(not_null) and default is None
    if hidden:
        return Column(str(name), (), False)
    values: list[Sql | Literal] = []
    if str(name) in single:
        parent, key = single[str(name)]
        values += referred(sql("{parent}", parent=Name(parent)), key or "rowid", [key or "rowid"], nth)
    elif "BLOB" in str(kind).upper():
        values += [raw("x'01'"), raw("x'02'"), raw("x'03'")]
    else:
        values += [Literal("1"), Literal("2"), Literal("3")]
        values += [Literal(text) for text in constants(definition)]
    return Column(str(name), (*values, *(() if required else (raw("NULL"),))), required)


async def rows(link: Link) -> dict[str, list[Mapping[str, str | None]]]:
    """The rows of all tables, by the table's name; values as text."""
    found: dict[str, list[Mapping[str, str | None]]] = {}
    for table, _ in await link.fetch(TABLES):
        facts = await link.fetch(sql("SELECT name FROM pragma_table_xinfo({table})", table=Literal(table)).text())
        columns = [name for (name,) in facts]
        select = sql("SELECT {columns} FROM {table}", columns=names(columns), table=Name(table))
        found[table] = [
            {column: None if value is None else str(value) for column, value in zip(columns, row, strict=True)}
            for row in await link.fetch(select.text())
        ]
    return found
