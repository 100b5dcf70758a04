"""What a capture of many tenants costs, here and on the server: `python -m tests.bench.bench_postgres`.

One database with tenants of 30 tables each. For comparison, pg_dump reads the schemas of the whole database in the same
run. All of it informs and has no bar: what the server does depends on the machine and its neighbours.
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import time
from pathlib import Path

from psycopg import sql

from schema_sync.adapters.postgres import PostgresAdapter
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from tests.bench import Figure
from tests.servers import PostgresServer, ServerPool, client_binary, execute, find_installations

TENANTS = 100
TABLES = 30


def script() -> str:
    """The schema of one tenant: tables with keys, checks, indexes, and now and then a view, a function, a trigger."""
    parts = ["CREATE TYPE state AS ENUM ('new', 'paid', 'void');"]
    for n in range(TABLES):
        parts.append(
            f"CREATE TABLE table_{n} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text NOT NULL UNIQUE,"
            f" kind varchar(10) CHECK (kind IN ('a', 'b')), amount numeric(10,2) DEFAULT 0 CHECK (amount >= 0),"
            f" parent bigint REFERENCES table_{max(n - 1, 0)} ON DELETE CASCADE, state state DEFAULT 'new',"
            f" created_at timestamptz NOT NULL DEFAULT now());"
            f"CREATE INDEX by_kind_{n} ON table_{n} (lower(kind), amount DESC) WHERE kind <> 'b';"
        )
        if n % 6 == 0:
            parts.append(
                f"CREATE VIEW view_{n} AS SELECT id, count(*) FROM table_{n} WHERE kind = 'a' GROUP BY id;"
                f"CREATE FUNCTION touch_{n}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';"
                f"CREATE TRIGGER touched BEFORE UPDATE ON table_{n} FOR EACH ROW EXECUTE FUNCTION touch_{n}();"
            )
    return "".join(parts)


def make(url: str) -> list[TenantContext]:
    """The tenants, each in one transaction."""
    text = script()
    for n in range(TENANTS):
        schema = sql.Identifier(f"tenant_{n}").as_string()
        execute(url, f"BEGIN; CREATE SCHEMA {schema}; SET LOCAL search_path = {schema}; {text} COMMIT")
    execute(url, "VACUUM ANALYZE")
    return [TenantContext(f"tenant_{n}", "main") for n in range(TENANTS)]


async def capture(url: str, tenants: list[TenantContext]) -> int:
    """Capture all tenants; how many objects each has."""
    adapter = PostgresAdapter(url)
    sizes = set()
    fingerprints = set()
    async for _, seen in adapter.inspector().inspect_many(tenants):
        assert isinstance(seen, Snapshot)
        sizes.add(len(seen))
        fingerprints.add(seen.fingerprint)
    await adapter.close()
    [size], [_] = sizes, fingerprints
    return size


def bench() -> list[Figure]:
    """Wall and client time per tenant, and how much dearer or cheaper than pg_dump a capture is."""
    installations = find_installations()
    if not installations:
        return []
    with ServerPool.owned() as pool:
        server = pool.server(installations[0])
        dump = client_binary("pg_dump", server.major, installations)
        assert dump is not None
        return _measure(server, dump)


def _measure(server: PostgresServer, dump: Path) -> list[Figure]:
    with server.fresh_database() as url:
        tenants = make(url)
        asyncio.run(capture(url, tenants[:2]))
        wall, cpu = time.perf_counter(), time.process_time()
        objects = asyncio.run(capture(url, tenants))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        dumped = time.perf_counter()
        subprocess.run([str(dump), "-s", "-d", url], stdout=subprocess.DEVNULL, check=True)
        dumped = time.perf_counter() - dumped
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    dump_cpu = after.ru_utime + after.ru_stime - children.ru_utime - children.ru_stime
    return [
        Figure(f"capture of a tenant of {objects} objects, in batches: wall", wall / TENANTS * 1000, unit="ms"),
        Figure("the same: this process's time", cpu / TENANTS * 1000, unit="ms"),
        Figure("pg_dump -s of the database, by tenant: wall", dumped / TENANTS * 1000, unit="ms"),
        Figure("the same: pg_dump's own time", dump_cpu / TENANTS * 1000, unit="ms"),
        Figure("capture of all tenants / pg_dump -s of the database", wall / dumped),
    ]


if __name__ == "__main__":
    for figure in bench():
        print(figure)
