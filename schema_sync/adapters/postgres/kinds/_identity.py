"""Identity columns: GENERATED … AS IDENTITY, and the sequence that goes with it (manual: CREATE TABLE; pg_sequence)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from schema_sync.adapters.kind import Action, Rules
from schema_sync.adapters.postgres import counting
from schema_sync.adapters.postgres.cell import Reader, Row
from schema_sync.adapters.postgres.kinds import _persistence as persistence
from schema_sync.adapters.postgres.objects import Column, Identity, Table
from schema_sync.adapters.postgres.rules import ACCESS_EXCLUSIVE, SHARE_UPDATE_EXCLUSIVE, comment
from schema_sync.adapters.postgres.versions import SEQUENCE_PERSISTENCE
from schema_sync.adapters.sql import Name, Sql, join, raw, sql
from schema_sync.model.plan import Hazard

_PERSISTENCES: Final = {None: None, "u": "unlogged", "p": "logged"}


def read(row: Row, reader: Reader) -> Identity:
    """The identity of a column. That of a partition (PostgreSQL 17) has no sequence, and is its parent's."""
    return Identity(
        always=row.identity == "a",
        **counting.fields(row, row.sequence_type),
        sequence=row.sequence,
        persistence=_PERSISTENCES[row.persistence] if SEQUENCE_PERSISTENCE.on(reader.version) else None,
        comment=row.sequence_comment,
    )


def generated_as(column: Column, identity: Identity) -> Sql:
    """The clause of CREATE TABLE and ALTER TABLE. A name that the server gives by itself need not be said."""
    usual = counting.sequence_name(_table(column), column.name)
    when = raw("ALWAYS" if identity.always else "BY DEFAULT")
    named = Sql(()) if identity.sequence in (None, usual) else sql("SEQUENCE NAME {name}", name=Name(identity.sequence))
    options = join(" ", [part for part in (named, counting.options(identity)) if part])
    behind = sql(" ({options})", options=options) if options else raw("")
    return sql("GENERATED {when} AS IDENTITY{behind}", when=when, behind=behind)


def _table(column: Column) -> str:
    assert column.owner is not None
    return column.owner.name


def sequence(column: Column, identity: Identity) -> str:
    """The name of its sequence."""
    return identity.sequence or counting.sequence_name(_table(column), column.name)


def of_sequence(old: Identity | None, new: Column, identity: Identity, rules: Rules) -> Iterable[Action]:
    """What is said of an identity's sequence by its own name. A new one has that, and its table's persistence."""
    name = sequence(new, identity)
    if old is not None and (former := sequence(new, old)) != name:
        yield Action(
            sql("ALTER SEQUENCE {former} RENAME TO {name}", former=Name(former), name=Name(name)),
            hazards=frozenset({Hazard.BRIEF_LOCK}),
            lock=ACCESS_EXCLUSIVE,
            late=True,
        )
    if (None if old is None else old.persistence) != identity.persistence:
        table = rules.new.get(new.owner) if new.owner is not None else None
        unlogged = isinstance(table, Table) and table.unlogged
        if identity.persistence is not None:
            unlogged = identity.persistence == "unlogged"
        yield persistence.of_sequence(name, unlogged, is_new=old is None)
    if (None if old is None else old.comment) != identity.comment:
        lock = None if old is None else SHARE_UPDATE_EXCLUSIVE
        yield comment(sql("SEQUENCE {name}", name=Name(name)), identity.comment, lock=lock)
