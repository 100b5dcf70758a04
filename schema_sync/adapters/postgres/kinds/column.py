"""Columns of tables (manual: ALTER TABLE, catalogs pg_attribute, pg_attrdef and, for identity, pg_sequence)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from schema_sync.adapters.kind import REPLACE, Action, Answer, Release, Rules
from schema_sync.adapters.postgres import counting, text
from schema_sync.adapters.postgres.cell import PG_CLASS, Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _foreign, constraints
from schema_sync.adapters.postgres.objects import (
    BackedByIndex,
    Column,
    Domain,
    ForeignTable,
    Function,
    Identity,
    Index,
)
from schema_sync.adapters.postgres.retype import Retype, is_castable, is_own, retype
from schema_sync.adapters.postgres.rules import (
    ACCESS_EXCLUSIVE,
    ACCESS_SHARE,
    SHARE_UPDATE_EXCLUSIVE,
    comment,
    table_being_altered,
    table_being_created,
    temporary,
)
from schema_sync.adapters.sql import Literal, Name, Sql, join, raw, sql
from schema_sync.errors import NotConvergeable
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard
from schema_sync.model.snapshot import Snapshot

_QUERY: Final = """
SELECT ns.oid AS ns, d.classid, c.oid AS objid, a.attnum::int AS objsubid, a.attname AS name,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL
            THEN format_type(a.atttypid, a.atttypmod) END AS type,
       a.attnotnull AS not_null, a.attidentity AS identity, a.attgenerated AS generated,
       f.oid AS default_oid,
       CASE WHEN f.oid IS NOT NULL AND set_config('search_path', ns.sp, true) IS NOT NULL
            THEN pg_get_expr(f.adbin, f.adrelid) END AS expression,
       CASE WHEN a.attcollation <> t.typcollation AND set_config('search_path', ns.sp, true) IS NOT NULL
            THEN a.attcollation::regcollation::text END AS collation,
       format_type(s.seqtypid, NULL) AS sequence_type,
       s.seqstart AS start, s.seqincrement AS increment, s.seqmin AS minimum, s.seqmax AS maximum,
       s.seqcache AS cache, s.seqcycle AS cycle, coalesce(a.attfdwoptions, '{}') AS foreign_options,
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_class'::regclass AND d.deptype = 'n'
  JOIN pg_class c ON c.oid = d.objid
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef f ON a.atthasdef AND f.adrelid = c.oid AND f.adnum = a.attnum
  LEFT JOIN pg_depend i ON a.attidentity <> '' AND i.refclassid = d.classid AND i.refobjid = c.oid
                       AND i.refobjsubid = a.attnum AND i.classid = d.classid AND i.deptype = 'i'
  LEFT JOIN pg_sequence s ON s.seqrelid = i.objid
  LEFT JOIN pg_description e ON e.objoid = c.oid AND e.classoid = d.classid AND e.objsubid = a.attnum
 WHERE (c.relkind = 'r' AND NOT c.relispartition AND c.reloftype = 0) OR c.relkind = 'f'
 ORDER BY ns.oid, c.relname, a.attnum
"""

_SAME_FOR_ALL_ROWS: Final = frozenset(
    {
        "now",
        "transaction_timestamp",
        "statement_timestamp",
        "timezone",
        "date_trunc",
        "current_setting",
        "lower",
        "upper",
    }
)
"""Functions that are not volatile: a default made of them is evaluated once for all rows that exist."""


def _read(row: Row, reader: Reader) -> Column | None:
    table = reader.ident(PG_CLASS, row.objid)
    if table is None:
        return None
    ident = Ident("column", row.name, table)
    expression = None if row.default_oid is None else reader.text(row.expression, ident)
    return Column(
        ident=ident,
        type=reader.text(row.type, ident),
        nullable=not row.not_null,
        default=None if row.generated else expression,
        collation=None if row.collation is None else reader.text(row.collation, ident),
        identity=_identity(row) if row.identity else None,
        generated=expression if row.generated else None,
        virtual=row.generated == "v",
        foreign_options=tuple(row.foreign_options),
        comment=row.comment,
    )


def _identity(row: Row) -> Identity:
    return Identity(always=row.identity == "a", **counting.fields(row, row.sequence_type))


def _table(column: Column) -> str:
    assert column.owner is not None
    return column.owner.name


def _on(column: Column) -> Sql:
    return sql("COLUMN {column}", column=Name(_table(column), column.name))


def _action(
    column: Column,
    clause: Sql,
    *hazards: Hazard,
    disturbs: str | None = None,
    note: str | None = None,
    early: bool = False,
    late: bool = False,
) -> Action:
    """One subcommand of ALTER TABLE on a table that exists; all of them take ACCESS EXCLUSIVE."""
    return Action(
        sql("ALTER TABLE {table} {clause}", table=Name(_table(column)), clause=clause),
        hazards=frozenset(hazards or {Hazard.BRIEF_LOCK}),
        lock=ACCESS_EXCLUSIVE,
        disturbs=disturbs,
        note=note,
        early=early,
        late=late,
        folds=(table_being_altered(_table(column), clause),),
    )


def _is_foreign(column: Column) -> bool:
    """Whether it is a foreign table's, which has no rows to look at or to lose."""
    return column.owner is not None and column.owner.kind == ForeignTable.kind


