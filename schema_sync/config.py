"""The configuration: `schema-sync.toml` as frozen structs.

Nothing here reads the environment or guesses a folder: the command line, or the program that uses this,
hands both in. What is loaded is complete and checked: paths are absolute, `${VAR}` is expanded, durations are
`timedelta`s, and a key that is not known is refused rather than passed over.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import msgspec

from schema_sync.errors import ConfigError
from schema_sync.model.plan import Hazard
from schema_sync.model.report import TenantSelection

FILE_NAME: Final = "schema-sync.toml"
"""The name of the file that is looked for upwards from a directory."""

DEFAULT_DATABASE: Final = "main"
"""What a database is called that was given as a bare URL, or that is the only one and has no name."""

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?")
_UNITS: Final = {
    "us": timedelta(microseconds=1),
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|kB|MB|GB|TB)?", re.IGNORECASE)
_SIZE_UNITS: Final = {"b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?=.)")
_DECODE_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
_NAME = re.compile(r"[^/\s\x00-\x1f\x7f]+")

Positive = Annotated[int, msgspec.Meta(ge=1)]
NotNegative = Annotated[int, msgspec.Meta(ge=0)]
Online = Literal["off", "on", "auto"]
"""Whose users must not be kept waiting: those of no table, of every one, of those above a size."""


class Size(int):
    """A number of bytes; in the file also `100MB`, see `parse_size`."""


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all sections: immutable, by keyword, and strict."""


class Store(_Section, frozen=True):
    """`[store]`: where versions are kept."""

    path: Path = Path("snapshots")
    """The Git repository; absolute once it is loaded."""
    kind: Literal["git"] = "git"
    branch: str = "main"
    """The branch of the approved schema line."""


class Database(_Section, frozen=True):
    """`[[database]]`: one server's database, or one pattern of files, and the tenants in it."""

    url: str
    """Where it is; a path in it is absolute once loaded. It may hold a password: print `redact(url)`."""
    name: str = DEFAULT_DATABASE
    tenants: TenantSelection = TenantSelection()
    shared: tuple[str, ...] = ("public",)
    """Schemas that a tenant may refer to."""
    release: str | None = None
    """The revision that its tenants should be at; `None` for the store's branch."""
    ignore: tuple[str, ...] = ()
    """Patterns of identity texts that are not stored, compared or dropped, beside the configuration's own."""

    @property
    def scheme(self) -> str:
        """The URL's scheme, in small letters: what the adapter is chosen by."""
        return scheme(self.url)

    def __repr__(self) -> str:
        return f"<Database {self.name} {redact(self.url)}>"


class Apply(_Section, frozen=True):
    """`[apply]`: how tenants are brought to a version."""

    jobs: Positive = 8
    """How many tenants at once."""
    lock_timeout: timedelta = timedelta(seconds=2)
    """How long a statement may wait for a lock before the tenant is rolled back and tried again."""
    statement_timeout: timedelta = timedelta(0)
    """How long a statement may run; zero for no limit."""
    retries: NotNegative = 5
    """How often a tenant is tried again after a lock was not granted in time."""
    max_failures: Positive = 1
    """After how many failed tenants no further one is begun."""
    canary: NotNegative = 1
    """How many tenants of each group go first, alone."""
    probes: bool = True
    """Whether the rows of all tenants are asked, before the first is touched, if they allow the plan."""
    allow: tuple[Hazard, ...] = ()
    """Stopping hazards that need not be asked about."""
    stop_on: tuple[Hazard, ...] = ()
    """Hazards that are only shown by default and should stop."""
    migrations: Literal["diff"] = "diff"


class Postgres(_Section, frozen=True):
    """`[postgres]`: what only PostgreSQL has."""

    scratch_url: str = ""
    """A server for scratch databases; empty for the same server."""
    owners: Literal["ignore", "compare"] = "ignore"
    roles: dict[str, str] = {}
    """A role's name in snapshots -> the role of a tenant, with `{tenant}` for the tenant's name."""
    online: Online = "off"
    """Whether what takes long is done in several steps and transactions that keep nobody waiting."""
    online_above: Size = Size(100 << 20)
    """With `auto`, the size above which a table's users must not wait; below it a scan or the building of an index is
    over in about a second."""
    set_role: Literal["owner", "none"] = "owner"


