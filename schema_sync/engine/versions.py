"""Snapshots -> versions, and what was seen of the fleet -> its record."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schema_sync.adapters import registry
from schema_sync.diff import NONE, Renames, diff, with_renames
from schema_sync.engine import renames
from schema_sync.engine.groups import Target
from schema_sync.engine.revisions import decode
from schema_sync.engine.spellings import Spellings
from schema_sync.errors import AlreadyExists, UnknownRevision, UsageError
from schema_sync.model.ident import Ident
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.protocols import Base, Observation, SnapshotStore, Version
from schema_sync.store.refs import TAGS, ref_name


@dataclass(frozen=True)
class Commit:
    """A version, and how it came to be."""

    version: Version
    created: bool
    """Whether a commit was made; else the branch had this very snapshot already."""
    branch: str
    tag: str | None = None
    ignored: int = 0
    """How many objects the configuration left out."""
    renames: Renames = field(default_factory=dict)
    """What has another name than in the version before, as the version says."""

    @property
    def id(self) -> str:
        """The version's id."""
        return self.version.id

    @property
    def fingerprint(self) -> str:
        """The version's fingerprint."""
        return self.version.fingerprint


def new_run() -> str:
    """An id for a run: twelve hex digits, not used before."""
    return os.urandom(6).hex()


async def commit(
    store: SnapshotStore,
    spellings: Spellings,
    snapshots: Mapping[str, Snapshot],
    *,
    branch: str,
    message: str | None,
    tag: str | None,
    author: str | None,
    hints: Sequence[str] = (),
) -> Commit:
    """Commit a schema that one or several tenants have; see `Engine.commit`."""
    snapshot = await _one(snapshots, spellings)
    trailers: dict[str, Sequence[str]] = {
        "Dialect": [f"{snapshot.dialect} {snapshot.spelling}".strip()],
        "Source": sorted(snapshots),
    }
    parent, stored = await _tip(store, branch), snapshot
    written = None if parent is None else decode(await store.read(parent))
    before = written
    if written is not None and written.dialect == snapshot.dialect:
        before = await spellings.to(written, snapshot.spelling)
    found: dict[Ident, Ident] = {}
    if before is not None:
        found |= await renames.observed(store, parent, before, snapshot)
    if hints:
        found |= renames.hinted(hints, before or Snapshot(snapshot.dialect), snapshot)
    if before is not None:
        changes = with_renames(before, snapshot, found, registry.words(snapshot.dialect))
        trailers["Objects-Changed"] = [str(changes.change_count)]
        if not changes and before is not written and written is not None:
            # The very schema, written down by another major: a commit would say that something has changed.
            stored = written
    if tag is not None and await _is_tagged(store, tag, stored, parent):
        assert parent is not None
        return Commit(parent, False, branch, tag, len(snapshot.ignored))
    if found:
        trailers[renames.TRAILER] = renames.trailer(found)
    subject = message or f"{tag or branch}: the schema of {', '.join(sorted(snapshots))}"
    version, created = await store.commit(branch, stored.files, subject, trailers=trailers, author=author)
    await renames.annotate(store, version, snapshot)
    if tag is not None:
        await store.tag(tag, version, message or tag, author=author)
    return Commit(version, created, branch, tag, len(snapshot.ignored), found if created else NONE)


async def _one(snapshots: Mapping[str, Snapshot], spellings: Spellings) -> Snapshot:
    """The schema that all of them have, as the first one's server spells it."""
    if not snapshots:
        raise UsageError("a version needs the snapshot of at least one tenant")
    (name, first), *others = sorted(snapshots.items())
    for other, snapshot in others:
        known = await spellings.to(first, snapshot.spelling) if first.dialect == snapshot.dialect else first
        changes = diff(known, snapshot)
        if changes:
            shown = ", ".join(change.ident.text for change in changes.changes[:3])
            raise UsageError(
                f"{name} and {other} differ, so they cannot be one version: {shown}"
                + (f" and {len(changes) - 3} more" if len(changes) > 3 else ""),
                hint=f"`schema-sync diff live:{name} live:{other}` shows how; name one tenant",
            )
    return first


async def _tip(store: SnapshotStore, branch: str) -> Version | None:
    if f"refs/heads/{branch}" not in await store.refs():
        return None
    return await store.resolve(f"refs/heads/{branch}")


async def _is_tagged(store: SnapshotStore, tag: str, snapshot: Snapshot, tip: Version | None) -> bool:
    """Whether a tag names this schema at the branch's tip already. One that could not be made is refused here, before
    there is a commit for it.
    """
    ref, refs = ref_name(TAGS, tag), await store.refs()
    for other in refs:
        if other.startswith(f"{ref}/") or ref.startswith(f"{other}/"):
            raise AlreadyExists(f"the tag {tag} cannot be made beside {other}", hint="choose another name")
    if ref not in refs:
        return False
    there = await store.resolve(ref)
    if tip is not None and there.id == tip.id and there.fingerprint == snapshot.fingerprint:
        return True
    what = "another version of this schema" if there.fingerprint == snapshot.fingerprint else "another schema"
    raise AlreadyExists(
        f"the tag {tag} is there already and names {what} ({there.id[:10]})",
        hint="choose another name; a tag that others may have applied is not moved",
    )


async def record(
    store: SnapshotStore,
    seen: Mapping[TenantContext, Snapshot],
    targets: Mapping[str, Target] | None = None,
    *,
    run: str | None = None,
) -> None:
    """Record what was seen of tenants; with `targets`, by database, also that they are at these versions now."""
    observations = []
    for tenant, snapshot in sorted(seen.items()):
        target = (targets or {}).get(tenant.database)
        base = None
        if target is not None and target.version is not None and target.error is None:
            fingerprint = target.snapshot.fingerprint
            base = Base(commit=target.version.id, fingerprint=fingerprint, expected=fingerprint)
        observations.append(Observation(key=tenant.id, files=snapshot.files, base=base))
    if observations:
        await store.record(observations, run=run or new_run())


async def tip(store: SnapshotStore, branch: str) -> Version | None:
    """The branch's tip: what counts as versioned where a target is no version itself; `None` where it has none."""
    try:
        return await store.resolve(branch)
    except UnknownRevision:
        return None
