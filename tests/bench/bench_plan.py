"""What it takes to say how two versions of a large schema differ, and to plan the way: `python -m tests.bench plan`.

Two versions differ in fifty objects of many kinds; the schema around these has 500 tables, and then 2,000. Process
start is not counted, nor the capture: a plan is made from the store alone. The shortest of several runs counts, and
next to it the processor time of the same runs, which neighbours on the machine do not add to.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from psycopg import sql

from schema_sync import Engine
from schema_sync.adapters.postgres import PostgresAdapter
from schema_sync.model.report import TenantContext
from tests.bench import Figure, best
from tests.servers import ServerPool, execute, find_installations

SIZES = (500, 2000)
CHANGED = 50
TIMES = 7
_MAIN = "from schema_sync.cli import main; main()"

V1 = "v1"
V2 = "v2"


def bench() -> list[Figure]:
    """The plan of a release, and how diff and plan grow with a schema of which no more has changed."""
    installations = find_installations()
    if not installations:
        return []
    found: dict[int, dict[str, float]] = {}
    with ServerPool.owned() as pool, tempfile.TemporaryDirectory() as folder:
        server = pool.server(installations[0])
        for tables in SIZES:
            store = Path(folder) / str(tables)
            with server.fresh_database() as url:
                asyncio.run(_two_versions(url, store, tables))
                found[tables] = asyncio.run(_measure(url, store)) | _command_line(store)
    return list(_figures(found))


def _figures(found: dict[int, dict[str, float]]) -> Iterator[Figure]:
    small, large = (found[tables] for tables in SIZES)
    about = f"of {SIZES[0]} tables, {CHANGED} objects changed"
    for what in small:
        bar = 0.5 if what.startswith("plan") else None
        yield Figure(f"{what} {about}", small[what], bar, "s")
    for what in small:
        yield Figure(f"{what}: {SIZES[1]} tables / {SIZES[0]} tables, the same changes", large[what] / small[what])


async def _two_versions(url: str, store: Path, tables: int) -> None:
    """A store with two versions of one tenant."""
    execute(url, "CREATE SCHEMA acme")
    tenant = TenantContext("acme")
    async with Engine.from_adapter(PostgresAdapter(url), store) as engine:
        for tag, script in ((V1, "".join(map(_table, range(tables)))), (V2, _release())):
            schema = sql.Identifier("acme").as_string()
            execute(url, f"BEGIN; SET LOCAL search_path = {schema}; {script} COMMIT")
            await engine.commit({"acme": await engine.snapshot(tenant)}, tag=tag)


async def _measure(url: str, store: Path) -> dict[str, float]:
    """The library's calls, each with an engine of its own, so that nothing is kept from one to the next."""

    async def diff(engine: Engine) -> None:
        assert CHANGED <= len(await engine.diff(V1, V2)) < 2 * CHANGED

    async def plan(engine: Engine) -> None:
        assert len((await engine.plan_between(V1, V2)).statements) >= CHANGED / 2

    found: dict[str, float] = {}
    for name, call in (("diff", diff), ("plan", plan)):
        wall, cpu = [], []
        for _ in range(TIMES):
            seconds, processor = await _clock(url, store, call)
            wall.append(seconds)
            cpu.append(processor)
        found |= {name: min(wall), f"{name}, processor time": min(cpu)}
    return found


async def _clock(url: str, store: Path, call: Callable[[Engine], Awaitable[None]]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    async with Engine.from_adapter(PostgresAdapter(url), store) as engine:
        await call(engine)
    return time.perf_counter() - wall, time.process_time() - cpu


def _command_line(store: Path) -> dict[str, float]:
    """`diff v1 v2 --format sql`, which is the plan, beside the start of the process."""
    start = best(lambda: _python("--version"), TIMES)
    whole = best(lambda: _python("diff", V1, V2, "--format", "sql", "--store", str(store)), TIMES)
    return {"plan on the command line, beside its start": whole - start}


def _python(*arguments: str) -> None:
    # What is installed has its bytecode, whatever the environment says.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, "-c", _MAIN, *arguments], check=True, capture_output=True, env=environment)


def _table(n: int) -> str:
    text = (
        f"CREATE TABLE table_{n} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text NOT NULL UNIQUE,"
        f" kind varchar(10) CHECK (kind IN ('a', 'b')), amount numeric(10,2) DEFAULT 0 CHECK (amount >= 0),"
        f" parent bigint REFERENCES table_{max(n - 1, 0)} ON DELETE CASCADE, created_at timestamptz DEFAULT now());"
        f"CREATE INDEX by_kind_{n} ON table_{n} (lower(kind), amount DESC) WHERE kind <> 'b';"
        f"COMMENT ON TABLE table_{n} IS 'the table {n}';"
    )
    if n % 5 == 0:
        text += (
            f"CREATE VIEW view_{n} AS SELECT id, count(*) AS n FROM table_{n} WHERE kind = 'a' GROUP BY id;"
            f"CREATE FUNCTION touch_{n}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';"
            f"CREATE TRIGGER touched BEFORE UPDATE ON table_{n} FOR EACH ROW EXECUTE FUNCTION touch_{n}();"
        )
    return text


def _release() -> str:
    """The fifty changes, all among the first tables: of ten kinds, in five places each."""
    return "".join(
        f"ALTER TABLE table_{n} ADD COLUMN note text;"
        f"ALTER TABLE table_{n} ALTER COLUMN amount TYPE numeric(12,2);"
        f"ALTER TABLE table_{n} ALTER COLUMN code SET DEFAULT 'none';"
        f"CREATE INDEX by_note_{n} ON table_{n} (note);"
        f"DROP INDEX by_kind_{n + 1};"
        f"ALTER TABLE table_{n} ADD CONSTRAINT short CHECK (length(note) < 100);"
        f"CREATE OR REPLACE VIEW view_{n} AS SELECT id, count(*) AS n FROM table_{n} WHERE kind = 'b' GROUP BY id;"
        f"CREATE OR REPLACE FUNCTION touch_{n}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN old; END';"
        f"DROP TRIGGER touched ON table_{n};"
        f"COMMENT ON TABLE table_{n + 2} IS 'another one';"
        for n in range(0, 100, 20)
    )
