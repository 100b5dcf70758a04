"""The planner on a toy dialect: what is pulled in, in which order, and what may share a statement."""

from __future__ import annotations

import random

import pytest

from schema_sync.errors import NotConvergeable, Refused
from schema_sync.model.plan import Hazard
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan import Planner
from tests.unit.plan.toy import KINDS, Box, Item, Label, Tape, box, item, label, snapshot, tape


def statements(old: Snapshot, new: Snapshot) -> list[str]:
    return [statement.sql for statement in Planner(KINDS).plan(old, new).statements]


def test_equal_snapshots_need_no_statement() -> None:
    one = snapshot(Box(ident=box("a")), Item(ident=item("x", "a")))
    assert Planner(KINDS).plan(one, one).is_empty


def test_items_of_a_new_box_share_its_statement_in_their_own_order() -> None:
    new = snapshot(
        Box(ident=box("a"), note="n"),
        *(Item(ident=item(name, "a")) for name in "zyx"),
        order={box("a"): ["z", "x", "y"]},
    )
    assert statements(snapshot(), new) == ['CREATE BOX "a" ("z" 1, "x" 1, "y" 1)', 'NOTE "a"']


def test_items_added_to_an_old_box_share_one_statement() -> None:
    old = snapshot(Box(ident=box("a")))
    new = snapshot(Box(ident=box("a")), Item(ident=item("x", "a")), Item(ident=item("y", "a"), size=2))
    plan = Planner(KINDS).plan(old, new)
    assert [statement.sql for statement in plan.statements] == ['ALTER BOX "a" ADD "x" 1, ADD "y" 2']
    assert plan.statements[0].object == "boxes/a"
    assert plan.hazards == (Hazard.BRIEF_LOCK,)


def test_an_item_that_waits_for_something_later_does_not_join() -> None:
    new = snapshot(
        Box(ident=box("a")),
        Item(ident=item("x", "a")),
        Item(ident=item("y", "a")),
        Label(ident=label("l")),
        needs={label("l"): [item("x", "a")], item("y", "a"): [label("l")]},
    )
    assert statements(snapshot(), new) == ['CREATE BOX "a" ("x" 1)', 'CREATE LABEL "l"', 'ALTER BOX "a" ADD "y" 1']


def test_what_depends_on_a_disturbed_object_is_dropped_before_and_created_after() -> None:
    needs = {label("l"): [item("x", "a")], label("m"): [label("l")]}
    labels = (Label(ident=label("l")), Label(ident=label("m")))
    old = snapshot(Box(ident=box("a")), Item(ident=item("x", "a")), *labels, needs=needs)
    new = snapshot(Box(ident=box("a")), Item(ident=item("x", "a"), size=2), *labels, needs=needs)
    assert statements(old, new) == [
        'DROP LABEL "m"',
        'DROP LABEL "l"',
        'RESIZE "x"',
        'CREATE LABEL "l"',
        'CREATE LABEL "m"',
    ]


def test_what_holds_data_is_never_replaced_for_the_sake_of_another() -> None:
    needs = {item("x", "a"): [label("l")]}
    old = snapshot(Box(ident=box("a")), Item(ident=item("x", "a")), Label(ident=label("l")), needs=needs)
    new = snapshot(Box(ident=box("a")), Item(ident=item("x", "a")), Label(ident=label("l"), text="t"), needs=needs)
    with pytest.raises(NotConvergeable, match="boxes/a/items/x"):
        Planner(KINDS).plan(old, new)


def test_what_can_let_go_does_so_around_the_replacement() -> None:
    needs = {item("x", "a"): [label("l")]}
    held = Item(ident=item("x", "a"), default="l")
    old = snapshot(Box(ident=box("a")), held, Label(ident=label("l")), needs=needs)
    new = snapshot(Box(ident=box("a")), held, Label(ident=label("l"), text="t"), needs=needs)
    assert statements(old, new) == ['LET GO "x"', 'DROP LABEL "l"', 'CREATE LABEL "l"', 'TAKE "x"']


