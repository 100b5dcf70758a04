"""What a schema is in the words of others: `pg_dump`, and SQLite's own `sqlite_schema` and pragmas.

Nothing of the package is used here. Two schemas are equal if their lists are; the order of a table's columns, which
nobody can change in place, is left out.
"""

from __future__ import annotations

import re
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_ENTRY = re.compile(r"^-- (?:Data for )?Name: (?P<name>.*); Type: (?P<type>.*); Schema: (?P<schema>.*); Owner: .*$")
_NOISE = re.compile(r"^(--.*|\\.*|SET (?!SESSION AUTHORIZATION).*|SELECT pg_catalog\.set_config.*|\s*)$")


_CAST_OF_ARRAY = re.compile(r"\(ARRAY\[(?P<inner>(?:[^\]']|'(?:[^']|'')*')*)\]\)::[\w ]+\[\]")
_CAST_OF_ELEMENT = re.compile(r"(?<=[\[ ])\((?P<inner>'(?:[^']|'')*'::[\w ]+)\)::[\w ]+(?=[,\]])")
_CAST_OF_COLLATED = re.compile(r"\((?P<inner>'(?:[^']|'')*'::[\w ]+)\)::[\w ]+(?= COLLATE )")
_NAME_OF_CONSTANT = re.compile(
    r"(?P<inner>(?:'(?:[^']|'')*'|NULL)::[\w ]+?) AS (?:text|\"varchar\"|bpchar|int[248]|numeric)"
)


_OPTIONS_OF_A_VIEW = re.compile(r"^(?P<head>CREATE (?:MATERIALIZED )?VIEW .* WITH \()(?P<options>.*)(?P<tail>\) AS)$")
_NAMED_BY_THE_SERVER = re.compile(r'(?<= )CONSTRAINT (?:\w+_not_null\d*|"(?:[^"]|"")+_not_null\d*") (?=NOT NULL)')


