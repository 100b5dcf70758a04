"""Tenants to go from one state to another."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.tenants import PostgresTenant, open_adapter


@pytest_asyncio.fixture
async def tenants(postgres_url: str) -> AsyncIterator[tuple[PostgresTenant, PostgresTenant]]:
    """Two empty tenants of one database."""
    adapter = open_adapter(postgres_url)
    pair = PostgresTenant(adapter, postgres_url, "t1"), PostgresTenant(adapter, postgres_url, "t10")
    for tenant in pair:
        tenant.create()
    yield pair
    await adapter.close()
