"""Triggers (manual: CREATE TRIGGER; catalog pg_trigger).

The server prints a trigger as a whole. What the catalog says in columns is read from there; the rest of the text, which
is the condition and the call, is what follows exactly the beginning that these columns make.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Answer, Rules
from schema_sync.adapters.postgres.cell import PG_CLASS, Cell, Reader, Row, TornRead
from schema_sync.adapters.postgres.kinds import _attached as attached
from schema_sync.adapters.postgres.kinds import _family as family
from schema_sync.adapters.postgres.objects import Trigger
from schema_sync.adapters.postgres.rules import (
    ACCESS_EXCLUSIVE,
    SHARE_ROW_EXCLUSIVE,
    comment,
    commenting,
    renaming,
)
from schema_sync.adapters.sql import Name, Sql, join, names, raw, sql
from schema_sync.model.ident import Ident

_QUERY: Final[LiteralString] = """
SELECT ns.oid AS ns, 'pg_trigger'::regclass::oid AS classid, g.oid AS objid, 0 AS objsubid, c.oid AS relation,
       g.tgparentid <> 0 AS copied,
       g.tgname AS name, quote_ident(g.tgname) AS quoted, g.tgtype::integer AS type, g.tgenabled AS enabled,
       g.tgdeferrable AS deferrable, g.tginitdeferred AS initially_deferred, g.tgconstraint <> 0 AS is_constraint,
       g.tgoldtable AS old_table, g.tgnewtable AS new_table,
       quote_ident(g.tgoldtable) AS quoted_old, quote_ident(g.tgnewtable) AS quoted_new,
       g.tgqual IS NOT NULL AS has_condition, g.tgargs AS arguments, quote_ident(p.proname) AS function,
       CASE WHEN p.pronamespace <> ns.oid THEN quote_ident(pn.nspname) END AS schema,
       ARRAY(SELECT a.attname::text FROM unnest(g.tgattr::int2[]) WITH ORDINALITY AS u(attnum, n)
               JOIN pg_attribute a ON a.attrelid = g.tgrelid AND a.attnum = u.attnum ORDER BY u.n) AS columns,
       ARRAY(SELECT quote_ident(a.attname) FROM unnest(g.tgattr::int2[]) WITH ORDINALITY AS u(attnum, n)
               JOIN pg_attribute a ON a.attrelid = g.tgrelid AND a.attnum = u.attnum ORDER BY u.n) AS quoted_columns,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN c.oid::regclass::text END AS on_table,
       CASE WHEN g.tgconstrrelid <> 0 AND set_config('search_path', ns.sp, true) IS NOT NULL
            THEN g.tgconstrrelid::regclass::text END AS from_table,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL
            THEN pg_get_triggerdef(g.oid, true) END AS definition,
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_class'::regclass AND d.deptype = 'n'
  JOIN pg_class c ON c.oid = d.objid
  JOIN pg_trigger g ON g.tgrelid = c.oid
  JOIN pg_proc p ON p.oid = g.tgfoid
  JOIN pg_namespace pn ON pn.oid = p.pronamespace
  LEFT JOIN pg_description e ON e.objoid = g.oid AND e.classoid = 'pg_trigger'::regclass AND e.objsubid = 0
 WHERE NOT g.tgisinternal
   AND (g.tgparentid = 0 OR g.tgenabled <> (SELECT o.tgenabled FROM pg_trigger o WHERE o.oid = g.tgparentid))
 ORDER BY ns.oid, c.relname, g.tgname
