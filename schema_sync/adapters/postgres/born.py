"""What a new object is born with beyond what it should have: default privileges give to it, whoever asked for it.

A cell's `create` makes its object and nothing else; what the default privileges of schema and database then grant, and
the target does not have, is revoked behind it, and what those of the database withhold is granted. Default privileges
that the plan itself gives or takes count as well: to revoke what is not there does nothing. An identity that a column
is given later is born the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from schema_sync.adapters.kind import Action, Alter, Answer, Rules, Verdict
from schema_sync.adapters.postgres.access import OWNER
from schema_sync.adapters.postgres.cell import Cell
from schema_sync.adapters.postgres.kinds import _identity
from schema_sync.adapters.postgres.kinds._acl import TARGETS, Rights, steps
from schema_sync.adapters.postgres.objects import Column, DatabaseDefault, DefaultPrivilege, Grant, Identity
from schema_sync.adapters.sql import Name, Sql, sql
from schema_sync.model.objects import SchemaObject
from schema_sync.model.plan import Hazard

_NOBODY: Final = Rights()
_WITHHELD: Final = "the default privileges of the database withhold this from new objects, and the version does not"


def with_defaults(cells: Iterable[Cell]) -> list[Cell]:
    """The cells, those whose objects have privileges with a `create` that ends without what the defaults give."""
    found = []
    for cell in cells:
        on = cell.granted_on or cell.on
        if on is not None:
            cell = replace(cell, create=_wrapped(cell.create, on), alter=_followed(cell.alter))
        found.append(cell)
    return found


def _followed(alter: Mapping[str, Alter | Verdict]) -> Mapping[str, Alter | Verdict]:
    """The rules, that of an identity followed by what the sequence of a new one should not have: it stays one rule for
    all fields that share it.
    """
    rule = alter.get("identity")
    if rule is None or isinstance(rule, Verdict):
        return alter
    followed = _late(rule)
    return {name: followed if each is rule else each for name, each in alter.items()}


def _late(rule: Alter) -> Alter:

    def altered(old: Column, new: Column, rules: Rules) -> Answer:
        answer = rule(old, new, rules)
        if isinstance(answer, Verdict) or old.identity is not None or new.identity is None:
            return answer
        return [*answer, *_of_identity(new, new.identity, rules)]

    return altered


def _wrapped(create: Callable[[Any, Rules], Answer], on: Callable[[Any], Sql]) -> Callable[[Any, Rules], Answer]:
    def created(obj: SchemaObject, rules: Rules) -> Answer:
        answer = create(obj, rules)
        if isinstance(answer, Verdict):
            return answer
        return [*answer, *_revoked(obj, on(obj), rules)]

    return created


def _revoked(obj: SchemaObject, on: Sql, rules: Rules) -> Iterator[Action]:
    word, *rest = on.pieces
    if obj.owner is None and word in TARGETS:
        called, objects = TARGETS[str(word)]
        yield from _beyond(obj, sql("{called} {rest}", called=called, rest=Sql(tuple(rest))), objects, rules)
    elif isinstance(obj, Column) and obj.identity is not None and obj.owner is not None:
        yield from _of_identity(obj, obj.identity, rules)


def _of_identity(column: Column, identity: Identity, rules: Rules) -> Iterator[Action]:
    on = sql("SEQUENCE {name}", name=Name(_identity.sequence(column, identity)))
    yield from _beyond(column, on, "SEQUENCES", rules)


def _beyond(obj: SchemaObject, on: Sql, objects: str, rules: Rules) -> Iterator[Action]:
    """A REVOKE for each role that would have more than its grant in the target says."""
    wanted = {
        grant.role: Rights(grant.privileges, grant.grantable, grant.withheld)
        for grant in rules.new.children(obj.ident)
        if isinstance(grant, Grant) and grant.by is None and grant.column is None
        if (grant.sequence is not None) == isinstance(obj, Column)
    }
    for given in _defaults(objects, rules):
        has = wanted.get(given.role, _NOBODY)
        if given.role == OWNER or given.role == given.creator:
            has = Rights(given.privileges, has.grantable, has.withheld)
        if given.role == "public" and objects in ("FUNCTIONS", "TYPES"):
            has = Rights((*has.privileges, "EXECUTE", "USAGE"), has.grantable, has.withheld)
        less = Rights(
            tuple(each for each in given.privileges if each in has.privileges),
            tuple(each for each in given.grantable if each in has.grantable),
        )
        for step in steps(Rights(given.privileges, given.grantable), less, given.role, on):
            yield Action(step.sql, late=True)
        if isinstance(given, DatabaseDefault):
            back = tuple(each for each in given.withheld if each not in has.withheld)
            for step in steps(Rights(withheld=back), _NOBODY, given.role, on):
                yield Action(step.sql, hazards=_widening(obj, given, rules), note=_WITHHELD, late=True)


def _widening(obj: SchemaObject, given: DatabaseDefault, rules: Rules) -> frozenset[Hazard]:
    """Access to what is new and empty is none, and the owner has it anyway."""
    is_empty = rules.kinds[obj.ident.kind].keeps(obj)
    return frozenset() if is_empty or given.role in (OWNER, given.creator) else frozenset({Hazard.WIDENS_ACCESS})


def _defaults(objects: str, rules: Rules) -> list[DefaultPrivilege]:
    """Those of either side, each once."""
    found = [
        each
        for side in (rules.old, rules.new)
        for each in (*side, *side.ambient)
        if isinstance(each, DefaultPrivilege) and each.objects == objects
    ]
    return list(dict.fromkeys(found))
