"""Names and comments from a database are harmless in every format."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from click import unstyle
from hypothesis import given
from hypothesis import strategies as st

from schema_sync.cli import escape
from schema_sync.cli.render import changes, fleet, gates, plans, versions
from schema_sync.cli.reports import (
    ChangeItem,
    DiffReport,
    FieldPair,
    FleetReport,
    GroupItem,
    Note,
    NotesReport,
    ObjectItem,
    PlanReport,
    Revision,
    ShowReport,
    StatementItem,
    TenantItem,
    TenantsReport,
)
from schema_sync.model.document import document
from schema_sync.protocols import Script

NASTY = "a\x1b[31mb\nc\r::error title=x::d|e<script>`f`\u202eg\x9b\u2028%0A##[error]&\"'@team"
"""ESC, newlines, a workflow command, Markdown, HTML, a bidirectional override, C1 controls, a mention."""

AT = Revision(rev=NASTY, fingerprint="1" * 40)
CHANGES = (
    ChangeItem(
        action="alter",
        kind="table",
        object=f"tables/{NASTY}",
        object_kind="table",
        name=NASTY,
        ident=f"tables/{NASTY}",
        fields={"comment": FieldPair(old=NASTY, new=NASTY * 2), "strict": FieldPair(old=False, new=True)},
    ),
    ChangeItem(
        action="add",
        kind="table",
        object=NASTY,
        object_kind="table",
        name=NASTY,
        ident=NASTY,
        fields={"x": FieldPair(new=NASTY)},
    ),
)
GROUP = GroupItem(
    fingerprint="2" * 40,
    tenants=(NASTY, f"eu1/{NASTY}"),
    status="differs",
    target=AT,
    changes=CHANGES,
    error=NASTY,
    hint=NASTY,
    diagnostics=(Note(code="unmodelled", object=NASTY, message=NASTY),),
)
STATEMENT = StatementItem(sql=f"COMMENT ON TABLE t IS '{NASTY}'", object=NASTY, note=NASTY, lock=NASTY, group=0)
DIFF = DiffReport(command="diff", source=AT, target=AT, changes=CHANGES)
PLAN = PlanReport(command="plan", target=AT, groups=(GROUP,), statements=(STATEMENT,))
SCRIPTS = {tenant: Script(head="", begin="BEGIN;", commit="COMMIT;", spelled=str) for tenant in GROUP.tenants}
FLEET = FleetReport(command="check", target=AT, in_sync=0, differs=2, unread=0, groups=(GROUP,))
SHOW = ShowReport(
    command="show",
    revision=AT,
    dialect=NASTY,
    objects=(ObjectItem(kind="table", ident=f"tables/{NASTY}", name=NASTY, fields={"comment": NASTY * 3}),),
    unmodelled=(NASTY,),
)
TENANTS = TenantsReport(
    command="tenants", tenants=(TenantItem(tenant=NASTY, database=NASTY, name=NASTY, version=NASTY),)
)
NOTES = NotesReport(command="doctor", ok=False, notes=(Note(code="error", object=NASTY, message=NASTY),))

TEXTS = {
    "diff": lambda: changes.diff_text(DIFF),
    "plan": lambda: plans.plan_text(PLAN),
    "check": lambda: fleet.fleet_text(FLEET),
    "show": lambda: versions.show_text(SHOW),
    "tenants": lambda: fleet.tenants_text(TENANTS),
    "doctor": lambda: versions.notes_text(NOTES),
}
MARKDOWNS = {
    "diff": lambda: changes.diff_markdown(DIFF),
    "check": lambda: fleet.fleet_markdown(FLEET),
    "show": lambda: versions.show_markdown(SHOW),
    "plan": lambda: plans.plan_markdown(PLAN),
}


@pytest.mark.parametrize("command", TEXTS)
def test_a_terminal_gets_no_control_character_of_a_database(command: str) -> None:
    lines = unstyle(TEXTS[command]()).split("\n")
    assert all(line.isprintable() for line in lines)
    assert "\\x1b[31m" in "".join(lines)


@pytest.mark.parametrize("command", [*TEXTS, "sql"])
def test_no_line_of_text_is_a_workflow_command(command: str) -> None:
    text = plans.plan_sql(PLAN, SCRIPTS, escape.script) if command == "sql" else TEXTS[command]()
    if command != "sql":
        assert not any(line.lstrip().startswith("::") for line in unstyle(text).split("\n"))
        assert "##[" not in text
    else:
        commented = [line for line in text.split("\n") if line.startswith("--")]
        assert all(line.isprintable() for line in commented)


@pytest.mark.parametrize("command", MARKDOWNS)
def test_markdown_shows_foreign_text_in_code_spans_alone(command: str) -> None:
    text = MARKDOWNS[command]()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<script>" not in outside_of_code(text)
    assert "@team" not in outside_of_code(text)


def outside_of_code(text: str) -> str:
    """Markdown without its code: blocks first, then spans, each closed by a run of as many backticks."""
    kept, rest = [], text
    while "`" in rest:
        before, rest = rest.split("`", 1)
        kept.append(before)
        run = "`" * (1 + len(rest) - len(rest.lstrip("`")))
        body = rest.lstrip("`")
        position = 0
        while True:
            position = body.index("`", position)
            end = position
            while end < len(body) and body[end] == "`":
                end += 1
            if end - position == len(run):
                break
            position = end
        rest = body[end:]
    return "".join(kept) + rest


def test_a_bar_does_not_end_a_cell_of_a_markdown_table() -> None:
    rows = [line for line in changes.diff_markdown(DIFF).split("\n") if line.startswith(("| ~", "| +"))]
    assert rows
    for row in rows:
        assert row.replace("\\|", "").count("|") == 6


def test_a_fence_cannot_be_closed_from_within() -> None:
    assert escape.fenced("SELECT '\n````\n'", "sql").split("\n")[0] == "`````sql"


def test_github_gets_one_command_a_line_and_properties_cannot_be_ended() -> None:
    lines = gates.github(FLEET).split("\n")
    assert len(lines) == 3
    for line in lines[:2]:
        assert line.startswith("::error title=")
        properties, _, _ = line.removeprefix("::error title=").partition("::")
        assert ":" not in properties
        assert "," not in properties
        assert line.isprintable()
    assert "%250A" in lines[0]


def test_junit_is_xml_that_a_parser_reads_back() -> None:
    suite = ElementTree.fromstring(gates.junit(FLEET)).find("testsuite")
    assert suite is not None
    assert suite.get("failures") == "2"
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == [escape.terminal(NASTY), escape.terminal(f"eu1/{NASTY}")]
    failure = cases[0].find("failure")
    assert failure is not None
    assert "<script>" in (failure.text or "")


def test_sarif_is_json_with_a_result_for_each_tenant() -> None:
    text = gates.sarif(FLEET, "1.0")
    assert "\u202e" not in text
    run = json.loads(text)["runs"][0]
    assert [result["ruleId"] for result in run["results"]] == ["drift", "drift"]
    assert run["tool"]["driver"]["version"] == "1.0"


@pytest.mark.parametrize("report", [DIFF, PLAN, FLEET, SHOW, TENANTS, NOTES], ids=lambda report: report.command)
def test_json_is_printable_and_says_the_very_same(report: DiffReport) -> None:
    text = document(report)
    shown = escape.json_text(text)
    assert all(line.isprintable() for line in shown.split("\n"))
    assert json.loads(shown) == json.loads(text)


@given(st.text())
def test_any_text_is_one_printable_line_on_a_terminal(text: str) -> None:
    assert escape.terminal(text).isprintable()
    assert escape.terminal(escape.terminal(text)) == escape.terminal(text)


@given(st.text())
def test_any_json_stays_the_same_json(text: str) -> None:
    whole = json.dumps({"name": text}, ensure_ascii=False, indent=2)
    assert json.loads(escape.json_text(whole)) == {"name": text}


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1))
def test_any_text_is_one_code_span(text: str) -> None:
    assert outside_of_code(f"a {escape.code(text)} b") == "a  b"


@given(st.text())
def test_any_text_is_text_in_xml(text: str) -> None:
    element = ElementTree.fromstring(f"<a b={escape.xml_attribute(text)}>{escape.xml(text)}</a>")
    assert element.text == (escape.terminal(text) or None)
    assert element.get("b") == escape.terminal(text)
