"""Files, locks and errors."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from schema_sync.adapters.sqlite import SQLiteAdapter
from schema_sync.adapters.sqlite.files import Files
from schema_sync.errors import ConfigError, TenantBusy, TenantFailed, UnknownTenant, Unreachable, UsageError
from schema_sync.model.plan import Part, Statement
from schema_sync.model.report import TenantContext, TenantSelection
from tests.unit.sqlite.conftest import load

T = TenantContext("t")


def statement(sql: str) -> Statement:
    """A statement of a plan."""
    return Statement(sql=sql, object="tables/t", parts=(Part("alter", "tables/t"),))


def touch(*paths: Path) -> None:
    """Empty files, folders included."""
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_tenants_are_called_by_stem_or_by_path_where_stems_repeat(tmp_path: Path) -> None:
    touch(*(tmp_path / name for name in ("eu/acme.db", "us/acme.db", "us/globex.db", "us/globex.db-wal", "x.txt")))
    files = Files(f"sqlite:{tmp_path}/**/*.db*", TenantSelection())
    assert list(files.find()) == ["eu/acme", "globex", "us/acme"]
    assert files.root == tmp_path


async def test_files_that_come_and_go_while_the_adapter_is_open_are_noticed(
    tmp_path: Path, adapter: SQLiteAdapter
) -> None:
    inspector = adapter.inspector()
    load(tmp_path / "a.db", "CREATE TABLE t (id)")
    await inspector.inspect(TenantContext("a"))
    load(tmp_path / "b.db", "CREATE TABLE t (id)")
    await inspector.inspect(TenantContext("b"))
    (tmp_path / "a.db").unlink()
    with pytest.raises(UnknownTenant):
        await inspector.inspect(TenantContext("a"))


def test_a_selection_picks_by_name(tmp_path: Path) -> None:
    touch(*(tmp_path / f"{name}.db" for name in ("a1", "a2", "b1", "b2")))
    url = f"sqlite:{tmp_path}/*.db"
    assert list(Files(url, TenantSelection(schemas=("a*",), exclude=("*2",))).find()) == ["a1"]
    assert list(Files(url, TenantSelection(names=("b2", "none"))).find()) == ["b2"]
    with pytest.raises(ConfigError, match="query"):
        Files(url, TenantSelection(query="SELECT 1"))


@pytest.mark.parametrize("url", ["sqlite:///srv/a.db", "sqlite:/srv/a.db", "SQLITE:/srv/a.db"])
def test_urls_with_and_without_slashes_are_one(url: str) -> None:
    assert Files(url, TenantSelection()).pattern == Path("/srv/a.db")


@pytest.mark.parametrize("name", ["../x", "", "a/b", ".hidden", "a\0b"])
def test_a_new_tenant_has_a_name_that_is_a_file_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be the name"):
        Files(f"sqlite:{tmp_path}/*.db", TenantSelection()).place(name)


@pytest.mark.parametrize("pattern", ["*/x.db", "?.db", "*-*.db", "one.db"])
def test_a_new_tenant_needs_a_pattern_that_tells_its_place(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(ConfigError):
        Files(f"sqlite:{tmp_path}/{pattern}", TenantSelection()).place("new")


async def test_a_file_that_is_no_database_is_one_line(tmp_path: Path, adapter: SQLiteAdapter) -> None:
    (tmp_path / "t.db").write_text("this is a letter, and no database at all\n" * 40)
    with pytest.raises(Unreachable, match="not a SQLite database") as caught:
        await adapter.inspector().inspect(T)
    assert "\n" not in caught.value.message
    assert [each.code for each in await adapter.diagnose()] == ["ok", "error"]


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="no folder"):
        await SQLiteAdapter(f"sqlite:{tmp_path}/none/*.db").list_tenants()
    with pytest.raises(UnknownTenant):
        await SQLiteAdapter(f"sqlite:{tmp_path}/none.db").inspector().inspect(TenantContext("none"))


async def test_a_file_in_wal_mode_is_read_and_changed(tmp_path: Path, adapter: SQLiteAdapter) -> None:
    load(tmp_path / "t.db", "PRAGMA journal_mode = WAL; CREATE TABLE t (a);")
    with closing(sqlite3.connect(tmp_path / "t.db")) as other:
        other.execute("INSERT INTO t VALUES (1)")
        assert len(await adapter.inspector().inspect(T)) == 2
        with pytest.raises(TenantBusy):
            async with adapter.acquire_lock(T):
                pass
        other.commit()
    async with adapter.acquire_lock(T) as session:
        await session.execute(statement("ALTER TABLE t ADD COLUMN b"))
        await session.commit()
    assert len(await adapter.inspector().inspect(T)) == 3


async def test_a_file_that_someone_writes_exclusively_is_busy(tmp_path: Path, adapter: SQLiteAdapter) -> None:
    load(tmp_path / "t.db", "CREATE TABLE t (a);")
    with closing(sqlite3.connect(tmp_path / "t.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(TenantBusy, match="another process"):
            await adapter.inspector().inspect(T)


async def test_nothing_stays_of_a_session_that_did_not_commit(tmp_path: Path, adapter: SQLiteAdapter) -> None:
    load(tmp_path / "t.db", "CREATE TABLE t (a);")
    async with adapter.acquire_lock(T) as session:
        await session.execute(statement("DROP TABLE t"))
        assert len(await session.inspect()) == 0
    assert len(await adapter.inspector().inspect(T)) == 2


async def test_a_statement_that_fails_is_told_with_sqlites_own_words(tmp_path: Path, adapter: SQLiteAdapter) -> None:
    load(tmp_path / "t.db", "CREATE TABLE t (a);")
    async with adapter.acquire_lock(T) as session:
        with pytest.raises(TenantFailed, match=r"tables/t with `ALTER TABLE nowhere .*no such table: nowhere"):
            await session.execute(statement("ALTER TABLE nowhere\n ADD COLUMN b"))


async def test_new_violations_of_foreign_keys_are_not_committed_and_old_ones_are_not_ours(
    tmp_path: Path, adapter: SQLiteAdapter
) -> None:
    load(
        tmp_path / "t.db",
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INT REFERENCES p); INSERT INTO t VALUES (5);"
        "CREATE TABLE mismatch (a REFERENCES t (a)); INSERT INTO mismatch VALUES (1);",
    )
    async with adapter.acquire_lock(T) as session:
        await session.execute(statement("ALTER TABLE t ADD COLUMN b"))
        await session.commit()
    async with adapter.acquire_lock(T) as session:
        await session.execute(statement("INSERT INTO t (a) VALUES (6)"))
        with pytest.raises(TenantFailed, match="1 of t refer to no row of p"):
            await session.commit()
    with closing(sqlite3.connect(tmp_path / "t.db")) as connection:
        assert connection.execute("SELECT a, b FROM t").fetchall() == [(5, None)]


async def test_a_script_cannot_reach_other_files(tmp_path: Path, adapter: SQLiteAdapter) -> None:
    with pytest.raises(UsageError, match="not authorized"):
        await adapter.elaborate([f"ATTACH '{tmp_path}/other.db' AS other"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("init", ["nowhere:f", "json:nothing", "json", "json:__name__"])
def test_an_init_that_cannot_be_loaded_is_a_configuration_error(init: str) -> None:
    with pytest.raises(ConfigError, match="init"):
        SQLiteAdapter("sqlite:x.db", init=init)
