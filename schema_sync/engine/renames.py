"""What was renamed between two versions: read off a server's own identities, kept in commits, composed for a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from schema_sync.adapters import registry
from schema_sync.diff import NONE, Renames, compose, inverse, usable
from schema_sync.errors import UsageError
from schema_sync.model.codec import canonical, strict
from schema_sync.model.ident import Ident, parse_ident
from schema_sync.model.objects import nameable
from schema_sync.model.snapshot import Origin, Snapshot
from schema_sync.protocols import SnapshotStore, Version

TRAILER: Final = "Renamed"
"""The trailer of a version that has renamed something: `tables/users=tables/customers`."""

_REACH: Final = 100
"""How many versions back one is looked for that was captured from the same place."""


def trailer(renames: Renames) -> list[str]:
    """The renames as values of trailers, sorted."""
    return [f"{_quoted(old)}={_quoted(new)}" for old, new in sorted(renames.items(), key=lambda pair: pair[0].text)]


def _quoted(ident: Ident) -> str:
    """The identity's text, in which `%` is escaped already, without what would be lost in a trailer."""
    return ident.text.replace("=", "%3d").replace(" ", "%20")


def read(version: Version, kinds: Mapping[str, str]) -> dict[Ident, Ident]:
    """What a version's trailers say that it has renamed; `kinds` is by plural. What cannot be read is passed over:
    a message may have been written by anyone.
    """
    found = {}
    for value in version.trailers.get(TRAILER, ()):
        old, _, new = value.partition("=")
        try:
            found[parse_ident(old, kinds)] = parse_ident(new, kinds)
        except ValueError:
            continue
    return found


def hinted(pairs: Iterable[str], old: Snapshot, new: Snapshot) -> dict[Ident, Ident]:
    """Renames as people write them: `tables/users=tables/customers`, or the bare new name behind the `=`.

    Raises:
        UsageError: one is not of that form, or the two sides do not fit.
    """
    kinds = nameable(registry.vocabulary(new.dialect))
    found: dict[Ident, Ident] = {}
    for pair in pairs:
        before, _, after = pair.partition("=")
        try:
            was = parse_ident(before, kinds)
            now = parse_ident(after, kinds) if "/" in after else _renamed(was, after, found)
        except ValueError as error:
            raise UsageError(
                f"--rename {pair}: {error}", hint="write OLD=NEW, such as tables/users/columns/mail=email"
            ) from None
        found[was] = now
    fitting = usable(found, old, new)
    for was, now in found.items():
        if was not in fitting:
            raise UsageError(
                f"--rename {was.text}={now.text} does not fit: the one has to be in the branch's version alone and "
                "the other in the new one alone",
                hint="`schema-sync diff` shows what there is; an owner that is renamed too is named first",
            )
    return fitting


def _renamed(was: Ident, name: str, owners: Renames) -> Ident:
    if not name:
        raise ValueError("there is no new name")
    owner = was.owner
    return Ident(was.kind, name, owners.get(owner, owner) if owner is not None else None)


async def observed(store: SnapshotStore, tip: Version | None, old: Snapshot | None, new: Snapshot) -> Renames:
    """What has another name than when the same place was last captured, before `tip` or with it."""
    if tip is None or old is None or new.origin is None:
        return NONE
    async for version in store.log(tip, limit=_REACH):
        data = await store.annotation(version)
        before = None if data is None else _origin(data, new.dialect)
        if before is not None and before.place == new.origin.place:
            now = {address: ident for ident, address in new.origin.addresses.items()}
            pairs = {was: now[address] for was, address in before.addresses.items() if address in now}
            renamed = {was: ident for was, ident in pairs.items() if was.name != ident.name and was.kind == ident.kind}
            return usable(renamed, old, new)
    return NONE


async def annotate(store: SnapshotStore, version: Version, snapshot: Snapshot) -> None:
    """Keep the identities of the tenant that a version was captured from beside it."""
    if snapshot.origin is not None:
        addresses = {ident.text: address for ident, address in snapshot.origin.addresses.items()}
        await store.annotate(version, canonical({"addresses": addresses, "place": snapshot.origin.place}))


def _origin(data: bytes, dialect: str) -> Origin | None:
    """A note as it was written; `None` for one that is not ours."""
    kinds = nameable(registry.vocabulary(dialect))
    try:
        note = strict("the note on a version", data, dict[str, str | dict[str, str]])
        place, addresses = note["place"], note["addresses"]
        if not isinstance(place, str) or not isinstance(addresses, dict):
            return None
        return Origin(place, {parse_ident(text, kinds): address for text, address in addresses.items()})
    except (UsageError, ValueError, KeyError):
        return None


class Between:
    """What was renamed on the way from one version to another. Each way is walked once."""

    def __init__(self, store: SnapshotStore) -> None:
        self._store = store
        self._known: dict[tuple[str | None, str], dict[Ident, Ident]] = {}

    async def versions(self, base: Version | None, target: Version | None, dialect: str) -> Renames:
        """From `base` to `target`, which may be before it or on another branch; without a base, all that has led to
        the target.
        """
        if target is None or (base is not None and base.id == target.id):
            return NONE
        key = (None if base is None else base.id, target.id)
        if key not in self._known:
            kinds = nameable(registry.vocabulary(dialect))
            self._known[key] = await self._walk(base, target, kinds)
        return self._known[key]

    async def _walk(self, base: Version | None, target: Version, kinds: Mapping[str, str]) -> dict[Ident, Ident]:
        ahead, met = await self._until(target, None if base is None else {base.id})
        if base is None or met:
            return compose(read(version, kinds) for version in reversed(ahead))
        back, met = await self._until(base, {target.id})
        if not met:
            shared = {version.id for version in ahead} & {version.id for version in back}
            ahead = [version for version in ahead if version.id not in shared]
            back = [version for version in back if version.id not in shared]
        else:
            ahead = []
        steps = [inverse(read(version, kinds)) for version in back]
        return compose([*steps, *(read(version, kinds) for version in reversed(ahead))])

    async def _until(self, start: Version, ends: set[str] | None) -> tuple[Sequence[Version], bool]:
        """The versions from `start` back to one of `ends`, which is left out; and whether it was met."""
        found: list[Version] = []
        async for version in self._store.log(start):
            if ends is not None and version.id in ends:
                return found, True
            found.append(version)
        return found, False
