"""What a plan brings into tenants that people should know, and that no plan can tell by itself.

A version is the same for every fleet: whether a name in one of its literals is a tenant's, only the fleet knows. So it
is no part of a plan, and none of its statements is another one for it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping

from schema_sync.engine.groups import Discovery, Group
from schema_sync.model.change import Removed
from schema_sync.model.report import outside
from schema_sync.protocols import DatabaseAdapter


async def notice(
    groups: Iterable[Group], adapters: Mapping[str, DatabaseAdapter], discover: Callable[[], Awaitable[Discovery]]
) -> None:
    """Give each group the notices of those objects which its plan creates or changes, and which name another tenant
    than the one that they are brought into. The fleet is asked for only where something may be a name.
    """
    for group in groups:
        if group.plan is None or group.in_step:
            continue
        adapter = adapters[group.tenants[0].database]
        named = [
            (change.ident.text, name, words)
            for change in group.diff
            if not isinstance(change, Removed)
            for name, words in adapter.mentioned(change.new).items()
        ]
        if not named:
            continue
        tenants = {tenant.name for tenant in (await discover()).tenants}
        own = {tenant.name for tenant in group.tenants}
        group.notices = tuple(
            outside(ident, words) for ident, name, words in named if name in tenants and own != {name}
        )
