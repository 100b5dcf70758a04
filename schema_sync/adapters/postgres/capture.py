"""One tenant while it is read: what its cells have found so far, and what becomes of it."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping
from typing import Final

from schema_sync.adapters.postgres import versions
from schema_sync.adapters.postgres.access import Access
from schema_sync.adapters.postgres.alike import Address, Addresses
from schema_sync.adapters.postgres.cell import Cell, Reader, Row, TornRead
from schema_sync.adapters.postgres.mentions import mentioned
from schema_sync.adapters.postgres.objects import Extension
from schema_sync.errors import SchemaSyncError
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject
from schema_sync.model.report import unmodelled
from schema_sync.model.snapshot import Origin, Snapshot

DIALECT: Final = "postgresql"


class Capture:
    """One tenant while it is read."""

    def __init__(
        self,
        tenant: str,
        version: int,
        place: str,
        access: Access | None = None,
        members: Collection[tuple[int, int]] = (),
    ) -> None:
        self.members = members
        """The addresses of what belongs to an extension, which are no objects of the tenant's own."""
        self.reader = Reader(tenant, version, (access or Access()).of(tenant))
        self.place = place
        """The namespace by its oids and its cluster's identifier."""
        self.addresses: dict[Ident, Address] = {}
        self.objects: dict[Ident, SchemaObject] = {}
        self.order: dict[Ident, list[str]] = {}
        self.needs = self.reader.needs
        self.shared = self.reader.shared
        self.lines: dict[Ident | None, set[str]] = {}
        """What each object, or what no cell reads, depends on outside of the tenant, as it stands in `shared`."""
        self.places: dict[str, str] = {}
        self.refers: dict[Ident | None, set[tuple[str, tuple[int, int]]]] = {}
        """What each object, or what no cell reads, refers to in shared schemas: schema and physical address."""
        self.furniture: Mapping[str, Snapshot] = {}
        self.leans: dict[str, set[Ident]] = {}
        """Lines of what is unmodelled -> the objects that it depends on."""
        self.ambient: list[SchemaObject] = []
        self.error: SchemaSyncError | None = None
        """Why there will be no snapshot: a `TornRead`, or an error of the tenant's own."""

    def add(self, cell: Cell, row: Row) -> None:
        """Read one row of a cell. A torn one spoils this tenant and no other."""
        if self.error is not None or (row.classid, row.objid) in self.members:
            return
        try:
            obj = cell.read(row, self.reader)
        except TornRead as error:
            self.error = error
            return
        if obj is None:
            return
        self.objects[obj.ident] = obj
        for name, words in mentioned(obj).items():
            self.reader.named.setdefault(name, {}).setdefault(obj.ident, words)
        if row.classid:
            self.reader.alias(row.classid, row.objid, obj.ident, row.objsubid)
            self.addresses[obj.ident] = (row.classid, row.objid, row.objsubid)
        if cell.struct.in_order and obj.owner is not None:
            self.order.setdefault(obj.owner, []).append(obj.name)

    @property
    def known(self) -> Mapping[Ident, Address]:
        """The addresses of all that can be renamed: the objects, and the parts within them."""
        return {**self.addresses, **self.reader.parts}

    def result(self) -> Snapshot | SchemaSyncError:
        """The snapshot, or why there is none."""
        if self.error is not None:
            return self.error
        return Snapshot(
            DIALECT,
            self.objects.values(),
            spelling=str(versions.major(self.reader.version)),
            needs={ident: wanted & self.objects.keys() for ident, wanted in self.needs.items()},
            order=self.order,
            # An extension in the tenant's own schema is its object: a plan creates it, and nobody else has to.
            shared=self.shared - {f"extension {ident.name}" for ident in self.objects if ident.kind == Extension.kind},
            places=self.places,
            furniture=self.furniture,
            unmodelled=self.reader.unread,
            leans=self.leans,
            ambient=self.ambient,
            origin=Origin(self.place, Addresses(self.known, array("L"), array("L"))),
            diagnostics=[*self.reader.diagnostics, *map(unmodelled, sorted(self.reader.unread))],
        )
