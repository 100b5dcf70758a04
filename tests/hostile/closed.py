"""The places that take no name or text of anybody's choosing, each with what it takes or why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.hostile.places import NAME, Place

Taken = frozenset[str] | str
"""All words that a place takes; or, in prose, what else it takes."""


def _words(*words: str) -> frozenset[str]:
    return frozenset(words)


_PARAMETERS: Final = "storage parameters and attribute options have names and values of the server's own"
_OPERATORS: Final = "an operator has none but certain marks (manual: 4.1.3)"
_MODES: Final = _words("in", "out", "inout", "variadic")
_STATES: Final = _words("ORIGIN", "REPLICA", "ALWAYS", "DISABLED")
_NULLS: Final = _words("first", "last")
_LOCALES: Final = "a locale, or rules of order, that the library of the server has to understand"
_STORAGES: Final = _words("plain", "external", "main", "extended")
_ACTIONS: Final = _words("restrict", "cascade", "set null", "set default")
_PARALLEL: Final = _words("safe", "restricted", "unsafe")
_SAFE: Final = _words("read_only", "shareable", "read_write")
_RIGHTS: Final = _words(
    *("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"),
    *("USAGE", "CREATE", "EXECUTE"),
)
_EXTENSION: Final = "an extension's files are the server's, and say all this"

POSTGRES: Final[Mapping[Place, Taken]] = {
    ("aggregate", "arguments.default"): "an aggregate's arguments have none",
    ("aggregate", "arguments.mode"): _MODES,
    ("aggregate", "final.modify"): _SAFE,
    ("aggregate", "form"): _words("normal", "ordered_set", "hypothetical"),
    ("aggregate", "moving.final.modify"): _SAFE,
    ("aggregate", "parallel"): _PARALLEL,
    ("aggregate", "sort_operator"): _OPERATORS,
    ("cast", "context"): _words("explicit", "assignment", "implicit"),
    ("cast", "method"): _words("function", "inout", "binary"),
    ("collation", "collate"): _LOCALES,
    ("collation", "ctype"): _LOCALES,
    ("collation", "locale"): _LOCALES,
    ("collation", "provider"): _words("libc", "icu", "builtin"),
    ("collation", "rules"): _LOCALES,
    ("column", "compression"): _words("pglz", "lz4"),
    ("column", "identity.persistence"): _words("logged", "unlogged"),
    ("column", "not_null_comment"): "the constraint that it is of has a row from PostgreSQL 18 on; see its case",
    ("column", "options"): _PARAMETERS,
    ("column", "storage"): _STORAGES,
    ("composite_type", "attributes.default"): "only a view's column has one",
    ("conversion", "source"): "the name of an encoding",
    ("conversion", "target"): "the name of an encoding",
    ("default_privilege", "grantable"): _RIGHTS,
    ("default_privilege", "objects"): _words("TABLES", "SEQUENCES", "FUNCTIONS", "TYPES"),
    ("default_privilege", "privileges"): _RIGHTS,
    ("exclusion", "attached_to"): "an exclusion constraint has parts from PostgreSQL 17 on; a unique one shows it",
    ("exclusion", "elements.nulls"): _NULLS,
    ("exclusion", "elements.operator"): _OPERATORS,
    ("exclusion", "options"): _PARAMETERS,
    ("extension", NAME): _EXTENSION,
    ("extension", "comment"): _EXTENSION,
    ("extension", "version"): _EXTENSION,
    ("foreign_key", "on_delete"): _ACTIONS,
    ("foreign_key", "on_update"): _ACTIONS,
    ("foreign_key", "unusual_triggers"): _words("referencing disabled", "referenced disabled"),
    ("function", "arguments.mode"): _MODES,
    ("function", "cost"): "a number",
    ("function", "library"): "a file that the server loads at once",
    ("function", "parallel"): _PARALLEL,
    ("function", "rows"): "a number",
    ("function", "volatility"): _words("immutable", "stable", "volatile"),
    ("grant", "grantable"): _RIGHTS,
    ("grant", "privileges"): _RIGHTS,
    ("grant", "withheld"): _RIGHTS,
    ("index", "elements.nulls"): _NULLS,
    ("index", "options"): _PARAMETERS,
    ("materialized_view", "columns.compression"): _words("pglz", "lz4"),
    ("materialized_view", "columns.default"): "only a view's column has one",
    ("materialized_view", "columns.options"): _PARAMETERS,
    ("materialized_view", "columns.storage"): _STORAGES,
    ("materialized_view", "options"): _PARAMETERS,
    ("materialized_view", "toast_options"): _PARAMETERS,
    ("namespace", NAME): _words("{tenant}"),
    ("operator", "commutator"): _OPERATORS,
    ("operator", "negator"): _OPERATORS,
    ("operator_class", "operators.operator"): _OPERATORS,
    ("operator_class", "operators.order_by"): "the server counts such an operator to the family (gistadjustmembers)",
    ("operator_family", "operators.operator"): _OPERATORS,
    ("ownership", NAME): _words("owner", "schema"),
    ("policy", "command"): _words("ALL", "SELECT", "INSERT", "UPDATE", "DELETE"),
    ("primary_key", "options"): _PARAMETERS,
    ("procedure", "arguments.mode"): _MODES,
    ("procedure", "library"): "a file that the server loads at once",
    ("rule", "enabled"): _STATES,
    ("rule", "event"): _words("INSERT", "UPDATE", "DELETE"),
    ("sequence", "type"): _words("smallint", "integer", "bigint"),
    ("statistic", "kinds"): _words("ndistinct", "dependencies", "mcv"),
    ("table", "options"): _PARAMETERS,
    ("table", "replica_identity"): _words("full", "nothing", "index"),
    ("table", "toast_options"): _PARAMETERS,
    ("text_search_configuration", "mappings.token"): "a type of token, which is in the parser's code",
    ("text_search_dictionary", "options"): "options that the template's code has to know",
    ("trigger", "enabled"): _STATES,
    ("trigger", "events"): _words("INSERT", "DELETE", "UPDATE", "TRUNCATE"),
    ("trigger", "level"): _words("ROW", "STATEMENT"),
    ("trigger", "timing"): _words("BEFORE", "AFTER", "INSTEAD OF"),
    ("unique", "options"): _PARAMETERS,
    ("view", "check_option"): _words("local", "cascaded"),
}

_CONFLICTS: Final = _words("", "ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE")
_SQLITE_ACTIONS: Final = _words("", "CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT")

_REGISTERED: Final = "a collation that the application registers before it opens the file"

SQLITE: Final[Mapping[Place, Taken]] = {
    ("column", "collation"): _REGISTERED,
    ("column", "not_null_conflict"): _CONFLICTS,
    ("foreign_key", "deferral"): _words("", "DEFERRABLE INITIALLY DEFERRED"),
    ("foreign_key", "on_delete"): _SQLITE_ACTIONS,
    ("foreign_key", "on_update"): _SQLITE_ACTIONS,
    ("index", "parts.collation"): _REGISTERED,
    ("primary_key", "columns.collation"): _REGISTERED,
    ("primary_key", "columns.expression"): "SQLite takes expressions in indexes alone",
    ("primary_key", "conflict"): _CONFLICTS,
    ("trigger", "event"): _words("INSERT", "UPDATE", "DELETE"),
    ("trigger", "timing"): _words("BEFORE", "AFTER", "INSTEAD OF"),
    ("unique", "columns.collation"): _REGISTERED,
    ("unique", "columns.expression"): "SQLite takes expressions in indexes alone",
    ("unique", "conflict"): _CONFLICTS,
    ("virtual_table", "module"): "a module that is compiled in",
}
