"""What all rules of columns share: how statements name a column, and the subcommands of ALTER TABLE."""

from __future__ import annotations

from collections.abc import Iterable

from schema_sync.adapters.kind import Action, Question, Rules
from schema_sync.adapters.postgres import stored
from schema_sync.adapters.postgres.kinds import _family as family
from schema_sync.adapters.postgres.objects import Column, ForeignTable
from schema_sync.adapters.postgres.rules import ACCESS_EXCLUSIVE, table_being_altered
from schema_sync.adapters.sql import Name, Sql, sql
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard


def table_of(column: Column) -> str:
    """The name of its table."""
    assert column.owner is not None
    return column.owner.name


def on(column: Column) -> Sql:
    """What COMMENT ON calls it."""
    return sql("COLUMN {column}", column=Name(table_of(column), column.name))


def altering(
    column: Column,
    clause: Sql,
    *hazards: Hazard,
    disturbs: str | None = None,
    note: str | None = None,
    early: bool = False,
    late: bool = False,
    only: bool = False,
    along: frozenset[Ident] = frozenset(),
    questions: tuple[Question, ...] = (),
) -> Action:
    """One subcommand of ALTER TABLE on a table that exists; all of them take ACCESS EXCLUSIVE.

    `only` is for what the heirs do not share, `along` are those of their columns that it reaches.
    """
    return Action(
        sql(
            "ALTER TABLE {only}{table} {clause}",
            only=sql("ONLY ") if only else Sql(()),
            table=Name(table_of(column)),
            clause=clause,
        ),
        hazards=frozenset(hazards or {Hazard.BRIEF_LOCK}),
        lock=ACCESS_EXCLUSIVE,
        disturbs=disturbs,
        note=note,
        early=early,
        late=late,
        along=along,
        questions=questions,
        folds=(table_being_altered(table_of(column), clause, only=only),),
    )


def is_foreign(column: Column) -> bool:
    """Whether it is a foreign table's, which has no rows to look at or to lose."""
    return column.owner is not None and column.owner.kind == ForeignTable.kind


def alter(column: Column, change: Sql) -> Sql:
    """The clause of ALTER TABLE."""
    return sql("ALTER COLUMN {column} {change}", column=Name(column.name), change=change)


def settings(old: Column | None, new: Column, rules: Rules, *, retyped: bool = False) -> Iterable[Action]:
    """How the values are kept. A setting that readers need not wait for shares no statement with one that they do.

    Some of the settings are handed on to heirs and some are not, so each column says its own. What reads a new column
    need not wait for them.
    """
    is_new = new.owner not in rules.old or family.is_remade(new.owner, rules)
    alone = new.owner is not None and bool(family.heirs(new.owner, rules.new))

    def change(clause: Sql, lock: str) -> Action:
        whole = alter(new, clause)
        return Action(
            sql(
                "ALTER TABLE {only}{table} {clause}",
                only=sql("ONLY ") if alone else Sql(()),
                table=Name(table_of(new)),
                clause=whole,
            ),
            hazards=frozenset() if is_new or lock != ACCESS_EXCLUSIVE else frozenset({Hazard.BRIEF_LOCK}),
            lock=None if is_new else lock,
            late=old is None,
            folds=(table_being_altered(table_of(new), whole, only=alone),),
        )

    base = stored.base_type(new.type, new.ident, rules.new)
    return stored.column_settings(old, new, change, base=base, rules=rules, retyped=retyped)
