"""`schema-sync demo`: the story of the product on a small application."""

from __future__ import annotations

from pathlib import Path

import click

from schema_sync.cli.app import Command
from schema_sync.cli.invocation import invocation


@click.command(
    cls=Command,
    formats=("text",),
    examples="""
    schema-sync demo
    schema-sync demo --url postgresql://postgres@localhost/demo
    """,
)
@click.option(
    "--dir",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path("schema-sync-demo"),
    help="Where to leave the files; schema-sync-demo by default.",
)
@click.pass_context
def command(ctx: click.Context, folder: Path) -> None:
    """Show what schema-sync does, on a small application.

    Five customers of an invoicing service, each with a database of its own: a version is captured, the service moves
    on, and the fleet follows, step by step with the commands that you would type. On SQLite files, or with --url in
    schemas of a PostgreSQL database. The files stay, to play with; a demo in the same folder begins anew.
    """
    from schema_sync.cli.demo.story import Story

    here = invocation(ctx)
    Story(here, folder, here.settings.url).tell()
