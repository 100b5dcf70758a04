"""Questions to the rows of a tenant about what types let through: labels, and the conditions of domains.

As in `_questions`, none is asked where an answer could be wrong: of arrays and composite values of a domain, or where a
condition needs what the plan makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from schema_sync.adapters.kind import Question, Rules
from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.conversions import NUMBERS, parse
from schema_sync.adapters.postgres.kinds import _questions as questions
from schema_sync.adapters.postgres.objects import Column, Domain, DomainCheck, Enum
from schema_sync.adapters.sql import Name, Sql, join, raw, sql

_READ_AS_IT_IS: Final = frozenset({"text", "character varying", "name", "smallint", "integer", "bigint"})
"""The types whose values an enumeration reads as they are printed: `character` has blanks at its end."""


def not_let_in(old: Column, new: Column, rules: Rules) -> tuple[Question, ...]:
    """Values that an enumeration or a domain does not take, which a column comes to have and which need not be there
    yet.
    """
    if not questions.are_there([old.ident], rules) or old.generated is not None:
        return ()
    found = [rules.new.get(need) for need in rules.new.needs.get(new.ident, ())]
    type_ = next((one for one in found if isinstance(one, Enum | Domain) and _is_called(new.type, one.name)), None)
    was = parse(old.type)
    if isinstance(type_, Enum) and was.base in _READ_AS_IT_IS and not was.array and type_.labels:
        query = sql(
            "SELECT FROM {rows} WHERE {column}::text NOT IN ({labels}) LIMIT 1",
            rows=questions.rows(old.owner),
            column=Name(old.name),
            labels=join(", ", questions.literals(type_.labels)),
        )
        return (Question(query, f"{_called(old)} has values that are no {type_.name}", frozenset({old.ident})),)
    if isinstance(type_, Domain):
        base = parse(type_.type)
        if was == base or ({was.base, base.base} <= {*NUMBERS} and not was.array and not base.array):
            return tuple(_refused_by(type_, old, rules))
    return ()


def refused_by(check: DomainCheck, rules: Rules) -> tuple[Question, ...]:
    """Rows with values that a new condition of a domain refuses."""
    domain = rules.new.get(check.owner) if check.owner is not None else None
    if not isinstance(domain, Domain):
        return ()
    return tuple(each for column in _stored(domain, rules) for each in _against(check, domain, column, rules))


def without_value(domain: Domain, rules: Rules) -> tuple[Question, ...]:
    """Rows without a value where a domain is to have one."""
    return tuple(each for column in _stored(domain, rules) for each in questions.without_value(column, rules))


def _refused_by(domain: Domain, column: Column, rules: Rules) -> Iterator[Question]:
    if not domain.nullable:
        yield from questions.without_value(column, rules)
    for check in rules.new.children(domain.ident):
        if isinstance(check, DomainCheck) and check.validated:
            yield from _against(check, domain, column, rules)


def _against(check: DomainCheck, domain: Domain, column: Column, rules: Rules) -> Iterator[Question]:
    needs = rules.new.needs.get(check.ident, frozenset()) - {domain.ident}
    made_of = rules.new.needs.get(domain.ident, frozenset())
    collated = domain.collation is not None or column.collation is not None  # the condition goes by the domain's own
    if made_of or collated or any(rules.old.get(need) != rules.new.get(need) for need in needs):
        return
    query = sql(
        "SELECT FROM {rows} WHERE NOT ({condition}) LIMIT 1",
        rows=questions.rows(column.owner),
        condition=_condition(check, sql("({column}::{type})", column=Name(column.name), type=raw(domain.type))),
    )
    finding = f"{_called(column)} has values that {check.name} of {domain.name} refuses"
    yield Question(query, finding, frozenset({column.ident, *needs}))


def _condition(check: DomainCheck, value: Sql) -> Sql:
    """The condition of a column's value. The server prints VALUE in capitals, and nothing else that is called so."""
    found = text.tokens(check.definition.removeprefix("CHECK "))
    told = "".join(str(value) if token.kind == "word" and token.text == "VALUE" else token.text for token in found)
    return raw(told)


def _stored(domain: Domain, rules: Rules) -> Iterator[Column]:
    """The columns of tables that have values of a domain before and after, which stays what it is."""
    old = rules.old.get(domain.ident)
    if not isinstance(old, Domain) or (old.type, old.collation) != (domain.type, domain.collation):
        return
    for user in sorted(rules.old.dependants.get(domain.ident, ())):
        column, again = rules.old.get(user), rules.new.get(user)
        if not isinstance(column, Column) or not isinstance(again, Column) or column.generated is not None:
            continue
        is_kept = column.type == again.type and _is_called(column.type, domain.name)
        if is_kept and questions.are_there([user], rules):
            yield column


def _is_called(type_: str, name: str) -> bool:
    found = list(text.tokens(type_.removeprefix(f"{text.PLACEHOLDER}.")))
    return len(found) == 1 and found[0].name == name


def _called(column: Column) -> str:
    assert column.owner is not None
    return f"{column.owner.name}.{column.name}"
