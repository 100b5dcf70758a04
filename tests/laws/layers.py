"""Who may import what: the layers of the package, and the one door of every library."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.laws.source import PACKAGE, Module, imports, modules

ENGINES = "adapters.*"
"""Stands for every concrete adapter."""

_BASE = {"model", "errors"}
_CELLS = _BASE | {"protocols", "adapters.kind", "adapters.sql"}
_MIDDLE = _CELLS | {"diff"}

LAYERS: dict[str, set[str]] = {
    "errors": set(),
    "model": {"errors"},
    "config": _BASE,
    "protocols": _BASE | {"adapters.kind"},
    "diff": _BASE | {"protocols"},
    "store": _BASE | {"protocols"},
    "adapters.sql": _BASE,
    "adapters.kind": _BASE | {"adapters.sql"},
    "adapters.seed": _BASE | {"adapters.sql"},
    "adapters.registry": _CELLS | {"config"},
    ENGINES: _CELLS | {"config", "adapters.seed"},
    "adapters": set(),
    "introspect": _MIDDLE,
    "plan": _MIDDLE,
    "run": _MIDDLE,
    "testing": _MIDDLE | {"store", "plan", "run", "introspect"},
    "engine": _MIDDLE | {"config", "store", "plan", "run", "introspect", "adapters.registry", "adapters"},
    "cli": _MIDDLE | {"config", "store", "plan", "run", "introspect", "adapters.registry", "adapters", "engine", ""},
}
"""Layer -> the layers it may import, itself aside. The package's own face may import all of them."""

DOORS: dict[str, tuple[str, ...]] = {
    "aiosqlite": ("adapters.sqlite.session",),
    "sqlite3": ("adapters.sqlite.session",),
    "psycopg": ("adapters.postgres.session",),
    "dulwich": ("store",),
    "deepdiff": ("diff",),
    "click": ("cli",),
    "rich": ("cli",),
    "os.environ": ("cli",),
    "os.getenv": ("cli",),
    "sys.exit": ("cli",),
    "sys.argv": ("cli",),
    "msgspec.json": ("model",),
    "msgspec.msgpack": ("model",),
    "msgspec.yaml": ("model",),
}
"""A library, or a part of one -> the only places that may use it."""

PURE = ("model", "diff", "plan", "adapters.kind", "adapters.seed", "adapters.sql")
"""Where nothing waits; every engine's cells belong here too."""


def imports_go_downwards(root: Path) -> list[str]:
    """No module imports a layer that it may not see; concrete adapters are reached through the registry alone."""
    return [violation for module in modules(root) if module.name for violation in _upwards(module)]


def _upwards(module: Module) -> Iterator[str]:
    own = layer_of(module.name)
    if own is None:
        yield f"{module.path}:1: {module.name} belongs to no layer: add it to tests/laws/layers.py"
        return
    for node, target in imports(module):
        if target.split(".")[0] != PACKAGE:
            continue
        name = target.removeprefix(PACKAGE).lstrip(".")
        seen = layer_of(name) or ""
        same_engine = own == ENGINES and _engine(name) == _engine(module.name)
        if (seen == own and own != ENGINES) or same_engine or (seen in LAYERS[own] and seen != ENGINES):
            continue
        yield module.at(node, f"{own} may not import {target}")


def layer_of(name: str) -> str | None:
    """The layer of a dotted name below the package; the empty name, and names that are no module's, have none."""
    parts = name.split(".")
    if parts[0] != "adapters":
        return parts[0] if parts[0] in LAYERS else None
    if len(parts) == 1:
        return "adapters"
    own = ".".join(parts[:2])
    return own if own in LAYERS else ENGINES


def _engine(name: str) -> str:
    return ".".join(name.split(".")[:2])


def libraries_have_one_door(root: Path) -> list[str]:
    """A library is imported, and a part of the standard library used, in its own place alone."""
    found = []
    for module in modules(root):
        for node, used in [*imports(module), *_attributes(module)]:
            for library, homes in DOORS.items():
                if (used == library or used.startswith(library + ".")) and not module.within(*homes):
                    found.append(module.at(node, f"{library} belongs to {' and '.join(homes)}"))
    return found


def _attributes(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """Uses such as `os.environ`, where the module itself was imported."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node, f"{node.value.id}.{node.attr}"


def pure_layers_never_wait(root: Path) -> list[str]:
    """No `async def` where decisions are made: model, diff, plan, and the rules of every cell."""
    return [
        module.at(node, "async in a pure layer")
        for module in modules(root)
        if module.within(*PURE) or (layer_of(module.name) == ENGINES and ".kinds" in module.name)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith)
    ]
