"""What grants and default privileges share: what is given and taken between two sets of rights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from schema_sync.adapters.postgres.rules import role
from schema_sync.adapters.sql import Name, Sql, join, raw, sql

TARGETS: Final[Mapping[str, tuple[Sql, str]]] = {
    "TABLE ": (raw("TABLE"), "TABLES"),
    "VIEW ": (raw("TABLE"), "TABLES"),
    "MATERIALIZED VIEW ": (raw("TABLE"), "TABLES"),
    "FOREIGN TABLE ": (raw("TABLE"), "TABLES"),
    "SEQUENCE ": (raw("SEQUENCE"), "SEQUENCES"),
    "FUNCTION ": (raw("FUNCTION"), "FUNCTIONS"),
    "PROCEDURE ": (raw("PROCEDURE"), "FUNCTIONS"),
    "TYPE ": (raw("TYPE"), "TYPES"),
    "DOMAIN ": (raw("DOMAIN"), "TYPES"),
}
"""What a kind's `on` begins with -> what GRANT calls it, and what ALTER DEFAULT PRIVILEGES does."""


class Rights(NamedTuple):
    """What a role has, set against a default."""

    privileges: tuple[str, ...] = ()
    grantable: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


class Step(NamedTuple):
    """One GRANT or REVOKE."""

    gives: bool
    privileges: tuple[str, ...]
    """For a REVOKE, those that are taken away whole; none where only the option is."""
    sql: Sql
    option: bool = False
    """Whether it is about grant options."""


def steps(
    old: Rights, new: Rights, to: str, on: Sql, column: str | None = None, *, head: Sql | None = None
) -> Iterator[Step]:
    """The statements from one set of rights to another, those that take away first.

    `on` is `TABLE "orders"`, or TABLES behind the `head` of ALTER DEFAULT PRIVILEGES.
    """
    taken = {*old.privileges} - {*new.privileges} | {*new.withheld} - {*old.withheld}
    given = {*new.privileges} - {*old.privileges} | {*old.withheld} - {*new.withheld}
    options = {*new.grantable} - {*old.grantable}
    closed = {*old.grantable} - {*new.grantable} - taken
    word = Worded(to, on, column, head or raw(""))
    if taken:
        yield Step(False, tuple(sorted(taken)), word.revoke(taken))
    if closed:
        yield Step(False, (), word.revoke(closed, option=True), option=True)
    if given - options:
        yield Step(True, tuple(sorted(given - options)), word.grant(given - options))
    if options:
        yield Step(True, tuple(sorted(options)), word.grant(options, option=True), option=True)


class Worded(NamedTuple):
    """How GRANT and REVOKE for one role and one object are worded."""

    role: str
    on: Sql
    column: str | None
    head: Sql

    def grant(self, privileges: Iterable[str], *, option: bool = False) -> Sql:
        """GRANT … TO …."""
        return sql(
            "{head}GRANT {privileges} ON {on} TO {role}{option}",
            head=self.head,
            privileges=self._listed(privileges),
            on=self.on,
            role=role(self.role),
            option=raw(" WITH GRANT OPTION" if option else ""),
        )

    def revoke(self, privileges: Iterable[str], *, option: bool = False) -> Sql:
        """REVOKE … FROM …; never CASCADE: who was given rights by somebody else loses them by a step of their own."""
        return sql(
            "{head}REVOKE {option}{privileges} ON {on} FROM {role}",
            head=self.head,
            option=raw("GRANT OPTION FOR " if option else ""),
            privileges=self._listed(privileges),
            on=self.on,
            role=role(self.role),
        )

    def _listed(self, privileges: Iterable[str]) -> Sql:
        words: Callable[[str], Sql] = raw
        if self.column is not None:
            columns = sql(" ({column})", column=Name(self.column))
            words = lambda privilege: sql("{privilege}{columns}", privilege=raw(privilege), columns=columns)  # noqa: E731
        return join(", ", [words(privilege) for privilege in sorted(privileges)])
