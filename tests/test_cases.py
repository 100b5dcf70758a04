"""Every case, on a real database, both ways.

A case is a folder `tests/cases/<engine>/<kind>--<what>/` with `old.sql` and `new.sql`, tenant-neutral; `seed.sql` has
rows for the old state and `seed-to.sql` for the new one; `expect.toml` says what is special, see `Expectation`; on
PostgreSQL, `database.sql` makes what is the database's. Four tenants are made: one goes from old to new, one from new
to old, and one of each is left alone to be compared with. On PostgreSQL the server is asked on further ones whether the
plans' statements do what they say, see `facts.py`.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest

from schema_sync.adapters.postgres.access import Access
from schema_sync.errors import NotConvergeable
from schema_sync.model.ident import Ident, parse_ident
from schema_sync.model.objects import Vocabulary, nameable, plurals
from schema_sync.model.plan import Plan
from schema_sync.model.snapshot import Snapshot
from schema_sync.protocols import DatabaseAdapter
from tests.conftest import INSTALLATIONS
from tests.facts import wrong_facts
from tests.laws.grid import no_field_hides_children
from tests.oracle import pg_dump, sqlite_objects
from tests.servers import Installation, PostgresServer, client_binary, execute
from tests.tenants import PostgresTenant, SQLiteTenant, Tenant, capture, capture_many, converge, lost_rows, open_adapter

CASES = Path(__file__).with_name("cases")

NAMES = {"forward": "tenant_1", "new": "T-10", "backward": 'a"b é', "old": "select"}
"""What the four tenants are called: names that a careless tool trips over."""

_Columns = Mapping[str, list[str]]
"""Table -> its columns in order."""

WATCHED = 'is "watched" % {}'
"""What ends the names of the tenants in which statements are run one by one."""


class Expectation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a case expects beyond convergence."""

    require: tuple[str, ...] = ()
    """Shapes that the plan from old to new must have: `alter:column`."""
    forbid: tuple[str, ...] = ()
    """Shapes that it must not have."""
    require_back: tuple[str, ...] = ()
    """Shapes that the plan from new to old must have."""
    forbid_back: tuple[str, ...] = ()
    """Shapes that it must not have."""
    rows_lost: tuple[str, ...] = ()
    """Tables that are on both sides and whose rows are lost all the same."""
    values_changed: tuple[str, ...] = ()
    """Columns (`table.column`) whose values change their text."""
    refused: tuple[Literal["forward", "backward"], ...] = ()
    """Ways that no rule leads: the planner must refuse them."""
    backward: bool = True
    """Whether the way back is tried at all."""
    renames: dict[str, str] = {}
    """What is told to be one object under two names, old and new: `tables/a` -> `tables/b`."""
    roles: tuple[str, ...] = ()
    """Roles that there must be, with `{tenant}` for those of each tenant."""
    own_roles: dict[str, str] = {}
    """What `[postgres] roles` says."""
    owners: Literal["ignore", "compare"] = "ignore"
    """What `[postgres] owners` says."""
    since: int = 0
    """The PostgreSQL major that the case needs."""
    until: int = 0
    """The last PostgreSQL major that takes both states, if there is a last one."""
    with_extensions: tuple[str, ...] = ()
    """The extensions that a PostgreSQL must have for it; it runs on those that have them."""
    apart: bool = False
    """Whether each tenant needs a database of its own: what it has can be there once."""
    columns_moved: tuple[str, ...] = ()
    """Tables that a plan makes and whose columns cannot be in the order that they have in the target."""
    gap: str = ""
    """What is known to be wrong: the case fails until it is put right."""
    reason: str = ""
    """Why, for each exception that is made."""

    def __post_init__(self) -> None:
        """Refuse an exception without a reason."""
        if not self.reason and (
            self.rows_lost or self.values_changed or self.refused or not self.backward or self.columns_moved
        ):
            raise ValueError("an exception needs a reason")

    def is_taken_by(self, major: int) -> bool:
        """Whether a PostgreSQL of that major takes both states."""
        return self.since <= major <= (self.until or major)


def expectation(case: Path) -> Expectation:
    """What `expect.toml` says; nothing special where there is none."""
    file = case / "expect.toml"
    return msgspec.convert(tomllib.loads(file.read_text()) if file.exists() else {}, Expectation)


