"""Who owns an object, and how it is given away.

That takes a membership in the new owner, who must be allowed to create in the schema: it is done as the role of the
login, not as the schema's owner. No code of a tenant's runs on the way.
"""

from __future__ import annotations

from schema_sync.adapters.kind import Action
from schema_sync.adapters.postgres.objects import Ownership
from schema_sync.adapters.postgres.rules import role, run_as
from schema_sync.adapters.sql import Sql, raw, sql
from schema_sync.model.ident import Ident
from schema_sync.model.plan import Hazard


def ownership(of: Ident) -> Ident:
    """The identity of what says whose an object is; it is there where that is not the schema's owner."""
    return Ident(Ownership.kind, "owner", of)


def given(on: Sql, to: str, lock: str | None, after: frozenset[Ident] = frozenset()) -> Action:
    """OWNER TO."""
    statement = sql("ALTER {on} OWNER TO {role}", on=on, role=role(to))
    hazards = frozenset({Hazard.BRIEF_LOCK} if lock else ())
    return Action(run_as(raw("NONE"), statement), hazards=hazards, lock=lock, after=after)
