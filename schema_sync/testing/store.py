"""What every `SnapshotStore` must do, as a suite of tests.

Inherit from `StoreContract` and say how a store is made::

    class TestMyStore(StoreContract):
        def make_store(self, folder: Path, clock: Callable[[], float]) -> SnapshotStore:
            return MyStore(folder, clock=clock)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from schema_sync.errors import AlreadyExists, StoreError, UnknownRevision, UnknownTenant, UsageError
from schema_sync.model.tree import EMPTY_TREE, tree_id
from schema_sync.protocols import Base, FileChange, Observation, SnapshotStore, Version

MANIFEST = b'{\n  "dialect": "sqlite",\n  "format": 1\n}\n'
START = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now.timestamp()

    def go(self, **much: float) -> datetime:
        """Go on by so many days, hours, minutes; the time then."""
        self.now += timedelta(**much)
        return self.now


def files(**tables: str) -> dict[str, bytes]:
    """A snapshot's files: one table for each argument. What is in them means nothing to a store."""
    schema = {f"schema/tables/{name}.json": f'"{text}"\n'.encode() for name, text in tables.items()}
    return {"manifest.json": MANIFEST, **schema}


def schema_id(snapshot: Mapping[str, bytes]) -> str:
    """The fingerprint of a snapshot's files, computed apart from the store."""
    return tree_id({path[7:]: data for path, data in snapshot.items() if path.startswith("schema/")})


async def log(store: SnapshotStore, version: Version, **options: object) -> list[str]:
    """The subjects of a log."""
    return [one.subject async for one in store.log(version, **options)]  # type: ignore[arg-type]


