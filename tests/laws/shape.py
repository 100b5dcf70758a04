"""How modules look: their size, their docstrings, and the drawing in errors.py."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.laws.source import Function, Module, modules

FILE_LINES = 500
FUNCTION_LINES = 60

_DRAWN = re.compile(r"^[│├└─ ]*(?P<name>[A-Z]\w+) +(?:exit code|(?P<code>\d))\b")
_STEP = 4
"""Columns that each level of the drawing is indented by."""


def files_are_short(root: Path) -> list[str]:
    """No module of the package or the tests has more than 500 lines."""
    return [
        f"{module.path}:{lines}: {lines} lines, {FILE_LINES} are allowed"
        for folder in ("schema_sync", "tests")
        for module in modules(root, folder)
        if (lines := len(module.text.splitlines())) > FILE_LINES
    ]


def functions_are_short(root: Path) -> list[str]:
    """No function of the package or the tests has more than 60 lines."""
    return [
        module.at(node, f"{node.name} has {lines} lines, {FUNCTION_LINES} are allowed")
        for folder in ("schema_sync", "tests")
        for module in modules(root, folder)
        for node in module.functions()
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]


def public_names_are_documented(root: Path) -> list[str]:
    """Every public module, class, function and method has a docstring; a test's name is its sentence."""
    return [violation for module in modules(root) for violation in _undocumented(module)]


def _undocumented(module: Module) -> Iterator[str]:
    if ast.get_docstring(module.tree) is None:
        yield f"{module.path}:1: the module has no docstring"
    yield from _undocumented_in(module, module.tree)


def _undocumented_in(module: Module, scope: ast.Module | ast.ClassDef) -> Iterator[str]:
    for node in scope.body:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith(("_", "test_")):
            if ast.get_docstring(node) is None and not _is_overload(node):
                yield module.at(node, f"{node.name} has no docstring")
            if isinstance(node, ast.ClassDef):
                yield from _undocumented_in(module, node)


def _is_overload(node: ast.ClassDef | Function) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "overload" for one in node.decorator_list)


def errors_are_drawn_as_they_are(root: Path) -> list[str]:
    """The tree in the docstring of errors.py has every class, below its base, with its exit code."""
    found = [module for module in modules(root) if module.name == "errors"]
    if not found:
        return []
    [module] = found
    drawn, defined = _drawn(ast.get_docstring(module.tree) or ""), _defined(module.tree)
    return [
        f"{module.path}:1: {name} is drawn as {drawn.get(name)} and is {defined.get(name)} (base, exit code)"
        for name in sorted(drawn.keys() | defined.keys())
        if drawn.get(name) != defined.get(name)
    ]


def _drawn(docstring: str) -> dict[str, tuple[str, int]]:
    """Name -> (base, exit code) of the drawing."""
    path: list[str] = []
    found = {}
    margin: int | None = None
    for line in docstring.splitlines():
        if (match := _DRAWN.match(line)) is not None:
            margin = match.start("name") if margin is None else margin
            depth = (match.start("name") - margin) // _STEP
            path[depth:] = [match["name"]]
            found[match["name"]] = (path[depth - 1] if depth else "Exception", int(match["code"] or 1))
    return found


def _defined(tree: ast.Module) -> dict[str, tuple[str, int]]:
    """Name -> (base, exit code) of the classes; a class without a code of its own has its base's."""
    found: dict[str, tuple[str, int]] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and isinstance(node.bases[0], ast.Name):
            base = node.bases[0].id
            codes = [
                one.value.value
                for one in node.body
                if isinstance(one, ast.Assign | ast.AnnAssign)
                and isinstance(one.value, ast.Constant)
                and isinstance(one.value.value, int)
                and "exit_code" in ast.unparse(one).split("=")[0]
            ]
            found[node.name] = (base, codes[0] if codes else found[base][1])
    return found
