"""A process that runs a plan and is killed on its way, for the tests of runs that were interrupted.

`python -m tests.unit.dying URL TENANT COUNT` reads the files of the target as JSON, makes the plan, and kills itself
after so many statements, before anything is committed.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterable
from itertools import islice

from schema_sync.model.plan import Statement
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan import Planner
from schema_sync.protocols import Session
from schema_sync.run import InOrder, Runner
from tests.tenants import open_adapter


class Dying(InOrder):
    """Runs some of the statements, and then no handler, no `finally`, nothing."""

    def __init__(self, count: int) -> None:
        self.count = count

    async def execute(self, session: Session, statements: Iterable[Statement]) -> None:
        """Run as many statements as are allowed, and die."""
        await super().execute(session, islice(statements, self.count))
        os.kill(os.getpid(), signal.SIGKILL)


async def main(url: str, name: str, count: int) -> None:
    """See the module."""
    adapter = open_adapter(url)
    tenant = TenantContext(name, adapter.name)
    files = {path: text.encode() for path, text in json.load(sys.stdin).items()}
    target = Snapshot.from_files(files, adapter.vocabulary)
    old = await adapter.inspector().inspect(tenant)
    plan = Planner(adapter.kinds, server=(await adapter.server()).version).plan(old, target)
    assert len(plan.statements) >= count
    await Runner(adapter, executor=Dying(count)).run(tenant, plan, target)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
