"""How cells refer to what has a schema, where PostgreSQL wants a name and no expression.

`regproc` and its like are of no use: they qualify by what else is there, so that an object would differ as soon as
there is a second one of a name that it mentions. A name of the tenant's own is read without a schema, any other with
it. The own one is written with the placeholder: unqualified it might be found in pg_catalog first.
"""

from __future__ import annotations

from typing import Final, LiteralString

from schema_sync.adapters.postgres import text
from schema_sync.adapters.sql import Name, Sql, raw, sql


def _found(catalog: LiteralString, prefix: LiteralString, name: LiteralString) -> LiteralString:
    return f"""
       (SELECT CASE WHEN named.{prefix}namespace = ns.oid THEN '' ELSE quote_ident(home.nspname) || '.' END || {name}
          FROM {catalog} named JOIN pg_namespace home ON home.oid = named.{prefix}namespace WHERE named.oid = """


FUNCTION: Final[LiteralString] = _found("pg_proc", "pro", "quote_ident(named.proname)")
"""A scalar subquery for a cell's SELECT list: an expression of the function's oid and a parenthesis follow."""

SIGNATURE: Final[LiteralString] = _found(
    "pg_proc",
    "pro",
    """quote_ident(named.proname) || '(' || coalesce((
                  SELECT string_agg(CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL
                                         THEN format_type(a.type, NULL) END, ', ' ORDER BY a.n)
                    FROM unnest(named.proargtypes::oid[]) WITH ORDINALITY AS a(type, n)), '') || ')'""",
)
OPERATOR: Final[LiteralString] = _found("pg_operator", "opr", "named.oprname")
OPCLASS: Final[LiteralString] = _found("pg_opclass", "opc", "quote_ident(named.opcname)")
FAMILY: Final[LiteralString] = _found("pg_opfamily", "opf", "quote_ident(named.opfname)")
DICTIONARY: Final[LiteralString] = _found("pg_ts_dict", "dict", "quote_ident(named.dictname)")
TEMPLATE: Final[LiteralString] = _found("pg_ts_template", "tmpl", "quote_ident(named.tmplname)")
PARSER: Final[LiteralString] = _found("pg_ts_parser", "prs", "quote_ident(named.prsname)")
"""The same of what else is referred to by name."""


def referred(name: str) -> Sql:
    """A name as it was read, for a statement: the tenant's own is qualified with the placeholder."""
    return raw(name) if is_qualified(name) else sql("{schema}.{name}", schema=raw(text.PLACEHOLDER), name=raw(name))


def is_qualified(name: str) -> bool:
    """Whether it is that of another schema. Behind a parenthesis there are types; an operator has no dot."""
    bare = [token.text for token in text.tokens(name)]
    head = bare[: bare.index("(")] if "(" in bare else bare
    return "." in head


def own(name: str) -> Sql:
    """An object of the tenant's own, by its bare name."""
    return sql("{schema}.{name}", schema=raw(text.PLACEHOLDER), name=Name(name))


def operator(name: str) -> Sql:
    """`OPERATOR(schema.===)`, out of an operator's name as it was read."""
    return sql("OPERATOR({name})", name=referred(name))
