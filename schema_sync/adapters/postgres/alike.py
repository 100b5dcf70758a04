"""Which tenants of a batch are alike: the first of them is parsed, and the others share what that gave.

Two tenants are alike if the catalog answers the same for both, once the oids of their own objects are replaced by the
order in which they come. What the readers make of rows depends on nothing else but the tenant's name, so a tenant
whose name, or whose own role's, is mentioned anywhere is alike to nobody.
"""

from __future__ import annotations

import marshal
from array import array
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, Final, NamedTuple

from schema_sync.adapters.postgres.access import Roles
from schema_sync.adapters.postgres.rows import Table
from schema_sync.model.ident import Ident

_PLAIN: Final = 2
"""The version of marshal's format that says the same of equal values, and does not refer back to identical ones."""

_ROLES: Final = frozenset({"creator", "grantor", "role", "roles", "sources"})
"""The columns of the cells' queries that have names of roles, and nothing else."""

Address = tuple[int, int, int]
"""`classid`, `objid`, `objsubid`."""


class Answers:
    """What the catalog answers about one namespace."""

    def __init__(self, namespace: int) -> None:
        self.namespace = namespace
        self.shadowing: set[str] = set()
        self.tables: dict[str, Table] = {}
        """By what was asked for."""
        self.links = Table([], (), ())
        """The dependencies of its parts."""

    def likeness(self, roles: Roles, quoted: str) -> Likeness | None:
        """What this tenant has in common with those that are alike; `None` if its name is mentioned, bare or `quoted`.

        A role that every tenant has of its own is the same to all of them, where the catalog names nothing but a role.
        """
        parts = (oid for table in self.tables.values() for oid in _parts(table))
        numbers = _Numbers(self.namespace, chain((row[2] for row in self.links.rows), parts))
        columns = [(asked, _neutral(table, numbers, roles)) for asked, table in self.tables.items() if table.rows]
        links = sorted(
            (classid, numbers[objid], subid, refclassid, numbers[refobjid], refsubid, deptype)
            for _, classid, objid, subid, refclassid, refobjid, refsubid, deptype in self.links.rows
        )
        content = marshal.dumps((sorted(self.shadowing), columns, links), _PLAIN)
        if any(name.encode() in content for name in (roles.tenant, quoted)):
            return None
        return Likeness(content, numbers.order)


class Likeness(NamedTuple):
    """What is the same for all that are alike, and what is a tenant's own."""

    content: bytes
    oids: array[int]
    """The oids of its own objects, in the order in which they come."""


class Alike:
    """The tenants of a batch, by what they have in common: their likeness, and what else decides what is read."""

    def __init__(self, found: Iterable[tuple[int, Likeness | None, Hashable]]) -> None:
        self._oids: dict[int, array[int]] = {}
        self._groups: dict[Hashable, list[int]] = {}
        for namespace, likeness, besides in found:
            key = namespace if likeness is None else (likeness.content, besides)
            self._groups.setdefault(key, []).append(namespace)
            if likeness is not None:
                self._oids[namespace] = likeness.oids

    @property
    def first(self) -> list[int]:
        """One namespace of each group."""
        return [group[0] for group in self._groups.values()]

    @property
    def others(self) -> list[int]:
        """All the other ones."""
        return [namespace for group in self._groups.values() for namespace in group[1:]]

    def to(self, first: int, read: Mapping[Ident, Address]) -> Iterator[tuple[int, Addresses]]:
        """The namespaces that are alike to the first of a group, each with what its objects' addresses are."""
        for group in self._groups.values():
            if group[0] == first:
                for other in group[1:]:
                    yield other, Addresses(read, self._oids[first], self._oids[other])


class Addresses(Mapping[Ident, str]):
    """The physical addresses of one tenant's objects, as the one that was read has them with other oids.

    Worked out when somebody asks: of a fleet's tenants that is one, and each has thousands.
    """

    def __init__(self, read: Mapping[Ident, Address], theirs: array[int], own: array[int]) -> None:
        self._read, self._theirs, self._own = read, theirs, own

    @cached_property
    def _found(self) -> Mapping[Ident, str]:
        here = dict(zip(self._theirs, self._own, strict=True))
        return {
            ident: f"{classid}.{here.get(objid, objid)}.{subid}"
            for ident, (classid, objid, subid) in self._read.items()
        }

    def __getitem__(self, ident: Ident) -> str:
        return self._found[ident]

    def __iter__(self) -> Iterator[Ident]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


class _Numbers(dict[int, int]):
    """Own oids -> numbers below zero, in the order in which they are asked for; any other stands for itself."""

    def __init__(self, namespace: int, own: Iterable[int]) -> None:
        super().__init__()
        self._own = {namespace, *own}
        self.order = array("L")

    def __missing__(self, oid: int) -> int:
        if oid not in self._own:
            return oid
        self.order.append(oid)
        self[oid] = number = -len(self.order)
        return number


def _parts(table: Table) -> Iterator[int]:
    """The oids of what is no object, and a tenant's own all the same."""
    if "parts" in table.columns:
        at = table.columns.index("parts")
        for row in table.rows:
            yield from row[at]


def _neutral(table: Table, numbers: _Numbers, roles: Roles) -> list[Sequence[Any]]:
    """The columns of a table, with numbers for oids, and with the spellings of roles."""
    columns: list[Sequence[Any]] = list(zip(*table.rows, strict=True))
    for at in table.oids:
        if table.columns[at] == "ns":
            columns[at] = ()
        elif table.columns[at] != "classid":  # the oid of a catalog
            columns[at] = [_numbered(value, numbers) for value in columns[at]]
    if roles.own:
        for at, name in enumerate(table.columns):
            if name in _ROLES:
                columns[at] = [_spelled(value, roles) for value in columns[at]]
    return columns


def _numbered(value: Any, numbers: _Numbers) -> Any:
    if isinstance(value, list):
        return [_numbered(each, numbers) for each in value]
    return None if value is None else numbers[value]


def _spelled(value: Any, roles: Roles) -> Any:
    if isinstance(value, list):
        return [_spelled(each, roles) for each in value]
    return None if value is None else roles.spelled(value)
