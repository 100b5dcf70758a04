"""Where a new tenant's file belongs."""

from __future__ import annotations

from pathlib import Path

import pytest

from schema_sync import SQLiteAdapter, TenantContext
from schema_sync.errors import ConfigError


async def test_a_new_tenant_is_found_again_by_its_name(tmp_path: Path) -> None:
    adapter = SQLiteAdapter(f"sqlite:{tmp_path}/t*.db")
    await adapter.create_tenant(TenantContext("t1", "main"))
    assert [tenant.name for tenant in await adapter.list_tenants()] == ["t1"]
    assert (tmp_path / "t1.db").exists()


async def test_a_name_that_the_pattern_would_not_find_is_refused(tmp_path: Path) -> None:
    adapter = SQLiteAdapter(f"sqlite:{tmp_path}/t*.db")
    with pytest.raises(ConfigError, match=r"acme\.db would not be found"):
        await adapter.create_tenant(TenantContext("acme", "main"))
    assert list(tmp_path.iterdir()) == []
