"""Tables: CREATE TABLE without columns, which fold into it (manual: CREATE TABLE, catalog pg_class)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, LiteralString

from schema_sync.adapters.kind import Action, Rules
from schema_sync.adapters.postgres import persistence, stored
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.objects import Column, Table
from schema_sync.adapters.postgres.rules import (
    ACCESS_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    comment,
    renaming,
    table_being_created,
)
from schema_sync.adapters.sql import Name, Sql, sql
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, c.oid AS objid, 0 AS objsubid, c.relname AS name,
       c.relrowsecurity AS row_security, c.relforcerowsecurity AS forced,
       {stored.RELATION},
       c.relpersistence = 'u' AS unlogged, c.relreplident AS replica_identity,
       (SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
         WHERE c.relreplident = 'i' AND i.indrelid = c.oid AND i.indisreplident) AS replica_index,
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_class'::regclass AND d.deptype = 'n'
  JOIN pg_class c ON c.oid = d.objid
  LEFT JOIN pg_description e ON e.objoid = c.oid AND e.classoid = d.classid AND e.objsubid = 0
 WHERE c.relkind = 'r' AND NOT c.relispartition AND c.reloftype = 0
 ORDER BY ns.oid, c.relname
"""


_IDENTITIES: Final = {"d": None, "n": "nothing", "f": "full", "i": "index"}


def _read(row: Row, reader: Reader) -> Table:
    orphaned = row.replica_identity == "i" and row.replica_index is None  # its index was dropped: NOTHING, by now
    return Table(
        ident=Ident("table", row.name),
        row_security=row.row_security,
        forced_row_security=row.forced,
        unlogged=row.unlogged,
        replica_identity="nothing" if orphaned else _IDENTITIES[row.replica_identity],
        replica_index=row.replica_index,
        comment=row.comment,
        **stored.relation_fields(row, reader),
    )


def _on(table: Table) -> Sql:
    return sql("TABLE {table}", table=Name(table.name))


def _create(table: Table, rules: Rules) -> Iterable[Action]:
    unlogged = sql("UNLOGGED ") if table.unlogged else Sql(())
    head = sql("CREATE {unlogged}TABLE {table} (", unlogged=unlogged, table=Name(table.name))
    tail = sql("){stored}", stored=stored.behind(table))
    yield Action(
        sql("{head}{tail}", head=head, tail=tail),
        folds=(replace(table_being_created(table.name, None), head=head, tail=tail),),
    )
    if table.row_security:
        yield _switched(table, sql("ENABLE"), is_new=True)
    if table.forced_row_security:
        yield _switched(table, sql("FORCE"), is_new=True)
    if table.comment is not None:
        yield comment(_on(table), table.comment)
    yield from stored.once_there(table, _on(table), rules)
    if table.replica_identity is not None:
        yield stored.replica_identity(table, rules, is_new=True)


def _drop(table: Table, _rules: Rules) -> Iterable[Action]:
    yield Action(
        sql("DROP TABLE {table}", table=Name(table.name)),
        hazards=frozenset({Hazard.DELETES_DATA}),
        lock=ACCESS_EXCLUSIVE,
        note=f"all rows of {table.name} are lost",
    )


def _row_security(old: Table, new: Table, _rules: Rules) -> Iterable[Action]:
    """ENABLE and FORCE are two switches (manual: ALTER TABLE, ENABLE ROW LEVEL SECURITY)."""
    if old.row_security != new.row_security:
        yield _switched(new, sql("ENABLE" if new.row_security else "DISABLE"), widens=not new.row_security)
    if old.forced_row_security != new.forced_row_security:
        switch = sql("FORCE" if new.forced_row_security else "NO FORCE")
        yield _switched(new, switch, widens=not new.forced_row_security)


def _switched(table: Table, switch: Sql, *, widens: bool = False, is_new: bool = False) -> Action:
    hazards = {Hazard.BRIEF_LOCK, Hazard.WIDENS_ACCESS} if widens else {Hazard.BRIEF_LOCK}
    return Action(
        sql("ALTER TABLE {table} {switch} ROW LEVEL SECURITY", table=Name(table.name), switch=switch),
        hazards=frozenset() if is_new else frozenset(hazards),
        lock=None if is_new else ACCESS_EXCLUSIVE,
        late=True,
    )


def _replica_identity(old: Table, new: Table, rules: Rules) -> Iterable[Action]:
    """Another identity. A column of the old one's index must not become nullable as long as that is in use."""
    if old.replica_index is not None and new.replica_index is not None:
        index = stored.index_called(old.ident, old.replica_index, rules.old)
        needs = () if index is None else rules.old.needs.get(index.ident, ())
        if any(isinstance(column := rules.new.get(need), Column) and column.nullable for need in needs):
            yield replace(stored.replica_identity(Table(ident=new.ident), rules), late=False)
    yield stored.replica_identity(new, rules)


def _comment(_old: Table, new: Table, _rules: Rules) -> Iterable[Action]:
    yield comment(_on(new), new.comment, lock=SHARE_UPDATE_EXCLUSIVE)


CELL: Final = Cell(
    struct=Table,
    weight=30,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=_drop,
    on=_on,
    rename=renaming(_on),
    alter={
        "row_security": _row_security,
        "forced_row_security": _row_security,
        "comment": _comment,
        "options": stored.alter_options,
        "toast_options": stored.alter_options,
        "tablespace": stored.alter_tablespace,
        "access_method": stored.alter_access_method,
        "clustered_by": stored.alter_clustering,
        "unlogged": persistence.alter,
        "replica_identity": _replica_identity,
        "replica_index": _replica_identity,
    },
    holds_data=True,
    claims=lambda table: [("relation", table.name), ("type", table.name)],
)
