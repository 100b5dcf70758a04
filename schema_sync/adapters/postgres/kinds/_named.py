"""Names of functions, operators and operator classes that a definition refers to by name alone.

What the server prints for them (regproc, regoper) is qualified as soon as there is a second one of the name, whatever
their arguments are: text that would differ between equal tenants.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, LiteralString

from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.cell import Reader

_NAMED: Final[LiteralString] = (
    "json_build_object('schema', xn.nspname, 'own', xn.oid = ns.oid, 'quoted_schema', quote_ident(xn.nspname), 'name', "
)

FUNCTION: Final[LiteralString] = (
    f"(SELECT {_NAMED} x.proname, 'quoted', quote_ident(x.proname))"
    " FROM pg_proc x JOIN pg_namespace xn ON xn.oid = x.pronamespace WHERE x.oid = "
)
OPERATOR: Final[LiteralString] = (
    f"(SELECT {_NAMED} x.oprname, 'quoted', x.oprname)"
    " FROM pg_operator x JOIN pg_namespace xn ON xn.oid = x.oprnamespace WHERE x.oid = "
)
OPCLASS: Final[LiteralString] = (
    f"(SELECT {_NAMED} x.opcname, 'quoted', quote_ident(x.opcname))"
    " FROM pg_opclass x JOIN pg_namespace xn ON xn.oid = x.opcnamespace WHERE x.oid = "
)
"""Scalar subqueries for a cell's SELECT list; the oid and a parenthesis follow."""


def named(found: Mapping[str, Any] | None, reader: Reader) -> str | None:
    """An identifier that finds it under the tenant's search_path: qualified only where its schema must be said."""
    if found is None:
        return None
    schema, name, quoted = found["schema"], found["name"], str(found["quoted"])
    if found["own"]:
        return f"{text.PLACEHOLDER}.{quoted}" if name in reader.shadowing else quoted
    if schema == "pg_catalog" and name not in reader.shadowing:
        return quoted
    return f"{found['quoted_schema']}.{quoted}"


def operator(found: Mapping[str, Any] | None) -> str | None:
    """The same of an operator: `<`, or `OPERATOR(public.<)`; one of the tenant's own always says so, since names of
    operators are few.
    """
    if found is None:
        return None
    if found["schema"] == "pg_catalog":
        return str(found["quoted"])
    schema = text.PLACEHOLDER if found["own"] else found["quoted_schema"]
    return f"OPERATOR({schema}.{found['quoted']})"
