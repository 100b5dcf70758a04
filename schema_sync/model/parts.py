"""A version read as it is asked for: a file is decoded when something in it is wanted.

A plan between two versions looks at what differs and at what is around that. With the needs of each object, its layout
keeps who needs it, so that the way from an object to its users leads to their files alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from schema_sync.model import codec
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject, Vocabulary, plurals

_V = TypeVar("_V")


@dataclass(frozen=True)
class Piece:
    """One file and its layout: a top-level object and all that belongs to it."""

    objects: Mapping[Ident, SchemaObject] = field(default_factory=dict)
    children: Mapping[Ident, list[SchemaObject]] = field(default_factory=dict)
    needs: Mapping[Ident, frozenset[Ident]] = field(default_factory=dict)
    order: Mapping[Ident, tuple[str, ...]] = field(default_factory=dict)
    users: Mapping[Ident, frozenset[Ident]] = field(default_factory=dict)


_NOTHING = Piece()


class OnDemand(Mapping[Ident, _V], Generic[_V]):
    """A mapping by identity that looks only where an identity belongs, and everywhere only to be walked through."""

    def __init__(self, find: Callable[[Ident], _V | None], whole: Callable[[], Mapping[Ident, _V]]) -> None:
        self._find = find
        self._whole = whole

    def __getitem__(self, ident: Ident) -> _V:
        found = self._find(ident)
        if found is None:
            raise KeyError(ident)
        return found

    def __iter__(self) -> Iterator[Ident]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())


class Parts:
    """The parts of a version by the paths of their files.

    `files` are the version's, and may themselves be read only when they are asked for. `changed` are the paths at which
    it differs from another version; if that is `beside`, what is the same in both is decoded there.
    """

    def __init__(
        self,
        files: Mapping[str, bytes],
        vocabulary: Vocabulary,
        *,
        beside: Parts | None = None,
        changed: Iterable[str] = (),
    ) -> None:
        self._files = files
        self._vocabulary = vocabulary
        self._kinds = plurals(vocabulary)
        self._beside = beside
        self.changed = frozenset(path.partition("/")[2] for path in changed)
        """The files, relative to `schema/` and to `layout/`, that are others in the other version."""
        self._parts: dict[str, Piece] = {}
        self.objects = OnDemand(lambda ident: self.of(ident).objects.get(ident), self._sorted)
        self.children = self._mapping(lambda part: part.children)
        self.needs = self._mapping(lambda part: part.needs)
        self.order = self._mapping(lambda part: part.order)
        self.users = self._mapping(lambda part: part.users)

    def _mapping(self, of: Callable[[Piece], Mapping[Ident, _V]]) -> OnDemand[_V]:
        return OnDemand(
            lambda ident: of(self.of(ident)).get(ident),
            lambda: {ident: each for part in self._all() for ident, each in of(part).items()},
        )

    def _sorted(self) -> Mapping[Ident, SchemaObject]:
        found = {ident: obj for part in self._all() for ident, obj in part.objects.items()}
        return dict(sorted(found.items(), key=lambda each: each[0].text))

    def of(self, ident: Ident) -> Piece:
        """The part that an object belongs to; one without objects where there is none."""
        return self.at(f"{ident.path}.json")

    def at(self, path: str) -> Piece:
        """The part of a file, by its path below `schema/`.

        Raises:
            CorruptObject: its bytes are not canonical, or it is not where its identity belongs.
        """
        if path not in self._parts:
            shares = self._beside is not None and path not in self.changed
            self._parts[path] = self._beside.at(path) if self._beside is not None and shares else self._read(path)
        return self._parts[path]

    def _read(self, path: str) -> Piece:
        data = self._files.get(f"schema/{path}")
        if data is None:
            return _NOTHING
        objects = {each.ident: each for each in codec.decode_object(f"schema/{path}", data, self._vocabulary)}
        layout = f"layout/{path}"
        found = codec.read_layout(layout, self._files[layout], self._kinds) if layout in self._files else codec.Layout()
        needs = {ident: frozenset(wanted) for ident, wanted in found.needs.items() if ident in objects}
        users = {ident: set(those) for ident, those in found.users.items() if ident in objects}
        for ident, wanted in needs.items():
            for need in wanted & objects.keys():
                users.setdefault(need, set()).add(ident)
        children: dict[Ident, list[SchemaObject]] = {}
        for obj in sorted(objects.values(), key=lambda obj: obj.ident.text):
            if obj.ident.owner is not None:
                children.setdefault(obj.ident.owner, []).append(obj)
        return Piece(
            objects,
            children,
            needs,
            {ident: tuple(names) for ident, names in found.order.items() if ident in objects},
            {ident: frozenset(those) for ident, those in users.items()},
        )

    def _all(self) -> Iterator[Piece]:
        for path in self._files:
            folder, _, rest = path.partition("/")
            if folder == "schema":
                yield self.at(rest)
