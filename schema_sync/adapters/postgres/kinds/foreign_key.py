"""Foreign keys (manual: CREATE TABLE, REFERENCES; catalog pg_constraint)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.postgres.cell import PG_CLASS, Cell, Reader, Row, TornRead
from schema_sync.adapters.postgres.kinds import _attached as attached
from schema_sync.adapters.postgres.kinds import _constrained as constrained
from schema_sync.adapters.postgres.kinds import _family as family
from schema_sync.adapters.postgres.kinds import _questions as questions
from schema_sync.adapters.postgres.kinds import constraints
from schema_sync.adapters.postgres.objects import ForeignKey
from schema_sync.adapters.postgres.rules import ACCESS_EXCLUSIVE, SHARE_ROW_EXCLUSIVE
from schema_sync.adapters.sql import Name, Sql, names, raw, sql
from schema_sync.errors import NotConvergeable
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard

_UNUSUAL: Final = """ARRAY(
           SELECT DISTINCT CASE WHEN p.proname LIKE 'RI\\_FKey\\_check\\_%' THEN 'referencing ' ELSE 'referenced ' END
                           || CASE g.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' ELSE 'always' END
             FROM pg_trigger g
             JOIN pg_proc p ON p.oid = g.tgfoid
            WHERE g.tgconstraint = c.oid AND g.tgenabled <> 'O'
            ORDER BY 1)"""
"""The states of those triggers of a key `c` that are not enabled, or also fire for replicas (pg_trigger.tgenabled)."""

_QUERY: Final = f"""
SELECT {constrained.ADDRESS}, {constrained.COMMON},
       {constrained.COLUMNS} AS columns,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN c.confrelid::regclass::text END
           AS referenced_table,
       c.confrelid AS referenced,
       (SELECT r.relnamespace FROM pg_class r WHERE r.oid = c.confrelid) = ns.oid AS stays_within,
       ARRAY(SELECT a.attname::text
               FROM unnest(c.confkey) WITH ORDINALITY AS k(attnum, n)
               JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum
              ORDER BY k.n) AS referenced_columns,
       ARRAY(SELECT a.attname::text
               FROM jsonb_array_elements_text(nullif(to_jsonb(c) -> 'confdelsetcols', 'null')) AS k(attnum)
               JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum::int2
              ORDER BY a.attname) AS on_delete_columns,
       c.confmatchtype::text AS match, c.confupdtype::text AS on_update, c.confdeltype::text AS on_delete,
       coalesce((to_jsonb(c) ->> 'conperiod')::boolean, false) AS period,
       coalesce((to_jsonb(c) ->> 'conenforced')::boolean, true) AS enforced,
       {_UNUSUAL} AS unusual_triggers, c.conparentid <> 0 AS is_copy
{constrained.FOUND}
 WHERE c.contype = 'f'
   AND (c.conparentid = 0
        OR EXISTS (SELECT FROM pg_trigger g WHERE g.tgconstraint = c.oid AND g.tgenabled <> 'O')
           AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgconstraint = c.conparentid AND g.tgenabled <> 'O'))
 ORDER BY ns.oid, c.conrelid, c.conname
"""
"""`confdelsetcols` came with PostgreSQL 15, `conperiod` and `conenforced` with 18. The keys of partitions are copies,
with triggers of their own, and only looked at where those of the original are as ever."""

_ACTIONS: Final = {"a": None, "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}
"""The letters of `confupdtype` and `confdeltype`."""


def _read(row: Row, reader: Reader) -> ForeignKey | None:
    ident = constrained.ident(ForeignKey.kind, row, reader)
    if ident is None:
        return None
    if row.stays_within and reader.ident(PG_CLASS, row.referenced) is None:
        return None  # a partitioned table, say: what becomes of it is not known, nor what the key relies on
    if row.is_copy:
        constrained.note_triggers(ident, row.unusual_triggers, reader)
        return None
    if row.referenced_table is None or row.referenced_table.isdigit():
        raise TornRead(reader.tenant, f"{ident.text} refers to a table that is gone")
    return ForeignKey(
        ident=ident,
        columns=tuple(row.columns),
        referenced_table=reader.text(row.referenced_table, ident),
        referenced_columns=tuple(row.referenced_columns),
        match_full=row.match == "f",
        on_update=_ACTIONS[row.on_update],
        on_delete=_ACTIONS[row.on_delete],
        on_delete_columns=tuple(row.on_delete_columns),
        period=row.period,
        deferrable=row.deferrable,
        initially_deferred=row.deferred,
        enforced=row.enforced,
        validated=row.validated or not row.enforced,
        unusual_triggers=tuple(row.unusual_triggers),
        comment=row.comment,
    )


def _clause(key: ForeignKey, rules: Rules) -> Sql:
    of_set = sql(" ({columns})", columns=names(key.on_delete_columns)) if key.on_delete_columns else Sql(())
    return sql(
        "FOREIGN KEY ({columns}) REFERENCES {table} ({referenced}){match}{on_update}{on_delete}{deferral}{checking}",
        columns=_columns(key.columns, key.period),
        table=raw(key.referenced_table),
        referenced=_columns(key.referenced_columns, key.period),
        match=sql(" MATCH FULL") if key.match_full else Sql(()),
        on_update=_event("UPDATE", key.on_update),
        on_delete=sql("{event}{columns}", event=_event("DELETE", key.on_delete), columns=of_set),
        deferral=constraints.deferral(key),
        checking=constraints.checking(key, rules),
    )


def _columns(those: tuple[str, ...], period: bool) -> Sql:
    """The columns of one side; the last of a temporal key is a PERIOD."""
    if not period:
        return names(those)
    return sql("{columns}, PERIOD {last}", columns=names(those[:-1]), last=Name(those[-1]))


def _event(event: str, action: str | None) -> Sql:
    if action is None:
        return Sql(())
    return sql(" ON {event} {action}", event=raw(event), action=raw(action.upper()))


def _drop(key: ForeignKey, rules: Rules) -> Iterable[Action]:
    """DROP CONSTRAINT; nothing where ATTACH PARTITION makes it a part of the parent's."""
    return () if attached.foreign_key_merges(key, rules) else constraints.drop(key, rules)


