"""Range types with their multirange types (manual: CREATE TYPE; catalog pg_range).

Only names and comments can change in place; for all else the range type is replaced, and its columns go by way of text.
ALTER TYPE … RENAME leaves the constructor functions as they are, which are renamed by themselves. A type with a
canonical function is not read: such a function is written in C and made while the type is a shell.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Rules
from schema_sync.adapters.postgres.cell import PG_TYPE, Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _referred
from schema_sync.adapters.postgres.objects import RangeType
from schema_sync.adapters.postgres.rules import comment, commenting, dropping
from schema_sync.adapters.sql import Name, Sql, join, raw, sql
from schema_sync.model.ident import Ident

_CONSTRUCTORS: Final[LiteralString] = """
       ARRAY(SELECT DISTINCT p.proname::text
               FROM pg_depend x JOIN pg_proc p ON p.oid = x.objid
              WHERE x.classid = 'pg_proc'::regclass AND x.deptype = 'i' AND x.refclassid = d.classid
                AND x.refobjid = """
"""A scalar subquery: an expression of the type's oid, an order and a parenthesis follow."""

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, t.oid AS objid, 0 AS objsubid, t.typname AS name, m.typname AS multirange,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN format_type(r.rngsubtype, NULL) END AS subtype,
       CASE WHEN r.rngcollation <> s.typcollation AND set_config('search_path', ns.sp, true) IS NOT NULL
            THEN r.rngcollation::regcollation::text END AS collation,
       CASE WHEN NOT o.opcdefault THEN {_referred.OPCLASS} r.rngsubopc) END AS opclass,
       {_referred.FUNCTION} r.rngsubdiff) AS difference,
       {_CONSTRUCTORS} t.oid ORDER BY 1) AS constructors, {_CONSTRUCTORS} m.oid ORDER BY 1) AS multirange_constructors,
       m.oid AS multirange_oid,
       e.description AS comment, f.description AS multirange_comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_type'::regclass AND d.deptype = 'n'
  JOIN pg_type t ON t.oid = d.objid
  JOIN pg_range r ON r.rngtypid = t.oid
  JOIN pg_type m ON m.oid = r.rngmultitypid
  JOIN pg_type s ON s.oid = r.rngsubtype
  JOIN pg_opclass o ON o.oid = r.rngsubopc
  LEFT JOIN pg_description e ON e.objoid = t.oid AND e.classoid = d.classid AND e.objsubid = 0
  LEFT JOIN pg_description f ON f.objoid = m.oid AND f.classoid = d.classid AND f.objsubid = 0
 WHERE r.rngcanonical = 0
   AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = d.classid AND x.objid = d.objid AND x.deptype = 'e')
 ORDER BY ns.oid, t.typname
