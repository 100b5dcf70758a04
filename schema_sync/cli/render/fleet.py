"""The fleet at a glance: tenants, drift by state, and what is recorded. Text and Markdown."""

from __future__ import annotations

from schema_sync.cli.escape import code, terminal
from schema_sync.cli.render.changes import change_table
from schema_sync.cli.render.paint import bad, count, faint, good, short, table, warn
from schema_sync.cli.render.plans import group_details, group_table, unreachable, unreachable_markdown
from schema_sync.cli.reports import FleetReport, StatusReport, TenantsReport


def tenants_text(report: TenantsReport) -> str:
    """One line a tenant."""
    if not report.tenants:
        return "\n".join(unreachable(report.unreachable)) or "no tenants"
    rows = [
        [terminal(each.tenant), terminal(each.version) if each.version else "-", short(each.observed)]
        for each in report.tenants
    ]
    return "\n".join([table(rows, ("tenant", "version", "last seen as")), *unreachable(report.unreachable)])


def fleet_text(report: FleetReport, *, whole: bool = False) -> str:
    """The groups, what each differs by, and the sum; by object, or with `whole` by field."""
    lines = [group_table(report.groups)] if report.groups else []
    lines += group_details(report.groups, whole=whole)
    return "\n".join([*lines, *unreachable(report.unreachable), fleet_sum(report)])


def fleet_sum(report: FleetReport) -> str:
    """`5 tenants: 3 in step, 1 differs, 1 could not be read`."""
    total = report.in_sync + report.differs + report.unread
    said = [good(f"{report.in_sync} in step")] if report.in_sync else []
    if report.differs:
        said.append(warn(f"{report.differs} {'differs' if report.differs == 1 else 'differ'}"))
    if report.unread:
        said.append(bad(f"{report.unread} could not be read"))
    if report.unreachable:
        said.append(bad(f"and {count(len(report.unreachable), 'database')} not reached"))
    target = f" against {terminal(report.target.rev)}" if report.target else ""
    return f"{count(total, 'tenant')}{target}: {', '.join(said) or 'none'}"


def fleet_markdown(report: FleetReport) -> str:
    """The groups and what each differs by, for a review comment."""
    target = f" against {code(report.target.rev)}" if report.target else ""
    total = report.in_sync + report.differs + report.unread
    parts = [
        f"### {count(total, 'tenant')}{target}: {report.in_sync} in step, "
        f"{report.differs} different, {report.unread} not read"
    ]
    for group in report.groups:
        who = ", ".join(code(name) for name in group.tenants)
        parts.append(f"**{short(group.fingerprint)}** {group.status.replace('_', ' ')}: {who}")
        if group.error:
            parts.append(f"Error: {code(group.error)}")
        if group.changes:
            parts.append("\n".join(change_table(group.changes)))
    parts += unreachable_markdown(report.unreachable)
    return "\n\n".join(parts)


def status_text(report: StatusReport) -> str:
    """How many tenants are recorded at which version."""
    if not report.tenants:
        return f"{terminal(report.store)}: no tenant is recorded yet"
    rows = [
        [terminal(each.version) if each.version else "no version", str(each.tenants), _drifted(each.drifted)]
        for each in report.versions
    ]
    head = f"{count(report.tenants, 'tenant')} in {count(report.states, 'state')}, as last recorded"
    lines = [head, table(rows, ("version", "tenants", "drifted"))]
    if report.last_run is not None and report.last_time is not None:
        when = f"{report.last_time[:16].replace('T', ' ')} UTC"
        lines.append(faint(f"last recorded {when} by run {terminal(report.last_run)}"))
    return "\n".join(lines)


def _drifted(number: int) -> str:
    return warn(str(number)) if number else good("0")
