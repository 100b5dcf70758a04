"""How cells refer to what has a schema, where PostgreSQL wants a name and no expression.

`regproc` and its like are of no use: they qualify by what else is there. A name of the tenant's own is read without a
schema, and written with the placeholder: unqualified it might be found in pg_catalog first.
"""

from __future__ import annotations

from typing import Final, LiteralString

from schema_sync.adapters.postgres import text
from schema_sync.adapters.sql import Name, Sql, raw, sql

FUNCTION: Final[LiteralString] = """
       (SELECT CASE WHEN p.pronamespace = ns.oid THEN '' ELSE quote_ident(n.nspname) || '.' END
               || quote_ident(p.proname)
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = """
"""Stands before an expression of the function's oid and a closing parenthesis, as the others do."""

SIGNATURE: Final[LiteralString] = """
       (SELECT CASE WHEN p.pronamespace = ns.oid THEN '' ELSE quote_ident(n.nspname) || '.' END
               || quote_ident(p.proname)
               || '(' || coalesce((SELECT string_agg(CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL
                                                          THEN format_type(a.type, NULL) END, ', ' ORDER BY a.n)
                                     FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a(type, n)), '') || ')'
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = """

OPERATOR: Final[LiteralString] = """
       (SELECT CASE WHEN p.oprnamespace = ns.oid THEN '' ELSE quote_ident(n.nspname) || '.' END || p.oprname
          FROM pg_operator p JOIN pg_namespace n ON n.oid = p.oprnamespace WHERE p.oid = """

FAMILY: Final[LiteralString] = """
       (SELECT CASE WHEN p.opfnamespace = ns.oid THEN '' ELSE quote_ident(n.nspname) || '.' END
               || quote_ident(p.opfname)
          FROM pg_opfamily p JOIN pg_namespace n ON n.oid = p.opfnamespace WHERE p.oid = """

DICTIONARY: Final[LiteralString] = """
       (SELECT CASE WHEN p.dictnamespace = ns.oid THEN '' ELSE quote_ident(n.nspname) || '.' END
               || quote_ident(p.dictname)
          FROM pg_ts_dict p JOIN pg_namespace n ON n.oid = p.dictnamespace WHERE p.oid = """

TEMPLATE: Final[LiteralString] = """
       (SELECT CASE WHEN p.tmplnamespace = ns.oid THEN '' ELSE quote_ident(n.nspname) || '.' END
               || quote_ident(p.tmplname)
          FROM pg_ts_template p JOIN pg_namespace n ON n.oid = p.tmplnamespace WHERE p.oid = """

PARSER: Final[LiteralString] = """
       (SELECT CASE WHEN p.prsnamespace = ns.oid THEN '' ELSE quote_ident(n.nspname) || '.' END
               || quote_ident(p.prsname)
          FROM pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace WHERE p.oid = """


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
