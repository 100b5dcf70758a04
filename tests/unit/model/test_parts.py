"""A version read as it is asked for is the same version, and little of it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema_sync.adapters import registry
from schema_sync.adapters.postgres.objects import Column, ForeignKey, PrimaryKey, Table, View
from schema_sync.diff import diff
from schema_sync.errors import CorruptObject
from schema_sync.model.codec import FORMAT, MANIFEST, canonical
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan import Planner
from tests.tenants import differing
from tests.unit.model.strategies import VOCABULARIES, snapshots

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

VOCABULARY = VOCABULARIES["postgresql"]


def pair(old: Snapshot, new: Snapshot) -> tuple[Snapshot, Snapshot]:
    made = Snapshot.pair(old.files, new.files, differing(old.files, new.files), VOCABULARIES[old.dialect])
    assert made is not None
    return made


@SLOW
@given(st.data())
def test_all_that_is_asked_of_one_is_what_it_would_be_if_it_was_read_whole(data: st.DataObject) -> None:
    dialect = data.draw(st.sampled_from(sorted(VOCABULARIES)))
    sides = [data.draw(snapshots(dialect, spelling="15")) for _ in range(2)]
    for whole, side in zip(sides, pair(sides[0], sides[1]), strict=True):
        for obj in whole:
            assert side[obj.ident] == obj
            assert side.children(obj.ident) == whole.children(obj.ident)
            assert side.needs.get(obj.ident) == whole.needs.get(obj.ident)
            assert side.order.get(obj.ident) == whole.order.get(obj.ident)
            assert side.dependants.get(obj.ident) == whole.dependants.get(obj.ident)
        assert list(side) == list(whole)
        assert len(side) == len(whole)
        assert (side.needs, side.order, side.dependants) == (whole.needs, whole.order, whole.dependants)
        assert (side.shared, side.places, side.unmodelled) == (whole.shared, whole.places, whole.unmodelled)
        assert (side, side.files, side.fingerprint) == (whole, whole.files, whole.fingerprint)
    assert diff(*pair(sides[0], sides[1])) == diff(sides[0], sides[1])


class _Read(Mapping[str, bytes]):
    """Files that count how many of them are read."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.read: set[str] = set()

    def __getitem__(self, path: str) -> bytes:
        self.read.add(path)
        return self.files[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


def _chain(tables: int, *, amount: str) -> Snapshot:
    """Tables of which each refers to the one before it; of the fifth, whose column has that type, there is a view."""
    objects: list[SchemaObject] = []
    needs: dict[Ident, list[Ident]] = {}
    for n in range(tables):
        table = Ident("table", f"t{n}")
        key = Ident("primary_key", f"t{n}_pkey", table)
        objects += [
            Table(ident=table),
            Column(ident=Ident("column", "id", table), type="bigint", nullable=False),
            Column(ident=Ident("column", "amount", table), type=amount if n == 5 else "integer"),
            PrimaryKey(ident=key, columns=("id",)),
        ]
        needs[key] = [Ident("column", "id", table)]
        if n:
            last = Ident("table", f"t{n - 1}")
            reference = Ident("foreign_key", f"t{n}_id_fkey", table)
            objects.append(
                ForeignKey(ident=reference, columns=("id",), referenced_table=last.text, referenced_columns=("id",))
            )
            needs[reference] = [Ident("column", "id", table), Ident("primary_key", f"t{n - 1}_pkey", last)]
    view = Ident("view", "amounts")
    objects.append(View(ident=view, definition=" SELECT amount FROM t5;"))
    needs[view] = [Ident("column", "amount", Ident("table", "t5"))]
    return Snapshot("postgresql", objects, spelling="15", needs=needs)


@pytest.mark.parametrize("tables", [10, 100])
def test_a_plan_reads_what_has_changed_and_what_is_around_it(tables: int) -> None:
    old, new = _chain(tables, amount="integer"), _chain(tables, amount="bigint")
    files = _Read(old.files), _Read(new.files)
    made = Snapshot.pair(files[0], files[1], differing(old.files, new.files), VOCABULARY)
    assert made is not None
    before, after = made[0].known_as(old.fingerprint), made[1].known_as(new.fingerprint)
    planner = Planner(registry.kinds("postgresql"))
    plan = planner.plan(before, after)
    assert plan == planner.plan(old, new)
    assert {part.object for statement in plan.statements for part in statement.parts} == {
        "tables/t5/columns/amount",
        "views/amounts",
    }
    assert {path for each in files for path in each.read if path.startswith("schema/")} == {
        "schema/tables/t5.json",
        "schema/views/amounts.json",
    }


def test_a_damaged_file_is_found_when_it_is_asked_for() -> None:
    old, new = _chain(3, amount="integer"), _chain(4, amount="integer")
    damaged = {**new.files, "schema/tables/t0.json": b"{}\n"}
    made = Snapshot.pair(old.files, damaged, differing(old.files, damaged), VOCABULARY)
    assert made is not None
    assert Ident("table", "t3") in made[1]
    with pytest.raises(CorruptObject, match="tables/t0"):
        made[1].get(Ident("table", "t0"))


def test_trees_of_another_format_or_spelling_are_no_pair() -> None:
    old, new = _chain(3, amount="integer"), _chain(4, amount="integer")
    older = {**old.files, MANIFEST: canonical({"dialect": "postgresql", "format": FORMAT - 1, "spelling": "15"})}
    assert Snapshot.pair(older, older, [], VOCABULARY) is None
    other = new.replace(spelling="16").files
    assert Snapshot.pair(old.files, other, differing(old.files, other), VOCABULARY) is None
