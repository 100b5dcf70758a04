"""The command line as a whole: options, help, errors and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from schema_sync import __version__
from schema_sync.cli import main
from schema_sync.cli.app import SUMMARIES
from schema_sync.cli.boundary import guarded, worst
from schema_sync.cli.reports import REPORTS
from schema_sync.cli.settings import Settings
from schema_sync.errors import HazardsNotAllowed, Unreachable
from tests.cli.conftest import Run


@pytest.mark.parametrize("name", SUMMARIES)
def test_every_command_has_help_with_examples_and_its_summary(run: Run, name: str) -> None:
    result = run(name, "-h")
    assert result.exit_code == 0
    assert SUMMARIES[name] in result.stdout
    assert "Examples:" in result.stdout
    assert "--no-color" in result.stdout


def test_help_lists_every_command(run: Run) -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert all(name in result.stdout for name in SUMMARIES)


@pytest.mark.parametrize("args", [("--version",), ("diff", "--version")])
def test_the_version_is_printed_before_and_after_a_command(run: Run, args: tuple[str, ...]) -> None:
    assert run(*args).stdout == f"schema-sync {__version__}\n"


def test_looking_at_the_version_imports_neither_engine_nor_drivers() -> None:
    code = (
        "import sys; from schema_sync.cli import main\n"
        "try: main(['--version'])\n"
        "except SystemExit: pass\n"
        "print(*sorted(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert "click" in loaded
    assert not loaded & {"msgspec", "rich", "dulwich", "psycopg", "aiosqlite", "deepdiff", "asyncio"}
    assert not any(name.startswith(("schema_sync.engine", "schema_sync.adapters")) for name in loaded)


@pytest.mark.parametrize("dialect", ["postgresql", "sqlite"])
def test_planning_between_versions_imports_no_driver(dialect: str) -> None:
    code = (
        "import sys; from schema_sync.engine import Engine; from schema_sync.plan import Planner\n"
        f"from schema_sync.adapters import registry; assert registry.kinds({dialect!r})\n"
        "print(*sorted(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(ran.stdout.split()) & {"psycopg", "aiosqlite"}


@pytest.mark.parametrize(
    ("args", "message", "hint"),
    [
        ((), "error: no command was given", "hint: `schema-sync --help` lists them"),
        (("--format", "json"), "error: no command was given", "hint: `schema-sync --help` lists them"),
        (("dif",), "error: there is no command 'dif'", "hint: did you mean diff?"),
        (
            ("completion",),
            "error: Missing argument '{bash|zsh|fish}'. Choose from: bash, zsh, fish",
            "hint: `schema-sync completion --help` shows how it is used",
        ),
        (("diff", "v1"), "error: Missing argument 'B'", "hint: `schema-sync diff --help` shows how it is used"),
        (("diff", "--exti-code", "a", "b"), "error: No such option '--exti-code'", "hint: `schema-sync diff --help`"),
        (
            ("diff", "a", "b", "--format", "xml"),
            "error: `diff` cannot print 'xml'; it prints text, json, sql, markdown",
            "",
        ),
        (("diff", "a", "b"), "error: there is no schema-sync.toml in ", "hint: `schema-sync init` writes one"),
        (("--config", "no.toml", "log"), "error: there is no configuration no.toml", "hint: `schema-sync init`"),
        (("tenants", "--url", "nowhere"), "error: 'nowhere' does not say which kind of database it is", "hint: "),
        (
            ("tenants", "--url", "postgrs://h/db"),
            "error: no adapter is known for postgrs: URLs",
            "hint: did you mean postgres",
        ),
        (("init",), "error: no database was named", "hint: give --url"),
        (("snapshot", "-m", "x", "acme"), "error: a message was given, and no version is made", "hint: say --branch"),
        (("snapshot",), "error: no tenants were named", "hint: name some, or give --all for all"),
        (("apply", "v1"), "error: no tenants were named", "hint: give --tenant NAME for some, or --all for all"),
        (("apply", "v1", "--all"), "error: nobody can be asked here, and --yes was not given", "hint: add --yes"),
        (
            ("apply", "v1", "--all", "--yes", "--allow", "delete_data"),
            "error: there is no hazard",
            "hint: did you mean",
        ),
        (("apply", "v1", "--all", "--yes", "--plan", "no.json"), "error: the plan no.json cannot be read", ""),
        (
            ("apply", "v1", "--tenants-from", "no.txt", "--yes"),
            "error: the tenants' names in no.txt cannot be read",
            "",
        ),
        (("show", ":tables/a"), "error: ':tables/a' names no revision", "hint: "),
        (("completion", "tcsh"), "error: Invalid value", "hint: "),
    ],
)
def test_bad_input_is_one_line_and_a_hint(run: Run, args: tuple[str, ...], message: str, hint: str) -> None:
    result = run(*args)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    first, *rest = result.stderr.rstrip("\n").split("\n")
    assert first.startswith(message)
    assert len(rest) <= 1
    assert "".join(rest).startswith(hint)
    assert "Traceback" not in result.output


@pytest.mark.parametrize("toml", ["[aply]\n", "[store\n"])
def test_a_configuration_that_cannot_be_read_ends_every_command(run: Run, toml: str) -> None:
    Path("schema-sync.toml").write_text(toml)
    result = run("log")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {Path.cwd()}/schema-sync.toml")


def test_a_password_is_not_printed(run: Run) -> None:
    result = run("tenants", "--url", "orcale://app:s3cret@db/app", "--store", "s", "--debug")
    assert result.exit_code == 2
    assert "s3cret" not in result.output


def test_the_environment_names_the_configuration_and_the_option_wins(run: Run) -> None:
    Path("a.toml").write_text("[store]\npath = 'a'\n")
    Path("b.toml").write_text("[store]\npath = 'b'\n")
    assert f"{Path.cwd()}/a" in run("log", env={"SCHEMA_SYNC_CONFIG": "a.toml"}).stderr
    assert f"{Path.cwd()}/b" in run("log", "--config", "b.toml", env={"SCHEMA_SYNC_CONFIG": "a.toml"}).stderr


@pytest.mark.parametrize(("args", "environment"), [(["--no-color"], {}), ([], {"NO_COLOR": "1"})])
def test_colour_can_be_refused(run: Run, args: list[str], environment: dict[str, str]) -> None:
    assert "\x1b" not in run(*args, "log", env=environment, color=True).stderr
    assert "\x1b" in run("log", env={"NO_COLOR": ""}, color=True).stderr


def test_a_bug_is_one_line_and_has_a_code_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> None:
        raise LookupError("no\nluck")

    assert guarded(broken, Settings()) == 70
    first, hint, *rest = capsys.readouterr().err.rstrip("\n").split("\n")
    assert first == "error: unexpected LookupError: no\\nluck"
    assert hint.startswith("hint: run again with --debug")
    assert rest == []


def test_a_traceback_is_shown_with_debug_alone(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> None:
        raise Unreachable("postgresql://app:s3cret@db1/app does not answer", hint="is it running?")

    assert guarded(broken, Settings(debug=True)) == 6
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "s3cret" not in said
    assert guarded(broken, Settings()) == 6
    assert capsys.readouterr().err == "error: postgresql://app:***@db1/app does not answer\nhint: is it running?\n"


def test_an_interrupt_says_what_was_done(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    assert guarded(interrupted, Settings(so_far=lambda: "2 applied")) == 130
    assert capsys.readouterr().err == "error: interrupted: 2 applied\n"


def test_an_error_carries_its_exit_code_and_hint(capsys: pytest.CaptureFixture[str]) -> None:
    def refused() -> None:
        raise HazardsNotAllowed("dropping the column loses its values", hazards=["deletes_data"])

    assert guarded(refused, Settings()) == 3
    assert "hint: allow it with --allow deletes_data" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("codes", "expected"), [([], 0), ([0, 0], 0), ([1, 0], 1), ([3, 5], 5), ([5, 6, 1], 6), ([4, 3], 3), ([1, 4], 4)]
)
def test_the_exit_code_of_several_is_that_of_the_contract(codes: list[int], expected: int) -> None:
    assert worst(codes) == expected


def test_the_schema_describes_every_report_with_format_one(run: Run) -> None:
    schema = json.loads(run("schema").stdout)
    assert schema["$schema"].startswith("https://json-schema.org/")
    for report in REPORTS:
        described = schema["$defs"][report.__name__]
        assert described["properties"]["format"]["enum"] == [1]
        assert "command" in described["required"]


def test_keys_are_in_snake_case(run: Run) -> None:
    schema = json.loads(run("schema").stdout)
    keys = {key for described in schema["$defs"].values() for key in described.get("properties", {})}
    assert all(key == key.lower() and key.replace("_", "").isalnum() for key in keys)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_name_the_program(run: Run, shell: str) -> None:
    assert "_SCHEMA_SYNC_COMPLETE" in run("completion", shell).stdout


def test_a_shell_completes_commands_without_importing_them() -> None:
    ctx = click.Context(main, info_name="schema-sync")
    assert {item.value for item in main.shell_complete(ctx, "sta")} == {"status"}
