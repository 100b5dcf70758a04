"""`schema-sync init`: a configuration and a store to begin with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import click

from schema_sync.cli.app import Command
from schema_sync.cli.invocation import Invocation, invocation
from schema_sync.config import DEFAULT_DATABASE, FILE_NAME, Config, redact
from schema_sync.errors import UsageError

PASSWORD: Final = "SCHEMA_SYNC_PASSWORD"
"""The variable that stands for a password in a configuration that was written by a command."""


@click.command(
    cls=Command,
    examples="""
    schema-sync init --url 'sqlite:tenants/*.db'
    schema-sync init --url postgresql://app@db1/app --name eu1 --tenants 'tenant_*' --store snapshots
    """,
)
@click.option("--name", metavar="NAME", default=DEFAULT_DATABASE, help="What the database is called.")
@click.option("--tenants", "patterns", metavar="PATTERN", multiple=True, help="Which schemas are tenants: tenant_*.")
@click.option("--branch", metavar="BRANCH", default="main", help="The branch of approved versions.")
@click.pass_context
def command(ctx: click.Context, name: str, patterns: tuple[str, ...], branch: str) -> None:
    """Write schema-sync.toml and make the store.

    Asks for what was not given, where there is someone to ask. A folder that is neither empty nor a store is refused,
    and a configuration that is there is never overwritten; the store alone is made where it is missing.
    """
    from schema_sync.cli.render.versions import done_text
    from schema_sync.cli.reports import DoneReport

    here = invocation(ctx)
    file = here.settings.config or Path(FILE_NAME)
    made = []
    if file.exists():
        if here.settings.url is not None:
            raise UsageError(f"{file} is there already, and is not overwritten", hint="edit it, or give --config FILE")
        config = Config.load(file, here.settings.environment)
    else:
        url = without_password(here, _url(here))
        text = configuration(url, name, patterns, here.settings.store or Path("snapshots"), branch)
        config = _checked(text, file, here)
        made.append(str(file))
    made += _make_store(config)
    if str(file) in made:
        file.write_text(text, encoding="utf-8")
    here.show(DoneReport(command="init", made=tuple(made)), text=done_text)
    here.hint("`schema-sync doctor` looks whether all is well, `schema-sync tenants` who is found")


def _url(here: Invocation) -> str:
    if here.settings.url is not None:
        return here.settings.url
    if not here.is_interactive:
        raise UsageError("no database was named", hint="give --url, as postgresql://user@host/database")
    answer: str = click.prompt("URL of the database (postgresql://user@host/database, sqlite:tenants/*.db)", err=True)
    return answer


def without_password(here: Invocation, url: str) -> str:
    """The URL with a variable in place of a password: none is ever written into a file."""
    covered = redact(url, f"${{{PASSWORD}}}")
    if covered != url:
        here.hint(f"the password is not written down: set {PASSWORD} in the environment, or use .pgpass")
    return covered


def configuration(url: str, name: str, patterns: tuple[str, ...], store: Path, branch: str) -> str:
    """The text of a configuration with one database, and what most people change next as comments."""
    lines = [
        "[store]",
        f"path = {_quoted(str(store))}",
        f"branch = {_quoted(branch)}",
        "",
        "[[database]]",
        f"name = {_quoted(name)}",
        f"url = {_quoted(url)}",
    ]
    if patterns:
        lines.append(f"tenants = {{ schemas = [{', '.join(map(_quoted, patterns))}] }}")
    lines += [
        '# release = "v1"             # the version its tenants should be at; without it the branch',
        "",
        "# [apply]",
        "# jobs = 8",
        '# lock_timeout = "2s"',
        "",
    ]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """A TOML basic string: its escapes are those of JSON (https://toml.io/en/v1.0.0#string)."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _checked(text: str, file: Path, here: Invocation) -> Config:
    """The configuration as it would be read: nothing is written that could not be loaded again."""
    import tomllib

    from schema_sync.adapters.registry import dialect_of

    config = Config.from_dict(tomllib.loads(text), file, {PASSWORD: "", **here.settings.environment})
    for database in config.databases:
        dialect_of(database.scheme)
    return config


def _make_store(config: Config) -> list[str]:
    import asyncio

    from schema_sync.store import create_store

    path = config.store.path
    new = not path.exists()
    asyncio.run(create_store(path, branch=config.store.branch).close())
    here = Path.cwd()
    return [str(path.relative_to(here) if path.is_relative_to(here) else path)] if new else []
