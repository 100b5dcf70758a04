"""Runs units, one after the other, in each of the run's processes."""

from __future__ import annotations

import asyncio
import tempfile
import time
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from pathlib import Path

from schema_sync.errors import Refused, SchemaSyncError, TenantFailed
from schema_sync.model.plan import Plan
from tests.corpus.results import Outcome, Result
from tests.corpus.units import Unit
from tests.corpus.workshop import DoesNotLoad, PostgresWorkshop, SQLiteWorkshop, State, Workshop
from tests.servers import Installation, ServerPool, client_binary
from tests.tenants import Broken, converge, lost_rows

_worker: Worker | None = None
"""This process's own."""

_SECONDS = 120.0
"""More than any unit takes; one that does has hung."""


@dataclass
class Worker:
    """One process's workshops. Each has a server of its own, since roles are the server's and not a database's."""

    directory: Path
    """The pool's."""
    number: int
    installations: list[Installation]
    _workshops: dict[str, Workshop] = field(default_factory=dict)

    def workshop(self, engine: str) -> Workshop:
        """The workshop of an engine, made when it is first needed."""
        if engine not in self._workshops:
            self._workshops[engine] = self._sqlite() if engine == "sqlite" else self._postgres()
        return self._workshops[engine]

    def _sqlite(self) -> SQLiteWorkshop:
        return SQLiteWorkshop(Path(tempfile.mkdtemp(prefix="corpus-", dir=self.directory)))

    def _postgres(self) -> PostgresWorkshop:
        installation = self.installations[0]
        server = ServerPool(self.directory).server(installation, number=self.number)
        psql, dump = (client_binary(name, installation.major, self.installations) for name in ("psql", "pg_dump"))
        assert psql is not None
        assert dump is not None
        return PostgresWorkshop(server, psql, dump)

    def run(self, unit: Unit) -> Result:
        """Run one unit. Whatever happens becomes a result."""
        started = time.perf_counter()
        try:
            outcome, detail, plan = asyncio.run(asyncio.wait_for(self._outcome(unit), _SECONDS))
        except DoesNotLoad as error:
            outcome, detail, plan = Outcome.SKIPPED, str(error), None
        except Refused as error:
            outcome, detail, plan = Outcome.REFUSED, error.message, None
        except Broken as error:
            outcome, detail, plan = Outcome.UNEQUAL, str(error), None
        except SchemaSyncError as error:
            outcome, detail, plan = Outcome.FAILED, f"{type(error).__name__}: {error.message}", None
        except Exception as error:  # noqa: BLE001 - a unit that breaks our code must not end the others
            outcome, detail, plan = Outcome.FAILED, f"crashed: {error!r}", None
        return Result(
            engine=unit.engine,
            suite=unit.suite,
            name=unit.name,
            way=unit.way,
            outcome=outcome,
            detail=" ".join(detail.split()),
            statements=len(plan.statements) if plan else 0,
            seconds=round(time.perf_counter() - started, 3),
        )

    async def _outcome(self, unit: Unit) -> tuple[Outcome, str, Plan | None]:
        workshop = self.workshop(unit.engine)
        old, new = await workshop.state(unit.old, unit), await workshop.state(unit.new, unit)
        try:
            return await _converge(workshop, unit, old, new, rows=True)
        except TenantFailed as error:
            if unit.seed is None and not unit.generated_rows:
                raise
            outcome, detail, plan = await _converge(workshop, unit, old, new, rows=False)
            return (Outcome.ROWS, error.message, plan) if outcome is Outcome.EQUAL else (outcome, detail, plan)


async def _converge(
    workshop: Workshop, unit: Unit, old: State, new: State, *, rows: bool
) -> tuple[Outcome, str, Plan | None]:
    """Converge a tenant, and ask the oracle."""
    async with workshop.tenant(old, new, unit, rows=rows) as tenant:
        before = tenant.rows()
        target = await workshop.target(new)
        plan = await converge(tenant, target.snapshot)
        if (found := workshop.objects(tenant)) != target.objects:
            extra, missing = sorted(set(found) - set(target.objects)), sorted(set(target.objects) - set(found))
            return Outcome.UNEQUAL, f"has {extra[:2]}, should have {missing[:2]}", plan
        lost = lost_rows(before, tenant.rows())
        return (Outcome.LOST, "; ".join(lost), plan) if lost else (Outcome.EQUAL, "", plan)


def begin(numbers: Queue[int], directory: Path, installations: list[Installation]) -> None:
    """Begin a process of the run, with the next free number."""
    global _worker
    _worker = Worker(directory, numbers.get(), installations)


def run_one(unit: Unit) -> Result:
    """Run a unit in a process that has begun."""
    assert _worker is not None
    return _worker.run(unit)
