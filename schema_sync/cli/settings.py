"""The global options: what was asked of the tool as a whole, in whatever place of the command line."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from schema_sync import __version__


@dataclass
class Settings:
    """The global options of one call, and the environment that it was made in."""

    config: Path | None = None
    url: str | None = None
    store: Path | None = None
    format: str = "text"
    no_color: bool = False
    verbose: int = 0
    quiet: bool = False
    debug: bool = False
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    so_far: Callable[[], str] = field(default=lambda: "nothing was changed")
    """What had been done, for whoever interrupts."""

    @property
    def color(self) -> bool | None:
        """Click's word for it: `False` for never, `None` for terminals only (https://no-color.org)."""
        return False if self.no_color or self.environment.get("NO_COLOR") else None


def global_options() -> list[click.Parameter]:
    """The global options as Click wants them: made anew for each command, for they stand before and after its name."""
    return [
        _option("--config", metavar="FILE", type=click.Path(path_type=Path), help="The configuration to use."),
        _option("--url", metavar="URL", help="The database, in place of those that are configured."),
        _option("--store", metavar="DIR", type=click.Path(path_type=Path), help="The store's Git repository."),
        _option("--format", metavar="FORMAT", help="How to print the result."),
        _option("--no-color", is_flag=True, help="Never colour; so does NO_COLOR."),
        _option("-v", "--verbose", count=True, help="Say more on stderr."),
        _option("-q", "--quiet", is_flag=True, help="Say nothing but the result and errors."),
        _option("--debug", is_flag=True, help="Show a traceback with an error."),
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_print_version,
            help="Print the version and end.",
        ),
    ]


def _option(*names: str, **attributes: Any) -> click.Option:
    return click.Option(list(names), expose_value=False, callback=_remember, **attributes)


def _remember(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    if value and param.name:
        setattr(ctx.find_object(Settings), param.name, value)
    return value


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"schema-sync {__version__}")
        ctx.exit()
