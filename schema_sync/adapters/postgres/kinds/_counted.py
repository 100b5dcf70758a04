"""How far a column has counted goes on where another sequence counts it from then on: a new one begins at the start.

The old counter is kept in a setting of the transaction, as it may have to go before the new one can come. Where the
two are in several transactions, what is left to go by are the rows.
"""

from __future__ import annotations

import hashlib

from schema_sync.adapters.kind import Action, Rules
from schema_sync.adapters.postgres import counting, text
from schema_sync.adapters.postgres.objects import Column, Identity, Sequence
from schema_sync.adapters.postgres.rules import ACCESS_SHARE
from schema_sync.adapters.sql import Literal, Name, Sql, raw, sql
from schema_sync.model.ident import Ident


def _setting(column: Ident) -> Literal:
    return Literal(f"schema_sync.counter_{hashlib.sha256(column.text.encode()).hexdigest()[:16]}")


def _remembering(column: Ident, sequence: Sql, *, early: bool = False) -> Action:
    return Action(
        sql(
            "SELECT set_config({setting}, pg_sequence_last_value({sequence}::regclass)::text, true)",
            setting=_setting(column),
            sequence=sequence,
        ),
        early=early,
    )


def _recalled(column: Ident) -> Sql:
    return sql("nullif(current_setting({setting}, true), '')::bigint", setting=_setting(column))


def of_identity(column: Ident) -> Sql:
    """The sequence of an identity column, by its name as a text."""
    assert column.owner is not None
    return sql(
        "pg_get_serial_sequence({table}, {column})",
        table=Literal(text.quote(column.owner.name)),
        column=Literal(column.name),
    )


def remember_identity(column: Column, *, early: bool = False) -> Action:
    """Keep in the transaction how far an identity has counted: its sequence goes with it."""
    return _remembering(column.ident, of_identity(column.ident), early=early)


def remember_sequence(sequence: Sequence, column: Ident) -> Action:
    """Keep in the transaction how far the sequence has counted that a column's default is taken from."""
    return _remembering(column, sql("{name}", name=Literal(text.quote(sequence.name))))


def recall(column: Column) -> Action:
    """Let an identity count on from where it was."""
    return Action(
        sql("SELECT setval({sequence}, {last})", sequence=of_identity(column.ident), last=_recalled(column.ident)),
        late=True,
    )


def count_on(
    sequence: Sql,
    column: Ident,
    how: Identity | Sequence,
    *,
    remembered: bool,
    follows: frozenset[Ident] = frozenset(),
) -> Action:
    """Let a new sequence count on from the rows that exist, whose values it would give out again; and, if that was
    `remembered`, from where the one before it was.
    """
    assert column.owner is not None
    up = how.increment > 0
    last = sql("max({name})" if up else "min({name})", name=Name(column.name))
    if remembered:
        furthest = raw("greatest" if up else "least")
        last = sql("{furthest}({last}, {before})", furthest=furthest, last=last, before=_recalled(column))
    limit = how.minimum if up else how.maximum
    return Action(
        sql(
            "SELECT setval({sequence}, {last}) FROM {rows} HAVING {last} {order} {limit}",
            sequence=sequence,
            last=last,
            rows=Name(column.owner.name),
            order=raw(">=" if up else "<="),
            limit=raw(str(limit if limit is not None else 1 if up else -1)),
        ),
        lock=ACCESS_SHARE,
        late=True,
        follows=follows,
    )


def former(column: Ident, rules: Rules) -> Sequence | None:
    """The sequence that a column was counted by before it became an identity, if that is known and goes."""
    old, new = rules.old.get(column), rules.new.get(column)
    if not isinstance(old, Column) or not isinstance(new, Column) or old.identity is not None or new.identity is None:
        return None
    needs = [rules.old.get(need) for need in rules.old.needs.get(column, ()) if need not in rules.new]
    found = [one for one in needs if isinstance(one, Sequence)]
    same = [one for one in found if (one.increment > 0) == (new.identity.increment > 0)]
    return same[0] if len(found) == len(same) == 1 and old.type in counting.LARGEST else None


def successor(column: Ident, rules: Rules) -> Sequence | None:
    """The new sequence that a column is counted by when it is no identity any more."""
    old, new = rules.old.get(column), rules.new.get(column)
    if not isinstance(old, Column) or not isinstance(new, Column) or old.identity is None or new.identity is not None:
        return None
    needs = [rules.new.get(need) for need in rules.new.needs.get(column, ()) if need not in rules.old]
    found = [one for one in needs if isinstance(one, Sequence)]
    same = [one for one in found if (one.increment > 0) == (old.identity.increment > 0)]
    return same[0] if len(found) == len(same) == 1 else None
