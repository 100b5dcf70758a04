"""What every `DatabaseAdapter` must do, as a suite of tests.

Inherit from `AdapterContract`, say how an adapter is made and how SQL gets into a tenant behind its back::

    class TestMyAdapter(AdapterContract):
        old = "CREATE TABLE customers (id int PRIMARY KEY)"
        new = "CREATE TABLE customers (id int PRIMARY KEY, name text)"

        def make_adapter(self) -> DatabaseAdapter:
            return MyAdapter(self.url)

        async def load(self, tenant: TenantContext, script: str) -> None:
            …
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from typing import ClassVar

import pytest
import pytest_asyncio

from schema_sync.diff import diff
from schema_sync.errors import (
    AlreadyExists,
    FingerprintChanged,
    NotConverged,
    Refused,
    TenantBusy,
    TenantFailed,
    UnknownTenant,
    Unreachable,
    UsageError,
)
from schema_sync.model.plan import Part, Plan, Probe, Statement
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan import Planner
from schema_sync.protocols import DatabaseAdapter, MigrationRunner, SchemaInspector, Session
from schema_sync.run import Runner


@pytest.mark.asyncio
class AdapterContract(ABC):
    """The tests. A subclass whose name begins with `Test` is collected by pytest."""

    old: ClassVar[str]
    """A script that makes one state of a tenant: two objects or more."""

    new: ClassVar[str]
    """A script that makes another state, from which and to which there is a plan."""

    broken: ClassVar[str] = "CREATE NONSENSE"
    """A script that the database does not accept."""

    @abstractmethod
    def make_adapter(self) -> DatabaseAdapter:
        """A new adapter of a database without tenants; called once in each test."""

    @abstractmethod
    async def load(self, tenant: TenantContext, script: str) -> None:
        """Run a script in a tenant, without the adapter, and commit it."""

    @pytest_asyncio.fixture
    async def adapter(self) -> AsyncIterator[DatabaseAdapter]:
        """The adapter of the test, closed after it."""
        adapter = self.make_adapter()
        yield adapter
        await adapter.close()

    async def tenant(self, adapter: DatabaseAdapter, name: str, script: str = "") -> TenantContext:
        """A new tenant, in the state that a script makes of it."""
        tenant = TenantContext(name, adapter.name)
        await adapter.create_tenant(tenant)
        if script:
            await self.load(tenant, script)
        return tenant

    async def plan(self, adapter: DatabaseAdapter, old: Snapshot, new: Snapshot) -> Plan:
        """The plan between two snapshots for this very server."""
        return Planner(adapter.kinds, server=(await adapter.server()).version).plan(old, new)

    async def test_it_keeps_the_protocols(self, adapter: DatabaseAdapter) -> None:
        assert isinstance(adapter, DatabaseAdapter)
        assert isinstance(adapter.inspector(), SchemaInspector)
        assert isinstance(Runner(adapter), MigrationRunner)
        assert set(adapter.kinds) == set(adapter.vocabulary)

    async def test_tenants_are_listed_by_name(self, adapter: DatabaseAdapter) -> None:
        for name in ("beta", "alpha", "gamma"):
            await self.tenant(adapter, name)
        assert [tenant.name for tenant in await adapter.list_tenants()] == ["alpha", "beta", "gamma"]
        assert {tenant.database for tenant in await adapter.list_tenants()} == {adapter.name}

    async def test_a_tenant_is_made_once(self, adapter: DatabaseAdapter) -> None:
        tenant = await self.tenant(adapter, "alpha", self.old)
        before = await adapter.inspector().inspect(tenant)
        with pytest.raises(AlreadyExists, match="alpha"):
            await adapter.create_tenant(tenant)
        assert (await adapter.inspector().inspect(tenant)).files == before.files

    async def test_an_unknown_tenant_is_told_which_are_near(self, adapter: DatabaseAdapter) -> None:
        await self.tenant(adapter, "alpha")
        with pytest.raises(UnknownTenant) as caught:
            await adapter.inspector().inspect(TenantContext("alhpa", adapter.name))
        assert "alpha" in (caught.value.hint or "")

    async def test_an_empty_tenant_has_an_empty_snapshot(self, adapter: DatabaseAdapter) -> None:
        snapshot = await adapter.inspector().inspect(await self.tenant(adapter, "alpha"))
        assert len(snapshot) == 0
        assert snapshot.dialect == adapter.dialect
        assert snapshot.fingerprint == Snapshot(adapter.dialect).fingerprint

    async def test_the_same_schema_gives_the_same_bytes_in_every_tenant(self, adapter: DatabaseAdapter) -> None:
        one = await adapter.inspector().inspect(await self.tenant(adapter, "t1", self.old))
        other = await adapter.inspector().inspect(await self.tenant(adapter, "t10", self.old))
        again = await adapter.inspector().inspect(TenantContext("t1", adapter.name))
        assert one.files == other.files == again.files
        assert len(one) > 1

    async def test_a_snapshot_comes_back_from_its_files(self, adapter: DatabaseAdapter) -> None:
        snapshot = await adapter.inspector().inspect(await self.tenant(adapter, "alpha", self.new))
        read = Snapshot.from_files(snapshot.files, adapter.vocabulary)
        assert read == snapshot
        assert (read.needs, read.order, read.files) == (snapshot.needs, snapshot.order, snapshot.files)

    async def test_many_are_read_as_one_by_one(self, adapter: DatabaseAdapter) -> None:
        tenants = [await self.tenant(adapter, f"t{n}", self.old if n % 2 else self.new) for n in range(5)]
        unknown = TenantContext("nobody", adapter.name)
        seen = [pair async for pair in adapter.inspector().inspect_many([*tenants, unknown])]
        assert [tenant for tenant, _ in seen] == [*tenants, unknown]
        assert isinstance(seen[-1][1], UnknownTenant)
        for tenant, snapshot in seen[:-1]:
            assert snapshot == await adapter.inspector().inspect(tenant)

    async def test_a_tenant_is_brought_to_another_state_and_back(self, adapter: DatabaseAdapter) -> None:
        tenant = await self.tenant(adapter, "alpha", self.old)
        old = await adapter.inspector().inspect(tenant)
        new = await adapter.inspector().inspect(await self.tenant(adapter, "beta", self.new))
        for before, after in ((old, new), (new, old)):
            plan = await self.plan(adapter, before, after)
            assert not plan.is_empty
            reached = await Runner(adapter).run(tenant, plan, after)
            assert reached.fingerprint == after.fingerprint
            seen = await adapter.inspector().inspect(tenant)
            assert seen == after
            assert diff(seen, after).is_empty
            assert (await self.plan(adapter, seen, after)).is_empty

    async def test_a_plan_that_ends_elsewhere_is_rolled_back(self, adapter: DatabaseAdapter) -> None:
        tenant = await self.tenant(adapter, "alpha", self.old)
        old = await adapter.inspector().inspect(tenant)
        new = await adapter.inspector().inspect(await self.tenant(adapter, "beta", self.new))
        plan = await self.plan(adapter, old, new)
        short = Plan(dialect=plan.dialect, old=plan.old, new=plan.new, statements=plan.statements[:-1])
        with pytest.raises(NotConverged) as caught:
            await Runner(adapter).run(tenant, short, new)
        assert caught.value.objects
        assert (await adapter.inspector().inspect(tenant)).files == old.files

    async def test_a_statement_that_fails_leaves_the_tenant_as_it_was(self, adapter: DatabaseAdapter) -> None:
        tenant = await self.tenant(adapter, "alpha", self.old)
        old = await adapter.inspector().inspect(tenant)
        new = await adapter.inspector().inspect(await self.tenant(adapter, "beta", self.new))
        plan = await self.plan(adapter, old, new)
        wrong = Statement(sql=self.broken, object="tables/none", parts=(Part("create", "tables/none"),))
        failing = Plan(dialect=plan.dialect, old=plan.old, new=plan.new, statements=(*plan.statements, wrong))
        with pytest.raises(TenantFailed, match="CREATE NONSENSE"):
            await Runner(adapter, retries=0).run(tenant, failing, new)
        assert (await adapter.inspector().inspect(tenant)).files == old.files

    async def test_a_plan_for_another_state_runs_nothing(self, adapter: DatabaseAdapter) -> None:
        tenant = await self.tenant(adapter, "alpha", self.old)
        old = await adapter.inspector().inspect(tenant)
        new = await adapter.inspector().inspect(await self.tenant(adapter, "beta", self.new))
        empty = Snapshot(adapter.dialect, spelling=old.spelling)
        with pytest.raises(FingerprintChanged, match="alpha"):
            await Runner(adapter).run(tenant, await self.plan(adapter, empty, new), new)
        assert (await adapter.inspector().inspect(tenant)).files == old.files

    async def test_a_locked_tenant_is_busy_and_others_are_not(self, adapter: DatabaseAdapter) -> None:
        tenant = await self.tenant(adapter, "alpha", self.old)
        other = await self.tenant(adapter, "beta", self.old)
        async with adapter.acquire_lock(tenant) as session:
            assert isinstance(session, Session)
            with pytest.raises(TenantBusy, match="alpha"):
                async with adapter.acquire_lock(tenant):
                    raise AssertionError("two hold one lock")
            async with adapter.acquire_lock(other) as second:
                await second.inspect()
        async with adapter.acquire_lock(tenant) as session:
            await session.inspect()

    async def test_scripts_are_elaborated_without_a_trace(self, adapter: DatabaseAdapter) -> None:
        tenant = await self.tenant(adapter, "alpha", self.old)
        assert await adapter.elaborate([self.old]) == await adapter.inspector().inspect(tenant)
        with pytest.raises(UsageError):
            await adapter.elaborate([self.broken])
        assert await adapter.list_tenants() == [tenant]

    async def test_sizes_are_of_top_level_objects_and_those_of_the_largest_tenant(
        self, adapter: DatabaseAdapter
    ) -> None:
        tenants = [await self.tenant(adapter, name, script) for name, script in (("a", self.old), ("b", self.new))]
        tops = {obj.ident for each in tenants for obj in await adapter.inspector().inspect(each) if obj.owner is None}
        alone = [await adapter.sizes([tenant]) for tenant in tenants]
        together = await adapter.sizes([*tenants, TenantContext("nobody", adapter.name)])
        assert together.keys() <= tops
        assert together == {
            ident: max(one.get(ident, 0) for one in alone) for ident in (alone[0].keys() | alone[1].keys())
        }
        assert await adapter.sizes([]) == {}

    async def test_probes_change_nothing_and_what_cannot_be_asked_is_not_answered(
        self, adapter: DatabaseAdapter
    ) -> None:
        tenant = await self.tenant(adapter, "alpha", self.old)
        before = await adapter.inspector().inspect(tenant)
        queries = {"yes": "SELECT 1", "no": "SELECT 1 WHERE 1 = 2", "unknown": "SELECT 1 FROM of_nobody"}
        probes = [Probe(query, finding) for finding, query in queries.items()]
        assert await adapter.probe(tenant, probes) == ["yes"]
        assert await adapter.probe(tenant, []) == []
        assert (await adapter.inspector().inspect(tenant)).files == before.files
        with pytest.raises(UnknownTenant):
            await adapter.probe(TenantContext("nobody", adapter.name), probes)

    async def test_a_scratch_database_is_apart_and_gone_afterwards(self, adapter: DatabaseAdapter) -> None:
        tenant = await self.tenant(adapter, "alpha", self.old)
        old = await adapter.inspector().inspect(tenant)
        async with adapter.scratch() as scratch:
            assert isinstance(scratch, DatabaseAdapter)
            assert await scratch.list_tenants() == []
            assert (await scratch.server()).spelling == (await adapter.server()).spelling
            await scratch.create_tenant(TenantContext("beta", scratch.name))
            there = TenantContext("beta", scratch.name)
            empty = await scratch.inspector().inspect(there)
            plan = await self.plan(scratch, empty, old)
            assert (await Runner(scratch).run(there, plan, old)).files == old.files
            assert await scratch.elaborate([self.old]) == old
            assert await scratch.list_tenants() == [there]
            assert await adapter.list_tenants() == [tenant]
        with pytest.raises((Unreachable, UnknownTenant)):
            await scratch.inspector().inspect(there)

    async def test_a_scratch_tenant_is_given_rows(self, adapter: DatabaseAdapter) -> None:
        old = await adapter.inspector().inspect(await self.tenant(adapter, "alpha", self.old))
        async with adapter.scratch() as scratch:
            tenant = TenantContext("gamma", scratch.name)
            await scratch.create_tenant(tenant)
            empty = await scratch.inspector().inspect(tenant)
            await Runner(scratch).run(tenant, await self.plan(scratch, empty, old), old)
            assert not any((await scratch.rows(tenant)).values())
            seeding = await scratch.seed(tenant)
            rows = await scratch.rows(tenant)
            assert seeding.rows == sum(map(len, rows.values())) > 0
            assert seeding.empty == ()
            assert all(holder in old for holder in rows)
            assert all(ident in old for those in rows.values() for row in those for ident in row)
            assert await scratch.inspector().inspect(tenant) == old
            assert not any((await adapter.rows(TenantContext("alpha", adapter.name))).values())

    async def test_it_says_what_is_missing_outside_of_its_tenants(self, adapter: DatabaseAdapter) -> None:
        assert await adapter.missing([], {}) == []
        lacks = await adapter.missing(["role of_nobody_at_all", "extension of_nobody"], {})
        assert [lack.need for lack in lacks] == ["extension of_nobody", "role of_nobody_at_all"]
        assert all(lack.message.endswith("is missing") and not lack.remedies for lack in lacks)
        around = await adapter.surroundings()
        assert (around.dialect, len(around)) == (adapter.dialect, 0)
        await adapter.prepare([])

    async def test_statements_are_written_for_a_tenant_that_is_there(self, adapter: DatabaseAdapter) -> None:
        await self.tenant(adapter, "alpha", self.old)
        script = await adapter.script(TenantContext("alpha", adapter.name))
        assert script.begin
        assert script.commit
        assert script.spelled("SELECT 1") == "SELECT 1"
        with pytest.raises(UnknownTenant):
            await adapter.script(TenantContext("nobody", adapter.name))

    async def test_a_preparation_that_fails_is_undone(self, adapter: DatabaseAdapter) -> None:
        wrong = Statement(sql=self.broken, object="extension x", parts=(Part("create", "extension x"),))
        with pytest.raises((TenantFailed, Refused)):
            await adapter.prepare([wrong])

    async def test_it_can_say_how_it_is(self, adapter: DatabaseAdapter) -> None:
        await self.tenant(adapter, "alpha", self.old)
        found = await adapter.diagnose()
        assert {each.code for each in found} <= {"ok", "warning", "error"}
        assert "error" not in {each.code for each in found}
