"""Sequences of their own (manual: CREATE SEQUENCE; catalog pg_sequence). That of an identity column is the column's.

How far a sequence has counted is data and never read: two tenants count differently.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from schema_sync.adapters.kind import IGNORE, Action, Answer, Rules
from schema_sync.adapters.postgres import counting, text
from schema_sync.adapters.postgres.access import OWNER
from schema_sync.adapters.postgres.cell import PG_CLASS, Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _counted as counted
from schema_sync.adapters.postgres.kinds import _family as family
from schema_sync.adapters.postgres.kinds import _owned as owned
from schema_sync.adapters.postgres.kinds import _persistence as persistence
from schema_sync.adapters.postgres.kinds._column import is_foreign
from schema_sync.adapters.postgres.objects import VOCABULARY, Column, Ownership, Sequence
from schema_sync.adapters.postgres.rules import (
    ACCESS_EXCLUSIVE,
    SHARE_ROW_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    comment,
    commenting,
    renaming,
)
from schema_sync.adapters.sql import Literal, Name, Sql, join, raw, sql
from schema_sync.model.ident import Ident, parse_ident
from schema_sync.model.objects import plurals
from schema_sync.model.plan import Hazard

_QUERY: Final = """
SELECT ns.oid AS ns, d.classid, c.oid AS objid, 0 AS objsubid, c.relname AS name,
       format_type(s.seqtypid, NULL) AS type, s.seqstart AS start, s.seqincrement AS increment,
       s.seqmin AS minimum, s.seqmax AS maximum, s.seqcache AS cache, s.seqcycle AS cycle,
       c.relpersistence = 'u' AS unlogged, o.refobjid AS owner_table, o.refobjsubid AS owner_column,
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_class'::regclass AND d.deptype = 'n'
  JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S'
  JOIN pg_sequence s ON s.seqrelid = c.oid
  LEFT JOIN pg_depend o ON o.classid = d.classid AND o.objid = c.oid AND o.objsubid = 0
                       AND o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0 AND o.deptype = 'a'
  LEFT JOIN pg_description e ON e.objoid = c.oid AND e.classoid = d.classid AND e.objsubid = 0
 WHERE NOT EXISTS (SELECT FROM pg_depend p
                    WHERE p.classid = d.classid AND p.objid = c.oid AND p.objsubid = 0 AND p.deptype IN ('i', 'e'))
 ORDER BY ns.oid, c.relname
