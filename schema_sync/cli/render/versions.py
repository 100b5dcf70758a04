"""Versions and schemas as text: captures, the log, one version's objects, references, and what doctor says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from schema_sync.cli.escape import block, code, terminal
from schema_sync.cli.render.paint import bad, count, fact, faint, good, short, strong, table, value, warn, words
from schema_sync.cli.render.plans import unreachable
from schema_sync.cli.reports import (
    DoneReport,
    LogReport,
    Note,
    NotesReport,
    ObjectItem,
    RefsReport,
    ShowReport,
    SnapshotReport,
    VersionItem,
)


def snapshot_text(report: SnapshotReport) -> str:
    """One line a tenant, its diagnostics below, then the version that was made."""
    lines: list[str] = []
    for each in report.tenants:
        if each.error:
            lines.append(f"{terminal(each.tenant)}: {bad(terminal(each.error))}")
            lines += [f"  hint: {terminal(each.hint)}"] if each.hint else []
            continue
        ignored = f", {each.ignored} ignored" if each.ignored else ""
        lines.append(f"{terminal(each.tenant)}: {count(each.objects, 'object')}{ignored}, {short(each.fingerprint)}")
        lines += [f"  {warn(terminal(note.code))}: {terminal(note.message)}" for note in each.diagnostics]
    lines += unreachable(report.unreachable)
    if report.version is not None:
        on = ", ".join(terminal(name) for name in report.version.branches)
        what = good("committed") if report.created else "unchanged"
        where = f" on {on}" if on else ""
        lines.append(f"{what} {short(report.version.commit)}{where}: {terminal(report.version.subject)}")
    lines += [f"renamed {terminal(old)} → {terminal(new)}" for old, new in report.renames.items()]
    if report.tag:
        lines.append(good(f"tagged {terminal(report.tag)}"))
    return "\n".join(lines)


def log_text(report: LogReport) -> str:
    """A line a version, newest first."""
    return "\n".join(_version(each) for each in report.versions) or "no versions"


def _version(version: VersionItem) -> str:
    names = [*(f"tag: {terminal(tag)}" for tag in version.tags), *map(terminal, version.branches)]
    refs = warn(f" ({', '.join(names)})") if names else ""
    author = terminal(version.author.partition(" <")[0])
    when = version.time[:16].replace("T", " ")
    return f"{warn(short(version.commit))}{refs} {terminal(version.subject)}  {faint(f'{when} {author}')}"


def show_text(report: ShowReport) -> str:
    """A schema as people read one: each top-level object, what belongs to it nested below."""
    lines = [_version(report.version)] if report.version is not None else []
    dialect, number = terminal(report.dialect or "no dialect"), count(len(report.objects), "object")
    fingerprint = short(report.revision.fingerprint)
    lines.append(strong(f"{terminal(report.revision.rev)}: {dialect}, {number}") + f", fingerprint {fingerprint}")
    shallowest = min((_depth(each) for each in report.objects), default=0)
    for each in report.objects:
        if _depth(each) == shallowest:
            lines.append("")
        lines += _object(each, "    " * (_depth(each) - shallowest))
    lines += [warn(f"not modelled: {terminal(what)}") for what in report.unmodelled]
    return "\n".join(lines)


def _depth(item: ObjectItem) -> int:
    return item.ident.count("/") // 2


def _object(item: ObjectItem, indent: str) -> Iterator[str]:
    label = f"{words(item.kind)} {strong(terminal(item.name))}"
    brief = [fact(name, data) for name, data in item.fields.items() if not _is_long(data)]
    yield f"{indent}{label}" + (f"  {', '.join(brief)}" if brief else "")
    for name, data in item.fields.items():
        if _is_long(data):
            yield f"{indent}    {words(name)}:"
            yield block(data, prefix=f"{indent}    | ")


def _is_long(data: Any) -> bool:
    return isinstance(data, str) and ("\n" in data or len(data) > 90)


def show_markdown(report: ShowReport) -> str:
    """A schema as a document: a heading for each top-level object, a table of what belongs to it."""
    lines = [f"# {code(report.revision.rev)}"]
    for each in report.objects:
        facts = ", ".join(f"{words(name)}: {code(value(data))}" for name, data in each.fields.items())
        if _depth(each) == 0:
            lines += ["", f"## {words(each.kind)} {code(each.name)}", *(["", facts] if facts else []), ""]
        else:
            lines.append(f"{'  ' * (_depth(each) - 1)}- {words(each.kind)} {code(each.name)}: {facts}".rstrip(": "))
    return "\n".join(lines)


def refs_text(report: RefsReport) -> str:
    """A name and an id a line."""
    return "\n".join(f"{terminal(name)}  {warn(short(commit))}" for name, commit in report.refs.items())


def notes_text(report: NotesReport) -> str:
    """What was found, a line each; `ok` in green, warnings in yellow, the rest in red."""
    if not report.notes:
        return good("nothing is wrong") if report.ok else bad("something is wrong")
    paints: dict[str, Callable[[str], str]] = {"ok": good, "warning": warn}
    return table([_note(note, paints.get(note.code, bad)) for note in report.notes])


def _note(note: Note, paint: Callable[[str], str]) -> list[str]:
    return [paint(terminal(note.code)), terminal(note.object), terminal(note.message)]


def done_text(report: DoneReport) -> str:
    """What was made, a line each."""
    return "\n".join(f"{good('made')} {terminal(path)}" for path in report.made) or "everything is there already"
