"""What several cells' rules share: statements that PostgreSQL spells alike, and the names of its locks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, Final

from schema_sync.adapters.kind import TEMPORARY, Action, Alter, Create, Fold, Rename, Rules
from schema_sync.adapters.postgres import text as texts
from schema_sync.adapters.postgres.access import PUBLIC, is_mapped, real
from schema_sync.adapters.sql import Literal, Name, Sql, raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard

ACCESS_EXCLUSIVE: Final = "ACCESS EXCLUSIVE"
ACCESS_SHARE: Final = "ACCESS SHARE"
ROW_EXCLUSIVE: Final = "ROW EXCLUSIVE"
SHARE: Final = "SHARE"
SHARE_ROW_EXCLUSIVE: Final = "SHARE ROW EXCLUSIVE"
SHARE_UPDATE_EXCLUSIVE: Final = "SHARE UPDATE EXCLUSIVE"
"""Lock modes as the manual names them (13.3.1): what `Action.lock` says. The strongest on any relation that
exists: a table, a view, a sequence, an index. One that only readers take is not worth a word."""


LONGEST_NAME: Final = 63
"""Bytes of an identifier (manual: 4.1.1); PostgreSQL cuts longer ones off."""


def temporary(kind: str, name: str, owner: Ident, rules: Rules) -> str:
    """A name for what stands for an object of that name until the plan is done; none that the old state has.

    What a run left behind when it was killed has such a name, too: it is dropped by the next plan, which cannot use
    the name itself.
    """
    n = 0
    while True:
        digest = hashlib.sha256(f"{kind} {name} {n}".encode()).hexdigest()[:8]
        room = LONGEST_NAME - len(TEMPORARY) - len(digest) - 1
        made = f"{TEMPORARY}{digest}_{name.encode()[:room].decode(errors='ignore')}"
        if Ident(kind, made, owner) not in rules.old:
            return made
        n += 1


def comment(on: Sql, text: str | None, *, lock: str | None = None) -> Action:
    """COMMENT ON `on` (such as `TABLE "orders"`); `None` takes the comment away."""
    value = raw("NULL") if text is None else Literal(text)
    return Action(sql("COMMENT ON {on} IS {value}", on=on, value=value), lock=lock, late=True)


def commenting(on: Callable[[Any], Sql], lock: str | None = None) -> Alter:
    """COMMENT ON as the rule of a field `comment`."""

    def change(_old: Any, new: Any, _rules: Rules) -> Iterable[Action]:
        yield comment(on(new), new.comment, lock=lock)

    return change


def dropping(on: Callable[[Any], Sql], lock: str | None = None) -> Create:
    """DROP, for what PostgreSQL calls alike there and in COMMENT ON."""

    def drop(obj: Any, _rules: Rules) -> Iterable[Action]:
        yield Action(sql("DROP {on}", on=on(obj)), lock=lock)

    return drop


def renaming(on: Callable[[Any], Sql], lock: str | None = ACCESS_EXCLUSIVE) -> Rename:
    """ALTER … RENAME TO, for what PostgreSQL calls alike there and in COMMENT ON."""

    def rename(old: Any, new: Any, _rules: Rules) -> Iterable[Action]:
        yield Action(
            sql("ALTER {on} RENAME TO {name}", on=on(old), name=Name(new.name)),
            hazards=frozenset({Hazard.BRIEF_LOCK} if lock == ACCESS_EXCLUSIVE else ()),
            lock=lock,
        )

    return rename


def role(spelling: str) -> Sql:
    """A role as statements name it; `{app}` becomes this tenant's own role when the statement is run."""
    if spelling == PUBLIC:
        return raw("PUBLIC")
    if is_mapped(spelling):
        return raw(texts.role_placeholder(spelling))
    return sql("{role}", role=Name(real(spelling)))


def run_as(who: Sql, statement: Sql) -> Sql:
    """A statement that another role runs, and behind which the role is what it was before.

    `who` is a role, or NONE for that of the login. SET ROLE asks for the login's memberships, whatever the role is by
    then (manual: SET ROLE), and a role that was set is a setting like any other.
    """
    return sql(
        "SELECT set_config('schema_sync.role', current_setting('role'), true); SET LOCAL ROLE {who}; {statement}; "
        "SELECT set_config('role', current_setting('schema_sync.role'), true)",
        who=who,
        statement=statement,
    )


def table_being_created(table: str, clause: Sql | None) -> Fold:
    """How a clause joins the CREATE TABLE of its table; `None` opens it, and nothing else does."""
    into = f"create table {table}"
    if clause is not None:
        return Fold(into, clause)
    return Fold(into, None, head=sql("CREATE TABLE {table} (", table=Name(table)), tail=sql(")"))


def table_being_altered(table: str, clause: Sql, *, only: bool = False) -> Fold:
    """How a subcommand joins others on the same table in one ALTER TABLE, which passes over its rows once."""
    if only:
        head = sql("ALTER TABLE ONLY {table} ", table=Name(table))
        return Fold(into=f"alter table only {table}", clause=clause, head=head)
    return Fold(into=f"alter table {table}", clause=clause, head=sql("ALTER TABLE {table} ", table=Name(table)))
