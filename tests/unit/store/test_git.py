"""What the store writes is what plain Git reads, and the other way round."""

from __future__ import annotations

from pathlib import Path

import pytest

from schema_sync.errors import UnknownRevision
from schema_sync.model.ident import enc
from schema_sync.protocols import Base, Observation, SnapshotStore
from schema_sync.store import GitStore, create_store, open_store
from schema_sync.testing.memory import MemoryStore
from schema_sync.testing.store import Clock, files
from tests.unit.store.conftest import Git, run_git, sound

BASE = Base(commit="a" * 40, fingerprint="b" * 40, expected="b" * 40)


async def test_both_stores_are_what_the_protocol_says(store: GitStore) -> None:
    stores: list[SnapshotStore] = [store, MemoryStore()]
    assert all(isinstance(one, SnapshotStore) for one in stores)


async def test_both_stores_make_the_same_ids(store: GitStore, clock: Clock) -> None:
    twin = MemoryStore(clock=clock)
    for number in range(3):
        snapshot = files(a=str(number), b="1")
        mine, _ = await store.commit("main", snapshot, f"v{number}", trailers={"Run-Id": ["r"]})
        other, _ = await twin.commit("main", snapshot, f"v{number}", trailers={"Run-Id": ["r"]})
        assert mine == other
        clock.go(hours=1)


async def test_git_finds_nothing_wrong_and_reads_it_all(store: GitStore, git: Git) -> None:
    first, _ = await store.commit("main", files(a="1", b="1"), "first\n\nwhy", trailers={"Run-Id": ["r1"]})
    second, _ = await store.commit("main", files(b="2", c="1"), "zweiter Übergang", author="Bö <b@example.org>")
    await store.tag("v1", first, "release one\n\nwith notes")
    await store.record([Observation(key=f"db/t{n}", files=files(a=str(n % 3)), base=BASE) for n in range(40)], run="r")
    assert sound(store.path)
    assert git("log", "--format=%H %an %s", "main").splitlines() == [
        f"{second.id} Bö zweiter Übergang", f"{first.id} schema-sync first",
    ]  # fmt: skip
    assert git("log", "-1", "--format=%(trailers:key=Run-Id,valueonly)", first.id).strip() == "r1"
    assert git("log", "-1", "--date=iso", "--format=%ad %cd", first.id).split() == [
        "2026-05-01", "12:00:00", "+0000", "2026-05-01", "12:00:00", "+0000",
    ]  # fmt: skip
    assert git("diff", "--no-renames", "--name-status", "v1", "main").splitlines() == [
        "D\tschema/tables/a.json", "M\tschema/tables/b.json", "A\tschema/tables/c.json",
    ]  # fmt: skip
    assert git("rev-parse", "main:schema", "main^{tree}").split() == [second.fingerprint, second.tree]
    assert git("cat-file", "-t", "v1").strip() == "tag"
    assert git("tag", "-l", "-n9", "v1").split("\n")[0] == "v1              release one"
    assert git("describe", "main").startswith("v1-1-g")
    assert git("status", "--porcelain") == ""


async def test_a_clone_is_a_store(store: GitStore, git: Git, tmp_path: Path) -> None:
    version, _ = await store.commit("main", files(a="1"), "first")
    await store.record([Observation(key="db/acme", files=files(a="1"))], run="r")
    run_git(tmp_path, "clone", "-q", str(store.path), "clone")
    run_git(tmp_path, "clone", "-q", "--mirror", str(store.path), "mirror")
    async with open_store(tmp_path / "clone") as clone:
        assert await clone.resolve("main") == version
        assert await clone.fleet() == {}
        assert await clone.resolve("origin/main") == version
        await clone.commit("main", files(a="2"), "second")
        assert run_git(clone.path, "status", "--porcelain") == ""
    async with open_store(tmp_path / "mirror") as mirror:
        assert list(await mirror.fleet()) == ["db/acme"]
    assert sound(tmp_path / "clone")
    assert sound(tmp_path / "mirror")


