"""`schema-sync show`: one version, or one object of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from schema_sync.cli.app import Command
from schema_sync.cli.invocation import Invocation, invocation, needs_databases
from schema_sync.errors import UnknownObject, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schema_sync.cli.reports import ShowReport, StatementItem
    from schema_sync.engine import Engine
    from schema_sync.model.snapshot import Snapshot

_SOURCES = ("live:", "tenant:", "file:")


@click.command(
    cls=Command,
    formats=("text", "json", "sql", "markdown"),
    examples="""
    schema-sync show v1
    schema-sync show v1:tables/invoices
    schema-sync show live:acme --format sql
    """,
)
@click.argument("what", metavar="REV[:OBJECT]")
@click.pass_context
def command(ctx: click.Context, what: str) -> None:
    """Show a version, or one object of it.

    As a schema to read, as JSON, or, with --format sql, as the statements that make it.
    """
    rev, ident = split(what)
    here = invocation(ctx)
    if here.settings.format == "sql":
        _show_sql(here, rev, ident)
        return
    from schema_sync.cli.render.versions import show_markdown, show_text

    async def work(engine: Engine) -> ShowReport:
        return await _report(engine, rev, ident)

    here.show(here.run(work, databases=needs_databases((rev,))), text=show_text, markdown=show_markdown)


def split(what: str) -> tuple[str, str | None]:
    """`v1:tables/users` as revision and object; the colon of `live:acme` belongs to the revision.

    Raises:
        UsageError: nothing stands before the colon.
    """
    source = next((word for word in _SOURCES if what.startswith(word)), "")
    rev, colon, ident = what[len(source) :].partition(":")
    if not source and not rev:
        raise UsageError(f"{what!r} names no revision", hint="write it as v1 or v1:tables/users")
    return source + rev, ident if colon else None


async def _report(engine: Engine, rev: str, ident: str | None) -> ShowReport:
    from schema_sync.cli import describe
    from schema_sync.cli.reports import ShowReport

    target = await engine.revisions.target(rev)
    snapshot = target.snapshot
    objects = describe.objects(snapshot)
    if ident is not None:
        objects = tuple(each for each in objects if each.ident == ident or each.ident.startswith(f"{ident}/"))
        if not objects:
            raise unknown_object(ident, {rev: snapshot})
    refs = await engine.store.refs()
    shown = {each.ident for each in objects}
    return ShowReport(
        command="show",
        revision=describe.target(target),
        dialect=snapshot.dialect,
        version=describe.version(target.version, refs) if target.version is not None else None,
        objects=objects,
        needs={
            each.text: tuple(sorted(need.text for need in wanted))
            for each, wanted in sorted(snapshot.needs.items(), key=lambda pair: pair[0].text)
            if each.text in shown
        },
        unmodelled=snapshot.unmodelled if ident is None else (),
    )


def unknown_object(ident: str, looked_in: Mapping[str, Snapshot]) -> UnknownObject:
    """The error for an object that is in none of these schemas, by revision, with the names that are near.

    What is as deep in the tree is what was meant: a column is no answer to a table, and a bare name means an object
    of whatever kind.
    """
    import difflib

    known = dict.fromkeys(obj.ident.text for snapshot in looked_in.values() for obj in snapshot)
    if "/" in ident:
        level = [text for text in known if text.count("/") == ident.count("/")]
        near = difflib.get_close_matches(ident, level, n=3, cutoff=0.8)
    else:
        names = {text.partition("/")[2]: text for text in known if text.count("/") == 1}
        near = [names[name] for name in difflib.get_close_matches(ident, names, n=3, cutoff=0.8)]
    return UnknownObject(ident, tuple(looked_in), near=near)


def _show_sql(here: Invocation, rev: str, ident: str | None) -> None:
    from schema_sync.cli import describe
    from schema_sync.cli.render.plans import statements_sql

    async def work(engine: Engine) -> list[StatementItem]:
        statements = describe.statements(await engine.plan_between("empty", rev))
        wanted = [each for each in statements if ident is None or _touches(each, ident)]
        if ident is not None and not wanted:
            raise _no_statement(rev, ident, (await engine.revisions.target(rev)).snapshot)
        return wanted

    wanted = here.run(work, databases=needs_databases((rev,)))
    here.write("\n".join(statements_sql(wanted, here.clean_sql)))


def _no_statement(rev: str, ident: str, snapshot: Snapshot) -> UsageError:
    if all(obj.ident.text != ident for obj in snapshot):
        return unknown_object(ident, {rev: snapshot})
    top = "/".join(ident.split("/")[:2])
    return UsageError(
        f"{ident} in {rev} has no statement of its own",
        hint=f"`schema-sync show {rev}:{top} --format sql` shows the one that makes it",
    )


def _touches(statement: StatementItem, ident: str) -> bool:
    texts = [statement.object, *(part.object for part in statement.parts)]
    return any(text == ident or text.startswith(f"{ident}/") for text in texts)
