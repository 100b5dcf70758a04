"""How relations are kept, where a case cannot show it: tablespaces, locks, and what two majors call NOT NULL."""

from __future__ import annotations

import psycopg
import pytest

from schema_sync.adapters.kind import kinds
from schema_sync.adapters.postgres import counting
from schema_sync.adapters.postgres.kinds import KINDS
from schema_sync.model.plan import Hazard, Statement
from schema_sync.plan import Planner
from tests.servers import execute, query
from tests.tenants import PostgresTenant, capture, converge, open_adapter

_TABLESPACE = "schema_sync_elsewhere"

_DEFAULT = """
CREATE TABLE t (id int PRIMARY KEY, n text);
CREATE INDEX i ON t (n);
CREATE MATERIALIZED VIEW m AS SELECT n FROM t;
"""
_ELSEWHERE = f"""
CREATE TABLE t (id int PRIMARY KEY USING INDEX TABLESPACE {_TABLESPACE}, n text) TABLESPACE {_TABLESPACE};
CREATE INDEX i ON t (n) TABLESPACE {_TABLESPACE};
CREATE MATERIALIZED VIEW m TABLESPACE {_TABLESPACE} AS SELECT n FROM t;
CREATE TABLE u (id int CONSTRAINT k UNIQUE USING INDEX TABLESPACE {_TABLESPACE}) TABLESPACE {_TABLESPACE};
"""


