"""One call of a command: its configuration, its engine, and where its words go.

Results go to stdout, the story to stderr. Whatever a command prints as its result is a report, in the format that
was asked for.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from schema_sync.cli.escape import json_text, script
from schema_sync.cli.settings import Settings
from schema_sync.errors import UnknownRevision, UsageError

if TYPE_CHECKING:
    from schema_sync.cli.reports import Report
    from schema_sync.config import Config
    from schema_sync.engine import Engine

Result = TypeVar("Result")
AnyReport = TypeVar("AnyReport", bound="Report")

CONFIG_VARIABLE = "SCHEMA_SYNC_CONFIG"

NO_VERSION: Final = "there is no version yet: `schema-sync snapshot TENANT --tag v1` makes the first"
"""What is said where any name of a version would be unknown."""


class Invocation:
    """What a command needs to do its work and to say what came of it."""

    def __init__(self, settings: Settings, name: str) -> None:
        self.settings = settings
        self.name = name

    # -- work ----------------------------------------------------------------------------------------------------

    def config(self) -> Config:
        """The configuration: the file's, with `--url` and `--store` in place of what it says.

        Raises:
            ConfigError: there is none, or it is wrong.
        """
        from msgspec.structs import replace

        from schema_sync.config import Config, Database, Store, absolute_url, check_url

        settings, here = self.settings, Path.cwd()
        config = self._file(here)
        if settings.store is not None:
            store = Store() if config is None else config.store
            config = replace(config or Config(), store=replace(store, path=here / settings.store))
        if settings.url is not None:
            check_url(settings.url)
            url = absolute_url(settings.url, here)
            known = [each for each in config.databases if each.url == url] if config else []
            base = config or Config(store=Store(path=here / Store().path))
            config = replace(base, databases=tuple(known) or (Database(url=url),))
        assert config is not None
        return config

    def _file(self, here: Path) -> Config | None:
        """The configuration's file; `None` where the options take its place."""
        from schema_sync.config import Config, find_file

        settings, environment = self.settings, self.settings.environment
        named = settings.config or (Path(environment[CONFIG_VARIABLE]) if environment.get(CONFIG_VARIABLE) else None)
        if named is not None:
            self.detail(f"configuration: {named}")
            return Config.load(named, environment)
        if (settings.url is not None or settings.store is not None) and find_file(here) is None:
            return None
        self.detail(f"configuration: {find_file(here)}")
        return Config.find(here, environment)

    def run(self, work: Callable[[Engine], Coroutine[Any, Any, Result]], *, databases: bool = True) -> Result:
        """Do the work with an engine, which is closed afterwards.

        Without `databases` the engine has the store alone: no driver is imported, and no URL has to make sense.
        """
        from msgspec.structs import replace

        from schema_sync.adapters.registry import dialect_of
        from schema_sync.engine import Engine

        config = self.config()
        if not databases:
            config = replace(config, databases=())
        elif not config.databases:
            raise UsageError(
                f"{self.name} needs a database, and none is configured", hint="add a [[database]], or --url"
            )
        else:
            for database in config.databases:
                dialect_of(database.scheme)

        async def main() -> Result:
            async with Engine.open(config) as engine:
                try:
                    return await work(engine)
                except UnknownRevision as error:
                    if not await engine.store.refs():
                        error.hint = NO_VERSION
                    raise
                finally:
                    for notice in await engine.notices():
                        self.say(f"{click.style('note:', fg='yellow')} {notice}")

        return asyncio.run(main())

    # -- words ---------------------------------------------------------------------------------------------------

    def show(self, report: AnyReport, **renderers: Callable[[AnyReport], str]) -> None:
        """Print a report to stdout as the format says: JSON as it is, any other through its renderer."""
        if self.settings.format == "json":
            from schema_sync.model.document import document

            text = json_text(document(report))
        else:
            text = renderers[self.settings.format](report)
        if self.settings.format == "text":
            click.echo(text)
        else:
            self.write(text)

    def write(self, text: str) -> None:
        """Print to stdout to the letter. Click takes escape sequences out of what goes to a pipe: for our colours that
        is right, and in a script it would change what the database is told.
        """
        click.echo(text, color=True)

    def say(self, text: str) -> None:
        """Tell the story on stderr, unless that was not wanted."""
        if not self.settings.quiet:
            click.echo(text, err=True)

    def detail(self, text: str) -> None:
        """Tell more of it, with `-v`."""
        if self.settings.verbose and not self.settings.quiet:
            click.echo(text, err=True)

    def hint(self, text: str) -> None:
        """Say on stderr what could come next."""
        self.say(f"{click.style('hint:', fg='cyan')} {text}")

    def clean_sql(self, sql: str) -> str:
        """SQL for stdout: as it is, since it has to run; harmless where people look at it."""
        return script(sql) if sys.stdout.isatty() else sql

    @property
    def is_interactive(self) -> bool:
        """Whether someone is there to be asked."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def confirm(self, question: str) -> bool:
        """Ask on stderr for a yes or a no; Ctrl-C there ends the command at once.

        `asyncio.run` answers the first SIGINT by cancelling its task, and a task that waits for a line never comes to
        notice: the key would seem dead (https://docs.python.org/3/library/asyncio-runner.html). So SIGINT has its
        usual meaning for as long as the question stands.

        Raises:
            click.Abort: the answer was Ctrl-C or the end of the input.
        """
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return click.confirm(question, err=True)
        finally:
            signal.signal(signal.SIGINT, before)

    @contextmanager
    def progress(self, what: str, total: int) -> Iterator[Callable[[], None]]:
        """A bar on stderr, where that is a terminal; yields what to call for each step."""
        if total < 2 or self.settings.quiet or not sys.stderr.isatty():
            yield lambda: None
            return
        from rich.console import Console
        from rich.progress import Progress

        console = Console(stderr=True, no_color=self.settings.color is False)
        with Progress(console=console, transient=True) as bar:
            task = bar.add_task(what, total=total)
            yield lambda: bar.advance(task)


def invocation(ctx: click.Context) -> Invocation:
    """The invocation of a command's context."""
    settings = ctx.find_object(Settings)
    assert settings is not None
    return Invocation(settings, ctx.info_name or "schema-sync")


def needs_databases(revs: tuple[str, ...]) -> bool:
    """Whether any of these revisions is asked of a database rather than of the store."""
    return any(rev.startswith(("live:", "file:")) for rev in revs)
