"""Tables of every sort, their columns, and sequences. Every table has the columns `id`, `n` and `s`."""

from __future__ import annotations

from tests.generative.model import Recipe, Role
from tests.generative.recipes.types import COLLATION, TYPE

BASE = "id integer NOT NULL, n integer, s text"
TABLES = ("table", "partitioned", "heir", "typed")
OWN_ROWS = ("table", "heir", "typed")
TABLE = Role(TABLES)
COLUMNS = ("column", "number_column", "identity_column", "text_column")
COLUMN = Role(COLUMNS, within="table")
_INSERT = ("INSERT INTO @self (id, n, s) VALUES (1, 1, 'a'), (2, 2, 'b'), (3, NULL, NULL)",)
_SECURITY = (
    "",
    "ALTER TABLE @self ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE @self FORCE ROW LEVEL SECURITY",
    "ALTER TABLE @self ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
)
_IDENTITY = (
    "",
    "ALTER TABLE @self REPLICA IDENTITY FULL",
    "ALTER TABLE @self REPLICA IDENTITY NOTHING",
)
STORAGE = (
    "",
    "WITH (fillfactor = 70)",
    "WITH (fillfactor = 50, autovacuum_enabled = false)",
    "WITH (toast.autovacuum_enabled = false)",
    "WITH (fillfactor = 70, toast.vacuum_truncate = false)",
)


def _column(name: str, types: tuple[str, ...], values: tuple[str, ...], storage: tuple[str, ...]) -> Recipe:
    return Recipe(
        name,
        "column",
        (
            "ALTER TABLE @table ADD COLUMN @self [type] [value] [null]",
            "[storage]",
            "[statistics]",
            "[options]",
            "[comment]",
        ),
        {
            "type": types,
            "value": values,
            "null": ("", "NOT NULL"),
            "storage": storage,
            "statistics": ("", "ALTER TABLE @table ALTER COLUMN @self SET STATISTICS 50"),
            "options": (
                "",
                "ALTER TABLE @table ALTER COLUMN @self SET (n_distinct = 5)",
                "ALTER TABLE @table ALTER COLUMN @self SET (n_distinct = -0.5, n_distinct_inherited = 7)",
            ),
            "comment": ("", "COMMENT ON COLUMN @table.@self IS 'x'"),
        },
        {
            "table": Role(("table", "table", "partitioned", "heir", "foreign_table")),
            "type": TYPE,
            "collation": COLLATION,
            "function": Role(("function",)),
            "sequence": Role(("sequence",)),
        },
        owner="table",
        renamed=True,
        seed=("UPDATE @table SET @self = @value",),
        trials=("'1'", "'a'", "'{}'", "'(1,b)'", "'[1,3)'", "'2020-01-02'", "'t'", "'[a,b)'", "'(a,b)'"),
    )


