"""What a PostgreSQL server says of a plan's statements: the locks that they take, what they read and what they rewrite.

Each statement is run in a transaction of its own on a tenant in the plan's old state, so that what an earlier one has
locked does not hide what this one locks. A tenant that is compared with others is no place for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, LiteralString

import psycopg
from psycopg import sql

from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.access import OWNER
from schema_sync.adapters.postgres.session import SETTINGS
from schema_sync.model.plan import Hazard, Plan, Statement

_MODES: Final = (
    "ACCESS SHARE",
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
)
"""From the weakest to the strongest (manual: 13.3.1)."""

_OF_USERS: Final = _MODES[:3]
"""What SELECT, INSERT, UPDATE and DELETE take. A statement that takes no other is said to take none."""

_AGAINST_WRITERS: Final = _MODES[4:]
"""The modes that writers wait for, readers too for the last one."""

_BLOCKING: Final = (Hazard.BRIEF_LOCK, Hazard.BLOCKS_WRITES, Hazard.BLOCKS_READS)

_RELATIONS: Final[LiteralString] = """
SELECT c.oid, c.relkind, c.relfilenode, format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""

_OWNER: Final = "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = %s"

_LOCKS: Final[LiteralString] = """
SELECT relation, mode
  FROM pg_locks
 WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted
"""

_PLANNED: Final = {"enable_hashjoin": "off", "enable_mergejoin": "off"}
"""A join begins with the table that has a new foreign key, and goes no further where that has no rows: whether the
planner would begin with the other one depends on statistics that nobody has made."""

_SCANS: Final[LiteralString] = """
SELECT relid, coalesce(seq_scan, 0) + coalesce(idx_scan, 0)
  FROM pg_stat_xact_user_tables
"""


@dataclass(frozen=True)
class Facts:
    """What one statement did to the relations that were there before the plan."""

    lock: str | None
    """The strongest lock that it took on one; `None` where that is one of `_OF_USERS`."""
    locked: str | None
    """The relation that it took that lock on."""
    rewrites: tuple[str, ...]
    """The tables that it wrote anew, in their place or as another."""
    reads: tuple[str, ...]
    """The tables whose rows it looked at while it kept others from them, or readers from any."""


def wrong_facts(url: str, tenant: str, plan: Plan, roles: Mapping[str, str]) -> list[str]:
    """Run a plan's statements in a tenant that is in its old state; where a statement says what is not so, a line.

    `roles` are the tenant's own by their spelling.
    """
    found = []
    with psycopg.connect(url, autocommit=True) as connection:
        there = {oid: row for oid, *row in connection.execute(_RELATIONS)}
        [(owner,)] = connection.execute(_OWNER, (tenant,))
        named = {**roles, OWNER: owner}
        for number, statement in enumerate(plan.statements, 1):
            if not statement.in_transaction:  # its locks have gone when it is done
                _alone(connection, tenant, text.expand(statement.sql, tenant, named))
                continue
            facts = _run(connection, tenant, text.expand(statement.sql, tenant, named), there)
            found += [f"statement {number}, {statement.sql!r}: {what}" for what in _compare(statement, facts)]
    return found


def _run(connection: psycopg.Connection, tenant: str, statement: str, there: dict[int, list[Any]]) -> Facts:
    with connection.transaction():
        now = {oid: row for oid, *row in connection.execute(_RELATIONS)}
        files = {oid: row[1] for oid, row in now.items()}
        home = sql.SQL("{}, pg_temp").format(sql.Identifier(tenant)).as_string(connection)
        for name, value in (SETTINGS | _PLANNED | {"search_path": home}).items():
            connection.execute("SELECT set_config(%s, %s, true)", (name, value))
        before: dict[int, int] = dict(connection.execute(_SCANS).fetchall())
        connection.execute(statement.encode())
        connection.execute("SET LOCAL search_path = ''")
        locks_of_all = [(_mode(mode), oid) for oid, mode in connection.execute(_LOCKS).fetchall()]
        locks = [(mode, oid) for mode, oid in locks_of_all if oid in there]
        scans = {oid for oid, count in connection.execute(_SCANS) if oid in there and count > before.get(oid, 0)}
        after = {oid: filenode for oid, _, filenode, _ in connection.execute(_RELATIONS)}
    copied = _copied(locks_of_all, now, there)
    lock, on = max(locks, key=lambda one: (_MODES.index(one[0]), -one[1]), default=(_MODES[0], None))
    kept = {oid for mode, oid in locks if mode in _AGAINST_WRITERS}
    keeps_readers = any(mode == _MODES[-1] for mode, _ in locks)
    return Facts(
        lock=None if lock in _OF_USERS else lock,
        locked=None if on is None else there[on][2],
        rewrites=_names(
            there, copied | {oid for oid in after if there.get(oid, " ")[0] in "rm" and after[oid] != files[oid]}
        ),
        reads=_names(there, scans if keeps_readers else scans & kept),
    )


def _copied(locks: list[tuple[str, int]], now: dict[int, list[Any]], there: dict[int, list[Any]]) -> set[int]:
    """The tables out of which a statement fills one that an earlier statement has made."""
    fills = any(mode == "ROW EXCLUSIVE" and oid not in there and now.get(oid, " ")[0] in "rp" for mode, oid in locks)
    return {oid for mode, oid in locks if fills and mode == "ACCESS SHARE" and there.get(oid, " ")[0] in "rp"}


def _alone(connection: psycopg.Connection, tenant: str, statement: str) -> None:
    connection.execute(sql.SQL("SET search_path = {}, pg_temp").format(sql.Identifier(tenant)))
    connection.execute(statement.encode())
    connection.execute("RESET search_path")


def _mode(mode: str) -> str:
    """`AccessExclusiveLock` as the manual calls it."""
    return "".join(f" {char}" if char.isupper() else char for char in mode.removesuffix("Lock")).strip().upper()


def _names(there: dict[int, list[Any]], oids: set[int]) -> tuple[str, ...]:
    return tuple(sorted(there[oid][2] for oid in oids))


def _compare(statement: Statement, facts: Facts) -> Iterator[str]:
    said = None if statement.lock in _OF_USERS else statement.lock
    if said != facts.lock:
        yield f"its lock is said to be {said}, and the server took {facts.lock} (on {facts.locked})"
    if (Hazard.REWRITES_TABLE in statement.hazards) != bool(facts.rewrites):
        yield f"rewrites_table is {'' if not facts.rewrites else 'not '}said, and rewritten were {facts.rewrites}"
    blocking: set[Hazard] = {hazard for hazard in statement.hazards if hazard in _BLOCKING}
    if not blocking <= (allowed := _allowed(facts)):
        yield f"it has {_shown(blocking)}, and with {facts.lock} and reads of {facts.reads} can have {_shown(allowed)}"
    if facts.lock in _AGAINST_WRITERS and not blocking | {*statement.hazards} & {Hazard.REWRITES_TABLE}:
        yield f"it has none of {_shown(allowed)}, and others wait for {facts.lock} (reads of {facts.reads})"


def _allowed(facts: Facts) -> set[Hazard]:
    if facts.lock not in _AGAINST_WRITERS:
        return set()
    if not facts.reads:
        return {Hazard.BRIEF_LOCK}
    return {Hazard.BLOCKS_READS if facts.lock == _MODES[-1] else Hazard.BLOCKS_WRITES}


def _shown(hazards: set[Hazard]) -> str:
    return ", ".join(sorted(hazards)) or "none"