"""

_ROW: Final = 1
_BEFORE: Final = 2
_INSTEAD: Final = 64
_EVENTS: Final = ((4, "INSERT"), (8, "DELETE"), (16, "UPDATE"), (32, "TRUNCATE"))
"""The bits of tgtype (pg_trigger.h), the events in the order in which the server prints them."""

_ENABLED: Final = {"O": "ORIGIN", "D": "DISABLED", "R": "REPLICA", "A": "ALWAYS"}


def _read(row: Row, reader: Reader) -> Trigger | None:
    owner = reader.ident(PG_CLASS, row.relation)
    if owner is None:
        return None
    ident = Ident("trigger", row.name, owner)
    head = _beginning(row)
    definition = row.definition or ""
    if not definition.startswith(head):
        raise TornRead(reader.tenant, f"{ident.text} has changed meanwhile")
    when, execute = _condition(row, definition[len(head) :], reader)
    return Trigger(
        ident=ident,
        timing=_timing(row.type),
        events=tuple(name for bit, name in _EVENTS if row.type & bit),
        columns=tuple(row.columns),
        level="ROW" if row.type & _ROW else "STATEMENT",
        old_table=row.old_table,
        new_table=row.new_table,
        when=None if when is None else reader.text(when, ident),
        execute=reader.text(execute, ident),
        constraint=row.is_constraint,
        from_table=None if row.from_table is None else reader.text(row.from_table, ident),
        deferrable=row.deferrable,
        initially_deferred=row.initially_deferred,
        enabled=_ENABLED[row.enabled],
        copied=row.copied,
        comment=row.comment,
    )


def _timing(bits: int) -> str:
    if bits & _INSTEAD:
        return "INSTEAD OF"
    return "BEFORE" if bits & _BEFORE else "AFTER"


def _beginning(row: Row) -> str:
    """What pg_get_triggerdef(oid, true) prints before the condition and the call (ruleutils.c)."""
    events = [name for bit, name in _EVENTS if row.type & bit]
    if row.quoted_columns:
        events[events.index("UPDATE")] += " OF " + ", ".join(row.quoted_columns)
    parts = [
        "CREATE CONSTRAINT TRIGGER" if row.is_constraint else "CREATE TRIGGER",
        row.quoted,
        _timing(row.type),
        " OR ".join(events),
        f"ON {row.on_table}",
    ]
    if row.is_constraint:
        parts += [f"FROM {row.from_table}"] if row.from_table is not None else []
        parts += ["DEFERRABLE" if row.deferrable else "NOT DEFERRABLE"]
        parts += ["INITIALLY DEFERRED" if row.initially_deferred else "INITIALLY IMMEDIATE"]
    if row.old_table is not None or row.new_table is not None:
        parts += ["REFERENCING"]
        parts += [f"OLD TABLE AS {row.quoted_old}"] if row.old_table is not None else []
        parts += [f"NEW TABLE AS {row.quoted_new}"] if row.new_table is not None else []
    return " ".join([*parts, "FOR EACH", "ROW" if row.type & _ROW else "STATEMENT", ""])


def _condition(row: Row, rest: str, reader: Reader) -> tuple[str | None, str]:
    """The condition and the call, out of `WHEN (…) EXECUTE FUNCTION f(…)`.

    Names may contain any of these words, so the call is not searched for: it is made, and the text must end with it.
    """
    if not row.has_condition:
        return None, rest.removeprefix("EXECUTE FUNCTION ")
    given = row.arguments.decode("utf-8", "replace").split("\0")[:-1]
    arguments = ", ".join("'" + one.replace("'", "''") + "'" for one in given)
    for function in (row.function, f"{row.schema or reader.quoted}.{row.function}"):
        call = f"{function}({arguments})"
        if rest.endswith(f") EXECUTE FUNCTION {call}"):
            return rest.removeprefix("WHEN (").removesuffix(f") EXECUTE FUNCTION {call}"), call
    raise TornRead(reader.tenant, f"the trigger {row.name} has changed meanwhile")


def _definition(head: Sql, trigger: Trigger) -> Sql:
    parts = [head, sql("{trigger}", trigger=Name(trigger.name)), raw(trigger.timing), _events(trigger)]
    parts.append(sql("ON {relation}", relation=Name(_relation(trigger))))
    if trigger.from_table is not None:
        parts.append(sql("FROM {table}", table=raw(trigger.from_table)))
    if trigger.deferrable:
        parts.append(raw("DEFERRABLE"))
        parts.append(raw("INITIALLY DEFERRED" if trigger.initially_deferred else "INITIALLY IMMEDIATE"))
    if trigger.old_table is not None or trigger.new_table is not None:
        parts.append(raw("REFERENCING"))
    if trigger.old_table is not None:
        parts.append(sql("OLD TABLE AS {table}", table=Name(trigger.old_table)))
    if trigger.new_table is not None:
        parts.append(sql("NEW TABLE AS {table}", table=Name(trigger.new_table)))
    parts.append(raw(f"FOR EACH {trigger.level}"))
    if trigger.when is not None:
        parts.append(sql("WHEN ({condition})", condition=raw(trigger.when)))
    return join(" ", [*parts, sql("EXECUTE FUNCTION {call}", call=raw(trigger.execute))])


def _events(trigger: Trigger) -> Sql:
    return join(
        " OR ",
        [
            sql("UPDATE OF {columns}", columns=names(trigger.columns))
            if event == "UPDATE" and trigger.columns
            else raw(event)
            for event in trigger.events
        ],
    )


def _relation(trigger: Trigger) -> str:
    assert trigger.owner is not None
    return trigger.owner.name


def _on(trigger: Trigger) -> Sql:
    return sql("TRIGGER {trigger} ON {relation}", trigger=Name(trigger.name), relation=Name(_relation(trigger)))


def _create(trigger: Trigger, rules: Rules) -> Iterable[Action]:
    """CREATE TRIGGER; of a partitioned table, when no partition has one of that name for itself any more."""
    if trigger.copied:
        yield attached.enable_copy(trigger, trigger.enabled)
        return
    head = raw("CREATE CONSTRAINT TRIGGER" if trigger.constraint else "CREATE TRIGGER")
    heirs = [] if trigger.owner is None else family.heirs(trigger.owner, rules.new)
    gone = [ident for heir in heirs if (ident := Ident("trigger", trigger.name, heir)) not in rules.new]
    reaches = trigger.level == "ROW" and bool(attached.stay_below(trigger.owner, rules))
    yield Action(_definition(head, trigger), lock=SHARE_ROW_EXCLUSIVE, follows=frozenset(gone), reaches=reaches)
    if trigger.enabled != "ORIGIN":
        yield _enable(trigger)
    if trigger.comment is not None:
        yield comment(_on(trigger), trigger.comment)


def _drop(trigger: Trigger, rules: Rules) -> Iterable[Action]:
    """DROP TRIGGER; a copy takes on the state of the original again, or is gone with it."""
    if trigger.copied:
        assert trigger.owner is not None
        for parent in family.holding(trigger.owner, rules):
            original = rules.new.get(Ident("trigger", trigger.name, parent))
            if isinstance(original, Trigger) and trigger.ident not in rules.new:
                yield attached.enable_copy(trigger, original.enabled)
        return
    yield Action(sql("DROP {on}", on=_on(trigger)), lock=ACCESS_EXCLUSIVE)


def _alter(old: Trigger, new: Trigger, rules: Rules) -> Answer:
    """All but the comment. OR REPLACE knows no constraint triggers, and enables anew.

    The copies of partitions follow; those that are to be in a state of their own are brought back to it.
    """
    if old.copied != new.copied:
        return REPLACE
    if new.copied:
        return [attached.enable_copy(new, new.enabled)]
    copies = [attached.enable_copy(copy, copy.enabled) for copy in _copies(new, rules)]
    before, after = old.fields(), new.fields()
    if all(before[field] == after[field] for field in before if field not in ("enabled", "comment")):
        return [_enable(new), *copies]
    if old.constraint or new.constraint:
        return REPLACE
    actions = _replaced(new)
    return [*actions, *copies]


def _copies(trigger: Trigger, rules: Rules) -> Iterable[Trigger]:
    for heir in [] if trigger.owner is None else family.below(trigger.owner, rules):
        copy = rules.new.get(Ident("trigger", trigger.name, heir))
        if isinstance(copy, Trigger) and copy.copied and copy == rules.old.get(copy.ident):
            yield copy


def _replaced(new: Trigger) -> list[Action]:
    actions = [Action(_definition(raw("CREATE OR REPLACE TRIGGER"), new), lock=SHARE_ROW_EXCLUSIVE)]
    return actions if new.enabled == "ORIGIN" else [*actions, _enable(new)]


def _enable(trigger: Trigger) -> Action:
    return Action(
        sql(
            "ALTER TABLE {relation} {state} {trigger}",
            relation=Name(_relation(trigger)),
            state=raw(attached.TRIGGER_STATES[trigger.enabled]),
            trigger=Name(trigger.name),
        ),
        lock=SHARE_ROW_EXCLUSIVE,
    )


CELL: Final = Cell(
    struct=Trigger,
    weight=80,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=_drop,
    on=_on,
    rename=renaming(_on),
    alter={
        "timing": _alter,
        "events": _alter,
        "columns": _alter,
        "level": _alter,
        "old_table": _alter,
        "new_table": _alter,
        "when": _alter,
        "execute": _alter,
        "constraint": _alter,
        "from_table": _alter,
        "deferrable": _alter,
        "initially_deferred": _alter,
        "enabled": _alter,
        "copied": _alter,
        "comment": commenting(_on),
    },
)
