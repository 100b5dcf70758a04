"""Trees are Git's own, to the bit; messages come apart as they were put together."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema_sync.errors import CorruptObject, UsageError
from schema_sync.model.tree import tree_id
from schema_sync.store import commits, trees
from schema_sync.store.packs import BLOB, TREE, Batch, object_id, write_pack
from schema_sync.store.repository import Repository
from schema_sync.store.trees import FOLDER, Leaf
from tests.unit.store.conftest import run_git

NAMES = st.text("ab0-_.%(), ", min_size=1, max_size=5).filter(lambda name: name not in (".", ".."))
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


def _without_clashes(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Leave out files whose path is a folder of another's."""
    folders = {path[: at + 1] for path in files for at, char in enumerate(path) if char == "/"}
    return {path: data for path, data in files.items() if path + "/" not in folders}


FILES = st.dictionaries(PATHS, st.binary(max_size=20), max_size=12).map(_without_clashes)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty repository for all examples."""
    folder = tmp_path_factory.mktemp("trees") / "store"
    run_git(folder.parent, "init", "-q", "--bare", str(folder))
    return folder


def _write_tree(folder: Path, files: Mapping[str, bytes]) -> str:
    """The id of a tree as `git write-tree` makes it out of an index."""
    with tempfile.NamedTemporaryFile() as index:
        Path(index.name).unlink()
        lines = []
        for path, data in files.items():
            blob = run_git(folder, "hash-object", "-w", "--stdin", given=data).strip()
            lines.append(f"100644 {blob}\t{path}\0")
        env = {**os.environ, "GIT_INDEX_FILE": index.name}
        add = ["git", "update-index", "-z", "--add", "--index-info"]
        subprocess.run(add, cwd=folder, env=env, input="".join(lines).encode(), check=True)
        done = subprocess.run(["git", "write-tree"], cwd=folder, env=env, capture_output=True, text=True, check=True)
        Path(index.name).touch()
        return done.stdout.strip()


@settings(max_examples=25, deadline=None)
@given(files=FILES)
def test_trees_are_those_of_git(folder: Path, files: Mapping[str, bytes]) -> None:
    batch = Batch()
    root = trees.build(trees.add_files(files, batch), batch)
    assert root.hex() == _write_tree(folder, files)
    assert root.hex() == tree_id(files)


@settings(max_examples=25, deadline=None)
@given(old=FILES, new=FILES)
def test_a_walk_of_two_trees_finds_what_differs(
    folder: Path, old: Mapping[str, bytes], new: Mapping[str, bytes]
) -> None:
    batch = Batch()
    roots = [trees.build(trees.add_files(files, batch), batch) for files in (old, new)]
    write_pack(folder / "objects/pack", batch)
    repository = Repository.open(folder)
    try:
        before, after = (Leaf(FOLDER, root) for root in roots)
        found = {
            path: (one and one.oid, other and other.oid)
            for path, one, other in repository.trees.changes(before, after, "")
        }
        expected = {
            path: tuple(object_id(BLOB, files[path]) if path in files else None for files in (old, new))
            for path in old.keys() | new.keys()
            if old.get(path) != new.get(path)
        }
        assert found == expected
        for path in new:
            assert repository.trees.lookup(roots[1], path) == Leaf(trees.FILE, object_id(BLOB, new[path]))
        assert {path: leaf.oid for path, leaf in repository.trees.flat(roots[1]).items()} == {
            path: object_id(BLOB, data) for path, data in new.items()
        }
    finally:
        repository.close()


@settings(max_examples=50, deadline=None)
@given(files=FILES)
def test_a_glimpse_finds_what_a_lookup_finds(folder: Path, files: Mapping[str, bytes]) -> None:
    named = {f"schema/{path.replace(' ', '_')}": data for path, data in files.items()}
    named = _without_clashes(named)
    batch = Batch()
    root = trees.build(trees.add_files(named, batch), batch)
    write_pack(folder / "objects/pack", batch)
    repository = Repository.open(folder)
    try:
        for path in [*named, "schema", "schema/a", "schema/ab/a", "none", "schema/none/deep"]:
            leaf = repository.trees.lookup(root, path)
            assert repository.trees.glimpse(root, path) == (leaf and leaf.oid)
    finally:
        repository.close()


@pytest.mark.parametrize("data", [b"x", b"100644 a\0short", b"100644 \0" + b"x" * 20, b"a" * 40])
def test_bytes_that_are_no_tree_are_damaged(data: bytes) -> None:
    with pytest.raises(CorruptObject):
        trees.parse(data, object_id(TREE, data))


LINES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=30)


@given(subject=LINES, body=st.lists(LINES, max_size=6), values=st.lists(LINES, max_size=3))
def test_a_message_comes_apart_as_it_was_put_together(subject: str, body: list[str], values: list[str]) -> None:
    given_text = "\n".join([subject, "", *body])
    trailers = {"Source": values, "Schema-Sync-Format": ["1"]}
    try:
        text = commits.compose(given_text, trailers)
    except UsageError:
        assert not given_text.strip()
        return
    message, found = commits.take_apart(text)
    assert found == {key: tuple(" ".join(one.split()) for one in those) for key, those in trailers.items() if those}
    assert message.split() == given_text.split()
    again = commits.compose(message, trailers)
    assert again == text


@pytest.mark.parametrize("data", [b"", b"tree abc\n\nx", b"parent " + b"a" * 40 + b"\n\nx", b"\xff\n\n"])
def test_bytes_that_are_no_commit_are_damaged(data: bytes) -> None:
    with pytest.raises(CorruptObject):
        commits.parse(data, b"\0" * 20)


def test_a_commit_of_others_is_read_with_all_it_may_hold() -> None:
    data = (
        b"tree " + b"a" * 40 + b"\nparent " + b"b" * 40 + b"\nparent " + b"c" * 40
        + b"\nauthor J\xf6rg <j@b> 1700000000 +0200\ncommitter C <c@b> 1700000001 -0330\nencoding ISO-8859-1"
        + b"\ngpgsig -----BEGIN\n tree abc\n -----END\n\nm\xf6rder\n"
    )  # fmt: skip
    commit = commits.parse(data, b"\0" * 20)
    assert [parent.hex()[0] for parent in commit.parents] == ["b", "c"]
    assert commit.time == 1700000001
    assert commit.author.startswith("J")
    assert commits.take_apart(commit.message)[0].startswith("m")
