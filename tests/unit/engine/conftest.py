"""An engine over a place, with a configuration and a store of its own."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from schema_sync import Engine
from schema_sync.store import create_store
from tests.unit.places import Place

Open = Callable[..., Engine]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty home: no configuration of the user's reaches Git."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest_asyncio.fixture
async def opened(place: Place, tmp_path: Path) -> AsyncIterator[Open]:
    """Writes a configuration with `[apply]` as given, and opens an engine with it; the store is made once."""
    async with create_store(tmp_path / "store"):
        pass
    async with AsyncExitStack() as stack:
        engines: list[Engine] = []

        def make(*, ignore: tuple[str, ...] = (), **apply: Any) -> Engine:
            options = {"lock_timeout": "200ms", "jobs": 2, **apply}
            lines = [
                f"ignore = {json.dumps(ignore)}",
                '[store]\npath = "store"',
                f'[[database]]\nname = "main"\nurl = {json.dumps(place.url)}\nrelease = "v2"',
                "[apply]",
                *(f"{key} = {json.dumps(value)}" for key, value in options.items()),
            ]
            file = tmp_path / "schema-sync.toml"
            file.write_text("\n".join(lines))
            engines.append(Engine.open(file))
            stack.push_async_callback(engines[-1].close)
            return engines[-1]

        yield make


@pytest.fixture
def engine(opened: Open) -> Engine:
    """An engine with the usual configuration."""
    return opened()
