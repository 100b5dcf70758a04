"""How columns change their type, and how they let go of a type, a collation or a default that is replaced."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace

import msgspec

from schema_sync.adapters.kind import Action, Question, Release, Rules
from schema_sync.adapters.postgres import stored, text
from schema_sync.adapters.postgres.kinds import _asked_of_types as of_types
from schema_sync.adapters.postgres.kinds import _by_name as by_name
from schema_sync.adapters.postgres.kinds import _family as family
from schema_sync.adapters.postgres.kinds import _questions as questions
from schema_sync.adapters.postgres.kinds._column import alter, altering, is_foreign, settings
from schema_sync.adapters.postgres.objects import BackedByIndex, Collation, Column, Index
from schema_sync.adapters.postgres.retype import Retype, hazards_of, out_of_text, retype
from schema_sync.adapters.postgres.rules import temporary
from schema_sync.adapters.sql import Name, Part, join, raw, sql
from schema_sync.errors import NotConvergeable
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject
from schema_sync.model.plan import Hazard


def retyping(old: Column, new: Column, rules: Rules) -> Action:
    """The change of a column's type, its collation, or both.

    Raises:
        NotConvergeable: there is no way from the one type to the other.
    """
    if is_foreign(new):
        return _retype_to(new, Retype(None, frozenset()))  # there are no rows here, and USING is refused
    own = {need.name for side in (rules.old, rules.new) for need in side.needs.get(new.ident, ()) if need.owner is None}
    bases = stored.base_type(old.type, old.ident, rules.old), stored.base_type(new.type, new.ident, rules.new)
    how = retype(new.name, old.type, new.type, own, bases, _seen(old, new, rules))
    if old.generated is not None:
        computed = frozenset({Hazard.REWRITES_TABLE, Hazard.MAY_FAIL}) if how is None else how.hazards
        how = Retype(None, computed)  # computed anew; USING is refused (manual: ALTER TABLE)
    if how is None:
        raise NotConvergeable(
            f"{new.ident.text} cannot become {new.type}: PostgreSQL has no cast from {old.type}",
            hint="change it in two versions: add a column of the new type and fill it, then drop the old one",
        )
    how = _by_name(old, new, how, rules)
    asked: tuple[Question, ...] = ()
    if Hazard.MAY_FAIL in how.hazards:
        asked = questions.not_cast(old, new, how, rules) or of_types.not_let_in(old, new, rules)
    return _retype_to(new, how._replace(hazards=_with_indexes(how.hazards, old, new, rules)), asked)


def _by_name(old: Column, new: Column, how: Retype, rules: Rules) -> Retype:
    """From one composite type to another, attributes go by their names."""
    if old.type == new.type or old.generated is not None:
        return how
    carried = by_name.carried(Name(new.name), *_types(old, new, rules))
    if carried is None:
        return how
    if carried.has_subquery:
        raise NotConvergeable(
            f"{new.ident.text} cannot become {new.type}: the attributes within its arrays stand otherwise",
            hint="change it in two versions: add a column of the new type and fill it, then drop the old one",
        )
    using = sql("({text})::{type}", text=carried.text, type=raw(new.type))
    note = f"the values of {', '.join(carried.lost)} are lost" if carried.lost else None
    lost = {Hazard.DELETES_DATA} if carried.lost else set[Hazard]()
    return Retype(using, how.hazards | lost, note)


def _types(old: Column, new: Column, rules: Rules) -> tuple[by_name.Typed, by_name.Typed]:
    return by_name.Typed(old.type, old.ident, rules.old), by_name.Typed(new.type, new.ident, rules.new)


def _seen(old: Column, new: Column, rules: Rules) -> tuple[str, str]:
    """A domain is what it is made of, and one that has nothing to check is as well on the new side."""
    seen = stored.base_type(new.type, new.ident, rules.new, unchecked=True)
    return stored.base_type(old.type, old.ident, rules.old), seen


def _with_indexes(hazards: frozenset[Hazard], old: Column, new: Column, rules: Rules) -> frozenset[Hazard]:
    """Another collation puts the values of an index in another order: it is built anew."""
    if hazards == {Hazard.BRIEF_LOCK} and old.collation != new.collation and _is_indexed(old, rules):
        return frozenset({Hazard.BLOCKS_READS})
    return hazards


def _is_indexed(column: Column, rules: Rules) -> bool:
    """Whether an index of the column stays: none does that is another one now, or that needs a replaced collation."""
    users = (rules.old[user] for user in rules.old.dependants.get(column.ident, ()))
    return any(isinstance(user, BackedByIndex | Index) and _stays(user, rules) for user in users)


def _stays(index: SchemaObject, rules: Rules) -> bool:
    return rules.new.get(index.ident) == index and not goes_with_a_collation(index, rules)


def goes_with_a_collation(index: SchemaObject, rules: Rules) -> bool:
    """Whether an index is made anew because a collation that it needs is."""
    collations = [rules.old.get(need) for need in rules.old.needs.get(index.ident, ()) if need.kind == Collation.kind]
    return any(isinstance(one, Collation) and _is_replaced(one, rules.new.get(one.ident)) for one in collations)


def _is_replaced(old: Collation, new: SchemaObject | None) -> bool:
    return not isinstance(new, Collation) or new.replace(comment=old.comment) != old


def _retype_to(column: Column, how: Retype, asked: tuple[Question, ...] = ()) -> Action:
    parts = [sql("TYPE {type}", type=raw(column.type))]
    if column.collation is not None:
        parts.append(sql("COLLATE {collation}", collation=raw(column.collation)))
    if how.using is not None:
        parts.append(sql("USING {using}", using=how.using))
    clause = alter(column, join(" ", parts))
    return altering(column, clause, *how.hazards, disturbs="retype", note=how.note, questions=asked)


def release(column: Column, replaced: Ident, rules: Rules) -> Release | None:
    """Let go of a type by way of text, of a collation for the type's own, of a default's needs by dropping the default.
    A column that is on its way to what needs nothing of the tenant does so by its own change.

    Neither step shares a statement with the column's other changes: no statement may change a type twice.
    """
    new = rules.new.get(column.ident)
    again = new if isinstance(new, Column) else column
    if column.generated is not None or is_foreign(column):
        return None
    moves = isinstance(new, Column) and (new.type, new.collation) != (column.type, column.collation)
    if moves and not rules.new.needs.get(column.ident):
        return Release((), ())
    before, after, instead = [], [], frozenset[str]()
    own_type = _mentions(column.type, _type_names(column, replaced, rules))
    own_collation = column.collation is not None and _mentions(column.collation, {replaced.name})
    if own_type or own_collation:
        _refuse_key(column, rules)
        if any(one.ident in rules.new for one in family.givers(column, rules.old, rules)):
            return Release((), ())  # the parent's does it for all
    heirs = [one for one in family.takers(column, rules.old, rules) if own_type or own_collation]
    along = family.idents(heirs)
    alone = not heirs and bool(column.owner is not None and family.heirs(column.owner, rules.old))
    if any(one.default is not None for one in (column, *heirs)):
        before.append(altering(column, alter(column, raw("DROP DEFAULT")), only=alone, along=along))
    if own_type:
        before += _to_text(column, again, rules, along)
        base = stored.base_type(again.type, again.ident, rules.new)
        back = out_of_text(column.name, base, again.type)
        hazards = hazards_of("text", stored.base_type(again.type, again.ident, rules.new, unchecked=True))
        hazards -= {Hazard.CONVERTS_ROWS}
        if by_name.changes_values(*_types(column, again, rules)):
            hazards |= {Hazard.CONVERTS_ROWS}
        asked = questions.not_among(column, replaced, rules)
        after.append(replace(_retype_to(again, Retype(back, hazards), asked), along=along))
        after += _settled(column, again, heirs, rules)
        instead = frozenset({"retype"})
    elif own_collation:
        brief = frozenset({Hazard.BRIEF_LOCK})
        plain = msgspec.structs.replace(column, collation=None)
        before.append(replace(_retype_to(plain, Retype(None, brief)), along=along))
        back_to = _retype_to(again, Retype(None, brief)) if again.type == column.type else retyping(plain, again, rules)
        after.append(replace(back_to, along=along))
        after += _settled(column, again, heirs, rules)
        instead = frozenset({"retype"})
    elif column.default is None:
        return None
    after += _defaults([again, *(heir for _, heir in _both(heirs, rules))], rules)
    return Release(tuple(_apart(before, "letting go")), tuple(_apart(after, "taking hold")), instead)


def _to_text(column: Column, again: Column, rules: Rules, along: frozenset[Ident]) -> Iterable[Action]:
    """Values become what they are as text, or, where attributes change places, what they will be: by a function where
    that takes a subquery, which USING does not.
    """
    hazards = set(hazards_of(stored.base_type(column.type, column.ident, rules.old), "text"))
    types = _types(column, again, rules)
    carried = by_name.carried(Name(column.name), *types)
    if carried is None:
        by_way = sql("TYPE text USING {column}::text", column=Name(column.name))
        yield altering(column, alter(column, by_way), *hazards, disturbs="by_text", along=along)
        return
    hazards |= {Hazard.DELETES_DATA} if carried.lost else set()
    note = f"the values of {', '.join(carried.lost)} in {column.ident.text} are lost" if carried.lost else None
    using, function = carried.text, None
    asked: tuple[Question, ...] = ()
    if carried.has_subquery:
        asked = questions.in_several_dimensions(column, rules)
        value = Name("value")
        inside = by_name.carried(value, *types)
        assert inside is not None
        assert column.owner is not None
        function = Name(temporary("function", f"{column.owner.name}_{column.name}", column.ident, rules))
        using = sql("{function}({column})", function=function, column=Name(column.name))
        parts: dict[str, Part] = {"function": function, "value": value, "type": raw(column.type), "text": inside.text}
        make = sql("CREATE FUNCTION {function}({value} {type}) RETURNS text LANGUAGE sql RETURN {text}", **parts)
        yield Action(make)
    by_way = sql("TYPE text USING {using}", using=using)
    clause = alter(column, by_way)
    yield altering(column, clause, *hazards, disturbs="by_text", along=along, note=note, questions=asked)
    if function is not None:
        yield Action(sql("DROP FUNCTION {function}", function=function))


def _both(heirs: Iterable[Column], rules: Rules) -> list[tuple[Column, Column]]:
    found = ((heir, rules.new.get(heir.ident)) for heir in heirs)
    return [(heir, new) for heir, new in found if isinstance(new, Column)]


def _defaults(columns: Iterable[Column], rules: Rules) -> Iterable[Action]:
    """SET DEFAULT of each for itself: what an heir has need not be its parent's."""
    for one in columns:
        if one.default is not None:
            only = one.owner is not None and bool(family.heirs(one.owner, rules.new))
            set_default = alter(one, sql("SET DEFAULT {default}", default=raw(one.default)))
            yield replace(altering(one, set_default, only=only), completes=frozenset({one.ident}))


