"""Whose users must not be kept waiting while a plan runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schema_sync.config import Config, Online
from schema_sync.engine.groups import Group
from schema_sync.model.ident import Ident
from schema_sync.protocols import DatabaseAdapter


@dataclass(frozen=True)
class Onlookers:
    """Chooses the objects of a group that are changed in steps which keep nobody waiting.

    `asked` is what this call wants, and `None` what is configured for the group's database.
    """

    config: Config
    adapters: Mapping[str, DatabaseAdapter]
    asked: Online | None = None

    async def of(self, group: Group) -> frozenset[Ident]:
        """The top-level objects of the group's state: none, all, or those that are above the configured size in any
        of its tenants, which are asked for it then.

        Raises:
            Unreachable: the server cannot be reached.
        """
        adapter = self.adapters[group.tenants[0].database]
        section = self.config.postgres
        mode = self.asked or (section.online if adapter.dialect == "postgresql" else "off")
        if mode == "off" or group.diff.is_empty:
            return frozenset()
        tops = frozenset(obj.ident for obj in group.snapshot if obj.owner is None)
        if mode == "on":
            return tops
        sizes = await adapter.sizes(group.tenants)
        return frozenset(ident for ident in tops if sizes.get(ident, 0) > section.online_above)