def cases(engine: str) -> list[Path]:
    """The case folders of an engine, sorted."""
    return sorted(path.parent for path in (CASES / engine).glob("*/new.sql"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each case; those of PostgreSQL on the servers that `_placed` says."""
    if metafunc.function is test_a_sqlite_case_goes_both_ways:
        metafunc.parametrize("case", cases("sqlite"), ids=lambda case: case.name)
    elif metafunc.function is test_a_postgres_case_goes_both_ways:
        pairs = list(_placed(metafunc.config.stash[INSTALLATIONS]))
        ids = [f"{case.name}-{f'pg{one.major}' if one else 'none'}" for case, one in pairs]
        params = [pytest.param(case, one, marks=_marks(case)) for case, one in pairs]
        metafunc.parametrize(("case", "postgres_server"), params, ids=ids, indirect=["postgres_server"])


def _marks(case: Path) -> list[pytest.MarkDecorator]:
    gap = expectation(case).gap
    return [pytest.mark.xfail(strict=True, reason=gap)] if gap else []


def _placed(found: list[Installation]) -> Iterator[tuple[Path, Installation | None]]:
    """Every PostgreSQL case with servers that are new enough for it: the preferred; in CI a sixth of them also with
    another one, picked by the hash of the case's name; with SCHEMA_SYNC_EVERY_SERVER all with all.
    """
    every, further = (bool(os.environ.get(name)) for name in ("SCHEMA_SYNC_EVERY_SERVER", "CI"))
    for case in cases("postgres"):
        expect = expectation(case)
        able = [
            one
            for one in found
            if expect.is_taken_by(one.major) and all(map(one.has_extension, expect.with_extensions))
        ]
        others = able[1:] if every else _picked(case, able[1:]) if further else []
        yield from ((case, one) for one in [*able[:1], *others])
        if not able:
            yield case, None


def _picked(case: Path, servers: list[Installation]) -> list[Installation]:
    return servers[fraction(case, 6 * len(servers)) :][:1] if servers else []


def fraction(case: Path, parts: int) -> int:
    """In which of so many parts of all cases one is: always in the same."""
    return int(hashlib.sha256(case.name.encode()).hexdigest(), 16) % parts


async def test_a_postgres_case_goes_both_ways(case: Path, postgres_server: PostgresServer, dumps: Path) -> None:
    expect = expectation(case)
    with ExitStack() as stack:
        ground = _Ground(case, postgres_server, stack)
        tenants = {role: ground.tenant(name) for role, name in NAMES.items()}
        done = await _both_ways(case, tenants, ground)
        told = {url: _dumped(dumps, url, expect) for url in sorted({tenant.url for tenant in tenants.values()})}
        for role, twin in done.items():
            one, other = (told[tenants[which].url].get(NAMES[which]) for which in (role, twin))
            assert one == other


def _dumped(program: Path, url: str, expect: Expectation) -> dict[str, list[str]]:
    return pg_dump(program, url, owners=expect.owners == "compare", roles=expect.own_roles)


class _Ground:
    """The databases that a case is run in: one, or one for each tenant."""

    def __init__(self, case: Path, server: PostgresServer, stack: ExitStack) -> None:
        self.case = case
        self._expect = expectation(case)
        self._server = server
        self._stack = stack
        self._adapter: DatabaseAdapter | None = None
        self._url = ""

    def tenant(self, name: str) -> PostgresTenant:
        """A tenant that is not there yet. What `database.sql` makes is the database's and there before, and so are
        the roles.
        """
        if self._adapter is None or self._expect.apart:
            self._url = self._stack.enter_context(self._server.fresh_database())
            options = {"roles": self._expect.own_roles, "owners": self._expect.owners}
            self._adapter = open_adapter(self._url, options=options)
            if (script := self.case / "database.sql").exists():
                execute(self._url, script.read_text())
        tenant = PostgresTenant(self._adapter, self._url, name)
        for pattern in self._expect.roles:
            tenant.create_role(pattern.replace("{tenant}", name))
        return tenant

    def roles(self, name: str) -> Mapping[str, str]:
        """What a tenant's own roles are called: their spelling in statements -> the role."""
        return Access(self._expect.own_roles).of(name).own


async def test_a_sqlite_case_goes_both_ways(case: Path, sqlite_dir: Path) -> None:
    adapter = open_adapter(f"sqlite:{sqlite_dir}/*.db")
    tenants = {role: SQLiteTenant(adapter, sqlite_dir / f"{name}.db") for role, name in NAMES.items()}
    done = await _both_ways(case, tenants, None)
    for role, twin in done.items():
        assert sqlite_objects(tenants[role].path) == sqlite_objects(tenants[twin].path)


@pytest.fixture
def dumps(postgres_server: PostgresServer, postgres_installations: list[Installation]) -> Path:
    """The pg_dump that goes with the server."""
    program = client_binary("pg_dump", postgres_server.major, postgres_installations)
    assert program is not None, f"no pg_dump for PostgreSQL {postgres_server.installation}"
    return program


async def _both_ways(case: Path, tenants: Mapping[str, Tenant], ground: _Ground | None) -> dict[str, str]:
    """Take the case both ways; returns which tenant has become equal to which."""
    expect = expectation(case)
    adapters = {id(tenant.adapter): tenant.adapter for tenant in tenants.values()}
    try:
        for role, tenant in tenants.items():
            tenant.create()
            tenant.load((case / ("old.sql" if role in ("forward", "old") else "new.sql")).read_text())
        if len(adapters) == 1:
            captured = dict(zip(tenants, await capture_many(list(tenants.values())), strict=True))
        else:
            captured = {role: await capture(tenant) for role, tenant in tenants.items()}
        old, new = captured["old"], captured["new"]
        for snapshot in (old, new):
            assert not snapshot.unmodelled
            assert no_field_hides_children(snapshot) == []
        assert captured["forward"].files == old.files
        assert captured["backward"].files == new.files
        done = {}
        columns = {role: tenant.columns() for role, tenant in tenants.items()}
        if await _goes(case / "seed.sql", "forward", tenants["forward"], new, ground):
            done["forward"] = "new"
        if expect.backward and await _goes(case / "seed-to.sql", "backward", tenants["backward"], old, ground):
            done["backward"] = "old"
        moved = [_out_of_order(columns[role], tenants[role].columns(), columns[twin]) for role, twin in done.items()]
        renamed = {text.rpartition("/")[2] for pair in expect.renames.items() for text in pair}
        assert set[str]().union(*moved) - renamed == set(expect.columns_moved)
        return done
    finally:
        for adapter in adapters.values():
            await adapter.close()


def _out_of_order(before: _Columns, after: _Columns, wanted: _Columns) -> set[str]:
    """The tables that were not there before and whose columns are not in the order of the target's."""
    return {table for table in after.keys() - before.keys() if after[table] != wanted[table]}


async def _goes(
    seed: Path, way: Literal["forward", "backward"], tenant: Tenant, target: Snapshot, ground: _Ground | None
) -> bool:
    """Take one way, with rows if there are any; returns whether there was a way."""
    expect, forward = expectation(seed.parent), way == "forward"
    told = renamed(expect, tenant.adapter.vocabulary)
    renames = told if forward else {new: old for old, new in told.items()}
    if seed.exists():
        await asyncio.to_thread(tenant.load, seed.read_text())
    if way in expect.refused:
        with pytest.raises(NotConvergeable):
            await converge(tenant, target, renames)
        return False
    before = tenant.rows()
    plan = await converge(tenant, target, renames)
    if ground is not None:
        wrong = await asyncio.to_thread(_wrong_facts, ground, seed, plan)
        assert not wrong, "\n".join(wrong)
    assert lost_rows(before, tenant.rows(), tables=expect.rows_lost, columns=expect.values_changed) == []
    shapes = _shapes(plan, tenant.adapter.vocabulary)
    _hold_to_shapes(
        plan,
        shapes,
        expect.require if forward else expect.require_back,
        expect.forbid if forward else expect.forbid_back,
    )
    return True


def renamed(expect: Expectation, vocabulary: Vocabulary) -> dict[Ident, Ident]:
    """What is told to be one under two names, old and new."""
    kinds = nameable(vocabulary)
    return {parse_ident(old, kinds): parse_ident(new, kinds) for old, new in expect.renames.items()}


def _wrong_facts(ground: _Ground, seed: Path, plan: Plan) -> list[str]:
    """What the plan says of its statements and is not so, on a tenant of their own."""
    watched = ground.tenant(f"{seed.stem} {WATCHED}")
    watched.create()
    watched.load((seed.parent / ("old.sql" if seed.stem == "seed" else "new.sql")).read_text())
    if seed.exists():
        watched.load(seed.read_text())
    return wrong_facts(watched.url, watched.name, plan, ground.roles(watched.name))


def _shapes(plan: Plan, vocabulary: Mapping[str, Any]) -> set[str]:
    """`<action>:<kind>` of all that a plan does."""
    kinds = plurals(vocabulary)
    parts = [part for statement in plan.statements for part in statement.parts]
    return {f"{part.action}:{parse_ident(part.object, kinds).kind}" for part in parts}


def _hold_to_shapes(plan: Plan, shapes: set[str], require: Sequence[str], forbid: Sequence[str]) -> None:
    shown = "\n".join(statement.sql for statement in plan.statements)
    assert set(require) <= shapes, f"the plan has only {sorted(shapes)}:\n{shown}"
    assert not set(forbid) & shapes, f"the plan has {sorted(shapes)}:\n{shown}"