class SQLite(_Section, frozen=True):
    """`[sqlite]`: what only SQLite has."""

    init: str = ""
    """`module:function`, called with each connection: registers the application's collations, functions."""


class Config(_Section, frozen=True):
    """A whole configuration. Make one with `load`, `find` or `from_url`."""

    ignore: tuple[str, ...] = ()
    """Patterns of identity texts, for all databases."""
    store: Store = Store()
    databases: tuple[Database, ...] = msgspec.field(default=(), name="database")
    apply: Apply = Apply()
    postgres: Postgres = Postgres()
    sqlite: SQLite = SQLite()

    @classmethod
    def load(cls, file: Path, environment: Mapping[str, str]) -> Self:
        """Read a file. Relative paths in it are relative to its folder.

        Raises:
            ConfigError: it is not there, is not TOML, has a key or value that is not known, or needs a
                variable that `environment` lacks.
        """
        try:
            text = file.read_bytes().decode()
        except FileNotFoundError:
            raise ConfigError(
                f"there is no configuration {file}",
                hint="`schema-sync init` writes one, or give --url and --store",
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{file} cannot be read: {_reason(error)}") from error
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = _DECODE_PLACE.search(str(error))
            line = (place and place[1]) or str(text.count("\n") + 1)
            why = _DECODE_PLACE.sub("", str(error))
            raise ConfigError(f"{file}, line {line}: this is not TOML: {why}") from error
        return cls.from_dict(data, file, environment)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], file: Path, environment: Mapping[str, str]) -> Self:
        """A configuration out of plain data, as if it stood in `file`. Raises like `load`; reads nothing."""
        reader = _Reader(file, data, environment)
        prepared = reader.prepare(data, msgspec.inspect.type_info(cls), ())
        try:
            config = msgspec.convert(prepared, cls, builtin_types=(timedelta,), dec_hook=_custom)
        except msgspec.ValidationError as error:
            raise reader.refused(error) from error
        folder = file.absolute().parent
        _check_databases(config.databases, f"{file}: ")
        return msgspec.structs.replace(
            config,
            store=msgspec.structs.replace(config.store, path=folder / config.store.path.expanduser()),
            databases=tuple(
                msgspec.structs.replace(database, url=absolute_url(database.url, folder))
                for database in config.databases
            ),
        )

    @classmethod
    def find(cls, directory: Path, environment: Mapping[str, str]) -> Self:
        """Load the nearest `schema-sync.toml` of a directory and those above it.

        Raises:
            ConfigError: there is none, or it cannot be loaded.
        """
        file = find_file(directory)
        if file is None:
            raise ConfigError(
                f"there is no {FILE_NAME} in {directory} or above it",
                hint="`schema-sync init` writes one, or give --url and --store",
            )
        return cls.load(file, environment)

    @classmethod
    def from_url(cls, url: str, store: Path | str = "snapshots", *, folder: Path | None = None) -> Self:
        """A configuration without a file: one database called `main`, all defaults.

        Relative paths are relative to `folder`, or stay relative where there is none.

        Raises:
            ConfigError: the URL names no kind of database.
        """
        database = Database(url=url if folder is None else absolute_url(url, folder))
        _check_databases([database], "")
        path = Path(store)
        return cls(store=Store(path=path if folder is None else folder / path), databases=(database,))

    def ignored(self, database: str) -> tuple[str, ...]:
        """The patterns that hold for one database: the common ones and its own."""
        own = [pattern for each in self.databases if each.name == database for pattern in each.ignore]
        return (*self.ignore, *own)


def find_file(directory: Path) -> Path | None:
    """The nearest `schema-sync.toml` of a directory and those above it; `None` where there is none."""
    here = directory.absolute()
    return next((file for folder in (here, *here.parents) if (file := folder / FILE_NAME).is_file()), None)


def scheme(url: str) -> str:
    """The scheme of a URL, in small letters.

    Raises:
        ConfigError: it has none.
    """
    found = _SCHEME.match(url)
    if found is None:
        raise _no_scheme(url, "")
    return found[1].lower()


