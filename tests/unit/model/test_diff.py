"""Differences: none between equals, all of them otherwise, in one order."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema_sync.diff import diff
from schema_sync.errors import Refused
from schema_sync.model.change import Added, Altered, Removed
from schema_sync.model.snapshot import Snapshot
from tests.unit.model.strategies import DIALECTS, snapshots

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Snapshot, Snapshot]:
    """Two snapshots of one dialect and spelling; some share objects, some objects share an identity alone."""
    dialect = draw(DIALECTS)
    one, other = (draw(snapshots(dialect)).replace(spelling="") for _ in range(2))
    shared = [obj for obj in one if draw(st.booleans())]
    objects = {obj.ident: obj for obj in [*other, *shared]}
    return one, other.replace(objects=objects.values())


@SLOW
@given(snapshots())
def test_a_snapshot_does_not_differ_from_itself_in_any_order(snapshot: Snapshot) -> None:
    objects = list(snapshot)
    random.Random(1).shuffle(objects)
    assert diff(snapshot, snapshot).is_empty
    assert diff(snapshot, snapshot.replace(objects=objects, needs={}, order={}, shared=())).is_empty


@SLOW
@given(pairs())
def test_a_difference_is_empty_if_and_only_if_the_fingerprints_are_equal(pair: tuple[Snapshot, Snapshot]) -> None:
    one, other = pair
    assert diff(one, other).is_empty == (one.fingerprint == other.fingerprint)


@SLOW
@given(pairs())
def test_changes_are_sorted_and_lead_from_one_to_the_other(pair: tuple[Snapshot, Snapshot]) -> None:
    one, other = pair
    changes = diff(one, other)
    texts = [change.ident.text for change in changes]
    assert texts == sorted(set(texts))
    reached = dict(one.objects)
    for change in changes:
        match change:
            case Added(new=new) | Altered(new=new):
                reached[new.ident] = new
            case Removed(old=old):
                del reached[old.ident]
    assert reached == other.objects


@SLOW
@given(pairs())
def test_the_way_back_is_the_mirror(pair: tuple[Snapshot, Snapshot]) -> None:
    forward, backward = diff(*pair), diff(*reversed(pair))
    assert [change.ident for change in forward] == [change.ident for change in backward]
    for there, back in zip(forward, backward, strict=True):
        if isinstance(there, Altered):
            assert isinstance(back, Altered)
            assert [(f.field, f.old, f.new) for f in there.fields] == [(f.field, f.new, f.old) for f in back.fields]
            assert there.fields


def test_other_dialects_and_other_majors_are_not_compared() -> None:
    with pytest.raises(Refused, match="sqlite"):
        diff(Snapshot("sqlite"), Snapshot("postgresql"))
