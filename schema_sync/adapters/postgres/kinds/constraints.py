"""What the cells of constraints have in common: the statements that PostgreSQL spells alike.

Manual: ALTER TABLE (locks and scans of ADD, VALIDATE and DROP CONSTRAINT), catalog pg_constraint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from schema_sync.adapters.kind import IGNORE, REPLACE, Action, Alter, Answer, Apart, Create, Question, Rules, Verdict
from schema_sync.adapters.postgres import stored
from schema_sync.adapters.postgres.kinds import _attached as attached
from schema_sync.adapters.postgres.kinds import _family as family
from schema_sync.adapters.postgres.kinds import _questions as questions
from schema_sync.adapters.postgres.kinds._retyping import goes_with_a_collation
from schema_sync.adapters.postgres.objects import BackedByIndex, Check, Exclusion, ForeignKey, Index, PrimaryKey, Unique
from schema_sync.adapters.postgres.rules import (
    ACCESS_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    comment,
    table_being_created,
    temporary,
)
from schema_sync.adapters.sql import Name, Sql, join, names, sql
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject
from schema_sync.model.plan import Hazard


def table_of(obj: SchemaObject) -> Name:
    """The table or materialized view that a constraint or index belongs to."""
    assert obj.owner is not None
    return Name(obj.owner.name)


def is_new(obj: SchemaObject, rules: Rules) -> bool:
    """Whether the plan creates the table, so that it has no rows and nobody waits for it."""
    return obj.owner not in rules.old


def add(
    obj: SchemaObject,
    clause: Sql,
    rules: Rules,
    *,
    lock: str = ACCESS_EXCLUSIVE,
    hazards: frozenset[Hazard] = frozenset({Hazard.BLOCKS_READS, Hazard.MAY_FAIL}),
    harmless: bool | None = None,
    folds: bool = True,
    later: bool = False,
    along: frozenset[Ident] = frozenset(),
    after: frozenset[Ident] = frozenset(),
    follows: frozenset[Ident] = frozenset(),
    reaches: bool = False,
    asked: tuple[Question, ...] = (),
) -> Iterable[Action]:
    """ADD CONSTRAINT and its comments; a clause of CREATE TABLE where `harmless`, by default where the table is new.

    `folds` is whether CREATE TABLE knows it: that takes NOT VALID for an empty table's, and forgets it. With `later`
    the clause says NOT VALID, and the rows are held against it in a transaction of their own.
    """
    assert obj.owner is not None
    clause = sql("CONSTRAINT {name} {clause}", name=Name(obj.name), clause=clause)
    if harmless is None:
        harmless = is_new(obj, rules)
    alone = isinstance(obj, BackedByIndex) and not isinstance(obj, Exclusion)
    only = attached.only(obj.owner, rules) if alone else Sql(())
    locks = not harmless and (reaches or not is_made(obj, rules))
    if not locks or (alone and family.is_partitioned(obj.owner, rules.new)):  # no rows of its own to read
        hazards -= {Hazard.BLOCKS_READS, Hazard.BLOCKS_WRITES, Hazard.BRIEF_LOCK}
    yield Action(
        sql("ALTER TABLE {only}{table} ADD {clause}", only=only, table=table_of(obj), clause=clause),
        hazards=frozenset() if harmless else hazards,
        lock=lock if locks else None,
        along=along,
        after=after,
        follows=follows | partitions_that_come_first(obj, rules),
        reaches=reaches and not harmless,
        questions=() if later else asked,
        folds=(table_being_created(obj.owner.name, clause),) if harmless and folds else (),
    )
    yield from attachment(obj, rules)
    yield from comments(obj)
    if later:
        validate = validation(obj.name, obj, rules, asked)
        yield replace(validate, along=frozenset(), completes=validate.along)
    if isinstance(obj, BackedByIndex):
        yield from stored.held_by_relation(obj, rules)


def drop(obj: SchemaObject, rules: Rules) -> Iterable[Action]:
    """DROP CONSTRAINT: quick, but it waits for all readers. That of a foreign key waits on both tables.

    A partition's part of an index of its parent's goes with that, and cannot go before.
    """
    if isinstance(obj, BackedByIndex) and goes_with_parents(obj, rules):
        return
    yield Action(
        sql("ALTER TABLE {table} DROP CONSTRAINT {name}", table=table_of(obj), name=Name(obj.name)),
        hazards=frozenset({Hazard.BRIEF_LOCK}),
        lock=ACCESS_EXCLUSIVE,
        along=parts(obj, rules),
    )


def goes_with_parents(obj: BackedByIndex | Index, rules: Rules) -> bool:
    """Whether a partition's index is dropped together with that of the parent which it is a part of."""
    above = attached.index_above(obj, rules.old)
    return above is not None and obj.owner is not None and above.owner in family.holding(obj.owner, rules)


