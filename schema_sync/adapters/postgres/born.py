"""What a new object is born with beyond what it should have: default privileges give to it, whoever asked for it.

A cell's `create` makes its object and nothing else; what the schema's default privileges then grant, and the target
does not have, is revoked behind it. Default privileges that the plan itself gives or takes count as well: to revoke
what is not there does nothing. Those of the database are not known here; where one of them is in the way, the tenant is
not what was promised, and is rolled back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from schema_sync.adapters.kind import Action, Answer, Rules, Verdict
from schema_sync.adapters.postgres.access import OWNER
from schema_sync.adapters.postgres.cell import Cell
from schema_sync.adapters.postgres.kinds._acl import TARGETS, Rights, steps
from schema_sync.adapters.postgres.objects import Column, DefaultPrivilege, Grant
from schema_sync.adapters.sql import Name, Sql, sql
from schema_sync.model.objects import SchemaObject

_NOBODY: Final = Rights()


def with_defaults(cells: Iterable[Cell]) -> list[Cell]:
    """The cells, those whose objects have privileges with a `create` that ends without what the defaults give."""
    called = [(cell, cell.granted_on or cell.on) for cell in cells]
    return [cell if on is None else replace(cell, create=_wrapped(cell.create, on)) for cell, on in called]


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
        grants = [each for each in rules.new.children(obj.ident) if isinstance(each, Grant)]
        named = [each.sequence for each in grants if each.sequence is not None]
        name = named[0] if named else f"{obj.owner.name}_{obj.name}_seq"
        yield from _beyond(obj, sql("SEQUENCE {name}", name=Name(name)), "SEQUENCES", rules)


def _beyond(obj: SchemaObject, on: Sql, objects: str, rules: Rules) -> Iterator[Action]:
    """A REVOKE for each role that would have more than its grant in the target says."""
    wanted = {
        grant.role: Rights(grant.privileges, grant.grantable)
        for grant in rules.new.children(obj.ident)
        if isinstance(grant, Grant) and grant.by is None and grant.column is None
        if (grant.sequence is not None) == isinstance(obj, Column)
    }
    for given in _defaults(objects, rules):
        has = wanted.get(given.role, _NOBODY)
        if given.role == OWNER or given.role == given.creator:
            has = Rights(given.privileges, has.grantable)
        if given.role == "public" and objects in ("FUNCTIONS", "TYPES"):
            has = Rights((*has.privileges, "EXECUTE", "USAGE"), has.grantable)
        less = Rights(
            tuple(each for each in given.privileges if each in has.privileges),
            tuple(each for each in given.grantable if each in has.grantable),
        )
        for step in steps(Rights(given.privileges, given.grantable), less, given.role, on):
            yield Action(step.sql, late=True)


def _defaults(objects: str, rules: Rules) -> list[DefaultPrivilege]:
    """Those of either side, each once."""
    found = [
        each
        for side in (rules.old, rules.new)
        for each in side
        if isinstance(each, DefaultPrivilege) and each.objects == objects
    ]
    return list(dict.fromkeys(found))
