"""Reads tenants from the catalog: many at once, with one set of statements for all of them.

Rows are read in a transaction of one snapshot, but definitions are deparsed from the catalog as it is at that moment,
and wait for locks. What was changed in between is a torn read: never drift, but a reason to read again; `moment.py`
tells. No lock is taken beyond ACCESS SHARE, and none is kept longer than a batch.
"""

from __future__ import annotations

import asyncio
import difflib
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final, LiteralString

from schema_sync.adapters.postgres.access import Access
from schema_sync.adapters.postgres.capture import Capture
from schema_sync.adapters.postgres.cell import TornRead
from schema_sync.adapters.postgres.depends import LINKS, Links, link, note_foreign
from schema_sync.adapters.postgres.kinds import KINDS
from schema_sync.adapters.postgres.moment import marks
from schema_sync.adapters.postgres.session import TORN, Connection, Limits, Pool, ServerError
from schema_sync.adapters.postgres.unmodelled import note_unmodelled
from schema_sync.errors import ConfigError, Refused, SchemaSyncError, TenantBusy, UnknownTenant
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot

BATCH: Final = 50
"""Tenants per transaction. The time per tenant is the same from 10 to 200; this bounds locks and memory."""

WORKERS: Final = 2
"""Batches that are read at once: the server works on one while the other is taken apart here."""

ATTEMPTS: Final = 3
"""How often a single tenant is read before it is called busy."""

PAUSE: Final = 0.2
"""Seconds before the second attempt; doubled for each further one."""

NAMESPACES: Final[LiteralString] = """
WITH RECURSIVE ns AS MATERIALIZED (
  SELECT oid, nspname, quote_ident(nspname) || ', pg_temp' AS sp
    FROM pg_namespace WHERE oid = ANY($1::oid[]))
"""
"""Stands before every cell's query. `pg_temp` at the end keeps temporary tables from being found first."""

_NAMES: Final = """
SELECT nspname AS name
  FROM pg_namespace
 ORDER BY nspname
"""

SHADOWING: Final[LiteralString] = """
SELECT ns.oid AS ns, p.proname AS name
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_proc'::regclass AND d.deptype = 'n'
  JOIN pg_proc p ON p.oid = d.objid
 WHERE EXISTS (SELECT FROM pg_proc s WHERE s.proname = p.proname AND s.pronamespace = 'pg_catalog'::regnamespace)
 UNION
SELECT ns.oid, coalesce(c.relname, t.typname)
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid IN ('pg_class'::regclass, 'pg_type'::regclass) AND d.deptype = 'n'
  LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
  LEFT JOIN pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
 WHERE EXISTS (SELECT FROM pg_type s WHERE s.typname = coalesce(c.relname, t.typname)
                                       AND s.typnamespace = 'pg_catalog'::regnamespace)
    OR EXISTS (SELECT FROM pg_class s WHERE s.relname = coalesce(c.relname, t.typname)
                                        AND s.relnamespace = 'pg_catalog'::regnamespace)
 UNION
SELECT ns.oid, c.collname
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_collation'::regclass AND d.deptype = 'n'
  JOIN pg_collation c ON c.oid = d.objid
 WHERE EXISTS (SELECT FROM pg_collation s WHERE s.collname = c.collname
                                            AND s.collnamespace = 'pg_catalog'::regnamespace)
 UNION
SELECT ns.oid, c.opcname
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_opclass'::regclass AND d.deptype = 'n'
  JOIN pg_opclass c ON c.oid = d.objid
 WHERE EXISTS (SELECT FROM pg_opclass s WHERE s.opcname = c.opcname AND s.opcmethod = c.opcmethod
                                          AND s.opcnamespace = 'pg_catalog'::regnamespace)
 ORDER BY 1, 2
"""
"""Names of functions, types, relations, collations and operator classes that pg_catalog has as well."""

_FIND: Final = """
SELECT oid, nspname AS name, quote_ident(nspname) AS quoted, has_schema_privilege(oid, 'USAGE') AS usable,
       concat_ws('.', (SELECT system_identifier FROM pg_control_system()),
                 (SELECT oid FROM pg_database WHERE datname = current_database()), oid) AS place
  FROM pg_namespace
 WHERE nspname = ANY($1::text[])
 ORDER BY nspname
"""

_MEMBERS: Final = """
SELECT d.classid, d.objid
  FROM pg_depend d
 WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
 ORDER BY d.classid, d.objid
"""

Outcome = Snapshot | SchemaSyncError


async def capture(
    connection: Connection, names: Sequence[str], shared: frozenset[str], access: Access | None = None
) -> dict[str, Outcome]:
    """Read tenants in the open transaction: name -> snapshot, or why there is none.

    Raises:
        TenantBusy, ServerError: one of them could not be read, and the transaction has failed.
    """
    await connection.run("SET LOCAL search_path = ''")
    found = {row.name: row for row in await connection.rows(_FIND, [list(names)])}
    outcomes: dict[str, Outcome] = {name: await unknown(connection, name) for name in names if name not in found}
    outcomes |= {name: unusable(name) for name, row in found.items() if not row.usable}
    members = {(row.classid, row.objid) for row in await connection.rows(_MEMBERS)}
    captures: dict[int, Capture] = {}
    access = access or Access()
    for name, row in found.items():
        try:
            made = {row.oid: Capture(name, connection.version, row.place, access, members)} if row.usable else {}
        except ConfigError as error:
            outcomes[name] = error
        else:
            captures |= made
    for row in found.values():
        if row.oid in captures:
            captures[row.oid].reader.quoted = row.quoted
    if captures:
        await _read(connection, captures, shared, access)
    return outcomes | {one.reader.tenant: one.result() for one in captures.values()}


