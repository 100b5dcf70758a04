"""Plans and runs: the dry run as text, SQL and Markdown, and what became of each tenant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import UNSET

from schema_sync.cli.escape import block, code, fenced, terminal
from schema_sync.cli.render.changes import change_lines, change_summary, change_table
from schema_sync.cli.render.paint import bad, count, faint, good, names, short, strong, table, warn
from schema_sync.cli.reports import ApplyReport, DatabaseItem, GroupItem, PlanReport, StatementItem, TenantResult

if TYPE_CHECKING:
    from schema_sync.protocols import Script

_GROUPS = {
    "in_sync": "in step",
    "differs": "different",
    "refused": "refused",
    "busy": "busy",
    "unreachable": "not reachable",
    "failed": "failed",
}


def plan_text(report: PlanReport) -> str:
    """The dry run: a paragraph for each group of tenants in the same state."""
    parts = []
    for number, group in enumerate(report.groups):
        mine = [each for each in report.statements if each.group == number]
        parts.append("\n".join(_group(group, mine)))
    parts += unreachable(report.unreachable)
    return "\n\n".join(parts) or "no tenants"


def unreachable(databases: Iterable[DatabaseItem]) -> Iterator[str]:
    """A paragraph for each database that could not be asked."""
    for each in databases:
        hint = f"\n  hint: {terminal(each.hint)}" if each.hint else ""
        yield bad(f"database {terminal(each.database)}: {terminal(each.error)}") + hint


def _group(group: GroupItem, statements: list[StatementItem]) -> Iterator[str]:
    target = "" if group.target is UNSET else f"{terminal(group.target.rev)} ({short(group.target.fingerprint)})"
    who = f"{count(len(group.tenants), 'tenant')} ({names(group.tenants)})"
    if group.status == "in_sync":
        yield good(f"{who}: already at {target}")
        return
    if group.status != "differs":
        yield bad(f"{who}: {_GROUPS[group.status]}")
        yield from _trouble(group)
        return
    yield strong(f"{who}: {short(group.fingerprint)} → {target}")
    atomic = "one transaction" if group.atomic else warn("several transactions")
    plan = "" if group.plan is UNSET else f"plan {group.plan}, "
    yield f"  {plan}{count(len(group.changes), 'change')}, {count(len(statements), 'statement')}, {atomic}"
    last = 1
    for each in group.preparation:
        yield f"  first, in the database: {terminal(each)}"
    for number, statement in enumerate(statements, 1):
        if statement.transaction != last:
            last = statement.transaction
            yield faint(f"       -- transaction {last}")
        yield from _statement(number, statement, frozenset(group.stopping))
    yield from _proof(group)
    if group.stopping:
        allow = " ".join(f"--allow {hazard}" for hazard in group.stopping)
        yield warn(f"  stops unless allowed: {', '.join(group.stopping)} ({allow})")
    yield from _trouble(group)


def _proof(group: GroupItem) -> Iterator[str]:
    """What came of the proof, where there was one."""
    if group.proof is UNSET:
        return
    if group.proof.proven:
        yield good(f"  proven on a scratch database, over {count(group.proof.rows, 'made-up row')}")
    else:
        yield bad(f"  not proven: {terminal(group.proof.why or '')}")
    yield from (f"    {faint('--')} {terminal(note)}" for note in group.proof.notes)


def _trouble(group: GroupItem) -> Iterator[str]:
    if group.error:
        yield bad(f"  error: {terminal(group.error)}")
    if group.hint:
        yield f"  hint: {terminal(group.hint)}"
    for note in group.diagnostics:
        yield warn(f"  {terminal(note.code)}: {terminal(note.message)}")


def _statement(number: int, statement: StatementItem, stopping: frozenset[str]) -> Iterator[str]:
    lines = block(statement.sql, prefix="").split("\n") if "\n" in statement.sql else [terminal(statement.sql)]
    yield f"  {number:>3}  {lines[0]}"
    # A continuation line could begin with `::error`; the bar keeps a build log from obeying it.
    yield from (f"       | {line}" for line in lines[1:])
    facts = [(bad if each in stopping else faint)(each) for each in statement.hazards]
    if statement.lock:
        facts.append(faint(f"lock: {terminal(statement.lock)}"))
    if not statement.in_transaction:
        facts.append(warn("outside a transaction"))
    if facts:
        yield f"       {faint('--')} {', '.join(facts)}"
    if statement.note:
        yield f"       {faint('--')} {terminal(statement.note)}"


def plan_sql(report: PlanReport, scripts: Mapping[str, Script], clean: Callable[[str], str]) -> str:
    """A script for psql or sqlite3, tenant by tenant; `clean` is what the output needs done to foreign text."""
    first = dict.fromkeys(each for group in report.groups for each in group.preparation)
    parts = ["\n".join(["-- first, in the database", *map(clean, map(terminated, first))])] if first else []
    for number, group in enumerate(report.groups):
        mine = [each for each in report.statements if each.group == number]
        said = "".join(f"\n-- {terminal(note.code)}: {terminal(note.message)}" for note in group.diagnostics)
        if not mine:
            head = f"-- {names(group.tenants, None)}: {_GROUPS[group.status]}"
            parts.append(head + (f"\n-- error: {terminal(group.error)}" if group.error else "") + said)
            continue
        for tenant in group.tenants:
            head = f"-- {terminal(tenant)}: {short(group.fingerprint)} -> {_rev(group)}{said}"
            script = scripts[tenant]
            parts.append("\n".join([head, script.head, *_in_transactions(mine, script, clean)]))
    parts += [f"-- database {terminal(each.database)}: {terminal(each.error)}" for each in report.unreachable]
    return "\n\n".join(parts)


def _rev(group: GroupItem) -> str:
    return "" if group.target is UNSET else terminal(group.target.rev)


def _in_transactions(statements: Iterable[StatementItem], script: Script, clean: Callable[[str], str]) -> Iterator[str]:
    """The statements of one tenant, those of a transaction between what opens and what commits it."""
    is_open, last = False, 0
    for each in statements:
        ends = is_open and each.transaction != last
        if ends:
            yield script.commit
        if each.in_transaction and (ends or not is_open):
            yield script.begin
        is_open, last = each.in_transaction, each.transaction
        yield from _remarks(each)
        yield clean(terminated(script.spelled(each.sql)))
    if is_open:
        yield script.commit


def _remarks(statement: StatementItem) -> Iterator[str]:
    if statement.hazards:
        yield f"-- hazards: {', '.join(statement.hazards)}"
    if statement.note:
        yield f"-- {terminal(statement.note)}"


def statements_sql(statements: Iterable[StatementItem], clean: Callable[[str], str]) -> Iterator[str]:
    """Each statement with its semicolon, behind its hazards and notes as comments; of several transactions each is
    announced.
    """
    last = 1
    for each in statements:
        if each.transaction != last:
            last = each.transaction
            yield f"-- transaction {last}" + ("" if each.in_transaction else ": runs outside of one")
        yield from _remarks(each)
        yield clean(terminated(each.sql))


def terminated(sql: str) -> str:
    """A statement with its semicolon, on a line of its own where the last one could end in a comment."""
    return f"{sql}\n;" if "--" in sql.rpartition("\n")[2] else f"{sql};"


def plan_markdown(report: PlanReport) -> str:
    """The dry run for a review comment."""
    parts = [f"### Plan to {code(report.target.rev)}" if report.target else "### Plan"]
    for number, group in enumerate(report.groups):
        mine = [each for each in report.statements if each.group == number]
        who = ", ".join(code(name) for name in group.tenants)
        parts.append(f"**{count(len(group.tenants), 'tenant')}**, {_GROUPS[group.status]}: {who}")
        if group.error:
            parts.append(f"Error: {code(group.error)}")
        if group.changes:
            parts.append("\n".join(change_table(group.changes)))
        if mine:
            parts.append(fenced("\n".join([*map(terminated, group.preparation), *_lines(mine)]), "sql"))
        if group.proof is not UNSET:
            parts.append("Proven" if group.proof.proven else f"**Not proven**: {code(group.proof.why or '')}")
        if group.stopping:
            parts.append(f"Stops unless allowed: {', '.join(code(each) for each in group.stopping)}")
        parts += [f"{code(note.code)}: {code(note.message)}" for note in group.diagnostics]
    parts += unreachable_markdown(report.unreachable)
    return "\n\n".join(parts)


def _lines(statements: Iterable[StatementItem]) -> Iterator[str]:
    last = 1
    for each in statements:
        if each.transaction != last:
            last = each.transaction
            yield f"-- transaction {last}"
        yield terminated(each.sql)


def unreachable_markdown(databases: Iterable[DatabaseItem]) -> Iterator[str]:
    """The same for a review comment."""
    for each in databases:
        yield f"**Not reachable**: database {code(each.database)}: {code(each.error)}"


def apply_text(report: ApplyReport) -> str:
    """A line for each tenant, then the sum."""
    lines = [*(_result(each) for each in report.tenants), *unreachable(report.unreachable)]
    return "\n".join([*lines, apply_summary(report.tenants, executed=report.executed), f"run {report.run}"])


def _result(each: TenantResult) -> str:
    paint = {"applied": good, "in_sync": good, "failed": bad}.get(each.status, warn)
    line = f"{paint(_said(each).replace('_', ' '))} {terminal(each.tenant)}"
    if each.status == "applied":
        line += faint(f"  {short(each.source)} → {short(each.target)}, {each.seconds:.2f} s")
    if each.error:
        line += f": {terminal(each.error)}"
        line += f"\n         hint: {terminal(each.hint)}" if each.hint else ""
    return line


def _said(each: TenantResult) -> str:
    """The status in a word for people: a tenant that was left alone for a reason was refused."""
    return "refused" if each.status == "untouched" and each.error else each.status


def apply_summary(results: Iterable[TenantResult], *, executed: bool = True) -> str:
    """`4 applied, 1 failed`, in the order in which people ask."""
    statuses = [_said(each) for each in results]
    order = ("applied", "in_sync", "failed", "refused", "skipped", "untouched")
    counted = [(status, statuses.count(status)) for status in order if status in statuses]
    said = ", ".join(f"{number} {status.replace('_', ' ')}" for status, number in counted)
    return (said or "no tenants") + ("" if executed else " (dry run, nothing was changed)")


def group_table(groups: Iterable[GroupItem]) -> str:
    """One line a group: state, how many, who, and by how much it differs; where they differ, also from what."""
    listed = list(groups)
    several = len({_rev(group) for group in listed if group.target is not UNSET}) > 1
    rows = []
    for group in listed:
        paint = {"in_sync": good, "differs": warn}.get(group.status, bad)
        says = terminal(group.error) if group.error else count(len(group.changes), "change")
        says = "" if group.status == "in_sync" else says
        rows.append(
            [
                short(group.fingerprint),
                str(len(group.tenants)),
                paint(_GROUPS[group.status]),
                *([_rev(group) or "-"] if several else []),
                names(group.tenants),
                says,
            ]
        )
    return table(rows, ("state", "n", "is", *(["against"] if several else []), "tenants", "by"))


def group_details(groups: Iterable[GroupItem], *, whole: bool) -> Iterator[str]:
    """What each group lacks of its target, and what else is to be known of it, below its tenants' names: by object,
    or with `whole` by field. The names are said once: they can be long, and notes many.
    """
    lines = change_lines if whole else change_summary
    for group in groups:
        if group.changes:
            # An arrow as in a plan: `+` is what the tenant would get, not what it has.
            yield strong(f"{names(group.tenants)}: {short(group.fingerprint)} → {_rev(group)}")
        elif group.hint or group.diagnostics:
            yield strong(f"{names(group.tenants)}:")
        yield from lines(group.changes, "  ")
        if group.hint:
            yield f"  hint: {terminal(group.hint)}"
        for note in group.diagnostics:
            yield warn(f"  {terminal(note.code)}: {terminal(note.message)}")
