"""Routines, what calls them, and queries that have a name."""

from __future__ import annotations

from tests.generative.model import Recipe, Role
from tests.generative.recipes.tables import COLUMN, STORAGE, TABLE
from tests.generative.recipes.types import TYPE

_RELATION = Role(("table", "partitioned", "heir", "typed", "keyed", "view", "materialized_view", "foreign_table"))
_TABLE_OF_COLUMN = Role(("table", "partitioned", "heir", "foreign_table"))
_QUERY = (
    "SELECT id, n, s FROM @relation",
    "SELECT id, s, n FROM @relation",
    "SELECT id, n, s, n + 1 AS more FROM @relation",
    "SELECT id, n, upper(s) AS s FROM @relation",
    "SELECT id, n, s FROM @relation WHERE n > 0 AND s IN ('a', 'b')",
    "SELECT n AS id, count(*)::integer AS n, max(s) AS s FROM @relation GROUP BY n",
    "SELECT id, n, s FROM @relation UNION ALL SELECT 1, 2, 'c'",
    "SELECT a.id, b.n, a.s FROM @relation a LEFT JOIN @other b ON b.id = a.n",
    "SELECT id, @function(n) AS n, s FROM @relation",
    "SELECT id, n, s, @column FROM @table",
    "SELECT id, n, s, @column::text AS x FROM @table WHERE @column IS NOT NULL",
    "SELECT id, n, s, NULL::@type AS x FROM @relation",
    "SELECT id, n::bigint AS n, s FROM @relation",
    "SELECT t.id, t.n, t.s, t AS whole FROM @relation t",
    "SELECT id, n, s FROM @relation ORDER BY s COLLATE @collation",
    "SELECT n AS id, @aggregate(n)::integer AS n, min(s) AS s FROM @relation GROUP BY n",
    "SELECT 1 AS id, 2 AS n, 'x'::text AS s",
)
_READS = {
    "relation": _RELATION,
    "other": _RELATION,
    "table": _TABLE_OF_COLUMN,
    "column": COLUMN,
    "function": Role(("function",)),
    "aggregate": Role(("aggregate",)),
    "type": TYPE,
    "collation": Role(("collation",)),
}
_BODY = ("SELECT $1", "SELECT $1 + 1", "SELECT coalesce($1, 0)", "SELECT @function($1)")
_SETTINGS = (
    "",
    "SET work_mem = '1MB'",
    "SET search_path = pg_catalog, pg_temp",
    "SET DateStyle = 'ISO' SET enable_seqscan = off",
)
_SECURITY = ("", "SECURITY DEFINER")

