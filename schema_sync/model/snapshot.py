"""A snapshot: all objects of one tenant's schema at one moment, tenant-neutral."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from schema_sync.model import codec, tree
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject, Vocabulary
from schema_sync.model.parts import OnDemand, Parts
from schema_sync.model.report import Diagnostic


class Origin(NamedTuple):
    """Where a snapshot was read, as its server knows it: what tells a renamed object from another one."""

    place: str
    """The tenant itself, whatever it is called: the same again only if it is the same one."""
    addresses: Mapping[Ident, str]
    """The server's own identities of the objects, which renaming leaves alone."""


class Snapshot:
    """A tenant's schema: objects by identity, and beside them what a plan needs but equality does not.

    Immutable. Iteration yields the objects sorted by identity text. Two snapshots are equal if and only if their
    `fingerprint`s are, which is so if and only if their objects are; needs, order, and diagnostics do not count.
    """

    dialect: str
    """The kind of database: `sqlite`, `postgresql`, `mysql`."""

    spelling: str
    """The server major that spelled the definitions, such as `15`; empty where the engine has but one spelling."""

    objects: Mapping[Ident, SchemaObject]
    """Every object by its identity, sorted by identity text."""

    needs: Mapping[Ident, frozenset[Ident]]
    """What each object needs to exist, as the engine's catalog says: identities within the tenant, not
    transitive, the object's owner left out. An object without needs has no entry."""

    order: Mapping[Ident, tuple[str, ...]]
    """For an owner of ordered children (a table and its columns): their names in the order of the live table."""

    shared: tuple[str, ...]
    """What the objects need outside the tenant, sorted: `extension pg_trgm`, `function public.f(integer)`."""

    places: Mapping[str, str]
    """Where what lives in no schema was put, of what is in `shared`: `extension pg_trgm` -> `public`."""

    furniture: Mapping[str, Snapshot]
    """The definitions behind `shared`: each shared schema by name, with those of its objects alone that the tenant's
    objects need, closed over what those need themselves. No part of the fingerprint."""

    unmodelled: tuple[str, ...]
    """What the catalog holds and no cell reads, as sorted texts `<kind> <name>[ on <object>][: <digest>]`."""

    leans: Mapping[str, frozenset[Ident]]
    """What the unmodelled things need of the objects: the text in `unmodelled` -> identities. Not stored."""

    ignored: Mapping[Ident, frozenset[Ident]]
    """The objects that the configuration ignores, with what they need: not stored, not compared, never dropped."""

    ambient: tuple[SchemaObject, ...]
    """What holds for the whole database and decides how new objects come out, such as rights that are given to each: no
    objects of the tenant, and in no file. Only rules look at it. Not stored."""

    origin: Origin | None
    """Where it was read, and what its objects are there; `None` where the engine keeps no identities. Not stored."""

    diagnostics: tuple[Diagnostic, ...]
    """What people should know about this capture. Not stored."""

    def __init__(
        self,
        dialect: str,
        objects: Iterable[SchemaObject] = (),
        *,
        spelling: str = "",
        needs: Mapping[Ident, Iterable[Ident]] | None = None,
        order: Mapping[Ident, Iterable[str]] | None = None,
        shared: Iterable[str] = (),
        places: Mapping[str, str] | None = None,
        furniture: Mapping[str, Snapshot] | None = None,
        unmodelled: Iterable[str] = (),
        leans: Mapping[str, Iterable[Ident]] | None = None,
        ignored: Mapping[Ident, Iterable[Ident]] | None = None,
        ambient: Iterable[SchemaObject] = (),
        origin: Origin | None = None,
        diagnostics: Iterable[Diagnostic] = (),
    ) -> None:
        by_ident = {obj.ident: obj for obj in sorted(objects, key=lambda obj: obj.ident.text)}
        self.dialect = dialect
        self.spelling = spelling
        self.objects = MappingProxyType(by_ident)
        self.needs = MappingProxyType(
            {ident: frozenset(wanted) for ident, wanted in (needs or {}).items() if ident in by_ident and wanted}
        )
        self.order = MappingProxyType(
            {ident: tuple(names) for ident, names in (order or {}).items() if ident in by_ident and names}
        )
        self.shared = tuple(sorted(set(shared)))
        self.places = MappingProxyType(dict(sorted((places or {}).items())))
        self.furniture = MappingProxyType(dict(sorted((furniture or {}).items())))
        self.unmodelled = tuple(sorted(set(unmodelled)))
        self.leans = MappingProxyType({what: frozenset(wanted) for what, wanted in (leans or {}).items()})
        self.ignored = MappingProxyType({ident: frozenset(wanted) for ident, wanted in (ignored or {}).items()})
        self.ambient = tuple(ambient)
        self.origin = origin
        self.diagnostics = tuple(diagnostics)

    def __iter__(self) -> Iterator[SchemaObject]:
        return iter(self.objects.values())

    def __len__(self) -> int:
        return len(self.objects)

    def __contains__(self, ident: object) -> bool:
        return ident in self.objects

    def __getitem__(self, ident: Ident) -> SchemaObject:
        return self.objects[ident]

    def get(self, ident: Ident) -> SchemaObject | None:
        """The object of that identity, or `None`."""
        return self.objects.get(ident)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Snapshot):
            return NotImplemented
        return self.dialect == other.dialect and self.objects == other.objects

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Snapshot {self.dialect} {len(self)} objects {self.fingerprint[:10]}>"

    _parts: Parts | None = None
    """Where it was read as it is asked for: its files."""

    _twin: Snapshot | None = None
    """The version beside which it was read so."""

    @cached_property
    def _children(self) -> Mapping[Ident, tuple[SchemaObject, ...]]:
        found: dict[Ident, list[SchemaObject]] = {}
        for obj in self:
            if obj.ident.owner is not None:
                found.setdefault(obj.ident.owner, []).append(obj)
        return {owner: tuple(self._arranged(owner, objs)) for owner, objs in found.items()}

    def _arranged(self, owner: Ident, objs: list[SchemaObject]) -> list[SchemaObject]:
        """By identity text, and those whose order is kept in the layout by that order, behind them what it lacks."""
        rank = {name: n for n, name in enumerate(self.order.get(owner, ()))}
        return sorted(objs, key=lambda obj: rank.get(obj.ident.name, len(rank)) if type(obj).in_order else len(rank))

    def children(self, owner: Ident, kind: str | None = None) -> tuple[SchemaObject, ...]:
        """The objects that belong to `owner` directly: those in order by the layout's order first, then by text."""
        found = self._children.get(owner, ())
        return found if kind is None else tuple(obj for obj in found if obj.ident.kind == kind)

    @cached_property
    def dependants(self) -> Mapping[Ident, frozenset[Ident]]:
        """`needs`, the other way round."""
        found: dict[Ident, set[Ident]] = {}
        for ident, wanted in self.needs.items():
            for need in wanted:
                found.setdefault(need, set()).add(ident)
        return {ident: frozenset(those) for ident, those in found.items()}

    def unlike(self, other: Snapshot) -> Iterator[SchemaObject]:
        """The objects that the other has not, or not like this, sorted by identity text."""
        mine: Iterable[SchemaObject] = self
        if self._parts is not None and self._twin is other:
            those = [obj for path in self._parts.changed for obj in self._parts.at(path).objects.values()]
            mine = sorted(those, key=lambda obj: obj.ident.text)
        return (obj for obj in mine if other.get(obj.ident) != obj)

    def without(self, patterns: Sequence[str]) -> Snapshot:
        """The snapshot without what the patterns name, which then is in `ignored`.

        A pattern is one of fnmatch on identity texts, `tables/django_*`; what belongs to a named object goes with it.
        """
        gone = {ident for ident in self.objects if _matches(ident, patterns)}
        if not gone:
            return self
        return self.replace(
            objects=[obj for obj in self if obj.ident not in gone],
            needs={ident: wanted - gone for ident, wanted in self.needs.items() if ident not in gone},
            ignored={**self.ignored, **{ident: self.needs.get(ident, frozenset()) for ident in gone}},
        )

    def of_kinds(self, kinds: Collection[str]) -> Snapshot:
        """The snapshot with objects of these kinds alone, and what belongs to them."""
        gone = {obj.ident for obj in self if any(ident.kind not in kinds for ident in obj.ident.lineage)}
        if not gone:
            return self
        return self.replace(
            objects=[obj for obj in self if obj.ident not in gone],
            needs={ident: wanted - gone for ident, wanted in self.needs.items()},
        )

    def seen_at(self, origin: Origin) -> Snapshot:
        """The same snapshot, read somewhere else; what has been worked out of it is not worked out again."""
        _ = self.files, self.fingerprint
        other = object.__new__(Snapshot)
        other.__dict__.update(self.__dict__, origin=origin)
        return other

    def replace(self, **changes: Any) -> Snapshot:
        """The snapshot with other arguments of its constructor; what is not given stays."""
        arguments: dict[str, Any] = {
            "objects": self.objects.values(),
            "spelling": self.spelling,
            "needs": self.needs,
            "order": self.order,
            "shared": self.shared,
            "places": self.places,
            "furniture": self.furniture,
            "unmodelled": self.unmodelled,
            "leans": self.leans,
            "ignored": self.ignored,
            "ambient": self.ambient,
            "origin": self.origin,
            "diagnostics": self.diagnostics,
        }
        return Snapshot(self.dialect, **{**arguments, **changes})

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """The version's tree as a flat map `path -> bytes`: `manifest.json`, `schema/`, `layout/`, `shared/`.

        Canonical: equal snapshots of one layout give equal bytes, in any process and on any platform.
        """
        return MappingProxyType(codec.encode(self))

    @cached_property
    def wants(self) -> tuple[str, ...]:
        """`shared`, and what the shared objects themselves need outside of their schemas; sorted."""
        return tuple(sorted({*self.shared, *(line for schema in self.furniture.values() for line in schema.shared)}))

    @cached_property
    def as_furniture(self) -> Mapping[str, bytes]:
        """The files of a shared schema, relative to its folder below `shared/`; made once for all that need it."""
        return MappingProxyType(codec.encode_furniture(self))

    @cached_property
    def fingerprint(self) -> str:
        """The id of the `schema/` tree, 40 hex digits, as Git computes it. Equal if and only if the schemas are."""
        return tree.tree_id(codec.encode_schema(self))

    def known_as(self, fingerprint: str) -> Snapshot:
        """The same, which need not work out its fingerprint: that of the very files that it was read from."""
        self.__dict__["fingerprint"] = fingerprint
        return self

    @classmethod
    def from_files(cls, files: Mapping[str, bytes], vocabulary: Vocabulary) -> Snapshot:
        """Read a version's tree, or the part of it that is given, strictly.

        Raises:
            CorruptObject: bytes that are not canonical, a file that is not where its identity belongs, an unknown
                field; or a newer format.
            Refused: the snapshot is of another dialect than `vocabulary` has words for.
        """
        return codec.decode(files, vocabulary, cls)

    @classmethod
    def pair(
        cls,
        old: Mapping[str, bytes],
        new: Mapping[str, bytes],
        changed: Collection[str],
        vocabulary: Vocabulary,
    ) -> tuple[Snapshot, Snapshot] | None:
        """Two versions' trees, which differ at these paths alone, each file decoded when something in it is asked for.

        To walk through all objects of one decodes all of it. `None` where the trees are of an older format, or of two
        dialects or spellings. Raises like `from_files`, for what does not concern objects here, else when it is met.
        """
        manifests = [codec.read_manifest(files[codec.MANIFEST]) for files in (old, new)]
        if manifests[0] != manifests[1] or manifests[0]["format"] < codec.FORMAT:
            return None
        first = Parts(old, vocabulary, changed=changed)
        second = Parts(new, vocabulary, changed=changed, beside=first)
        before, after = cls._of_parts(old, first, vocabulary), cls._of_parts(new, second, vocabulary)
        before._twin, after._twin = after, before
        return before, after

    @classmethod
    def _of_parts(cls, files: Mapping[str, bytes], parts: Parts, vocabulary: Vocabulary) -> Snapshot:
        others = (path for path in files if not path.startswith(("schema/", "layout/")) or path == codec.UNMODELLED)
        made = codec.decode({path: files[path] for path in others}, vocabulary, cls)
        made._parts = parts
        made.objects, made.needs, made.order = parts.objects, parts.needs, parts.order
        made.__dict__["dependants"] = parts.users
        made.__dict__["_children"] = OnDemand(
            lambda owner: tuple(made._arranged(owner, parts.children.get(owner, []))), lambda: parts.children
        )
        return made

    def with_files(self, changed: Mapping[str, bytes | None], vocabulary: Vocabulary) -> Snapshot | None:
        """The version that differs from this one in these files, `None` for one that it lacks; the objects of all
        others are shared. `None` where more differs than objects and their layout. Raises like `from_files`.
        """
        return codec.patch(self, changed, vocabulary, type(self))


def _matches(ident: Ident, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(at.text, pattern) for at in ident.lineage for pattern in patterns)
