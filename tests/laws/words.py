"""Words that may not be said in some places."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from schema_sync.model.ident import plural
from tests.laws.source import Module, modules

GENERIC = ("diff", "plan", "store", "run", "introspect", "engine", "adapters.kind", "adapters.sql", "adapters.registry")
"""Where no object kind is named: what works for one works for all."""

OTHERS_WORDS = {("store", "index")}
"""Words that are kinds here and mean something else there: Git has a file that is called so."""

_STATEMENT = re.compile(
    r"\s*(ALTER|ANALYZE|BEGIN|CALL|COMMENT ON|COMMIT|CREATE|DELETE|DROP|GRANT|INSERT|LOCK|PRAGMA|REVOKE|ROLLBACK"
    r"|SAVEPOINT|SELECT|SET|TRUNCATE|UPDATE|VALUES|WITH)\s"
)
_MODES = re.compile(r"\b(dry[ _-]?run|check|audits?|auditing)\b", re.IGNORECASE)


def kind_names(root: Path) -> dict[str, str]:
    """Every kind of every engine -> where its struct is: the `kind` constants of the engines' objects."""
    return {
        statement.value.value: module.path
        for module in modules(root)
        if re.fullmatch(r"adapters\.\w+\.objects(\.\w+)?", module.name)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        for statement in node.body
        if isinstance(statement, ast.AnnAssign)
        and isinstance(statement.target, ast.Name)
        and statement.target.id == "kind"
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    }


def kinds_are_named_in_their_cells_only(root: Path) -> list[str]:
    """No generic layer has a string that is a kind's name or its plural."""
    kinds = set(kind_names(root))
    words = kinds | {plural(kind) for kind in kinds}
    return [
        module.at(node, f"names the kind {node.value!r}")
        for module in modules(root)
        if module.within(*GENERIC)
        for node in module.strings()
        if node.value in words and not any(module.within(place) and node.value == word for place, word in OTHERS_WORDS)
    ]


def the_engine_knows_no_modes(root: Path) -> list[str]:
    """No module of engine/ has a word of dry run, check or audit: it knows `execute` alone."""
    return [
        f"{module.path}:{number}: says {match.group()!r}"
        for module in modules(root)
        if module.within("engine")
        for number, line in enumerate(module.text.splitlines(), 1)
        for match in _MODES.finditer(line)
    ]


def versions_are_declared_in_one_place(root: Path) -> list[str]:
    """No module of an engine but its `versions` has a number that is a server's version."""
    return [
        module.at(node, f"names the server version {node.value}")
        for module in modules(root)
        if module.within("adapters.postgres") and not module.within("adapters.postgres.versions")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
        and type(node.value) is int
        and node.value >= 90000
        and node.value % 10000 == 0
    ]


def sql_is_never_a_bare_string(root: Path) -> list[str]:
    """No SQL is glued together out of strings: not by f-string, `%`, `+` or format(), nor quoted by hand in raw().

    A query that is put together of constants in capitals is a constant itself. What an error or a hint says to
    people is no SQL.
    """
    return [
        module.at(node, "SQL is built with schema_sync.adapters.sql")
        for module in modules(root)
        for prose in [set(_prose(module))]
        for node in ast.walk(module.tree)
        if _is_glued(node) and node not in prose
    ]


