"""What a tenant needs of its database and cluster: whether it is there, in the very words in which it is noted.

`depends.py` notes a need as pg_identify_object() calls it. Here everything that could be meant is called so too, and
what is wanted is looked for among that; nothing of it is taken apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, LiteralString

from schema_sync.adapters.postgres.access import Roles, is_mapped, real
from schema_sync.adapters.postgres.depends import PARTS
from schema_sync.adapters.postgres.session import Connection
from schema_sync.adapters.postgres.text import words
from schema_sync.adapters.sql import Name, sql
from schema_sync.errors import SchemaSyncError
from schema_sync.model.plan import Part, Statement
from schema_sync.model.report import Lack

EXTENSION: Final = "extension "
ROLE: Final = "role "
PUBLICATION: Final = "publication "
SERVER: Final = "server "
_WRAPPER: Final = "foreign-data wrapper "

SCRATCH: Final = frozenset({PUBLICATION, SERVER})
"""What begins the needs that can be made in a database of our own, where nobody asks for what is behind the name: a
publication that nobody subscribes to, a server that is never connected to."""

_STAND_IN: Final = "schema_sync_stand_in"
"""The wrapper of servers in a scratch database: without a handler and without a validator, it takes all options."""

_THERE: Final[LiteralString] = (
    """
WITH RECURSIVE ns AS MATERIALIZED (
  SELECT oid, nspname FROM pg_namespace WHERE nspname = ANY($1::text[]))
"""
    + PARTS
    + """
, thing(classid, objid) AS (
    SELECT classid, objid FROM part
     UNION SELECT 'pg_language'::regclass, oid FROM pg_language
     UNION SELECT 'pg_foreign_data_wrapper'::regclass, oid FROM pg_foreign_data_wrapper
     UNION SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
     UNION SELECT 'pg_am'::regclass, oid FROM pg_am
     UNION SELECT 'pg_cast'::regclass, oid FROM pg_cast
     UNION SELECT 'pg_transform'::regclass, oid FROM pg_transform
     UNION SELECT 'pg_publication'::regclass, oid FROM pg_publication
     UNION SELECT 'pg_namespace'::regclass, oid FROM ns
)
SELECT w.need
  FROM unnest($2::text[]) AS w(need)
 WHERE w.need IN (SELECT i.type || ' ' || i.identity
                    FROM thing CROSS JOIN LATERAL pg_identify_object(thing.classid, thing.objid, 0) AS i)
    OR w.need IN (SELECT 'extension ' || extname FROM pg_extension)
    OR w.need IN (SELECT 'role ' || rolname FROM pg_roles)
    OR w.need IN (SELECT 'tablespace ' || spcname FROM pg_tablespace)
 ORDER BY w.need
"""
)

_INSTALLED: Final = """
SELECT e.extname AS name, n.nspname AS schema
  FROM pg_extension e
  JOIN pg_namespace n ON n.oid = e.extnamespace
 WHERE n.nspname = ANY($1::text[])
 ORDER BY e.oid
"""

_AVAILABLE: Final = """
SELECT v.name, v.requires
  FROM pg_available_extension_versions v
  JOIN pg_available_extensions a ON a.name = v.name AND a.default_version = v.version
 ORDER BY v.name
"""

_ROLES: Final = """
SELECT rolname AS name
  FROM pg_roles
 WHERE rolname = ANY($1::text[])
 ORDER BY rolname
