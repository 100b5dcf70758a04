"""`schema-sync apply`: tenants are brought to a version."""

from __future__ import annotations

import os
from contextlib import aclosing, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from schema_sync.cli.app import Command
from schema_sync.cli.boundary import worst
from schema_sync.cli.invocation import Invocation, invocation
from schema_sync.cli.selection import chosen, create_extensions, names_from, online_options, tenant_options
from schema_sync.errors import Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schema_sync.cli.reports import ApplyReport, PlanReport
    from schema_sync.config import Online
    from schema_sync.engine import Engine, Group
    from schema_sync.engine.converge import Policy
    from schema_sync.engine.groups import Capture, Discovery, Target
    from schema_sync.model.report import SyncResult


@click.command(
    cls=Command,
    examples="""
    schema-sync apply v2 --tenant acme --dry-run
    schema-sync apply v2 --all --yes --allow deletes_data
    schema-sync plan v2 --out v2.json && schema-sync apply v2 --all --yes --plan v2.json
    schema-sync apply v2 --all --online --allow not_atomic
    """,
)
@click.argument("rev")
@tenant_options
@online_options
@click.option("--tenants-from", "source", metavar="FILE", help="The tenants' names, one a line; - for stdin.")
@click.option("--plan", "plan_file", metavar="FILE", help="Refuse every statement that is not in this plan.")
@click.option("--allow", metavar="HAZARD", multiple=True, help="A stopping hazard that is meant; `all` for all.")
@click.option("--canary", metavar="N", type=click.IntRange(min=0), help="How many of each group go first.")
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="How many tenants at once.")
@click.option("--max-failures", metavar="N", type=click.IntRange(min=1), help="Begin no more after so many failed.")
@click.option(
    "--log-sql", metavar="FILE", type=click.Path(path_type=Path), help="Append what was run, tenant by tenant."
)
@click.option("--probe/--no-probe", "probes", default=None, help="Ask all tenants' rows first if they allow it.")
@create_extensions
@click.option("--dry-run", is_flag=True, help="Say what would be done; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def command(
    ctx: click.Context,
    rev: str,
    names: tuple[str, ...],
    everyone: bool,
    online: Online | None,
    source: str | None,
    plan_file: str | None,
    allow: tuple[str, ...],
    canary: int | None,
    jobs: int | None,
    max_failures: int | None,
    log_sql: Path | None,
    probes: bool | None,
    installs: bool,
    dry_run: bool,
    yes: bool,
) -> int:
    """Bring tenants to a version.

    Each tenant is changed in one transaction, read again, and committed only if it then is exactly what the version
    says; with --online in several, each of which is read again before it is committed. Hazards that were not allowed
    stop the tenants that they concern, and no others. Ends with 3 where something was refused, 5 where tenants failed
    or were skipped, 6 where one could not be reached.
    """
    from schema_sync.cli.render.plans import apply_text

    here = invocation(ctx)
    wanted = [*names, *names_from(source)]
    if not wanted and not everyone:
        raise UsageError("no tenants were named", hint="give --tenant NAME for some, or --all for all")
    if not (dry_run or yes or here.is_interactive):
        raise UsageError("nobody can be asked here, and --yes was not given", hint="add --yes, or --dry-run to see")
    consent = _Consent(plan_file) if plan_file is not None else None
    allowed = hazards(allow)

    async def work(engine: Engine) -> tuple[ApplyReport, int]:
        found = await chosen(here, engine, wanted, everyone=everyone, default=False)
        policy = engine.policy(allow=allowed, jobs=jobs, canary=canary, max_failures=max_failures, probes=probes)
        targets = await engine.targets(rev)
        groups, capture = await engine.plan(targets, found.tenants, online=online, installs=installs)
        if consent is not None:
            consent.check(groups)
        run = _Run(here, policy, found, log_sql)
        run.announce(groups, capture, targets, ask=not (yes or dry_run))
        return await run.go(engine, groups, capture, targets, execute=not dry_run)

    report, code = here.run(work)
    here.show(report, text=apply_text)
    return code


def hazards(allow: Sequence[str]) -> Sequence[str]:
    """The hazards to allow, `all` being all.

    Raises:
        UsageError: one that is not there, with those that are.
    """
    from schema_sync.config import near
    from schema_sync.model.plan import Hazard

    known = [str(hazard) for hazard in Hazard]
    for word in allow:
        if word not in (*known, "all"):
            raise UsageError(f"there is no hazard {word!r}", hint=near(word, [*known, "all"]))
    return known if "all" in allow else allow


