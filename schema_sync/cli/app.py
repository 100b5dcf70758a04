"""The command line as a whole: its commands, imported when they are called, and the options that all of them share."""

from __future__ import annotations

import sys
from collections.abc import Iterator, MutableMapping, Sequence
from importlib import import_module
from typing import Any, Final, NoReturn

import click

from schema_sync.cli.settings import Settings, global_options

SECTIONS: Final[dict[str, dict[str, str]]] = {
    "Begin": {
        "init": "Write schema-sync.toml and make the store.",
        "demo": "Show what schema-sync does, on a small application.",
        "doctor": "Check configuration, servers, privileges and leftovers.",
    },
    "Versions": {
        "snapshot": "Capture live schemas; commit one as a version.",
        "log": "Show the history of versions.",
        "show": "Show a version, or one object of it.",
        "diff": "Show what changed between two revisions.",
        "tag": "List tags, or name a version.",
        "branch": "List branches, or make one.",
        "verify": "Check the integrity of the store.",
    },
    "Tenants": {
        "tenants": "List the tenants that are found.",
        "status": "Show the fleet as last recorded.",
        "plan": "Show what apply would do; change nothing.",
        "apply": "Bring tenants to a version.",
        "check": "Fail when a tenant is not at its version.",
        "audit": "Report drift, grouped by state; change nothing.",
        "create-tenant": "Make a new tenant at a version.",
    },
    "Other": {
        "schema": "Print the JSON Schema of all JSON output.",
        "completion": "Print the completion script of a shell.",
    },
}
"""Every command with its summary, as `--help` shows them: that list imports none of them."""

SUMMARIES: Final = {name: summary for those in SECTIONS.values() for name, summary in those.items()}


_EXIT_CODES: Final = (
    ("0", "done, or nothing differs"),
    ("1", "differences were found"),
    ("2", "usage or configuration"),
    ("3", "refused: hazards, isolation, a state that is no longer the plan's"),
    ("5", "some tenants failed or were skipped"),
    ("6", "a server or the store could not be reached or read"),
)


class Command(click.Command):
    """A command: takes the global options too, says which formats it can print, and shows examples."""

    def __init__(
        self, *args: Any, formats: Sequence[str] = ("text", "json"), examples: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.formats = tuple(formats)
        self.examples = examples
        self.own = list(self.params)
        self.params += global_options()

    def invoke(self, ctx: click.Context) -> Any:
        """Run it, once it is clear that it can print what was asked for."""
        settings = ctx.find_object(Settings)
        assert settings is not None
        if settings.format not in self.formats:
            raise click.UsageError(
                f"`{ctx.info_name}` cannot print {settings.format!r}; it prints {', '.join(self.formats)}", ctx
            )
        ctx.color = settings.color
        return super().invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The command's own options first; the global ones in a section of their own."""
        _write_options(ctx, formatter, "Options", [each for each in self.get_params(ctx) if not _is_global(self, each)])
        _write_options(ctx, formatter, "Global options", [each for each in self.params if _is_global(self, each)])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The formats, and examples to copy."""
        with formatter.section("Formats"):
            formatter.write_text(", ".join(self.formats))
        if self.examples:
            with formatter.section("Examples"):
                for line in self.examples.strip().splitlines():
                    formatter.write(f"{'':{formatter.current_indent}}{line.strip()}\n")


def _is_global(command: Command, param: click.Parameter) -> bool:
    return param in command.params and param not in command.own


def _write_options(
    ctx: click.Context, formatter: click.HelpFormatter, title: str, params: Sequence[click.Parameter]
) -> None:
    rows = [row for param in params if (row := param.get_help_record(ctx)) is not None]
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows)


class _Commands(MutableMapping[str, click.Command]):
    """The commands by name; one is imported when it is looked up."""

    def __init__(self) -> None:
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._loaded:
            if name not in SUMMARIES:
                raise KeyError(name)
            module = import_module(f"schema_sync.cli.commands.{name.replace('-', '_')}")
            self._loaded[name] = module.command
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(SUMMARIES)

    def __len__(self) -> int:
        return len(SUMMARIES)


@click.pass_context
def _no_command(ctx: click.Context) -> None:
    """Refuse a call that names no command, in the one way of all errors: Click would say its whole help as one."""
    if ctx.invoked_subcommand is None:
        from schema_sync.errors import UsageError

        raise UsageError(
            "no command was given", hint="`schema-sync --help` lists them, `schema-sync demo` shows what they do"
        )


class App(click.Group):
    """`schema-sync`: the group of all commands. Called, it runs one and ends the process with its exit code."""

    def __init__(self) -> None:
        super().__init__(
            name="schema-sync",
            help="Git for the schemas of many tenants: capture one, tag it, see what changed, and bring every other "
            "tenant there, with proof that it worked.",
            params=global_options(),
            callback=_no_command,
            invoke_without_command=True,
            subcommand_metavar="COMMAND [ARGS]...",
            context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        )
        self.commands = _Commands()

    def main(self, args: Any = None, prog_name: str | None = None, **extra: Any) -> NoReturn:  # type: ignore[override]
        """Run a command line; never returns, but ends with the exit code of the contract."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        sys.exit(self.run(args, Settings(), prog_name=prog_name or "schema-sync", **extra))

    def run(self, args: Sequence[str] | None, settings: Settings, **extra: Any) -> int:
        """Run a command line; its exit code. Whatever goes wrong has been said."""
        from schema_sync.cli.boundary import guarded

        command = super().main
        return guarded(lambda: command(args, **extra, standalone_mode=False, obj=settings), settings)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the help."""
        del ctx
        return list(SUMMARIES)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of that name; one that is not there is refused with the nearest that is."""
        if args[0] not in SUMMARIES and not args[0].startswith("-") and not ctx.resilient_parsing:
            from schema_sync.config import near
            from schema_sync.errors import UsageError

            raise UsageError(f"there is no command {args[0]!r}", hint=near(args[0], SUMMARIES))
        return super().resolve_command(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The exit codes, which scripts rely on."""
        del ctx
        with formatter.section("Exit codes"):
            formatter.write_dl(_EXIT_CODES)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by what they are for."""
        del ctx
        for title, those in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl(list(those.items()))
