"""Text search and encodings."""

from __future__ import annotations

from tests.generative.model import Recipe, Role

_WORDS = "asciiword, word"

RECIPES = (
    Recipe(
        "conversion",
        "conversion",
        ("CREATE [default] CONVERSION @self FOR [what]", "[comment]"),
        {
            "default": ("", "DEFAULT"),
            "what": (
                "'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
                "'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1",
                "'LATIN2' TO 'UTF8' FROM iso8859_to_utf8",
            ),
            "comment": ("", "COMMENT ON CONVERSION @self IS 'x'"),
        },
        renamed=True,
    ),
    Recipe(
        "text_search_parser",
        "text_search_parser",
        (
            "CREATE TEXT SEARCH PARSER @self (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,"
            " LEXTYPES = prsd_lextype [headline])",
            "[comment]",
        ),
        {
            "headline": ("", ", HEADLINE = prsd_headline"),
            "comment": ("", "COMMENT ON TEXT SEARCH PARSER @self IS 'x'"),
        },
        renamed=True,
    ),
    Recipe(
        "text_search_template",
        "text_search_template",
        ("CREATE TEXT SEARCH TEMPLATE @self ([functions])", "[comment]"),
        {
            # Without its INIT, the server crashes on the first word that dsimple_lexize meets.
            "functions": (
                "INIT = dsimple_init, LEXIZE = dsimple_lexize",
                "INIT = dispell_init, LEXIZE = dispell_lexize",
            ),
            "comment": ("", "COMMENT ON TEXT SEARCH TEMPLATE @self IS 'x'"),
        },
        renamed=True,
    ),
    Recipe(
        "text_search_dictionary",
        "text_search_dictionary",
        ("CREATE TEXT SEARCH DICTIONARY @self (TEMPLATE = [template] [options])", "[comment]"),
        {
            "template": ("pg_catalog.simple", "@template"),
            "options": ("", ", Accept = false", ", StopWords = english", ", StopWords = english, Accept = false"),
            "comment": ("", "COMMENT ON TEXT SEARCH DICTIONARY @self IS 'x'"),
        },
        {"template": Role(("text_search_template",))},
        renamed=True,
    ),
    Recipe(
        "text_search_configuration",
        "text_search_configuration",
        ("CREATE TEXT SEARCH CONFIGURATION @self (PARSER = [parser])", "[mapping]", "[further]", "[comment]"),
        {
            "parser": ('pg_catalog."default"', "@parser"),
            "mapping": (
                "",
                f"ALTER TEXT SEARCH CONFIGURATION @self ADD MAPPING FOR {_WORDS} WITH pg_catalog.simple",
                f"ALTER TEXT SEARCH CONFIGURATION @self ADD MAPPING FOR {_WORDS} WITH @dictionary, pg_catalog.simple",
                "ALTER TEXT SEARCH CONFIGURATION @self ADD MAPPING FOR word WITH @dictionary",
            ),
            "further": (
                "",
                "ALTER TEXT SEARCH CONFIGURATION @self ADD MAPPING FOR url, email WITH @dictionary",
                "ALTER TEXT SEARCH CONFIGURATION @self ADD MAPPING FOR url WITH pg_catalog.simple",
            ),
            "comment": ("", "COMMENT ON TEXT SEARCH CONFIGURATION @self IS 'x'"),
        },
        {"parser": Role(("text_search_parser",)), "dictionary": Role(("text_search_dictionary",))},
        renamed=True,
    ),
    Recipe(
        "search_index",
        "index",
        ("CREATE INDEX @self ON @table USING gin (to_tsvector('@configuration'::regconfig, s))",),
        {},
        {"table": Role(("table",)), "configuration": Role(("text_search_configuration",))},
        owner="table",
        renamed=True,
    ),
)
"""All of them."""
