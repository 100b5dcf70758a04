"""Rules of tables and views (manual: CREATE RULE; catalog pg_rewrite). A view's own query, `_RETURN`, is none.

The server prints a rule as a whole. What it says beyond name, event and relation is what follows exactly the beginning
that these make.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import Action, Rules
from schema_sync.adapters.postgres.cell import PG_CLASS, Cell, Reader, Row, TornRead
from schema_sync.adapters.postgres.objects import Rule
from schema_sync.adapters.postgres.rules import ACCESS_EXCLUSIVE, comment, commenting, renaming
from schema_sync.adapters.sql import Name, Sql, raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard

_QUERY: Final[LiteralString] = """
SELECT ns.oid AS ns, 'pg_rewrite'::regclass::oid AS classid, r.oid AS objid, 0 AS objsubid, r.ev_class AS relation,
       r.rulename AS name, quote_ident(r.rulename) AS quoted, r.ev_type AS event, r.ev_enabled AS enabled,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN r.ev_class::regclass::text END AS on_relation,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN pg_get_ruledef(r.oid, true) END AS definition,
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_class'::regclass AND d.deptype = 'n'
  JOIN pg_rewrite r ON r.ev_class = d.objid AND r.ev_type <> '1'
  LEFT JOIN pg_description e ON e.objoid = r.oid AND e.classoid = 'pg_rewrite'::regclass AND e.objsubid = 0
 ORDER BY ns.oid, r.ev_class, r.rulename
"""

_EVENTS: Final = {"2": "UPDATE", "3": "INSERT", "4": "DELETE"}
"""ev_type is a CmdType (nodes.h)."""

_ENABLED: Final = {"O": "ORIGIN", "D": "DISABLED", "R": "REPLICA", "A": "ALWAYS"}

_STATES: Final = {
    "ORIGIN": "ENABLE RULE",
    "DISABLED": "DISABLE RULE",
    "REPLICA": "ENABLE REPLICA RULE",
    "ALWAYS": "ENABLE ALWAYS RULE",
}


def _read(row: Row, reader: Reader) -> Rule | None:
    owner = reader.ident(PG_CLASS, row.relation)
    if owner is None:
        return None
    ident = Ident("rule", row.name, owner)
    event = _EVENTS[row.event]
    head = " ".join(["CREATE RULE", row.quoted, "AS\n   ", "ON", event, "TO", row.on_relation])
    definition = row.definition or ""
    if not definition.startswith(head):
        raise TornRead(reader.tenant, f"{ident.text} has changed meanwhile")
    return Rule(
        ident=ident,
        event=event,
        definition=reader.text(definition[len(head) :], ident).strip().removesuffix(";"),
        enabled=_ENABLED[row.enabled],
        comment=row.comment,
    )


def _relation(rule: Rule) -> str:
    assert rule.owner is not None
    return rule.owner.name


def _on(rule: Rule) -> Sql:
    return sql("RULE {rule} ON {relation}", rule=Name(rule.name), relation=Name(_relation(rule)))


def _definition(head: Sql, rule: Rule) -> Sql:
    return sql(
        "{head} {rule} AS ON {event} TO {relation} {definition}",
        head=head,
        rule=Name(rule.name),
        event=raw(rule.event),
        relation=Name(_relation(rule)),
        definition=raw(rule.definition),
    )


def _create(rule: Rule, rules: Rules) -> Iterable[Action]:
    there = rule.owner in rules.old
    yield Action(
        _definition(raw("CREATE RULE"), rule),
        lock=ACCESS_EXCLUSIVE if there else None,
        hazards=frozenset({Hazard.BRIEF_LOCK}) if there else frozenset(),
    )
    if rule.enabled != "ORIGIN":
        yield _enable(rule)
    if rule.comment is not None:
        yield comment(_on(rule), rule.comment)


def _drop(rule: Rule, _rules: Rules) -> Iterable[Action]:
    yield _locking(sql("DROP {on}", on=_on(rule)))


def _locking(statement: Sql) -> Action:
    return Action(statement, lock=ACCESS_EXCLUSIVE, hazards=frozenset({Hazard.BRIEF_LOCK}))


def _alter(_old: Rule, new: Rule, _rules: Rules) -> Iterable[Action]:
    """Event and definition. OR REPLACE leaves a rule as enabled as it was, and its comment."""
    yield _locking(_definition(raw("CREATE OR REPLACE RULE"), new))


def _enabled(_old: Rule, new: Rule, _rules: Rules) -> Iterable[Action]:
    yield _enable(new)


def _enable(rule: Rule) -> Action:
    return _locking(
        sql(
            "ALTER TABLE {relation} {state} {rule}",
            relation=Name(_relation(rule)),
            state=raw(_STATES[rule.enabled]),
            rule=Name(rule.name),
        )
    )


CELL: Final = Cell(
    struct=Rule,
    weight=83,
    query=_QUERY,
    read=_read,
    create=_create,
    drop=_drop,
    on=_on,
    rename=renaming(_on),
    alter={"event": _alter, "definition": _alter, "enabled": _enabled, "comment": commenting(_on)},
)
