"""Extensions that are installed into the tenant's schema (manual: CREATE EXTENSION; catalog pg_extension).

A database has an extension once: a second tenant cannot have it in its own schema, and the server says so. Those that
are installed elsewhere are a need of the tenant's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.objects import Extension
from schema_sync.adapters.postgres.rules import comment, commenting, dropping
from schema_sync.adapters.sql import Literal, Name, Sql, raw, sql
from schema_sync.model.ident import Ident

_QUERY: Final[LiteralString] = """
SELECT ns.oid AS ns, d.classid, x.oid AS objid, 0 AS objsubid, x.extname AS name, x.extversion AS version,
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_extension'::regclass AND d.deptype = 'n'
  JOIN pg_extension x ON x.oid = d.objid AND x.extnamespace = ns.oid
  LEFT JOIN pg_description e ON e.objoid = x.oid AND e.classoid = d.classid AND e.objsubid = 0
 ORDER BY ns.oid, x.extname
"""


def _read(row: Row, _reader: Reader) -> Extension:
    return Extension(ident=Ident("extension", row.name), version=row.version, comment=row.comment)


def _on(extension: Extension) -> Sql:
    return sql("EXTENSION {name}", name=Name(extension.name))


def _create(extension: Extension, _rules: Rules) -> Iterable[Action]:
    """CREATE EXTENSION, and its comment in any case: the control file may give it another."""
    yield Action(
        sql(
            "CREATE {on} SCHEMA {schema} VERSION {version}",
            on=_on(extension),
            schema=raw(text.PLACEHOLDER),
            version=Literal(extension.version),
        ),
        note="a database has an extension once: it can be in one tenant's schema, or in a shared one",
    )
    yield comment(_on(extension), extension.comment)


def _version(old: Extension, new: Extension, _rules: Rules) -> Answer:
    """UPDATE; back only by way of a new one, since the scripts of extensions lead forward."""
    if _order(new.version) < _order(old.version):
        return REPLACE
    return [Action(sql("ALTER {on} UPDATE TO {version}", on=_on(new), version=Literal(new.version)))]


def _order(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


CELL: Final = Cell(
    struct=Extension,
    weight=1,
    query=_QUERY,
    among=frozenset({"pg_extension"}),
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    alter={"version": _version, "comment": commenting(_on)},
    claims=lambda extension: [("extension", extension.name)],
)
