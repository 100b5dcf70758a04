"""What a schema needs outside of its tenant: whether a database has it, and a scratch database that does.

A database's own things (extensions, roles, servers) are named by a snapshot; objects of shared schemas come with their
definitions. On a live database what is missing or different is said, and never made good without being asked for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from schema_sync.diff import diff
from schema_sync.engine.groups import Group
from schema_sync.errors import AlreadyExists, Refused, TenantFailed, UsageError
from schema_sync.model.change import Altered
from schema_sync.model.plan import Plan, Statement
from schema_sync.model.report import Lack, TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.protocols import DatabaseAdapter
from schema_sync.run import InOrder


async def lacks(adapter: DatabaseAdapter, snapshot: Snapshot, tenant: TenantContext | None = None) -> list[Lack]:
    """What a snapshot needs outside of its tenant and a database has not, or has differently.

    Definitions are compared where both are spelled alike; else it is enough that there is an object of the name.
    """
    found = await adapter.missing(snapshot.wants, snapshot.places, tenant) if snapshot.wants else []
    if not snapshot.furniture:
        return found
    there = (await adapter.surroundings()).furniture
    for name, schema in snapshot.furniture.items():
        here = there.get(name, Snapshot(snapshot.dialect))
        said = [lack.need for lack in found]
        found += [lack for lack in _different(name, schema, here) if not _is_said(name, lack, said)]
    return found


def _different(name: str, schema: Snapshot, here: Snapshot) -> Iterable[Lack]:
    """Objects that are missing, each without what is its own, and such as are others."""
    missing = {ident for ident in schema.objects if ident not in here}
    for ident in sorted(missing, key=lambda each: each.text):
        if ident.owner not in missing:
            yield Lack(need=f"{name}: {ident.text}")
    if schema.spelling != here.spelling:
        return
    common = here.replace(objects=[here[ident] for ident in schema.objects if ident in here])
    for change in diff(common, schema.replace(objects=[obj for obj in schema if obj.ident in here])):
        if isinstance(change, Altered):
            differs = tuple(each.field for each in change.fields)
            yield Lack(need=f"{name}: {change.ident.text}", differs=differs)


def _is_said(name: str, lack: Lack, said: Sequence[str]) -> bool:
    """Whether another line names the very object, in the server's own words."""
    words = lack.need.removeprefix(f"{name}: ").rpartition("/")[2]
    return not lack.differs and any(line.endswith(f" {name}.{words}") for line in said)


def refusal(database: str, those: Sequence[Lack]) -> Refused:
    """The error for a database that lacks what a version needs."""
    text = "; ".join(lack.message for lack in those)
    hint = "bring the database in step with the one that the version was captured from, and run this again"
    if all(lack.remedies for lack in those):
        hint = "--create-extensions installs what the server has ready"
    return Refused(f"{database} lacks what the version needs outside of its tenants: {text}", hint=hint)


async def prepare_groups(
    adapters: Mapping[str, DatabaseAdapter], groups: Iterable[Group], *, installs: bool
) -> list[Group]:
    """The groups, with what the database of those lacks that are not at their target: as an error, or where that is no
    more than to install extensions and `installs` says so, as what is to be run first. Each target is asked for once.

    A tenant that lacks what each has of its own is a group by itself.
    """
    known: dict[tuple[str, int], list[Lack]] = {}
    found: list[Group] = []
    for group in groups:
        found.append(group)
        if group.in_step or group.error is not None or group.target.error is not None:
            continue
        database, snapshot = group.tenants[0].database, group.target.snapshot
        key = (database, id(snapshot))
        if key not in known:
            known[key] = await lacks(adapters[database], snapshot)
        if not known[key]:
            found[-1:] = await _apart(adapters[database], group)
        elif installs and all(lack.remedies for lack in known[key]):
            group.preparation = remedies(known[key])
            found[-1:] = await _apart(adapters[database], group)
        else:
            group.error = refusal(database, known[key])
    return found


async def _apart(adapter: DatabaseAdapter, group: Group) -> list[Group]:
    """The group without the tenants that lack something of their own, and these one by one."""
    lost = await adapter.missing_of_own(group.target.snapshot.wants, group.tenants)
    able = [tenant for tenant in group.tenants if tenant not in lost]
    found = [replace(group, tenants=able, failures={})] if able else []
    return found + [
        replace(group, tenants=[tenant], failures={}, preparation=(), error=_own_refusal(tenant, lost[tenant]))
        for tenant in group.tenants
        if tenant in lost
    ]


def _own_refusal(tenant: TenantContext, those: Sequence[Lack]) -> Refused:
    text = "; ".join(lack.message for lack in those)
    return Refused(f"{tenant.id} lacks what the version needs: {text}", hint="make it, and run this again")


def remedies(those: Iterable[Lack]) -> tuple[Statement, ...]:
    """The statements that provide what is lacking, in order."""
    return tuple(statement for lack in those for statement in lack.remedies)


