"""Places for tenants, of each engine."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from schema_sync.model.snapshot import Snapshot
from tests.unit.places import V1, V2, Place, PostgresPlace, SQLitePlace


@pytest_asyncio.fixture(params=["sqlite", "postgres"])
async def place(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    """An empty database of each engine."""
    found: Place
    if request.param == "sqlite":
        found = SQLitePlace(request.getfixturevalue("sqlite_dir"))
    else:
        found = PostgresPlace(request.getfixturevalue("postgres_url"))
    yield found
    await found.adapter.close()


@pytest_asyncio.fixture
async def target(place: Place) -> Snapshot:
    """What tenants are to become; a tenant `model` has it."""
    return await place.read(place.make("model", V1, V2))
