"""How large the tables of tenants are: what decides whether their users would notice a lock.

Manual: 9.27.7, Database Object Size Functions. Asking opens each relation, and so waits behind whoever has a table to
himself; then what VACUUM and ANALYZE last wrote down has to do (catalog pg_class, relpages), which nobody locks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from schema_sync.adapters.postgres.inspect import BATCH
from schema_sync.adapters.postgres.objects import MaterializedView, Table
from schema_sync.adapters.postgres.session import Limits, Pool
from schema_sync.errors import TenantBusy
from schema_sync.model.ident import Ident

_KINDS: Final = {"r": Table.kind, "p": Table.kind, "m": MaterializedView.kind}
"""The letters of relkind."""

_MEASURED: Final = """
SELECT c.relname AS name, c.relkind::text AS relkind,
       max(CASE c.relkind WHEN 'p' THEN (SELECT sum(pg_table_size(t.relid)) FROM pg_partition_tree(c.oid) t)
                          ELSE pg_table_size(c.oid) END)::bigint AS size
  FROM pg_namespace n
  JOIN pg_class c ON c.relnamespace = n.oid
 WHERE n.nspname = ANY($1::text[]) AND c.relkind IN ('r', 'p', 'm')
 GROUP BY c.relname, c.relkind
 ORDER BY c.relname, c.relkind
"""

_REMEMBERED: Final = """
SELECT c.relname AS name, c.relkind::text AS relkind,
       max(greatest(c.relpages, 0) + coalesce(greatest(t.relpages, 0), 0))::bigint
           * current_setting('block_size')::bigint AS size
  FROM pg_namespace n
  JOIN pg_class c ON c.relnamespace = n.oid
  LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
 WHERE n.nspname = ANY($1::text[]) AND c.relkind IN ('r', 'p', 'm')
 GROUP BY c.relname, c.relkind
 ORDER BY c.relname, c.relkind
"""


async def sizes(pool: Pool, names: Sequence[str], limits: Limits) -> dict[Ident, int]:
    """The bytes of each table and materialized view, in the schema where it is largest.

    A batch of schemas is asked about at once, and in halves where one of them keeps us waiting.
    """
    found: dict[Ident, int] = {}
    for start in range(0, len(names), BATCH):
        for ident, size in await _batch(pool, names[start : start + BATCH], limits):
            found[ident] = max(size, found.get(ident, 0))
    return found


async def _batch(pool: Pool, names: Sequence[str], limits: Limits) -> list[tuple[Ident, int]]:
    try:
        return await _ask(pool, _MEASURED, names, limits)
    except TenantBusy:
        if len(names) == 1:
            return await _ask(pool, _REMEMBERED, names, limits)
    half = len(names) // 2
    return [*await _batch(pool, names[:half], limits), *await _batch(pool, names[half:], limits)]


async def _ask(pool: Pool, query: str, names: Sequence[str], limits: Limits) -> list[tuple[Ident, int]]:
    async with pool.connection() as connection:
        await connection.begin(limits)
        try:
            rows = await connection.rows(query, [list(names)])
        finally:
            await connection.rollback()
    return [(Ident(_KINDS[row.relkind], row.name), row.size or 0) for row in rows]
