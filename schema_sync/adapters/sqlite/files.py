"""Tenants and their files: a pattern of paths, and a name for each file that it matches."""

from __future__ import annotations

import glob
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from schema_sync.errors import ConfigError
from schema_sync.model.report import TenantSelection

_SCHEME = re.compile(r"sqlite3?:(?://(?=/))?(?P<path>.*)", re.IGNORECASE)
_JOURNALS = ("-journal", "-wal", "-shm")


class Files:
    """The files of one configured database."""

    def __init__(self, url: str, selection: TenantSelection) -> None:
        found = _SCHEME.fullmatch(url)
        if found is None or not found["path"]:
            raise ConfigError(f"{url!r} is not the URL of SQLite files", hint="write sqlite:folder/*.db")
        if selection.query:
            raise ConfigError(f"tenants of {url} cannot be found by a query", hint="use `schemas`, `list` or `exclude`")
        self.pattern = Path(found["path"]).expanduser()
        self.selection = selection

    @property
    def is_pattern(self) -> bool:
        """Whether the URL names more than one file."""
        return glob.has_magic(str(self.pattern))

    @property
    def root(self) -> Path:
        """The fixed part of the pattern: the folder above its first wildcard."""
        fixed: list[str] = []
        for part in self.pattern.parts[:-1]:
            if glob.has_magic(part):
                break
            fixed.append(part)
        return Path(*fixed)

    def find(self) -> Mapping[str, Path]:
        """Tenants by name, sorted: the file's stem, or its path below `root` for all whose stems repeat."""
        paths = [Path(found) for found in glob.glob(str(self.pattern), recursive=True)]  # noqa: PTH207
        paths = [path for path in paths if path.is_file() and not path.name.endswith(_JOURNALS)]
        stems: dict[str, int] = {}
        for path in paths:
            stems[path.stem] = stems.get(path.stem, 0) + 1
        named = {path.stem if stems[path.stem] == 1 else self._below(path): path for path in paths}
        return {name: named[name] for name in sorted(named) if self._is_selected(name)}

    def place(self, name: str) -> Path:
        """Where a new tenant's file belongs: beside the others, with its name for a stem, as it will be found again.

        Raises:
            ConfigError: the pattern leaves it open or would not find it, or the name is no file name.
        """
        if not name or name.startswith(".") or any(char in name for char in "/\\\0"):
            raise ConfigError(f"{name!r} cannot be the name of a tenant's file")
        if not self.is_pattern:
            if self.pattern.stem == name:
                return self.pattern
            raise ConfigError(
                f"{self.pattern} is one file, and {name!r} is not its name", hint="use a pattern: sqlite:tenants/*.db"
            )
        folder, last = self.pattern.parent, self.pattern.name
        suffix = Path(last).suffix
        if glob.has_magic(str(folder)) or glob.has_magic(suffix):
            raise ConfigError(
                f"the pattern {self.pattern} does not tell where {name!r} belongs",
                hint="a pattern with wildcards in the file's stem alone does",
            )
        if not fnmatchcase(name + suffix, last):
            raise ConfigError(
                f"{name + suffix} would not be found by {self.pattern}", hint=f"choose a name like {Path(last).stem}"
            )
        return folder / (name + suffix)

    def _below(self, path: Path) -> str:
        return str(path.relative_to(self.root).with_suffix("").as_posix())

    def _is_selected(self, name: str) -> bool:
        chosen = self.selection
        wanted = not (chosen.schemas or chosen.names) or name in chosen.names
        wanted = wanted or any(fnmatchcase(name, pattern) for pattern in chosen.schemas)
        return wanted and not any(fnmatchcase(name, pattern) for pattern in chosen.exclude)
