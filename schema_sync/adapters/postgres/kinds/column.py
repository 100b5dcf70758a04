"""Columns of tables (manual: ALTER TABLE, catalogs pg_attribute, pg_attrdef and, for identity, pg_sequence)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, LiteralString

from schema_sync.adapters.kind import IGNORE, REBUILD_OWNER, REPLACE, Action, Answer, Question, Rules
from schema_sync.adapters.postgres import counting, stored, text
from schema_sync.adapters.postgres.cell import PG_CLASS, Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _counted as counted
from schema_sync.adapters.postgres.kinds import _family as family
from schema_sync.adapters.postgres.kinds import _foreign, _identity, _not_null, _typed, constraints
from schema_sync.adapters.postgres.kinds import _handed_on as handed_on
from schema_sync.adapters.postgres.kinds import _questions as questions
from schema_sync.adapters.postgres.kinds._column import alter, altering, is_foreign, on, settings, table_of
from schema_sync.adapters.postgres.kinds._retyping import release, retyping
from schema_sync.adapters.postgres.objects import Column, Domain, Function, Identity
from schema_sync.adapters.postgres.rules import (
    ACCESS_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    comment,
    commenting,
    table_being_altered,
    table_being_created,
    temporary,
)
from schema_sync.adapters.sql import Name, Sql, join, raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.plan import OF_ROWS, Hazard

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, c.oid AS objid, a.attnum::int AS objsubid, a.attname AS name,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL
            THEN format_type(a.atttypid, a.atttypmod) END AS type,
       a.attnotnull AS not_null, k.connoinherit AS no_inherit, k.convalidated AS not_null_validated,
       kd.description AS not_null_comment,
       {stored.COLUMN},
       a.attidentity AS identity, a.attgenerated AS generated,
       f.oid AS default_oid,
       CASE WHEN f.oid IS NOT NULL AND set_config('search_path', ns.sp, true) IS NOT NULL
            THEN pg_get_expr(f.adbin, f.adrelid) END AS expression,
       CASE WHEN a.attcollation <> t.typcollation AND set_config('search_path', ns.sp, true) IS NOT NULL
            THEN a.attcollation::regcollation::text END AS collation,
       format_type(s.seqtypid, NULL) AS sequence_type,
       s.seqstart AS start, s.seqincrement AS increment, s.seqmin AS minimum, s.seqmax AS maximum,
       s.seqcache AS cache, s.seqcycle AS cycle, coalesce(a.attfdwoptions, '{{}}') AS foreign_options,
       e.description AS comment,
       NOT (a.attislocal OR c.relispartition) AS inherited,
       q.relname AS sequence, CASE WHEN q.relpersistence <> c.relpersistence THEN q.relpersistence END AS persistence,
       sd.description AS sequence_comment, c.relname AS table_name
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
  LEFT JOIN pg_class q ON q.oid = s.seqrelid
  LEFT JOIN pg_description sd ON sd.objoid = q.oid AND sd.classoid = d.classid AND sd.objsubid = 0
  LEFT JOIN pg_constraint k ON a.attnotnull AND k.conrelid = c.oid AND k.contype = 'n' AND k.conkey[1] = a.attnum
  LEFT JOIN pg_description kd ON kd.objoid = k.oid AND kd.classoid = 'pg_constraint'::regclass AND kd.objsubid = 0
  LEFT JOIN pg_description e ON e.objoid = c.oid AND e.classoid = d.classid AND e.objsubid = a.attnum
 WHERE c.relkind IN ('r', 'p', 'f')
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
        not_null_no_inherit=bool(row.no_inherit),
        not_null_validated=row.not_null_validated is not False,
        not_null_comment=row.not_null_comment,
        default=None if row.generated else expression,
        collation=None if row.collation is None else reader.text(row.collation, ident),
        identity=_identity.read(row, reader) if row.identity and row.start is not None else None,
        generated=expression if row.generated else None,
        virtual=row.generated == "v",
        foreign_options=tuple(row.foreign_options),
        inherited=row.inherited,
        comment=row.comment,
        **stored.column_fields(row._asdict()),
    )


def _definition(column: Column, rules: Rules) -> Sql:
    """The column as CREATE TABLE and ADD COLUMN write it. A default of a parent's is only kept off by another."""
    options = _foreign.given(column.foreign_options)
    parts = [sql("{column} {type}{options}", column=Name(column.name), type=raw(column.type), options=options)]
    if column.collation is not None:
        parts.append(sql("COLLATE {collation}", collation=raw(column.collation)))
    if column.generated is not None:
        stored = raw("VIRTUAL" if column.virtual else "STORED")
        parts.append(sql("GENERATED ALWAYS AS ({of}) {stored}", of=raw(column.generated), stored=stored))
    if column.default is not None:
        parts.append(sql("DEFAULT {default}", default=raw(column.default)))
    elif any(one.default is not None for one in family.same_above(column, rules.new)) and column.generated is None:
        parts.append(sql("DEFAULT NULL"))
    if column.identity is not None:
        parts.append(_identity.generated_as(column, column.identity))
    if not column.nullable and column.not_null_validated:
        parts.append(raw("NOT NULL NO INHERIT" if column.not_null_no_inherit else "NOT NULL"))
    return join(" ", parts)