@pytest.mark.asyncio
class StoreContract(ABC):
    """The tests. A subclass whose name begins with `Test` is collected by pytest."""

    @abstractmethod
    def make_store(self, folder: Path, clock: Callable[[], float]) -> SnapshotStore:
        """A new, empty store, its default branch `main`, that takes its time from the clock."""

    @pytest.fixture
    def clock(self) -> Clock:
        """The clock of the store, which a test may set."""
        return Clock()

    @pytest_asyncio.fixture
    async def store(self, tmp_path: Path, clock: Clock) -> AsyncIterator[SnapshotStore]:
        """An empty store."""
        store = self.make_store(tmp_path / "store", clock)
        yield store
        await store.close()

    # Versions

    async def test_a_version_is_read_as_it_was_committed(self, store: SnapshotStore, clock: Clock) -> None:
        given = {
            **files(users="1", orders="1"),
            "schema/views/a%41%2f..b(integer, text).json": b"{}\n",
            "layout/tables/users.json": b"[]\n",
            "layout/unmodelled.json": b"[]\n",
            "shared/needs.json": b"\x00\xff\n",
        }
        version, made = await store.commit("main", given, "first", author="Ann <ann@example.org>")
        assert made
        assert dict(await store.read(version)) == given
        assert version.fingerprint == schema_id(given)
        assert version.tree == tree_id(given)
        assert version.parents == ()
        assert version.author == "Ann <ann@example.org>"
        assert version.time == clock.now
        assert await store.resolve(version.id) == version

    async def test_one_file_of_a_version_is_read_apart(self, store: SnapshotStore) -> None:
        version, _ = await store.commit("main", files(a="1"), "first")
        assert await store.read_file(version, "schema/tables/a.json") == b'"1"\n'
        for path in ("schema/tables/b.json", "schema/tables", "schema", "a"):
            with pytest.raises(StoreError):
                await store.read_file(version, path)

    async def test_a_version_without_objects_has_the_empty_fingerprint(self, store: SnapshotStore) -> None:
        version, _ = await store.commit("main", files(), "nothing yet")
        assert version.fingerprint == EMPTY_TREE
        assert await store.changed(None, version) == []

    async def test_the_same_files_make_no_second_commit(self, store: SnapshotStore) -> None:
        first, _ = await store.commit("main", files(users="1"), "first")
        again, made = await store.commit("main", files(users="1"), "again")
        assert not made
        assert again == first

    async def test_a_retried_run_finds_its_own_commit(self, store: SnapshotStore) -> None:
        run = {"Run-Id": ["r1"]}
        await store.commit("main", files(), "before")
        first, made = await store.commit("main", files(users="1"), "first", trailers=run)
        again, made_again = await store.commit("main", files(users="1"), "first", trailers=run)
        assert (made, made_again) == (True, False)
        assert again.id == first.id

    async def test_a_commit_replaces_all_files_of_the_last(self, store: SnapshotStore) -> None:
        await store.commit("main", files(users="1", orders="1"), "first")
        version, _ = await store.commit("main", files(orders="2"), "second")
        assert dict(await store.read(version)) == files(orders="2")

    async def test_returning_to_earlier_files_is_a_commit_of_its_own(self, store: SnapshotStore) -> None:
        first, _ = await store.commit("main", files(users="1"), "first")
        await store.commit("main", files(users="2"), "second")
        third, made = await store.commit("main", files(users="1"), "third")
        assert made
        assert third.tree == first.tree
        assert third.id != first.id

    async def test_branches_have_lines_of_their_own(self, store: SnapshotStore) -> None:
        main, _ = await store.commit("main", files(users="1"), "first")
        await store.branch("eu/next", main)
        side, _ = await store.commit("eu/next", files(users="2"), "side")
        assert side.parents == (main.id,)
        assert (await store.resolve("main")).id == main.id
        assert (await store.resolve("eu/next")).id == side.id

    @pytest.mark.parametrize("path", ["README.md", "schemas/x.json", ".git/config"])
    async def test_paths_of_others_are_not_the_stores_to_write(self, store: SnapshotStore, path: str) -> None:
        with pytest.raises(ValueError, match="not the store's"):
            await store.commit("main", {**files(), path: b""}, "no")

    async def test_a_version_needs_a_manifest(self, store: SnapshotStore) -> None:
        with pytest.raises(ValueError, match="manifest"):
            await store.commit("main", {"schema/tables/a.json": b""}, "no")

    # Notes

    async def test_a_note_stands_beside_a_version_and_can_be_replaced(self, store: SnapshotStore) -> None:
        first, _ = await store.commit("main", files(), "one")
        second, _ = await store.commit("main", files(a="2"), "two")
        assert await store.annotation(first) is None
        await store.annotate(first, b"old\n")
        await store.annotate(second, b"other\n")
        await store.annotate(first, b"new\n")
        assert [await store.annotation(each) for each in (first, second)] == [b"new\n", b"other\n"]
        assert await store.resolve("main") == second

    # Messages

    async def test_message_and_trailers_come_back_apart(self, store: SnapshotStore) -> None:
        trailers = {"Source": ["eu1/acme"], "Renamed": ["a=b", "c=d"]}
        version, _ = await store.commit("main", files(), "subject\n\nbody\nof two lines\n", trailers=trailers)
        assert version.subject == "subject"
        assert version.message == "subject\n\nbody\nof two lines"
        assert dict(version.trailers) == {
            "Source": ("eu1/acme",),
            "Renamed": ("a=b", "c=d"),
            "Schema-Sync-Format": ("1",),
        }

    async def test_a_message_that_looks_like_trailers_stays_a_message(self, store: SnapshotStore) -> None:
        version, _ = await store.commit("main", files(), "Fix: one\n\nRun-Id: forged", trailers={"Run-Id": ["true"]})
        assert version.message == "Fix: one\n\nRun-Id: forged"
        assert version.trailers["Run-Id"] == ("true",)

    async def test_a_trailer_with_line_breaks_is_one_line(self, store: SnapshotStore) -> None:
        version, _ = await store.commit("main", files(), "x", trailers={"Source": ["a\n\nRun-Id: forged"]})
        assert version.trailers["Source"] == ("a Run-Id: forged",)
        assert "Run-Id" not in version.trailers

    @pytest.mark.parametrize("message", ["", "  \n\n", "\0"])
    async def test_an_empty_message_is_refused(self, store: SnapshotStore, message: str) -> None:
        with pytest.raises(UsageError):
            await store.commit("main", files(), message)

    @pytest.mark.parametrize("author", ["ann", "Ann <>", "<a@b>", "Ann <a@b>\nparent x", "Ann <a@b> 1 +0000"])
    async def test_an_author_that_git_cannot_write_is_refused(self, store: SnapshotStore, author: str) -> None:
        with pytest.raises(UsageError):
            await store.commit("main", files(), "x", author=author)

    # Differences

    async def test_changed_files_are_listed_by_path(self, store: SnapshotStore) -> None:
        old, _ = await store.commit("main", files(a="1", b="1", c="1"), "old")
        new, _ = await store.commit("main", {**files(b="2", c="1", d="1"), "layout/x.json": b"1"}, "new")
        assert await store.changed(old, new) == [
            FileChange("schema/tables/a.json", b'"1"\n', None),
            FileChange("schema/tables/b.json", b'"1"\n', b'"2"\n'),
            FileChange("schema/tables/d.json", None, b'"1"\n'),
        ]
        assert [change.path for change in await store.changed(old, new, "layout/")] == ["layout/x.json"]
        assert [change.path for change in await store.changed(old, new, "schema/tables/b.json")] == [
            "schema/tables/b.json"
        ]

    async def test_the_empty_version_differs_by_all_files(self, store: SnapshotStore) -> None:
        version, _ = await store.commit("main", files(a="1"), "one")
        added = [FileChange("schema/tables/a.json", None, b'"1"\n')]
        assert await store.changed(None, version) == added
        assert await store.changed(version, None) == [FileChange(one.path, one.new, None) for one in added]
        assert await store.changed(None, None) == []
        assert await store.changed(version, version, "") == []

    # Revisions

    async def test_revisions_are_understood_as_git_does(self, store: SnapshotStore) -> None:
        versions = [(await store.commit("main", files(a=str(n)), f"v{n}"))[0] for n in range(4)]
        await store.tag("v1", versions[1], "release one")
        expected = {
            "main": 3, "HEAD": 3, "@": 3, "refs/heads/main": 3, "heads/main": 3, "main~": 2, "main~2": 1,
            "main^": 2, "~": 2, "main^0": 3, "main^^~1": 0, "v1": 1, "tags/v1": 1, "v1^": 0, "v1~0": 1,
            versions[2].id: 2, versions[2].id[:12]: 2, versions[2].id[:12].upper(): 2, versions[2].id[:12] + "~2": 0,
        }  # fmt: skip
        found = {rev: (await store.resolve(rev)).id for rev in expected}
        assert found == {rev: versions[number].id for rev, number in expected.items()}

    async def test_a_date_names_the_last_version_until_then(self, store: SnapshotStore, clock: Clock) -> None:
        first, _ = await store.commit("main", files(a="1"), "first")
        clock.go(hours=2)
        second, _ = await store.commit("main", files(a="2"), "second")
        clock.go(days=3)
        third, _ = await store.commit("main", files(a="3"), "third")
        expected = {
            "main@{2026-05-01}": second, "main@{2026-05-02}": second, "main@{2026-05-01 13:59}": first,
            "main@{2026-05-01T14:00:00Z}": second, "main@{2026-05-01T14:00:00+01:00}": first,
            "main@{2027-01-01}": third, "main@{2027-01-01}~1": second,
        }  # fmt: skip
        found = {rev: (await store.resolve(rev)).subject for rev in expected}
        assert found == {rev: version.subject for rev, version in expected.items()}

    @pytest.mark.parametrize(
        "rev",
        ["", "nope", "main~9", "main^2", "main@{2020-01-01}", "main@{soon}", "main~x", "main^^^^^", "0123456", "a b",
         "main@{1}", "refs/heads", "../main", "main\n", "0" * 40],
    )  # fmt: skip
    async def test_a_revision_that_names_nothing_is_unknown(self, store: SnapshotStore, rev: str) -> None:
        await store.commit("main", files(a="1"), "first")
        with pytest.raises(UnknownRevision):
            await store.resolve(rev)

    async def test_an_unknown_revision_tells_what_is_near(self, store: SnapshotStore) -> None:
        version, _ = await store.commit("main", files(), "first")
        await store.tag("v1.20", version, "release")
        with pytest.raises(UnknownRevision) as caught:
            await store.resolve("v1.2")
        assert caught.value.near == ("v1.20",)

    # Names

    async def test_a_tag_stays_where_it_is(self, store: SnapshotStore) -> None:
        first, _ = await store.commit("main", files(a="1"), "first")
        second, _ = await store.commit("main", files(a="2"), "second")
        await store.tag("v1", first, "release")
        await store.tag("v1", first, "release, said twice")
        with pytest.raises(AlreadyExists):
            await store.tag("v1", second, "release")
        assert (await store.resolve("v1")).id == first.id

    async def test_a_branch_that_is_elsewhere_is_not_moved(self, store: SnapshotStore) -> None:
        first, _ = await store.commit("main", files(a="1"), "first")
        await store.commit("main", files(a="2"), "second")
        with pytest.raises(AlreadyExists):
            await store.branch("main", first)
        assert (await store.resolve("main")).subject == "second"

    @pytest.mark.parametrize(
        "name",
        ["", "a b", "a..b", "-f", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\b", ".a", "a/.b", "a.lock", "a/", "a//b",
         "/a", "a.", "a@{b", "@", "HEAD", "a\x07b", "a\n", "f" * 40, "\udc80"],
    )  # fmt: skip
    async def test_a_name_that_git_does_not_allow_is_refused(self, store: SnapshotStore, name: str) -> None:
        version, _ = await store.commit("main", files(), "first")
        with pytest.raises(UsageError):
            await store.tag(name, version, "release")
        with pytest.raises(UsageError):
            await store.branch(name, version)
        with pytest.raises(UsageError):
            await store.commit(name, files(a="1"), "no")

    async def test_refs_are_sorted_and_name_versions(self, store: SnapshotStore) -> None:
        first, _ = await store.commit("main", files(a="1"), "first")
        await store.tag("v2", first, "release")
        await store.tag("v10", first, "release")
        await store.branch("übung", first)
        await store.record([Observation(key="db/acme", files=files())], run="r1")
        expected = ["refs/heads/main", "refs/heads/übung", "refs/tags/v10", "refs/tags/v2"]
        assert list((await store.refs()).items()) == [(name, first.id) for name in expected]

    # History

    async def test_the_log_is_newest_first(self, store: SnapshotStore) -> None:
        for number in range(5):
            tip, _ = await store.commit("main", files(a=str(number)), f"v{number}")
        assert await log(store, tip) == ["v4", "v3", "v2", "v1", "v0"]
        assert await log(store, tip, limit=2) == ["v4", "v3"]
        assert await log(store, tip, limit=0) == []

    async def test_the_log_of_a_path_has_only_what_changed_it(self, store: SnapshotStore) -> None:
        for subject, tables in {
            "without": {"b": "1"},
            "added": {"a": "1", "b": "1"},
            "other": {"a": "1", "b": "2"},
            "altered": {"a": "2", "b": "2"},
            "dropped": {"b": "2"},
            "back": {"a": "2", "b": "2"},
        }.items():
            tip, _ = await store.commit("main", files(**tables), subject)
        expected = ["back", "dropped", "altered", "added"]
        assert await log(store, tip, path="schema/tables/a.json") == expected
        assert await log(store, tip, path="schema/tables/a.json", limit=1) == ["back"]
        assert await log(store, tip, path="schema/") == ["back", "dropped", "altered", "other", "added", "without"]
        assert await log(store, tip, path="schema/tables/none.json") == []
        assert await log(store, tip, path="manifest.json") == ["without"]

    async def test_ever_tells_all_contents_newest_first(self, store: SnapshotStore) -> None:
        for number, tables in enumerate([{"a": "1"}, {"a": "2", "b": "1"}, {"a": "1", "b": "1"}, {"c": "1"}]):
            tip, _ = await store.commit("main", files(**tables), f"v{number}")
        paths = [f"schema/tables/{name}.json" for name in "abcd"]
        assert await store.ever(tip, paths) == {
            paths[0]: (b'"1"\n', b'"2"\n'),
            paths[1]: (b'"1"\n',),
            paths[2]: (b'"1"\n',),
        }
        assert await store.ever(await store.resolve("main~3"), paths[1:]) == {}
        assert await store.ever(tip, []) == {}

    # The fleet

    async def test_the_fleet_is_read_as_it_was_recorded(self, store: SnapshotStore) -> None:
        base = Base(commit="a" * 40, fingerprint="b" * 40, expected="c" * 40, local=("tables/a/indexes/x",))
        one, other = files(a="1"), files(a="2")
        seen = [
            Observation(key="db/acme", files=one, base=base),
            Observation(key="db/globex", files=one),
            Observation(key="db/initech", files=other),
            Observation(key="db/new", files=files()),
        ]
        await store.record(seen, run="r1", trailers={"Target": ["v1"]})
        fleet = await store.fleet()
        assert list(fleet) == ["db/acme", "db/globex", "db/initech", "db/new"]
        assert fleet["db/acme"].base == base
        assert fleet["db/globex"].base is None
        assert [entry.observed for entry in fleet.values()] == [
            schema_id(one), schema_id(one), schema_id(other), EMPTY_TREE,
        ]  # fmt: skip
        assert fleet["db/acme"].tree == tree_id(one)
        assert dict(await store.observed("db/initech")) == other

    async def test_an_empty_store_has_an_empty_fleet(self, store: SnapshotStore) -> None:
        assert await store.fleet() == {}
        await store.record([], run="r1")
        await store.forget(["db/nobody"], run="r2")
        assert await store.fleet() == {}

    async def test_an_observation_without_a_base_keeps_the_recorded_one(self, store: SnapshotStore) -> None:
        base = Base(commit="a" * 40, fingerprint="b" * 40, expected="b" * 40)
        await store.record([Observation(key="db/acme", files=files(a="1"), base=base)], run="r1")
        await store.record([Observation(key="db/acme", files=files(a="2"))], run="r2")
        entry = (await store.fleet())["db/acme"]
        assert entry.base == base
        assert entry.observed == schema_id(files(a="2"))

    async def test_the_last_run_is_the_last_that_changed_the_record(self, store: SnapshotStore) -> None:
        assert await store.last_run() is None
        await store.record([Observation(key="db/acme", files=files(a="1"))], run="r1")
        first = await store.last_run()
        assert first is not None
        assert first.run == "r1"
        assert first.time.tzinfo is not None
        await store.record([Observation(key="db/acme", files=files(a="1"))], run="r2")
        assert await store.last_run() == first
        await store.forget(["db/acme"], run="r3")
        last = await store.last_run()
        assert last is not None
        assert last.run == "r3"

    async def test_recording_some_leaves_the_others(self, store: SnapshotStore) -> None:
        await store.record([Observation(key=f"db/t{n}", files=files(a="1")) for n in range(300)], run="r1")
        await store.record([Observation(key="db/t7", files=files(a="2"))], run="r2")
        fleet = await store.fleet()
        assert len(fleet) == 300
        assert [key for key, entry in fleet.items() if entry.observed == schema_id(files(a="2"))] == ["db/t7"]

    async def test_a_forgotten_tenant_is_unknown_and_the_rest_is_not(self, store: SnapshotStore) -> None:
        await store.record([Observation(key=f"db/t{n}", files=files()) for n in range(3)], run="r1")
        await store.forget(["db/t1", "db/none"], run="r2")
        assert list(await store.fleet()) == ["db/t0", "db/t2"]
        with pytest.raises(UnknownTenant):
            await store.observed("db/t1")
        await store.forget(["db/t0", "db/t2"], run="r3")
        assert await store.fleet() == {}

    @pytest.mark.parametrize(
        "key", ["db/ACME", "db/a.b", "db/a/b", 'db/"; --', "db/ü" + "ö" * 60, "db/con", "db/.git", "db/" + "x" * 300]
    )
    async def test_any_name_of_a_tenant_comes_back(self, store: SnapshotStore, key: str) -> None:
        await store.record([Observation(key=key, files=files(a="1")), Observation(key="db/b", files=files())], run="r")
        await store.record([Observation(key=key, files=files(a="2"))], run="r")
        assert sorted(await store.fleet()) == sorted([key, "db/b"])
        assert dict(await store.observed(key, nth=1)) == files(a="1")

    async def test_earlier_states_of_a_tenant_are_the_different_ones(self, store: SnapshotStore, clock: Clock) -> None:
        base = Base(commit="a" * 40, fingerprint="b" * 40, expected="b" * 40)
        for number, state in enumerate(["1", "2", "2", "1", "3"]):
            seen = Observation(key="db/acme", files=files(a=state), base=base if number == 2 else None)
            other = Observation(key="db/other", files=files(a=str(number)))
            await store.record([seen, other], run=f"r{number}")
            clock.go(days=1)
        states = [dict(await store.observed("db/acme", nth=nth)) for nth in range(4)]
        assert states == [files(a="3"), files(a="1"), files(a="2"), files(a="1")]
        at = START + timedelta(days=2, hours=1)
        assert dict(await store.observed("db/acme", at=at)) == files(a="2")
        assert dict(await store.observed("db/acme", at=at, nth=1)) == files(a="1")
        with pytest.raises(UnknownRevision):
            await store.observed("db/acme", nth=4)
        with pytest.raises(UnknownRevision):
            await store.observed("db/acme", at=START - timedelta(days=1))

    async def test_an_unknown_tenant_tells_who_is_near(self, store: SnapshotStore) -> None:
        with pytest.raises(UnknownTenant):
            await store.observed("db/acme")
        await store.record([Observation(key="db/acme", files=files())], run="r1")
        with pytest.raises(UnknownTenant) as caught:
            await store.observed("db/acne")
        assert caught.value.near == ("db/acme",)

    # Spellings

    async def test_a_schema_is_kept_in_several_spellings(self, store: SnapshotStore) -> None:
        version, _ = await store.commit("main", files(a="15"), "first")
        assert await store.spelling(version.fingerprint, "postgresql-18") is None
        assert await store.spellings(version.fingerprint) == {}
        for name, spelled in (("postgresql-18", "18"), ("postgresql-16", "16"), ("postgresql-18", "18.1")):
            await store.spell(version.fingerprint, name, files(a=spelled))
        await store.spell("f" * 40, "postgresql-16", files())
        kept = await store.spelling(version.fingerprint, "postgresql-18")
        assert kept is not None
        assert dict(kept) == files(a="18.1")
        assert await store.spellings(version.fingerprint) == {
            "postgresql-16": schema_id(files(a="16")),
            "postgresql-18": schema_id(files(a="18.1")),
        }
        assert await store.spellings("f" * 40) == {"postgresql-16": EMPTY_TREE}
        assert await store.resolve("main") == version
        assert await store.verify() == []
        with pytest.raises(ValueError, match="manifest"):
            await store.spell("f" * 40, "postgresql-16", {})

    # Care

    async def test_a_sound_store_has_nothing_to_say(self, store: SnapshotStore) -> None:
        version, _ = await store.commit("main", files(a="1"), "first")
        await store.tag("v1", version, "release")
        await store.record([Observation(key="db/acme", files=files(a="2"))], run="r1")
        assert await store.verify() == []
        assert await store.verify(version) == []
