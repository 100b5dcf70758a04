"""Snapshots as files: they come back, equal ones have equal bytes anywhere, and what is damaged is refused."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema_sync.adapters.postgres.objects import Function
from schema_sync.adapters.sqlite.objects import Column, Index, Table
from schema_sync.adapters.sqlite.objects import Part as IndexPart
from schema_sync.errors import CorruptObject, Refused
from schema_sync.model.codec import MANIFEST, canonical
from schema_sync.model.ident import Ident
from schema_sync.model.snapshot import Snapshot
from schema_sync.model.tree import EMPTY_TREE, tree_id
from tests.unit.model.strategies import VOCABULARIES, snapshots
from tests.unit.store.conftest import run_git

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

ORDERS = Ident("table", "orders")
SAMPLE = Snapshot(
    "sqlite",
    [
        Table(ident=ORDERS, strict=True),
        Column(ident=Ident("column", "id", ORDERS), type="INTEGER", not_null=True),
        Column(ident=Ident("column", "total", ORDERS), type="REAL"),
        Index(ident=Ident("index", "by_total", ORDERS), parts=(IndexPart(column="total", desc=True),)),
    ],
    needs={Ident("index", "by_total", ORDERS): [Ident("column", "total", ORDERS)]},
    order={ORDERS: ["id", "total"]},
    shared=["extension x"],
    unmodelled=["trigger t"],
)
PLACE = "schema/tables/orders.json"


@SLOW
@given(snapshots())
def test_a_snapshot_comes_back_from_its_files(snapshot: Snapshot) -> None:
    read = Snapshot.from_files(snapshot.files, VOCABULARIES[snapshot.dialect])
    assert read == snapshot
    assert read.needs == snapshot.needs
    assert read.order == snapshot.order
    assert (read.spelling, read.shared, read.unmodelled) == (snapshot.spelling, snapshot.shared, snapshot.unmodelled)
    assert (read.places, read.furniture) == (snapshot.places, snapshot.furniture)
    assert [schema.needs for schema in read.furniture.values()] == [one.needs for one in snapshot.furniture.values()]
    assert read.files == snapshot.files
    assert read.fingerprint == snapshot.fingerprint


@SLOW
@given(st.data())
def test_a_snapshot_is_another_one_with_the_files_that_differ(data: st.DataObject) -> None:
    dialect = data.draw(st.sampled_from(sorted(VOCABULARIES)))
    old, new = (data.draw(snapshots(dialect, spelling="")) for _ in range(2))
    beside = old.replace(
        shared=new.shared,
        places=new.places,
        furniture=new.furniture,
        unmodelled=new.unmodelled,
    )
    paths = sorted(path for path in {*beside.files, *new.files} if beside.files.get(path) != new.files.get(path))
    changed = {path: new.files.get(path) for path in (*paths, "README.md")}
    made = beside.with_files(changed, VOCABULARIES[dialect])
    assert made is not None
    assert (made.files, list(made)) == (new.files, list(new))
    assert (made.needs, made.order) == (new.needs, new.order)


@pytest.mark.parametrize("changes", [{"spelling": "16"}, {"shared": ["extension y"]}, {"unmodelled": []}])
def test_a_snapshot_is_read_whole_where_more_than_objects_differs(changes: dict[str, object]) -> None:
    other = SAMPLE.replace(**changes)
    changed = {path: other.files.get(path) for path in {*SAMPLE.files, *other.files}}
    paths = [path for path in changed if SAMPLE.files.get(path) != changed[path]]
    assert SAMPLE.with_files({path: changed[path] for path in paths}, VOCABULARIES["sqlite"]) is None


def test_what_is_shared_is_kept_by_schema_and_kind_and_is_no_part_of_the_fingerprint() -> None:
    furnished = SAMPLE.replace(
        furniture={"Über alles": SAMPLE.replace(unmodelled=())}, places={"extension x": "public"}
    )
    below = {path.removeprefix("shared/%c3%9cber%20alles/") for path in furnished.files if "alles" in path}
    assert below == {"name.json", "layout.json", "tables/orders.json"}
    assert furnished.fingerprint == SAMPLE.fingerprint
    files = dict(furnished.files)
    files["shared/elsewhere/name.json"] = files.pop("shared/%c3%9cber%20alles/name.json")
    with pytest.raises(CorruptObject, match="shared/"):
        Snapshot.from_files(files, VOCABULARIES["sqlite"])


@SLOW
@given(snapshots())
def test_every_file_is_read_by_any_json_parser_and_ends_with_one_newline(snapshot: Snapshot) -> None:
    for data in snapshot.files.values():
        assert data.endswith(b"\n")
        assert not data.endswith(b"\n\n")
        assert canonical(json.loads(data)) == data


@SLOW
@given(st.data())
def test_fingerprints_are_equal_if_and_only_if_the_objects_are(data: st.DataObject) -> None:
    one = data.draw(snapshots())
    kept = data.draw(st.sets(st.sampled_from(list(one.objects)))) if len(one) else set()
    other = one.replace(objects=[obj for obj in one if obj.ident.top not in kept], needs={}, order={})
    assert (one.fingerprint == other.fingerprint) == (one.objects == other.objects) == (one == other)


def test_another_process_writes_the_same_bytes_in_any_order() -> None:
    drawn: list[dict[str, str]] = []

    @settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(snapshots())
    def draw(snapshot: Snapshot) -> None:
        drawn.append({path: data.decode() for path, data in snapshot.files.items()})

    draw()
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "tests.unit.model.elsewhere", seed]
        done = subprocess.run(
            command,
            input=json.dumps(drawn),
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[3],
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == drawn


def test_the_tree_of_a_snapshot_is_gits_own(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q")
    chance = random.Random(7)

    @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(snapshots())
    def holds(snapshot: Snapshot) -> None:
        folder = tmp_path / f"tree{chance.random()}"
        for path, data in snapshot.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        run_git(tmp_path, "read-tree", "--empty")
        run_git(tmp_path, f"--work-tree={folder}", "add", "-A")
        tree = run_git(tmp_path, "write-tree").strip()
        assert tree == tree_id(snapshot.files)
        if len(snapshot):
            assert run_git(tmp_path, "rev-parse", f"{tree}:schema").strip() == snapshot.fingerprint

    holds()


def test_a_tree_is_sorted_as_git_mktree_sorts_it(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q")
    blob = run_git(tmp_path, "hash-object", "-w", "--stdin", given=b"x").strip()
    inner = run_git(tmp_path, "mktree", given=f"100644 blob {blob}\tf\n".encode()).strip()
    listed = f"100644 blob {blob}\ta.b\n40000 tree {inner}\ta\n100644 blob {blob}\ta0\n100644 blob {blob}\ta-b\n"
    made = run_git(tmp_path, "mktree", given=listed.replace("40000 tree", "040000 tree").encode()).strip()
    assert tree_id({"a/f": b"x", "a0": b"x", "a.b": b"x", "a-b": b"x"}) == made
    assert tree_id({}) == EMPTY_TREE == Snapshot("sqlite").fingerprint


def _altered(change: Callable[[dict[str, object]], object], path: str = PLACE) -> dict[str, bytes]:
    """The sample's files with one of them changed, canonically."""
    node = json.loads(SAMPLE.files[path])
    change(node)
    return {**SAMPLE.files, path: canonical(node)}