"""


def _read(row: Row, reader: Reader) -> RangeType:
    ident = Ident("range_type", row.name)
    reader.part(Ident("multirange", row.multirange, ident), PG_TYPE, row.multirange_oid)
    for names in (row.constructors, row.multirange_constructors):
        if len(names) > 1:
            reader.unmodelled(f"constructors of {ident.text}: {', '.join(names)}")
    return RangeType(
        ident=ident,
        subtype=reader.text(row.subtype, ident),
        opclass=row.opclass,
        collation=None if row.collation is None else reader.text(row.collation, ident),
        difference=row.difference,
        multirange=row.multirange,
        constructor=_other(row.constructors, row.name),
        multirange_constructor=_other(row.multirange_constructors, row.multirange),
        multirange_comment=row.multirange_comment,
        comment=row.comment,
    )


def _other(names: list[str], usual: str) -> str | None:
    """The name that all of them have, where it is not the usual one."""
    return names[0] if names not in ([], [usual]) else None


def _on(type_: RangeType) -> Sql:
    return sql("TYPE {type}", type=_referred.own(type_.name))


def _multirange(type_: RangeType) -> Sql:
    return sql("TYPE {type}", type=_referred.own(type_.multirange))


def _options(type_: RangeType) -> Iterable[Sql]:
    yield sql("SUBTYPE = {subtype}", subtype=raw(type_.subtype))
    if type_.opclass is not None:
        yield sql("SUBTYPE_OPCLASS = {opclass}", opclass=_referred.referred(type_.opclass))
    if type_.collation is not None:
        yield sql("COLLATION = {collation}", collation=raw(type_.collation))
    if type_.difference is not None:
        yield sql("SUBTYPE_DIFF = {function}", function=_referred.referred(type_.difference))
    yield sql("MULTIRANGE_TYPE_NAME = {name}", name=Name(type_.multirange))


def _create(type_: RangeType, _rules: Rules) -> Iterable[Action]:
    yield Action(sql("CREATE {on} AS RANGE ({options})", on=_on(type_), options=join(", ", _options(type_))))
    yield from _called(type_, type_.name, type_.constructor or type_.name)
    yield from _multirange_called(type_, type_.multirange, type_.multirange_constructor or type_.multirange)
    if type_.multirange_comment is not None:
        yield comment(_multirange(type_), type_.multirange_comment)
    if type_.comment is not None:
        yield comment(_on(type_), type_.comment)


def _multirange_comment(_old: RangeType, new: RangeType, _rules: Rules) -> Iterable[Action]:
    yield comment(_multirange(new), new.multirange_comment)


def _called(type_: RangeType, was: str, now: str) -> Iterable[Action]:
    """Other names for the constructors of the range type."""
    two = sql("{subtype}, {subtype}", subtype=raw(type_.subtype))
    yield from _functions_called(was, now, two, sql("{two}, text", two=two))


def _multirange_called(type_: RangeType, was: str, now: str) -> Iterable[Action]:
    """Other names for those of the multirange type."""
    own = _referred.own(type_.name)
    yield from _functions_called(was, now, Sql(()), own, sql("{own}[]", own=own))


def _functions_called(was: str, now: str, *arguments: Sql) -> Iterable[Action]:
    for types in arguments if was != now else ():
        function = sql("{name}({types})", name=_referred.own(was), types=types)
        yield Action(sql("ALTER FUNCTION {function} RENAME TO {name}", function=function, name=Name(now)))


def _constructor(old: RangeType, new: RangeType, _rules: Rules) -> Iterable[Action]:
    yield from _called(new, old.constructor or old.name, new.constructor or new.name)


def _multirange_constructor(old: RangeType, new: RangeType, _rules: Rules) -> Iterable[Action]:
    was, now = old.multirange_constructor or old.multirange, new.multirange_constructor or new.multirange
    yield from _multirange_called(new, was, now)


def _rename(old: RangeType, new: RangeType, _rules: Rules) -> Iterable[Action]:
    """The type, and its constructors where they are called like it."""
    yield Action(sql("ALTER {on} RENAME TO {name}", on=_on(old), name=Name(new.name)))
    if old.constructor is None:
        yield from _called(old, old.name, new.name)


def _rename_multirange(type_: RangeType, old: str, new: str, rules: Rules) -> Iterable[Action]:
    multirange = sql("TYPE {type}", type=_referred.own(old))
    yield Action(sql("ALTER {multirange} RENAME TO {name}", multirange=multirange, name=Name(new)))
    before = rules.old[type_.ident]
    if isinstance(before, RangeType) and before.multirange_constructor is None:
        yield from _multirange_called(type_, old, new)


def _claims(type_: RangeType) -> Iterable[tuple[str, str]]:
    for name in (type_.name, type_.multirange):
        yield "type", name
    constructor = type_.constructor or type_.name
    yield "routine", f"{constructor}({type_.subtype}, {type_.subtype})"
    yield "routine", f"{constructor}({type_.subtype}, {type_.subtype}, text)"
    yield "routine", f"{type_.multirange_constructor or type_.multirange}()"


CELL: Final = Cell(
    struct=RangeType,
    weight=14,
    query=_QUERY,
    among=frozenset({"pg_type"}),
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    rename=_rename,
    rename_parts={"multirange": _rename_multirange},
    alter={
        "subtype": REPLACE,
        "opclass": REPLACE,
        "collation": REPLACE,
        "difference": REPLACE,
        "multirange": REPLACE,
        "constructor": _constructor,
        "multirange_constructor": _multirange_constructor,
        "multirange_comment": _multirange_comment,
        "comment": commenting(_on),
    },
    survives=frozenset({"reshape"}),
    claims=_claims,
)
