"""Every law finds what breaks it, in a small project that does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from schema_sync.adapters.kind import REPLACE, Kind
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject
from schema_sync.model.snapshot import Snapshot
from tests.laws import grid, layers, shape, words
from tests.laws.test_laws import LAWS

OBJECTS = 'class Table:\n    kind: ClassVar[str] = "table"\n'


@dataclass(frozen=True)
class Broken:
    """A project that breaks a law, and what the law says."""

    law: Callable[[Path], list[str]]
    path: str
    text: str
    says: str


BROKEN = (
    Broken(layers.imports_go_downwards, "model/a.py", "from schema_sync.store import git", "model may not import"),
    Broken(layers.imports_go_downwards, "diff/a.py", "from schema_sync.plan import build", "diff may not import"),
    Broken(layers.imports_go_downwards, "store/a.py", "from ..adapters.sql import sql", "store may not import"),
    Broken(layers.imports_go_downwards, "engine/a.py", "import schema_sync.adapters.sqlite", "engine may not"),
    Broken(layers.imports_go_downwards, "adapters/sqlite/a.py", "import schema_sync.adapters.postgres.text", "may not"),
    Broken(layers.imports_go_downwards, "utilities.py", "import os", "belongs to no layer"),
    Broken(layers.libraries_have_one_door, "engine/a.py", "import psycopg", "psycopg belongs to"),
    Broken(layers.libraries_have_one_door, "run.py", "from sqlite3 import connect", "sqlite3 belongs to"),
    Broken(layers.libraries_have_one_door, "config.py", "import os\nos.environ['HOME']", "os.environ belongs to"),
    Broken(layers.libraries_have_one_door, "store/a.py", "import msgspec\nmsgspec.json.encode(1)", "msgspec.json"),
    Broken(layers.pure_layers_never_wait, "plan/a.py", "async def f(): ...", "async in a pure layer"),
    Broken(layers.pure_layers_never_wait, "adapters/sqlite/kinds/table.py", "async def f(): ...", "async in a pure"),
    Broken(words.kinds_are_named_in_their_cells_only, "plan/a.py", "x = 'table'", "names the kind 'table'"),
    Broken(words.kinds_are_named_in_their_cells_only, "store/a.py", "x = ['tables']", "names the kind 'tables'"),
    Broken(words.the_engine_knows_no_modes, "engine/a.py", "# in a dry run we stop", "says 'dry run'"),
    Broken(words.the_engine_knows_no_modes, "engine/audit.py", "def audit(): ...", "says 'audit'"),
    Broken(words.versions_are_declared_in_one_place, "adapters/postgres/a.py", "new = v >= 170000", "version 170000"),
    Broken(words.sql_is_never_a_bare_string, "run.py", "q = f'DROP TABLE {name}'", "SQL is built"),
    Broken(words.sql_is_never_a_bare_string, "run.py", "q = 'DROP TABLE ' + name", "SQL is built"),
    Broken(words.sql_is_never_a_bare_string, "run.py", "q = 'DROP TABLE %s' % name", "SQL is built"),
    Broken(words.sql_is_never_a_bare_string, "run.py", "q = 'DROP TABLE {}'.format(name)", "SQL is built"),
    Broken(words.sql_is_never_a_bare_string, "run.py", "q = raw(f'CHECK \\'{text}\\'')", "SQL is built"),
    Broken(words.sql_is_never_a_bare_string, "run.py", "q = f'SELECT {COLUMNS} FROM {table}'", "SQL is built"),
    Broken(words.raw_takes_no_names, "adapters/sqlite/kinds/a.py", "raw(index.method)", "raw() is given index.method"),
    Broken(words.raw_takes_no_names, "adapters/a.py", "raw(f'USING {x.language}')", "raw() is given x.language"),
    Broken(words.raw_takes_no_names, "adapters/a.py", "raw(a.name if b else a.type)", "raw() is given a.name"),
    Broken(words.nothing_is_run_that_was_glued, "adapters/a.py", "c.run(f'LISTEN {name}')", "glued together"),
    Broken(words.nothing_is_run_that_was_glued, "adapters/a.py", "c.rows('LISTEN %s' % name)", "glued together"),
    Broken(words.nothing_is_run_that_was_glued, "run.py", "c.execute('LISTEN ' + name)", "glued together"),
    Broken(words.nothing_is_run_that_was_glued, "engine/a.py", "c.run('LISTEN {}'.format(x))", "glued together"),
    Broken(
        words.exceptions_are_caught_at_the_boundaries_only,
        "run.py",
        "try: f()\nexcept Exception: g()",
        "run.py:2: catches everything",
    ),
    Broken(
        words.exceptions_are_caught_at_the_boundaries_only,
        "engine/a.py",
        "try: f()\nexcept Exception: g()\ntry: f()\nexcept (OSError, BaseException): g()",
        "engine/a.py:4: catches everything",
    ),
    Broken(shape.files_are_short, "a.py", "x = 1\n" * 501, "501 lines"),
    Broken(shape.functions_are_short, "a.py", "def f():\n" + "    x = 1\n" * 60, "f has 61 lines"),
    Broken(shape.public_names_are_documented, "a.py", "x = 1", "the module has no docstring"),
    Broken(shape.public_names_are_documented, "a.py", "'''A.'''\nclass A:\n    def f(self): ...", "A has no docstring"),
    Broken(
        shape.public_names_are_documented,
        "a.py",
        "'''A.'''\nclass A:\n    '''B.'''\n    def f(self): ...",
        "f has no docstring",
    ),
    Broken(
        shape.errors_are_drawn_as_they_are,
        "errors.py",
        "class Root(Exception):\n    exit_code = 1\nclass Child(Root):\n    exit_code = 2\n",
        "Child is drawn as None and is ('Root', 2)",
    ),
    Broken(
        shape.errors_are_drawn_as_they_are,
        "errors.py",
        "'''Errors.\n\n    Root     exit code\n    └── Child  3  why\n'''\n"
        "class Root(Exception):\n    exit_code = 1\nclass Child(Root):\n    exit_code = 2\n",
        "Child is drawn as ('Root', 3) and is ('Root', 2)",
    ),
)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: f"{broken.law.__name__}-{broken.path}")
def test_the_law_finds_what_breaks_it(broken: Broken, tmp_path: Path) -> None:
    for path, text in {"adapters/sqlite/objects.py": OBJECTS, broken.path: broken.text}.items():
        file = tmp_path / "schema_sync" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert any(broken.says in violation for violation in broken.law(tmp_path))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_law_has_nothing_to_say_about_an_empty_project(law: Callable[[Path], list[str]], tmp_path: Path) -> None:
    assert law(tmp_path) == []


def test_every_law_is_shown_to_fail() -> None:
    assert {broken.law for broken in BROKEN} == set(LAWS)


class Box(SchemaObject, frozen=True, kw_only=True):
    """An object of no engine."""

    kind: ClassVar[str] = "box"

    colour: str = "red"
    lids: tuple[str, ...] = ()


class Lid(SchemaObject, frozen=True, kw_only=True):
    """A child of a box, whose plural is one of the box's fields."""

    kind: ClassVar[str] = "lid"