def check_url(url: str, where: str = "") -> None:
    """Refuse a URL without a scheme, and one whose login ends at another `@` than its writer meant.

    Of `app:p@ss@db1` a driver takes `ss@db1` for the host, and says so in its errors: with it a part of the password.

    Raises:
        ConfigError: the URL is not quoted where it may hold a password.
    """
    found = _SCHEME.match(url)
    if found is None:
        raise _no_scheme(url, where)
    login, at, _ = url[found.end() :].partition("?")[0].removeprefix("//").rpartition("@")
    if url.startswith("//", found.end()) and at and set(login) & set("@/#"):
        raise ConfigError(
            f"{where}the {found[1].lower()} URL has an @, / or # in its login that is not encoded",
            hint="write %40 for @, %2F for / and %23 for #, or leave the password to .pgpass",
        )


def absolute_url(url: str, folder: Path) -> str:
    """The URL with its path made absolute, where it is one (`sqlite:tenants/*.db`); any other as it is."""
    found = _SCHEME.match(url)
    if found is None or url.startswith(("//", ":memory:"), found.end()):
        return url
    return f"{found[0]}{folder / Path(url[found.end() :]).expanduser()}"


def redact(text: str, cover: str = "***") -> str:
    """A URL, or any text with URLs and key=value words in it, with `cover` for the passwords; all else stays.

    Up to the last `@` of a word counts as the password, since people forget to encode what stands in one.
    """
    text = re.sub(r"(://[^:@/\s]*):\S*@", lambda found: f"{found[1]}:{cover}@", text)
    return re.sub(r"(?i)\b((?:ssl)?password|passwd|pwd)=('[^']*'|[^\s&]*)", lambda found: f"{found[1]}={cover}", text)


