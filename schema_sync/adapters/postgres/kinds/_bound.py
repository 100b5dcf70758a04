"""How a partition comes and goes while its table is used: with a check that says what its bound says.

ATTACH PARTITION does not look at the rows where a valid constraint implies the bound, nor at those of the default
partition where one excludes it (manual: ALTER TABLE, ATTACH PARTITION). DETACH PARTITION CONCURRENTLY leaves a check
behind unless there is one like it (DETACH PARTITION), and what is called as one of ours is nobody's own.

The server alone knows what a bound says: it is asked when the statement runs, of an empty table that is made for this
and gone with the same statement.
"""

from __future__ import annotations

from typing import Final

from schema_sync.adapters.kind import TEMPORARY, Action, Apart, Rules
from schema_sync.adapters.postgres.kinds import _family as family
from schema_sync.adapters.postgres.objects import Table
from schema_sync.adapters.postgres.rules import ACCESS_EXCLUSIVE, SHARE_UPDATE_EXCLUSIVE, temporary
from schema_sync.adapters.sql import Literal, Name, Sql, raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard

_TWIN: Final = Name(f"{TEMPORARY}twin")
_PART: Final = Name(f"{TEMPORARY}part")


def _literal(inner: Sql) -> Sql:
    return Sql((Literal(inner.text()),))


def _adding(of: Ident, name: str, condition: Sql) -> Sql:
    """A block that adds a check NOT VALID, which looks at no row; the server puts its condition together."""
    head = sql("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (", table=Name(of.name), name=Name(name))
    return sql("EXECUTE {head} || {condition} || ') NOT VALID'", head=_literal(head), condition=condition)


def _do(body: Sql) -> Sql:
    return sql("DO {body}", body=_literal(body))


def checked_before(table: Table, of: Ident, rules: Rules, *, excluded: bool = False) -> tuple[str, Sql]:
    """The name of a check that says of `of` what the bound of a table to be attached says, or with `excluded` that no
    row is meant by that; and the statement that makes it.

    A hash partition's condition names its parent by its oid.
    """
    assert table.partition_of is not None
    assert table.bound is not None
    name = temporary("check", f"{table.name} in {table.partition_of}", of, rules)
    # A parent that is a partition has a bound itself.
    whole = sql("concat_ws(' AND ', condition, pg_get_partition_constraintdef(parent))")
    body = sql(
        """DECLARE
    parent regclass := {parent};
    condition text;
BEGIN
    EXECUTE format({like}, parent, pg_get_partkeydef(parent));
    {make};
    condition := replace(
        pg_get_partition_constraintdef({part}::regclass),
        quote_literal({twin}::regclass::oid), quote_literal(parent::oid)
    );
    DROP TABLE {gone};
    {add};
END""",
        parent=Literal(table.partition_of),
        like=_literal(sql("CREATE TABLE {twin} (LIKE %s) PARTITION BY %s", twin=_TWIN)),
        make=sql("CREATE TABLE {part} PARTITION OF {twin} {bound}", part=_PART, twin=_TWIN, bound=raw(table.bound)),
        part=_literal(Sql((_PART,))),
        twin=_literal(Sql((_TWIN,))),
        gone=_TWIN,
        add=_adding(of, name, sql("'NOT (' || condition || ')'") if excluded else whole),
    )
    return name, _do(body)


def checked_still(table: Table, rules: Rules) -> tuple[str, Sql]:
    """The name of a check that says of a partition what its bound says, and the statement that makes it."""
    name = temporary("check", f"{table.name} in {table.partition_of}", table.ident, rules)
    found = sql("pg_get_partition_constraintdef({table}::regclass)", table=_literal(Sql((Name(table.name),))))
    return name, _do(sql("BEGIN\n    {add};\nEND", add=_adding(table.ident, name, found)))


def steps(of: Ident, name: str, making: Sql, *, follows: frozenset[Ident] = frozenset()) -> tuple[list[Action], Action]:
    """What comes before, which holds the rows against the check in a transaction of its own; and what takes the check
    away again.
    """
    brief = frozenset({Hazard.BRIEF_LOCK})
    note = f"from here on {of.name} takes no rows that the bound would not let it have"
    make = Action(making, hazards=brief, lock=ACCESS_EXCLUSIVE, late=True, follows=follows, note=note)
    validate = Action(
        sql("ALTER TABLE {table} VALIDATE CONSTRAINT {name}", table=Name(of.name), name=Name(name)),
        hazards=frozenset({Hazard.MAY_FAIL}),
        lock=SHARE_UPDATE_EXCLUSIVE,
        apart=Apart.LAST,
        late=True,
    )
    drop = Action(
        sql("ALTER TABLE {table} DROP CONSTRAINT {name}", table=Name(of.name), name=Name(name)),
        hazards=brief,
        lock=ACCESS_EXCLUSIVE,
        late=True,
    )
    return [make, validate], drop


def goes_concurrently(table: Table, rules: Rules) -> bool:
    """Whether a partition that becomes a table of its own is let go of CONCURRENTLY: its users, or its parent's, must
    not be kept waiting. The server knows no such way where there is a default partition.
    """
    parent = None if table.partition_of is None else family.named(table.partition_of)
    new = family.table_of(table.ident, rules.new)
    if parent is None or new is None or new.partition_of is not None or parent not in rules.new:
        return False
    if family.is_remade(table.ident, rules) or family.is_remade(parent, rules):
        return False
    siblings = (family.table_of(heir, rules.old) for heir in family.heirs(parent, rules.old))
    has_default = any(one is not None and one.bound == "DEFAULT" for one in siblings)
    return not has_default and (family.is_spared(table.ident, rules) or family.is_spared(parent, rules))


def finalizing(table: Table) -> Sql:
    """FINALIZE, for a partition that a killed DETACH … CONCURRENTLY has left half attached."""
    assert table.partition_of is not None
    return sql(
        "ALTER TABLE {parent} DETACH PARTITION {table} FINALIZE", parent=raw(table.partition_of), table=Name(table.name)
    )


def sweeping(table: Table) -> Sql:
    """FINALIZE, where there is something to be finished."""
    return _do(
        sql(
            """BEGIN
    IF EXISTS (SELECT FROM pg_inherits WHERE inhdetachpending AND inhrelid = {table}::regclass) THEN
        {finalize};
    END IF;
END""",
            table=_literal(Sql((Name(table.name),))),
            finalize=finalizing(table),
        )
    )