def test_a_rebuild_renews_what_is_attached_and_drops_only_what_is_to_go() -> None:
    kept, lost = Tape(ident=tape("kept", "a")), Tape(ident=tape("lost", "a"))
    needs = {label("l"): [item("x", "a")]}
    old = snapshot(Box(ident=box("a")), Item(ident=item("x", "a")), kept, lost, Label(ident=label("l")), needs=needs)
    new = snapshot(
        Box(ident=box("a"), material="tin"), Item(ident=item("x", "a")), kept, Label(ident=label("l")), needs=needs
    )
    assert statements(old, new) == [
        'DROP LABEL "l"',
        'DROP TAPE "lost"',
        'REBUILD "a"',
        'ALTER BOX "a" ADD "x" 1',
        'CREATE TAPE "kept"',
        'CREATE LABEL "l"',
    ]


def test_boxes_whose_parts_need_each_other_can_be_dropped() -> None:
    old = snapshot(
        *(Box(ident=box(name)) for name in "ab"),
        *(Tape(ident=tape("t", name)) for name in "ab"),
        needs={tape("t", "a"): [box("b")], tape("t", "b"): [box("a")]},
    )
    assert sorted(statements(old, snapshot())[:2]) == ['DROP TAPE "t"', 'DROP TAPE "t"']
    assert statements(old, snapshot())[2:] == ['DROP BOX "a"', 'DROP BOX "b"']


def test_what_goes_with_its_owner_takes_no_statement_where_the_owners_can_go_in_order() -> None:
    old = snapshot(
        *(Box(ident=box(name)) for name in "ab"),
        Tape(ident=tape("t", "a")),
        Item(ident=item("x", "b")),
        needs={tape("t", "a"): [item("x", "b")]},
    )
    assert statements(old, snapshot()) == ['DROP BOX "a"', 'DROP BOX "b"']


def test_a_name_is_free_only_when_its_holder_is_gone() -> None:
    old = snapshot(Label(ident=label("same")))
    new = snapshot(Box(ident=box("same")))
    assert statements(old, new) == ['DROP LABEL "same"', 'CREATE BOX "same" ()']
    assert statements(new, old) == ['DROP BOX "same"', 'CREATE LABEL "same"']


def test_an_unversioned_object_is_named_by_the_statement_that_loses_it() -> None:
    old = snapshot(Box(ident=box("a")), Tape(ident=tape("own", "a")))
    plan = Planner(KINDS).plan(old, snapshot(Box(ident=box("a"))), unversioned=[tape("own", "a")])
    assert plan.statements[0].hazards == (Hazard.DROPS_UNVERSIONED,)
    assert "boxes/a/tapes/own" in str(plan.statements[0].note)


def test_an_ignored_object_refuses_the_plan_that_would_take_it_along() -> None:
    old = snapshot(Box(ident=box("a")), ignored={tape("theirs", "a"): ()})
    with pytest.raises(Refused, match="tapes/theirs"):
        Planner(KINDS).plan(old, snapshot())


def test_the_same_snapshots_give_the_same_plan_whatever_the_order_of_their_objects() -> None:
    objects = [Box(ident=box(name)) for name in "abcd"] + [Label(ident=label(name)) for name in "lmno"]
    needs = {label(name): [box(other)] for name, other in zip("lmno", "dcba", strict=True)}
    plans = set()
    for seed in range(10):
        shuffled = random.Random(seed).sample(objects, len(objects))
        plans.add(Planner(KINDS).plan(snapshot(), snapshot(*shuffled, needs=needs)).id)
    assert len(plans) == 1


def test_a_name_is_given_up_by_an_alteration_before_it_is_taken() -> None:
    old = snapshot(Box(ident=box("a")), Item(ident=item("x", "a"), default="b"))
    new = snapshot(Box(ident=box("a")), Item(ident=item("x", "a")), Box(ident=box("b")))
    assert statements(old, new) == ['DEFAULT "x"', 'CREATE BOX "b" ()']


def test_an_early_alteration_gives_a_name_to_what_the_altered_object_needs() -> None:
    old = snapshot(Box(ident=box("a")), Item(ident=item("x", "a"), default="l"))
    needs = {item("x", "a"): [label("l")]}
    new = snapshot(Box(ident=box("a")), Item(ident=item("x", "a")), Label(ident=label("l")), needs=needs)
    assert statements(old, new) == ['DEFAULT "x"', 'CREATE LABEL "l"']
