"""Canonical bytes out, strict bytes in.

A top-level object and all that belongs to it is one file: its own fields, its `kind` and `name`, and its children by
kind and name::

    {"columns": {"id": {"type": "bigint"}}, "kind": "table", "name": "orders", "primary_keys": {"orders_pkey": {…}}}

Canonical means: keys sorted, two spaces of indentation, UTF-8, one newline at the end, fields at their default left
out, no floats. What is read must be exactly what would be written, else the file is damaged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import msgspec

from schema_sync.errors import CorruptObject, Refused
from schema_sync.model.ident import Ident, enc, parse_ident, plural
from schema_sync.model.objects import SchemaObject, Vocabulary, plurals

if TYPE_CHECKING:
    from schema_sync.model.snapshot import Snapshot

FORMAT: Final = 2
"""The version of the layout of trees and files. A reader refuses a newer one. Before 2, layouts did not say who needs
an object."""

MANIFEST: Final = "manifest.json"
UNMODELLED: Final = "layout/unmodelled.json"
SHARED: Final = "shared/needs.json"
PLACES: Final = "shared/places.json"
_NAME: Final = "name.json"
"""In the folder of a shared schema: its name, which `enc()` may have had to shorten."""
_LAYOUT: Final = "layout.json"
"""In the folder of a shared schema: the needs and orders of its objects, and what they need outside of it."""


def canonical(value: Any) -> bytes:
    """The canonical JSON of plain data or structs, with a newline at the end."""
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=2) + b"\n"


def encode(snapshot: Snapshot) -> dict[str, bytes]:
    """A snapshot as a version's whole tree."""
    files = {MANIFEST: canonical(_manifest(snapshot))}
    files |= {f"schema/{path}": data for path, data in encode_schema(snapshot).items()}
    files |= {f"layout/{path}": canonical(data) for path, data in _layouts(snapshot).items()}
    if snapshot.unmodelled:
        files[UNMODELLED] = canonical(snapshot.unmodelled)
    if snapshot.shared:
        files[SHARED] = canonical(snapshot.shared)
    if snapshot.places:
        files[PLACES] = canonical(dict(snapshot.places))
    for name, schema in snapshot.furniture.items():
        files[f"shared/{enc(name)}/{_NAME}"] = canonical(name)
        files |= {f"shared/{enc(name)}/{path}": data for path, data in schema.as_furniture.items()}
    return files


def encode_furniture(schema: Snapshot) -> dict[str, bytes]:
    """A shared schema as files relative to its folder: `<kind>/<name>.json` for each object, and one layout."""
    layout: dict[str, Any] = {
        "needs": {ident.text: sorted(need.text for need in wanted) for ident, wanted in schema.needs.items()},
        "order": {ident.text: names for ident, names in schema.order.items()},
        "shared": schema.shared,
    }
    return encode_schema(schema) | {_LAYOUT: canonical({key: value for key, value in layout.items() if value})}


def encode_schema(snapshot: Snapshot) -> dict[str, bytes]:
    """The `schema/` tree alone, its paths relative to it: what the fingerprint is made of."""
    return {
        f"{obj.ident.path}.json": canonical(_node(obj, snapshot) | {"kind": obj.ident.kind, "name": obj.name})
        for obj in snapshot
        if obj.ident.owner is None
    }


def _manifest(snapshot: Snapshot) -> dict[str, Any]:
    manifest: dict[str, Any] = {"dialect": snapshot.dialect, "format": FORMAT}
    if snapshot.spelling:
        manifest["spelling"] = snapshot.spelling
    return manifest


def _node(obj: SchemaObject, snapshot: Snapshot) -> dict[str, Any]:
    node: dict[str, Any] = msgspec.to_builtins(obj)
    del node["ident"]
    # msgspec leaves out what *is* the default, not what equals it: a string that was put together is another one.
    for field, default in _defaults(type(obj)):
        if field in node and node[field] == default:
            del node[field]
    for child in snapshot.children(obj.ident):
        node.setdefault(plural(child.ident.kind), {})[child.name] = _node(child, snapshot)
    return node


@cache
def _defaults(struct: type[SchemaObject]) -> tuple[tuple[str, Any], ...]:
    """The fields of a struct with the defaults that stand for them, as plain data."""
    return tuple(
        (field.name, msgspec.to_builtins(field.default))
        for field in msgspec.structs.fields(struct)
        if field.default is not msgspec.NODEFAULT
    )


