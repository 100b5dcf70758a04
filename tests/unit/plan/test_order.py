"""The sort of a plan's steps: what must wait does, what only prefers to wait goes where nothing else can."""

from __future__ import annotations

import random
import time

import pytest

from schema_sync.adapters.kind import Action
from schema_sync.adapters.sql import Sql
from schema_sync.errors import Refused, Unordered
from schema_sync.plan.node import Node
from schema_sync.plan.order import order
from tests.unit.plan.toy import box


def steps(count: int) -> list[Node]:
    """That many steps, by rank."""
    action = Action(Sql(("STEP",)))
    return [Node(box(f"b{n:04}"), "create", action, (1, 0, "", 0, f"b{n:04}", n)) for n in range(count)]


def test_a_preference_is_kept_where_it_can_be_and_given_up_by_the_first_where_it_cannot() -> None:
    nodes = steps(5)
    nodes[0].prefers.add(nodes[4])
    nodes[1].prefers.add(nodes[2])
    nodes[2].prefers.add(nodes[1])
    nodes[3].waits.add(nodes[2])
    expected = [4, 0, 1, 2, 3]
    for seed in range(20):
        shuffled = random.Random(seed).sample(nodes, len(nodes))
        assert [nodes.index(node) for node in order(shuffled)] == expected


def test_a_preference_for_what_is_in_no_circle_is_kept_while_others_are_given_up() -> None:
    nodes = steps(6)
    nodes[0].prefers |= {nodes[3]}
    nodes[3].prefers |= {nodes[4], nodes[5]}
    nodes[4].prefers |= {nodes[5]}
    nodes[5].prefers |= {nodes[4]}
    assert [nodes.index(node) for node in order(nodes)] == [1, 2, 4, 5, 3, 0]


def test_steps_that_must_wait_for_each_other_are_named() -> None:
    nodes = steps(4)
    nodes[1].waits.add(nodes[2])
    nodes[2].waits.add(nodes[1])
    nodes[0].waits.add(nodes[1])
    nodes[3].prefers.add(nodes[2])
    with pytest.raises(Unordered, match=r"wait for each other: create boxes/b0001, create boxes/b0002$") as caught:
        order(nodes)
    assert not isinstance(caught.value, Refused), "a fault is no refusal"


def test_thousands_of_preferences_in_circles_are_given_up_in_no_time() -> None:
    nodes = steps(8000)
    for one, other in zip(nodes[::2], nodes[1::2], strict=True):
        one.prefers.add(other)
        other.prefers.add(one)
    started = time.monotonic()
    assert order(nodes) == nodes
    assert time.monotonic() - started < 15, "to go through all nodes for each circle takes minutes"
