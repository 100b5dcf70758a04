"""Random objects and snapshots of the real vocabularies, built from their structs by reflection.

A field that is added to a struct is drawn from its first day; a type that nobody knows how to draw is an error.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from hypothesis import strategies as st

from schema_sync.adapters.postgres.objects import VOCABULARY as POSTGRES
from schema_sync.adapters.sqlite.objects import VOCABULARY as SQLITE
from schema_sync.model.ident import Ident, plural
from schema_sync.model.objects import SchemaObject, Vocabulary
from schema_sync.model.snapshot import Snapshot

VOCABULARIES: dict[str, Vocabulary] = {"postgresql": POSTGRES, "sqlite": SQLITE}

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
"""What a database can hold: everything but lone surrogates."""

NAMES = st.one_of(
    st.sampled_from(
        ["", "a", "A", "users", "Users", "con", "NUL.x", "a/b", "50%", "%2f", "é", "é", ".", "..", "x" * 200]
    ),
    TEXT,
)
"""Names that disks, Git and patterns trip over, and any other."""

DIALECTS = st.sampled_from(sorted(VOCABULARIES))


@cache
def _values(of: type[msgspec.Struct]) -> dict[str, st.SearchStrategy[Any]]:
    """The fields of a struct but its identity -> what they may hold; those with a default may keep it."""
    info = msgspec.inspect.type_info(of)
    assert isinstance(info, msgspec.inspect.StructType)
    return {
        field.name: _value(field.type) if field.required else st.one_of(st.just(_default(field)), _value(field.type))
        for field in info.fields
        if field.name != "ident"
    }


def _default(field: msgspec.inspect.Field) -> Any:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


def _value(info: msgspec.inspect.Type) -> st.SearchStrategy[Any]:
    match info:
        case msgspec.inspect.StrType():
            return TEXT
        case msgspec.inspect.IntType():
            return st.integers(-(2**63), 2**63 - 1)
        case msgspec.inspect.BoolType():
            return st.booleans()
        case msgspec.inspect.NoneType():
            return st.none()
        case msgspec.inspect.UnionType(types=types):
            return st.one_of(*map(_value, types))
        case msgspec.inspect.VarTupleType(item_type=item):
            return st.lists(_value(item), max_size=3).map(tuple)
        case msgspec.inspect.StructType(cls=cls):
            return st.fixed_dictionaries(_values(cls)).map(lambda fields: cls(**fields))
    raise AssertionError(f"a field of an object may not be of the type {info}")


@st.composite
def objects(draw: st.DrawFn, vocabulary: Vocabulary, owner: Ident | None = None) -> list[SchemaObject]:
    """An object of any kind, and behind it some that belong to it, down to the third level."""
    able = sorted(vocabulary)
    if owner is not None:
        able = [kind for kind in able if plural(kind) not in vocabulary[owner.kind].__struct_fields__]
    struct = vocabulary[draw(st.sampled_from(able))]
    ident = Ident(struct.kind, draw(NAMES), owner)
    fields = draw(st.fixed_dictionaries(_values(struct)))
    depth = len(ident.text.split("/")) // 2
    count = draw(st.integers(0, 3 - depth)) if depth < 3 else 0
    return [struct(ident=ident, **fields)] + [obj for _ in range(count) for obj in draw(objects(vocabulary, ident))]


@st.composite
def snapshots(draw: st.DrawFn, dialect: str | None = None, *, spelling: str | None = None) -> Snapshot:
    """A snapshot with all that is stored beside its objects; of a given spelling, without shared schemas."""
    dialect = dialect or draw(DIALECTS)
    furnished = spelling is None
    spelling = draw(st.sampled_from(["", "15", "18"])) if spelling is None else spelling
    schemas = st.dictionaries(NAMES, snapshots(dialect, spelling=spelling).map(_as_shared), max_size=2)
    drawn = [obj for _ in range(draw(st.integers(0, 4))) for obj in draw(objects(VOCABULARIES[dialect]))]
    by_ident = {obj.ident: obj for obj in drawn}
    some = st.sampled_from(list(by_ident))
    return Snapshot(
        dialect,
        by_ident.values(),
        spelling=spelling,
        needs=draw(st.dictionaries(some, st.frozensets(some, max_size=3), max_size=4)) if by_ident else None,
        order=draw(st.dictionaries(some, st.lists(NAMES, max_size=3, unique=True), max_size=2)) if by_ident else None,
        shared=draw(st.lists(TEXT, max_size=2)),
        places=draw(st.dictionaries(TEXT, NAMES, max_size=2)),
        furniture=draw(schemas) if furnished else None,
        unmodelled=draw(st.lists(TEXT, max_size=2)),
    )


def _as_shared(snapshot: Snapshot) -> Snapshot:
    """What is kept of a shared schema."""
    return snapshot.replace(places={}, unmodelled=())