def parts(obj: SchemaObject, rules: Rules) -> frozenset[Ident]:
    """The partitions' indexes that are a part of one that is dropped, at any depth, of those that stay attached."""
    if obj.owner is None or not isinstance(obj, BackedByIndex | Index):
        return frozenset()
    found, names = set[Ident](), {(obj.owner, obj.name)}
    for heir in family.below(obj.owner, rules):
        for one in rules.old.children(heir):
            above = attached.index_above(one, rules.old) if isinstance(one, BackedByIndex | Index) else None
            if above is not None and (above.owner, above.name) in names:
                found.add(one.ident)
                names.add((heir, one.name))
    return frozenset(found)


def partitions_that_come_first(obj: SchemaObject, rules: Rules) -> frozenset[Ident]:
    """The partitions that are there before an index of which they have no part: to attach them later would make one."""
    if obj.owner is None or not isinstance(obj, BackedByIndex | Index) or obj.valid:
        return frozenset()
    return frozenset(family.heirs(obj.owner, rules.new)) if family.is_partitioned(obj.owner, rules.new) else frozenset()


def attachment(obj: SchemaObject, rules: Rules, *, is_there: bool = False) -> Iterable[Action]:
    """ALTER INDEX … ATTACH PARTITION, where attaching the table does not find the two by itself."""
    if not isinstance(obj, BackedByIndex | Index) or obj.attached_to is None or obj.owner is None:
        return
    above = attached.index_above(obj, rules.new)
    if above is None or above.owner is None:
        return
    holds = family.holds(obj.owner, above.owner, rules) or family.maker(above.owner, rules) is not None
    if holds or not above.valid:
        yield Action(
            sql("ALTER INDEX {above} ATTACH PARTITION {index}", above=Name(obj.attached_to), index=Name(obj.name)),
            # On the two indexes, as far as they are there: the tables are only read.
            lock=ACCESS_EXCLUSIVE if is_there else SHARE_UPDATE_EXCLUSIVE if _stays(above, rules) else None,
            after=frozenset({above.ident, obj.owner}),
            follows=frozenset({above.ident}),
            completes=frozenset(attached.indexes_above(obj, rules.new)),
        )


def _stays(index: BackedByIndex | Index, rules: Rules) -> bool:
    """Whether an index that others are attached to is there and is not replaced."""
    old = rules.old.get(index.ident)
    if old is None or family.is_remade(index.owner, rules) or goes_with_a_collation(old, rules):
        return False
    before, after = old.fields(), index.fields()
    differs = {name for name, value in after.items() if before.get(name) != value}
    above = attached.index_above(index, rules.new)  # one that is replaced takes along what is attached to it
    return differs <= ({"comment", "valid"} if index.valid else {"comment"}) and (above is None or _stays(above, rules))


def is_made(obj: SchemaObject, rules: Rules) -> bool:
    """Whether the plan makes the table, be it in place of another."""
    return is_new(obj, rules) or family.is_remade(obj.owner, rules)


def alter_attached_to(old: Any, new: Any, rules: Rules) -> Answer:
    """A part of an index of the parent's: attached in place, and let go of only together with its table."""
    moves = new.owner is not None and not _stays_attached(old, rules)
    if new.attached_to is None:
        return IGNORE if moves else REPLACE
    if old.attached_to is not None and not moves:
        return REPLACE
    return list(attachment(new, rules, is_there=True))


def _stays_attached(index: BackedByIndex | Index, rules: Rules) -> bool:
    above = attached.index_above(index, rules.old)
    return above is not None and index.owner is not None and above.owner in family.holding(index.owner, rules)


def alter_valid(_old: Any, new: Any, rules: Rules) -> Verdict:
    """An index of a partitioned table becomes valid when the last partition's is attached to it."""
    return IGNORE if new.valid and family.is_partitioned(new.owner, rules.new) else REPLACE


def rename(old: SchemaObject, new: Any, rules: Rules) -> Iterable[Action]:
    """RENAME CONSTRAINT, which renames its index as well, and what heirs have of it.

    The server refuses it for a table of a type as if it were a column's (renameatt_check). There the index is renamed,
    which renames the constraint; what has none is renamed while the table is of no type.
    """
    if isinstance(new, Check) and family.comes_from_parents(new, rules.new) and family.givers(new, rules.new, rules):
        return
    table = family.table_of(new.owner, rules.old)
    is_typed = table is not None and table.of_type is not None
    if is_typed and isinstance(new, BackedByIndex):
        renaming = sql("ALTER INDEX {old} RENAME TO {new}", old=Name(old.name), new=Name(new.name))
        yield Action(renaming, lock=SHARE_UPDATE_EXCLUSIVE)
        return
    if table is not None and is_typed:
        yield replace(attached.not_of_type(table, rules), precedes=frozenset())
    yield Action(
        sql(
            "ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}",
            table=table_of(old),
            old=Name(old.name),
            new=Name(new.name),
        ),
        hazards=frozenset({Hazard.BRIEF_LOCK}),
        lock=ACCESS_EXCLUSIVE,
    )
    if table is not None and is_typed:
        yield replace(attached.of_type(table, rules), late=False, follows=frozenset())


