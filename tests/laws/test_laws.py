"""The project keeps its laws."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import pytest

from schema_sync.cli import main
from tests.laws import grid, layers, shape, words

ROOT = Path(__file__).parents[2]

LAWS: tuple[Callable[[Path], list[str]], ...] = (
    layers.imports_go_downwards,
    layers.libraries_have_one_door,
    layers.pure_layers_never_wait,
    words.kinds_are_named_in_their_cells_only,
    words.the_engine_knows_no_modes,
    words.versions_are_declared_in_one_place,
    words.sql_is_never_a_bare_string,
    words.raw_takes_no_names,
    words.nothing_is_run_that_was_glued,
    words.exceptions_are_caught_at_the_boundaries_only,
    shape.files_are_short,
    shape.functions_are_short,
    shape.public_names_are_documented,
    shape.errors_are_drawn_as_they_are,
)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_project_keeps_the_law(law: Callable[[Path], list[str]]) -> None:
    assert law(ROOT) == []


@pytest.mark.parametrize("engine", grid.engines(ROOT))
def test_alter_names_every_field_of_every_struct(engine: str) -> None:
    assert grid.alter_names_every_field(grid.cells_of(engine)) == []


@pytest.mark.parametrize("engine", grid.engines(ROOT))
def test_every_cell_has_a_case(engine: str) -> None:
    assert grid.every_cell_has_a_case(grid.cells_of(engine), ROOT / "tests" / "cases" / engine) == []


def test_the_engines_are_found() -> None:
    assert grid.engines(ROOT) == ["postgres", "sqlite"]


def test_every_command_is_in_the_readme() -> None:
    assert isinstance(main, click.Group)
    assert main.commands
    assert grid.every_command_is_documented(main.commands, (ROOT / "README.md").read_text()) == []
