"""Enumerated types (manual: CREATE TYPE, ALTER TYPE; catalog pg_enum).

A label can be added in place, and cannot be used in the same transaction. Where something that this plan makes uses a
new label, it is added in a transaction of its own, before all else; or the type is replaced, where no rows would have
to be written anew. Where labels go or change places it is replaced in any case, and its columns go by way of text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Answer, Apart, Rules
from schema_sync.adapters.postgres.cell import PG_ENUM, Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _referred
from schema_sync.adapters.postgres.objects import Enum
from schema_sync.adapters.postgres.rules import comment, commenting, dropping, renaming
from schema_sync.adapters.sql import Literal, Sql, join, raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject

_QUERY: Final[LiteralString] = """
SELECT ns.oid AS ns, d.classid, t.oid AS objid, 0 AS objsubid, t.typname AS name,
       ARRAY(SELECT l.enumlabel::text FROM pg_enum l WHERE l.enumtypid = t.oid ORDER BY l.enumsortorder) AS labels,
       ARRAY(SELECT l.oid FROM pg_enum l WHERE l.enumtypid = t.oid ORDER BY l.enumsortorder) AS parts,
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_type'::regclass AND d.deptype = 'n'
  JOIN pg_type t ON t.oid = d.objid
  LEFT JOIN pg_description e ON e.objoid = t.oid AND e.classoid = d.classid AND e.objsubid = 0
 WHERE t.typtype = 'e'
   AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = d.classid AND x.objid = d.objid AND x.deptype = 'e')
 ORDER BY ns.oid, t.typname
"""


def _read(row: Row, reader: Reader) -> Enum:
    ident = Ident("enum", row.name)
    for oid, label in zip(row.parts, row.labels, strict=True):
        reader.part(Ident("label", label, ident), PG_ENUM, oid)
    return Enum(ident=ident, labels=tuple(row.labels), comment=row.comment)


def _on(enum: Enum) -> Sql:
    return sql("TYPE {type}", type=_referred.own(enum.name))


def _create(enum: Enum, _rules: Rules) -> Iterable[Action]:
    labels = join(", ", [Literal(label) for label in enum.labels])
    yield Action(sql("CREATE {on} AS ENUM ({labels})", on=_on(enum), labels=labels))
    if enum.comment is not None:
        yield comment(_on(enum), enum.comment)


def _labels(old: Enum, new: Enum, rules: Rules) -> Answer:
    kept = tuple(label for label in new.labels if label in old.labels)
    added = [label for label in new.labels if label not in old.labels]
    if kept != old.labels:
        return REPLACE
    if not _is_used(new.ident, added, rules):
        return [_added(new, label, old.labels) for label in added]
    if not _is_in_rows(old.ident, rules):
        return REPLACE
    return [replace(_added(new, label, old.labels), apart=Apart.FIRST) for label in added]


def _is_in_rows(enum: Ident, rules: Rules) -> bool:
    """Whether values of the type are kept: by what needs it, or what needs that in turn (a domain, a composite)."""
    seen, ahead = {enum}, [enum]
    while ahead:
        for dependant in rules.old.dependants.get(ahead.pop(), frozenset()) - seen:
            if rules.kinds[dependant.kind].keeps(rules.old[dependant]):
                return True
            seen.add(dependant)
            ahead.append(dependant)
    return False


def _added(enum: Enum, label: str, there: tuple[str, ...]) -> Action:
    """ADD VALUE behind the label that precedes it, which is there by then; or before the first one of all."""
    at = enum.labels.index(label)
    place = raw("")
    if at:
        place = sql(" AFTER {label}", label=Literal(enum.labels[at - 1]))
    elif there:
        place = sql(" BEFORE {label}", label=Literal(there[0]))
    return Action(sql("ALTER {on} ADD VALUE {label}{place}", on=_on(enum), label=Literal(label), place=place))


def _is_used(enum: Ident, added: Iterable[str], rules: Rules) -> bool:
    """Whether something that the plan makes or changes mentions an added label (manual: ALTER TYPE, Notes), or may
    meet it in rows, as a column does that takes on the type.

    A string body is looked into as well: it may run before the transaction ends. To see a label where there is none
    costs a transaction, and not to see one would fail.
    """
    takers = rules.new.dependants.get(enum, frozenset()) - rules.old.dependants.get(enum, frozenset())
    if any(taker in rules.old for taker in takers):
        return True
    literals = [str(Sql((Literal(label),))) for label in added]
    made = [obj for obj in rules.new.unlike(rules.old) if obj.ident != enum]
    return any(literal in text for obj in made for text in _texts(obj) for literal in literals)


def _texts(obj: SchemaObject) -> Iterable[str]:
    """All text in an object's fields, but for its comment."""
    fields = obj.fields()
    fields.pop("comment", None)
    return _strings(fields.values())


def _strings(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from _strings(value)
        elif hasattr(value, "__struct_fields__"):
            yield from _strings(getattr(value, name) for name in value.__struct_fields__)


def _rename_label(enum: Enum, old: str, new: str, _rules: Rules) -> Iterable[Action]:
    yield Action(sql("ALTER {on} RENAME VALUE {old} TO {new}", on=_on(enum), old=Literal(old), new=Literal(new)))


CELL: Final = Cell(
    struct=Enum,
    weight=10,
    query=_QUERY,
    among=frozenset({"pg_type"}),
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    rename=renaming(_on, None),
    rename_parts={"label": _rename_label},
    alter={"labels": _labels, "comment": commenting(_on)},
    claims=lambda enum: [("type", enum.name)],
)
