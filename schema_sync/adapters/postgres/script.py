"""Statements as a script for psql: what a run does by itself around them."""

from __future__ import annotations

from functools import partial
from typing import Final

from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.access import OWNER, Access
from schema_sync.adapters.postgres.lock import SetRole, home
from schema_sync.adapters.postgres.session import SETTINGS, Connection, Limits
from schema_sync.adapters.sql import Literal, Name, sql
from schema_sync.model.report import TenantContext
from schema_sync.protocols import Script

_OF_CLIENTS: Final = frozenset(
    {"search_path", "client_min_messages", "idle_in_transaction_session_timeout", "client_connection_check_interval"}
)
"""Settings of ours that do not decide what a statement means."""


_DATABASE: Final = "SELECT current_database() AS name"


async def script(
    connection: Connection, tenant: TenantContext, limits: Limits, set_role: SetRole, access: Access
) -> Script:
    """How statements are written for a tenant; see `DatabaseAdapter.script`. They run as the role that a run would have
    them run as, and in no other database.
    """
    row = await home(connection, tenant)
    [database] = await connection.rows(_DATABASE)
    elsewhere = sql(
        "BEGIN IF current_database() <> {name} THEN RAISE EXCEPTION 'this is for the database %', {name}; END IF; END",
        name=Literal(database.name),
    )
    guard = sql("DO {body}", body=Literal(elsewhere.text()))
    settings = {name: value for name, value in SETTINGS.items() if name not in _OF_CLIENTS}
    path = sql("SET search_path = {schema}, pg_temp", schema=Name(tenant.name))
    lines = [sql("SET {name} = {value}", name=Name(name), value=Literal(value)) for name, value in settings.items()]
    timeout = sql("SET lock_timeout = {value}", value=Literal(limits.settings()["lock_timeout"]))
    role = [sql("SET ROLE {role}", role=Name(row.owner))] if row.superuser and set_role == "owner" else []
    return Script(
        head="\n".join(
            ["\\set ON_ERROR_STOP on", *(f"{line.text()};" for line in (guard, *lines, timeout, path, *role))]
        ),
        begin="BEGIN;",
        commit="COMMIT;",
        spelled=partial(text.expand, tenant=tenant.name, roles={**access.of(tenant.name).own, OWNER: row.owner}),
    )
