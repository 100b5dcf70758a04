"""The demo's story: steps, each a sentence, the command that a user would type, and what it really prints."""

from __future__ import annotations

import asyncio
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from schema_sync.adapters.registry import dialect_of
from schema_sync.cli import main
from schema_sync.cli.commands.init import PASSWORD
from schema_sync.cli.invocation import Invocation
from schema_sync.cli.settings import Settings
from schema_sync.config import FILE_NAME, Config, Database, redact, scheme
from schema_sync.errors import AlreadyExists, TenantFailed, UsageError

if TYPE_CHECKING:
    from schema_sync.engine import Engine

TENANTS: Final = ("acme", "globex", "hooli", "initech", "umbrella")
REFERENCE: Final = "acme"
CUSTOMISED: Final = "globex"
BROKEN_OFF: Final = "initech"

_MARKER: Final = ".schema-sync-demo"
_PREFIX: Final = "demo_"
_FILES: Final = "sqlite:tenants/*.db"


class Story:
    """One telling of it, in a folder of its own."""

    def __init__(self, here: Invocation, folder: Path, url: str | None) -> None:
        self.here = here
        self.folder = folder
        self.url = url or _FILES
        self.dialect = dialect_of(scheme(self.url))
        self.prefix = "" if url is None else _PREFIX
        self.step = 0

    def tell(self) -> None:
        """All of it, up to the first step that does not end as it should.

        Raises:
            TenantFailed: a step ended otherwise than told.
            UsageError: the folder is somebody else's, or there is no demo for the URL's kind of database.
            AlreadyExists: the demo's schemas are in the database already.
        """
        self._prepare()
        if not all(chain(self._first_version(), self._second_version(), self._fleet_follows())):
            raise TenantFailed(
                f"the demo did not go as it was told at step {self.step}", hint=f"its files are in {self.folder}"
            )
        self._say("Done. All five customers have version v2, and their invoices are still there.")
        click.echo(f"    The files stay in {self.folder}/ to play with. For example:")
        examples = ("schema-sync log", "schema-sync show v2", "schema-sync diff v1 v2 --format sql")
        for example in (*_to_find_it(self.here.settings.environment), f"cd {self.folder}", *examples):
            self._show(example)

    def _prepare(self) -> None:
        """A fresh folder with the application's SQL, the configuration, and five tenants at the first version."""
        scripts = resources.files("schema_sync.cli.demo") / self.dialect
        if not scripts.is_dir():
            raise UsageError(f"there is no demo for {self.dialect}", hint="it runs on sqlite: and postgresql:")
        if self.prefix:
            self._refuse_what_is_there()
        if self.folder.exists() and any(self.folder.iterdir()):
            if not (self.folder / _MARKER).is_file():
                raise UsageError(
                    f"{self.folder} holds something else than the demo", hint="choose another folder with --dir"
                )
            shutil.rmtree(self.folder)
        (self.folder / "app").mkdir(parents=True)
        (self.folder / _MARKER).touch()
        for script in scripts.iterdir():
            (self.folder / "app" / script.name).write_text(script.read_text(encoding="utf-8"), encoding="utf-8")
        if self.dialect == "sqlite":
            (self.folder / "tenants").mkdir()
        self._say(
            "An invoicing service has five customers, each with a database of its own. All of them have the same "
            "tables today. The application's SQL is in app/."
        )
        self._show(f"cd {self.folder}")
        options = ["--name", "demo", *(["--tenants", f"{self.prefix}*"] if self.prefix else [])]
        shown = " ".join(["init --url", f"'{redact(self.url)}'", *map(_word, options)])
        self._command("init", "--url", self.url, *options, shown=shown, quiet=True)
        self._say(
            "Where a database cannot alter a table, it is written anew. That stops an apply until someone allows it; "
            'these tables are small, so the configuration does: allow = ["rewrites_table"].'
        )
        file = self.folder / FILE_NAME
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("# [apply]\n", '[apply]\nallow = ["rewrites_table"]\n'), encoding="utf-8")
        for tenant in TENANTS:
            self._sql(tenant, "v1", "rows", new=True)

    def _refuse_what_is_there(self) -> None:
        """A demo leaves its schemas in a database, to play with, and its store in the folder: neither goes unasked."""
        from schema_sync.engine.setup import connect
        from schema_sync.model.report import TenantSelection

        names = tuple(map(self._name, TENANTS))
        database = Database(url=self.url, name="demo", tenants=TenantSelection(names=names))

        async def work() -> list[str]:
            adapter = connect(database, Config())
            try:
                return [each.name for each in await adapter.list_tenants()]
            finally:
                await adapter.close()

        if found := ", ".join(asyncio.run(work())):
            raise AlreadyExists(
                f"the database has what the demo would make already: {found}",
                hint=f"what an earlier demo left there goes with DROP SCHEMA {found} CASCADE",
            )

    def _first_version(self) -> Iterator[bool]:
        yield self._run(
            f"Take {REFERENCE} as the reference: its schema becomes version v1, a commit and a tag in Git.",
            ["snapshot", self._name(REFERENCE), "--tag", "v1", "-m", "first version"],
        )
        yield self._run(
            "Is everybody at v1? They are, so this only writes it down.", ["apply", "v1", "--all", "--yes"], quiet=True
        )

    def _second_version(self) -> Iterator[bool]:
        self._say(f"The service moves on. Its developers change {REFERENCE} by hand, as they always have.")
        self._show(self._shell(REFERENCE, "v2"))
        self._sql(REFERENCE, "v2")
        yield self._run(
            "That is version v2.", ["snapshot", self._name(REFERENCE), "--tag", "v2", "-m", "due dates, credit notes"]
        )
        yield self._run("What changed between the two?", ["diff", "v1", "v2"])

    def _fleet_follows(self) -> Iterator[bool]:
        self._say(
            f"Meanwhile, in production: {CUSTOMISED} made an index of its own, and at {BROKEN_OFF} a release broke off "
            "half-way. Nobody wrote either down."
        )
        self._show(self._shell(CUSTOMISED, "own"))
        self._show(self._shell(BROKEN_OFF, "half"))
        self._sql(CUSTOMISED, "own")
        self._sql(BROKEN_OFF, "half")
        yield self._run(
            "An audit finds both. Customers in the same state make one group. (1 says: there are differences.)",
            ["audit", "v2"],
            expected=1,
        )
        yield self._run(
            f"Bring everybody to v2. {CUSTOMISED}'s own index was never in any version, so dropping it needs a yes: "
            "that customer is left alone, all others arrive, whatever state they were in. (3 says: one was refused.)",
            ["apply", "v2", "--all", "--yes"],
            expected=3,
            quiet=True,
        )
        yield self._run(
            "The index may go. Before it does, you are told what is lost.",
            ["apply", "v2", "--all", "--yes", "--allow", "drops_unversioned"],
        )
        yield self._run("This is the gate for your build: 0 means that every customer is at v2.", ["check", "v2"])

    # -- how a step is told --------------------------------------------------------------------------------------

    def _say(self, text: str) -> None:
        self.step += 1
        click.echo()
        click.echo(click.style(f"{self.step}. {text}", bold=True))

    def _show(self, command: str) -> None:
        click.echo(click.style(f"    $ {command}", fg="cyan"))

    def _shell(self, tenant: str, script: str) -> str:
        """What a user would type to run a script in a tenant."""
        name = self._name(tenant)
        if self.dialect == "sqlite":
            return f"sqlite3 tenants/{name}.db < app/{script}.sql"
        return f"PGOPTIONS='-c search_path={name}' psql -f app/{script}.sql '{redact(self.url)}'"

    def _run(self, text: str, args: Sequence[str], *, expected: int = 0, quiet: bool = False) -> bool:
        """Say what comes, show the command, run it; whether it ended as expected."""
        self._say(text)
        return self._command(*args, expected=expected, quiet=quiet)

    def _command(self, *args: str, shown: str | None = None, expected: int = 0, quiet: bool = False) -> bool:
        self._show(f"schema-sync {shown or ' '.join(map(_word, args))}")
        settings = Settings(
            config=self.folder / FILE_NAME,
            no_color=self.here.settings.no_color,
            quiet=quiet,
            debug=self.here.settings.debug,
            environment=self._environment(),
        )
        code = main.run(list(args), settings, prog_name="schema-sync")
        if code:
            click.echo(click.style(f"    (exit code {code})", dim=True))
        return code == expected

    def _environment(self) -> dict[str, str]:
        from urllib.parse import unquote, urlsplit

        environment = dict(self.here.settings.environment)
        password = urlsplit(self.url).password
        return {**environment, PASSWORD: unquote(password)} if password else environment

    def _name(self, tenant: str) -> str:
        return self.prefix + tenant

    def _sql(self, tenant: str, *scripts: str, new: bool = False) -> None:
        """Run the application's scripts in a tenant, as its developers or customers would."""
        config = Config.load(self.folder / FILE_NAME, self._environment())

        async def work() -> None:
            from schema_sync.engine import Engine

            async with Engine.open(config) as engine:
                await _execute(engine, self._name(tenant), self._statements(scripts), new=new)

        asyncio.run(work())

    def _statements(self, scripts: Sequence[str]) -> Iterator[str]:
        for script in scripts:
            text = (self.folder / "app" / f"{script}.sql").read_text(encoding="utf-8")
            for block in text.split("\n\n"):
                yield block.strip().removesuffix(";")


async def _execute(engine: Engine, name: str, statements: Iterator[str], *, new: bool) -> None:
    from schema_sync.model.plan import Part, Statement
    from schema_sync.model.report import TenantContext

    (adapter,) = engine.adapters.values()
    tenant = TenantContext(name, adapter.name)
    if new:
        await adapter.create_tenant(tenant)
    async with adapter.acquire_lock(tenant) as session:
        for sql in statements:
            await session.execute(Statement(sql=sql, object="app", parts=(Part("alter", "app"),)))
        await session.commit()


def _to_find_it(environment: Mapping[str, str]) -> list[str]:
    """What a shell has to be told before it finds the command: `make demo` installs it off the PATH."""
    beside = Path(sys.executable).parent
    if shutil.which("schema-sync", path=environment.get("PATH")) or not (beside / "schema-sync").exists():
        return []
    return [f'export PATH={shlex.quote(str(beside))}:"$PATH"']


def _word(word: str) -> str:
    return f'"{word}"' if set(word) & set(" *") else word
