"""Collations (manual: CREATE COLLATION; catalog pg_collation).

Nothing but the comment can change in place: the collation is replaced, and what sorts by it let go of it meanwhile.
The version that REFRESH VERSION sets says what the server's library was, and is no difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _referred
from schema_sync.adapters.postgres.objects import Collation
from schema_sync.adapters.postgres.rules import comment, commenting, dropping, renaming
from schema_sync.adapters.sql import Literal, Sql, join, raw, sql
from schema_sync.model.ident import Ident

_QUERY: Final[LiteralString] = """
SELECT ns.oid AS ns, d.classid, c.oid AS objid, 0 AS objsubid, c.collname AS name, c.collprovider AS provider,
       c.collisdeterministic AS deterministic, c.collcollate::text AS collate, c.collctype::text AS ctype,
       coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale') AS locale,
       to_jsonb(c) ->> 'collicurules' AS rules, e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_collation'::regclass AND d.deptype = 'n'
  JOIN pg_collation c ON c.oid = d.objid
  LEFT JOIN pg_description e ON e.objoid = c.oid AND e.classoid = d.classid AND e.objsubid = 0
 WHERE NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = d.classid AND x.objid = d.objid AND x.deptype = 'e')
 ORDER BY ns.oid, c.collname
"""

_PROVIDERS: Final = {"c": "libc", "i": "icu", "b": "builtin"}


def _read(row: Row, _reader: Reader) -> Collation:
    same = row.collate == row.ctype
    return Collation(
        ident=Ident("collation", row.name),
        provider=_PROVIDERS[row.provider],
        locale=row.locale or (row.collate if same else None),  # up to PostgreSQL 14, ICU's is in both of the others
        collate=None if same else row.collate,
        ctype=None if same else row.ctype,
        deterministic=row.deterministic,
        rules=row.rules,
        comment=row.comment,
    )


def _on(collation: Collation) -> Sql:
    return sql("COLLATION {collation}", collation=_referred.own(collation.name))


def _options(collation: Collation) -> Iterable[Sql]:
    yield raw(f"PROVIDER = {collation.provider}")
    for option, value in (
        ("LOCALE", collation.locale),
        ("LC_COLLATE", collation.collate),
        ("LC_CTYPE", collation.ctype),
        ("RULES", collation.rules),
    ):
        if value is not None:
            yield sql("{option} = {value}", option=raw(option), value=Literal(value))
    if not collation.deterministic:
        yield raw("DETERMINISTIC = false")


def _create(collation: Collation, _rules: Rules) -> Iterable[Action]:
    yield Action(sql("CREATE {on} ({options})", on=_on(collation), options=join(", ", _options(collation))))
    if collation.comment is not None:
        yield comment(_on(collation), collation.comment)


CELL: Final = Cell(
    struct=Collation,
    weight=9,
    query=_QUERY,
    among=frozenset({"pg_collation"}),
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    rename=renaming(_on, None),
    alter={
        "provider": REPLACE,
        "locale": REPLACE,
        "collate": REPLACE,
        "ctype": REPLACE,
        "deterministic": REPLACE,
        "rules": REPLACE,
        "comment": commenting(_on),
    },
    claims=lambda collation: [("collation", collation.name)],
)