def _create(column: Column, rules: Rules) -> Iterable[Action]:
    on_new_table = column.owner not in rules.old or family.is_remade(column.owner, rules)
    for action in _making(column, rules, on_new_table):
        yield action if on_new_table else _where_rows_are(action, column, rules)


def _making(column: Column, rules: Rules, on_new_table: bool) -> Iterable[Action]:
    by_then = handed_on.at_first(column, rules)
    if by_then is not None:
        for action in _in_place(by_then, column, rules):
            yield replace(action, hazards=frozenset(), lock=None) if on_new_table else action
    else:
        apart = column.identity if not on_new_table and _has_heirs(column, rules) else None
        yield _adding(column if apart is None else handed_on.changed(column, identity=None), rules, on_new_table)
        if apart is not None:  # which the server adds to no table with heirs, and gives to none of these
            yield from _identity_change(None, column, apart, rules)
        if not column.nullable and not column.not_null_validated:
            for action in _set_not_null(column, rules):
                yield replace(action, hazards=frozenset(), lock=None if on_new_table else ACCESS_EXCLUSIVE)
        yield from settings(None, column, rules)
        if column.identity is not None and apart is None:
            yield from _identity.of_sequence(None, column, column.identity, rules)
        if column.not_null_comment is not None:
            yield _not_null.commenting(column)
    if column.comment is not None:
        yield comment(on(column), column.comment, lock=None if on_new_table else SHARE_UPDATE_EXCLUSIVE)


def _has_heirs(column: Column, rules: Rules) -> bool:
    """Whether others inherit from the table, before or after. Partitions are none here: they have its identity."""
    sides = (rules.old, rules.new)
    tables = [family.table_of(column.owner, side) for side in sides]
    is_partitioned = any(table is not None and table.partition_by is not None for table in tables)
    return not is_partitioned and any(family.heirs(column.owner, side) for side in sides if column.owner is not None)


def _adding(column: Column, rules: Rules, on_new_table: bool) -> Action:
    """ADD COLUMN, or a clause of CREATE TABLE. The heirs get it too; what they have of their own is made before."""
    definition = _definition(column, rules)
    clause = sql("ADD COLUMN {definition}", definition=definition)
    heirs = family.takers(column, rules.new, rules)
    table = family.table_of(column.owner, rules.new)
    if table is not None and handed_on.is_of_type(table, rules):
        definition = _definition(handed_on.changed(column, type="WITH OPTIONS", collation=None), rules)
    return Action(
        sql("ALTER TABLE {table} {clause}", table=Name(table_of(column)), clause=clause),
        hazards=frozenset() if on_new_table else frozenset(_hazards_of_adding(column, rules)),
        lock=None if on_new_table else ACCESS_EXCLUSIVE,
        questions=_questions_of_adding(column, rules),
        along=family.idents(heir for heir in heirs if family.comes_from_parents(heir, rules.new)),
        follows=family.idents(heir for heir in heirs if not family.comes_from_parents(heir, rules.new)),
        folds=(table_being_created(table_of(column), definition), table_being_altered(table_of(column), clause)),
    )


