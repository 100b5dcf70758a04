"""`schema-sync status`: the fleet as the store remembers it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from schema_sync.cli.app import Command
from schema_sync.cli.invocation import invocation

if TYPE_CHECKING:
    from schema_sync.cli.reports import StatusReport
    from schema_sync.engine import Engine
    from schema_sync.protocols import FleetEntry


@click.command(cls=Command, examples="schema-sync status")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Show the fleet as last recorded.

    How many tenants are at which version, how many of them were different from it when last seen, and which run last
    changed the record. Asks no database: `audit` does.
    """
    from schema_sync.cli.render.fleet import status_text

    here = invocation(ctx)
    here.show(here.run(_report, databases=False), text=status_text)


async def _report(engine: Engine) -> StatusReport:
    from schema_sync.cli.commands.tenants import version_name
    from schema_sync.cli.reports import StatusReport, VersionCount

    fleet, refs, last = await engine.store.fleet(), await engine.store.refs(), await engine.store.last_run()
    tenants: Counter[str | None] = Counter()
    drifted: Counter[str | None] = Counter()
    for entry in fleet.values():
        name = version_name(entry.base, refs)
        tenants[name] += 1
        drifted[name] += await _is_drifted(engine, entry)
    return StatusReport(
        command="status",
        store=str(engine.config.store.path),
        branch=engine.config.store.branch,
        tenants=len(fleet),
        versions=tuple(
            VersionCount(version=name, tenants=number, drifted=drifted[name]) for name, number in tenants.most_common()
        ),
        states=len({entry.observed for entry in fleet.values()}),
        last_run=last.run if last is not None else None,
        last_time=last.time.isoformat(timespec="seconds") if last is not None else None,
    )


async def _is_drifted(engine: Engine, entry: FleetEntry) -> bool:
    """Whether a tenant, as last seen, is in another state than it should be, in whatever spelling."""
    if entry.base is None or entry.base.expected == entry.observed:
        return False
    return entry.observed not in (await engine.store.spellings(entry.base.expected)).values()