"""
"""Those that are an internal part of an identity column or a member of an extension are left out."""


def _read(row: Row, reader: Reader) -> Sequence:
    ident = Ident(Sequence.kind, row.name)
    owner = None if row.owner_table is None else reader.ident(PG_CLASS, row.owner_table, row.owner_column)
    if owner is None and row.owner_table is not None:
        reader.unmodelled(f"owner of {ident.text}")
    return Sequence(
        ident=ident,
        type=row.type,
        **counting.fields(row, row.type),
        unlogged=row.unlogged,
        owned_by=None if owner is None else owner.text,
        comment=row.comment,
    )


def _on(sequence: Sequence) -> Sql:
    return sql("SEQUENCE {name}", name=Name(sequence.name))


def _owner(sequence: Sequence) -> Ident | None:
    return None if sequence.owned_by is None else parse_ident(sequence.owned_by, plurals(VOCABULARY))


def _create(sequence: Sequence, rules: Rules) -> Iterable[Action]:
    options = counting.options(sequence)
    yield Action(
        sql(
            "CREATE {unlogged}SEQUENCE {name}{type}{options}",
            unlogged=sql("UNLOGGED ") if sequence.unlogged else Sql(()),
            name=Name(sequence.name),
            type=sql(" AS {type}", type=raw(sequence.type)) if sequence.type != "bigint" else Sql(()),
            options=sql(" {options}", options=options) if options else Sql(()),
        )
    )
    if sequence.owned_by is not None:
        yield from _owned_by(None, sequence, rules)
    if (column := _numbered(sequence, rules)) is not None:
        was_identity = counted.successor(column, rules) == sequence
        yield counted.count_on(
            sql("{name}", name=Literal(text.quote(sequence.name))),
            column,
            sequence,
            remembered=was_identity,
            follows=frozenset({column} if was_identity else ()),
        )
    if sequence.comment is not None:
        yield comment(_on(sequence), sequence.comment)


def _numbered(sequence: Sequence, rules: Rules) -> Ident | None:
    """The one column of integers that is there already and takes its default from the new sequence, if there is one.

    The rows of a table are those of its partitions and heirs as well. Those of a foreign table are elsewhere, and not
    every wrapper can read them.
    """
    users = {
        user: column
        for user in rules.new.dependants.get(sequence.ident, ())
        if isinstance(column := rules.old.get(user), Column)
        and column.type in counting.LARGEST
        and not is_foreign(column)
    }
    tops = [
        user for user, column in users.items() if not family.idents(family.same_above(column, rules.new)) & set(users)
    ]
    return tops[0] if len(tops) == 1 else None


def _drop(sequence: Sequence, rules: Rules) -> Iterable[Action]:
    """DROP SEQUENCE; nothing where its column goes, since it goes with it.

    An identity that takes its place counts on. Else what a sequence of its own has counted is lost; that of a column
    that stays can be told from the column's values.
    """
    owner = _owner(sequence)
    if owner is not None and owner not in rules.new:
        return
    heirs = [user for user in rules.old.dependants.get(sequence.ident, ()) if counted.former(user, rules) == sequence]
    for user in heirs:
        if not family.is_remade(user.owner, rules):
            yield counted.remember_sequence(sequence, user)
    yield Action(
        sql("DROP SEQUENCE {name}", name=Name(sequence.name)),
        hazards=frozenset({Hazard.DELETES_DATA} if owner is None and not heirs else ()),
        lock=ACCESS_EXCLUSIVE,
        note=None if heirs else f"how far {sequence.name} has counted is lost",
    )


def _alter_counting(old: Sequence, new: Sequence, _rules: Rules) -> Iterable[Action]:
    """One ALTER SEQUENCE for all of how it counts. It fails where the sequence stands outside of the new bounds."""
    changes = [] if old.type == new.type else [sql("AS {type}", type=raw(new.type))]
    changes += counting.changes(old, old.type, new, new.type)
    yield Action(
        sql("ALTER SEQUENCE {name} {changes}", name=Name(new.name), changes=join(" ", changes)),
        hazards=frozenset({Hazard.BRIEF_LOCK, Hazard.MAY_FAIL}),
        lock=SHARE_ROW_EXCLUSIVE,
    )


def _owned_by(old: Sequence | None, new: Sequence, rules: Rules) -> Iterable[Action]:
    """OWNED BY, which can wait for the column that takes its default from the sequence.

    A former owner that is dropped would take the sequence with it, so the sequence is let go before. A new one whose
    table becomes logged or unlogged would change the sequence with it, so it is taken after. The server wants it to
    have the owner that its table has.
    """
    owner = _owner(new)
    former = None if old is None else _owner(old)
    column = sql("NONE") if owner is None or owner.owner is None else Name(owner.owner.name, owner.name)
    taking = Action(
        sql("ALTER SEQUENCE {name} OWNED BY {column}", name=Name(new.name), column=column),
        lock=None if old is None else SHARE_ROW_EXCLUSIVE,
        late=True,
        after=frozenset() if owner is None else frozenset({owner}) | persistence.taken_by(new, rules),
        before=frozenset() if former is None else frozenset({former}),
    )
    lock = None if old is None else ACCESS_EXCLUSIVE
    before, after = _role(former, rules), _role(owner, rules)
    if owner is None or owner.owner is None:
        yield taking
        if before != OWNER and owned.ownership(new.ident) not in rules.new:
            yield replace(owned.given(_on(new), OWNER, lock), late=True)
        return
    if before == after:
        yield taking
        return
    if former is not None:
        yield replace(taking, sql=sql("ALTER SEQUENCE {name} OWNED BY NONE", name=Name(new.name)), after=frozenset())
    own = owned.ownership(new.ident)
    yield replace(owned.given(_on(new), after, lock), late=True, follows=frozenset({own}))
    yield replace(taking, precedes=frozenset({owned.ownership(owner.owner)}))


def _role(column: Ident | None, rules: Rules) -> str:
    """Whose a column's table is until the plan gives it away, and what belongs to the column; the schema's owner's
    where there is none.
    """
    ownership = None if column is None or column.owner is None else rules.old.get(owned.ownership(column.owner))
    return ownership.role if isinstance(ownership, Ownership) else OWNER


def _persistence(_old: Sequence, new: Sequence, rules: Rules) -> Answer:
    """SET LOGGED or UNLOGGED, unless that of its table takes it along, or sees to it."""
    if persistence.goes_along(new, rules):
        return IGNORE
    return [persistence.of_sequence(new.name, new.unlogged)]


CELL: Final = Cell(
    struct=Sequence,
    weight=20,
    query=_QUERY,
    among=frozenset({"pg_class.S"}),
    read=_read,
    create=_create,
    drop=_drop,
    on=_on,
    rename=renaming(_on),
    alter={
        "type": _alter_counting,
        "start": _alter_counting,
        "increment": _alter_counting,
        "minimum": _alter_counting,
        "maximum": _alter_counting,
        "cache": _alter_counting,
        "cycle": _alter_counting,
        "unlogged": _persistence,
        "owned_by": _owned_by,
        "comment": commenting(_on, SHARE_UPDATE_EXCLUSIVE),
    },
    holds_data=True,
    goes_with=_owner,
    claims=lambda sequence: [("relation", sequence.name)],
)