def _refuse_key(column: Column, rules: Rules) -> None:
    """No statement takes a column of a partition key out of its type, not even for a moment.

    Raises:
        NotConvergeable: it is one.
    """
    for one in (column, *family.takers(column, rules.old, rules)):
        if family.is_in_a_key(one, rules.old):
            raise NotConvergeable(
                f"the type or collation of {one.ident.text} has to be replaced, and it is in the partition key",
                hint="change it in two versions: first make the table one that is not partitioned by it",
            )


def _settled(column: Column, again: Column, heirs: Iterable[Column], rules: Rules) -> Iterable[Action]:
    """How a column and its heirs' are stored, said again behind a change of the type."""
    for old, kept in ((column, again), *_both(heirs, rules)):
        for action in settings(old, kept, rules, retyped=True):
            yield replace(action, completes=frozenset({kept.ident}))


def _mentions(type_: str, names: Set[str]) -> bool:
    """Whether a type or a collation, as the server prints it, is or is made of one of these."""
    return any(token.name in names for token in text.tokens(type_))


def _type_names(column: Column, replaced: Ident, rules: Rules) -> set[str]:
    """The types that end with what is replaced: its own, and those of what the column needs and is replaced with it."""
    needs = rules.old.needs
    with_it = [need for need in needs.get(column.ident, ()) if replaced in needs.get(need, ())]
    ending = [rules.old[ident] for ident in (replaced, *with_it) if ident in rules.old]
    claims = [claim for obj in ending for claim in rules.kinds[obj.ident.kind].claims(obj)]
    return {name for namespace, name in claims if namespace == "type"}


def _apart(actions: Iterable[Action], step: str) -> Iterable[Action]:
    for action in actions:
        yield replace(action, folds=tuple(replace(fold, into=f"{fold.into}, {step}") for fold in action.folds))