async def _read(
    connection: Connection, captures: Mapping[int, Capture], shared: frozenset[str], access: Access
) -> None:
    oids = [list(captures)]
    await connection.run("SET LOCAL search_path = ''")
    shadowing: dict[int, set[str]] = {oid: set() for oid in captures}
    for row in await connection.rows(NAMESPACES + SHADOWING, oids):
        shadowing[row.ns].add(row.name)
    for oid, names in shadowing.items():
        captures[oid].reader.shadowing = frozenset(names)
    for cell in KINDS:
        if cell.only_with_owners and access.owners == "ignore":
            continue
        await connection.run("SET LOCAL search_path = ''")
        for row in await connection.rows(NAMESPACES + cell.query, oids):
            captures[row.ns].add(cell, row)
    await connection.run("SET LOCAL search_path = ''")
    rows: dict[int, list[object]] = {oid: [] for oid in captures}
    for row in await connection.rows(NAMESPACES + LINKS, oids):
        rows[row.ns].append(row)
    links = {oid: Links(one, rows[oid]) for oid, one in captures.items()}
    await link(connection, links, shared)
    await note_foreign(connection, [one.reader for one in captures.values()], shared)
    await note_unmodelled(connection, NAMESPACES, links)


async def unknown(connection: Connection, name: str) -> UnknownTenant:
    """The error for a schema that is not there, with the names that are near."""
    there = [row.name for row in await connection.rows(_NAMES)]
    return UnknownTenant(name, near=difflib.get_close_matches(name, there, n=3))


def unusable(name: str) -> Refused:
    """Without USAGE a schema in the search_path is passed over silently, and every name would come out qualified."""
    return Refused(
        f"the login's role may not use the schema {name!r}, so that it cannot be read",
        hint=f"GRANT USAGE ON SCHEMA {name} to it, or pg_read_all_data",
    )


class Inspector:
    """Reads the tenants of one database."""

    def __init__(self, pool: Pool, shared: frozenset[str], limits: Limits, access: Access | None = None) -> None:
        self._pool = pool
        self._shared = shared
        self._limits = limits
        self._access = access

    async def inspect(self, tenant: TenantContext) -> Snapshot:
        """The tenant as it is now; see `SchemaInspector.inspect`."""
        outcome = (await self._settle([tenant.name]))[tenant.name]
        if isinstance(outcome, SchemaSyncError):
            raise outcome
        return outcome

    async def inspect_many(
        self, tenants: Sequence[TenantContext]
    ) -> AsyncIterator[tuple[TenantContext, Snapshot | Exception]]:
        """Many tenants in the order given, two batches at a time; see `SchemaInspector.inspect_many`."""
        batches = [tenants[start : start + BATCH] for start in range(0, len(tenants), BATCH)]
        running: deque[asyncio.Task[dict[str, Outcome]]] = deque()
        try:
            for n, batch in enumerate(batches):
                for ahead in batches[n + len(running) : n + WORKERS]:
                    running.append(asyncio.create_task(self._batch([tenant.name for tenant in ahead])))
                outcomes = await running.popleft()
                for tenant in batch:
                    yield tenant, outcomes[tenant.name]
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _batch(self, names: Sequence[str]) -> dict[str, Outcome]:
        """Read a batch; what stops all of it is the outcome of each."""
        try:
            return await self._settle(names)
        except SchemaSyncError as error:
            return dict.fromkeys(names, error)

    async def _settle(self, names: Sequence[str]) -> dict[str, Outcome]:
        """Read a batch; in halves where a tenant spoils it, and alone and again what was torn."""
        try:
            outcomes = await self._once(names)
        except (TenantBusy, ServerError) as error:
            if len(names) == 1:
                return {names[0]: await self._again(names[0], error)}
            half = len(names) // 2
            return await self._settle(names[:half]) | await self._settle(names[half:])
        for name, outcome in outcomes.items():
            if isinstance(outcome, TornRead):
                outcomes[name] = await self._again(name, outcome)
        return outcomes

    async def _again(self, name: str, error: SchemaSyncError) -> Outcome:
        """Try one tenant again, with growing pauses, and call it busy at the end."""
        pause = PAUSE
        for _ in range(ATTEMPTS - 1):
            if isinstance(error, ServerError) and error.sqlstate not in TORN:
                return error
            await asyncio.sleep(pause)
            pause *= 2
            try:
                outcome = (await self._once([name]))[name]
            except (TenantBusy, ServerError) as again:
                error = again
                continue
            if not isinstance(outcome, TornRead):
                return outcome
            error = outcome
        return TenantBusy(
            f"{name} is being changed by someone else and could not be read: {error.message}",
            hint="try again when its migration is over",
        )

    async def _once(self, names: Sequence[str]) -> dict[str, Outcome]:
        async with self._pool.connection(len(names)) as connection:
            await connection.begin(self._limits, snapshot=True)
            try:
                outcomes = await capture(connection, names, self._shared, self._access)
                before = await marks(connection, names)
                await connection.rollback()
                await connection.begin(self._limits, snapshot=True)
                after = await marks(connection, names)
            finally:
                await connection.rollback()
            torn = [name for name in names if before.get(name) != after.get(name)]
            return outcomes | {name: TornRead(name, "its catalog has changed") for name in torn}