def _create(key: ForeignKey, rules: Rules) -> Iterable[Action]:
    """The key, unless DETACH PARTITION leaves it behind."""
    _refuse_unusual(key)
    return constraints.comments(key) if attached.foreign_key_is_left(key, rules) else _add(key, rules)


def _refuse_unusual(key: ForeignKey) -> None:
    """Refuse to take a key out of force: only a superuser may disable its triggers, which pg_dump does not keep.

    Raises:
        NotConvergeable: the target has one that is.
    """
    if key.unusual_triggers:
        raise NotConvergeable(
            f"the triggers of {key.ident.text} are not as ever in the target ({', '.join(key.unusual_triggers)}): "
            "what it says is not enforced there",
            hint="ALTER TABLE … ENABLE TRIGGER ALL there, and capture it again",
        )


def _add(key: ForeignKey, rules: Rules) -> Iterable[Action]:
    """ADD FOREIGN KEY, which keeps writers of both tables waiting while it reads; readers go on.

    A new table has nothing to read, and is still locked together with the one that it refers to. Such a key stands
    alone, so that the lock is seen.
    """
    later = constraints.is_checked_later(key, rules)
    scans = key.enforced and key.validated and not later
    yield from constraints.add(
        key,
        _clause(key, rules),
        rules,
        lock=SHARE_ROW_EXCLUSIVE,
        hazards=frozenset(
            {Hazard.BLOCKS_WRITES, Hazard.MAY_FAIL}
            if scans and not constraints.is_new(key, rules)
            else {Hazard.BRIEF_LOCK}
        ),
        harmless=constraints.is_new(key, rules) and _refers_to_new(key, rules),
        reaches=True,
        folds=scans or not key.enforced,
        later=later,
        asked=questions.orphans(key, rules) if scans or later else (),
        follows=_parts_of_index(key, rules),
    )


def _parts_of_index(key: ForeignKey, rules: Rules) -> frozenset[Ident]:
    """What has to be attached to an index of a partitioned table for that to be valid, so that it can be relied on."""
    table = family.named(key.referenced_table)
    if table is None or not family.is_partitioned(table, rules.new):
        return frozenset()
    below = [child for ident in family.tree(table, rules.new)[1:] for child in rules.new.children(ident)]
    return family.idents(one for one in below if getattr(one, "attached_to", None) is not None)


def _refers_to_new(key: ForeignKey, rules: Rules) -> bool:
    """Whether the plan creates the table that it refers to; a shared one is there already, and is no need."""
    needs = rules.new.needs.get(key.ident, frozenset())
    return bool(needs) and all(need.top not in rules.old for need in needs)


def _deferral(_old: ForeignKey, new: ForeignKey, _rules: Rules) -> Iterable[Action]:
    yield Action(
        sql(
            "ALTER TABLE {table} ALTER CONSTRAINT {name}{deferral}",
            table=constraints.table_of(new),
            name=Name(new.name),
            deferral=constraints.deferral(new) or sql(" NOT DEFERRABLE"),
        ),
        hazards=frozenset({Hazard.BRIEF_LOCK}),
        lock=ACCESS_EXCLUSIVE,
    )


def _validated(old: ForeignKey, new: ForeignKey, rules: Rules) -> Answer:
    return constraints.validate(old, new, rules) if new.validated else REPLACE


def _enabled(_old: ForeignKey, new: ForeignKey, _rules: Rules) -> Answer:
    """Made anew, it has triggers that fire, and its rows are checked: nobody has while they did not.

    ENABLE TRIGGER ALL would take a superuser, enable the users' own triggers, and check nothing.
    """
    _refuse_unusual(new)
    return REPLACE


CELL: Final = Cell(
    struct=ForeignKey,
    weight=58,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=_drop,
    on=constraints.on_constraint,
    rename=constraints.rename,
    alter={
        "columns": REPLACE,
        "referenced_table": REPLACE,
        "referenced_columns": REPLACE,
        "match_full": REPLACE,
        "on_update": REPLACE,
        "on_delete": REPLACE,
        "on_delete_columns": REPLACE,
        "period": REPLACE,
        "deferrable": _deferral,
        "initially_deferred": _deferral,
        "enforced": REPLACE,
        "validated": _validated,
        "unusual_triggers": _enabled,
        "comment": constraints.alter_comment,
    },
    claims=constraints.claims,
)
