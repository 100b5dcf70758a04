"""Reading beside somebody's migrations: a snapshot is of one moment, or there is none."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from schema_sync.errors import TenantBusy
from tests.unit.places import PostgresPlace

START = """
CREATE TABLE customers (id int PRIMARY KEY, name text, CONSTRAINT named CHECK (name <> ''));
CREATE INDEX by_name ON customers (lower(name));
CREATE VIEW listed AS SELECT id, name FROM customers;
CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers);
"""

THERE_AND_BACK = (
    ("ALTER TABLE customers RENAME name TO title", "ALTER TABLE customers RENAME title TO name"),
    ("ALTER TABLE customers RENAME TO clients", "ALTER TABLE clients RENAME TO customers"),
    ("DROP INDEX by_name", "CREATE INDEX by_name ON customers (lower(name))"),
    ("DROP VIEW listed", "CREATE VIEW listed AS SELECT id, name FROM customers"),
    ("ALTER TABLE customers DROP CONSTRAINT named", "ALTER TABLE customers ADD CONSTRAINT named CHECK (name <> '')"),
    ("ALTER TABLE orders ADD note text CHECK (note <> 'x')", "ALTER TABLE orders DROP note"),
)
"""Each pair leads from the start to another state and back."""


RENAMES = [there for there, _ in THERE_AND_BACK if "RENAME" in there]


@pytest.mark.parametrize("rename", RENAMES)
async def test_a_rename_that_is_committed_while_a_tenant_is_read_is_in_it_wholly(
    postgres_url: str, rename: str
) -> None:
    """Rows have been read with the old name when the definitions have to wait for the lock of the rename."""
    place = PostgresPlace(postgres_url)
    tenant = place.make("acme", START)
    expected = await place.read(place.make("expected", START, rename))
    patient = place.another(lock_timeout=30)
    with (
        psycopg.connect(postgres_url, options="-c search_path=acme") as other,
        psycopg.connect(postgres_url, autocommit=True) as watch,
    ):
        other.execute(rename.encode())
        reading = asyncio.create_task(patient.inspector().inspect(tenant))
        waiting = False
        while not waiting and not reading.done():
            await asyncio.wait([reading], timeout=0.02)
            waiting = bool(watch.execute("SELECT FROM pg_locks WHERE NOT granted").fetchall())
        assert waiting
        other.commit()
        assert (await reading).files == expected.files
    await patient.close()
    await place.adapter.close()


@contextmanager
def migrating(url: str, schema: str) -> Iterator[None]:
    """Somebody goes there and back for as long as the block lasts."""
    over = threading.Event()

    def go() -> None:
        with psycopg.connect(url, autocommit=True, options=f"-c search_path={schema}") as connection:
            while not over.is_set():
                for there, back in THERE_AND_BACK:
                    for statement in (there, back):
                        connection.execute(statement.encode())
                        over.wait(0.03)

    thread = threading.Thread(target=go)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


async def test_a_capture_beside_migrations_is_of_one_moment_or_the_tenant_is_busy(postgres_url: str) -> None:
    place = PostgresPlace(postgres_url)
    tenant = place.make("acme", START)
    states = [await place.read(tenant)]
    states += [
        await place.read(place.make(f"state{number}", START, there)) for number, (there, _) in enumerate(THERE_AND_BACK)
    ]
    known = {snapshot.fingerprint for snapshot in states}
    assert len(known) == len(THERE_AND_BACK) + 1
    with migrating(postgres_url, "acme"):
        for _ in range(3):
            try:
                snapshot = await place.read(tenant)
            except TenantBusy:
                continue
            assert snapshot.fingerprint in known
    assert (await place.read(tenant)).fingerprint == states[0].fingerprint
    await place.adapter.close()
