"""`schema-sync plan`: the dry run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from schema_sync.cli.app import Command
from schema_sync.cli.boundary import worst
from schema_sync.cli.invocation import Invocation, invocation
from schema_sync.cli.selection import chosen, create_extensions, online_options, tenant_options
from schema_sync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schema_sync.cli.reports import PlanReport
    from schema_sync.config import Online
    from schema_sync.engine import Engine, Group
    from schema_sync.engine.converge import Policy
    from schema_sync.engine.groups import Capture, Discovery, Target
    from schema_sync.protocols import Script


@click.command(
    cls=Command,
    formats=("text", "json", "sql", "markdown"),
    examples="""
    schema-sync plan v2
    schema-sync plan v2 --tenant acme --format sql
    schema-sync plan v2 --all --prove --out v2.plan.json
    schema-sync plan v2 --online
    """,
)
@click.argument("rev")
@tenant_options
@online_options
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write the plan as JSON too, for apply.")
@click.option("--prove", "proves", is_flag=True, help="Run each plan on a scratch database in the very state.")
@create_extensions
@click.pass_context
def command(
    ctx: click.Context,
    rev: str,
    names: tuple[str, ...],
    everyone: bool,
    online: Online | None,
    out: Path | None,
    proves: bool,
    installs: bool,
) -> int:
    """Show what apply would do; change nothing.

    For each group of tenants in the same state: the statements, their hazards and locks, and who would be changed.
    Without --tenant it is about all tenants. Ends with 3 where there can be no plan, 6 where a tenant cannot be read;
    a hazard that would stop an apply is shown, and is no failure here.

    With --format sql it is a script for psql or sqlite3 that does what apply would do, tenant by tenant, but for the
    verification: whoever runs it looks after that.

    With --prove each plan is run on a scratch database that is in the same state and has made-up rows: it must end at
    the promised fingerprint, keep the rows, and leave nothing for a second plan. One that does not ends with 3, too.
    """
    from schema_sync.cli.render.plans import plan_markdown, plan_sql, plan_text

    here = invocation(ctx)

    scripts: dict[str, Script] = {}

    async def work(engine: Engine) -> tuple[PlanReport, int]:
        found = await chosen(here, engine, names, everyone=everyone, default=True)
        targets = await engine.targets(rev)
        groups, capture = await engine.plan(targets, found.tenants, online=online, installs=installs)
        if proves:
            await engine.prove(groups)
        if here.settings.format == "sql":
            planned = [
                tenant for each in groups if each.plan is not None and not each.in_step for tenant in each.tenants
            ]
            scripts.update({tenant.id: await engine.script(tenant) for tenant in planned})
        errors = [*capture.failures.values(), *(each.error for each in groups), *found.unreachable.values()]
        codes = [error.exit_code for error in errors if error is not None]
        code = worst([*codes, *(3 for each in groups if each.proof is not None and not each.proof.proven)])
        return plan_report(groups, capture, found, targets, engine.policy()), code

    report, code = here.run(work)
    if out is not None:
        _write(here, out, report)
    here.show(report, text=plan_text, sql=lambda made: plan_sql(made, scripts, here.clean_sql), markdown=plan_markdown)
    return code


def plan_report(
    groups: Sequence[Group], capture: Capture, found: Discovery, targets: dict[str, Target], policy: Policy
) -> PlanReport:
    """Groups with their plans, and the statements of all of them."""
    from schema_sync.cli import describe
    from schema_sync.cli.reports import PlanReport

    statements = [
        statement
        for number, group in enumerate(groups)
        if group.plan is not None
        for statement in describe.statements(group.plan, number)
    ]
    return PlanReport(
        command="plan",
        target=describe.common_target(targets.values()),
        groups=(*(describe.group(each, policy) for each in groups), *describe.unread(capture)),
        statements=tuple(statements),
        unreachable=describe.unreachable(found),
    )


def _write(here: Invocation, out: Path, report: PlanReport) -> None:
    from schema_sync.model.document import document

    try:
        out.write_text(document(report) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"the plan cannot be written to {out}: {error.strerror}") from error
    here.hint(f"`schema-sync apply … --plan {out}` runs this plan and no other")