async def supply(
    adapter: DatabaseAdapter,
    snapshot: Snapshot,
    tenant: TenantContext,
    *,
    installs: bool,
    furnishes: bool,
    announce: Callable[[Sequence[Statement]], None],
) -> None:
    """Let a database have what a snapshot needs outside of its tenant, as far as that was asked for.

    `announce` is told what is about to be run.

    Raises:
        Refused: it lacks more, or has something differently; nothing was made.
    """
    found = await lacks(adapter, snapshot, tenant)
    rest = [lack for lack in found if not lack.remedies or not (installs or furnishes)]
    if furnishes:
        hopeless = {lack.need for lack in await adapter.missing(_bare(snapshot), {}, tenant) if not lack.remedies}
        rest = [lack for lack in rest if lack.differs or lack.need in hopeless]
    if rest:
        raise refusal(adapter.name, rest)
    wanted = [*remedies(found)]
    if furnishes:
        around = (await adapter.surroundings()).furniture
        for name, schema in snapshot.furniture.items():
            here = around.get(name, Snapshot(schema.dialect))
            wanted += (await additions(adapter, here, schema)).statements
    if wanted:
        announce(wanted)
        await (furnish(adapter, snapshot, tenant) if furnishes else adapter.prepare(wanted))


def _bare(snapshot: Snapshot) -> list[str]:
    """Of what is needed, the lines that no definition stands for: those that name nothing in a shared schema."""
    marks = [f" {mark}{name}{mark}." for name in snapshot.furniture for mark in ("", '"')]
    return [line for line in snapshot.wants if not any(mark in line for mark in marks)]


@asynccontextmanager
async def furnished(
    adapter: DatabaseAdapter, *snapshots: Snapshot, tenant: str | None = None
) -> AsyncIterator[DatabaseAdapter]:
    """A scratch database in which a tenant of these snapshots can be made; gone with the block.

    `tenant` is what it will be called, where it may have something outside of itself that bears its name.

    Raises:
        Unreachable: no scratch database can be made.
        Refused: something that is needed cannot be made there, by name.
    """
    async with adapter.scratch() as scratch:
        for snapshot in snapshots:
            await furnish(scratch, snapshot, None if tenant is None else TenantContext(tenant, scratch.name))
        yield scratch


async def furnish(adapter: DatabaseAdapter, snapshot: Snapshot, tenant: TenantContext | None = None) -> None:
    """Make what a snapshot needs outside of its tenant, and what is not there yet; what is there stays as it is.

    Raises:
        Refused: something cannot be made, by name.
    """
    found = await adapter.missing(snapshot.wants, snapshot.places, tenant)
    await adapter.prepare([statement for lack in found for statement in lack.remedies])
    waiting = dict(snapshot.furniture)
    while waiting:
        made = [name for name, schema in waiting.items() if await _make(adapter, name, schema, last=len(waiting) == 1)]
        if not made:
            raise Refused(f"the shared schemas {', '.join(waiting)} need one another, and none can be made first")
        for name in made:
            del waiting[name]
    left = await adapter.missing(snapshot.wants, snapshot.places, tenant)
    if left:
        raise Refused(
            f"a scratch database cannot have what the schema needs: {'; '.join(lack.message for lack in left)}",
            hint="make it on the server of the scratch databases ([postgres] scratch_url)",
        )


async def elaborate(adapter: DatabaseAdapter, scripts: Sequence[str], approved: Snapshot | None) -> Snapshot:
    """What scripts make of an empty tenant in a scratch database that has all that the adapter's own database shares,
    and what the approved schema needs beyond that.

    Where the shared schemas cannot be copied as a whole, the scripts may still do without.

    Raises:
        UsageError: the database does not accept a script.
        Unreachable: no scratch database can be made.
    """
    around = await adapter.surroundings()
    if not around.furniture and (approved is None or not approved.furniture):
        return await adapter.elaborate(scripts)
    wanted = [around, approved] if approved is not None and approved.dialect == adapter.dialect else [around]
    try:
        async with furnished(adapter, *wanted) as scratch:
            return await scratch.elaborate(scripts)
    except (Refused, TenantFailed) as why:
        try:
            return await adapter.elaborate(scripts)
        except UsageError as error:
            raise UsageError(error.message, hint=f"the shared schemas could not be copied: {why.message}") from error


async def _make(adapter: DatabaseAdapter, name: str, schema: Snapshot, *, last: bool) -> bool:
    """Make a shared schema as if it were a tenant; whether it could be made without those that are not there yet."""
    place = TenantContext(name, adapter.name)
    with suppress(AlreadyExists):
        await adapter.create_tenant(place)
    here = (await adapter.surroundings()).furniture.get(name, Snapshot(schema.dialect))
    try:
        await replay(adapter, place, await additions(adapter, here, schema))
    except TenantFailed:
        if last:
            raise
        return False
    return True


async def additions(adapter: DatabaseAdapter, here: Snapshot, schema: Snapshot) -> Plan:
    """The plan that makes what is missing of a shared schema, and leaves alone what is there."""
    from schema_sync.plan import Planner  # late: looking at history needs no planner

    server = await adapter.server()
    fresh = [obj for obj in schema if obj.ident not in here]
    whole = schema.replace(
        objects=[*here, *fresh],
        spelling=here.spelling or schema.spelling,
        needs={**schema.needs, **here.needs},
        order={**schema.order, **here.order},
    )
    return Planner(adapter.kinds, server=server.version).plan(here, whole)


async def replay(adapter: DatabaseAdapter, tenant: TenantContext, plan: Plan) -> Snapshot:
    """Run a plan without holding the result against anything, and commit; what it made.

    It is for what cannot be known beforehand: how a server spells what another one wrote.
    """
    async with adapter.acquire_lock(tenant) as session:
        await InOrder().execute(session, plan.statements)
        after = await session.inspect()
        await session.commit()
        return after
