"""`schema-sync completion`: the script that makes a shell complete commands and options."""

from __future__ import annotations

import click

from schema_sync.cli.app import Command


@click.command(
    cls=Command,
    formats=("text",),
    examples="""
    schema-sync completion bash > ~/.local/share/bash-completion/completions/schema-sync
    schema-sync completion fish > ~/.config/fish/completions/schema-sync.fish
    """,
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    It asks schema-sync itself, so it need not be made again for a newer version.
    """
    from click.shell_completion import get_completion_class

    complete = get_completion_class(shell)
    assert complete is not None
    root = ctx.find_root().command
    click.echo(complete(root, {}, "schema-sync", "_SCHEMA_SYNC_COMPLETE").source())