def _becomes_valid(check: Check, rules: Rules) -> bool:
    """Whether a check of a parent's is validated, for its heirs too."""
    before = rules.old.get(check.ident)
    return isinstance(before, Check) and check.validated and not before.validated


def validate(_old: SchemaObject, new: Any, rules: Rules) -> Iterable[Action]:
    """VALIDATE CONSTRAINT, which lets readers and writers go on; the way back is to replace the constraint."""
    if isinstance(new, Check) and any(_becomes_valid(one, rules) for one in family.givers(new, rules.new, rules)):
        return
    asked = questions.refused(new, rules) if isinstance(new, Check) else questions.orphans(new, rules)
    yield validation(new.name, new, rules, asked)


def validation(name: str, obj: SchemaObject, rules: Rules, asked: tuple[Question, ...] = ()) -> Action:
    """VALIDATE CONSTRAINT on the table of an object. In the transaction that made the constraint NOT VALID it would
    scan under that one's lock.
    """
    return Action(
        sql("ALTER TABLE {table} VALIDATE CONSTRAINT {name}", table=table_of(obj), name=Name(name)),
        hazards=frozenset({Hazard.MAY_FAIL}),
        lock=SHARE_UPDATE_EXCLUSIVE,
        apart=Apart.LAST if family.is_spared(obj.owner, rules) else None,
        questions=asked,
        along=family.idents(family.takers(obj, rules.new, rules)) if isinstance(obj, Check) else frozenset(),
    )


def add_key(key: PrimaryKey | Unique, kind: Sql, rules: Rules, *, nulls_not_distinct: bool = False) -> Iterable[Action]:
    """ADD PRIMARY KEY or UNIQUE (`kind`), with its index.

    Where the table's users must not wait, the index is built before, CONCURRENTLY, and becomes the constraint's
    (manual: ALTER TABLE, ADD table_constraint_using_index), which gives it its name. That is for B-trees alone.
    """
    keys, include, options = columns(key), included(key.include), kept(key)
    nulls = sql(" NULLS NOT DISTINCT") if nulls_not_distinct else Sql(())
    if key.without_overlaps or not family.is_online(key, rules):
        clause = sql(
            "{kind}{nulls} {keys}{include}{options}{deferral}",
            kind=kind,
            nulls=nulls,
            keys=keys,
            include=include,
            options=options,
            deferral=deferral(key),
        )
        yield from add(key, clause, rules, asked=questions.repeated(key, rules))
        return
    assert key.owner is not None
    name = Name(temporary("index", key.name, key.owner, rules))
    yield Action(
        sql(
            "CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} {keys}{include}{nulls}{options}",
            name=name,
            table=table_of(key),
            keys=keys,
            include=include,
            nulls=nulls,
            options=join("", [storage(key.options), in_tablespace(key.tablespace)]),
        ),
        hazards=frozenset({Hazard.MAY_FAIL}),
        lock=SHARE_UPDATE_EXCLUSIVE,
        questions=questions.repeated(key, rules),
        in_transaction=False,
        apart=Apart.LAST,
        builds=True,
        sweep=sql("DROP INDEX CONCURRENTLY IF EXISTS {name}", name=name),
    )
    using = sql("{kind} USING INDEX {name}{deferral}", kind=kind, name=name, deferral=deferral(key))
    yield from add(key, using, rules, hazards=frozenset({Hazard.BRIEF_LOCK}), folds=False)


def build_anew(old: PrimaryKey | Unique, new: Any, rules: Rules, create: Create) -> Answer:
    """Replace a key; where the table's users must not wait, the new one's index is there before the old one goes, so
    that there is no moment without a key.

    The foreign keys that rely on it go and come with it, in the same transaction: their rows are looked at later.
    """
    is_part = old.attached_to is not None or new.attached_to is not None
    users = rules.old.dependants.get(old.ident, frozenset())
    may_stay = not is_part and all(isinstance(rules.old[user], ForeignKey) for user in users)
    if not family.is_online(new, rules) or not may_stay or new.without_overlaps:
        return REPLACE
    answer = create(new, rules)
    assert not isinstance(answer, Verdict)
    build, adding, *further = answer
    relying = frozenset(users)
    return [
        replace(build, precedes=relying),
        *(replace(action, around=relying) for action in drop(old, rules)),
        replace(adding, around=relying),
        *further,
    ]


