"""The answer of `check` for build servers: JUnit XML, SARIF, and GitHub's workflow commands.

A group of tenants in one state differs in one way, so what differs is said once for each tenant, where these formats
want one entry for each.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from click import unstyle
from msgspec import UNSET

from schema_sync.cli.escape import github_data, github_property, json_text, terminal, xml, xml_attribute
from schema_sync.cli.render.changes import change_lines
from schema_sync.cli.reports import FleetReport, GroupItem

_READ: Final = ("in_sync", "differs", "refused")
_SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def entries(report: FleetReport) -> tuple[GroupItem, ...]:
    """The groups, and each database that could not be asked as if it were a tenant: a build must fail for it too."""
    lost = (
        GroupItem(fingerprint=None, tenants=(each.database,), status="unreachable", error=each.error, hint=each.hint)
        for each in report.unreachable
    )
    return (*report.groups, *lost)


def reason(group: GroupItem) -> str:
    """Why a group is not in step, on one line."""
    target = "its version" if group.target is UNSET else group.target.rev
    if group.error:
        return group.error
    first = ", ".join(f"{change.action} {change.ident}" for change in group.changes[:5])
    rest = len(group.changes) - 5
    return f"differs from {target}: {first}" + (f" and {rest} more" if rest > 0 else "")


def _sentence(tenant: str, group: GroupItem) -> str:
    """The reason with its tenant: an error is a sentence of its own, a difference is not."""
    return f"{tenant}: {group.error}" if group.error else f"{tenant} {reason(group)}"


def junit(report: FleetReport) -> str:
    """One test case a tenant: a failure where it differs, an error where it could not be read."""
    errors = report.unread + len(report.unreachable)
    total = report.in_sync + report.differs + errors
    head = f'tests="{total}" failures="{report.differs}" errors="{errors}"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites><testsuite name="schema-sync check" {head}>']
    for group in entries(report):
        for tenant in group.tenants:
            lines += _case(tenant, group)
    return "\n".join([*lines, "</testsuite></testsuites>"])


def _case(tenant: str, group: GroupItem) -> Iterator[str]:
    opening = f'<testcase classname="tenants" name={xml_attribute(tenant)}'
    if group.status == "in_sync":
        yield f"{opening}/>"
        return
    tag = "failure" if group.status in _READ else "error"
    yield f"{opening}><{tag} message={xml_attribute(reason(group))}>"
    yield from (xml(unstyle(line)) for line in change_lines(group.changes))
    yield f"</{tag}></testcase>"


def github(report: FleetReport) -> str:
    """An `::error` for each tenant that is not in step, and a closing notice."""
    lines = []
    for group in entries(report):
        if group.status == "in_sync":
            continue
        for tenant in group.tenants:
            title = github_property(f"schema-sync: {tenant}")
            lines.append(f"::error title={title}::{github_data(_sentence(tenant, group))}")
    unread = report.unread + len(report.unreachable)
    said = f"{report.in_sync} in step, {report.differs} different, {unread} not read"
    return "\n".join([*lines, f"::notice title=schema-sync::{github_data(said)}"])


def sarif(report: FleetReport, version: str) -> str:
    """SARIF 2.1.0: a result for each tenant that is not in step; objects are logical locations."""
    results = [
        _result(tenant, group) for group in entries(report) if group.status != "in_sync" for tenant in group.tenants
    ]
    rules = [
        {"id": "drift", "shortDescription": {"text": "A tenant's schema is not that of its version"}},
        {"id": "unread", "shortDescription": {"text": "A tenant's schema could not be read"}},
    ]
    driver = {"name": "schema-sync", "version": version, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json_text(json.dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2))


def _result(tenant: str, group: GroupItem) -> dict[str, Any]:
    places = [{"fullyQualifiedName": f"{tenant}/{change.ident}", "kind": "object"} for change in group.changes]
    return {
        "ruleId": "drift" if group.status in _READ else "unread",
        "level": "error",
        "message": {"text": terminal(_sentence(tenant, group))},
        "locations": [{"logicalLocations": places or [{"fullyQualifiedName": tenant, "kind": "namespace"}]}],
        "partialFingerprints": {"state/v1": f"{tenant}:{group.fingerprint or ''}"},
    }
