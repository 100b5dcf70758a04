"""The answer of `check` for build servers: JUnit XML, SARIF, and GitHub's workflow commands.

A group of tenants in one state differs in one way, so what differs is said once for each tenant, where these formats
want one entry for each.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from schema_sync.cli.escape import github_data, github_property, json_text, terminal, xml, xml_attribute
from schema_sync.cli.render.changes import change_lines
from schema_sync.cli.reports import FleetReport, GroupItem

_READ: Final = ("in_sync", "differs", "refused")
_SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def reason(group: GroupItem, target: str) -> str:
    """Why a group is not in step, on one line."""
    if group.error:
        return group.error
    first = ", ".join(f"{change.action} {change.ident}" for change in group.changes[:5])
    rest = len(group.changes) - 5
    return f"differs from {target}: {first}" + (f" and {rest} more" if rest > 0 else "")


def junit(report: FleetReport, version: str) -> str:
    """One test case a tenant: a failure where it differs, an error where it could not be read."""
    del version
    target = report.target.rev if report.target else "its version"
    total = report.in_sync + report.differs + report.unread
    head = f'tests="{total}" failures="{report.differs}" errors="{report.unread}"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites><testsuite name="schema-sync check" {head}>']
    for group in report.groups:
        for tenant in group.tenants:
            lines += _case(tenant, group, target)
    return "\n".join([*lines, "</testsuite></testsuites>"])


def _case(tenant: str, group: GroupItem, target: str) -> Iterator[str]:
    opening = f'<testcase classname="tenants" name={xml_attribute(tenant)}'
    if group.status == "in_sync":
        yield f"{opening}/>"
        return
    tag = "failure" if group.status in _READ else "error"
    yield f"{opening}><{tag} message={xml_attribute(reason(group, target))}>"
    yield from (xml(_plain(line)) for line in change_lines(group.changes))
    yield f"</{tag}></testcase>"


def _plain(line: str) -> str:
    """A text line without its colours: what it holds of the database is escaped, so any ESC in it is ours."""
    from click import unstyle

    return unstyle(line)


def github(report: FleetReport, version: str) -> str:
    """An `::error` for each tenant that is not in step, and a closing notice."""
    del version
    target = report.target.rev if report.target else "its version"
    lines = []
    for group in report.groups:
        if group.status == "in_sync":
            continue
        for tenant in group.tenants:
            title = github_property(f"schema-sync: {tenant}")
            lines.append(f"::error title={title}::{github_data(f'{tenant} {reason(group, target)}')}")
    said = f"{report.in_sync} in step, {report.differs} different, {report.unread} not read"
    return "\n".join([*lines, f"::notice title=schema-sync::{github_data(said)}"])


def sarif(report: FleetReport, version: str) -> str:
    """SARIF 2.1.0: a result for each tenant that is not in step; objects are logical locations."""
    target = report.target.rev if report.target else "its version"
    results = [
        _result(tenant, group, target)
        for group in report.groups
        if group.status != "in_sync"
        for tenant in group.tenants
    ]
    rules = [
        {"id": "drift", "shortDescription": {"text": "A tenant's schema is not that of its version"}},
        {"id": "unread", "shortDescription": {"text": "A tenant's schema could not be read"}},
    ]
    driver = {"name": "schema-sync", "version": version, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json_text(json.dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2))


def _result(tenant: str, group: GroupItem, target: str) -> dict[str, Any]:
    places = [{"fullyQualifiedName": f"{tenant}/{change.ident}", "kind": "object"} for change in group.changes]
    return {
        "ruleId": "drift" if group.status in _READ else "unread",
        "level": "error",
        "message": {"text": terminal(f"{tenant} {reason(group, target)}")},
        "locations": [{"logicalLocations": places or [{"fullyQualifiedName": tenant, "kind": "namespace"}]}],
        "partialFingerprints": {"state/v1": f"{tenant}:{group.fingerprint or ''}"},
    }