async def test_the_fleet_is_laid_out_by_shards(store: GitStore, git: Git) -> None:
    odd = "db/" + "Ü" * 60
    seen = [Observation(key=key, files=files(a="1"), base=BASE) for key in ("db/acme", "db/Ümlaut", odd)]
    await store.record(seen, run="r1", trailers={"Target": ["v1"]})
    listed = git("ls-tree", "-r", "-d", "--name-only", "refs/schema/fleet").splitlines()
    entries = sorted(path for path in listed if path.count("/") == 1)
    assert {path.split("/")[1] for path in entries} == {enc(one.key) for one in seen}
    for key in ("db/acme", "db/Ümlaut"):
        where = next(path for path in entries if path.endswith("/" + enc(key)))
        assert git("show", f"refs/schema/fleet:{where}/base.json") == (
            f'{{\n  "commit": "{"a" * 40}",\n  "expected": "{"b" * 40}",\n  "fingerprint": "{"b" * 40}"\n}}\n'
        )
        assert git("show", f"refs/schema/fleet:{where}/observed/schema/tables/a.json") == '"1"\n'
    assert git("log", "--format=%(trailers)", "refs/schema/fleet").split("\n")[:3] == [
        "Target: v1", "Run-Id: r1", "Schema-Sync-Format: 1",
    ]  # fmt: skip
    assert sorted(await store.fleet()) == sorted(one.key for one in seen)
    assert not [line for line in git("for-each-ref", "--format=%(refname)").split() if "tenant" in line]


async def test_spellings_are_laid_out_by_schema(store: GitStore, git: Git) -> None:
    for _ in range(2):
        await store.spell("a" * 40, "postgresql-18", files(a="18"))
    await store.spell("b" * 40, "postgresql-16", files(a="16"))
    assert git("show", f"refs/schema/spellings:{'a' * 40}/postgresql-18/schema/tables/a.json") == '"18"\n'
    assert git("rev-list", "--count", "refs/schema/spellings").strip() == "2"
    git("fsck", "--strict")


async def test_nothing_new_of_the_fleet_makes_no_commit(store: GitStore, git: Git) -> None:
    seen = [Observation(key="db/acme", files=files(a="1"), base=BASE)]
    for run in ("r1", "r2", "r2"):
        await store.record(seen, run=run)
    await store.record([], run="r3")
    await store.forget(["db/none"], run="r4")
    assert git("rev-list", "--count", "refs/schema/fleet").strip() == "1"
    await store.record([Observation(key=f"db/t{n}", files=files(a="1")) for n in range(500)], run="r5")
    assert git("rev-list", "--count", "refs/schema/fleet").strip() == "2"


async def test_paths_of_others_are_carried_over(store: GitStore, git: Git) -> None:
    first, _ = await store.commit("main", files(a="1"), "first")
    (store.path / "migrations").mkdir()
    (store.path / "migrations/001.sql").write_text("SELECT 1;\n")
    (store.path / "run.sh").write_text("#!/bin/sh\n")
    (store.path / "run.sh").chmod(0o755)
    (store.path / "link").symlink_to("run.sh")
    git("add", ".")
    git("commit", "-q", "-m", "foreign")
    foreign = await store.resolve("main")
    assert foreign.fingerprint == first.fingerprint
    assert dict(await store.read(foreign)) == files(a="1")
    _, made = await store.commit("main", files(a="1"), "same")
    assert not made
    await store.commit("main", files(a="2"), "second")
    assert git("ls-tree", "-r", "--format=%(objectmode) %(path)", "main").splitlines() == [
        "120000 link", "100644 manifest.json", "100644 migrations/001.sql", "100755 run.sh",
        "100644 schema/tables/a.json",
    ]  # fmt: skip
    assert git("status", "--porcelain") == ""
    assert sound(store.path)


async def test_a_merge_is_shown_only_where_it_changed_the_path(store: GitStore, git: Git) -> None:
    await store.commit("main", files(a="1", b="1"), "first")
    await store.branch("side", await store.resolve("main"))
    await store.commit("side", files(a="2", b="1"), "side")
    await store.commit("main", files(a="1", b="2"), "main")
    git("merge", "-q", "-m", "merged", "side")
    tip = await store.resolve("main")
    assert (await store.resolve("main^2")).subject == "side"
    for path in ("schema/tables/a.json", "schema/tables/b.json"):
        mine = [one.id async for one in store.log(tip, path=path)]
        assert mine == git("log", "--format=%H", "--", path).split()
    assert len([one async for one in store.log(tip)]) == 4
    assert await store.ever(tip, ["schema/tables/a.json"]) == {"schema/tables/a.json": (b'"2"\n', b'"1"\n')}