def _alter(column: Column, change: Sql) -> Sql:
    return sql("ALTER COLUMN {column} {change}", column=Name(column.name), change=change)


def _definition(column: Column) -> Sql:
    """The column as CREATE TABLE and ADD COLUMN write it."""
    options = _foreign.given(column.foreign_options)
    parts = [sql("{column} {type}{options}", column=Name(column.name), type=raw(column.type), options=options)]
    if column.collation is not None:
        parts.append(sql("COLLATE {collation}", collation=raw(column.collation)))
    if column.generated is not None:
        stored = raw("VIRTUAL" if column.virtual else "STORED")
        parts.append(sql("GENERATED ALWAYS AS ({of}) {stored}", of=raw(column.generated), stored=stored))
    if column.default is not None:
        parts.append(sql("DEFAULT {default}", default=raw(column.default)))
    if column.identity is not None:
        parts.append(_generated_as_identity(column.identity))
    if not column.nullable:
        parts.append(raw("NOT NULL"))
    return join(" ", parts)


def _generated_as_identity(identity: Identity) -> Sql:
    when = raw("ALWAYS" if identity.always else "BY DEFAULT")
    options = counting.options(identity)
    behind = sql(" ({options})", options=options) if options else raw("")
    return sql("GENERATED {when} AS IDENTITY{behind}", when=when, behind=behind)


def _create(column: Column, rules: Rules) -> Iterable[Action]:
    definition = _definition(column)
    clause = sql("ADD COLUMN {definition}", definition=definition)
    on_new_table = column.owner not in rules.old
    yield Action(
        sql("ALTER TABLE {table} {clause}", table=Name(_table(column)), clause=clause),
        hazards=frozenset() if on_new_table else frozenset(_hazards_of_adding(column, rules)),
        lock=None if on_new_table else ACCESS_EXCLUSIVE,
        folds=(table_being_created(_table(column), definition), table_being_altered(_table(column), clause)),
    )
    if column.comment is not None:
        yield comment(_on(column), column.comment, lock=None if on_new_table else SHARE_UPDATE_EXCLUSIVE)


def _hazards_of_adding(column: Column, rules: Rules) -> Iterable[Hazard]:
    """A rewrite where rows that exist get values of their own, or a domain has to be checked for each of them."""
    if _is_foreign(column):
        return
    computed = column.identity is not None or (column.generated is not None and not column.virtual)
    volatile = column.default is not None and not text.calls(column.default) <= _SAME_FOR_ALL_ROWS | _steady(rules)
    checked = any(rules.new.children(need) for need in rules.new.needs.get(column.ident, ()) if need.owner is None)
    if computed or volatile or checked:
        yield Hazard.REWRITES_TABLE
    if not column.nullable and not computed and column.generated is None and column.default is None:
        yield from (Hazard.BLOCKS_READS, Hazard.MAY_FAIL)


def _steady(rules: Rules) -> set[str]:
    """The names of the tenant's own functions of which none that is called so is volatile."""
    functions = [obj for obj in rules.new if isinstance(obj, Function)]
    names = {volatile: set[str]() for volatile in (True, False)}
    for function in functions:
        names[function.volatility == "volatile"].add(function.name.partition("(")[0])
    return names[False] - names[True]


def _drop(column: Column, _rules: Rules) -> Iterable[Action]:
    clause = sql("DROP COLUMN {column}", column=Name(column.name))
    if column.generated is not None or _is_foreign(column):
        yield _action(column, clause)
    else:
        note = f"the values of {_table(column)}.{column.name} are lost"
        yield _action(column, clause, Hazard.DELETES_DATA, note=note)


def _change(old: Column, new: Column, rules: Rules) -> Answer:
    """All fields but the comment at once: their statements depend on each other."""
    if (old.generated, old.virtual) != (new.generated, new.virtual) and not _keeps_expression_in_place(old, new, rules):
        return REPLACE
    return list(_in_place(old, new, rules))


def _keeps_expression_in_place(old: Column, new: Column, rules: Rules) -> bool:
    """DROP EXPRESSION keeps the values of a stored column; SET EXPRESSION is new in PostgreSQL 17."""
    if new.generated is None:
        return not old.virtual
    return old.generated is not None and old.virtual == new.virtual and rules.server >= 170000