"""

_CLUSTER: Final = "SELECT system_identifier::text AS id FROM pg_control_system()"


async def missing(
    connection: Connection,
    needs: Collection[str],
    places: Mapping[str, str],
    shared: Collection[str],
    roles: Roles | None = None,
    *,
    makes: Collection[str] = (),
) -> list[Lack]:
    """What of these lines is not there, sorted; read in the open transaction, whose search_path is empty.

    An extension that the server has ready comes with the statements that install it, and those that it requires.
    Roles that every tenant has of its own are looked for where it is said whose. `makes` is what begins the other needs
    that may be made: `ROLE`, or of `SCRATCH`.
    """
    wanted = {need: named for need in sorted(set(needs)) if (named := _real(need, roles)) is not None}
    asked = [sorted(shared), [*sorted(wanted.values()), _WRAPPER + _STAND_IN]]
    there = {row.need for row in await connection.rows(_THERE, asked)}
    lost = [need for need, named in wanted.items() if named not in there]
    requires: Mapping[str, Sequence[str] | None] = {}
    if any(need.startswith(EXTENSION) for need in lost):
        requires = {row.name: row.requires for row in await connection.rows(_AVAILABLE)}
    planned = set(there)
    return [
        Lack(need=wanted[need], remedies=_remedies(need, wanted[need], places, requires, planned, makes))
        for need in lost
    ]


def _real(need: str, roles: Roles | None) -> str | None:
    """A need with a role's true name; `None` for a role of the tenant's own where that is not known."""
    if not need.startswith(ROLE):
        return need
    spelled = need.removeprefix(ROLE)
    own = spelled if not is_mapped(spelled) else (roles.own.get(spelled) if roles is not None else None)
    return None if own is None else ROLE + real(own)


def own_roles(needs: Collection[str], roles: Roles) -> list[str]:
    """The names of those roles among the needs that are the tenant's own, sorted."""
    spelled = [need.removeprefix(ROLE) for need in needs if need.startswith(ROLE)]
    return sorted({roles.own[each] for each in spelled if is_mapped(each) and each in roles.own})


async def roles_there(connection: Connection, names: Collection[str]) -> set[str]:
    """Which of these roles the cluster has."""
    return {row.name for row in await connection.rows(_ROLES, [sorted(set(names))])}


def _remedies(
    need: str,
    named: str,
    places: Mapping[str, str],
    requires: Mapping[str, Sequence[str] | None],
    planned: set[str],
    makes: Collection[str],
) -> tuple[Statement, ...]:
    if any(need.startswith(sort) for sort in makes):
        return tuple(_made(named, planned))
    if need.startswith(EXTENSION) and need.removeprefix(EXTENSION) in requires:
        return tuple(_install(need.removeprefix(EXTENSION), places.get(need), requires, planned))
    return ()


def _made(need: str, planned: set[str]) -> Iterator[Statement]:
    if need.startswith(ROLE):  # a role is needed by its bare name, all else as pg_identify_object() quotes it
        yield _statement(sql("CREATE ROLE {name} NOLOGIN", name=Name(need.removeprefix(ROLE))).text(), need)
        return
    sort = next(sort for sort in SCRATCH if need.startswith(sort))
    name = Name(next(word.name or "" for word in words(need.removeprefix(sort))))
    if sort == PUBLICATION:
        yield _statement(sql("CREATE PUBLICATION {name}", name=name).text(), need)
        return
    wrapper = Name(_STAND_IN)
    if _WRAPPER + _STAND_IN not in planned:
        planned.add(_WRAPPER + _STAND_IN)
        create = sql("CREATE FOREIGN DATA WRAPPER {wrapper}", wrapper=wrapper)
        yield _statement(create.text(), _WRAPPER + _STAND_IN)
    create = sql("CREATE SERVER {name} FOREIGN DATA WRAPPER {wrapper}", name=name, wrapper=wrapper)
    yield _statement(create.text(), need)


def _install(
    name: str, place: str | None, requires: Mapping[str, Sequence[str] | None], planned: set[str]
) -> list[Statement]:
    """CREATE EXTENSION for one, behind those that it requires (manual: 38.17.1); each is planned once."""
    if EXTENSION + name in planned:
        return []
    planned.add(EXTENSION + name)
    found = [one for other in requires.get(name) or () for one in _install(other, place, requires, planned)]
    create = sql("CREATE EXTENSION IF NOT EXISTS {name}", name=Name(name))
    if place is not None:
        create = sql("{create} SCHEMA {place}", create=create, place=Name(place))
    return [*found, _statement(create.text(), EXTENSION + name)]


def _statement(text: str, need: str) -> Statement:
    return Statement(sql=text, object=need, parts=(Part("create", need),))


async def installed(connection: Connection, schemas: Collection[str]) -> dict[str, str]:
    """The extensions that were put into these schemas, as needs -> the schema; in the order of their installation."""
    rows = await connection.rows(_INSTALLED, [sorted(schemas)])
    return {EXTENSION + row.name: row.schema for row in rows}


def role_made(statement: Statement) -> str | None:
    """The role that a remedy makes."""
    return statement.object.removeprefix(ROLE) if statement.object.startswith(ROLE) else None


async def cluster(connection: Connection) -> str | None:
    """What tells one cluster from all others that are no copies of it; `None` where it may not be asked."""
    try:
        [row] = await connection.rows(_CLUSTER)
    except SchemaSyncError:
        return None
    return str(row.id)
