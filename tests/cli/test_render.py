"""How changes read."""

from __future__ import annotations

from typing import Any

import pytest
from click import unstyle

from schema_sync.cli.render.changes import change_lines, change_summary
from schema_sync.cli.render.gates import github
from schema_sync.cli.render.paint import value
from schema_sync.cli.render.plans import group_details, terminated
from schema_sync.cli.reports import ChangeItem, FieldPair, FleetReport, GroupItem, Note, Revision


def lines(*changes: ChangeItem) -> list[str]:
    return [unstyle(line) for line in change_lines(changes)]


def view(**fields: FieldPair) -> ChangeItem:
    return ChangeItem(
        action="alter",
        kind="view",
        object="views/open",
        object_kind="view",
        name="open",
        ident="views/open",
        fields=fields,
    )


def column(name: str, action: Any = "add", **fields: FieldPair) -> ChangeItem:
    return ChangeItem(
        action=action,
        kind="column",
        object="tables/t",
        object_kind="table",
        name=name,
        ident=f"tables/t/columns/{name}",
        fields=fields,
    )


def test_what_belongs_to_a_table_stands_below_it() -> None:
    assert lines(column("a", type=FieldPair(new="text")), column("b", "remove")) == [
        "~ table t",
        "    + column a  type: text",
        "    - column b",
    ]


def test_a_summary_is_a_line_for_each_object() -> None:
    assert [unstyle(line) for line in change_summary([column("a"), column("b", "remove"), view()])] == [
        "~ table t (+ column a, - column b)",
        "~ view open",
    ]


def test_a_long_line_is_compared_by_words() -> None:
    old = "SELECT id, number, customer, total FROM invoices JOIN customers ON id = customer_id WHERE status = 'sent'"
    new = old.replace("total", "total, due_on")
    (_, name, said) = lines(view(body=FieldPair(old=old, new=new)))
    assert name.strip() == "body:"
    assert "total{+, due_on+} FROM" in said
    assert "[-" not in said
    assert len(said) < len(old)


def test_a_text_of_several_lines_is_compared_by_lines() -> None:
    pair = FieldPair(old="SELECT a,\n  b\nFROM t", new="SELECT a,\n  c\nFROM t")
    assert [line.strip() for line in lines(view(body=pair))[2:]] == ["| SELECT a,", "- |   b", "+ |   c", "| FROM t"]


def test_a_list_of_parts_is_compared_by_their_names() -> None:
    parts = [{"name": f"column_{n}", "type": "timestamp with time zone"} for n in range(4)]
    said = lines(view(columns=FieldPair(old=parts[:3], new=parts)))
    assert [line.strip() for line in said[1:]] == ["columns:", "+ column_3 type: timestamp with time zone"]


def test_a_rename_says_both_names() -> None:
    change = ChangeItem(
        action="rename",
        kind="column",
        object="tables/t",
        object_kind="table",
        name="new",
        ident="tables/t/columns/new",
        old_ident="tables/t/columns/old",
    )
    assert lines(change)[1] == "    > column new (was old)"


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (None, "(none)"),
        ("", '""'),
        (["a", "b"], "(a, b)"),
        ([{"column": "issued_on", "descending": True, "collation": "C"}], "(issued_on descending collation C)"),
        (3, "3"),
    ],
)
def test_values_are_short(data: Any, shown: str) -> None:
    assert value(data) == shown


def test_a_comment_does_not_swallow_the_semicolon() -> None:
    assert terminated("SELECT 1") == "SELECT 1;"
    assert terminated("SELECT 1 -- one") == "SELECT 1 -- one\n;"


NOTES = tuple(Note(code="unmodelled", object=f"tables/{name}", message=f"grant on {name}") for name in "ab")


def details(group: GroupItem) -> list[str]:
    return [unstyle(line) for line in group_details([group], whole=False)]


def test_a_group_is_named_once_with_the_way_it_would_go_and_what_else_is_known_below() -> None:
    group = GroupItem(
        fingerprint="1" * 40,
        tenants=("eu1/acme", "eu1/globex"),
        status="differs",
        target=Revision(rev="v2", fingerprint="2" * 40),
        changes=(column("a"),),
        diagnostics=NOTES,
    )
    assert details(group) == [
        "eu1/acme, eu1/globex: 1111111111 → v2",
        "  ~ table t (+ column a)",
        "  unmodelled: grant on a",
        "  unmodelled: grant on b",
    ]


def test_a_group_without_a_difference_is_named_only_where_there_is_more_to_say() -> None:
    quiet = GroupItem(fingerprint="1" * 40, tenants=("eu1/acme",), status="in_sync")
    assert details(quiet) == []
    noted = GroupItem(fingerprint="1" * 40, tenants=("eu1/acme",), status="in_sync", diagnostics=NOTES)
    assert details(noted) == ["eu1/acme:", "  unmodelled: grant on a", "  unmodelled: grant on b"]


def test_an_error_is_set_off_from_its_tenant_for_github() -> None:
    lost = GroupItem(fingerprint=None, tenants=("eu1/acme",), status="busy", error="acme is locked", hint="wait")
    lines = github(FleetReport(command="check", in_sync=0, differs=0, unread=1, groups=(lost,))).split("\n")
    assert lines[0].endswith("::eu1/acme: acme is locked")
