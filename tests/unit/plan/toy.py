"""A small dialect for the planner's tests: boxes hold items, labels point at either, shelves carry boxes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from schema_sync.adapters.kind import REBUILD_OWNER, REPLACE, Action, Fold, Kind, Release, Rules, Verdict, kinds
from schema_sync.adapters.sql import Name, Sql, raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject
from schema_sync.model.plan import Hazard
from schema_sync.model.snapshot import Snapshot


class Box(SchemaObject, frozen=True, kw_only=True):
    """Holds items, and the only thing that keeps data."""

    kind: ClassVar[str] = "box"
    material: str = "wood"
    note: str | None = None


class Item(SchemaObject, frozen=True, kw_only=True):
    """A part of a box, in order."""

    kind: ClassVar[str] = "item"
    in_order: ClassVar[bool] = True
    size: int = 1
    default: str | None = None


class Label(SchemaObject, frozen=True, kw_only=True):
    """Points at anything; is replaced when it changes."""

    kind: ClassVar[str] = "label"
    text: str = ""


class Tape(SchemaObject, frozen=True, kw_only=True):
    """Belongs to a box, and ends with it."""

    kind: ClassVar[str] = "tape"
    width: int = 1


def _table(ident: Ident) -> Sql:
    return sql("ALTER BOX {box} ", box=Name((ident.owner or ident).name))


def _create_box(box: Box, _rules: Rules) -> Iterable[Action]:
    head = sql("CREATE BOX {name} (", name=Name(box.name))
    yield Action(
        sql("CREATE BOX {name} ()", name=Name(box.name)),
        folds=(Fold(f"create {box.name}", None, head, raw(")")),),
    )
    if box.note is not None:
        yield Action(sql("NOTE {name}", name=Name(box.name)), late=True)


def _create_item(item: Item, _rules: Rules) -> Iterable[Action]:
    assert item.owner is not None
    clause = sql("{name} {size}", name=Name(item.name), size=raw(str(item.size)))
    add = sql("ADD {clause}", clause=clause)
    yield Action(
        Sql((*_table(item.ident).pieces, *add.pieces)),
        lock="exclusive",
        hazards=frozenset({Hazard.BRIEF_LOCK}),
        folds=(
            Fold(f"create {item.owner.name}", clause),
            Fold(f"alter {item.owner.name}", add, _table(item.ident)),
        ),
    )


def _resize(_old: Item, new: Item, _rules: Rules) -> Iterable[Action]:
    yield Action(sql("RESIZE {name}", name=Name(new.name)), disturbs="resize", lock="exclusive")


def _default(_old: Item, new: Item, _rules: Rules) -> Iterable[Action]:
    yield Action(sql("DEFAULT {name}", name=Name(new.name)), early=new.default is None)


def _release(item: Item, gone: Ident, _rules: Rules) -> Release | None:
    if item.default != gone.name:
        return None
    return Release(
        (Action(sql("LET GO {name}", name=Name(item.name))),), (Action(sql("TAKE {name}", name=Name(item.name))),)
    )


def _simple(word: str) -> dict[str, object]:
    def create(obj: SchemaObject, _rules: Rules) -> Iterable[Action]:
        yield Action(sql("CREATE {word} {name}", word=raw(word), name=Name(obj.name)))

    return {"create": create, "drop": drop(word)}


def drop(word: str, hazards: frozenset[Hazard] = frozenset()) -> object:
    """A rule that drops."""

    def rule(obj: SchemaObject, _rules: Rules) -> Iterable[Action]:
        yield Action(sql("DROP {word} {name}", word=raw(word), name=Name(obj.name)), hazards=hazards)

    return rule


def _note(_old: Box, new: Box, _rules: Rules) -> Iterable[Action]:
    yield Action(sql("NOTE {name}", name=Name(new.name)))


def _rebuild(_old: Box, new: Box, _rules: Rules) -> Iterable[Action]:
    yield Action(
        sql("REBUILD {name}", name=Name(new.name)),
        disturbs="rebuild",
        hazards=frozenset({Hazard.REWRITES_TABLE}),
    )


def _material(_old: Box, _new: Box, _rules: Rules) -> Verdict:
    return REBUILD_OWNER


_LOST = frozenset({Hazard.DELETES_DATA})

KINDS: Mapping[str, Kind] = kinds(
    [
        Kind(
            struct=Box,
            weight=10,
            create=_create_box,
            drop=drop("BOX", _LOST),  # type: ignore[arg-type]
            alter={"material": _material, "note": _note},
            rebuild=_rebuild,
            holds_data=True,
            claims=lambda box: [("thing", box.name)],
        ),
        Kind(
            struct=Item,
            weight=11,
            create=_create_item,
            drop=drop("ITEM", _LOST),  # type: ignore[arg-type]
            alter={"size": _resize, "default": _default},
            release=_release,
            holds_data=True,
            claims=lambda item: [] if item.default is None else [("thing", item.default)],
        ),
        Kind(struct=Tape, weight=20, alter={"width": REPLACE}, **_simple("TAPE")),  # type: ignore[arg-type]
        Kind(
            struct=Label,
            weight=30,
            alter={"text": REPLACE},
            claims=lambda label: [("thing", label.name)],
            **_simple("LABEL"),  # type: ignore[arg-type]
        ),
    ]
)


def box(name: str) -> Ident:
    """The identity of a box."""
    return Ident("box", name)


def item(name: str, owner: str) -> Ident:
    """The identity of an item of a box."""
    return Ident("item", name, box(owner))


def label(name: str) -> Ident:
    """The identity of a label."""
    return Ident("label", name)


def tape(name: str, owner: str) -> Ident:
    """The identity of a tape on a box."""
    return Ident("tape", name, box(owner))


def snapshot(
    *objects: SchemaObject,
    needs: Mapping[Ident, Iterable[Ident]] | None = None,
    order: Mapping[Ident, Iterable[str]] | None = None,
    ignored: Mapping[Ident, Iterable[Ident]] | None = None,
) -> Snapshot:
    """A snapshot of the toy dialect."""
    return Snapshot("toy", objects, needs=needs, order=order, ignored=ignored)
