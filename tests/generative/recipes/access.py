"""Who may do what, whose things are, what is published, and what is the schema's own."""

from __future__ import annotations

from tests.generative.model import Recipe, Role
from tests.generative.recipes.tables import COLUMN

_ROLES = ('"app user"', '"reader""s"', "PUBLIC")
_OPTION = ("", "WITH GRANT OPTION")


def _on_schema(statement: str) -> str:
    """A statement that names the schema, `%I`, which is called otherwise in every tenant."""
    return f"DO $$ BEGIN EXECUTE format($q${statement}$q$, current_schema()); END $$"


def _grant(what: str, recipe: str, privileges: tuple[str, ...], name: str = "@on") -> Recipe:
    return Recipe(
        f"grant_on_{what.lower().replace(' ', '_')}",
        "grant",
        (f"[way] [privileges] ON {what} {name} [from] [role] [option]",),
        {
            "way": ("GRANT",),
            "from": ("TO",),
            "privileges": (*privileges, "ALL"),
            "role": _ROLES,
            "option": _OPTION,
        },
        {"on": Role((recipe,))},
    )


def _owned(what: str, *recipes: str) -> Recipe:
    return Recipe(
        f"owner_of_{what.lower().replace(' ', '_')}",
        "ownership",
        (f"ALTER {what} @on OWNER TO [role]",),
        {"role": ('"app user"', '"reader""s"')},
        {"on": Role(recipes)},
    )


RECIPES = (
    _grant("TABLE", "table", ("SELECT", "SELECT, INSERT", "UPDATE", "SELECT (n)", "SELECT (n), UPDATE (n, s)")),
    _grant("TABLE", "view", ("SELECT", "SELECT (n)", "INSERT, DELETE")),
    _grant("SEQUENCE", "sequence", ("USAGE", "SELECT", "SELECT, UPDATE")),
    _grant("FUNCTION", "function", ("EXECUTE",)),
    _grant("PROCEDURE", "procedure", ("EXECUTE",)),
    _grant("TYPE", "enum", ("USAGE",)),
    _grant("DOMAIN", "domain", ("USAGE",)),
    Recipe(
        "grant_on_column",
        "grant",
        ("GRANT [privileges] (@column) ON @table TO [role] [option]",),
        {"privileges": ("SELECT", "UPDATE", "INSERT"), "role": _ROLES, "option": _OPTION},
        {"table": Role(("table", "partitioned", "heir")), "column": COLUMN},
    ),
    Recipe(
        "grant_on_schema",
        "grant",
        (_on_schema("GRANT [privileges] ON SCHEMA %I TO [role] [option]"),),
        {"privileges": ("USAGE", "CREATE", "ALL"), "role": _ROLES, "option": _OPTION},
    ),
    Recipe(
        "revoke",
        "grant",
        ("REVOKE [what] FROM [role]",),
        {
            "what": (
                "EXECUTE ON FUNCTION @function",
                "USAGE ON TYPE @type",
                "INSERT ON @table",
            ),
            "role": ("PUBLIC", "CURRENT_USER"),
        },
        {"function": Role(("function",)), "type": Role(("enum", "domain")), "table": Role(("table",))},
    ),
    Recipe(
        "default_privilege",
        "default_privilege",
        (_on_schema("ALTER DEFAULT PRIVILEGES [creator] IN SCHEMA %I GRANT [privileges] TO [role] [option]"),),
        {
            "creator": ("", 'FOR ROLE "app user"'),
            "privileges": (
                "SELECT ON TABLES",
                "SELECT, INSERT ON TABLES",
                "ALL ON TABLES",
                "USAGE ON SEQUENCES",
                "EXECUTE ON FUNCTIONS",
                "USAGE ON TYPES",
            ),
            "role": _ROLES,
            "option": _OPTION,
        },
    ),
    _owned("TABLE", "table", "partitioned", "heir", "foreign_table"),
    _owned("VIEW", "view"),
    _owned("MATERIALIZED VIEW", "materialized_view"),
    _owned("SEQUENCE", "sequence"),
    _owned("FUNCTION", "function", "pair", "compare"),
    _owned("TYPE", "enum", "composite", "range"),
    _owned("DOMAIN", "domain"),
    _owned("COLLATION", "collation"),
    _owned("STATISTICS", "statistic"),
    Recipe(
        "namespace",
        "namespace",
        (_on_schema("COMMENT ON SCHEMA %I IS [comment]"),),
        {"comment": ("'x'", "'it''s'", "'y'")},
        names=("the schema",),
    ),
    Recipe(
        "publication_member",
        "publication_member",
        ("ALTER PUBLICATION [publication] ADD TABLE @table [columns] [where]",),
        {
            "publication": ('"news %"', "other_news"),
            "columns": ("", "(id)", "(id, n)", "(id, @column)"),
            "where": ("", "WHERE (n > 0)", "WHERE (id > 0 AND n <> 3)"),
        },
        {"table": Role(("table", "partitioned", "keyed", "heir")), "column": COLUMN},
    ),
    Recipe(
        "published_schema",
        "published_schema",
        (_on_schema("ALTER PUBLICATION [publication] ADD TABLES IN SCHEMA %I"),),
        {"publication": ('"news %"', "other_news")},
    ),
    Recipe(
        "extension",
        "extension",
        ("CREATE EXTENSION @self [version]", "[comment]"),
        {
            "version": ("", "VERSION '1.4'", "VERSION '1.5'"),
            "comment": ("", "COMMENT ON EXTENSION @self IS 'x'", "COMMENT ON EXTENSION @self IS NULL"),
        },
        names=("citext", "hstore", "pg_trgm", "vector"),
    ),
    Recipe(
        "of_extension",
        "table",
        ("CREATE TABLE @self (id integer, h @extension)", "[index]"),
        {"index": ("", "CREATE INDEX ON @self (h)", "CREATE VIEW shown AS SELECT h FROM @self")},
        {"extension": Role(("extension",))},
        renamed=True,
    ),
)
"""All of them."""
