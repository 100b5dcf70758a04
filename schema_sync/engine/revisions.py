"""A revision as people write it -> a snapshot: versions of the store, recorded and live tenants, SQL files, nothing."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from schema_sync.adapters import registry
from schema_sync.engine.furnish import elaborate
from schema_sync.engine.groups import Discovery, Target, look_up
from schema_sync.errors import ConfigError, StoreError, UnknownRevision, UnknownTenant, UsageError
from schema_sync.model.codec import MANIFEST, read_manifest
from schema_sync.model.objects import Vocabulary
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.protocols import Base, DatabaseAdapter, SnapshotStore, Version
from schema_sync.store.revisions import parse_moment

EMPTY: Final = "empty"

_TENANT = re.compile(r"tenant:(?P<name>.+?)(?:~(?P<nth>\d*)|@\{(?P<at>[^}]*)\})?")


class Revisions:
    """Reads revisions of one store and fleet."""

    def __init__(
        self,
        store: SnapshotStore,
        adapters: Mapping[str, DatabaseAdapter],
        ignored: Mapping[str, Iterable[str]],
        discover: Callable[[], Awaitable[Discovery]],
        branch: str,
    ) -> None:
        self._branch = branch
        self._discover = discover
        self._store = store
        self._adapters = adapters
        self._ignored = ignored
        self._snapshots: dict[str, Snapshot] = {}
        self._first: tuple[Version, Snapshot] | None = None

    async def target(self, rev: str) -> Target:
        """What a revision names, whole.

        Raises:
            UnknownRevision, UnknownTenant: nothing has that name; with what is near.
            CorruptObject: the store's bytes are not canonical.
            Refused: the version is of a newer format.
        """
        if rev == EMPTY:
            return Target(rev, Snapshot(""))
        if rev.startswith("tenant:"):
            return Target(rev, await self._recorded(rev))
        if rev.startswith("live:"):
            return Target(rev, await self._live(rev.removeprefix("live:")))
        if rev.startswith("file:"):
            return Target(rev, await self._elaborated(Path(rev.removeprefix("file:"))))
        version = await self._store.resolve(rev)
        return Target(rev, await self.snapshot(version), version)

    async def identify(self, rev: str) -> Target | Version:
        """What a revision names: of a version its name alone, without reading it. Raises like `target`."""
        return await self._version(rev) or await self.target(rev)

    async def pair(self, old: str | Snapshot, new: str | Snapshot, *, whole: bool = False) -> tuple[Snapshot, Snapshot]:
        """Two revisions' snapshots. Of two versions only the files that differ are read, unless `whole`."""
        if isinstance(old, Snapshot) or isinstance(new, Snapshot) or whole:
            return await self._whole(old), await self._whole(new)
        first, second = await self._version(old), await self._version(new)
        if first is None or second is None:
            return await self._whole(old), await self._whole(new)
        files: tuple[dict[str, bytes], dict[str, bytes]] = ({}, {})
        for side, version in zip(files, (first, second), strict=True):
            side[MANIFEST] = await self._store.read_file(version, MANIFEST)
        for change in await self._store.changed(first, second):
            for side, data in zip(files, (change.old, change.new), strict=True):
                if data is not None:
                    side[change.path] = data
        return decode(files[0]), decode(files[1])

    async def on_demand(self, old: str | Snapshot, new: str | Snapshot) -> tuple[Snapshot, Snapshot] | None:
        """Two versions, of which a file is read when something in it is asked for; see `Snapshot.pair`.

        `None` where they are no versions, or cannot be read so.
        """
        if isinstance(old, Snapshot) or isinstance(new, Snapshot):
            return None
        first, second = await self._version(old), await self._version(new)
        if first is None or second is None:
            return None
        files = await self._store.read(first), await self._store.read(second)
        changed = [change.path for change in await self._store.changed(first, second, "")]
        made = Snapshot.pair(*files, changed, vocabulary(files[1]))
        return made and (made[0].known_as(first.fingerprint), made[1].known_as(second.fingerprint))

    async def _whole(self, rev: str | Snapshot) -> Snapshot:
        return rev if isinstance(rev, Snapshot) else (await self.target(rev)).snapshot

    async def _version(self, rev: str) -> Version | None:
        if rev == EMPTY or rev.startswith(("tenant:", "live:", "file:")):
            return None
        return await self._store.resolve(rev)

    async def snapshot(self, version: Version) -> Snapshot:
        """A version's snapshot; each is read once, and of all but the first only what differs from it."""
        if version.tree not in self._snapshots:
            made = await self._beside(version) or decode(await self._store.read(version))
            self._snapshots[version.tree] = made.known_as(version.fingerprint)
            self._first = self._first or (version, made)
        return self._snapshots[version.tree]

    async def _beside(self, version: Version) -> Snapshot | None:
        """A version by what it has otherwise than the one that was read first."""
        if self._first is None:
            return None
        known, snapshot = self._first
        changes = await self._store.changed(known, version, "")
        return snapshot.with_files({each.path: each.new for each in changes}, registry.vocabulary(snapshot.dialect))

    async def _recorded(self, rev: str) -> Snapshot:
        match = _TENANT.fullmatch(rev)
        if match is None:
            raise UnknownRevision(rev, hint="write tenant:acme, tenant:acme~3 or tenant:acme@{2026-05-01}")
        key = await self._key(match["name"])
        nth = int(match["nth"] or 1) if match["nth"] is not None else 0
        at = _moment(rev, match["at"]) if match["at"] is not None else None
        return decode(await self._store.observed(key, nth=nth, at=at))

    async def _key(self, name: str) -> str:
        """The key of a recorded tenant by full or unique name."""
        keys = list(await self._store.fleet())
        known = [TenantContext(tenant, database) for database, _, tenant in (key.partition("/") for key in keys)]
        try:
            found = look_up([name], known)[0]
        except UnknownTenant as error:
            hint = error.hint if error.near else "`schema-sync snapshot --all` records what tenants are like now"
            raise UnknownTenant(name, near=error.near, hint=hint) from None
        return found.id

    async def _live(self, name: str) -> Snapshot:
        (tenant,) = (await self._discover()).look_up([name])
        seen = await self._adapters[tenant.database].inspector().inspect(tenant)
        return seen.without(tuple(self._ignored.get(tenant.database, ())))

    async def _elaborated(self, path: Path) -> Snapshot:
        """What SQL files make of an empty tenant, in the words of the first configured database."""
        if not self._adapters:
            raise ConfigError(f"file:{path} needs a database that reads it", hint="configure one, or give --url")
        adapter = next(iter(self._adapters.values()))
        made = await elaborate(adapter, list(_scripts(path)), await self._tip())
        return made.without(tuple(self._ignored.get(adapter.name, ())))

    async def _tip(self) -> Snapshot | None:
        """The approved schema: what it needs outside of a tenant, a desired state may need as well."""
        try:
            return await self.snapshot(await self._store.resolve(self._branch))
        except UnknownRevision:
            return None

    async def history(self, version: Version, limit: int | None = None) -> AsyncIterator[Version]:
        """The version and its ancestors, newest first."""
        async for each in self._store.log(version, limit=limit):
            yield each


