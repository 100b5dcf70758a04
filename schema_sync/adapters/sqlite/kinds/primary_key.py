"""Primary keys: in line with their table, and changed only by a rebuild."""

from __future__ import annotations

from collections.abc import Iterator

from schema_sync.adapters.kind import REBUILD_OWNER
from schema_sync.adapters.sqlite.cell import Cell, Found, by_table, column_idents, made_name, used_by
from schema_sync.adapters.sqlite.objects import Part, PrimaryKey
from schema_sync.adapters.sqlite.parse import Key, TableText
from schema_sync.model.ident import Ident


def _read(table: Ident, text: TableText) -> Iterator[Found]:
    key = text.primary_key
    if key is None:
        return
    columns = key.parts
    if not text.without_rowid and _names_rowid(key, text):
        columns = (Part(column=columns[0].column),)
    name = key.constraint or made_name(part.column for part in columns)
    found = PrimaryKey(
        ident=Ident("primary_key", name, table),
        columns=columns,
        conflict=key.conflict,
        constraint=key.constraint,
    )
    yield Found(found, column_idents(table, text, used_by(columns)))


def _names_rowid(key: Key, text: TableText) -> bool:
    """Whether it makes its column a name of the rowid: direction and collation then mean nothing.

    `INTEGER PRIMARY KEY DESC` with the column does not, for a reason of history; `PRIMARY KEY (id DESC)` does
    (https://sqlite.org/lang_createtable.html#rowid).
    """
    name = key.parts[0].column
    is_integer = any(column.name == name and column.type == "INTEGER" for column in text.columns)
    return len(key.parts) == 1 and is_integer and not (key.of_column and key.parts[0].desc)


CELL = Cell(
    struct=PrimaryKey,
    weight=30,
    read=by_table(_read),
    create=lambda _key, _rules: REBUILD_OWNER,
    drop=lambda _key, _rules: REBUILD_OWNER,
    alter={"columns": REBUILD_OWNER, "conflict": REBUILD_OWNER, "constraint": REBUILD_OWNER},
    inline=True,
    survives=frozenset({"rebuild"}),
)
