"""One schema in the words of several server majors.

Servers of different majors print equal definitions differently, so that their snapshots cannot be compared. What one
wrote is made once in a scratch database of the other and read back there; the result is kept in the store.
"""

from __future__ import annotations

from collections.abc import Mapping

from schema_sync.engine.furnish import furnished, replay
from schema_sync.engine.revisions import Revisions, decode
from schema_sync.errors import Refused, SchemaSyncError
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.protocols import DatabaseAdapter, SnapshotStore

TENANT = "spelled"
"""What the tenant of the scratch database is called, where there is no other."""


class Spellings:
    """The spellings of a store, and the servers of a fleet, which can make those that are missing."""

    def __init__(self, store: SnapshotStore, adapters: Mapping[str, DatabaseAdapter]) -> None:
        self._store = store
        self._adapters = adapters
        self._known: dict[tuple[str, str, str], Snapshot] = {}

    async def pair(
        self, revisions: Revisions, old: str | Snapshot, new: str | Snapshot, *, whole: bool = False
    ) -> tuple[Snapshot, Snapshot]:
        """Two revisions' snapshots in one spelling; see `Revisions.pair`.

        Raises:
            Refused: they are of different spellings, and neither can be had in the other's.
        """
        before, after = await revisions.pair(old, new, whole=whole)
        alike = before.dialect != after.dialect or before.spelling == after.spelling
        if alike or not (before.spelling and after.spelling):
            return before, after
        if isinstance(old, str) and isinstance(new, str) and not whole:
            before, after = await revisions.pair(old, new, whole=True)
        return await self.aligned(before, after)

    async def aligned(self, old: Snapshot, new: Snapshot) -> tuple[Snapshot, Snapshot]:
        """Two snapshots in one spelling: the new one's if that can be had, else the old one's.

        Raises:
            Refused: neither can be had.
        """
        try:
            return await self.to(old, new.spelling), new
        except SchemaSyncError as why:
            try:
                return old, await self.to(new, old.spelling)
            except SchemaSyncError:
                raise why from None

    async def to(self, snapshot: Snapshot, spelling: str, database: str | None = None) -> Snapshot:
        """A snapshot as a server major spells it, from the store, or from a scratch database of such a server.

        Raises:
            Refused: there is no such spelling in the store, and none can be made.
        """
        if not len(snapshot) or not spelling or snapshot.spelling in ("", spelling):
            return snapshot
        name = f"{snapshot.dialect}-{spelling}"
        key = (snapshot.fingerprint, name, "\n".join(snapshot.unmodelled))
        if key not in self._known:
            files = await self._store.spelling(snapshot.fingerprint, name)
            if files is None:
                made = await self._make(snapshot, spelling, database)
                await self._store.spell(snapshot.fingerprint, name, made.files)
            else:
                made = decode(files)
            self._known[key] = made.replace(unmodelled=snapshot.unmodelled)
        return self._known[key]

    async def _make(self, snapshot: Snapshot, spelling: str, database: str | None) -> Snapshot:
        from schema_sync.plan import Planner  # late: looking at history needs no planner

        what = f"the {snapshot.dialect} {snapshot.spelling} schema cannot be spelled as {spelling} does"
        adapter = await self._speaker(snapshot.dialect, spelling, database)
        if adapter is None:
            raise Refused(f"{what}: no server of that major is configured", hint=_capture(spelling))
        try:
            async with furnished(adapter, snapshot, tenant=(name := await _name(adapter))) as scratch:
                tenant = TenantContext(name, scratch.name)
                await scratch.create_tenant(tenant)
                planner = Planner(scratch.kinds, server=(await scratch.server()).version)
                empty = Snapshot(snapshot.dialect, spelling=snapshot.spelling)
                made = await replay(scratch, tenant, planner.plan(empty, snapshot))
        except SchemaSyncError as error:
            raise Refused(f"{what}: {error.message}", hint=error.hint or _capture(spelling)) from error
        differs = sorted(ident.text for ident in made.objects.keys() ^ snapshot.objects.keys())
        if differs:
            raise Refused(f"{what}: there it has not the same objects ({', '.join(differs[:3])})")
        return made

    async def _speaker(self, dialect: str, spelling: str, database: str | None) -> DatabaseAdapter | None:
        """The adapter of that database, or else any whose server spells so."""
        if database is not None:
            return self._adapters[database]
        for name, adapter in self._adapters.items():
            if adapter.dialect == dialect and await self._speaks(name, spelling):
                return adapter
        return None

    async def _speaks(self, database: str, spelling: str) -> bool:
        try:
            return await self._spelling(database) == spelling
        except SchemaSyncError:
            return False

    async def _spelling(self, database: str) -> str:
        return (await self._adapters[database].server()).spelling


async def _name(adapter: DatabaseAdapter) -> str:
    """A tenant's name for the scratch database: that of one that is there, which has whatever bears its name."""
    tenants = await adapter.list_tenants()
    return tenants[0].name if tenants else TENANT


def _capture(spelling: str) -> str:
    return (
        f"let the login make scratch databases (CREATEDB, or [postgres] scratch_url) on a server of major {spelling},"
        " or capture the version there"
    )
