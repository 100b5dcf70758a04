"""What the database gives to new objects wherever they are made: ALTER DEFAULT PRIVILEGES without a schema.

It is the database's and no part of a tenant's schema, but it decides what an object is born with, so that a plan has to
know it (catalog pg_default_acl, where defaclnamespace is 0). Unlike what a schema adds, it may also take rights away
(manual: ALTER DEFAULT PRIVILEGES).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from schema_sync.adapters.postgres.access import OWNER
from schema_sync.adapters.postgres.capture import Capture
from schema_sync.adapters.postgres.objects import DatabaseDefault
from schema_sync.adapters.postgres.session import Connection
from schema_sync.adapters.postgres.text import quote
from schema_sync.model.ident import Ident

_QUERY: Final = """
SELECT n.oid AS ns, a.defaclobjtype AS objects, g.grantee = a.defaclrole AS is_creator,
       CASE WHEN a.defaclrole <> n.nspowner THEN pg_get_userbyid(a.defaclrole)::text END AS creator,
       CASE WHEN g.grantee = 0 THEN 'public' ELSE pg_get_userbyid(g.grantee)::text END AS role,
       g.held, g.grantable, g.usual
  FROM pg_namespace n
  JOIN pg_default_acl a ON a.defaclnamespace = 0 AND a.defaclobjtype IN ('r', 'S', 'f', 'T')
                       AND a.defaclrole IN (n.nspowner, (SELECT u.oid FROM pg_roles u WHERE u.rolname = current_user))
 CROSS JOIN LATERAL (
    SELECT e.grantee,
           coalesce(array_agg(e.privilege_type ORDER BY e.privilege_type) FILTER (WHERE e.held), '{}') AS held,
           coalesce(array_agg(e.privilege_type ORDER BY e.privilege_type) FILTER (WHERE e.held AND e.is_grantable),
                    '{}') AS grantable,
           coalesce(array_agg(e.privilege_type ORDER BY e.privilege_type) FILTER (WHERE NOT e.held), '{}') AS usual
      FROM (SELECT *, true AS held FROM aclexplode(a.defaclacl)
             UNION ALL
            SELECT *, false FROM aclexplode(acldefault(CASE a.defaclobjtype WHEN 'S' THEN 's' ELSE a.defaclobjtype END,
                                                       a.defaclrole))) AS e
     GROUP BY e.grantee) AS g
 WHERE n.oid = ANY($1::oid[])
 ORDER BY n.oid, a.defaclobjtype, creator, role
"""
"""Of objects that the schema's owner makes, or the login."""

_OBJECTS: Final = {"r": "TABLES", "S": "SEQUENCES", "f": "FUNCTIONS", "T": "TYPES"}


async def read_ambient(connection: Connection, captures: Mapping[int, Capture]) -> None:
    """Give each capture what the database's default privileges give to its new objects; by the namespace's oid."""
    for row in await connection.rows(_QUERY, [list(captures)]):
        roles = captures[row.ns].reader.roles
        creator = OWNER if row.creator is None else roles.spelled(row.creator)
        to = creator if row.is_creator else row.role if row.role == "public" else roles.spelled(row.role)
        objects, held, usual = _OBJECTS[row.objects], set(row.held), set(row.usual)
        found = DatabaseDefault(
            ident=Ident("default_privilege", f"{objects} of {quote(creator)} to {to} in the database"),
            creator=creator,
            objects=objects,
            role=to,
            privileges=tuple(sorted(held - usual)),
            grantable=tuple(row.grantable),
            withheld=tuple(sorted(usual - held)),
        )
        if found.privileges or found.grantable or found.withheld:
            captures[row.ns].ambient.append(found)
