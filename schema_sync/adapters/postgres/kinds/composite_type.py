"""Composite types (manual: CREATE TYPE, ALTER TYPE; catalogs pg_type, pg_class, pg_attribute).

Attributes are added at the end and dropped in place, also where tables have values of the type. The type of one changes
in place where no table has such values, which the server would refuse; there, and where attributes change places, the
composite type is replaced.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.postgres.cell import PG_CLASS, Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _referred, _typed
from schema_sync.adapters.postgres.kinds._relation import COLUMNS, comments, read_columns, typed
from schema_sync.adapters.postgres.objects import Attribute, CompositeType
from schema_sync.adapters.postgres.rules import comment, commenting, dropping, renaming
from schema_sync.adapters.sql import Name, Sql, join, sql
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, y.oid AS objid, 0 AS objsubid, y.typname AS name, c.oid AS relation,
       {COLUMNS} AS attributes, e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_type'::regclass AND d.deptype = 'n'
  JOIN pg_type y ON y.oid = d.objid
  JOIN pg_class c ON c.oid = y.typrelid
  LEFT JOIN pg_description e ON e.objoid = y.oid AND e.classoid = d.classid AND e.objsubid = 0
 WHERE y.typtype = 'c' AND c.relkind = 'c'
   AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = d.classid AND x.objid = d.objid AND x.deptype = 'e')
 ORDER BY ns.oid, y.typname
"""


def _read(row: Row, reader: Reader) -> CompositeType:
    ident = Ident("composite_type", row.name)
    reader.alias(PG_CLASS, row.relation, ident)
    for one in row.attributes or ():
        reader.part(Ident("attribute", one["name"], ident), PG_CLASS, row.relation, one["number"])
    return CompositeType(ident=ident, attributes=read_columns(row.attributes, ident, reader), comment=row.comment)


def _on(type_: CompositeType) -> Sql:
    return sql("TYPE {type}", type=_referred.own(type_.name))


def _create(type_: CompositeType, _rules: Rules) -> Iterable[Action]:
    attributes = [sql("{name} {type}", name=Name(one.name), type=typed(one)) for one in type_.attributes]
    yield Action(sql("CREATE {on} AS ({attributes})", on=_on(type_), attributes=join(", ", attributes)))
    yield from comments(type_.name, (), type_.attributes)
    if type_.comment is not None:
        yield comment(_on(type_), type_.comment)


def _attributes(old: CompositeType, new: CompositeType, rules: Rules) -> Answer:
    old = _typed.renamed(old, rules)
    before = {one.name: one for one in old.attributes}
    after = {one.name: one for one in new.attributes}
    gone = [one for one in old.attributes if one.name not in after]
    kept = [one for one in old.attributes if one.name in after]
    added = new.attributes[len(kept) :]
    if [one.name for one in kept] != [one.name for one in new.attributes[: len(kept)]]:
        return REPLACE
    typed_tables = _has_tables(new.ident, rules)
    retyped = [after[one.name] for one in kept if _type(after[one.name]) != _type(one)]
    if retyped and _is_stored(new.ident, rules):
        return REPLACE
    return [
        *(_change(new, sql("DROP ATTRIBUTE {name}", name=Name(one.name)), drops=True) for one in gone),
        *(
            _change(new, sql("ALTER ATTRIBUTE {name} TYPE {type}", name=Name(one.name), type=typed(one)), retypes=True)
            for one in retyped
        ),
        *(
            _change(
                new, sql("ADD ATTRIBUTE {name} {type}", name=Name(one.name), type=typed(one)), reshapes=typed_tables
            )
            for one in added
        ),
        *comments(new.name, before.values(), new.attributes),
    ]


def _has_tables(ident: Ident, rules: Rules) -> bool:
    """Whether there are tables that are made of the type."""
    return any(other.kind == "table" for other in rules.old.dependants.get(ident, ()))


def _type(attribute: Attribute) -> tuple[str, str | None]:
    return attribute.type, attribute.collation


def _is_stored(ident: Ident, rules: Rules) -> bool:
    """Whether a table may have values of the type, alone or within another composite type."""
    return any(
        other.owner is not None or (other.kind == ident.kind and _is_stored(other, rules))
        for other in rules.old.dependants.get(ident, ())
    )


def _change(
    type_: CompositeType, clause: Sql, *, drops: bool = False, retypes: bool = False, reshapes: bool = False
) -> Action:
    """One ALTER TYPE. A table of the type has to let go of it for that, even where an attribute is only added."""
    return Action(
        sql("ALTER {on} {clause}", on=_on(type_), clause=clause),
        hazards=frozenset({Hazard.DELETES_DATA}) if drops else frozenset(),
        disturbs="reshape" if drops or retypes or reshapes else None,
    )


def _rename_attribute(type_: CompositeType, old: str, new: str, rules: Rules) -> Iterable[Action]:
    yield _typed.rename(type_, old, new, has_tables=_has_tables(type_.ident, rules))


CELL: Final = Cell(
    struct=CompositeType,
    weight=13,
    query=_QUERY,
    among=frozenset({"pg_type"}),
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    rename=renaming(_on, None),
    rename_parts={"attribute": _rename_attribute},
    alter={"attributes": _attributes, "comment": commenting(_on)},
    survives=frozenset({"reshape"}),
    claims=lambda type_: [("type", type_.name), ("relation", type_.name)],
)
