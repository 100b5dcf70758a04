"""From what the engine answers to what is reported: the model's objects as the shapes of `reports`. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

import msgspec

from schema_sync.cli.reports import (
    Action,
    ChangeItem,
    DatabaseItem,
    FieldPair,
    GroupItem,
    Note,
    ObjectItem,
    PartItem,
    ProofItem,
    Revision,
    State,
    StatementItem,
    TenantResult,
    VersionItem,
)
from schema_sync.errors import Refused, SchemaSyncError, TenantBusy, Unreachable
from schema_sync.model.change import Added, Altered, Change, Diff, FieldChange, Removed, Renamed

if TYPE_CHECKING:
    from schema_sync.engine import Group
    from schema_sync.engine.converge import Policy
    from schema_sync.engine.groups import Capture, Discovery, Target
    from schema_sync.model.objects import SchemaObject
    from schema_sync.model.plan import Plan
    from schema_sync.model.report import Diagnostic, Proof, SyncResult
    from schema_sync.model.snapshot import Snapshot
    from schema_sync.protocols import Version


_ACTIONS: Final[Mapping[type[Change], Action]] = {
    Added: "add",
    Removed: "remove",
    Altered: "alter",
    Renamed: "rename",
}


def changes(diff: Diff) -> tuple[ChangeItem, ...]:
    """The changes of a diff, in its order."""
    return tuple(_change(change) for change in diff)


def _change(change: Change) -> ChangeItem:
    ident = change.ident
    match change:
        case Added(new=new):
            pairs = {name: FieldPair(new=value) for name, value in meaning(new).items()}
        case Removed(old=old):
            pairs = {name: FieldPair(old=value) for name, value in meaning(old).items()}
        case Altered(fields=fields) | Renamed(fields=fields):
            pairs = _pairs(fields)
    return ChangeItem(
        action=_ACTIONS[type(change)],
        kind=ident.kind,
        object=ident.top.text,
        object_kind=ident.top.kind,
        name=ident.name,
        ident=ident.text,
        old_ident=change.old.ident.text if isinstance(change, Renamed) else msgspec.UNSET,
        fields=pairs,
    )


def _pairs(fields: Iterable[FieldChange]) -> dict[str, FieldPair]:
    return {
        each.field: FieldPair(old=msgspec.to_builtins(each.old), new=msgspec.to_builtins(each.new)) for each in fields
    }


def meaning(obj: SchemaObject) -> dict[str, Any]:
    """The fields of an object that are not at their default, as plain data."""
    fields: dict[str, Any] = msgspec.to_builtins(obj)
    fields.pop("ident", None)
    return fields


def statements(plan: Plan, group: int | None = None) -> tuple[StatementItem, ...]:
    """The statements of a plan, in order."""
    return tuple(
        StatementItem(
            sql=each.sql,
            object=each.object,
            parts=tuple(PartItem(action=part.action, object=part.object) for part in each.parts),
            hazards=tuple(str(hazard) for hazard in each.hazards),
            lock=each.lock,
            in_transaction=each.in_transaction,
            transaction=each.segment + 1,
            note=each.note,
            group=msgspec.UNSET if group is None else group,
        )
        for each in plan.statements
    )


def notes(diagnostics: Iterable[Diagnostic]) -> tuple[Note, ...]:
    """Diagnostics as they are reported."""
    return tuple(Note(code=each.code, object=each.object, message=each.message) for each in diagnostics)


def objects(snapshot: Snapshot) -> tuple[ObjectItem, ...]:
    """All objects of a snapshot: each top-level one by text, behind it what belongs to it, in the layout's order."""
    found: list[ObjectItem] = []

    def add(obj: SchemaObject) -> None:
        ident = obj.ident
        found.append(ObjectItem(kind=ident.kind, ident=ident.text, name=ident.name, fields=meaning(obj)))
        for child in snapshot.children(ident):
            add(child)

    for obj in snapshot:
        if obj.owner is None:
            add(obj)
    return tuple(found)


