"""Where two structured values differ is told by the names of their parts."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import UNSET

from schema_sync.diff import Difference, explain

ID = {"name": "id", "type": "bigint"}
TOTAL = {"name": "total", "type": "numeric(10,2)"}


def test_a_part_that_was_put_in_between_is_the_only_difference() -> None:
    due = {"name": "due_on", "type": "date"}
    assert explain([ID, TOTAL], [ID, due, TOTAL]) == (Difference(("due_on",), UNSET, {"type": "date"}),)
    assert explain([ID, due, TOTAL], [ID, TOTAL]) == (Difference(("due_on",), {"type": "date"}, UNSET),)


def test_a_field_of_a_part_is_named_with_it() -> None:
    changed = {**TOTAL, "type": "text"}
    assert explain([ID, TOTAL], [ID, changed]) == (Difference(("total", "type"), "numeric(10,2)", "text"),)


def test_parts_in_another_order_are_one_difference() -> None:
    assert explain(["a", "b"], ["b", "a"]) == (Difference((), ["a", "b"], ["b", "a"]),)


@pytest.mark.parametrize(("old", "new"), [("a", "b"), (None, ["a"]), ([1, 1], [1]), ([["a"]], [])])
def test_values_without_named_parts_are_not_explained(old: Any, new: Any) -> None:
    assert explain(old, new) is None
