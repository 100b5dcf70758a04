"""What `doctor` looks at: the server's version, the role's privileges on every tenant, forgotten transactions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from schema_sync.adapters.postgres import versions
from schema_sync.adapters.postgres.lock import LOCK_CLASS
from schema_sync.adapters.postgres.scratch import PREFIX
from schema_sync.adapters.postgres.session import Connection, Limits
from schema_sync.model.report import Diagnostic

_TENANTS: Final = """
SELECT n.nspname AS name, has_schema_privilege(n.oid, 'USAGE') AS usable,
       pg_has_role(n.nspowner, 'MEMBER') AS owned
  FROM pg_namespace n
 WHERE n.nspname = ANY($1::text[])
 ORDER BY n.nspname
"""

_LOCKS: Final = """
SELECT n.nspname AS tenant, l.pid, a.application_name AS application,
       extract(epoch FROM now() - a.xact_start)::bigint AS seconds
  FROM pg_locks l
  JOIN pg_namespace n ON n.oid = l.objid
  LEFT JOIN pg_stat_activity a ON a.pid = l.pid
 WHERE l.locktype = 'advisory' AND l.classid = $1::bigint::oid AND l.objsubid = 2 AND l.granted
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
 ORDER BY n.nspname, l.pid
"""

_FORGOTTEN: Final = """
SELECT a.pid, a.application_name AS application, extract(epoch FROM now() - a.xact_start)::bigint AS seconds
  FROM pg_stat_activity a
 WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
   AND a.state LIKE 'idle in transaction%' AND a.xact_start < now() - interval '1 minute'
 ORDER BY a.xact_start, a.pid
"""

_LEFTOVERS: Final = """
SELECT d.datname AS name
  FROM pg_database d
 WHERE starts_with(d.datname, $1) AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)
   AND NOT EXISTS (SELECT FROM pg_stat_activity a
                    WHERE a.application_name LIKE 'schema-sync%' AND a.pid <> pg_backend_pid())
 ORDER BY d.datname
"""
"""Scratch databases that nobody is in. While another run is about, they may be its own."""


async def diagnose(connection: Connection, target: str, tenants: Sequence[str]) -> list[Diagnostic]:
    """All findings, the server's own first; sorted within."""
    await connection.begin(Limits(), snapshot=True)
    try:
        found = [_version(connection.version, target)]
        rows = await connection.rows(_TENANTS, [list(tenants)])
        found += [_unusable(row.name) for row in rows if not row.usable]
        found += [_not_owned(row.name) for row in rows if row.usable and not row.owned]
        for row in await connection.rows(_LOCKS, [LOCK_CLASS]):
            message = f"{row.tenant} is locked by process {row.pid} ({row.application}) since {row.seconds} s"
            found.append(Diagnostic(code="warning", object=row.tenant, message=message))
        for row in await connection.rows(_FORGOTTEN):
            message = f"process {row.pid} ({row.application}) has an idle transaction open since {row.seconds} s"
            found.append(Diagnostic(code="warning", object=target, message=message))
        for row in await connection.rows(_LEFTOVERS, [PREFIX]):
            message = f"{row.name} is a scratch database of a run that died: DROP DATABASE {row.name}"
            found.append(Diagnostic(code="warning", object=row.name, message=message))
        return found
    finally:
        await connection.rollback()


def _version(version: int, target: str) -> Diagnostic:
    match versions.support(version):
        case "refused":
            message = f"{versions.text(version)} is not supported: {versions.OLDEST} is the oldest"
            return Diagnostic(code="error", object=target, message=message)
        case "accepted":
            return Diagnostic(code="warning", object=target, message=f"{target}: {versions.notice(version)}")
        case "tested":
            return Diagnostic(code="ok", object=target, message=f"{target} is {versions.text(version)}")


def _unusable(name: str) -> Diagnostic:
    return Diagnostic(code="error", object=name, message=f"the login's role has no USAGE on the schema {name}")


def _not_owned(name: str) -> Diagnostic:
    message = f"the login's role is no member of the owner of {name}: it can be read and not changed"
    return Diagnostic(code="warning", object=name, message=message)