def _in_place(old: Column, new: Column, rules: Rules) -> Iterable[Action]:
    retyped = (old.type, old.collation) != (new.type, new.collation)
    if old.identity is not None and new.identity is None:
        yield _action(new, _alter(new, raw("DROP IDENTITY")), early=True)
    if old.generated is not None and new.generated is None:
        yield _action(new, _alter(new, raw("DROP EXPRESSION")))
    if old.default is not None and (retyped or new.default is None):
        yield _action(new, _alter(new, raw("DROP DEFAULT")))
    if retyped:
        yield _retyping(old, new, rules)
    if new.generated is not None and old.generated != new.generated:
        change = sql("SET EXPRESSION AS ({of})", of=raw(new.generated))
        yield _action(new, _alter(new, change), Hazard.BRIEF_LOCK if new.virtual else Hazard.REWRITES_TABLE)
    if new.default is not None and (retyped or old.default != new.default):
        yield _action(new, _alter(new, sql("SET DEFAULT {default}", default=raw(new.default))))
    yield from _nullability(old, new, rules)
    if new.identity is not None and old.identity != new.identity:
        yield from _identity_change(old.identity, new, new.identity)
    if old.foreign_options != new.foreign_options:
        yield _action(new, _alter(new, _foreign.changed(old.foreign_options, new.foreign_options)))


def _nullability(old: Column, new: Column, rules: Rules) -> Iterable[Action]:
    if new.nullable and not old.nullable:
        yield _action(new, _alter(new, raw("DROP NOT NULL")))
    elif old.nullable and not new.nullable:
        set_not_null = _alter(new, raw("SET NOT NULL"))
        if _is_foreign(new):
            yield _action(new, set_not_null)
        elif rules.is_online(new.ident):
            yield from _not_null_by_check(new, set_not_null, rules)
        else:
            yield _action(new, set_not_null, Hazard.BLOCKS_READS, Hazard.MAY_FAIL)


def _not_null_by_check(column: Column, set_not_null: Sql, rules: Rules) -> Iterable[Action]:
    """SET NOT NULL does not scan where a valid check says the same (manual: ALTER TABLE, SET NOT NULL)."""
    assert column.owner is not None
    name = temporary("check", column.name, column.owner, rules)
    clause = sql(
        "ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID", name=Name(name), column=Name(column.name)
    )
    yield _action(column, clause)
    yield constraints.validation(name, column, rules)
    yield _action(column, set_not_null)
    yield _action(column, sql("DROP CONSTRAINT {name}", name=Name(name)))


def _retyping(old: Column, new: Column, rules: Rules) -> Action:
    own = {need.name for side in (rules.old, rules.new) for need in side.needs.get(new.ident, ()) if need.owner is None}
    how = retype(new.name, old.type, new.type, own)
    how = Retype(how.using, _hazards_of_retyping(old, new, rules))
    if _is_foreign(new):
        how = Retype(None, frozenset())  # there are no rows here, and USING is refused
    elif old.generated is not None:
        how = Retype(None, how.hazards)  # computed anew; USING is refused (manual: ALTER TABLE)
    elif not is_castable(old.type, new.type):
        raise NotConvergeable(
            f"{new.ident.text} cannot become {new.type}: PostgreSQL has no cast from {old.type}",
            hint="change it in two versions: add a column of the new type and fill it, then drop the old one",
        )
    return _retype_to(new, how)


def _hazards_of_retyping(old: Column, new: Column, rules: Rules) -> frozenset[Hazard]:
    """A domain is what it is made of, and one that has nothing to check is as well on the new side.

    Another collation puts the values of an index in another order: it is built anew.
    """
    was, becomes = _base(old.type, rules.old), _base(new.type, rules.new, checked=True)
    hazards = retype(new.name, was, becomes, ()).hazards
    if hazards == {Hazard.BRIEF_LOCK} and old.collation != new.collation and _is_indexed(old, rules):
        return frozenset({Hazard.BLOCKS_READS})
    return hazards


def _base(type_: str, side: Snapshot, *, checked: bool = False) -> str:
    """What a domain is made of, in turn; with `checked` only as long as it lets every value through."""
    names = [token.name for token in text.tokens(type_)]
    domain = side.get(Ident(Domain.kind, names[0])) if len(names) == 1 and names[0] is not None else None
    if not isinstance(domain, Domain) or (checked and (not domain.nullable or side.children(domain.ident))):
        return type_
    return _base(domain.type, side, checked=checked)


def _is_indexed(column: Column, rules: Rules) -> bool:
    users = (rules.old.get(user) for user in rules.old.dependants.get(column.ident, ()))
    return any(isinstance(user, BackedByIndex | Index) for user in users)