def pg_dump(
    program: Path, url: str, *, owners: bool = False, roles: Mapping[str, str] | None = None
) -> dict[str, list[str]]:
    """Schema -> its objects as pg_dump writes them, sorted, the schema's own name taken out, for a whole database.

    Privileges are always told, owners on demand. `roles` are neutral names of roles that every schema has of its own,
    with patterns such as `{tenant}_app`.
    """
    command = [str(program), "--schema-only", *([] if owners else ["--no-owner"]), "--dbname", url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: dict[str, list[str]] = {}
    for name, kind, schema, lines in _entries(text.splitlines()):
        if schema == "-" and (name.startswith("SCHEMA ") or kind == "SCHEMA"):
            schema, name = _unquoted(name.removeprefix("SCHEMA ")), "the schema"
            lines = [line for line in lines if not line.startswith("CREATE SCHEMA ")]
        body = _dumped(lines, schema) if kind not in ("ACL", "DEFAULT ACL") else _granted(lines, schema)
        for neutral, pattern in (roles or {}).items():
            role = pattern.replace("{tenant}", schema)
            body = body.replace('"' + role.replace('"', '""') + '"', neutral)
            body = re.sub(rf'(?<![\w"]){re.escape(role)}(?![\w"])', neutral, body)
        if schema != "-" and body:
            if kind == "PUBLICATION TABLES IN SCHEMA":
                name, body = name.removesuffix(f" {schema}"), body.partition(" IN SCHEMA ")[0] + " IN SCHEMA …"
            found.setdefault(schema, []).append(f"{kind} {_neutral(name, schema)}: {body}")
    return {schema: sorted(objects) for schema, objects in found.items()}


def _unquoted(name: str) -> str:
    """An identifier without its quotes."""
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def _granted(lines: list[str], schema: str) -> str:
    """The statements about privileges, sorted, each with who runs it: their order says only who came first."""
    found, by = [], ""
    for line in lines:
        if line.startswith("SET SESSION AUTHORIZATION "):
            by = line
        elif line.startswith("RESET SESSION AUTHORIZATION"):
            by = ""
        else:
            found.append(f"{by} {line}".strip())
    return _neutral("\n".join(sorted(found)), schema)


def _entries(lines: Iterable[str]) -> Iterator[tuple[str, str, str, list[str]]]:
    """Name, type, schema and lines of every entry of a dump."""
    head: re.Match[str] | None = None
    body: list[str] = []
    for line in lines:
        if (match := _ENTRY.match(line)) is not None:
            if head is not None:
                yield head["name"], head["type"], head["schema"], body
            head, body = match, []
        elif not _NOISE.match(line):
            body.append(line)
    if head is not None:
        yield head["name"], head["type"], head["schema"], body


def _dumped(lines: list[str], schema: str) -> str:
    """The lines of one entry, tenant-neutral; those between the parentheses of CREATE TABLE are sorted, and so is what
    is said of single columns behind it, and a view's options, which are kept in the order in which they were set.

    The cast of an array of literals is left out. It is dumped behind the array, and once that dump has been restored
    behind each element, so that a schema and its own restored dump would differ. So is the name of a constant that is
    its type's: a dump gives it to constants of set operations that had none; and so are the names that PostgreSQL 18
    makes up for NOT NULL: a partition has its parent's, or others of its own, by how it came about.
    """
    if lines and re.match(r"CREATE (UNLOGGED |FOREIGN )?TABLE ", lines[0]):
        end = next((n for n, line in enumerate(lines) if line.startswith(")")), len(lines))
        lines = [_NAMED_BY_THE_SERVER.sub("", line) for line in lines]
        further = [line for line in lines[end:] if re.match(r"ALTER (FOREIGN )?TABLE ", line)]
        rest = [line for line in lines[end:] if line not in further]
        further.sort(key=lambda line: _neutral(line, schema))
        lines = [lines[0], *sorted(line.rstrip(",") for line in lines[1:end]), *rest, *further]
    if lines and (match := _OPTIONS_OF_A_VIEW.match(lines[0])) is not None:
        lines[0] = match["head"] + ", ".join(sorted(match["options"].split(", "))) + match["tail"]
    literal = "'" + schema.replace("'", "''") + "'"
    lines = [line.replace(literal, "'…'") if line.startswith("    SET search_path TO ") else line for line in lines]
    return _neutral("\n".join(lines), schema)


def _neutral(text: str, schema: str) -> str:
    """The text without the schema's own name before a dot."""
    text = _CAST_OF_ELEMENT.sub(r"\g<inner>", _CAST_OF_ARRAY.sub(r"ARRAY[\g<inner>]", text))
    text = _NAME_OF_CONSTANT.sub(r"\g<inner>", _CAST_OF_COLLATED.sub(r"\g<inner>", text))
    quoted = '"' + schema.replace('"', '""') + '".'
    text = text.replace(f" SCHEMA {quoted[:-1]} ", " SCHEMA … ").replace(f" SCHEMA {schema} ", " SCHEMA … ")
    if re.fullmatch(r"[a-z_][a-z0-9_]*", schema):
        text = re.sub(rf'(?<![\w."]){schema}\.', "", text)
    return text.replace(quoted, "").replace(quoted.replace("'", "''"), "")


def sqlite_objects(path: Path) -> list[str]:
    """Everything in `sqlite_schema`, normalised and sorted. Tables as the pragmas describe them, and what these do
    not tell out of their text; everything else by the tokens of its text.
    """
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2").fetchall()
        shadows = {name for (name,) in connection.execute("SELECT name FROM pragma_table_list WHERE type = 'shadow'")}
        found = []
        for kind, name, table, text in rows:
            if name in shadows or table in shadows or name.startswith("sqlite_"):
                continue
            if kind == "table" and not text.upper().startswith("CREATE VIRTUAL"):
                found.append(f"table {name}: {_sqlite_table(connection, name, text)}")
            elif text is not None:
                tokens = _tokens(text)
                found.append(
                    f"{kind} {name} on {table}: {' '.join(_without_choice(tokens) if kind == 'trigger' else tokens)}"
                )
        return sorted(found)
    finally:
        connection.close()


def _sqlite_table(connection: sqlite3.Connection, table: str, text: str) -> str:
    """One table: columns, keys and indexes from the pragmas, clauses from the text."""
    columns = connection.execute(
        "SELECT name, lower(replace(type, ' ', '')), \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?)",
        (table,),
    ).fetchall()
    columns = [(*row[:3], " ".join(_tokens(row[3])) if row[3] else None, *row[4:]) for row in columns]
    keys: dict[int, list[tuple[object, ...]]] = {}
    for number, *key in connection.execute(
        'SELECT id, seq, lower("table"), "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?)', (table,)
    ):
        keys.setdefault(number, []).append(tuple(key))
    uniques = []
    for name, unique, origin, partial in connection.execute(
        'SELECT name, "unique", origin, partial FROM pragma_index_list(?)', (table,)
    ):
        query = 'SELECT name, "desc", coll FROM pragma_index_xinfo(?) WHERE key ORDER BY seqno'
        parts = connection.execute(query, (name,)).fetchall()
        uniques.append((name if origin == "c" else None, unique, origin, partial, tuple(parts)))
    flags = connection.execute("SELECT wr, strict FROM pragma_table_list WHERE name = ?", (table,)).fetchall()
    parts = [sorted(columns), sorted(map(repr, keys.values())), sorted(map(repr, uniques)), flags]
    return repr([*parts, sorted(_clauses(_tokens(text)))])


def _without_choice(trigger: list[str]) -> list[str]:
    """A trigger's tokens without FOR EACH ROW, which says nothing (lang_createtrigger.html), the columns sorted."""
    start = trigger.index("BEGIN")
    head = " ".join(trigger[:start]).replace(" FOR EACH ROW", "").split(" ")
    if "OF" in head and head[head.index("OF") - 1] == "UPDATE":
        first, last = head.index("OF") + 1, len(head) - 1 - head[::-1].index("ON")
        head[first:last] = sorted(head[first:last])
    return head + trigger[start:]


def _clauses(tokens: list[str]) -> Iterator[str]:
    """What no pragma tells: checks, generated expressions, collations, constraint names, deferral, conflicts."""
    for n, token in enumerate(tokens):
        following = tokens[n + 1 : n + 2]
        if token in ("CHECK", "AS") and following == ["("]:
            yield f"{token} {' '.join(_group(tokens, n + 1))}"
        elif token in ("COLLATE", "CONSTRAINT", "CONFLICT", "INITIALLY", "MATCH"):
            yield f"{token} {' '.join(following)}"
        elif token in ("DEFERRABLE", "AUTOINCREMENT"):
            yield f"{'NOT ' if tokens[n - 1] == 'NOT' else ''}{token}"


def _group(tokens: list[str], start: int) -> Iterator[str]:
    """The tokens from an opening parenthesis to its closing one."""
    depth = 0
    for token in tokens[start:]:
        depth += {"(": 1, ")": -1}.get(token, 0)
        yield token
        if depth == 0:
            return


_TOKEN = re.compile(
    r"""(?P<skip>\s+|--[^\n]*|/\*.*?\*/)
      | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
      | (?P<word>'(?:[^']|'')*'|[\w$]+|<>|<=|>=|==|!=|\|\||<<|>>|->>?|.)""",
    re.VERBOSE | re.DOTALL,
)


_EVERY_ROW = re.compile(r"\bFOR\s+EACH\s+ROW\b", re.IGNORECASE)
"""What every trigger of SQLite is, whether it says so or not."""


def _tokens(text: str) -> list[str]:
    """The tokens of SQL text in one spelling: no comments, no white space, words in capitals, nothing quoted."""
    found = []
    for match in _TOKEN.finditer(_EVERY_ROW.sub("", text)):
        if quoted := match["quoted"]:
            found.append(quoted[1:-1].replace(quoted[-1] * 2, quoted[-1]).upper())
        elif word := match["word"]:
            found.append(word if word.startswith("'") else word.upper())
    return found
