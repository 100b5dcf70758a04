"""Foreign text, made harmless for the format that it is printed in.

Names, comments and definitions come out of databases, where a customer may have written them: an ESC in a table's
name must not reach a terminal, nor `::error` a build log, nor a backtick a review comment. Everything that is printed
and was not written by us passes through one of these functions, once, at the place where it is printed.
"""

from __future__ import annotations

import re
from typing import Final

_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LOG_COMMAND = re.compile(r"##\[")


def terminal(text: str) -> str:
    """One line that shows what it holds: control, bidirectional and other unprintable characters become escapes.

    `##[` is broken apart too: build logs read it as a command wherever it stands in a line.
    """
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _SHORT.get(char) or _escaped(char) for char in text)
    return _LOG_COMMAND.sub(r"#\\x23[", text)


def block(text: str, prefix: str = "| ") -> str:
    """Text of several lines, each made harmless and behind a visible prefix.

    The prefix must not be white space alone: GitHub's runner skips that before it looks for `::error`.
    """
    return "\n".join(prefix + terminal(line.replace("\t", "    ")) for line in text.splitlines())


def script(text: str) -> str:
    """SQL for a terminal: its lines and tabs stay, whatever else cannot be printed becomes an escape.

    For eyes alone. SQL that is written to a file or a pipe stays as it is, since it has to run.
    """
    return "\n".join(
        "".join(char if char.isprintable() or char == "\t" else _escaped(char) for char in line)
        for line in text.split("\n")
    )


def json_text(text: str) -> str:
    """JSON in which every unprintable character is an escape. They stand in strings only, so it stays the same JSON."""
    if text.replace("\n", "").isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\n" else _utf16(char) for char in text)


def github_data(text: str) -> str:
    """The message of a workflow command, as the runner's own toolkit escapes it."""
    return terminal(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def github_property(text: str) -> str:
    """A property's value of a workflow command: a colon or comma would end it."""
    return github_data(text).replace(":", "%3A").replace(",", "%2C")


def code(text: str) -> str:
    """Markdown's code span, also within a table: nothing in it is markup, a mention or HTML.

    The fence is longer than any run of backticks within; `|` would end a table's cell even there.
    """
    shown = terminal(text).replace("|", "\\|")
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") or not shown.strip() else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def fenced(text: str, language: str) -> str:
    """Markdown's code block, with a fence that the text cannot close."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{script(text)}\n{fence}"


def xml(text: str) -> str:
    """Text between XML tags. What XML 1.0 cannot hold at all has become an escape."""
    return terminal(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def xml_attribute(text: str) -> str:
    """An XML attribute's value, with its quotes."""
    escaped = xml(text).replace('"', "&quot;")
    return f'"{escaped}"'


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)


def _escaped(char: str) -> str:
    number = ord(char)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _utf16(char: str) -> str:
    """JSON's escape of a character: one code unit, or the two of a surrogate pair."""
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[n : n + 4]}" for n in range(0, len(units), 4))