def result(outcome: SyncResult) -> TenantResult:
    """How one tenant came out of a run."""
    return TenantResult(
        tenant=outcome.tenant.id,
        status=outcome.status.value,
        source=outcome.old or None,
        target=outcome.new or None,
        seconds=round(outcome.seconds, 3),
        changes=outcome.diff.change_count,
        statements=len(outcome.plan.statements),
        error=outcome.error,
        hint=outcome.hint,
        notices=notes(outcome.notices),
    )


def version(found: Version, refs: Mapping[str, str] | None = None) -> VersionItem:
    """A version of the store, with the tags and branches that point at it."""
    at = [name for name, commit in (refs or {}).items() if commit == found.id]
    return VersionItem(
        commit=found.id,
        fingerprint=found.fingerprint,
        author=found.author,
        time=found.time.astimezone(UTC).isoformat(timespec="seconds"),
        subject=found.subject,
        tags=tuple(name.removeprefix("refs/tags/") for name in at if name.startswith("refs/tags/")),
        branches=tuple(name.removeprefix("refs/heads/") for name in at if name.startswith("refs/heads/")),
    )


def target(found: Target) -> Revision:
    """What tenants are held against."""
    return Revision(
        rev=found.rev,
        fingerprint=found.snapshot.fingerprint,
        commit=msgspec.UNSET if found.version is None else found.version.id,
    )


def revision(rev: str, found: Target | Version) -> Revision:
    """A revision as it was asked for, and what it is."""
    from schema_sync.protocols import Version

    if not isinstance(found, Version):
        return target(found)
    return Revision(rev=rev, fingerprint=found.fingerprint, commit=found.id)


def common_target(targets: Iterable[Target]) -> Revision | None:
    """The one target of all; `None` where some are to be something else than others."""
    distinct = {found.rev: found for found in targets}
    return target(next(iter(distinct.values()))) if len(distinct) == 1 else None


def unreachable(found: Discovery) -> tuple[DatabaseItem, ...]:
    """The databases that could not be asked, by name."""
    return tuple(
        DatabaseItem(database=name, error=error.message, hint=error.hint)
        for name, error in sorted(found.unreachable.items())
    )


def group(found: Group, policy: Policy | None = None) -> GroupItem:
    """Tenants in one state; with a policy also what of their plan it does not allow."""
    plan = found.plan
    return GroupItem(
        fingerprint=found.snapshot.fingerprint,
        tenants=tuple(tenant.id for tenant in found.tenants),
        status=_status(found.error, in_step=found.in_step),
        target=target(found.target),
        changes=changes(found.diff),
        preparation=tuple(each.sql for each in found.preparation),
        plan=msgspec.UNSET if plan is None else plan.id,
        hazards=() if plan is None else tuple(str(each) for each in plan.hazards),
        stopping=() if plan is None or policy is None else tuple(str(each) for each in policy.refused(plan)),
        atomic=msgspec.UNSET if plan is None else plan.is_atomic,
        proof=msgspec.UNSET if found.proof is None else _proof(found.proof),
        error=None if found.error is None else found.error.message,
        hint=None if found.error is None else found.error.hint,
        diagnostics=notes(dict.fromkeys((*found.snapshot.diagnostics, *found.notices))),
    )


def _proof(found: Proof) -> ProofItem:
    return ProofItem(proven=found.proven, why=found.why, rows=found.rows, notes=found.notes)


def unread(capture: Capture) -> tuple[GroupItem, ...]:
    """The tenants that could not be read, each by itself, since each has words of its own."""
    return tuple(
        GroupItem(
            fingerprint=None,
            tenants=(tenant.id,),
            status=_status(error, in_step=False),
            error=error.message,
            hint=error.hint,
        )
        for tenant, error in sorted(capture.failures.items())
    )


def _status(error: SchemaSyncError | None, *, in_step: bool) -> State:
    match error:
        case None:
            return "in_sync" if in_step else "differs"
        case Refused():
            return "refused"
        case TenantBusy():
            return "busy"
        case Unreachable():
            return "unreachable"
        case _:
            return "failed"
