"""Tables: CREATE TABLE without columns, which fold into it (manual: CREATE TABLE, catalog pg_class)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Answer, Release, Rules, Verdict
from schema_sync.adapters.postgres import stored
from schema_sync.adapters.postgres.cell import Cell, Reader, Row, TornRead
from schema_sync.adapters.postgres.kinds import _attached as attached
from schema_sync.adapters.postgres.kinds import _family as family
from schema_sync.adapters.postgres.kinds import _persistence as persistence
from schema_sync.adapters.postgres.kinds import _remade
from schema_sync.adapters.postgres.objects import Check, Column, CompositeType, Table, Trigger
from schema_sync.adapters.postgres.rules import (
    ACCESS_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    comment,
    commenting,
    renaming,
    table_being_created,
)
from schema_sync.adapters.sql import Name, Sql, join, raw, sql
from schema_sync.errors import NotConvergeable
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, c.oid AS objid, 0 AS objsubid, c.relname AS name,
       c.relkind = 'p' AS is_partitioned, c.relispartition AS is_partition, c.reloftype <> 0 AS is_typed,
       CASE WHEN c.relkind = 'p' AND set_config('search_path', ns.sp, true) IS NOT NULL
            THEN pg_get_partkeydef(c.oid) END AS partition_by,
       CASE WHEN c.relispartition AND set_config('search_path', ns.sp, true) IS NOT NULL
            THEN pg_get_expr(c.relpartbound, c.oid) END AS bound,
       CASE WHEN c.reloftype <> 0 AND set_config('search_path', ns.sp, true) IS NOT NULL
            THEN c.reloftype::regtype::text END AS of_type,
       ARRAY(SELECT CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN h.inhparent::regclass::text END
               FROM pg_inherits h WHERE h.inhrelid = c.oid ORDER BY h.inhseqno) AS parents,
       c.relispartition AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = c.oid AND h.inhdetachpending)
           AS detach_pending,
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
 WHERE c.relkind IN ('r', 'p')
 ORDER BY ns.oid, c.relname
"""


_IDENTITIES: Final = {"d": None, "n": "nothing", "f": "full", "i": "index"}