RECIPES = (
    Recipe(
        "view",
        "view",
        ("CREATE [recursive] VIEW @self [options] AS [query] [check]", "[default]", "[comment]", "[column_comment]"),
        {
            "recursive": ("",),
            "query": _QUERY,
            "options": (
                "",
                "WITH (security_barrier)",
                "WITH (security_invoker)",
                "WITH (security_barrier, security_invoker)",
            ),
            "check": ("", "WITH LOCAL CHECK OPTION", "WITH CASCADED CHECK OPTION"),
            "default": ("", "ALTER VIEW @self ALTER COLUMN n SET DEFAULT 3"),
            "comment": ("", "COMMENT ON VIEW @self IS 'x'"),
            "column_comment": ("", "COMMENT ON COLUMN @self.n IS 'x'"),
        },
        _READS,
        renamed=True,
    ),
    Recipe(
        "materialized_view",
        "materialized_view",
        (
            "CREATE MATERIALIZED VIEW @self [storage] AS [query]",
            "[column]",
            "[statistics]",
            "[comment]",
            "[column_comment]",
        ),
        {
            "query": _QUERY,
            "storage": STORAGE,
            "column": (
                "",
                "ALTER MATERIALIZED VIEW @self ALTER COLUMN s SET STORAGE EXTERNAL",
                "ALTER MATERIALIZED VIEW @self ALTER COLUMN s SET COMPRESSION pglz",
                "ALTER MATERIALIZED VIEW @self ALTER COLUMN n SET (n_distinct = 5)",
            ),
            "statistics": ("", "ALTER MATERIALIZED VIEW @self ALTER COLUMN n SET STATISTICS 50"),
            "comment": ("", "COMMENT ON MATERIALIZED VIEW @self IS 'x'"),
            "column_comment": ("", "COMMENT ON COLUMN @self.n IS 'x'"),
        },
        _READS,
        renamed=True,
    ),
    Recipe(
        "function",
        "function",
        (
            "CREATE FUNCTION @self(integer) RETURNS integer LANGUAGE sql [volatility] [cost] [security]"
            " [settings] AS '[body]'",
            "[comment]",
        ),
        {
            "volatility": ("IMMUTABLE", "IMMUTABLE STRICT", "IMMUTABLE PARALLEL SAFE", "IMMUTABLE LEAKPROOF"),
            "cost": ("", "COST 5"),
            "security": _SECURITY,
            "settings": _SETTINGS,
            "body": _BODY,
            "comment": ("", "COMMENT ON FUNCTION @self(integer) IS 'x'"),
        },
        {"function": Role(("function",))},
    ),
    Recipe(
        "routine",
        "function",
        ("CREATE FUNCTION @self([arguments]) RETURNS [returns] [more]", "[comment]"),
        {
            "arguments": (
                "a integer",
                "a integer, b text DEFAULT 'x'",
                "b integer",
                "a bigint",
                "a integer, VARIADIC c text[]",
                "a @type",
                "a integer, b @type DEFAULT NULL",
                "",
            ),
            "returns": (
                "integer LANGUAGE sql AS 'SELECT 1'",
                "integer LANGUAGE sql RETURN 1",
                "bigint LANGUAGE sql AS 'SELECT 1::bigint'",
                "integer LANGUAGE plpgsql AS 'BEGIN RETURN 2; END'",
                "SETOF integer LANGUAGE sql ROWS 5 AS 'SELECT 1'",
                "TABLE (x integer, y text) LANGUAGE sql AS 'SELECT 1, ''b'''",
                "SETOF @relation LANGUAGE sql AS 'SELECT * FROM @relation'",
                "integer LANGUAGE sql BEGIN ATOMIC SELECT n FROM @relation LIMIT 1; END",
                "integer LANGUAGE sql RETURN (SELECT count(@column) FROM @table)",
                "@type LANGUAGE sql AS 'SELECT NULL::@type'",
                "integer LANGUAGE sql RETURN @function(1)",
            ),
            "more": ("", "STABLE", "IMMUTABLE", "STRICT", "SECURITY DEFINER", "PARALLEL SAFE COST 7", *_SETTINGS[1:]),
            "comment": ("", "COMMENT ON FUNCTION @self IS 'x'"),
        },
        {
            "relation": _RELATION,
            "table": _TABLE_OF_COLUMN,
            "column": COLUMN,
            "type": TYPE,
            "function": Role(("function",)),
        },
    ),
    Recipe(
        "pair",
        "function",
        ("CREATE FUNCTION @self(integer, integer) RETURNS boolean LANGUAGE sql [volatility] AS 'SELECT $1 = $2'",),
        {"volatility": ("IMMUTABLE", "STABLE")},
    ),
    Recipe(
        "compare",
        "function",
        ("CREATE FUNCTION @self(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS '[body]'",),
        {"body": ("SELECT btint4cmp($1, $2)", "SELECT btint4cmp($2, $1)")},
    ),
    Recipe(
        "procedure",
        "procedure",
        ("CREATE PROCEDURE @self([arguments]) LANGUAGE [body] [security] [settings]", "[comment]"),
        {
            "arguments": (
                "",
                "a integer",
                "a integer DEFAULT 1",
                "b integer",
                "INOUT a integer",
                "a @type",
                "a integer, VARIADIC b integer[]",
            ),
            "body": (
                "sql AS 'SELECT 1'",
                "sql AS 'SELECT 2'",
                "plpgsql AS 'BEGIN END'",
                "sql BEGIN ATOMIC DELETE FROM @table WHERE n = 1; END",
                "sql BEGIN ATOMIC INSERT INTO @table (id, n) VALUES (1, 2); SELECT 1; END",
            ),
            "security": _SECURITY,
            "settings": _SETTINGS,
            "comment": ("", "COMMENT ON PROCEDURE @self IS 'x'"),
        },
        {"table": TABLE, "type": TYPE},
    ),
    Recipe(
        "aggregate",
        "aggregate",
        ("CREATE AGGREGATE @self(integer) (SFUNC = [step], STYPE = integer [more])", "[comment]"),
        {
            "step": ("int4pl", "int4larger", "@compare"),
            "more": (
                "",
                ", INITCOND = '0'",
                ", INITCOND = '5', SSPACE = 8",
                ", FINALFUNC = int4abs",
                ", FINALFUNC = @function",
                ", FINALFUNC = int4abs, FINALFUNC_MODIFY = SHAREABLE",
                ", COMBINEFUNC = int4pl, PARALLEL = SAFE",
                ", MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer, MINITCOND = '0'",
                ", SORTOP = <",
            ),
            "comment": ("", "COMMENT ON AGGREGATE @self(integer) IS 'x'"),
        },
        {"compare": Role(("compare",)), "function": Role(("function",))},
    ),
    Recipe(
        "trigger_function",
        "function",
        ("CREATE FUNCTION @self() RETURNS trigger LANGUAGE plpgsql AS '[body]'",),
        {"body": ("BEGIN RETURN NEW; END", "BEGIN RETURN NULL; END")},
    ),
    Recipe(
        "trigger",
        "trigger",
        ("CREATE TRIGGER @self [when] ON @table [level] EXECUTE FUNCTION @call([arguments])", "[enabled]", "[comment]"),
        {
            "when": (
                "BEFORE INSERT",
                "AFTER INSERT OR UPDATE",
                "BEFORE UPDATE OF n",
                "AFTER UPDATE OF n, s",
                "BEFORE UPDATE OF @column",
                "AFTER DELETE",
                "BEFORE TRUNCATE",
            ),
            "level": (
                "FOR EACH ROW",
                "FOR EACH STATEMENT",
                "FOR EACH ROW WHEN (NEW.n > 5)",
                "FOR EACH ROW WHEN (@function(NEW.n) > 5)",
                "REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT",
            ),
            "arguments": ("", "'x'", "'x', '2'"),
            "enabled": (
                "",
                "ALTER TABLE @table DISABLE TRIGGER @self",
                "ALTER TABLE @table ENABLE ALWAYS TRIGGER @self",
                "ALTER TABLE @table ENABLE REPLICA TRIGGER @self",
            ),
            "comment": ("", "COMMENT ON TRIGGER @self ON @table IS 'x'"),
        },
        {
            "table": Role(("table", "partitioned", "heir", "typed", "foreign_table")),
            "column": COLUMN,
            "call": Role(("trigger_function",)),
            "function": Role(("function",)),
        },
        owner="table",
        renamed=True,
    ),
    Recipe(
        "constraint_trigger",
        "trigger",
        (
            "CREATE CONSTRAINT TRIGGER @self AFTER INSERT ON @table [from] [deferred] FOR EACH ROW EXECUTE"
            " FUNCTION @call()",
        ),
        {
            "from": ("", "FROM @other"),
            "deferred": ("", "DEFERRABLE", "DEFERRABLE INITIALLY DEFERRED"),
        },
        {"table": Role(("table",)), "other": Role(("table",)), "call": Role(("trigger_function",))},
        owner="table",
        renamed=True,
    ),
    Recipe(
        "instead_trigger",
        "trigger",
        ("CREATE TRIGGER @self INSTEAD OF [event] ON @table FOR EACH ROW EXECUTE FUNCTION @call()", "[comment]"),
        {
            "event": ("INSERT", "UPDATE", "INSERT OR DELETE"),
            "comment": ("", "COMMENT ON TRIGGER @self ON @table IS 'x'"),
        },
        {"table": Role(("view",)), "call": Role(("trigger_function",))},
        owner="table",
        renamed=True,
    ),
    Recipe(
        "policy",
        "policy",
        ("CREATE POLICY @self ON @table [permissive] [command] [roles] [using]", "[comment]"),
        {
            "permissive": ("", "AS RESTRICTIVE"),
            "command": ("", "FOR SELECT", "FOR UPDATE", "FOR ALL"),
            "roles": ("", 'TO "app user"', 'TO "app user", "reader""s"', "TO PUBLIC"),
            "using": (
                "USING (n > 0)",
                "USING (true)",
                "USING (s = CURRENT_USER)",
                "USING (@function(n) > 0)",
                "USING (@column IS NOT NULL)",
                "USING (n IN (SELECT id FROM @relation))",
            ),
            "comment": ("", "COMMENT ON POLICY @self ON @table IS 'x'"),
        },
        {
            "table": Role(("table", "partitioned", "heir", "typed")),
            "column": COLUMN,
            "function": Role(("function",)),
            "relation": _RELATION,
        },
        owner="table",
        renamed=True,
    ),
    Recipe(
        "rule",
        "rule",
        ("CREATE RULE @self AS ON [event] TO @table [do]", "[enabled]", "[comment]"),
        {
            "event": ("INSERT", "UPDATE", "DELETE"),
            "do": (
                "DO INSTEAD NOTHING",
                "DO ALSO NOTIFY news",
                "WHERE 1 < 2 DO INSTEAD NOTHING",
                "DO ALSO INSERT INTO @other (id, n) VALUES (1, 2)",
                "DO INSTEAD (DELETE FROM @other WHERE n = 3; NOTIFY news)",
            ),
            "enabled": (
                "",
                "ALTER TABLE @table DISABLE RULE @self",
                "ALTER TABLE @table ENABLE ALWAYS RULE @self",
            ),
            "comment": ("", "COMMENT ON RULE @self ON @table IS 'x'"),
        },
        {"table": Role(("table", "heir", "view", "partitioned")), "other": Role(("table",))},
        owner="table",
        renamed=True,
    ),
)
"""All of them."""
