"""URL scheme -> adapter, dialect -> vocabulary; imported when first asked for.

The built-in adapters and those of other packages are found in the same way: a name that is imported late, so that
looking at history loads no driver. Another package registers its adapter's class, which is a
`Factory`, under the entry point group `schema_sync.adapters`, by its scheme; its dialect is that name too.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from schema_sync.adapters.kind import Kind, Kinds
from schema_sync.adapters.kind import kinds as by_name
from schema_sync.errors import ConfigError
from schema_sync.model.objects import Vocabulary
from schema_sync.model.report import TenantSelection
from schema_sync.model.words import Words
from schema_sync.protocols import DatabaseAdapter

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "schema_sync.adapters"

_DIALECTS: Final[Mapping[str, tuple[str, ...]]] = {
    "postgresql": ("postgresql", "postgres"),
    "sqlite": ("sqlite",),
}
_ADAPTERS: Final[Mapping[str, str]] = {
    "postgresql": "schema_sync.adapters.postgres:PostgresAdapter",
    "sqlite": "schema_sync.adapters.sqlite:SQLiteAdapter",
}
_VOCABULARIES: Final[Mapping[str, str]] = {
    "postgresql": "schema_sync.adapters.postgres.objects:VOCABULARY",
    "sqlite": "schema_sync.adapters.sqlite.objects:VOCABULARY",
}


_KINDS: Final[Mapping[str, str]] = {
    "postgresql": "schema_sync.adapters.postgres.kinds:KINDS",
    "sqlite": "schema_sync.adapters.sqlite.kinds:KINDS",
}

_WORDS: Final[Mapping[str, str]] = {
    "postgresql": "schema_sync.adapters.postgres.text:words",
    "sqlite": "schema_sync.adapters.sqlite.tokens:words",
}


class Factory(Protocol):
    """An adapter's class, as the configuration makes an adapter of it."""

    def configured(
        self,
        url: str,
        *,
        name: str,
        tenants: TenantSelection,
        shared: tuple[str, ...],
        options: Mapping[str, Any],
    ) -> DatabaseAdapter:
        """An adapter for one configured database; nothing is connected yet.

        `options` holds the settings of the dialect's own section by name, and from `[apply]` `lock_timeout` and
        `statement_timeout` in seconds; an adapter takes what it knows.

        Raises:
            ConfigError: the URL or an option makes no sense.
        """
        ...


def dialect_of(scheme: str) -> str:
    """The dialect that a URL's scheme stands for: `postgres` -> `postgresql`.

    Raises:
        ConfigError: no adapter is known for it.
    """
    for dialect, schemes in _DIALECTS.items():
        if scheme in schemes:
            return dialect
    if scheme in _foreign():
        return scheme
    known = sorted({name for names in _DIALECTS.values() for name in names} | set(_foreign()))
    near = difflib.get_close_matches(scheme, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "known are " + ", ".join(known)
    raise ConfigError(f"no adapter is known for {scheme}: URLs", hint=hint)


def factory(dialect: str) -> Factory:
    """What makes the adapters of a dialect. Imports its driver.

    Raises:
        ConfigError: its package cannot be imported.
    """
    target = _ADAPTERS.get(dialect)
    try:
        made = _load(target) if target is not None else _foreign()[dialect].load()
    except ImportError as error:
        raise ConfigError(f"the adapter for {dialect} cannot be imported: {error}") from error
    return cast(Factory, made)


def kinds(dialect: str) -> Kinds:
    """The cells of a dialect, without its driver where it is built in. Raises like `vocabulary`."""
    target = _KINDS.get(dialect)
    if target is not None:
        return by_name(cast("tuple[Kind, ...]", _load(target)))
    return cast(Kinds, _entry(dialect).load().kinds)


def words(dialect: str) -> Words | None:
    """The tokeniser of a dialect, without its driver; `None` where its package has none to offer."""
    target = _WORDS.get(dialect)
    if target is not None:
        return cast(Words, _load(target))
    return cast("Words | None", getattr(_entry(dialect).load(), "words", None))


def vocabulary(dialect: str) -> Vocabulary:
    """The words of a dialect, without its driver where it is built in.

    Raises:
        ConfigError: no adapter is known for it.
    """
    target = _VOCABULARIES.get(dialect)
    if target is not None:
        return cast(Vocabulary, _load(target))
    return cast(Vocabulary, _entry(dialect).load().vocabulary)


def _entry(dialect: str) -> EntryPoint:
    entry = _foreign().get(dialect)
    if entry is None:
        raise ConfigError(f"no adapter is known for the dialect {dialect!r}", hint="is its package installed?")
    return entry


def _load(target: str) -> object:
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def _foreign() -> dict[str, EntryPoint]:
    """The adapters of other packages, by entry point name. Imports what reads packages, which takes its time."""
    from importlib.metadata import entry_points

    return {each.name: each for each in entry_points(group=GROUP) if each.name not in _DIALECTS}
