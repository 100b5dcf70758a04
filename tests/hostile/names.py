"""Names that are legal and that nobody expects."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 63
"""The bytes that PostgreSQL keeps of a name (manual: 4.1.1)."""

NAMES: Final = {
    "quotes": """a"b'c""d''e`f %s %(x)s %% {0} {} #""",
    "lines": "a\nb\r\tc -- d /* e ; $$ $body$ $tag$ \\' \\\\ E' \\",
    "tenant": "{tenant}",
    "role": "{app}",
    "braces": "{{tenant}",
    "longest": "x" + "é" * 31,
    "reserved": "select",
    "blanks": "  Upper Case. ",
    "catalog": "text",
    "unicode": "CON/../e\u0301 \u202e \u2028 %2f\x1b[31m :tenant :'tenant' @a",
}
"""What is meant by it -> the name. All of them fit into `LONGEST` bytes."""

TAIL: Final = (
    'it\'s "so" `x` %s %% %(a)s {tenant} "{tenant}" "{tenant}".t {app} U&"{app}" U&"{tenant}" {} } {0} '
    "\\ \\n \\' "
    "$$ $1 $body$ $tenant$ $x$ -- a\n/* ; */ */ E'\\' <b>&amp; \r\n\t::error:: é\u0301 \u202e \x1b[31m :a :'b' "
)
"""What all further texts contain beside a name."""


def name(stem: str, suffix: str = "") -> str:
    """A name with a suffix, cut to what fits."""
    room = LONGEST - len(suffix.encode())
    return stem.encode()[:room].decode(errors="ignore") + suffix


def text(stem: str, word: str) -> str:
    """A text for a comment, a default, and whatever else may be of any length."""
    return f"{word} {stem}{TAIL}{stem}"
