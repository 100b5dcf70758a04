"""Indexes that no constraint owns, of tables and materialized views (manual: CREATE INDEX; catalog pg_index)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from schema_sync.adapters.kind import REPLACE, Action, Answer, Apart, Rules
from schema_sync.adapters.postgres import stored
from schema_sync.adapters.postgres.cell import PG_CLASS, Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _attached as attached
from schema_sync.adapters.postgres.kinds import _constrained as constrained
from schema_sync.adapters.postgres.kinds import _family as family
from schema_sync.adapters.postgres.kinds import _questions as questions
from schema_sync.adapters.postgres.kinds import constraints, elements
from schema_sync.adapters.postgres.objects import BackedByIndex, Column, Index, IndexElement
from schema_sync.adapters.postgres.rules import (
    ACCESS_EXCLUSIVE,
    SHARE,
    SHARE_UPDATE_EXCLUSIVE,
    comment,
    commenting,
    renaming,
    temporary,
)
from schema_sync.adapters.sql import Name, Sql, join, raw, sql
from schema_sync.errors import NotConvergeable
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard
from schema_sync.model.report import Diagnostic

_QUERY: Final = f"""
SELECT ns.oid AS ns, d.classid, i.indexrelid AS objid, 0 AS objsubid, x.relname AS name, i.indrelid AS relation,
       {elements.COLUMNS},
       {constrained.STORED}, f.description AS comment,
       i.indisunique AS is_unique, {constrained.ATTACHED}, t.relkind = 'p' AS is_partitioned,
       coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) AS nulls_not_distinct
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_class'::regclass AND d.deptype = 'n'
  JOIN pg_class t ON t.oid = d.objid AND t.relkind IN ('r', 'p', 'm')
  JOIN pg_index i ON i.indrelid = t.oid
  JOIN pg_class x ON x.oid = i.indexrelid
  JOIN pg_am m ON m.oid = x.relam
  LEFT JOIN pg_description f ON f.objoid = x.oid AND f.classoid = d.classid AND f.objsubid = 0
 WHERE NOT EXISTS (SELECT FROM pg_constraint c
                    WHERE c.conrelid = i.indrelid AND c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
 ORDER BY ns.oid, i.indrelid, x.relname
"""


def _read(row: Row, reader: Reader) -> Index | None:
    owner = reader.ident(PG_CLASS, row.relation)
    if owner is None:
        return None
    ident = Ident(Index.kind, row.name, owner)
    if not row.is_valid and not row.is_partitioned:
        reader.diagnostics.append(
            Diagnostic(
                code="invalid_index",
                object=ident.text,
                message=f"{ident.text} is invalid: a CREATE INDEX CONCURRENTLY failed, and no query uses it",
            )
        )
    return Index(
        ident=ident,
        method=row.method,
        elements=tuple(IndexElement(**fields) for fields in elements.read(row, reader, ident)),
        include=tuple(row.include),
        unique=row.is_unique,
        nulls_not_distinct=row.nulls_not_distinct,
        where=None if row.predicate is None else reader.text(row.predicate, ident),
        attached_to=row.attached_to,
        valid=row.is_valid,
        comment=row.comment,
        **constrained.stored_fields(row, reader),
    )


def _on(index: Index) -> Sql:
    return sql("INDEX {index}", index=Name(index.name))


def _create(index: Index, rules: Rules) -> Iterable[Action]:
    if not index.valid and not family.is_partitioned(index.owner, rules.new):
        raise NotConvergeable(
            f"{index.ident.text} is invalid in the target, and no statement makes an invalid index",
            hint="REINDEX or drop it where the target was captured, and capture it again",
        )
    yield _built(index, index.name, rules)
    yield from constraints.attachment(index, rules)
    if index.comment is not None:
        yield comment(_on(index), index.comment)
    yield from elements.statistics(index.name, index.elements, is_new=True)
    yield from stored.held_by_relation(index, rules)


def _built(index: Index, name: str, rules: Rules) -> Action:
    """CREATE INDEX, or CONCURRENTLY where the table's users must not wait (manual: CREATE INDEX, Building Indexes
    Concurrently): that leaves an invalid index behind when it fails.
    """
    online = family.is_online(index, rules)
    clauses = sql(
        "{name} ON {only}{table}{method} ({elements}){include}{nulls}{options}{tablespace}{where}",
        name=Name(name),
        only=attached.only(index.owner, rules),
        table=constraints.table_of(index),
        method=sql(" USING {method}", method=Name(index.method)) if index.method != "btree" else Sql(()),
        elements=join(", ", [elements.render(element) for element in index.elements]),
        include=constraints.included(index.include),
        nulls=sql(" NULLS NOT DISTINCT") if index.nulls_not_distinct else Sql(()),
        options=constraints.storage(index.options),
        tablespace=constraints.in_tablespace(index.tablespace),
        where=sql(" WHERE {where}", where=raw(index.where)) if index.where else Sql(()),
    )
    unique = sql("UNIQUE ") if index.unique else Sql(())
    may_fail = {Hazard.MAY_FAIL} if index.unique else set()
    if online:
        return Action(
            sql("CREATE {unique}INDEX CONCURRENTLY {clauses}", unique=unique, clauses=clauses),
            hazards=frozenset(may_fail),
            lock=SHARE_UPDATE_EXCLUSIVE,
            questions=questions.repeated_in(index, rules),
            in_transaction=False,
            apart=Apart.LAST,
            builds=True,
            sweep=sql("DROP INDEX CONCURRENTLY IF EXISTS {name}", name=Name(name)),
        )
    new = constraints.is_made(index, rules)
    reads = not new and not attached.only(index.owner, rules)
    return Action(
        sql("CREATE {unique}INDEX {clauses}", unique=unique, clauses=clauses),
        hazards=frozenset({Hazard.BLOCKS_WRITES} | may_fail) if reads else frozenset(),
        lock=None if new else SHARE,
        questions=questions.repeated_in(index, rules) if reads else (),
        follows=constraints.partitions_that_come_first(index, rules),
    )


def _drop(index: Index, rules: Rules) -> Iterable[Action]:
    """DROP INDEX; CONCURRENTLY for one that goes for good: what is replaced because of others goes in one transaction
    with what is done to these.
    """
    if constraints.goes_with_parents(index, rules):
        return
    yield from _dropped(index, rules, concurrently=index.ident not in rules.new and family.is_online(index, rules))


def _dropped(index: Index, rules: Rules, *, concurrently: bool) -> Iterable[Action]:
    if concurrently:
        yield Action(
            sql("DROP INDEX CONCURRENTLY {index}", index=Name(index.name)),
            lock=SHARE_UPDATE_EXCLUSIVE,
            in_transaction=False,
            apart=Apart.LAST,
        )
        return
    parts = constraints.parts(index, rules)
    # A constraint of a partition's may be a part of an index that is none: only then does it not go without a word.
    cascade = any(isinstance(rules.old[part], BackedByIndex) for part in parts)
    yield Action(
        sql(
            "DROP INDEX {index}{cascade}",
            index=Name(index.name),
            cascade=sql(" CASCADE") if cascade else Sql(()),
        ),
        hazards=frozenset({Hazard.BRIEF_LOCK}),
        lock=ACCESS_EXCLUSIVE,
        along=parts,
    )


_OTHER: Final = ("method", "include", "unique", "nulls_not_distinct", "where", "valid")
"""The fields beside its elements that no statement changes in place."""


def _build_anew(old: Index, new: Index, rules: Rules) -> Answer:
    """Replace it; where the table's users must not wait, the new one is there before the old one goes, and has been
    given what the table says of it. Where a column gets another type with it, the old one cannot stay until then.
    """
    if elements.are_alike(old.elements, new.elements) and all(getattr(old, one) == getattr(new, one) for one in _OTHER):
        return elements.statistics(new.name, new.elements, old.elements)
    is_part = old.attached_to is not None or new.attached_to is not None
    may_stay = not is_part and not rules.old.dependants.get(old.ident) and not _has_retyped_columns(old, rules)
    if not family.is_online(new, rules) or not may_stay or not new.valid:
        return REPLACE
    assert new.owner is not None
    name = temporary(new.ident.kind, new.name, new.owner, rules)
    rename = sql("ALTER INDEX {name} RENAME TO {new}", name=Name(name), new=Name(new.name))
    actions = [_built(new, name, rules), *stored.held_by_relation(new, rules, called=name)]
    actions += _dropped(old, rules, concurrently=True)
    actions.append(Action(rename, lock=SHARE_UPDATE_EXCLUSIVE))
    if new.comment is not None:
        actions.append(comment(_on(new), new.comment))
    actions += elements.statistics(new.name, new.elements)
    return actions


def _has_retyped_columns(index: Index, rules: Rules) -> bool:
    """Whether a column's type, or what its type is, changes under it."""
    for need in rules.old.needs.get(index.ident, ()):
        old, new = rules.old.get(need), rules.new.get(need)
        if not (isinstance(old, Column) and isinstance(new, Column)):
            continue
        types = rules.old.needs.get(need, frozenset())
        if (old.type, old.collation) != (new.type, new.collation):
            return True
        if any(rules.old.get(each) != rules.new.get(each) for each in types if each != need.owner):
            return True
    return False


CELL: Final = Cell(
    struct=Index,
    weight=60,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=_drop,
    on=_on,
    rename=renaming(_on, SHARE_UPDATE_EXCLUSIVE),
    alter={
        "method": _build_anew,
        "elements": _build_anew,
        "include": _build_anew,
        "unique": _build_anew,
        "nulls_not_distinct": _build_anew,
        "where": _build_anew,
        "options": constraints.alter_options,
        "tablespace": constraints.alter_tablespace,
        "attached_to": constraints.alter_attached_to,
        "valid": constraints.alter_valid,
        "comment": commenting(_on, SHARE_UPDATE_EXCLUSIVE),
    },
    survives=frozenset({"retype", "by_text"}),
    fragile=elements.fragile,
    claims=lambda index: [("relation", index.name)],
)
