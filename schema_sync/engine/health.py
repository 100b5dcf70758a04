"""Whether the store and the databases are sound."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from schema_sync.engine.furnish import lacks
from schema_sync.engine.groups import Target
from schema_sync.engine.revisions import decode
from schema_sync.errors import SchemaSyncError, StoreError, UnknownRevision
from schema_sync.model.report import Diagnostic
from schema_sync.protocols import DatabaseAdapter, SnapshotStore, Version


async def verify(store: SnapshotStore, rev: str | None) -> list[Diagnostic]:
    """What is damaged in the store, or in what one version holds; empty if nothing is.

    Every distinct tree is read back strictly: canonical bytes, identities where they belong, known fields. Without a
    revision that is every version that a branch or tag reaches, and what is recorded of tenants.
    """
    if rev is not None:
        version = await store.resolve(rev)
        return [*await store.verify(version), *await _version(store, version)]
    found = list(await store.verify())
    try:
        return [*found, *await _versions(store), *await _recorded(store)]
    except StoreError as error:
        # What cannot be read at all was named by the store already, unless its own look did not come that far.
        return found or [Diagnostic(code="error", object="store", message=error.message)]


async def _versions(store: SnapshotStore) -> list[Diagnostic]:
    """What is wrong in the versions that branches and tags reach; a ref to what is no version is passed over."""
    found: list[Diagnostic] = []
    seen: set[str] = set()
    for ref in await store.refs():
        try:
            start = await store.resolve(ref)
        except UnknownRevision:
            continue
        async for version in store.log(start):
            if version.tree not in seen:
                seen.add(version.tree)
                found += await _version(store, version)
    return found


async def _recorded(store: SnapshotStore) -> list[Diagnostic]:
    """What is wrong in the states that are recorded of tenants, said of each tenant; a state is read once."""
    wrong: dict[str, str | None] = {}
    fleet = await store.fleet()
    for key, entry in fleet.items():
        if entry.tree not in wrong:
            try:
                decode(await store.observed(key))
            except SchemaSyncError as error:
                wrong[entry.tree] = error.message
            else:
                wrong[entry.tree] = None
    return [
        Diagnostic(code="error", object=f"tenant:{key}", message=message)
        for key, entry in fleet.items()
        if (message := wrong[entry.tree]) is not None
    ]


async def _version(store: SnapshotStore, version: Version) -> list[Diagnostic]:
    try:
        decode(await store.read(version))
    except SchemaSyncError as error:
        return [Diagnostic(code="error", object=version.id[:10], message=error.message)]
    return []


async def diagnose(store: SnapshotStore, adapters: Mapping[str, DatabaseAdapter]) -> list[Diagnostic]:
    """What `doctor` says: of the store, and of each database in turn."""
    found = [each for each in await store.verify() if each.code != "ok"]
    if not found:
        refs = await store.refs()
        tags = sum(ref.startswith("refs/tags/") for ref in refs)
        counts = {"branches": len(refs) - tags, "tags": tags, "recorded tenants": len(await store.fleet())}
        message = "the store can be read; " + ", ".join(f"{what}: {number}" for what, number in counts.items())
        found = [Diagnostic(code="ok", object="store", message=message)]
    for name, adapter in adapters.items():
        try:
            found += await adapter.diagnose()
        except SchemaSyncError as error:
            found.append(Diagnostic(code="error", object=name, message=error.message))
    return found


async def needs(adapter: DatabaseAdapter, release: Callable[[], Awaitable[Target]]) -> list[Diagnostic]:
    """What a database lacks of what the version for it needs outside of its tenants; nothing where there is none."""
    try:
        target = await release()
    except UnknownRevision:
        return []
    except SchemaSyncError as error:
        return [Diagnostic(code="error", object=adapter.name, message=error.message)]
    if target.error is not None:
        return [Diagnostic(code="warning", object=adapter.name, message=target.error.message)]
    try:
        found = await lacks(adapter, target.snapshot)
        for those in (await adapter.missing_of_own(target.snapshot.wants, await adapter.list_tenants())).values():
            found += those
    except SchemaSyncError as error:
        return [Diagnostic(code="error", object=adapter.name, message=error.message)]
    why = f"and {target.rev} needs it"
    return [
        Diagnostic(code="error", object=lack.need, message=f"{adapter.name}: {lack.message}, {why}") for lack in found
    ]


async def notices(adapters: Mapping[str, DatabaseAdapter]) -> list[str]:
    """What people should know about the servers that answer, each once."""
    found: dict[str, None] = {}
    for adapter in adapters.values():
        try:
            server = await adapter.server()
        except SchemaSyncError:
            continue
        found |= {} if server.notice is None else {server.notice: None}
    return list(found)
