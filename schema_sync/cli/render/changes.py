"""A diff as text and as Markdown: by top-level object, what belongs to it nested below, then by field."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from msgspec import UNSET

from schema_sync.cli.escape import block, code, terminal
from schema_sync.cli.render.paint import MARKS, bad, count, fact, faint, good, marked, short, strong, value, words
from schema_sync.cli.reports import ChangeItem, DiffReport, FieldPair, Revision
from schema_sync.diff.explain import Difference, explain

_LONG: Final = 72
"""Values up to this length stand on one line."""

_AROUND: Final = 12
"""How many words, gaps and signs are shown on either side of a difference."""

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")


def diff_text(report: DiffReport) -> str:
    """The whole answer of `diff`."""
    if not report.changes:
        return f"{_rev(report.source)} and {_rev(report.target)} are the same"
    head = f"{_rev(report.source)} → {_rev(report.target)}: {count(len(report.changes), 'change')}"
    return "\n".join([strong(head), *change_lines(report.changes)])


def _rev(revision: Revision) -> str:
    return f"{terminal(revision.rev)} ({short(revision.fingerprint)})"


def change_lines(changes: Iterable[ChangeItem], indent: str = "") -> Iterator[str]:
    """The lines of changes, without a head."""
    for top, those in groupby(changes, key=lambda change: change.object):
        listed = list(those)
        if listed[0].ident != top:
            yield indent + marked("~", f"{words(listed[0].object_kind)} {terminal(top.rpartition('/')[2])}")
        for change in listed:
            depth = change.ident.count("/") // 2
            yield from _change_lines(change, indent + "    " * depth)


def change_summary(changes: Iterable[ChangeItem], indent: str = "") -> Iterator[str]:
    """A line for each top-level object that differs, with the names of what differs of what belongs to it."""
    for top, those in groupby(changes, key=lambda change: change.object):
        listed = list(those)
        own = next((change for change in listed if change.ident == top), None)
        mark = "~" if own is None else MARKS[own.action]
        line = f"{words(listed[0].object_kind)} {terminal(top.rpartition('/')[2])}"
        parts = [f"{MARKS[each.action]} {words(each.kind)} {terminal(each.name)}" for each in listed if each is not own]
        if own is not None and own.action in ("add", "remove"):
            parts = []
        yield indent + marked(mark, line + (f" ({', '.join(parts)})" if parts else ""))


def _change_lines(change: ChangeItem, indent: str) -> Iterator[str]:
    mark = MARKS[change.action]
    label = f"{words(change.kind)} {terminal(change.name)}"
    if change.old_ident is not UNSET:
        label += f" (was {terminal(change.old_ident.rpartition('/')[2])})"
    brief, lengthy = [], []
    for name, pair in change.fields.items():
        if _is_long(pair):
            lengthy.append((name, pair))
        else:
            brief.append(_short_pair(name, pair))
    one_line = f"{label}  {', '.join(brief)}" if brief else label
    if len(one_line) <= 110:
        yield indent + marked(mark, one_line)
    else:
        yield indent + marked(mark, label)
        yield from (f"{indent}      {each}" for each in brief)
    for name, pair in lengthy:
        yield f"{indent}      {words(name)}:"
        yield from _long_pair(pair, indent + "      ")


def _is_long(pair: FieldPair) -> bool:
    sides = [side for side in (pair.old, pair.new) if side is not UNSET]
    both = len(sides) == 2
    return any(
        "\n" in side or len(side) > _LONG if isinstance(side, str) else both and len(value(side)) > _LONG
        for side in sides
    )


def _short_pair(name: str, pair: FieldPair) -> str:
    if pair.old is UNSET or pair.new is UNSET:
        return fact(name, pair.new if pair.old is UNSET else pair.old)
    return f"{words(name)}: {value(pair.old)} → {value(pair.new)}"


def _long_pair(pair: FieldPair, indent: str) -> Iterator[str]:
    """What differs of two lists of parts; of two texts by words, if each is one line, and else by lines; and the one
    text of an object that came or went whole.
    """
    differences = None if UNSET in (pair.old, pair.new) else explain(pair.old, pair.new)
    if differences is not None:
        yield from (f"{indent}  {_difference(each)}" for each in differences)
        return
    old, new = _lines(pair.old), _lines(pair.new)
    if len(old) == len(new) == 1:
        yield f"{indent}| {_by_words(old[0], new[0])}"
        return
    if pair.old is UNSET or pair.new is UNSET:
        yield from (indent + faint(line) for line in block("\n".join(new or old)).split("\n"))
        return
    for line in list(difflib.unified_diff(old, new, lineterm="", n=2))[2:]:
        if line.startswith("@@"):
            continue
        shown = block(line[1:], prefix="") or ""
        if line[0] in "+-":
            yield f"{indent}{marked(line[0], f'| {shown}')}"
        else:
            yield f"{indent}  | {shown}"


def _difference(each: Difference) -> str:
    """A part that came, went, changed, or moved."""
    where = terminal(" ".join(each.place)) or "order"
    if each.old is UNSET:
        return marked("+", f"{where} {_facts(each.new)}".rstrip())
    if each.new is UNSET:
        return marked("-", f"{where} {_facts(each.old)}".rstrip())
    return marked("~", f"{where}: {value(each.old)} → {value(each.new)}")


def _facts(data: Any) -> str:
    return ", ".join(fact(name, each) for name, each in data.items()) if isinstance(data, dict) else value(data)


def _by_words(old: str, new: str) -> str:
    """What was taken out as `[-…-]` and what was put in as `{+…+}`, with a few words around it."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    steps = difflib.SequenceMatcher(None, before, after, autojunk=len(before) > 2000).get_opcodes()
    shown = []
    for n, (step, i1, i2, j1, j2) in enumerate(steps):
        gone, come = "".join(before[i1:i2]), "".join(after[j1:j2])
        if step == "equal":
            shown.append(_shortened(before[i1:i2], first=n == 0, last=n == len(steps) - 1))
            continue
        shown.append(bad(f"[-{terminal(gone)}-]") if gone else "")
        shown.append(good(f"{{+{terminal(come)}+}}") if come else "")
    return "".join(shown)