@pytest.fixture
def elsewhere(postgres_url: str) -> str:
    """A tablespace of the server, in its own folder (manual: allow_in_place_tablespaces)."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        found = connection.execute("SELECT FROM pg_tablespace WHERE spcname = %s", (_TABLESPACE,)).fetchone()
        if found is None:
            connection.execute("SET allow_in_place_tablespaces = on")
            connection.execute(f"CREATE TABLESPACE {_TABLESPACE} LOCATION ''".encode())
    return _TABLESPACE


@pytest.mark.every_postgres
async def test_tables_and_indexes_move_between_tablespaces(postgres_url: str, elsewhere: str) -> None:
    adapter = open_adapter(postgres_url)
    try:
        tenants = {name: PostgresTenant(adapter, postgres_url, name) for name in ("forward", "new", "backward", "old")}
        for name, tenant in tenants.items():
            tenant.create()
            tenant.load(_DEFAULT if name in ("forward", "old") else _ELSEWHERE)
        new, old = await capture(tenants["new"]), await capture(tenants["old"])
        assert f"tablespace {elsewhere}" in new.shared
        plan = await converge(tenants["forward"], new)
        assert {part.action for one in plan.statements for part in one.parts if part.object.startswith("tables/t")} == {
            "alter"
        }
        await converge(tenants["backward"], old)
        rows = query(
            postgres_url,
            "SELECT n.nspname, count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.reltablespace <> 0 AND n.nspname !~ '^pg_' GROUP BY 1 ORDER BY 1",
        )
        assert dict(rows) == {"forward": 6, "new": 6}
    finally:
        await adapter.close()


_STATEMENTS = [
    ("ALTER TABLE t SET (fillfactor = 60)", "ALTER TABLE t SET (user_catalog_table = on)"),
    ("", "ALTER TABLE t SET (toast.autovacuum_enabled = off)"),
    ("", "ALTER TABLE t CLUSTER ON i"),
    ("ALTER TABLE t CLUSTER ON i", ""),
    ("", "ALTER TABLE t REPLICA IDENTITY FULL"),
    ("ALTER TABLE t REPLICA IDENTITY NOTHING", "ALTER TABLE t REPLICA IDENTITY USING INDEX i"),
    ("", "ALTER TABLE t SET UNLOGGED"),
    ("ALTER TABLE t ALTER n SET STORAGE MAIN", "ALTER TABLE t ALTER n SET STORAGE EXTERNAL"),
    ("", "ALTER TABLE t ALTER n SET COMPRESSION pglz"),
    ("", "ALTER TABLE t ALTER n SET STATISTICS 5"),
    ("ALTER TABLE t ALTER n SET (n_distinct = 5)", "ALTER TABLE t ALTER n SET (n_distinct_inherited = 5)"),
    ("CREATE INDEX x ON t (lower(n))", "CREATE INDEX x ON t (lower(n)); ALTER INDEX x ALTER COLUMN 1 SET STATISTICS 5"),
    ("", "ALTER SEQUENCE t_id_seq SET UNLOGGED"),
    ("", "ALTER SEQUENCE t_id_seq RENAME TO other"),
    ("", "ALTER TABLE t ALTER n TYPE int USING 1"),
]
_TABLE = """
CREATE TABLE t (id int NOT NULL GENERATED ALWAYS AS IDENTITY, n text);
CREATE UNIQUE INDEX i ON t (id);
"""


@pytest.mark.every_postgres
@pytest.mark.parametrize(("old", "new"), _STATEMENTS, ids=[new or old for old, new in _STATEMENTS])
async def test_locks_and_rewrites_are_what_is_said(postgres_url: str, old: str, new: str) -> None:
    adapter = open_adapter(postgres_url)
    try:
        snapshots = []
        for name, more in (("before", old), ("after", new)):
            tenant = PostgresTenant(adapter, postgres_url, name)
            tenant.create()
            tenant.load(_TABLE + more)
            snapshots.append(await capture(tenant))
        server = (await adapter.server()).version
        plan = Planner(kinds(KINDS), server=server).plan(*snapshots)
        assert plan.statements
        with psycopg.connect(postgres_url) as connection:
            connection.execute("SET search_path = before")
            for statement in plan.statements:
                _hold(connection, statement)
    finally:
        await adapter.close()


_MODES = [
    "AccessShare",
    "RowShare",
    "RowExclusive",
    "ShareUpdateExclusive",
    "Share",
    "ShareRowExclusive",
    "AccessExclusive",
]


def _hold(connection: psycopg.Connection, statement: Statement) -> None:
    """Run one statement in a transaction of its own, and hold its lock and rewriting against what the server says."""
    files = "SELECT array_agg(pg_relation_filenode(c.oid) ORDER BY c.oid) FROM pg_class c WHERE relname = 't'"
    before = connection.execute(files).fetchone()
    connection.commit()
    connection.execute("SET search_path = before")
    connection.execute(statement.sql.encode())
    held = connection.execute(
        "SELECT replace(l.mode, 'Lock', '') FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
        " WHERE l.pid = pg_backend_pid() AND c.relnamespace = 'before'::regnamespace"
    ).fetchall()
    strongest = max(_MODES.index(mode) for (mode,) in held)
    said = (statement.lock or "").title().replace(" ", "")
    assert _MODES[strongest] == said, statement.sql
    after = connection.execute(files).fetchone()
    assert (before != after) == (Hazard.REWRITES_TABLE in statement.hazards), statement.sql
    connection.commit()


@pytest.mark.every_postgres
async def test_what_not_null_is_called_is_no_difference(postgres_url: str) -> None:
    adapter = open_adapter(postgres_url)
    try:
        scripts = {
            "plain": "CREATE TABLE t (id int NOT NULL)",
            "named": "CREATE TABLE t (id int CONSTRAINT given NOT NULL)",
            "renamed": "CREATE TABLE s (di int NOT NULL); ALTER TABLE s RENAME TO t; ALTER TABLE t RENAME di TO id",
        }
        seen = []
        for name, script in scripts.items():
            tenant = PostgresTenant(adapter, postgres_url, name)
            tenant.create()
            tenant.load(script)
            seen.append((await capture(tenant)).files)
        assert seen[0] == seen[1] == seen[2]
    finally:
        await adapter.close()


def test_the_name_of_an_identitys_sequence_is_cut_as_the_server_does(postgres_url: str) -> None:
    for table, column in (("t", "id"), ("t" * 63, "id"), ("t", "c" * 63), ("t" * 40, "c" * 40), ("é" * 31, "ü" * 25)):
        made = f'CREATE TABLE "{table}" ("{column}" int GENERATED ALWAYS AS IDENTITY)'
        execute(postgres_url, made)
        [(name,)] = query(postgres_url, "SELECT relname FROM pg_class WHERE relkind = 'S'")
        assert name == counting.sequence_name(table, column)
        execute(postgres_url, f'DROP TABLE "{table}"')
