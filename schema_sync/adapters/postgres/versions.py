"""Which servers are understood, and what differs between them: every difference that anything of ours depends on.

A cell asks `FEATURE.on(server)` and names no version. A column of the catalog that only some versions have needs no
question: it is read as `to_jsonb(row) ->> 'column'`, and stands here all the same, with the version that it came with.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

OLDEST: Final = 14
"""The oldest major that is read."""

TESTED: Final = frozenset({15, 16, 18})
"""The majors that the test suite runs on."""


class Feature(NamedTuple):
    """Something that a server has from a version on."""

    since: int
    """The major version."""
    what: str
    """What it is, and where the manual or the catalog has it."""

    def on(self, server: int) -> bool:
        """Whether a server of that version (150018) has it; one that is not known (0) has not."""
        return major(server) >= self.since

    def is_lacked_by(self, server: int) -> bool:
        """Whether a server of that version is known not to have it."""
        return 0 < major(server) < self.since


NULLS_NOT_DISTINCT: Final = Feature(15, "UNIQUE NULLS NOT DISTINCT; pg_index.indnullsnotdistinct")
SET_NULL_COLUMNS: Final = Feature(15, "ON DELETE SET NULL (columns); pg_constraint.confdelsetcols")
SEQUENCE_PERSISTENCE: Final = Feature(15, "UNLOGGED sequences, which follow the table that owns them")
SET_ACCESS_METHOD: Final = Feature(15, "ALTER TABLE SET ACCESS METHOD")
STORAGE_DEFAULT: Final = Feature(16, "ALTER COLUMN SET STORAGE DEFAULT")
PLAIN_VIEW_COLUMNS: Final = Feature(16, "views over one table print columns without its name: a spelling of its own")
SET_EXPRESSION: Final = Feature(17, "ALTER COLUMN SET EXPRESSION (ALTER TABLE)")
OPERATOR_LINKS: Final = Feature(17, "ALTER OPERATOR SET for COMMUTATOR, NEGATOR, HASHES and MERGES")
NOT_NULL_ROWS: Final = Feature(18, "NOT NULL is a named row of pg_constraint, contype n")
NOT_ENFORCED: Final = Feature(18, "CHECK and foreign keys NOT ENFORCED; pg_constraint.conenforced")
WITHOUT_OVERLAPS: Final = Feature(18, "keys over periods; pg_constraint.conperiod")
VIRTUAL_COLUMNS: Final = Feature(18, "generated columns that are not stored; pg_attribute.attgenerated v")

FEATURES: Final = (
    NULLS_NOT_DISTINCT,
    SET_NULL_COLUMNS,
    SEQUENCE_PERSISTENCE,
    SET_ACCESS_METHOD,
    STORAGE_DEFAULT,
    PLAIN_VIEW_COLUMNS,
    SET_EXPRESSION,
    OPERATOR_LINKS,
    NOT_NULL_ROWS,
    NOT_ENFORCED,
    WITHOUT_OVERLAPS,
    VIRTUAL_COLUMNS,
)
"""All of them, by the version that they came with."""

Support = Literal["tested", "accepted", "refused"]


def major(server: int) -> int:
    """The major version out of `server_version_num`: 150018 -> 15. Definitions are spelled alike within one."""
    return server // 10000


def text(server: int) -> str:
    """For people: 150018 -> `PostgreSQL 15.18`."""
    return f"PostgreSQL {major(server)}.{server % 10000}"


def support(server: int) -> Support:
    """How far a server is understood: older ones than `OLDEST` are refused, those that are not tested accepted."""
    if major(server) < OLDEST:
        return "refused"
    return "tested" if major(server) in TESTED else "accepted"


def notice(server: int) -> str | None:
    """What people should know about a server that is accepted and not tested."""
    if support(server) != "accepted":
        return None
    tested = ", ".join(str(each) for each in sorted(TESTED))
    return f"{text(server)} is accepted, and not among the versions that schema-sync is tested on ({tested})"