def _hazards_of_adding(column: Column, rules: Rules) -> Iterable[Hazard]:
    """A rewrite where rows that exist get values of their own, or a domain has to be checked for each of them."""
    if is_foreign(column) and all(map(is_foreign, family.takers(column, rules.new, rules))):
        return
    computed = column.identity is not None or (column.generated is not None and not column.virtual)
    others = set() if column.default is None else text.calls(column.default) - _SAME_FOR_ALL_ROWS
    volatile = bool(others) and not others <= _steady(rules)
    checked = any(_is_constrained(need, rules) for need in rules.new.needs.get(column.ident, ()))
    if computed or volatile or checked:
        yield Hazard.REWRITES_TABLE
    if _lacks_values(column):
        yield from (Hazard.BLOCKS_READS, Hazard.MAY_FAIL)


def _lacks_values(column: Column) -> bool:
    """Whether a new column is refused as soon as there is a row."""
    filled = column.identity is not None or column.generated is not None or column.default is not None
    return not column.nullable and column.not_null_validated and not filled and not is_foreign(column)


def _questions_of_adding(column: Column, rules: Rules) -> tuple[Question, ...]:
    return questions.any_rows(column, rules) if _lacks_values(column) else ()


def _steady(rules: Rules) -> set[str]:
    """The names of the tenant's own functions of which none that is called so is volatile."""
    functions = [obj for obj in rules.new if isinstance(obj, Function)]
    names = {volatile: set[str]() for volatile in (True, False)}
    for function in functions:
        names[function.volatility == "volatile"].add(function.name.partition("(")[0])
    return names[False] - names[True]


def _is_constrained(type_: Ident, rules: Rules) -> bool:
    """Whether a type is a domain that refuses values, NULL among them, or is over one that does."""
    domain = rules.new.get(type_)
    if not isinstance(domain, Domain):
        return False
    return stored.refuses_values(domain, rules.new) or any(
        _is_constrained(need, rules) for need in rules.new.needs.get(type_, ())
    )


def _drop(column: Column, rules: Rules) -> Iterable[Action]:
    if handed_on.goes_by_itself(column, rules):
        return
    clause = sql("DROP COLUMN {column}", column=Name(column.name))
    heirs = family.takers(column, rules.old, rules)
    along = family.idents(heir for heir in heirs if family.comes_from_parents(heir, rules.old))
    if column.generated is not None or is_foreign(column):
        action = altering(column, clause, along=along)
    else:
        note = f"the values of {table_of(column)}.{column.name} are lost"
        action = altering(column, clause, Hazard.DELETES_DATA, note=note, along=along)
    yield replace(action, follows=family.idents(family.givers(column, rules.old, rules)))


def _change(old: Column, new: Column, rules: Rules) -> Answer:
    """All fields but the comment at once: their statements depend on each other."""
    if handed_on.is_replaced(old, new, rules):
        return REPLACE
    if family.is_remade(new.owner, rules):
        return REBUILD_OWNER
    actions = list(_in_place(handed_on.expected(old.ident, rules), new, rules))
    for by_then, heir in handed_on.disturbed(new, rules):
        back = _in_place(by_then, heir, rules)
        actions += (replace(action, completes=action.completes | {heir.ident}) for action in back)
    return [_where_rows_are(action, new, rules) for action in actions]


def _where_rows_are(action: Action, column: Column, rules: Rules) -> Action:
    """The action; of a partitioned table to which no partition is attached by then, without what it does to rows."""
    if column.owner is None or family.reaches_rows(column.owner, rules):
        return action
    return replace(action, hazards=action.hazards - OF_ROWS)


def _inherited(_old: Column, new: Column, rules: Rules) -> Answer:
    """Whether it is inherited follows from what is done to its table, or the table is written anew."""
    return REBUILD_OWNER if new.owner is not None and family.is_remade(new.owner, rules) else IGNORE


