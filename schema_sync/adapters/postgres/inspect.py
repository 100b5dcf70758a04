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
from typing import Final

from schema_sync.adapters.postgres.access import Access
from schema_sync.adapters.postgres.alike import Alike
from schema_sync.adapters.postgres.ambient import read_ambient
from schema_sync.adapters.postgres.capture import Capture
from schema_sync.adapters.postgres.cell import TornRead
from schema_sync.adapters.postgres.moment import current, marks
from schema_sync.adapters.postgres.reading import ask, read
from schema_sync.adapters.postgres.session import TORN, Connection, Limits, Pool, ServerError
from schema_sync.adapters.postgres.shared import SharedSchemas
from schema_sync.errors import ConfigError, Refused, SchemaSyncError, TenantBusy, UnknownTenant
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Origin, Snapshot

BATCH: Final = 50
"""Tenants per transaction. The time per tenant is the same from 10 to 200; this bounds locks and memory."""

WORKERS: Final = 2
"""Batches that are read at once: the server works on one while the other is taken apart here."""

ATTEMPTS: Final = 3
"""How often a single tenant is read before it is called busy."""

PAUSE: Final = 0.2
"""Seconds before the second attempt; doubled for each further one."""

_NAMES: Final = """
SELECT nspname AS name
  FROM pg_namespace
 ORDER BY nspname
"""

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
    connection: Connection, names: Sequence[str], shared: SharedSchemas, access: Access | None = None
) -> dict[str, Outcome]:
    """Read tenants in the open transaction: name -> snapshot, or why there is none.

    Raises:
        TenantBusy, ServerError: one of them could not be read, and the transaction has failed.
    """
    await connection.run("SET LOCAL search_path = ''")
    # Queries are written in the order in which they run best: to look for another takes longer than to run them.
    await connection.run("SET LOCAL join_collapse_limit = 1")
    found = {row.name: row for row in await connection.rows(_FIND, [list(names)])}
    outcomes: dict[str, Outcome] = {name: await unknown(connection, name) for name in names if name not in found}
    outcomes |= {name: unusable(name) for name, row in found.items() if not row.usable}
    members = {(row.classid, row.objid) for row in await connection.rows(_MEMBERS)}
    captures: dict[int, Capture] = {}
    access = access or Access()
    for name, row in found.items():
        if row.usable:
            try:
                one = Capture(name, connection.version, row.place, access, members)
            except ConfigError as error:
                outcomes[name] = error
            else:
                one.reader.quoted = row.quoted
                captures[row.oid] = one
    if captures:
        outcomes |= await _results(connection, captures, shared, access)
    return outcomes


async def _results(
    connection: Connection, captures: Mapping[int, Capture], shared: SharedSchemas, access: Access
) -> dict[str, Outcome]:
    """What becomes of each; only the first of those that are alike is taken apart."""
    answers = await ask(connection, list(captures), access)
    await read_ambient(connection, captures)
    alike = Alike(
        (oid, answers[oid].likeness(one.reader.roles, one.reader.quoted), tuple(one.ambient))
        for oid, one in captures.items()
    )
    outcomes = {}
    for oids in (alike.first, alike.others):
        chosen = {oid: captures[oid] for oid in oids if captures[oid].reader.tenant not in outcomes}
        if not chosen:
            continue
        await read(connection, chosen, answers, shared.names)
        await shared.furnish(connection, chosen.values())
        for oid, one in chosen.items():
            outcome = outcomes[one.reader.tenant] = one.result()
            if isinstance(outcome, Snapshot) and not (outcome.unmodelled or outcome.leans):
                for other, addresses in alike.to(oid, one.known):
                    outcomes[captures[other].reader.tenant] = outcome.seen_at(Origin(captures[other].place, addresses))
    return outcomes


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

    def __init__(self, pool: Pool, shared: SharedSchemas, limits: Limits, access: Access | None = None) -> None:
        self._pool = pool
        self._shared = shared
        self._limits = limits
        self._access = access
        self._is_busy = False
        """Whether something was committed in the database while it was read."""

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
        """Read a batch. In a database where nothing is committed meanwhile that is all; where something is, every
        tenant is marked from then on, which costs a good third more.
        """
        if not self._is_busy:
            outcomes = await self._undisturbed(names)
            if outcomes is not None:
                return outcomes
            self._is_busy = True
        return await self._marked(names)

    async def _undisturbed(self, names: Sequence[str]) -> dict[str, Outcome] | None:
        """Read a batch; `None` if the database may have been changed in the time."""
        async with self._pool.connection(len(names)) as connection:
            await connection.begin(self._limits, snapshot=True)
            try:
                moment = await current(connection)
                if moment is None:
                    return None
                outcomes = await capture(connection, names, self._shared, self._access)
            finally:
                await connection.rollback()
            return outcomes if await current(connection) == moment else None

    async def _marked(self, names: Sequence[str]) -> dict[str, Outcome]:
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