RECIPES = (
    Recipe(
        "table",
        "table",
        (f"CREATE [unlogged] TABLE @self ({BASE}) [storage]", "[security]", "[replica]", "[comment]"),
        {
            "unlogged": ("", "UNLOGGED"),
            "storage": STORAGE,
            "security": _SECURITY,
            "replica": _IDENTITY,
            "comment": ("", "COMMENT ON TABLE @self IS 'x'", "COMMENT ON TABLE @self IS 'it''s'"),
        },
        renamed=True,
        seed=_INSERT,
    ),
    Recipe(
        "partitioned",
        "table",
        (f"CREATE TABLE @self ({BASE}) PARTITION BY [key]", "[security]", "[comment]"),
        {
            "key": ("RANGE (n)", "LIST (n)", "HASH (n)", "RANGE (id)", "LIST (s)", "RANGE ((n + 1))", "RANGE (n, id)"),
            "security": _SECURITY,
            "comment": ("", "COMMENT ON TABLE @self IS 'x'"),
        },
        renamed=True,
        seed=_INSERT,
    ),
    Recipe(
        "partition",
        "table",
        ("CREATE TABLE @self PARTITION OF @parent [bound] [sub] [storage]", "[comment]"),
        {
            "bound": (
                "DEFAULT",
                "FOR VALUES FROM (1) TO (10)",
                "FOR VALUES FROM (1) TO (20)",
                "FOR VALUES FROM (20) TO (MAXVALUE)",
                "FOR VALUES IN (1, 2)",
                "FOR VALUES IN ('3', NULL)",
                "FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
            ),
            "sub": ("", "PARTITION BY RANGE (id)", "PARTITION BY LIST (s)"),
            "storage": ("", "WITH (fillfactor = 70)"),
            "comment": ("", "COMMENT ON TABLE @self IS 'x'"),
        },
        {"parent": Role(("partitioned", "partition"))},
        renamed=True,
    ),
    Recipe(
        "heir",
        "table",
        ("CREATE TABLE @self ([own]) INHERITS ([parents]) [storage]", "[security]", "[comment]"),
        {
            "own": ("", "more integer", "s text NOT NULL", "n integer DEFAULT 7", "more text COLLATE @collation"),
            "parents": ("@parent", "@parent, @other"),
            "storage": STORAGE,
            "security": _SECURITY,
            "comment": ("", "COMMENT ON TABLE @self IS 'x'"),
        },
        {"parent": Role(("table", "heir")), "other": Role(("table",)), "collation": COLLATION},
        renamed=True,
        seed=_INSERT,
    ),
    Recipe(
        "typed",
        "table",
        ("CREATE TABLE @self OF @row [options]", "[comment]"),
        {
            "options": ("", "(id NOT NULL)", "(n DEFAULT 5)", "(PRIMARY KEY (id))"),
            "comment": ("", "COMMENT ON TABLE @self IS 'x'"),
        },
        {"row": Role(("row",))},
        renamed=True,
        seed=_INSERT,
    ),
    Recipe(
        "row",
        "composite_type",
        ("CREATE TYPE @self AS (id integer, n integer, s text[more])",),
        {"more": ("", ", more integer", ", more @type")},
        {"type": TYPE},
        renamed=True,
    ),
    Recipe(
        "foreign_table",
        "foreign_table",
        (
            "CREATE FOREIGN TABLE @self (id integer NOT NULL, n integer [column], s text) SERVER [server] [options]",
            "[comment]",
        ),
        {
            "column": ("", "OPTIONS (colname 'm')", "OPTIONS (colname 'm', \"a b\" 'c''d')"),
            "server": ('"the server"', "other"),
            "options": ("", "OPTIONS (\"table\" 'a=b')", "OPTIONS (\"table\" 'c', schema 's')", "OPTIONS (schema 's')"),
            "comment": ("", "COMMENT ON FOREIGN TABLE @self IS 'x'"),
        },
        renamed=True,
    ),
    _column(
        "column",
        ("@type", "@type[]", "boolean", "date", "timestamptz", "jsonb", "integer[]", "bytea", "int4range", "@type"),
        ("", "DEFAULT NULL"),
        ("",),
    ),
    _column(
        "number_column",
        ("integer", "bigint", "smallint", "numeric(9,2)", "numeric", "double precision"),
        (
            "",
            "DEFAULT '1'",
            "DEFAULT 2",
            "DEFAULT 1 + 1",
            "DEFAULT @function(1)",
            "DEFAULT nextval('@sequence')",
            "GENERATED ALWAYS AS (n + 1) STORED",
            "GENERATED ALWAYS AS (n * 2) STORED",
            "GENERATED ALWAYS AS (@function(n)) STORED",
        ),
        ("",),
    ),
    _column(
        "identity_column",
        ("integer", "bigint", "smallint"),
        (
            "GENERATED ALWAYS AS IDENTITY",
            "GENERATED BY DEFAULT AS IDENTITY",
            "GENERATED BY DEFAULT AS IDENTITY (START WITH 5 INCREMENT BY 2 CACHE 3)",
            "GENERATED BY DEFAULT AS IDENTITY (MINVALUE -9 MAXVALUE 99 CYCLE)",
            "",
            "DEFAULT nextval('@sequence')",
        ),
        ("",),
    ),
    _column(
        "text_column",
        ("text", "varchar(9)", "varchar", "char(3)", 'text COLLATE "C"', "text COLLATE @collation", "text[]"),
        (
            "",
            "DEFAULT '1'",
            "DEFAULT NULL",
            "DEFAULT CURRENT_USER",
            "GENERATED ALWAYS AS (lower(s)) STORED",
            "GENERATED ALWAYS AS (s || 'x') STORED",
        ),
        (
            "",
            "ALTER TABLE @table ALTER COLUMN @self SET STORAGE EXTERNAL",
            "ALTER TABLE @table ALTER COLUMN @self SET STORAGE MAIN",
            "ALTER TABLE @table ALTER COLUMN @self SET COMPRESSION pglz",
            "ALTER TABLE @table ALTER COLUMN @self SET STORAGE PLAIN",
        ),
    ),
    Recipe(
        "sequence",
        "sequence",
        ("CREATE [unlogged] SEQUENCE @self [type] [count]", "[owned]", "[comment]"),
        {
            "unlogged": ("", "UNLOGGED"),
            "type": ("", "AS integer", "AS smallint"),
            "count": (
                "",
                "START WITH 5",
                "INCREMENT BY 3 CACHE 5",
                "INCREMENT BY -1",
                "MINVALUE 1 MAXVALUE 1000 CYCLE",
                "INCREMENT BY -2 MINVALUE -100 START WITH -3",
            ),
            "owned": ("", "ALTER SEQUENCE @self OWNED BY @table.id", "ALTER SEQUENCE @self OWNED BY @table.@column"),
            "comment": ("", "COMMENT ON SEQUENCE @self IS 'x'"),
        },
        {"table": Role(("table",)), "column": COLUMN},
        renamed=True,
    ),
)
"""All of them."""
