"""Where errors end: whatever happens becomes an exit code and, on stderr, one line with its hint.

==== =================================================================================
0    done, or nothing differs
1    differences found
2    usage or configuration
3    refused
4    merge conflict
5    some tenants failed or were skipped
6    a server or the store could not be reached or read
70   a bug in schema-sync (EX_SOFTWARE of sysexits.h): no other code means this
130  interrupted (128 + SIGINT)
==== =================================================================================
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable
from typing import Final

import click

from schema_sync.cli.settings import Settings
from schema_sync.errors import SchemaSyncError

BUG: Final = 70
INTERRUPTED: Final = 130

_ISSUES: Final = "the project's issue tracker"


def guarded(work: Callable[[], object], settings: Settings) -> int:
    """Run a command; the exit code that it returns, or that of the error that ended it."""
    try:
        outcome = work()
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "schema-sync"
        fail(settings, _one_line(error), f"`{command} --help` shows how it is used")
        code = error.exit_code
    except click.ClickException as error:
        fail(settings, _one_line(error), None)
        code = 2
    except (click.Abort, KeyboardInterrupt):
        fail(settings, f"interrupted: {settings.so_far()}", None)
        code = INTERRUPTED
    except SchemaSyncError as error:
        fail(settings, error.message, error.hint)
        code = error.exit_code
    except Exception as error:  # noqa: BLE001  the boundary: a bug is reported, not shown as a traceback
        fail(
            settings,
            f"unexpected {type(error).__name__}: {error}",
            f"run again with --debug and report it to {_ISSUES}",
        )
        code = BUG
    else:
        code = outcome if isinstance(outcome, int) else 0
    return code


def _one_line(error: click.ClickException) -> str:
    """Click's words as this tool says errors: it lists choices on lines of their own."""
    return " ".join(error.format_message().split()).rstrip(".")


def fail(settings: Settings, message: str, hint: str | None) -> None:
    """Say what went wrong on stderr: one line, and the hint; in between the traceback, where that was asked for."""
    from schema_sync.cli.escape import script, terminal
    from schema_sync.config import redact

    if settings.debug and sys.exc_info()[0] is not None:
        click.echo(script(redact(traceback.format_exc())), err=True)
    said = click.style("error:", fg="red", bold=True)
    click.echo(f"{said} {terminal(redact(message.strip()))}", err=True, color=settings.color)
    if hint:
        click.echo(f"{click.style('hint:', fg='cyan')} {terminal(redact(hint))}", err=True, color=settings.color)


def worst(codes: Iterable[int]) -> int:
    """The exit code of several outcomes: the first of 6, 5, 3, 4, 2, 1 that is among them, else 0."""
    found = set(codes)
    return next((code for code in (6, 5, 3, 4, 2, 1) if code in found), 0)
