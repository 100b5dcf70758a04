"""Which tenants a command is about: the options, and what they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from schema_sync.errors import UsageError

if TYPE_CHECKING:
    from schema_sync.cli.invocation import Invocation
    from schema_sync.engine import Engine
    from schema_sync.engine.groups import Discovery

NOBODY: Final = (
    "no tenant was found: is the url the right one, and do its pattern or `tenants` name any? "
    "`schema-sync create-tenant` makes the first"
)

Function = TypeVar("Function", bound=Callable[..., Any])


def tenant_options(function: Function) -> Function:
    """`--tenant T…` and `--all`."""
    function = click.option("--all", "everyone", is_flag=True, help="All tenants of the fleet.")(function)
    return click.option("--tenant", "names", metavar="TENANT", multiple=True, help="A tenant; may be given again.")(
        function
    )


def online_options(function: Function) -> Function:
    """`--online` and `--no-online`: `"on"` and `"off"`, and `None` for what is configured."""
    function = click.option("--no-online", "online", flag_value="off", help="In one transaction where possible.")(
        function
    )
    return click.option(
        "--online", flag_value="on", help="In several transactions that keep no user of a table waiting for long."
    )(function)


def names_from(source: str | None) -> list[str]:
    """The names in a file, one a line, `-` for stdin; empty lines and `#` comments are passed over.

    Raises:
        UsageError: the file cannot be read.
    """
    if source is None:
        return []
    try:
        with click.open_file(source, encoding="utf-8") as lines:
            return [name for line in lines if (name := line.strip()) and not name.startswith("#")]
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"the tenants' names in {source} cannot be read: {why}") from error


async def chosen(here: Invocation, engine: Engine, names: Iterable[str], *, everyone: bool, default: bool) -> Discovery:
    """The tenants that were asked for; without any, all of them where `default` says so, and the databases that could
    not be asked. Where all are none, that is said: a gate that looked at nobody should not pass unnoticed.

    Raises:
        UsageError: none were asked for, or all and some.
        UnknownTenant: one of them is not there.
        Unreachable: one of them may be in a database that cannot be reached, or the only one cannot.
    """
    from schema_sync.engine.groups import Discovery

    wanted = list(names)
    if wanted and everyone:
        raise UsageError("some tenants were named, and --all was given too", hint="leave one of them out")
    if wanted:
        return Discovery(tuple(await engine.find(wanted)))
    if not everyone and not default:
        raise UsageError("no tenants were named", hint="give --tenant NAME for some, or --all for all")
    found = await engine.discover()
    if not found.tenants and not found.unreachable:
        here.hint(NOBODY)
    return found


create_extensions = click.option(
    "--create-extensions", "installs", is_flag=True, help="Create extensions that the version needs and the server has."
)
"""The option of all commands that may have to prepare a database."""
