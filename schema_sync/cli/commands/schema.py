"""`schema-sync schema`: what scripts can rely on, as JSON Schema."""

from __future__ import annotations

import json

import click

from schema_sync.cli.app import Command


@click.command(cls=Command, formats=("text", "json"), examples="schema-sync schema > schema-sync.schema.json")
def command() -> None:
    """Print the JSON Schema of all JSON output.

    Every command with --format json prints one object, which names its command and the format's version.
    """
    from schema_sync.cli.reports import REPORTS
    from schema_sync.model.document import json_schema

    click.echo(json.dumps(json_schema(REPORTS), indent=2))