def _read(row: Row, reader: Reader) -> Table:
    ident = Ident("table", row.name)
    parents = tuple(reader.text(parent, ident) for parent in row.parents)
    if (row.is_partition and not parents) or any(parent.isdigit() for parent in parents):
        raise TornRead(reader.tenant, f"{ident.text} has another parent meanwhile")
    orphaned = row.replica_identity == "i" and row.replica_index is None  # its index was dropped: NOTHING, by now
    return Table(
        ident=ident,
        partition_by=reader.text(row.partition_by, ident) if row.is_partitioned else None,
        partition_of=parents[0] if row.is_partition else None,
        bound=reader.text(row.bound, ident) if row.is_partition else None,
        detach_pending=row.detach_pending,
        inherits=() if row.is_partition else parents,
        of_type=reader.text(row.of_type, ident) if row.is_typed else None,
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
    """CREATE TABLE and, of one that takes the place of another, its rows; a partition is attached when it is whole."""
    of = Sql(()) if table.of_type is None else sql(" OF {type}", type=raw(table.of_type))
    tail = Sql((*_inherits(table).pieces, *_partition_by(table).pieces, *stored.behind(table).pieces))
    empty = Sql(()) if table.of_type is not None else sql(" ()")
    unlogged = sql("UNLOGGED ") if table.unlogged else Sql(())
    head = sql("CREATE {unlogged}TABLE {table}{of}", unlogged=unlogged, table=Name(table.name), of=of)
    parents = family.parents(table, rules.new)
    opened = table_being_created(table.name, None)
    yield Action(
        sql("{head}{empty}{tail}", head=head, empty=empty, tail=tail),
        lock=SHARE_UPDATE_EXCLUSIVE if table.inherits and _locks_parents(table, rules) else None,
        after=_needed_by_columns(table, rules) if table.partition_by is not None else frozenset(),
        follows=_handed_on(parents, rules) if table.inherits else frozenset(),
        folds=(replace(opened, head=sql("{head} (", head=head), tail=sql("){tail}", tail=tail)),),
    )
    if table.ident in rules.old:
        yield from _remade.fill(table, rules)
    if table.partition_of is not None and family.maker(family.named(table.partition_of), rules) is None:
        before, attaching, after = attached.spared(table, rules)
        yield from (*before, attaching, *after)
    if table.row_security:
        yield _switched(table, sql("ENABLE"), is_new=True)
    if table.forced_row_security:
        yield _switched(table, sql("FORCE"), is_new=True)
    if table.comment is not None:
        yield comment(_on(table), table.comment)
    yield from stored.once_there(table, _on(table), rules)
    if table.replica_identity is not None:
        yield stored.replica_identity(table, rules, is_new=True)


def _locks_parents(table: Table, rules: Rules) -> bool:
    """Whether a parent is there already. One of another schema is."""
    above = [family.named(parent, rules.new) for parent in table.inherits]
    return any(one is None or (one in rules.old and not family.is_remade(one, rules)) for one in above)


def _inherits(table: Table) -> Sql:
    if not table.inherits:
        return Sql(())
    return sql(" INHERITS ({parents})", parents=join(", ", [raw(parent) for parent in table.inherits]))


def _partition_by(table: Table) -> Sql:
    return Sql(()) if table.partition_by is None else sql(" PARTITION BY {key}", key=raw(table.partition_by))


def _needed_by_columns(table: Table, rules: Rules) -> frozenset[Ident]:
    """What has to be there for the columns to be a part of CREATE TABLE, where the partition key names them."""
    needs = {
        need for child in rules.new.children(table.ident, Column.kind) for need in rules.new.needs.get(child.ident, ())
    }
    return frozenset(need for need in needs if not _leads_to(need, table.ident, rules))


def _leads_to(start: Ident, goal: Ident, rules: Rules) -> bool:
    seen, ahead = {start}, [start]
    while ahead:
        at = ahead.pop()
        if at.within(goal):
            return True
        further = rules.new.needs.get(at, frozenset()) - seen
        seen |= further
        ahead += further
    return False


def _handed_on(parents: Iterable[Ident], rules: Rules) -> frozenset[Ident]:
    """The columns and checks of the parents, which CREATE TABLE … INHERITS takes over as they are."""
    sides = (rules.old, rules.new)
    found = (child for side in sides for parent in parents for child in side.children(parent))
    return frozenset(child.ident for child in found if isinstance(child, Column | Check))


def _drop(table: Table, rules: Rules) -> Iterable[Action]:
    """DROP TABLE; a table that has a successor only steps aside, and so does a partition that hands its rows on.

    A partition goes with its parent. If that stays and foreign keys refer to it, the partition is detached before.
    """
    if table.ident in rules.new or family.is_put_aside(table.ident, rules):
        yield from _remade.step_aside(table, rules)
        return
    parent = None if table.partition_of is None else family.named(table.partition_of)
    if parent is not None and parent not in rules.new:
        return
    if parent is not None and attached.is_referred_to(parent, rules):
        yield from attached.detach(table, rules)
    yield Action(
        sql("DROP TABLE {table}", table=Name(table.name)),
        hazards=frozenset({Hazard.DELETES_DATA}),
        lock=ACCESS_EXCLUSIVE,
        along=_partitions_that_go(table.ident, rules),
        note=f"all rows of {table.name} are lost",
    )


def _partitions_that_go(ident: Ident, rules: Rules) -> frozenset[Ident]:
    found = set[Ident]()
    for heir in family.heirs(ident, rules.old):
        if family.is_partition(heir, rules.old) and heir not in rules.new:
            found |= {heir, *_partitions_that_go(heir, rules)}
    return frozenset(found)


def _attachment(old: Table, new: Table, rules: Rules) -> Answer:
    """What it is a partition of, and which one: it is let go of first, and attached last."""
    if family.is_remade(new.ident, rules):
        return REPLACE
    if new.detach_pending:
        raise NotConvergeable(
            f"{new.ident.text} is half detached in the target: a DETACH PARTITION CONCURRENTLY was broken off there",
            hint="finish it there with DETACH PARTITION … FINALIZE, and capture it again",
        )
    actions = list(attached.reattach(old, new, rules))
    if new.partition_of is not None and family.maker(family.named(new.partition_of), rules) is None:
        actions += (
            attached.enable_copy(copy, copy.enabled, late=True)  # it is another copy now
            for copy in rules.new.children(new.ident)
            if isinstance(copy, Trigger) and copy.copied and copy == rules.old.get(copy.ident)
        )
    return actions


def _inheritance(old: Table, new: Table, rules: Rules) -> Answer:
    """INHERIT and NO INHERIT. Who is inherited from anew stands behind all others."""
    if family.is_remade(new.ident, rules):
        return REPLACE
    kept = family.kept(old.inherits, new.inherits)
    return [
        *(attached.inherit(new, parent, rules, leave=True) for parent in old.inherits if parent not in kept),
        *(attached.inherit(new, parent, rules) for parent in new.inherits if parent not in kept),
    ]


def _of_type(old: Table, new: Table, rules: Rules) -> Iterable[Action]:
    if old.of_type is not None:
        yield attached.not_of_type(new, rules)
    if new.of_type is not None:
        yield attached.of_type(new, rules)


def _release(table: Table, gone: Ident, rules: Rules) -> Release | Verdict | None:
    """Let go of a parent or of a type that is replaced. A partition of a parent that is written anew comes with it."""
    new = family.table_of(table.ident, rules.new)
    if new is None:
        return None
    if family.is_remade(new.ident, rules):
        return REPLACE
    if gone in family.parents(table, rules.old):
        if gone not in family.parents(new, rules.new):
            return Release((), ())
        child_of = [one for one in rules.old.children(table.ident) if isinstance(one, Column | Check)]
        if table.partition_of is not None or any(one.inherited for one in child_of):
            return None
        parent = next(one for one in table.inherits if family.named(one, rules.old) == gone)
        return Release((attached.inherit(table, parent, rules, leave=True),), (attached.inherit(new, parent, rules),))
    if table.of_type is not None and family.named(table.of_type) == Ident("table", gone.name) and gone.kind != "table":
        if new.of_type != table.of_type:
            return Release((), ())
        _refuse_other_places(table, gone, rules)
        return Release((attached.not_of_type(new, rules),), (attached.of_type(new, rules),))
    return None


def _refuse_other_places(table: Table, type_: Ident, rules: Rules) -> None:
    """The columns of a table stay where they are, and those of its type have to stand likewise.

    Raises:
        NotConvergeable: the attributes of the type change places.
    """
    before, after = rules.old.get(type_), rules.new.get(type_)
    if not isinstance(before, CompositeType) or not isinstance(after, CompositeType):
        return
    was, is_ = ([one.name for one in side.attributes] for side in (before, after))
    if [name for name in was if name in is_] + [name for name in is_ if name not in was] != is_:
        raise NotConvergeable(
            f"{table.ident.text} is of {type_.text}, whose attributes change places",
            hint="change it in two versions: first make the table one that is of no type",
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
        "partition_by": REPLACE,
        "partition_of": _attachment,
        "bound": _attachment,
        "detach_pending": _attachment,
        "inherits": _inheritance,
        "of_type": _of_type,
        "row_security": _row_security,
        "forced_row_security": _row_security,
        "comment": commenting(_on, SHARE_UPDATE_EXCLUSIVE),
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
    refills=True,
    release=_release,
    claims=lambda table: [("relation", table.name), ("type", table.name)],
)