async def test_the_identity_is_gits(store: GitStore, git: Git) -> None:
    version, _ = await store.commit("main", files(a="1"), "first")
    assert version.author == "schema-sync <schema-sync@localhost>"
    git("config", "user.name", "Ann Example")
    git("config", "user.email", "ann@example.org")
    async with open_store(store.path) as again:
        version, _ = await again.commit("main", files(a="2"), "second", author="Bob <bob@example.org>")
    assert version.author == "Bob <bob@example.org>"
    assert git("log", "-1", "--format=%cn <%ce>").strip() == "Ann Example <ann@example.org>"


async def test_a_clock_that_goes_back_leaves_the_line_in_order(store: GitStore, clock: Clock) -> None:
    first, _ = await store.commit("main", files(a="1"), "first")
    clock.go(days=-3)
    second, _ = await store.commit("main", files(a="2"), "second")
    assert second.time == first.time
    assert [one.subject async for one in store.log(second)] == ["second", "first"]


async def test_a_beginning_of_several_ids_is_unknown_and_lists_them(store: GitStore, git: Git) -> None:
    blob = "blob\nmark :1\ndata 3\n{}\n\n"
    commit = "commit refs/heads/many\ncommitter A <a@b> {0} +0000\ndata 1\nx\nM 100644 :1 manifest.json\n\n"
    stream = blob + "".join(commit.format(1_700_000_000 + number) for number in range(1000))
    git("fast-import", "--quiet", given=stream.encode())
    beginnings: dict[str, list[str]] = {}
    for oid in git("rev-list", "many").split():
        beginnings.setdefault(oid[:4], []).append(oid)
    twins = next(oids for oids in beginnings.values() if len(oids) == 2)
    with pytest.raises(UnknownRevision) as caught:
        await store.resolve(twins[0][:4])
    assert set(caught.value.near) == set(twins)
    assert (await store.resolve(twins[0][:14])).id == twins[0]


async def test_a_commit_without_a_manifest_is_no_version(store: GitStore, git: Git) -> None:
    await store.record([Observation(key="db/acme", files=files())], run="r")
    await store.commit("main", files(), "first")
    with pytest.raises(UnknownRevision) as caught:
        await store.resolve("refs/schema/fleet")
    assert "manifest.json" in (caught.value.hint or "")


async def test_a_branch_beside_one_of_its_name_as_a_folder_is_refused(store: GitStore, git: Git) -> None:
    version, _ = await store.commit("main", files(), "first")
    for clash in ("main/next", "a"):
        await store.branch("a/b", version) if clash == "a" else None
        for _ in ("loose", "packed"):
            with pytest.raises(Exception, match="folder"):
                await store.branch(clash, version)
            git("pack-refs", "--all")
    git("branch", "-q", "-D", "a/b")
    await store.branch("a", version)
    assert sound(store.path)


async def test_a_bare_store_takes_commits_and_has_no_files(tmp_path: Path) -> None:
    async with create_store(tmp_path / "bare", bare=True) as store:
        await store.commit("main", files(a="1"), "first")
        assert not (store.path / "schema").exists()
        assert (store.path / "refs/heads/main").is_file()
    assert sound(tmp_path / "bare")


async def test_objects_in_long_chains_of_deltas_are_read_as_git_reads_them(store: GitStore, git: Git) -> None:
    state = {f"table_{n}": "0" * 40 for n in range(40)}
    for number in range(120):
        state[f"table_{number % 7}"] = f"{number:040}"
        tip, _ = await store.commit("main", files(**state), f"v{number}")
        if number == 60:
            git("gc", "-q", "--aggressive")
    git("repack", "-q", "-a", "-d", "-f", "--depth=250")
    path = "schema/tables/table_3.json"
    async with open_store(store.path) as again:
        mine = [one.id async for one in again.log(tip, path=path)]
        assert mine == git("log", "--format=%H", "--", path).split()
        contents = (await again.ever(tip, [path]))[path]
        assert [data.decode() for data in contents] == [git("show", f"{oid}:{path}") for oid in mine]
        assert await again.verify() == []
        git("repack", "-q", "-a", "-d", "-f", "--depth=1")
        assert [one.id async for one in again.log(tip, path=path)] == mine
        assert dict(await again.read(tip)) == files(**state)
