"""What a cell reads or none: equal only if all of it is equal; and what none reads is in no plan's way unseen."""

from __future__ import annotations

from collections.abc import AsyncIterator

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from schema_sync.adapters.postgres import PostgresAdapter
from schema_sync.engine import Engine
from schema_sync.errors import SchemaSyncError, TenantFailed, Unmodelled
from schema_sync.model.ident import Ident
from schema_sync.model.report import TenantContext
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan import Planner
from schema_sync.run import Runner
from schema_sync.testing.memory import MemoryStore
from tests.servers import execute, query

PARTITIONED = """
CREATE TABLE p (id int NOT NULL, kind text, n int DEFAULT 1, x int) PARTITION BY LIST (kind);
CREATE TABLE p_a PARTITION OF p FOR VALUES IN ('a');
CREATE UNIQUE INDEX p_key ON ONLY p (id, kind);
CREATE UNIQUE INDEX p_a_key ON p_a (id, kind);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE FUNCTION g(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION g(bigint) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TRIGGER t BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
CREATE POLICY mine ON p_a USING (n = 1);
CREATE TABLE r (id int PRIMARY KEY);
"""

DIFFERENCES = [
    (PARTITIONED, change)
    for change in (
        "ALTER TABLE p ADD COLUMN more int",
        "ALTER TABLE p ALTER x TYPE bigint",
        "ALTER TABLE p ALTER n SET NOT NULL",
        "ALTER TABLE p_a ALTER n SET NOT NULL",
        "ALTER TABLE p ALTER n SET DEFAULT 2",
        "ALTER TABLE p_a ALTER n DROP DEFAULT",
        "ALTER TABLE p ALTER kind SET STORAGE EXTERNAL",
        "ALTER TABLE p_a ALTER n SET STATISTICS 7",
        "COMMENT ON COLUMN p.n IS 'n'",
        "COMMENT ON TABLE p_a IS 'a'",
        "COMMENT ON INDEX p_key IS 'key'",
        "ALTER INDEX p_key ATTACH PARTITION p_a_key",
        "DROP INDEX p_a_key",
        "ALTER TABLE p_a ADD UNIQUE USING INDEX p_a_key",
        "ALTER TABLE p DETACH PARTITION p_a; ALTER TABLE p ATTACH PARTITION p_a FOR VALUES IN ('b')",
        "ALTER TABLE p DETACH PARTITION p_a; ALTER TABLE p ATTACH PARTITION p_a DEFAULT",
        "CREATE TABLE p_b PARTITION OF p FOR VALUES IN ('b')",
        "ALTER TABLE p ADD CHECK (n > 0)",
        "ALTER TABLE p ADD FOREIGN KEY (id) REFERENCES r",
        "ALTER TABLE p_a DISABLE TRIGGER t",
        "DROP TRIGGER t ON p",
        "ALTER POLICY mine ON p_a USING (n = 2)",
        "ALTER POLICY mine ON p_a TO CURRENT_USER",
        "ALTER TABLE p_a ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE p_a FORCE ROW LEVEL SECURITY",
        "ALTER TABLE p_a SET (fillfactor = 70)",
        "ALTER TABLE p_a SET (toast.autovacuum_enabled = false)",
        "ALTER TABLE p_a SET UNLOGGED",
        "ALTER TABLE p_a REPLICA IDENTITY FULL",
        "GRANT SELECT ON p TO PUBLIC",
        "GRANT SELECT (n) ON p_a TO PUBLIC",
        "CREATE RULE quiet AS ON INSERT TO p_a DO ALSO NOTHING",
        "CREATE STATISTICS s ON id, n FROM p_a",
        "CREATE INDEX ON p_a (g(n))",
    )
]
DIFFERENCES += [
    (old, new)
    for old, new in (
        (
            "CREATE TABLE t (a int); CREATE TABLE u () INHERITS (t)",
            "DROP TABLE u; CREATE TABLE u (a int) INHERITS (t)",
        ),
        ("CREATE TYPE ty AS (a int); CREATE TABLE t OF ty", "ALTER TABLE t ALTER a SET DEFAULT 1"),
        ("CREATE TABLE t (a int UNIQUE DEFERRABLE)", "ALTER TABLE t DISABLE TRIGGER ALL"),
        ("CREATE TABLE t (a int PRIMARY KEY REFERENCES t)", "ALTER TABLE t DISABLE TRIGGER ALL"),
        (
            PARTITIONED + "ALTER TABLE p ADD FOREIGN KEY (id) REFERENCES r",
            "ALTER TABLE p_a DISABLE TRIGGER ALL; ALTER TABLE p_a ENABLE TRIGGER USER",
        ),
    )
]


