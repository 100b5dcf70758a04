"""What the corpus and the histories hold: pairs of states, as units of work."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ENGINES = ("sqlite", "postgres")


@dataclass(frozen=True)
class Unit:
    """One way from one state to another."""

    engine: str
    suite: str
    name: str
    way: str
    old: Path
    """A script that loads in an empty database."""
    new: Path
    seed: Path | None = None
    """Rows for the old state."""
    roles: tuple[str, ...] = ()
    """Roles that the scripts mention."""
    generated_rows: bool = False
    """Whether rows are to be made up."""


def cases(corpus: Path, engine: str) -> Iterator[Unit]:
    """Both ways of every case that is one tenant; the way back only where the case means it."""
    for file in sorted((corpus / engine).glob("*/*/meta.json")):
        meta = json.loads(file.read_text())
        if meta.get("multi_schema") or meta.get("isolated_cluster"):
            continue
        case = file.parent
        roles = tuple(meta.get("roles", ()))
        ways = [("forward", "from.sql", "to.sql", meta.get("seed"))]
        if meta.get("bidirectional"):
            ways.append(("backward", "to.sql", "from.sql", meta.get("seed_to")))
        for way, old, new, seed in ways:
            path = case / seed if isinstance(seed, str) else None
            yield Unit(engine, case.parent.name, case.name, way, case / old, case / new, path, roles)


def pairs(histories: Path, engine: str, *, tenth: bool) -> Iterator[Unit]:
    """Every state of every application to every other. A tenth is picked by the hash of the pair's name."""
    for app in sorted(path for path in (histories / engine).glob("*") if path.is_dir()):
        states = sorted(app.glob("*/state.sql"))
        for old in states:
            for new in states:
                name = f"{old.parent.name.split('_')[0]}-{new.parent.name.split('_')[0]}"
                if old == new or (tenth and not _in_tenth(f"{app.name}/{name}")):
                    continue
                way = "forward" if old < new else "backward"
                suite = f"history {app.name}"
                yield Unit(engine, suite, name, way, old, new, generated_rows=engine == "sqlite")


def _in_tenth(name: str) -> bool:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 10 == 0
