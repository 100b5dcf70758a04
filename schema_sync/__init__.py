"""schema-sync keeps the schemas of many tenants in step, with Git as the store.

::

    async with Engine.open("schema-sync.toml") as engine:
        result = await engine.sync_tenant(TenantContext("globex"), "v2", execute=True)

What stands in `__all__` is the public face; it is imported when it is first used, so that a program that only looks
at history loads no driver. The contracts that any part can be replaced by are in `schema_sync.protocols`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

__version__ = "0.1.0"

if TYPE_CHECKING:
    from schema_sync.adapters.postgres import PostgresAdapter
    from schema_sync.adapters.sqlite import SQLiteAdapter
    from schema_sync.config import Config
    from schema_sync.engine import Commit, Engine, Group
    from schema_sync.errors import SchemaSyncError
    from schema_sync.model.change import Diff
    from schema_sync.model.ident import Ident
    from schema_sync.model.plan import Hazard, Plan, Statement
    from schema_sync.model.report import Diagnostic, Status, SyncResult, TenantContext
    from schema_sync.model.snapshot import Snapshot
    from schema_sync.store import GitStore

_HOMES: Final = {
    "Commit": "schema_sync.engine",
    "Config": "schema_sync.config",
    "Diagnostic": "schema_sync.model.report",
    "Diff": "schema_sync.model.change",
    "Engine": "schema_sync.engine",
    "GitStore": "schema_sync.store",
    "Group": "schema_sync.engine",
    "Hazard": "schema_sync.model.plan",
    "Ident": "schema_sync.model.ident",
    "Plan": "schema_sync.model.plan",
    "PostgresAdapter": "schema_sync.adapters.postgres",
    "SQLiteAdapter": "schema_sync.adapters.sqlite",
    "SchemaSyncError": "schema_sync.errors",
    "Snapshot": "schema_sync.model.snapshot",
    "Statement": "schema_sync.model.plan",
    "Status": "schema_sync.model.report",
    "SyncResult": "schema_sync.model.report",
    "TenantContext": "schema_sync.model.report",
}

__all__ = [
    "Commit",
    "Config",
    "Diagnostic",
    "Diff",
    "Engine",
    "GitStore",
    "Group",
    "Hazard",
    "Ident",
    "Plan",
    "PostgresAdapter",
    "SQLiteAdapter",
    "SchemaSyncError",
    "Snapshot",
    "Statement",
    "Status",
    "SyncResult",
    "TenantContext",
    "__version__",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)