class _Run:
    """One run as it is told: the plan first, each tenant as it is done, the report at the end."""

    def __init__(self, here: Invocation, policy: Policy, found: Discovery, log: Path | None) -> None:
        from schema_sync.engine.versions import new_run

        self.here = here
        self.policy = policy
        self.found = found
        self.log = log
        self.id = new_run()
        self.results: list[SyncResult] = []
        self.total = 0
        here.settings.so_far = self._so_far

    def announce(self, groups: Sequence[Group], capture: Capture, targets: dict[str, Target], *, ask: bool) -> None:
        """Say what is about to happen on stderr, and ask, where that was wanted.

        Raises:
            UsageError: the answer was no.
        """
        from schema_sync.cli.commands.plan import plan_report
        from schema_sync.cli.render.plans import plan_text

        report = plan_report(groups, capture, self.found, targets, self.policy)
        self.here.say(plan_text(report))
        changes = any(each.plan and not each.in_step and not self.policy.refused(each.plan) for each in groups)
        if ask and changes and not self.here.confirm("apply this?"):
            raise UsageError("the answer was no, so nothing was changed")

    async def go(
        self, engine: Engine, groups: Sequence[Group], capture: Capture, targets: dict[str, Target], *, execute: bool
    ) -> tuple[ApplyReport, int]:
        """Run the plans, or say what they would do; the report and the exit code."""
        from schema_sync.cli import describe
        from schema_sync.cli.reports import ApplyReport
        from schema_sync.engine.converge import unread

        self.results += unread(capture, targets)
        self.total = len(self.results) + sum(len(each.tenants) for each in groups)
        if execute:
            running = engine.execute(groups, policy=self.policy, run=self.id)
            with self._logging() as file, self.here.progress("applying", self.total) as advance:
                async with aclosing(running) as results:
                    async for result in results:
                        self.results.append(result)
                        self._write(file, result)
                        advance()
        else:
            self.results += [each.preview(tenant) for each in groups for tenant in each.tenants]
        self.results.sort(key=lambda result: result.tenant.id)
        report = ApplyReport(
            command="apply",
            run=self.id,
            target=describe.common_target(targets.values()),
            executed=execute,
            tenants=tuple(describe.result(each) for each in self.results),
            unreachable=describe.unreachable(self.found),
        )
        codes = [*map(self._code, self.results), *(error.exit_code for error in self.found.unreachable.values())]
        return report, worst(codes)

    def _code(self, result: SyncResult) -> int:
        """A tenant that left the plan's state is skipped among several, and a refusal by itself."""
        if result.status == "skipped" and len(self.results) > 1:
            return 5
        return result.exit_code or (5 if result.status == "failed" else 0)

    def _logging(self) -> IO[str]:
        try:
            return (self.log or Path(os.devnull)).open("a", encoding="utf-8")
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError, so_far: str = "") -> UsageError:
        return UsageError(f"--log-sql cannot write to {self.log}: {error.strerror}{so_far}")

    def _write(self, file: IO[str], result: SyncResult) -> None:
        from schema_sync.cli.escape import terminal
        from schema_sync.cli.render.plans import terminated

        if result.status == "applied":
            lines = "".join(f"{terminated(statement.sql)}\n" for statement in result.plan.statements)
            try:
                file.write(f"-- run {self.id}, {terminal(result.tenant.id)}\n{lines}")
                file.flush()
            except OSError as error:
                with suppress(OSError):
                    file.close()
                raise self._unwritable(error, f"; {self._so_far()}") from error

    def _so_far(self) -> str:
        from schema_sync.cli import describe
        from schema_sync.cli.render.plans import apply_summary

        left = self.total - len(self.results)
        if not self.results and not left:
            return "nothing was changed"
        said = f"{apply_summary([describe.result(each) for each in self.results])}, {left} left"
        return f"{said}; what was under way was rolled back, and running again goes on"


class _Consent:
    """A plan that someone has read: what it says is compared, and never run."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.report = self._load()
        self.groups = {tenant: n for n, each in enumerate(self.report.groups) for tenant in each.tenants}
        self.statements: dict[object, list[str]] = {}
        for each in self.report.statements:
            self.statements.setdefault(each.group, []).append(each.sql)

    def _load(self) -> PlanReport:
        import json

        import msgspec

        from schema_sync.cli.reports import PlanReport

        try:
            report = msgspec.convert(json.loads(Path(self.file).read_bytes()), PlanReport)
        except OSError as error:
            raise UsageError(f"the plan {self.file} cannot be read: {error.strerror}") from error
        except (ValueError, msgspec.ValidationError) as error:
            raise UsageError(
                f"{self.file} is no plan: {error}", hint="`schema-sync plan REV --out FILE` writes one"
            ) from error
        return report

    def check(self, groups: Sequence[Group]) -> None:
        """Refuse what the file does not say.

        Raises:
            Refused: a tenant is not in it, is in another state, or has another statement.
        """
        from schema_sync.cli import describe

        for group in groups:
            if group.plan is None or group.in_step:
                continue
            made = [each.sql for each in group.preparation]
            made += [each.sql for each in describe.statements(group.plan)]
            for tenant in group.tenants:
                self._check_tenant(tenant.id, group.snapshot.fingerprint, made)

    def _check_tenant(self, tenant: str, fingerprint: str, made: list[str]) -> None:
        hint = "plan again, read it, and apply that"
        number = self.groups.get(tenant)
        if number is None:
            raise Refused(f"{tenant} is not in the plan {self.file}", hint=hint)
        if self.report.groups[number].fingerprint != fingerprint:
            raise Refused(f"{tenant} is no longer in the state that {self.file} was made from", hint=hint)
        planned = [*self.report.groups[number].preparation, *self.statements.get(number, [])]
        if planned != made:
            differing = next(
                (n for n, (one, other) in enumerate(zip(planned, made, strict=False), 1) if one != other),
                min(len(planned), len(made)) + 1,
            )
            raise Refused(
                f"the plan for {tenant} is no longer the one in {self.file}: statement {differing} differs", hint=hint
            )