def _layouts(snapshot: Snapshot) -> dict[str, Any]:
    """What is beside the objects: orders, needs, and those needs from without the other way round (`users`)."""
    layouts: dict[str, dict[str, Any]] = {}
    for ident, names in snapshot.order.items():
        layouts.setdefault(f"{ident.path}.json", {}).setdefault("order", {})[ident.text] = names
    for ident, wanted in snapshot.needs.items():
        texts = sorted(need.text for need in wanted)
        layouts.setdefault(f"{ident.path}.json", {}).setdefault("needs", {})[ident.text] = texts
    for ident, those in snapshot.dependants.items():
        texts = sorted(user.text for user in those if user.top != ident.top)
        if texts and ident in snapshot:
            layouts.setdefault(f"{ident.path}.json", {}).setdefault("users", {})[ident.text] = texts
    return layouts


def decode(files: Mapping[str, bytes], vocabulary: Vocabulary, make: type[Snapshot]) -> Snapshot:
    """Read files back; see `Snapshot.from_files`."""
    manifest = read_manifest(files[MANIFEST]) if MANIFEST in files else {}
    objects: list[SchemaObject] = []
    needs: dict[Ident, list[Ident]] = {}
    order: dict[Ident, list[str]] = {}
    kinds = plurals(vocabulary)
    for path, data in files.items():
        if path.startswith("schema/"):
            objects += decode_object(path, data, vocabulary)
        elif path.startswith("layout/") and path != UNMODELLED:
            layout = read_layout(path, data, kinds, users=False)
            needs |= layout.needs
            order |= layout.order
    return make(
        manifest.get("dialect", ""),
        objects,
        spelling=manifest.get("spelling", ""),
        needs=needs,
        order=order,
        shared=strict(SHARED, files[SHARED], list[str]) if SHARED in files else (),
        places=strict(PLACES, files[PLACES], dict[str, str]) if PLACES in files else {},
        furniture=_furniture(files, vocabulary, make, manifest),
        unmodelled=strict(UNMODELLED, files[UNMODELLED], list[str]) if UNMODELLED in files else (),
    )


def patch(
    known: Snapshot, changed: Mapping[str, bytes | None], vocabulary: Vocabulary, make: type[Snapshot]
) -> Snapshot | None:
    """A snapshot that differs from a known one in these files, beside those of others; see `Snapshot.with_files`."""
    touched: dict[str, set[str]] = {"schema": set(), "layout": set()}
    for path in changed:
        folder, _, rest = path.partition("/")
        if folder in (MANIFEST, "shared") or path == UNMODELLED:
            return None
        touched.setdefault(folder, set()).add(rest)
    tops = {obj.ident: f"{obj.ident.path}.json" for obj in known if obj.ident.owner is None}
    gone = {ident for ident, path in tops.items() if path in touched["schema"]}
    objects = [obj for obj in known if obj.ident.top not in gone]
    moved = {ident for ident, path in tops.items() if path in touched["layout"]}
    needs: dict[Ident, Any] = {ident: wanted for ident, wanted in known.needs.items() if ident.top not in moved}
    order: dict[Ident, Any] = {ident: names for ident, names in known.order.items() if ident.top not in moved}
    for path, data in changed.items():
        if data is not None and path.startswith("schema/"):
            objects += decode_object(path, data, vocabulary)
        elif data is not None and path.startswith("layout/"):
            layout = read_layout(path, data, plurals(vocabulary), users=False)
            needs |= layout.needs
            order |= layout.order
    return make(
        known.dialect,
        objects,
        spelling=known.spelling,
        needs=needs,
        order=order,
        shared=known.shared,
        places=known.places,
        furniture=known.furniture,
        unmodelled=known.unmodelled,
    )


class Layout(msgspec.Struct, frozen=True):
    """What is beside the objects of one file."""

    needs: dict[Ident, list[Ident]] = {}
    order: dict[Ident, list[str]] = {}
    users: dict[Ident, list[Ident]] = {}
    """Those of other files that need an object of this one; before format 2 not there."""


def read_layout(path: str, data: bytes, kinds: Mapping[str, str], *, users: bool = True) -> Layout:
    """The layout in a file; without its users where they follow from needs that are all there.

    Raises:
        CorruptObject: it is none, or names what is no identity.
    """
    return _layout(path, strict(path, data, dict[str, dict[str, list[str]]]), kinds, users=users)


def _layout(
    path: str, layout: Mapping[str, Mapping[str, list[str]]], kinds: Mapping[str, str], *, users: bool = False
) -> Layout:
    def lists(what: str) -> dict[Ident, list[Ident]]:
        return {
            parse_ident(text, kinds): [parse_ident(other, kinds) for other in others]
            for text, others in layout.get(what, {}).items()
        }

    try:
        order = {parse_ident(text, kinds): names for text, names in layout.get("order", {}).items()}
        return Layout(lists("needs"), order, lists("users") if users else {})
    except ValueError as error:
        raise CorruptObject(path, str(error)) from error


