"""What several cells' rules share: statements that PostgreSQL spells alike, and the names of its locks."""

from __future__ import annotations

from typing import Final

from schema_sync.adapters.kind import Action, Fold
from schema_sync.adapters.sql import Literal, Name, Sql, raw, sql

ACCESS_EXCLUSIVE: Final = "ACCESS EXCLUSIVE"
ACCESS_SHARE: Final = "ACCESS SHARE"
SHARE: Final = "SHARE"
SHARE_ROW_EXCLUSIVE: Final = "SHARE ROW EXCLUSIVE"
SHARE_UPDATE_EXCLUSIVE: Final = "SHARE UPDATE EXCLUSIVE"
"""Lock modes as the manual names them (13.3.1): what `Action.lock` says."""


def comment(on: Sql, text: str | None, *, lock: str | None = None) -> Action:
    """COMMENT ON `on` (such as `TABLE "orders"`); `None` takes the comment away."""
    value = raw("NULL") if text is None else Literal(text)
    return Action(sql("COMMENT ON {on} IS {value}", on=on, value=value), lock=lock, late=True)


def table_being_created(table: str, clause: Sql | None) -> Fold:
    """How a clause joins the CREATE TABLE of its table; `None` opens it, and nothing else does."""
    into = f"create table {table}"
    if clause is not None:
        return Fold(into, clause)
    return Fold(into, None, head=sql("CREATE TABLE {table} (", table=Name(table)), tail=sql(")"))


def table_being_altered(table: str, clause: Sql) -> Fold:
    """How a subcommand joins others on the same table in one ALTER TABLE, which passes over its rows once."""
    return Fold(into=f"alter table {table}", clause=clause, head=sql("ALTER TABLE {table} ", table=Name(table)))
