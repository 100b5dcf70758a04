"""Conversions between encodings (manual: CREATE CONVERSION; catalog pg_conversion). None can change in place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _referred
from schema_sync.adapters.postgres.objects import Conversion
from schema_sync.adapters.postgres.rules import comment, commenting, dropping, renaming
from schema_sync.adapters.sql import Literal, Sql, raw, sql
from schema_sync.model.ident import Ident

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, c.oid AS objid, 0 AS objsubid, c.conname AS name, c.condefault AS is_default,
       pg_encoding_to_char(c.conforencoding) AS source, pg_encoding_to_char(c.contoencoding) AS target,
       {_referred.FUNCTION} c.conproc::oid) AS function,
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_conversion'::regclass AND d.deptype = 'n'
  JOIN pg_conversion c ON c.oid = d.objid
  LEFT JOIN pg_description e ON e.objoid = c.oid AND e.classoid = d.classid AND e.objsubid = 0
 ORDER BY ns.oid, c.conname
"""


def _read(row: Row, _reader: Reader) -> Conversion:
    return Conversion(
        ident=Ident("conversion", row.name),
        source=row.source,
        target=row.target,
        function=row.function,
        default=row.is_default,
        comment=row.comment,
    )


def _on(conversion: Conversion) -> Sql:
    return sql("CONVERSION {name}", name=_referred.own(conversion.name))


def _create(conversion: Conversion, _rules: Rules) -> Iterable[Action]:
    yield Action(
        sql(
            "CREATE {default}{on} FOR {source} TO {target} FROM {function}",
            default=raw("DEFAULT " if conversion.default else ""),
            on=_on(conversion),
            source=Literal(conversion.source),
            target=Literal(conversion.target),
            function=_referred.referred(conversion.function),
        )
    )
    if conversion.comment is not None:
        yield comment(_on(conversion), conversion.comment)


def _claims(conversion: Conversion) -> Iterable[tuple[str, str]]:
    """Its name; and a schema has one default for two encodings."""
    yield "conversion", conversion.name
    if conversion.default:
        yield "default conversion", f"{conversion.source} {conversion.target}"


CELL: Final = Cell(
    struct=Conversion,
    weight=45,
    query=_QUERY,
    among=frozenset({"pg_conversion"}),
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    rename=renaming(_on, None),
    alter={"source": REPLACE, "target": REPLACE, "function": REPLACE, "default": REPLACE, "comment": commenting(_on)},
    claims=_claims,
)
