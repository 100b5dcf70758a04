"""The examples of the help, and the commands that README.md shows, are such as the command line understands."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from schema_sync.cli import main
from schema_sync.cli.app import SUMMARIES, Command
from schema_sync.cli.settings import Settings
from schema_sync.config import Config
from tests.cli.conftest import Run

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")

_STOPS = {"&&", "|", ">", "<", ";"}


def examples(name: str) -> Iterator[str]:
    """The example lines of a command's help."""
    command = main.commands[name]
    assert isinstance(command, Command)
    yield from (line.strip() for line in command.examples.strip().splitlines())


def shown() -> Iterator[str]:
    """The lines of README.md's shell blocks that call the program."""
    for block in re.findall(r"```(?:sh|console)\n(.*?)```", README, re.DOTALL):
        yield from (line for line in block.splitlines() if re.match(r"(\$ )?schema-sync ", line))


def calls(line: str) -> Iterator[list[str]]:
    """The arguments of each call of the program in a shell's line."""
    words: list[str] = []
    for word in [*shlex.split(line, comments=True), ";"]:
        if word not in _STOPS:
            words.append(word)
            continue
        if "schema-sync" in words:
            yield words[words.index("schema-sync") + 1 :]
        words = []


def parse(args: list[str]) -> str:
    """Read a command line as it would be run; the name of its command."""
    settings = Settings()
    with main.make_context("schema-sync", list(args), obj=settings) as ctx:
        rest = [*ctx._protected_args, *ctx.args]
        name, command, rest = main.resolve_command(ctx, rest)
        assert name is not None
        assert isinstance(command, Command)
        with command.make_context(name, rest, parent=ctx):
            assert settings.format in command.formats
    return name


@pytest.mark.parametrize("name", SUMMARIES)
def test_the_examples_of_a_command_are_understood(name: str) -> None:
    found = [parse(args) for line in examples(name) for args in calls(line)]
    assert found
    assert name in found


@pytest.mark.parametrize("line", sorted(set(shown())))
def test_what_the_readme_shows_is_understood(line: str) -> None:
    assert [parse(args) for args in calls(line)]


def test_the_readme_shows_some_commands_and_names_all() -> None:
    assert len(set(shown())) > 5
    assert all(re.search(rf"`{name}\b", README) for name in SUMMARIES)


def test_what_the_readme_shows_of_the_demo_is_what_it_prints(run: Run) -> None:
    (block,) = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    printed = _comparable(run("demo").stdout)
    shown = [line for line in map(str.strip, _comparable(block).splitlines()) if line and line != "…"]
    assert len(shown) > 20
    assert [line for line in shown if line not in printed] == []


def _comparable(text: str) -> str:
    """Without what is another in each run: a commit's id goes by its time, and so do seconds."""
    return re.sub(r"\d+\.\d\d s\b", "… s", re.sub(r"committed [0-9a-f]{10}", "committed …", text))


def test_the_configuration_in_the_readme_is_one() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    config = Config.from_dict(tomllib.loads(block), Path("/app/schema-sync.toml"), {})
    assert config.databases


def test_the_readme_names_no_target_of_make_that_is_not_there() -> None:
    makefile = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))
    assert {"demo", "test"} <= named
    assert all(f"\n{target}:" in makefile for target in named)