def _read(files: dict[str, bytes]) -> Snapshot:
    return Snapshot.from_files(files, VOCABULARIES["sqlite"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"  ", b"    "),
        (b"\n}\n", b"\n}"),
        (b"\n}\n", b"\n}\n\n"),
        (b"\n", b"\r\n"),
        (b'"strict": true', b'"strict": true '),
        (b'"orders"', b'"\\u006frders"'),
        (b'{\n  "columns"', b'{\n  "kind": "table",\n  "columns"'),
    ],
)
@pytest.mark.parametrize("path", [PLACE])
def test_bytes_that_are_not_canonical_are_refused(path: str, old: bytes, new: bytes) -> None:
    data = SAMPLE.files[path]
    assert data.replace(old, new) != data
    with pytest.raises(CorruptObject, match="canonical") as caught:
        _read({**SAMPLE.files, path: data.replace(old, new)})
    assert caught.value.path == path


@pytest.mark.parametrize("path", sorted(SAMPLE.files))
def test_what_is_no_json_is_refused_wherever_it_stands(path: str) -> None:
    for data in (b"", b"{", b"<<<<<<< ours\n", b"\xff\xfe", b"null\n", b"1\n"):
        with pytest.raises(CorruptObject) as caught:
            _read({**SAMPLE.files, path: data})
        assert caught.value.path == path


