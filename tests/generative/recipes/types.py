"""Types, and what they are told apart and sorted by."""

from __future__ import annotations

from tests.generative.model import Recipe, Role

TYPES = ("enum", "domain", "composite", "range")
TYPE = Role(TYPES)
COLLATION = Role(("collation",))

RECIPES = (
    Recipe(
        "collation",
        "collation",
        ("CREATE COLLATION @self ([provider])", "[comment]"),
        {
            "provider": (
                "LOCALE = 'C'",
                "LOCALE = 'POSIX'",
                "LC_COLLATE = 'C', LC_CTYPE = 'POSIX'",
                "PROVIDER = icu, LOCALE = 'und'",
                "PROVIDER = icu, LOCALE = 'de-u-co-phonebk'",
                "PROVIDER = icu, LOCALE = 'und', DETERMINISTIC = false",
                "PROVIDER = builtin, LOCALE = 'C.UTF-8'",
            ),
            "comment": ("", "COMMENT ON COLLATION @self IS 'x'"),
        },
        renamed=True,
    ),
    Recipe(
        "enum",
        "enum",
        ("CREATE TYPE @self AS ENUM ([labels])", "[comment]"),
        {
            "labels": ("'a', 'b'", "'a', 'b', 'c'", "'a', 'x', 'b'", "'b', 'a'", "'c', 'a', 'b', 'd'", "'a'", ""),
            "comment": ("", "COMMENT ON TYPE @self IS 'x'"),
        },
        renamed=True,
    ),
    Recipe(
        "domain",
        "domain",
        ("CREATE DOMAIN @self AS [type] [default] [null]", "[comment]"),
        {
            "type": (
                "text",
                "varchar(9)",
                "integer",
                "bigint",
                "numeric(9,2)",
                "integer[]",
                'text COLLATE "C"',
                "text COLLATE @collation",
                "@type",
                "@type[]",
            ),
            "default": ("", "DEFAULT NULL", "DEFAULT '1'", "DEFAULT @function(1)"),
            "null": ("", "NOT NULL"),
            "comment": ("", "COMMENT ON DOMAIN @self IS 'x'"),
        },
        {"type": TYPE, "collation": COLLATION, "function": Role(("function",))},
        renamed=True,
    ),
    Recipe(
        "domain_check",
        "domain_check",
        ("ALTER DOMAIN @domain ADD CONSTRAINT @self CHECK ([check]) [valid]", "[comment]"),
        {
            "check": (
                "VALUE IS NOT NULL",
                "VALUE::text <> 'x'",
                "length(VALUE::text) < 9",
                "VALUE::text IN ('a', '1', '2')",
                "@function(length(VALUE::text)) > 0",
            ),
            "valid": ("", "NOT VALID"),
            "comment": ("", "COMMENT ON CONSTRAINT @self ON DOMAIN @domain IS 'x'"),
        },
        {"domain": Role(("domain",)), "function": Role(("function",))},
        owner="domain",
        renamed=True,
    ),
    Recipe(
        "composite",
        "composite_type",
        ("CREATE TYPE @self AS ([attributes])", "[comment]", "[column_comment]"),
        {
            "attributes": (
                "a integer, b text",
                "a integer",
                "a bigint, b text",
                "b text, a integer",
                "a integer, b varchar(9), c date",
                'a integer, b text COLLATE "C"',
                "a integer, b text COLLATE @collation",
                "a @type, b text",
                "a integer, b @type[]",
            ),
            "comment": ("", "COMMENT ON TYPE @self IS 'x'"),
            "column_comment": ("", "COMMENT ON COLUMN @self.a IS 'x'"),
        },
        {"type": TYPE, "collation": COLLATION},
        renamed=True,
    ),
    Recipe(
        "range",
        "range_type",
        ("CREATE TYPE @self AS RANGE ([subtype][multirange])", "[comment]", "[multirange_comment]"),
        {
            "subtype": (
                "SUBTYPE = integer",
                "SUBTYPE = text",
                'SUBTYPE = text, COLLATION = "C"',
                "SUBTYPE = text, COLLATION = @collation",
                "SUBTYPE = text, SUBTYPE_OPCLASS = text_pattern_ops",
                "SUBTYPE = float8, SUBTYPE_DIFF = float8mi",
                "SUBTYPE = float8",
                "SUBTYPE = @type",
                "SUBTYPE = integer, SUBTYPE_OPCLASS = @class",
            ),
            "multirange": ("", ", MULTIRANGE_TYPE_NAME = ranges"),
            "comment": ("", "COMMENT ON TYPE @self IS 'x'"),
            "multirange_comment": ("", "COMMENT ON TYPE ranges IS 'x'"),
        },
        {
            "type": Role(("enum", "domain", "composite")),
            "collation": COLLATION,
            "class": Role(("operator_class",)),
        },
        renamed=True,
    ),
    Recipe(
        "operator",
        "operator",
        (
            "CREATE OPERATOR @self (LEFTARG = integer, RIGHTARG = integer, FUNCTION = [function] [further])",
            "[other]",
            "[comment]",
        ),
        {
            "function": ("int4lt", "int4eq", "@pair"),
            "further": (
                "",
                ", RESTRICT = eqsel, JOIN = eqjoinsel",
                ", RESTRICT = neqsel",
                ", HASHES",
                ", MERGES",
                ", COMMUTATOR = @self",
            ),
            "other": (
                "",
                "CREATE OPERATOR >>> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4gt, COMMUTATOR = @self)",
                "CREATE OPERATOR >>= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4ge, NEGATOR = @self)",
            ),
            "comment": ("", "COMMENT ON OPERATOR @self (integer, integer) IS 'x'"),
        },
        {"pair": Role(("pair",))},
        names=("<<<", "===", "#<#", "~~~"),
    ),
    Recipe(
        "prefix_operator",
        "operator",
        ("CREATE OPERATOR @self (RIGHTARG = [type], FUNCTION = [function])", "[comment]"),
        {
            "type": ("integer",),
            "function": ("int4um", "int4abs", "@function"),
            "comment": ("", "COMMENT ON OPERATOR @self (NONE, [type]) IS 'x'"),
        },
        {"function": Role(("function",))},
        names=("!!!", "~!~"),
    ),
    Recipe(
        "operator_family",
        "operator_family",
        ("CREATE OPERATOR FAMILY @self USING [method]", "[members]", "[functions]", "[comment]"),
        {
            "method": ("btree", "hash"),
            "members": (
                "",
                "ALTER OPERATOR FAMILY @self USING btree ADD OPERATOR 1 < (integer, bigint), OPERATOR 3 ="
                " (integer, bigint)",
                "ALTER OPERATOR FAMILY @self USING btree ADD OPERATOR 3 = (integer, bigint)",
                "ALTER OPERATOR FAMILY @self USING hash ADD OPERATOR 1 = (integer, integer)",
            ),
            "functions": (
                "",
                "ALTER OPERATOR FAMILY @self USING btree ADD FUNCTION 1 (integer, bigint) btint48cmp(integer, bigint)",
                "ALTER OPERATOR FAMILY @self USING btree ADD FUNCTION 1 (integer, integer) @compare(integer, integer)",
            ),
            "comment": ("", "COMMENT ON OPERATOR FAMILY @self USING [method] IS 'x'"),
        },
        {"compare": Role(("compare",))},
    ),
    Recipe(
        "operator_class",
        "operator_class",
        ("CREATE OPERATOR CLASS @self [default] FOR TYPE integer USING btree [family] AS [members]", "[comment]"),
        {
            "default": ("",),
            "family": ("", "FAMILY @family"),
            "members": (
                "OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1"
                " btint4cmp(integer, integer)",
                "OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1"
                " @compare(integer, integer)",
                "OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(integer, integer)",
            ),
            "comment": ("", "COMMENT ON OPERATOR CLASS @self USING btree IS 'x'"),
        },
        {"family": Role(("operator_family",)), "compare": Role(("compare",))},
    ),
    Recipe(
        "cast",
        "cast",
        ("CREATE CAST ([source] AS @type) [method] [context]", "[comment]"),
        {
            "source": ("text", "varchar"),
            "method": ("WITH INOUT", "WITH FUNCTION @converter(text)"),
            "context": ("", "AS ASSIGNMENT", "AS IMPLICIT"),
            "comment": ("", "COMMENT ON CAST ([source] AS @type) IS 'x'"),
        },
        {"type": Role(("enum", "composite", "range")), "converter": Role(("converter",), within="type", owner="type")},
    ),
    Recipe(
        "converter",
        "function",
        ("CREATE FUNCTION @self(text) RETURNS @type LANGUAGE sql [volatility] AS 'SELECT NULL::@type'",),
        {"volatility": ("IMMUTABLE", "STABLE")},
        {"type": Role(("enum", "composite", "range"))},
    ),
    Recipe(
        "transform",
        "transform",
        ("CREATE TRANSFORM FOR @type LANGUAGE [language] ([functions])", "[comment]"),
        {
            "language": ("sql", "plpgsql"),
            "functions": (
                "FROM SQL WITH FUNCTION prsd_lextype(internal)",
                "TO SQL WITH FUNCTION @receiver(internal)",
                "FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION @receiver(internal)",
            ),
            "comment": ("", "COMMENT ON TRANSFORM FOR @type LANGUAGE [language] IS 'x'"),
        },
        {"type": Role(("enum",)), "receiver": Role(("receiver",), within="type", owner="type")},
    ),
    Recipe(
        "receiver",
        "function",
        ("CREATE FUNCTION @self(internal) RETURNS @type LANGUAGE internal IMMUTABLE AS 'enum_recv'",),
        {},
        {"type": Role(("enum",))},
    ),
)
"""All of them."""