def _retype_to(column: Column, how: Retype) -> Action:
    parts = [sql("TYPE {type}", type=raw(column.type))]
    if column.collation is not None:
        parts.append(sql("COLLATE {collation}", collation=raw(column.collation)))
    if how.using is not None:
        parts.append(sql("USING {using}", using=how.using))
    return _action(column, _alter(column, join(" ", parts)), *how.hazards, disturbs="retype")


def _identity_change(old: Identity | None, new: Column, identity: Identity) -> Iterable[Action]:
    if old is None:
        yield _action(new, _alter(new, sql("ADD {identity}", identity=_generated_as_identity(identity))), late=True)
        yield _beyond_the_rows(new, identity)
        return
    changes = []
    if old.always != identity.always:
        changes.append(raw("SET GENERATED ALWAYS" if identity.always else "SET GENERATED BY DEFAULT"))
    changes += [sql("SET {option}", option=option) for option in counting.changes(old, new.type, identity, new.type)]
    yield _action(new, _alter(new, join(" ", changes)))


def _beyond_the_rows(column: Column, identity: Identity) -> Action:
    """Let a new identity count on from the rows that exist: it would give their values out again."""
    up = identity.increment > 0
    statement = sql(
        "SELECT setval(pg_get_serial_sequence({table}, {column}), {last}) FROM {rows} HAVING {last} {first}",
        table=Literal(text.quote(_table(column))),
        column=Literal(column.name),
        last=sql("max({name})" if up else "min({name})", name=Name(column.name)),
        first=raw(f">= {identity.minimum or 1}" if up else f"<= {identity.maximum or -1}"),
        rows=Name(_table(column)),
    )
    return Action(statement, lock=ACCESS_SHARE, late=True)


def _comment(_old: Column, new: Column, _rules: Rules) -> Iterable[Action]:
    yield comment(_on(new), new.comment, lock=SHARE_UPDATE_EXCLUSIVE)


def _rename(old: Column, new: Column, _rules: Rules) -> Iterable[Action]:
    yield Action(
        sql(
            "ALTER TABLE {table} RENAME COLUMN {old} TO {new}",
            table=Name(_table(old)),
            old=Name(old.name),
            new=Name(new.name),
        ),
        hazards=frozenset({Hazard.BRIEF_LOCK}),
        lock=ACCESS_EXCLUSIVE,
    )


def _release(column: Column, replaced: Ident, rules: Rules) -> Release | None:
    """Let go of a type by way of text, of a default's function or sequence by dropping the default. A column that is
    on its way to a type that needs nothing of the tenant does so by its own change.

    Neither step shares a statement with the column's other changes: no statement may change a type twice.
    """
    new = rules.new.get(column.ident)
    again = new if isinstance(new, Column) else column
    if column.generated is not None or _is_foreign(column):
        return None
    if isinstance(new, Column) and new.type != column.type and not rules.new.needs.get(column.ident):
        return Release((), ())
    before, after = [], []
    if column.default is not None:
        before.append(_action(column, _alter(column, raw("DROP DEFAULT"))))
    if is_own(column.type, {replaced.name}):
        by_way = sql("TYPE text USING {column}::text", column=Name(column.name))
        by_text = retype(column.name, _base(column.type, rules.old), "text", ()).hazards
        before.append(_action(column, _alter(column, by_way), *by_text, disturbs="retype"))
        back = sql("{column}::{type}", column=Name(column.name), type=raw(again.type))
        hazards = retype(column.name, "text", _base(again.type, rules.new, checked=True), ()).hazards
        after.append(_retype_to(again, Retype(back, hazards)))
    elif column.default is None:
        return None
    if again.default is not None:
        after.append(_action(again, _alter(again, sql("SET DEFAULT {default}", default=raw(again.default)))))
    return Release(tuple(_apart(before, "letting go")), tuple(_apart(after, "taking hold")))


def _apart(actions: Iterable[Action], step: str) -> Iterable[Action]:
    for action in actions:
        yield replace(action, folds=tuple(replace(fold, into=f"{fold.into}, {step}") for fold in action.folds))


def _claims(column: Column) -> Iterable[tuple[str, str]]:
    """The name that the server gives the sequence of an identity, if it is free."""
    if column.identity is not None:
        yield "relation", f"{_table(column)}_{column.name}_seq"


CELL: Final = Cell(
    struct=Column,
    weight=35,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=_drop,
    on=_on,
    rename=_rename,
    alter={
        "type": _change,
        "nullable": _change,
        "default": _change,
        "collation": _change,
        "identity": _change,
        "generated": _change,
        "virtual": _change,
        "foreign_options": _change,
        "comment": _comment,
    },
    holds_data=lambda column: column.generated is None and not _is_foreign(column),
    survives=frozenset({"reshape"}),
    release=_release,
    claims=_claims,
)