def _shortened(tokens: list[str], *, first: bool, last: bool) -> str:
    """The words of an equal run that stand next to a difference."""
    head = [] if first else tokens[:_AROUND]
    tail = [] if last else tokens[len(tokens) - _AROUND :]
    if len(head) + len(tail) >= len(tokens):
        return terminal("".join(tokens))
    return terminal("".join(head)) + "…" + terminal("".join(tail))


def _lines(side: Any) -> list[str]:
    return side.splitlines() if isinstance(side, str) else [] if side is None or side is UNSET else [value(side)]


def diff_markdown(report: DiffReport) -> str:
    """The answer of `diff` for a review comment or release notes."""
    head = f"### {code(report.source.rev)} → {code(report.target.rev)}: {count(len(report.changes), 'change')}"
    return "\n".join([head, *(["", *change_table(report.changes)] if report.changes else [])])


def change_table(changes: Iterable[ChangeItem]) -> Iterator[str]:
    """Changes as a Markdown table: a row for an object that came or went, a row for each field that changed."""
    yield "| | object | field | old | new |"
    yield "|---|---|---|---|---|"
    for change in changes:
        mark, shown = MARKS[change.action], code(change.ident)
        if change.old_ident is not UNSET:
            shown = f"{code(change.old_ident)} → {shown}"
        if change.action in ("add", "remove") or not change.fields:
            facts = [fact(name, pair.new if pair.old is UNSET else pair.old) for name, pair in change.fields.items()]
            said = code(", ".join(facts)) if facts else ""
            yield f"| {mark} | {shown} | | {said if mark == '-' else ''} | {said if mark != '-' else ''} |"
            continue
        for name, pair in change.fields.items():
            yield f"| {mark} | {shown} | {words(name)} | {_cell(pair.old)} | {_cell(pair.new)} |"


def _cell(side: Any) -> str:
    if side is UNSET or side is None:
        return ""
    return code(side if isinstance(side, str) else value(side))
