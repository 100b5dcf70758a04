"""What tenants should be: as it was asked for, as it is configured or recorded, and as their databases see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from schema_sync.config import Config
from schema_sync.diff import check_comparable
from schema_sync.engine.groups import Target
from schema_sync.engine.revisions import Revisions, recorded
from schema_sync.engine.spellings import Spellings
from schema_sync.errors import SchemaSyncError
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.protocols import DatabaseAdapter, SnapshotStore

Wanted = str | Snapshot | Target | Mapping[str, Target]
"""What a caller may ask for: a revision, a snapshot, what was made of either, or that for each database."""


class Targets:
    """Makes targets out of what is asked for, configured and recorded."""

    def __init__(
        self,
        config: Config,
        store: SnapshotStore,
        adapters: Mapping[str, DatabaseAdapter],
        revisions: Revisions,
        spellings: Spellings,
        ignored: Mapping[str, Sequence[str]],
    ) -> None:
        self._config = config
        self._store = store
        self._adapters = adapters
        self._revisions = revisions
        self._spellings = spellings
        self._ignored = ignored

    async def of(self, wanted: str | Snapshot | Target) -> Target:
        """What was asked for. Raises what `Revisions.target` does."""
        match wanted:
            case Target():
                return wanted
            case Snapshot():
                return Target("a snapshot", wanted)
            case _:
                return await self._revisions.target(wanted)

    async def by_database(self, wanted: Wanted | None) -> dict[str, Target]:
        """The same for each database: what was asked for, else its release, else the branch."""
        if wanted is None:
            return await self.releases(self._adapters)
        if isinstance(wanted, Mapping):
            return dict(wanted)
        return dict.fromkeys(self._adapters, await self.of(wanted))

    async def releases(self, databases: Iterable[str]) -> dict[str, Target]:
        """The release of each of these databases, else the branch; each version is read once."""
        branch = self._config.store.branch
        releases = {each.name: each.release or branch for each in self._config.databases}
        wanted = {name: releases.get(name, branch) for name in databases}
        loaded = {rev: await self._revisions.target(rev) for rev in sorted(set(wanted.values()))}
        return {name: loaded[rev] for name, rev in wanted.items()}

    async def expected(self, tenants: Sequence[TenantContext]) -> dict[TenantContext, Target | SchemaSyncError]:
        """What is recorded as expected of each tenant, else its database's release, else the branch; the error where
        the store has lost what is recorded.
        """
        found = await recorded(self._store, self._revisions, tenants)
        releases = await self.releases({tenant.database for tenant in tenants if tenant not in found})
        return {tenant: found.get(tenant) or releases[tenant.database] for tenant in tenants}

    def check_words(self, target: Target, database: str) -> None:
        """Refuse a target that is written in the words of another kind of database.

        Raises:
            Refused: with both dialects.
        """
        check_comparable(Snapshot(self._adapters[database].dialect), target.snapshot)

    async def seen_by(self, database: str, target: Target) -> Target:
        """The target as a database sees it: as its server spells it, and without what its configuration leaves out,
        since nobody compares that; with the error, where its spelling cannot be had.
        """
        adapter = self._adapters[database]
        read = target.snapshot.of_kinds(adapter.kinds.keys() - adapter.unread)
        try:
            spelled = await self._spellings.to(read, (await adapter.server()).spelling, database)
        except SchemaSyncError as error:
            return replace(target, error=error)
        snapshot = spelled.without(self._ignored.get(database, ()))
        return target if snapshot is target.snapshot else replace(target, snapshot=snapshot)