def _furniture(
    files: Mapping[str, bytes], vocabulary: Vocabulary, make: type[Snapshot], manifest: Mapping[str, Any]
) -> dict[str, Snapshot]:
    """The shared schemas, each out of its folder."""
    folders: dict[str, dict[str, bytes]] = {}
    for path, data in files.items():
        top, _, rest = path.partition("/")
        folder, slash, inner = rest.partition("/")
        if top == "shared" and slash:
            folders.setdefault(folder, {})[inner] = data
    found = {}
    for folder, inside in folders.items():
        under = f"shared/{folder}/"
        name = strict(under + _NAME, inside.pop(_NAME, b""), str)
        if enc(name) != folder:
            raise CorruptObject(under + _NAME, f"it says that it is {name}")
        layout = strict(under + _LAYOUT, inside.pop(_LAYOUT, b""), _FurnitureLayout)
        beside = _layout(under + _LAYOUT, {"needs": layout.needs, "order": layout.order}, plurals(vocabulary))
        objects = [obj for path, data in inside.items() for obj in decode_object(under + path, data, vocabulary, under)]
        found[name] = make(
            manifest.get("dialect", ""),
            objects,
            spelling=manifest.get("spelling", ""),
            needs=beside.needs,
            order=beside.order,
            shared=layout.shared,
        )
    return found


class _FurnitureLayout(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    needs: dict[str, list[str]] = {}
    order: dict[str, list[str]] = {}
    shared: list[str] = []


def read_manifest(data: bytes) -> dict[str, Any]:
    """The manifest of a version, as `{"dialect": …, "format": 2, "spelling": …}`.

    Raises:
        CorruptObject: it is no manifest.
        Refused: it is of a newer format.
    """
    manifest: dict[str, Any] = strict(MANIFEST, data, dict[str, Any])
    if not isinstance(manifest.get("format"), int) or not isinstance(manifest.get("dialect"), str):
        raise CorruptObject(MANIFEST, "it names no format and dialect")
    if manifest["format"] > FORMAT:
        raise Refused(
            f"the snapshot is of format {manifest['format']}, and this schema-sync reads up to {FORMAT}",
            hint="update schema-sync",
        )
    return manifest


def decode_object(path: str, data: bytes, vocabulary: Vocabulary, under: str = "schema/") -> list[SchemaObject]:
    """The object of one file, and behind it all that belongs to it.

    `path` is `<under><folder>/<enc(name)>.json`, and must be where the object's identity belongs.
    """
    node = strict(path, data, dict[str, Any])
    kind, name = node.pop("kind", None), node.pop("name", None)
    if not isinstance(kind, str) or not isinstance(name, str):
        raise CorruptObject(path, "it names no kind and name")
    if kind not in vocabulary:
        raise CorruptObject(
            path, f"no {kind!r} is known in this dialect", hint="was it written by a newer schema-sync?"
        )
    ident = Ident(kind, name)
    if path != f"{under}{ident.path}.json":
        raise CorruptObject(path, f"it says that it is {ident.text}")
    try:
        return list(_objects(ident, node, vocabulary, plurals(vocabulary)))
    except (msgspec.ValidationError, _NotAsWritten) as error:
        raise CorruptObject(path, str(error)) from error


class _NotAsWritten(ValueError):
    """What was read says the same as what would be written, in other words."""


def _objects(
    ident: Ident, node: dict[str, Any], vocabulary: Vocabulary, kinds: Mapping[str, str]
) -> Iterator[SchemaObject]:
    own = {}
    children = []
    struct = vocabulary[ident.kind]
    for key, value in node.items():
        if key in kinds and key not in struct.__struct_fields__:
            children.append((kinds[key], value))
        else:
            own[key] = value
    own["ident"] = msgspec.to_builtins(ident)
    obj = msgspec.convert(own, struct)
    # Equal objects must have equal bytes: a default that is spelled out would give equal schemas two fingerprints.
    spelled = any(field in own and own[field] == default for field, default in _defaults(struct))
    if spelled or msgspec.json.encode(obj, order="sorted") != msgspec.json.encode(own, order="sorted"):
        raise _NotAsWritten(f"its bytes are not canonical: {ident.text} spells out a default")
    yield obj
    for kind, named in children:
        if not named:
            raise _NotAsWritten(f"its bytes are not canonical: {ident.text} has {plural(kind)} and lists none")
        for name, child in msgspec.convert(named, dict[str, dict[str, Any]]).items():
            yield from _objects(Ident(kind, name, ident), child, vocabulary, kinds)


def strict(path: str, data: bytes, expected: Any) -> Any:
    """Read canonical JSON of one type; `path` is what an error calls it.

    Raises:
        CorruptObject: it is of another type, or would not be written so.
    """
    try:
        value = msgspec.json.decode(data, type=expected)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CorruptObject(path, str(error)) from error
    if canonical(value) != data:
        raise CorruptObject(path, "its bytes are not canonical")
    return value
