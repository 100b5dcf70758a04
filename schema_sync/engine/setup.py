"""A configuration -> the store and the adapters that it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from schema_sync import store as stores
from schema_sync.adapters import registry
from schema_sync.config import Config, Database, Store
from schema_sync.errors import UsageError
from schema_sync.model.report import TenantContext
from schema_sync.protocols import DatabaseAdapter, SnapshotStore


def open_store(config: Store, *, create: bool = False) -> SnapshotStore:
    """The configured store.

    Raises:
        StoreError: it is not there (and `create` is not given), or the folder holds something else.
    """
    return (stores.create_store if create else stores.open_store)(config.path, config.kind, config.branch)


def connect(database: Database, config: Config) -> DatabaseAdapter:
    """The adapter of a configured database; nothing is connected yet.

    Raises:
        ConfigError: no adapter is known for its URL, or its options make no sense.
    """
    dialect = registry.dialect_of(database.scheme)
    return registry.factory(dialect).configured(
        database.url,
        name=database.name,
        tenants=database.tenants,
        shared=database.shared,
        options=_options(dialect, config),
    )


def check_selected(tenant: TenantContext, config: Config) -> None:
    """Refuse a new tenant that its database's configuration would not select.

    Raises:
        UsageError: with what to do about it.
    """
    if any(each.name == tenant.database and not each.tenants.allows(tenant.name) for each in config.databases):
        raise UsageError(
            f"the configuration of {tenant.database} selects no tenant called {tenant.name}",
            hint=f"choose another name, or change `tenants` of {tenant.database}",
        )


def _options(dialect: str, config: Config) -> Mapping[str, Any]:
    """The dialect's own section, and the timeouts in seconds."""
    sections = {"postgresql": config.postgres, "sqlite": config.sqlite}
    section = sections.get(dialect)
    return {
        **(msgspec.structs.asdict(section) if section is not None else {}),
        "lock_timeout": config.apply.lock_timeout.total_seconds(),
        "statement_timeout": config.apply.statement_timeout.total_seconds(),
    }
