"""`schema-sync show`: one version, or one object of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from schema_sync.cli.app import Command
from schema_sync.cli.invocation import Invocation, invocation, needs_databases
from schema_sync.errors import UnknownRevision, UsageError

if TYPE_CHECKING:
    from schema_sync.cli.reports import ShowReport, StatementItem
    from schema_sync.engine import Engine
    from schema_sync.model.plan import Plan
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
            raise _unknown(f"{rev}:{ident}", ident, snapshot)
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


def _unknown(what: str, ident: str, snapshot: Snapshot) -> UnknownRevision:
    import difflib

    known = [obj.ident.text for obj in snapshot]
    return UnknownRevision(what, near=difflib.get_close_matches(ident, known, n=3))


def _show_sql(here: Invocation, rev: str, ident: str | None) -> None:
    from schema_sync.cli import describe
    from schema_sync.cli.render.plans import statements_sql

    async def work(engine: Engine) -> Plan:
        return await engine.plan_between("empty", rev)

    plan = here.run(work, databases=needs_databases((rev,)))
    wanted: list[StatementItem] = [each for each in describe.statements(plan) if ident is None or _touches(each, ident)]
    if ident is not None and not wanted:
        raise UnknownRevision(f"{rev}:{ident}", hint=f"`schema-sync show {rev}` lists its objects")
    here.write("\n".join(statements_sql(wanted, here.clean_sql)))


def _touches(statement: StatementItem, ident: str) -> bool:
    texts = [statement.object, *(part.object for part in statement.parts)]
    return any(text == ident or text.startswith(f"{ident}/") for text in texts)