def is_checked_later(obj: Any, rules: Rules) -> bool:
    """Whether the rows that exist are held against a new constraint in a transaction of its own."""
    online = family.is_spared(obj.owner, rules) if isinstance(obj, Check) else family.is_online(obj, rules)
    return bool(obj.enforced and obj.validated and online)


def deferral(obj: Any) -> Sql:
    """DEFERRABLE and INITIALLY DEFERRED, where they are not the default."""
    if obj.initially_deferred:
        return sql(" DEFERRABLE INITIALLY DEFERRED")
    return sql(" DEFERRABLE") if obj.deferrable else Sql(())


def checking(obj: Any, rules: Rules) -> Sql:
    """NOT ENFORCED or NOT VALID, where rows that exist are not held against it, or not yet."""
    if not obj.enforced:
        return sql(" NOT ENFORCED")
    return sql(" NOT VALID") if is_checked_later(obj, rules) or not obj.validated else Sql(())


def on_constraint(obj: SchemaObject) -> Sql:
    """What COMMENT ON calls a constraint."""
    return sql("CONSTRAINT {name} ON {table}", name=Name(obj.name), table=table_of(obj))


def comments(obj: Any) -> Iterable[Action]:
    """The comments of a constraint that was just made."""
    if obj.comment is not None:
        yield comment(on_constraint(obj), obj.comment)
    if isinstance(obj, BackedByIndex) and obj.index_comment is not None:
        yield comment(sql("INDEX {name}", name=Name(obj.name)), obj.index_comment)


def alter_comment(_old: Any, new: Any, _rules: Rules) -> Iterable[Action]:
    """The comment of a constraint, which locks nothing but the constraint."""
    yield comment(on_constraint(new), new.comment)


def alter_index_comment(_old: Any, new: Any, _rules: Rules) -> Iterable[Action]:
    """The comment of an index, be it a constraint's."""
    yield comment(sql("INDEX {name}", name=Name(new.name)), new.index_comment, lock=SHARE_UPDATE_EXCLUSIVE)


def columns(key: PrimaryKey | Unique) -> Sql:
    """The columns of a key in parentheses."""
    tail = sql(" WITHOUT OVERLAPS") if key.without_overlaps else Sql(())
    return sql("({columns}{tail})", columns=names(key.columns), tail=tail)


def included(those: tuple[str, ...]) -> Sql:
    """INCLUDE, where there is something to include."""
    return sql(" INCLUDE ({columns})", columns=names(those)) if those else Sql(())


def storage(options: tuple[str, ...]) -> Sql:
    """WITH (…), where there are storage parameters."""
    return sql(" WITH ({options})", options=stored.pairs(options)) if options else Sql(())


def in_tablespace(name: str | None) -> Sql:
    """TABLESPACE, where it is not the database's own."""
    return Sql(()) if name is None else sql(" TABLESPACE {name}", name=Name(name))


def kept(obj: BackedByIndex) -> Sql:
    """WITH (…) and USING INDEX TABLESPACE of a constraint."""
    if obj.tablespace is None:
        return storage(obj.options)
    return join("", [storage(obj.options), sql(" USING INDEX"), in_tablespace(obj.tablespace)])


def alter_options(old: Any, new: Any, rules: Rules) -> Answer:
    """ALTER INDEX SET and RESET, for an index of its own or a constraint's.

    An index of a partitioned table, which holds nothing, has no such statement.
    """
    if family.is_partitioned(new.owner, rules.new):
        return REPLACE
    return list(stored.settings(sql("INDEX {index}", index=Name(new.name)), old.options, new.options))


def alter_tablespace(_old: Any, new: Any, _rules: Rules) -> Iterable[Action]:
    """ALTER INDEX SET TABLESPACE, which copies it."""
    tablespace = Name(new.tablespace or "pg_default")
    yield Action(
        sql("ALTER INDEX {index} SET TABLESPACE {tablespace}", index=Name(new.name), tablespace=tablespace),
        hazards=frozenset({Hazard.BLOCKS_READS}),
        lock=ACCESS_EXCLUSIVE,
    )


def claims(obj: SchemaObject) -> Iterable[tuple[str, str]]:
    """A constraint's name is taken on its table; that of its index among all relations of the schema."""
    assert obj.owner is not None
    yield f"constraint of {obj.owner.text}", obj.name
    if isinstance(obj, BackedByIndex):
        yield "relation", obj.name


INDEX_RULES: Final[Mapping[str, Alter | Verdict]] = {
    "include": REPLACE,
    "deferrable": REPLACE,
    "initially_deferred": REPLACE,
    "options": alter_options,
    "tablespace": alter_tablespace,
    "attached_to": alter_attached_to,
    "valid": alter_valid,
    "index_comment": alter_index_comment,
    "comment": alter_comment,
}
"""The rules for the fields of `BackedByIndex`."""