def _prose(module: Module) -> Iterator[ast.AST]:
    """Everything within a `raise`, or given as a `hint`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Raise) or (isinstance(node, ast.keyword) and node.arg in ("hint", "message")):
            yield from ast.walk(node)


def _is_glued(node: ast.AST) -> bool:
    match node:
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *rest]):
            return _STATEMENT.match(text) is not None and not all(_is_constant(value) for value in rest)
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
            return _STATEMENT.match(text) is not None
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Add(), right=right):
            return _STATEMENT.match(text) is not None and not _is_constant(right)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format" | "format_map")):
            return _STATEMENT.match(text) is not None
        case ast.Call(func=ast.Name(id="raw"), args=[ast.JoinedStr(values=values)]):
            return any(_is_quote(before, value) for before, value in pairwise(values))
    return False


def _is_constant(node: ast.expr) -> bool:
    """A literal, or a name in capitals: a constant piece of a constant query."""
    match node:
        case ast.Constant():
            return True
        case ast.FormattedValue(value=value):
            return _is_constant(value)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.isupper()
    return False


def _is_quote(before: ast.expr, value: ast.expr) -> bool:
    """Whether a value stands right behind a quote, and is quoted by hand."""
    text = before.value if isinstance(before, ast.Constant) else ""
    return isinstance(value, ast.FormattedValue) and isinstance(text, str) and text.endswith(('"', "'", "`"))


SERVER_TEXT = frozenset(
    {
        *(
            "array",
            "bound",
            "check_option",
            "collation",
            "default",
            "definition",
            "execute",
            "expression",
            "from_table",
        ),
        *("generated", "inherits", "left", "of_type", "on_delete", "on_update", "opclass", "operator", "partition_by"),
        *("partition_of", "referenced_table", "returns", "right", "source", "sql_body", "storage", "subtype", "target"),
        *("type", "using", "check", "when", "where", "body"),
    }
)
"""The fields that hold SQL as a server, or our own tokeniser, has printed it: types, expressions, names in quotes."""

WORDS = frozenset(
    {
        *(
            "command",
            "compression",
            "cost",
            "deferral",
            "event",
            "final",
            "finish",
            "level",
            "minimum",
            "maximum",
            "mode",
            "number",
        ),
        *("modify", "nulls", "objects", "parallel", "provider", "replica_identity", "rows", "space", "state", "timing"),
        *("volatility", "statistics", "PLACEHOLDER"),
    }
)
"""The fields that hold a word out of a closed list, a number, or what the rules have made themselves."""


def raw_takes_no_names(root: Path) -> list[str]:
    """Nothing is handed to raw() but constants, text that a server has printed, and words of closed lists: what has a
    name of anybody's choosing is a Name.
    """
    return [
        module.at(part, f"raw() is given {ast.unparse(part)}")
        for module in modules(root)
        if module.within("adapters")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "raw"
        for argument in node.args
        for part in _given(argument)
        if isinstance(part, ast.Attribute) and part.attr not in SERVER_TEXT | WORDS
    ]


def _given(node: ast.expr) -> Iterator[ast.expr]:
    """What the value of an expression is made of: not the condition of a choice, nor the key of a look-up."""
    match node:
        case ast.IfExp(body=body, orelse=orelse):
            yield from _given(body)
            yield from _given(orelse)
        case ast.Subscript(value=value) | ast.FormattedValue(value=value):
            yield from _given(value)
        case ast.Call(func=ast.Attribute(value=value, attr="upper" | "lower" | "get" | "partition")):
            yield from _given(value)
        case ast.Call(func=ast.Name(id="str"), args=[value]):
            yield from _given(value)
        case ast.Attribute(attr=attr) if attr.isupper():
            pass
        case ast.JoinedStr(values=values) | ast.BoolOp(values=values):
            for value in values:
                yield from _given(value)
        case _:
            yield node


def nothing_is_run_that_was_glued(root: Path) -> list[str]:
    """What is given to a connection's `run`, `rows` or `execute` is a constant, or was made as SQL: no f-string, no
    `%`, `+` or format().
    """
    return [
        module.at(node, f"{node.func.attr}() is given text that was glued together")
        for module in modules(root)
        if module.within("adapters", "run", "engine")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("run", "rows", "execute", "executescript", "executemany")
        and node.args
        and _is_made_of_strings(node.args[0])
    ]


def _is_made_of_strings(node: ast.expr) -> bool:
    match node:
        case ast.JoinedStr(values=values):
            return not all(_is_constant(value) for value in values)
        case ast.BinOp(op=ast.Mod()):
            return True
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            literal = any(isinstance(side, ast.Constant | ast.JoinedStr) for side in (left, right))
            return literal and not (_is_constant(left) and _is_constant(right))
        case ast.Call(func=ast.Attribute(attr="format" | "format_map" | "replace" | "join")):
            return True
    return False


def exceptions_are_caught_at_the_boundaries_only(root: Path) -> list[str]:
    """`except Exception` stands once at the boundary of the command line and once at the fan-out over tenants.

    A handler that cleans up and ends with a bare `raise` catches nothing.
    """
    found: dict[str, list[str]] = {"cli": [], "engine": []}
    other: list[str] = []
    for module in modules(root):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ExceptHandler) and _is_broad(node):
                home = next((name for name in found if module.within(name)), None)
                (found[home] if home else other).append(_broad(module, node))
    return other + [violation for those in found.values() for violation in those[1:]]


def _is_broad(node: ast.ExceptHandler) -> bool:
    if isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None:
        return False
    types = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(one is None or (isinstance(one, ast.Name) and one.id in ("Exception", "BaseException")) for one in types)


def _broad(module: Module, node: ast.ExceptHandler) -> str:
    return module.at(node, "catches everything: that belongs to the CLI boundary and the tenant fan-out, once each")
