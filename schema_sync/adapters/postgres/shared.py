"""The shared schemas that tenants refer to: read by the cells that read tenants, and of each only what is needed.

A tenant refers to a few of their objects. Those are kept beside the snapshot with all that they need themselves, so
that the tenant can be made anew in an empty database, and held against the shared schemas of another.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import Final

from schema_sync.adapters.kind import kinds as by_name
from schema_sync.adapters.postgres import versions
from schema_sync.adapters.postgres.access import Access
from schema_sync.adapters.postgres.capture import DIALECT, Capture
from schema_sync.adapters.postgres.cell import TornRead
from schema_sync.adapters.postgres.depends import Links
from schema_sync.adapters.postgres.kinds import KINDS
from schema_sync.adapters.postgres.moment import marks
from schema_sync.adapters.postgres.reading import ask, read
from schema_sync.adapters.postgres.session import Connection
from schema_sync.model.ident import Ident
from schema_sync.model.snapshot import Snapshot

FRESH: Final = 30.0
"""Seconds for which what was read is good while the catalog's marks are the same: they do not show everything."""

_USABLE: Final = """
SELECT n.oid, n.nspname AS name, quote_ident(n.nspname) AS quoted
  FROM pg_namespace n
 WHERE n.nspname = ANY($1::text[]) AND has_schema_privilege(n.oid, 'USAGE')
 ORDER BY n.nspname
"""

Place = tuple[str, Ident]
"""An object of a shared schema."""

_CELLS: Final = by_name(KINDS)


class Reading:
    """All shared schemas as they were at one moment."""

    def __init__(self, links: Mapping[str, Links], marks: object) -> None:
        self.links = links
        self.marks = marks
        self.time = time.monotonic()
        self._made: dict[frozenset[Place], Mapping[str, Snapshot]] = {}
        self._needs = {name: _needs(one) for name, one in links.items()}

    @property
    def torn(self) -> TornRead | None:
        """What says that a definition and its row are of different moments."""
        errors = [one.capture.error for one in self.links.values()]
        return next((error for error in errors if isinstance(error, TornRead)), None)

    def furniture(self, wanted: Iterable[tuple[str, tuple[int, int]]]) -> Mapping[str, Snapshot]:
        """What physical addresses are, with all that those objects need. The same addresses give the same mapping."""
        start = frozenset(place for schema, part in wanted if (place := self._place(schema, part)) is not None)
        if start not in self._made:
            self._made[start] = self._pick(self._closure(start))
        return self._made[start]

    def whole(self) -> Mapping[str, Snapshot]:
        """Everything that the cells read of the shared schemas."""
        return self._pick((name, ident) for name, links in self.links.items() for ident in links.capture.addresses)

    def places(self, furniture: Mapping[str, Snapshot]) -> Mapping[str, str]:
        """Where the extensions are that shared objects need."""
        return {
            line: self.links[name].capture.places[line]
            for name, schema in furniture.items()
            for line in schema.shared
            if line in self.links[name].capture.places
        }

    def _place(self, schema: str, part: tuple[int, int]) -> Place | None:
        """The object at an address; `None` where no cell reads it."""
        links = self.links.get(schema)
        ident = links.resolve(*part) if links is not None else None
        return None if ident is None else (schema, ident)

    def _closure(self, start: Iterable[Place]) -> set[Place]:
        found = set(start)
        todo = list(found)
        while todo:
            schema, ident = todo.pop()
            there = self._needs[schema].get(ident, ())
            abroad = [self._place(*one) for one in self.links[schema].capture.refers.get(ident, ())]
            further = {(schema, need) for need in there} | {place for place in abroad if place is not None}
            todo += further - found
            found |= further
        return found

    def _pick(self, places: Iterable[Place]) -> Mapping[str, Snapshot]:
        by_schema: dict[str, set[Ident]] = {}
        for schema, ident in places:
            by_schema.setdefault(schema, set()).add(ident)
        return {name: _part(self.links[name].capture, idents) for name, idents in sorted(by_schema.items())}


def _needs(links: Links) -> Mapping[Ident, set[Ident]]:
    """What each object needs to be what it is: its owner, what it consists of, and what it depends on.

    Of what holds rows that is what stands in order in it (its columns); whatever else belongs to a shared table is
    none of the tenant's concern, unless it is referred to. Nor is who may do what: that has no address.
    """
    objects = links.capture.objects
    found = {ident: set(links.capture.needs.get(ident, ())) for ident in objects}
    for ident, obj in objects.items():
        if (owner := ident.owner) is not None and owner in objects and ident in links.capture.addresses:
            found[ident].add(owner)
            if type(obj).in_order or not _CELLS[owner.kind].keeps(objects[owner]):
                found[owner].add(ident)
    for one, other in links.attached():
        found[one].add(other)
    return found


def _part(capture: Capture, idents: set[Ident]) -> Snapshot:
    return Snapshot(
        DIALECT,
        [capture.objects[ident] for ident in idents],
        spelling=str(versions.major(capture.reader.version)),
        needs={ident: wanted & idents for ident, wanted in capture.needs.items()},
        order=capture.order,
        shared=[line for ident in idents for line in capture.lines.get(ident, ())],
    )


class SharedSchemas:
    """The shared schemas of one database. They are read when a tenant refers to them, and again only if they have
    changed: not once for every tenant.
    """

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        self._reading: Reading | None = None
        self._turn = asyncio.Lock()

    async def furnish(self, connection: Connection, captures: Iterable[Capture]) -> None:
        """Give each capture the definitions behind what it refers to, in the transaction that it was read in."""
        those = [capture for capture in captures if capture.refers and capture.error is None]
        if not those:
            return
        reading = await self.read(connection)
        for capture in those:
            capture.error = reading.torn
            capture.furniture = reading.furniture(one for wanted in capture.refers.values() for one in wanted)
            capture.places |= reading.places(capture.furniture)

    async def read(self, connection: Connection) -> Reading:
        """All shared schemas that are there and may be used, as they are now.

        Batches take turns, so that the second has what the first one read.
        """
        async with self._turn:
            return await self._read(connection)

    async def _read(self, connection: Connection) -> Reading:
        seen = await marks(connection, sorted(self.names))
        known = self._reading
        if known is None or known.marks != seen or time.monotonic() - known.time > FRESH:
            rows = await connection.rows(_USABLE, [sorted(self.names)])
            captures = {row.oid: Capture(row.name, connection.version, "") for row in rows}
            for row in rows:
                captures[row.oid].reader.quoted = row.quoted
            answers = await ask(connection, list(captures), Access()) if captures else {}
            links = await read(connection, captures, answers, self.names) if captures else {}
            known = Reading({one.capture.reader.tenant: one for one in links.values()}, seen)
            self._reading = known if known.torn is None else None
        return known