def parse_duration(text: str) -> timedelta:
    """Read `500ms`, `2s`, `5min`, `1h`, `1d`; a bare number is milliseconds, as in PostgreSQL.

    Raises:
        ValueError: it is none of these.
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no duration: write it like 500ms, 2s, 5min or 1h")
    return float(found[1]) * _UNITS[found[2] or "ms"]


def parse_size(text: str) -> Size:
    """Read `500kB`, `100MB`, `1GB`, `2TB` in steps of 1024, as PostgreSQL does; a bare number is bytes.

    Raises:
        ValueError: it is none of these.
    """
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no size: write it like 500kB, 100MB or 1GB")
    return Size(float(found[1]) * _SIZE_UNITS[(found[2] or "b").lower()])


def near(word: str, known: Iterable[str]) -> str | None:
    """A hint: the nearest of the known words, or all where none is near; `None` where none is known."""
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=2)
    if close:
        return "did you mean " + " or ".join(close) + "?"
    return "known are " + ", ".join(words) if words else None


Place = tuple[str | int, ...]


class _Reader:
    """Turns what TOML says into what the structs want, and says where it cannot."""

    def __init__(self, file: Path, data: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self._file = file
        self._data = data
        self._environment = environment

    def prepare(self, value: Any, wanted: msgspec.inspect.Type, place: Place) -> Any:
        """The value with variables expanded and durations read; unknown keys are refused on the way."""
        match value, wanted:
            case Mapping(), msgspec.inspect.StructType(fields=fields):
                types = {field.encode_name: field.type for field in fields}
                self._check_keys(value, types, place)
                return {key: self.prepare(each, types[key], (*place, key)) for key, each in value.items()}
            case Mapping(), msgspec.inspect.DictType(value_type=inner):
                return {key: self.prepare(each, inner, (*place, key)) for key, each in value.items()}
            case list(), msgspec.inspect.VarTupleType(item_type=inner):
                return [self.prepare(each, inner, (*place, n)) for n, each in enumerate(value)]
            case str(), _:
                return self._text(value, wanted, place)
        return value

    def _text(self, value: str, wanted: msgspec.inspect.Type, place: Place) -> Any:
        text = _VARIABLE.sub(lambda found: self._variable(found[1], place), value)
        match wanted:
            case msgspec.inspect.TimeDeltaType():
                try:
                    return parse_duration(text)
                except ValueError as error:
                    raise self._error(f"{self.name(place)}: {error}") from None
            case msgspec.inspect.CustomType(cls=cls) if cls is Size:
                try:
                    return parse_size(text)
                except ValueError as error:
                    raise self._error(f"{self.name(place)}: {error}") from None
            case msgspec.inspect.LiteralType(values=values):
                self._check_choice(text, map(str, values), place)
            case msgspec.inspect.EnumType(cls=enum):
                self._check_choice(text, [str(each) for each in enum], place)
        return text

    def _variable(self, name: str, place: Place) -> str:
        try:
            return self._environment[name]
        except KeyError:
            raise self._error(
                f"{self.name(place)} needs the environment variable {name}, which is not set",
                hint=f"set {name}, or write the value into the file",
            ) from None

    def _check_keys(self, value: Mapping[str, Any], known: Iterable[str], place: Place) -> None:
        for key in value:
            if key not in known:
                raise self._error(f"{self.name(place)} has no key {key!r}", hint=near(key, known))

    def _check_choice(self, text: str, known: Iterable[str], place: Place) -> None:
        words = list(known)
        if text not in words:
            raise self._error(f"{self.name(place)} cannot be {text!r}", hint=near(text, words))

    def refused(self, error: msgspec.ValidationError) -> ConfigError:
        """What msgspec says, `Expected int, got str - at $.apply.jobs`, in the words of the file."""
        why, _, path = str(error).partition(" - at `$")
        steps = re.findall(r"\.([^.\[\]`]+)|\[(\d+)\]", path)
        place: Place = tuple(word or int(number) for word, number in steps)
        why = why.replace("Object missing required field", "needs the key").replace("Expected", "expected")
        joint = " " if why.startswith("needs") else ": "
        return self._error(f"{self.name(place)}{joint}{why.replace('`', '')}")

    def name(self, place: Place) -> str:
        """`[apply] jobs`, `[[database]] eu1: url`: a place as people find it in the file."""
        if not place:
            return "the top level"
        head, rest = str(place[0]), place[1:]
        value = self._data.get(head)
        if head == "database" and isinstance(value, list):
            shown = f"[[{head}]]{self._which(value, rest)}"
            rest = rest[1:]
        elif isinstance(value, Mapping):
            shown = f"[{head}]"
        else:
            return head
        return " ".join([shown, ".".join(str(step) for step in rest if isinstance(step, str))]).rstrip()

    def _which(self, entries: list[Any], rest: Place) -> str:
        if not rest or not isinstance(rest[0], int):
            return ""
        entry = entries[rest[0]]
        name = entry.get("name") if isinstance(entry, Mapping) else None
        return f" {name or f'number {rest[0] + 1}'}" + (":" if len(rest) > 1 else "")

    def _error(self, message: str, *, hint: str | None = None) -> ConfigError:
        return ConfigError(f"{self._file}: {message}", hint=hint)


def _check_databases(databases: Iterable[Database], where: str) -> None:
    """Refuse names that cannot tell databases apart, URLs without a scheme, and two ways to find tenants."""
    seen: set[str] = set()
    for database in databases:
        name = database.name
        if not _NAME.fullmatch(name):
            raise ConfigError(
                f"{where}a database cannot be called {name!r}",
                hint="its name stands before the slash in eu1/acme",
            )
        if name in seen:
            raise ConfigError(f"{where}two databases are called {name!r}", hint="give each a name of its own")
        seen.add(name)
        check_url(database.url, where)
        chosen = database.tenants
        if sum(map(bool, (chosen.schemas, chosen.query, chosen.names))) > 1:
            raise ConfigError(
                f"{where}[[database]] {name}: tenants takes one of schemas, query and list, not several",
                hint="write a second [[database]] with the same url for the others",
            )


def _no_scheme(url: str, where: str) -> ConfigError:
    return ConfigError(
        f"{where}{redact(url)!r} does not say which kind of database it is",
        hint="write it as postgresql://user@host/database or sqlite:folder/*.db",
    )


def _custom(wanted: type, value: Any) -> Path | Size:
    """Read a path or a size: the types that msgspec does not know by itself."""
    if wanted is Size:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise ValueError(f"expected a size such as 100MB, got {value!r}")
        return Size(value)
    if not isinstance(value, str):
        raise ValueError(f"expected str, got {type(value).__name__}")
    return Path(value)


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