def _in_place(old: Column, new: Column, rules: Rules) -> Iterable[Action]:
    """The statements that make `new` of `old`; what they do to the heirs' columns, `handed_on` knows."""
    retyped = (old.type, old.collation) != (new.type, new.collation)
    along = family.idents(family.takers(new, rules.new, rules))
    here = not handed_on.is_everywhere(new, "default", rules)
    if old.identity is not None and new.identity is None:
        if counted.successor(new.ident, rules) is not None:
            yield counted.remember_identity(new, early=True)
        alone = altering(new, alter(new, raw("DROP IDENTITY")), early=True)
        # No statement may drop an identity and take the column out of the integers (transformAlterTableStmt).
        yield replace(alone, folds=()) if retyped else alone
    if old.generated is not None and new.generated is None:
        yield altering(new, alter(new, raw("DROP EXPRESSION")), along=along)
    if retyped and handed_on.default_is_in_the_way(old, rules):
        yield altering(new, alter(new, raw("DROP DEFAULT")), along=along)
    elif old.default is not None and new.default is None:
        yield altering(new, alter(new, raw("DROP DEFAULT")), only=here, along=frozenset() if here else along)
    if retyped:
        yield replace(retyping(old, new, rules), along=along)
    if new.generated is not None and old.generated != new.generated:
        change = sql("SET EXPRESSION AS ({of})", of=raw(new.generated))
        hazard = Hazard.BRIEF_LOCK if new.virtual else Hazard.REWRITES_TABLE
        yield altering(new, alter(new, change), hazard, along=along)
    if new.default is not None and (retyped or old.default != new.default):
        change = sql("SET DEFAULT {default}", default=raw(new.default))
        yield altering(new, alter(new, change), only=here, along=frozenset() if here else along)
    yield from settings(old, new, rules, retyped=retyped)
    yield from _nullability(old, new, rules)
    if new.identity is not None and old.identity != new.identity:
        yield from _identity_change(old.identity, new, new.identity, rules)
    if old.foreign_options != new.foreign_options:
        yield altering(new, alter(new, _foreign.changed(old.foreign_options, new.foreign_options)))


def _nullability(old: Column, new: Column, rules: Rules) -> Iterable[Action]:
    """SET and DROP NOT NULL. SET validates what is NOT VALID; the way back, and NO INHERIT, are made anew."""
    here = not handed_on.nullability_is_handed_on(new, rules)
    along = frozenset[Ident]() if here else family.idents(family.takers(new, rules.new, rules))
    weaker = old.not_null_validated and not new.not_null_validated
    anew = not new.nullable and (weaker or old.not_null_no_inherit != new.not_null_no_inherit)
    if not old.nullable and (new.nullable or anew):
        yield altering(new, alter(new, raw("DROP NOT NULL")), only=here, along=along)
    if not new.nullable and (old.nullable or anew or not old.not_null_validated):
        for action in _set_not_null(new, rules, only=here):
            yield replace(action, along=along)
    said = None if old.nullable or anew else old.not_null_comment
    if not new.nullable and said != new.not_null_comment:
        yield _not_null.commenting(new)


def _set_not_null(column: Column, rules: Rules, *, only: bool = False) -> Iterable[Action]:
    """NOT NULL of a column that is there: SET, or a constraint where that has more to say (PostgreSQL 18)."""
    set_not_null = alter(column, raw("SET NOT NULL"))
    scans = {Hazard.BLOCKS_READS, Hazard.MAY_FAIL} if column.not_null_validated and not is_foreign(column) else set()
    asked = questions.without_value(column, rules, only=only) if scans else ()
    if column.not_null_no_inherit or not column.not_null_validated:
        how = [raw("NO INHERIT")] if column.not_null_no_inherit else []
        how += [] if column.not_null_validated else [raw("NOT VALID")]
        clause = sql("ADD NOT NULL {column} {how}", column=Name(column.name), how=join(" ", how))
        yield altering(column, clause, *scans, questions=asked)
    elif _spares_users(column, rules):
        yield from _not_null_by_check(column, set_not_null, rules, only=only)
    else:
        yield altering(column, set_not_null, *scans, only=only, questions=asked)


def _spares_users(column: Column, rules: Rules) -> bool:
    """Whether the table, or what a statement on it passes on to, has users who must not be kept waiting."""
    return family.is_spared(column.owner, rules) and not is_foreign(column)