def test_a_file_at_another_place_than_its_identity_is_refused() -> None:
    files = {**SAMPLE.files}
    files["schema/tables/invoices.json"] = files.pop(PLACE)
    with pytest.raises(CorruptObject, match="tables/orders"):
        _read(files)


@pytest.mark.parametrize("extra", [{"without_rowid": False}, {"checks": {}}])
def test_a_default_that_is_spelled_out_is_not_canonical(extra: dict[str, object]) -> None:
    with pytest.raises(CorruptObject, match="not canonical: tables/orders"):
        _read(_altered(lambda node: node.update(extra)))


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(CorruptObject, match="colour"):
        _read(_altered(lambda node: node.update(colour="red")))


def test_an_unknown_kind_is_refused_with_a_hint() -> None:
    with pytest.raises(CorruptObject, match="'tablet'") as caught:
        _read(_altered(lambda node: node.update(kind="tablet")))
    assert caught.value.hint is not None
    assert "newer" in caught.value.hint


def test_a_field_of_another_type_is_refused() -> None:
    with pytest.raises(CorruptObject, match="bool"):
        _read(_altered(lambda node: node.update(strict="yes")))


def test_a_missing_field_is_refused() -> None:
    def lose(node: dict[str, object]) -> None:
        indexes = node["indexes"]
        assert isinstance(indexes, dict)
        del indexes["by_total"]["parts"]

    with pytest.raises(CorruptObject, match="parts"):
        _read(_altered(lose))


def test_an_object_without_kind_or_name_is_refused() -> None:
    for key in ("kind", "name"):
        with pytest.raises(CorruptObject, match="names no kind and name"):
            _read(_altered(lambda node, key=key: node.pop(key)))  # type: ignore[misc]


def test_a_layout_that_names_no_identity_is_refused() -> None:
    with pytest.raises(CorruptObject, match="tables/orders"):
        _read(_altered(lambda node: node.update(order={"tables/orders/columns": ["a"]}), "layout/tables/orders.json"))


def test_a_newer_format_is_refused_and_a_manifest_without_one_is_damaged() -> None:
    with pytest.raises(Refused, match="format 3") as caught:
        _read(_altered(lambda node: node.update(format=3), MANIFEST))
    assert caught.value.exit_code == 3
    with pytest.raises(CorruptObject, match="format"):
        _read(_altered(lambda node: node.pop("format"), MANIFEST))


def test_the_words_of_one_dialect_are_not_read_with_those_of_another() -> None:
    with pytest.raises((Refused, CorruptObject)):
        Snapshot.from_files(SAMPLE.files, VOCABULARIES["postgresql"])


def test_a_value_that_only_equals_its_default_is_left_out_too() -> None:
    given, put_together = "volatile", "".join(["vola", "tile"])
    routines = [
        Function(ident=Ident("function", "f()"), language="sql", returns="integer", volatility=word)
        for word in (given, put_together)
    ]
    one, other = (Snapshot("postgresql", [routine]) for routine in routines)
    assert one == other
    assert one.files == other.files
    assert b"volatil" not in one.files["schema/functions/f().json"]
    spelled = one.files["schema/functions/f().json"].replace(b'"sql",', b'"sql",\n  "volatility": "volatile",', 1)
    with pytest.raises(CorruptObject, match="not canonical"):
        Snapshot.from_files(
            {MANIFEST: one.files[MANIFEST], "schema/functions/f().json": canonical(json.loads(spelled))},
            VOCABULARIES["postgresql"],
        )