@pytest.fixture
def url(postgres_url: str) -> str:
    """An empty database."""
    return postgres_url


@pytest_asyncio.fixture
async def adapter(url: str) -> AsyncIterator[PostgresAdapter]:
    """Its adapter."""
    adapter = PostgresAdapter(url)
    yield adapter
    await adapter.close()


def run(url: str, name: str, script: str) -> None:
    """Run a script in a tenant."""
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(name)))
        connection.execute(script.replace("{schema}", sql.Identifier(name).as_string(connection)).encode())


def make(url: str, name: str, script: str = "") -> TenantContext:
    """A new tenant."""
    execute(url, sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    run(url, name, script)
    return TenantContext(name, "main")


async def read(adapter: PostgresAdapter, tenant: TenantContext) -> Snapshot:
    """A tenant as it is now."""
    return await adapter.inspector().inspect(tenant)


def said(snapshot: Snapshot) -> tuple[str, tuple[str, ...]]:
    """All that is known of a tenant: what cells have read, and what none has."""
    return snapshot.fingerprint, snapshot.unmodelled


async def refusal(adapter: PostgresAdapter, tenant: TenantContext, target: Snapshot) -> SchemaSyncError | None:
    """Why a tenant is not brought to a snapshot; `None` if it was."""
    engine = Engine.from_adapter(adapter, MemoryStore())
    try:
        await engine.sync_tenant(tenant, target, execute=True, allow="all")
    except SchemaSyncError as error:
        return error
    return None


@pytest.mark.parametrize(("script", "change"), DIFFERENCES, ids=[change[:60] for _, change in DIFFERENCES])
async def test_two_things_that_differ_never_look_equal_whether_they_are_read_or_not(
    url: str, adapter: PostgresAdapter, script: str, change: str
) -> None:
    one, other = make(url, "t1", script), make(url, 'a"b', script)
    seen = [await read(adapter, tenant) for tenant in (one, other)]
    assert said(seen[0]) == said(seen[1])
    run(url, 'a"b', change)
    assert said(await read(adapter, other)) != said(seen[0])


MARKED = """
CREATE TABLE t (id int PRIMARY KEY);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
CREATE INDEX i ON t (id);
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
"""


@pytest.mark.parametrize(
    ("what", "named"),
    [
        ("FUNCTION f()", "functions/f()"),
        ("PROCEDURE p()", "procedures/p()"),
        ("INDEX i", "tables/t/indexes/i"),
        ("INDEX t_pkey", "tables/t/primary_keys/t_pkey"),
        ("MATERIALIZED VIEW m", "materialized_views/m"),
        ("TRIGGER g ON t", "tables/t/triggers/g"),
    ],
)
async def test_what_goes_with_an_extension_is_told_and_no_plan_touches_it(
    url: str, adapter: PostgresAdapter, what: str, named: str
) -> None:
    plain, marked = make(url, "t1", MARKED), make(url, 'a"b', MARKED)
    run(url, 'a"b', f"ALTER {what} DEPENDS ON EXTENSION plpgsql")
    seen = await read(adapter, marked)
    assert [line.partition(":")[0] for line in seen.unmodelled] == [
        f"depends_on_extension extension plpgsql on {named}"
    ]
    async with Engine.from_adapter(adapter, MemoryStore()) as engine:
        with pytest.raises(Unmodelled, match="depends_on_extension"):
            await engine.sync_tenant(plain, seen)
    run(url, 'a"b', f"ALTER {what} NO DEPENDS ON EXTENSION plpgsql")
    assert said(await read(adapter, marked)) == said(await read(adapter, plain))


@pytest.mark.every_postgres
async def test_the_comment_of_a_not_null_is_brought_to_the_constraint_whatever_it_is_called(
    url: str, adapter: PostgresAdapter
) -> None:
    if (await adapter.server()).version < 180000:
        assert query(url, "SELECT FROM pg_constraint WHERE contype = 'n' AND conrelid > 0") == []
        return
    one = make(url, "t1", "CREATE TABLE t (a int CONSTRAINT one NOT NULL); COMMENT ON CONSTRAINT one ON t IS 'said'")
    other = make(url, 'a"b', 'CREATE TABLE t (a int CONSTRAINT "the ""other" NOT NULL)')
    target = await read(adapter, one)
    assert target.unmodelled == ()
    assert await refusal(adapter, other, target) is None
    assert said(await read(adapter, other)) == said(target)


async def test_an_event_trigger_is_the_databases_and_holds_the_function_that_it_calls(
    url: str, adapter: PostgresAdapter
) -> None:
    script = "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE TABLE r (id int);"
    called, plain = make(url, "t1", script), make(url, "t2", script)
    run(url, "t1", "CREATE EVENT TRIGGER guard ON sql_drop EXECUTE FUNCTION e()")
    seen = await read(adapter, called)
    assert said(seen) == said(await read(adapter, plain))
    [note] = seen.diagnostics
    assert (note.code, note.object) == ("needed_outside", "functions/e()")
    assert "event trigger guard" in note.message
    run(url, "t2", "ALTER TABLE r ADD COLUMN more text")
    assert await refusal(adapter, called, await read(adapter, plain)) is None
    run(url, "t2", "CREATE OR REPLACE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END'")
    assert await refusal(adapter, called, await read(adapter, plain)) is None
    run(url, "t2", "DROP FUNCTION e()")
    error = await refusal(adapter, called, await read(adapter, plain))
    assert isinstance(error, Unmodelled)
    assert "event_trigger guard" in error.message
    assert "functions/e()" in error.message


async def test_dropped_columns_and_the_order_of_creation_make_no_difference(url: str, adapter: PostgresAdapter) -> None:
    one = make(url, "t1", PARTITIONED)
    other = make(url, "t2", PARTITIONED.replace("id int NOT NULL,", "gone int, id int NOT NULL,", 1))
    run(url, "t2", "ALTER TABLE p DROP COLUMN gone")
    run(url, "t2", "INSERT INTO p (id, kind) VALUES (1, 'a'); ANALYZE")
    assert said(await read(adapter, one)) == said(await read(adapter, other))


@pytest.mark.every_postgres
async def test_a_foreign_key_between_partitioned_tables_is_one_object(url: str, adapter: PostgresAdapter) -> None:
    script = """
        CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);
        CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (1) TO (2);
        CREATE TABLE t (id int REFERENCES p) PARTITION BY RANGE (id);
        CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (1) TO (2);
    """
    seen = await read(adapter, make(url, "t1", script))
    assert seen.unmodelled == ()
    key = Ident("foreign_key", "t_id_fkey", Ident("table", "t"))
    assert [obj.ident for obj in seen if obj.ident.kind == "foreign_key"] == [key]
    assert {need.top.name for need in seen.needs[key]} == {"p", "t"}


async def test_what_differs_in_unread_things_is_said_before_anything_is_planned(
    url: str, adapter: PostgresAdapter
) -> None:
    one, other = make(url, "t1", PARTITIONED), make(url, "t2", PARTITIONED)
    run(url, "t2", "CREATE TYPE shell; ALTER TABLE r ADD COLUMN more text")
    forward = await refusal(adapter, one, await read(adapter, other))
    backward = await refusal(adapter, other, await read(adapter, one))
    for error in (forward, backward):
        assert isinstance(error, Unmodelled)
        assert "type shell" in error.message


async def test_what_an_unread_thing_depends_on_is_not_replaced(url: str, adapter: PostgresAdapter) -> None:
    script = """
        CREATE TYPE mood AS ENUM ({});
        CREATE FUNCTION worse(mood, mood) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT false';
        CREATE OPERATOR <<< (LEFTARG = mood, RIGHTARG = mood, FUNCTION = worse, COMMUTATOR = >>>);
    """
    one = make(url, "t1", script.format("'a', 'b'"))
    other = make(url, "t2", script.format("'b', 'a'"))
    error = await refusal(adapter, one, await read(adapter, other))
    assert isinstance(error, Unmodelled)
    assert "enums/mood" in error.message
    assert "operator >>>(" in error.message


async def test_what_an_unread_thing_does_not_depend_on_is_changed_beside_it(url: str, adapter: PostgresAdapter) -> None:
    one, other = make(url, "t1", PARTITIONED), make(url, "t2", PARTITIONED)
    run(url, "t2", "ALTER TABLE r ADD COLUMN more text; CREATE VIEW v AS SELECT id, n FROM p")
    target = await read(adapter, other)
    assert await refusal(adapter, one, target) is None
    assert (await read(adapter, one)).unmodelled == target.unmodelled


async def test_a_published_table_is_read_and_its_publication_is_named(url: str, adapter: PostgresAdapter) -> None:
    tenant = make(url, "t1", "CREATE TABLE t (id int); CREATE PUBLICATION news FOR TABLE t")
    snapshot = await read(adapter, tenant)
    assert Ident("publication_member", "news", Ident("table", "t")) in snapshot
    assert snapshot.unmodelled == ()
    assert "publication news" in snapshot.shared


async def test_an_operator_that_is_only_named_by_another_is_named(url: str, adapter: PostgresAdapter) -> None:
    script = "CREATE OPERATOR =~= (LEFTARG = int, RIGHTARG = bigint, FUNCTION = int48eq, COMMUTATOR = =~=)"
    snapshot = await read(adapter, make(url, "t1", script))
    assert [one.name for one in snapshot] == ["=~=(integer, bigint)"]
    assert [line.partition(":")[0] for line in snapshot.unmodelled] == ["operator =~=(bigint,integer)"]


def an_extension(url: str) -> str:
    """The name of one that this server has."""
    query_ = "SELECT name FROM pg_available_extensions WHERE name IN ('btree_gist', 'vector') ORDER BY name LIMIT 1"
    [(name,)] = query(url, query_)
    return str(name)


async def test_an_extension_in_the_schema_is_one_object(url: str, adapter: PostgresAdapter) -> None:
    name = an_extension(url)
    snapshot = await read(adapter, make(url, "t1", f"CREATE EXTENSION {name} SCHEMA {{schema}}"))
    assert list(snapshot.objects) == [Ident("extension", name)]
    assert snapshot.unmodelled == ()


async def test_what_may_be_done_with_the_members_of_an_extension_is_told_where_it_is_not_as_it_was_made(
    url: str, adapter: PostgresAdapter
) -> None:
    tenant = make(url, "t1", f"CREATE EXTENSION {an_extension(url)} SCHEMA {{schema}}")
    [(member,)] = query(
        url,
        "SELECT min(objid::regprocedure::text) FROM pg_depend"
        " WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e' AND classid = 'pg_proc'::regclass"
        " AND starts_with(objid::regprocedure::text, 't1.')",
    )
    run(url, "t1", f"GRANT EXECUTE ON FUNCTION {member} TO pg_monitor WITH GRANT OPTION")
    [line] = (await read(adapter, tenant)).unmodelled
    assert line.startswith("privileges on function ")
    assert "EXECUTE TO pg_monitor WITH GRANT OPTION" in line
    assert "t1" not in line
    run(url, "t1", f"REVOKE EXECUTE ON FUNCTION {member} FROM PUBLIC, pg_monitor")
    [other] = (await read(adapter, tenant)).unmodelled
    assert other.partition(":")[0] == line.partition(":")[0]
    assert other != line


async def test_an_extension_that_another_tenant_has_is_refused_with_a_hint(url: str, adapter: PostgresAdapter) -> None:
    target = await read(adapter, make(url, "t1", f"CREATE EXTENSION {an_extension(url)} SCHEMA {{schema}}"))
    plan = Planner(adapter.kinds).plan(await read(adapter, make(url, "t2", "SELECT 1")), target)
    with pytest.raises(TenantFailed, match="already exists") as caught:
        await Runner(adapter).run(TenantContext("t2", "main"), plan, target)
    assert "one tenant only" in str(caught.value.hint)