def _not_null_by_check(column: Column, set_not_null: Sql, rules: Rules, *, only: bool) -> Iterable[Action]:
    """SET NOT NULL does not scan where a valid check says the same (manual: ALTER TABLE, SET NOT NULL).

    A statement that drops the check as well does so first (tablecmds.c, AT_PASS_DROP), and scans.
    """
    assert column.owner is not None
    name = temporary("check", column.name, column.owner, rules)
    clause = sql(
        "ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL){inherit} NOT VALID",
        name=Name(name),
        column=Name(column.name),
        inherit=sql(" NO INHERIT" if only else ""),
    )
    yield altering(column, clause, only=only)
    yield constraints.validation(name, column, rules, questions.without_value(column, rules, only=only))
    yield altering(column, set_not_null, only=only)
    yield replace(altering(column, sql("DROP CONSTRAINT {name}", name=Name(name)), only=only), folds=())


def _identity_change(old: Identity | None, new: Column, identity: Identity, rules: Rules) -> Iterable[Action]:
    if old is None:
        change = sql("ADD {identity}", identity=_identity.generated_as(new, identity))
        yield altering(new, alter(new, change), late=True)
        yield from _identity.of_sequence(None, new, identity, rules)
        if not is_foreign(new):  # its rows are elsewhere, and not every wrapper can read them
            former = counted.former(new.ident, rules)
            follows = frozenset() if former is None else frozenset({former.ident})
            on = counted.of_identity(new.ident)
            yield counted.count_on(on, new.ident, identity, remembered=former is not None, follows=follows)
        return
    changes = []
    if old.always != identity.always:
        changes.append(raw("SET GENERATED ALWAYS" if identity.always else "SET GENERATED BY DEFAULT"))
    changes += [sql("SET {option}", option=option) for option in counting.changes(old, new.type, identity, new.type)]
    if changes:
        yield altering(new, alter(new, join(" ", changes)))
    yield from _identity.of_sequence(old, new, identity, rules)


def _rename(old: Column, new: Column, rules: Rules) -> Iterable[Action]:
    """RENAME COLUMN, for the heirs too. In tables of a type it is the attribute that is renamed, for all of them: by
    the type, where that was told, else here.
    """
    if family.comes_from_parents(new, rules.new) and family.givers(new, rules.new, rules):
        return
    tables = [family.table_of(new.owner, side) for side in (rules.old, rules.new)]
    type_ = _typed.type_of(tables[0], rules.old)
    if type_ is not None and _typed.renamed(type_, rules) != type_:
        if new.owner == _typed.tables(type_, rules.old)[0]:
            yield _typed.rename(type_, old.name, new.name)
        return
    if all(table is not None and table.of_type is not None for table in tables):
        return
    yield Action(
        sql(
            "ALTER TABLE {table} RENAME COLUMN {old} TO {new}",
            table=Name(table_of(old)),
            old=Name(old.name),
            new=Name(new.name),
        ),
        hazards=frozenset({Hazard.BRIEF_LOCK}),
        lock=ACCESS_EXCLUSIVE,
    )


def _claims(column: Column) -> Iterable[tuple[str, str]]:
    """The name of the sequence of an identity."""
    if column.identity is not None:
        yield "relation", _identity.sequence(column, column.identity)


CELL: Final = Cell(
    struct=Column,
    weight=35,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=_drop,
    on=on,
    rename=_rename,
    alter={
        "type": _change,
        "nullable": _change,
        "not_null_no_inherit": _change,
        "not_null_validated": _change,
        "not_null_comment": _change,
        "default": _change,
        "collation": _change,
        "identity": _change,
        "generated": _change,
        "virtual": _change,
        "storage": _change,
        "compression": _change,
        "statistics": _change,
        "options": _change,
        "foreign_options": _change,
        "inherited": _inherited,
        "comment": commenting(on, SHARE_UPDATE_EXCLUSIVE),
    },
    holds_data=lambda column: column.generated is None and not is_foreign(column),
    survives=frozenset({"reshape"}),
    release=release,
    claims=_claims,
)