async def recorded(
    store: SnapshotStore, revisions: Revisions, tenants: Sequence[TenantContext]
) -> dict[TenantContext, Target | StoreError]:
    """What is recorded as expected of tenants: of each that a version was ever applied to, or that is the source of
    one; or that the store has lost it. Each distinct state is read once.
    """
    fleet = await store.fleet()
    bases = {tenant: entry.base for tenant in tenants if (entry := fleet.get(tenant.id)) and entry.base is not None}
    refs = names(await store.refs()) if bases else {}
    loaded: dict[tuple[str, str], Target | StoreError] = {}
    for tenant, base in bases.items():
        if (base.commit, base.expected) not in loaded:
            rev = refs.get(base.commit, [base.commit[:10]])[0]
            try:
                loaded[base.commit, base.expected] = await _expected(store, revisions, rev, tenant, base)
            except StoreError as error:
                loaded[base.commit, base.expected] = error
    return {tenant: loaded[base.commit, base.expected] for tenant, base in bases.items()}


async def _expected(store: SnapshotStore, revisions: Revisions, rev: str, tenant: TenantContext, base: Base) -> Target:
    """The version that was applied; or, with accepted objects of the tenant's own, the state that it was in then."""
    try:
        version = await store.resolve(base.commit)
    except UnknownRevision:
        why = f"the version {rev} that {tenant.id} was brought to is not in the store any more"
        raise StoreError(why, hint="`schema-sync apply` brings it to one that is") from None
    snapshot = await revisions.snapshot(version)
    for name, fingerprint in (await store.spellings(version.fingerprint)).items():
        files = await store.spelling(version.fingerprint, name) if fingerprint == base.expected else None
        if files is not None and snapshot.fingerprint != base.expected:
            snapshot = decode(files)
    nth = 0
    while snapshot.fingerprint != base.expected:
        try:
            snapshot = decode(await store.observed(tenant.id, nth=nth))
        except UnknownRevision:
            why = f"the state {base.expected[:10]} that {tenant.id} is expected to be in is not in the store's record"
            raise StoreError(why, hint=f"`schema-sync apply {rev} --tenant {tenant.id}` records one anew") from None
        nth += 1
    return Target(rev, snapshot, version)


def names(refs: Mapping[str, str]) -> dict[str, list[str]]:
    """Version id -> its tags, or where it has none its branches; sorted."""
    found: dict[str, list[str]] = {}
    for prefix in ("refs/tags/", "refs/heads/"):
        for ref, version in sorted(refs.items()):
            if ref.startswith(prefix) and (prefix == "refs/tags/" or version not in found):
                found.setdefault(version, []).append(ref.removeprefix(prefix))
    return found


def decode(files: Mapping[str, bytes]) -> Snapshot:
    """A version's files as a snapshot, in the words of the dialect that its manifest names."""
    return Snapshot.from_files(files, vocabulary(files))


def vocabulary(files: Mapping[str, bytes]) -> Vocabulary:
    """The words of the dialect that a version's manifest names."""
    if MANIFEST not in files:
        raise UsageError(
            "the version holds no snapshot: it has no manifest.json", hint="is it a branch of something else?"
        )
    return registry.vocabulary(read_manifest(files[MANIFEST])["dialect"])


def _scripts(path: Path) -> Iterable[str]:
    """The SQL of a file, or of all `*.sql` files of a folder by name."""
    files = sorted(path.rglob("*.sql")) if path.is_dir() else [path]
    if not files:
        raise UsageError(f"there is no *.sql file in {path}")
    for file in files:
        try:
            yield file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _moment(rev: str, text: str) -> datetime:
    try:
        return parse_moment(text)
    except ValueError:
        raise UnknownRevision(rev, hint="write a date as @{2026-05-01} or @{2026-05-01T12:00}") from None
