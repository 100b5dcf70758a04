"""The corpus run: it finds its units, and tells what ended well from what did not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.corpus.__main__ import main
from tests.corpus.results import Outcome
from tests.corpus.units import cases, pairs
from tests.corpus.work import Worker
from tests.corpus.workshop import SQLiteWorkshop, State, Target

OLD = "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);"
NEW = "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c TEXT NOT NULL DEFAULT 'x');"


def make_case(corpus: Path, name: str, old: str = OLD, new: str = NEW, **meta: object) -> None:
    """Write one case as the corpus has them."""
    folder = corpus / "sqlite" / "suite" / name
    folder.mkdir(parents=True)
    (folder / "from.sql").write_text(old)
    (folder / "to.sql").write_text(new)
    (folder / "seed.sql").write_text("INSERT INTO t (a, b) VALUES (1, 'one')")
    (folder / "meta.json").write_text(json.dumps(meta))


def run(corpus: Path, folder: Path) -> list[tuple[str, Outcome]]:
    """Name and outcome of every unit, run in this process."""
    worker = Worker(folder, 0, [])
    return [(f"{unit.name} {unit.way}", worker.run(unit).outcome) for unit in cases(corpus, "sqlite")]


def test_a_case_goes_back_only_where_it_means_to_and_several_schemas_are_no_tenant(tmp_path: Path) -> None:
    make_case(tmp_path, "both", bidirectional=True)
    make_case(tmp_path, "forward", seed="seed.sql")
    make_case(tmp_path, "schemas", multi_schema=True)
    make_case(tmp_path, "cluster", isolated_cluster=True)
    found = {(unit.name, unit.way, unit.seed is not None) for unit in cases(tmp_path, "sqlite")}
    assert found == {("both", "forward", False), ("both", "backward", False), ("forward", "forward", True)}


def test_a_tenth_of_the_pairs_is_always_the_same(tmp_path: Path) -> None:
    for number in range(20):
        state = tmp_path / "sqlite" / "app" / f"{number:04}_x" / "state.sql"
        state.parent.mkdir(parents=True)
        state.write_text(OLD)
    every = list(pairs(tmp_path, "sqlite", tenth=False))
    tenth = list(pairs(tmp_path, "sqlite", tenth=True))
    assert len(every) == 20 * 19
    assert set(tenth) < set(every)
    assert 20 < len(tenth) < 60
    assert tenth == list(pairs(tmp_path, "sqlite", tenth=True))


def test_outcomes_are_told_apart(tmp_path: Path) -> None:
    make_case(tmp_path / "corpus", "1-equal", bidirectional=True, seed="seed.sql")
    make_case(tmp_path / "corpus", "2-rows", new=NEW.replace(" DEFAULT 'x'", ""), seed="seed.sql")
    make_case(tmp_path / "corpus", "3-skipped", new="CREATE NONSENSE")
    assert run(tmp_path / "corpus", tmp_path) == [
        ("1-equal forward", Outcome.EQUAL),
        ("1-equal backward", Outcome.EQUAL),
        ("2-rows forward", Outcome.ROWS),
        ("3-skipped forward", Outcome.SKIPPED),
    ]


def test_what_the_oracle_sees_and_the_package_does_not_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_case(tmp_path / "corpus", "case")
    read = SQLiteWorkshop._read

    async def read_otherwise(self: SQLiteWorkshop, state: State) -> Target:
        target = await read(self, state)
        return replace(target, objects=[*target.objects, "trigger that nobody read"])

    monkeypatch.setattr(SQLiteWorkshop, "_read", read_otherwise)
    assert run(tmp_path / "corpus", tmp_path) == [("case forward", Outcome.UNEQUAL)]


def test_the_run_prints_a_table_and_writes_every_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_case(tmp_path / "corpus", "equal", bidirectional=True)
    make_case(tmp_path / "corpus", "skipped", new="CREATE NONSENSE")
    out = tmp_path / "results.jsonl"
    assert main(["--corpus", str(tmp_path / "corpus"), "--jobs", "1", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "skipped  sqlite/suite/skipped forward: skipped/to.sql: near" in printed
    assert "corpus: 3 ways, 2 equal, 0 wrong without an error" in printed
    results = [json.loads(line) for line in out.read_text().splitlines()]
    assert [result["outcome"] for result in results] == ["equal", "equal", "skipped"]


def test_a_run_without_a_corpus_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out == "corpus: not here, 0 cases\n"