def _cell(*fields: str) -> Kind:
    rules = dict.fromkeys(fields, REPLACE)
    return Kind(struct=Box, weight=1, create=lambda *_: (), drop=lambda *_: (), alter=rules)


def test_a_field_without_a_rule_and_a_rule_without_a_field_are_found() -> None:
    assert grid.alter_names_every_field([_cell("colour", "weight")]) == [
        "box: no rule for a change of 'lids'",
        "box: a rule for 'weight', which its struct has not",
    ]


def test_a_cell_without_a_case_is_found(tmp_path: Path) -> None:
    (tmp_path / "boxes--plural").mkdir()
    assert grid.every_cell_has_a_case([_cell()], tmp_path) == [f"box has no case in {tmp_path}"]
    (tmp_path / "box--painted").mkdir()
    assert grid.every_cell_has_a_case([_cell()], tmp_path) == []


def test_a_field_with_the_name_of_a_childs_plural_is_found() -> None:
    box = Ident("box", "a")
    snapshot = Snapshot("none", [Box(ident=box), Lid(ident=Ident("lid", "b", box))])
    assert grid.no_field_hides_children(snapshot) == ["box has a field 'lids', and children of that kind"]


def test_a_command_that_the_readme_lacks_is_found() -> None:
    readme = "Run `schema-sync apply v2`, or `check`; there is also apply-all and uncheck."
    assert grid.every_command_is_documented(["apply", "check", "plan"], readme) == ["the README has no 'plan'"]
