"""A process that brings a tenant to a target while its tables are used, for the tests of runs that are killed.

`python -m tests.acceptance.applying URL TENANT` reads the files of the target as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys

from schema_sync.engine import Engine
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.testing.memory import MemoryStore
from tests.tenants import open_adapter


async def main(url: str, name: str) -> None:
    """See the module."""
    adapter = open_adapter(url)
    files = {path: text.encode() for path, text in json.load(sys.stdin).items()}
    target = Snapshot.from_files(files, adapter.vocabulary)
    engine = Engine.from_adapter(adapter, MemoryStore())
    await engine.sync_tenant(TenantContext(name, adapter.name), target, execute=True, allow="all", online="on")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
