"""What holds for the rows of a table, and what finds them."""

from __future__ import annotations

from tests.generative.model import Recipe, Role
from tests.generative.recipes.tables import COLUMN, TABLE

_DEFERRED = ("", "DEFERRABLE", "DEFERRABLE INITIALLY DEFERRED")
_COMMENT = ("", "COMMENT ON CONSTRAINT @self ON @table IS 'x'")
_INDEX_COMMENT = ("", "COMMENT ON INDEX @self IS 'y'")
_MORE = ("", "INCLUDE (s)", "INCLUDE (n, s)", "WITH (fillfactor = 70)", "INCLUDE (@column)")
_COLUMNS = ("(id)", "(id, n)", "(n, id)", "(@column)", "(id, @column)")
_MARK = (
    "",
    "ALTER TABLE @table CLUSTER ON @self",
    "ALTER TABLE @table REPLICA IDENTITY USING INDEX @self",
)
_ON_TABLE = {"table": TABLE, "column": COLUMN}

RECIPES = (
    Recipe(
        "primary_key",
        "primary_key",
        (
            "ALTER TABLE @table ADD CONSTRAINT @self PRIMARY KEY [columns] [more] [deferred]",
            "[mark]",
            "[comment]",
            "[ic]",
        ),
        {
            "columns": _COLUMNS,
            "more": _MORE,
            "deferred": _DEFERRED,
            "mark": _MARK,
            "comment": _COMMENT,
            "ic": _INDEX_COMMENT,
        },
        _ON_TABLE,
        owner="table",
        renamed=True,
    ),
    Recipe(
        "unique",
        "unique",
        (
            "ALTER TABLE @table ADD CONSTRAINT @self UNIQUE [nulls] [columns] [more] [deferred]",
            "[mark]",
            "[comment]",
            "[ic]",
        ),
        {
            "columns": (*_COLUMNS, "(n)", "(n, s)"),
            "nulls": ("", "NULLS NOT DISTINCT"),
            "more": _MORE,
            "deferred": _DEFERRED,
            "mark": _MARK,
            "comment": _COMMENT,
            "ic": _INDEX_COMMENT,
        },
        _ON_TABLE,
        owner="table",
        renamed=True,
    ),
    Recipe(
        "exclusion",
        "exclusion",
        ("ALTER TABLE @table ADD CONSTRAINT @self EXCLUDE USING [elements] [where] [deferred]", "[comment]", "[ic]"),
        {
            "elements": (
                "btree (id WITH =)",
                "btree (id WITH =, n WITH =)",
                "btree ((n + 1) WITH =) INCLUDE (s)",
                "hash (s WITH =)",
                "gist (int4range(id, n) WITH &&)",
                "btree (id WITH =) WITH (fillfactor = 70)",
                "btree (@column WITH =)",
                'btree (s COLLATE "C" text_pattern_ops WITH =)',
            ),
            "where": ("", "WHERE (n > 0)", "WHERE (@function(n) > 0)"),
            "deferred": _DEFERRED,
            "comment": _COMMENT,
            "ic": _INDEX_COMMENT,
        },
        {"table": Role(("table", "heir")), "column": COLUMN, "function": Role(("function",))},
        owner="table",
        renamed=True,
    ),
    Recipe(
        "check",
        "check",
        ("ALTER TABLE @table ADD CONSTRAINT @self CHECK ([check]) [more]", "[comment]"),
        {
            "check": (
                "id > 0",
                "n IS NULL OR n < 1000",
                "s IN ('a', 'b', 'c')",
                "@column IS NOT NULL OR id > 0",
                "@column::text <> 'z'",
                "@function(n) <> -9",
                "(id, n) <> (5, 6)",
            ),
            "more": ("", "NO INHERIT", "NOT VALID", "", "NOT ENFORCED"),
            "comment": _COMMENT,
        },
        {
            "table": Role(("table", "table", "partitioned", "heir", "typed", "foreign_table")),
            "column": COLUMN,
            "function": Role(("function",)),
        },
        owner="table",
        renamed=True,
    ),
    Recipe(
        "foreign_key",
        "foreign_key",
        (
            "ALTER TABLE @table ADD CONSTRAINT @self FOREIGN KEY [columns] [actions] [deferred] [valid]",
            "[comment]",
        ),
        {
            "columns": (
                "(n) REFERENCES @target (id)",
                "(id) REFERENCES @target",
                "(n) REFERENCES @target (id) MATCH FULL",
            ),
            "actions": (
                "",
                "ON DELETE CASCADE",
                "ON UPDATE CASCADE ON DELETE SET NULL",
                "ON DELETE SET NULL (n)",
                "ON DELETE RESTRICT",
                "ON UPDATE SET DEFAULT",
            ),
            "deferred": _DEFERRED,
            "valid": ("", "NOT VALID", "NOT ENFORCED"),
            "comment": _COMMENT,
        },
        {"table": Role(("table", "partitioned", "keyed")), "target": Role(("keyed",))},
        owner="table",
        renamed=True,
    ),
    Recipe(
        "keyed",
        "table",
        ("CREATE TABLE @self ([columns]) [storage]",),
        {
            "columns": (
                "id integer PRIMARY KEY, n integer, s text",
                "id integer PRIMARY KEY, n integer, s text, UNIQUE (id)",
                "id integer PRIMARY KEY, n integer UNIQUE, s text",
                "id bigint PRIMARY KEY, n integer, s text",
                "id serial PRIMARY KEY, n integer, s varchar(9)",
                "id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n integer, s text",
            ),
            "storage": ("", "PARTITION BY RANGE (id)"),
        },
        renamed=True,
        seed=("INSERT INTO @self (id, n, s) OVERRIDING SYSTEM VALUE VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 3, 'c')",),
    ),
    Recipe(
        "index",
        "index",
        ("CREATE [unique] INDEX @self ON @table USING [elements] [where]", "[mark]", "[comment]"),
        {
            "unique": ("", "UNIQUE"),
            "elements": (
                "btree (n)",
                "btree (id, n DESC)",
                "btree (n NULLS FIRST) INCLUDE (s)",
                "btree (lower(s))",
                "btree ((n + 1)) WITH (fillfactor = 70)",
                "btree (s text_pattern_ops)",
                'btree (s COLLATE "C")',
                "hash (s)",
                "brin (id) WITH (pages_per_range = 4)",
                "gin (to_tsvector('simple', s))",
                "btree (@column)",
                "btree (@column, n)",
                "btree (@function(n))",
                "btree (n @class)",
                "btree (s COLLATE @collation)",
                "btree (n) NULLS NOT DISTINCT",
            ),
            "where": ("", "WHERE n > 0", "WHERE s IN ('a', 'b')", "WHERE @column IS NOT NULL"),
            "mark": (*_MARK, "ALTER INDEX @self ALTER COLUMN 1 SET STATISTICS 50"),
            "comment": ("", "COMMENT ON INDEX @self IS 'x'"),
        },
        {
            "table": Role(("table", "partitioned", "heir", "typed", "materialized_view", "partition")),
            "column": COLUMN,
            "function": Role(("function",)),
            "class": Role(("operator_class",)),
            "collation": Role(("collation",)),
        },
        owner="table",
        renamed=True,
    ),
    Recipe(
        "statistic",
        "statistic",
        ("CREATE STATISTICS @self [kinds] ON [what] FROM @table", "[target]", "[comment]"),
        {
            "kinds": ("", "(ndistinct)", "(dependencies, mcv)", "(mcv)"),
            "what": ("id, n", "n, s", "id, n, s", "(n + 1), s", "(lower(s)), n", "n, @column", "(@function(n)), id"),
            "target": ("", "ALTER STATISTICS @self SET STATISTICS 50"),
            "comment": ("", "COMMENT ON STATISTICS @self IS 'x'"),
        },
        {
            "table": Role(("table", "partitioned", "heir", "typed", "materialized_view", "foreign_table")),
            "column": COLUMN,
            "function": Role(("function",)),
        },
        owner="table",
        renamed=True,
    ),
)
"""All of them."""
