"""The source of a project as the laws look at it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = "schema_sync"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One module: where it is, its name below the package, its text and tree."""

    path: str
    """Below the project's root."""
    name: str
    """`model.ident`; empty for the package itself, dotted from the root (`tests.servers`) outside of it."""
    text: str
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        """Whether it is the `__init__` of a package."""
        return self.path.endswith("__init__.py")

    def within(self, *names: str) -> bool:
        """Whether it is one of these modules or packages, or inside of one."""
        return any(self.name == name or self.name.startswith(name + ".") for name in names)

    def at(self, node: ast.AST, what: str) -> str:
        """A violation at a node."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {what}"

    def functions(self) -> Iterator[Function]:
        """All functions and methods, at any depth."""
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node

    def strings(self) -> Iterator[ast.Constant]:
        """All string constants that are no docstrings, nor bare strings that document an attribute."""
        bare = {id(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
                yield node


@cache
def modules(root: Path, folder: str = PACKAGE) -> tuple[Module, ...]:
    """All modules below a folder of the project, sorted by path; none where there is no such folder."""
    return tuple(_module(root, path) for path in sorted((root / folder).rglob("*.py")))


def _module(root: Path, path: Path) -> Module:
    relative = path.relative_to(root)
    parts = list(relative.with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    if parts[0] == PACKAGE:
        parts.pop(0)
    text = path.read_text()
    return Module(relative.as_posix(), ".".join(parts), text, ast.parse(text, str(path)))


def imports(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """Every imported module or name, absolute and dotted: `schema_sync.model.ident.Ident`, `os.environ`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            for alias in node.names:
                yield node, f"{base}.{alias.name}"


def _base(module: Module, node: ast.ImportFrom) -> str:
    """The absolute name of what is imported from, relative imports resolved."""
    if not node.level:
        return node.module or ""
    package = [PACKAGE, *module.name.split(".")] if module.name else [PACKAGE]
    up = node.level - 1 if module.is_package else node.level
    return ".".join([*package[: len(package) - up], *([node.module] if node.module else [])])
