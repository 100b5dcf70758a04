"""What a tenant holds and no cell reads: nothing of it is dropped silently from a snapshot.

Whole objects are left over from `depends.py`; properties of objects that are read (security labels; privileges on
members of extensions) are looked for here until a cell takes them over. Each becomes a tenant-neutral line
`<kind> <name> on <object>: <detail>` and a diagnostic. Two things are equal only if their details say all of them:
that of a whole object ends with a digest of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.access import OWNER
from schema_sync.adapters.postgres.cell import Row, TornRead
from schema_sync.adapters.postgres.depends import Links
from schema_sync.adapters.postgres.digest import digests
from schema_sync.adapters.postgres.session import Connection

_OBJECTS: Final = """
SELECT u.ns, u.classid, u.objid, i.type, i.name, i.identity,
       CASE WHEN set_config('search_path', ns.sp, true) IS NULL THEN NULL
            WHEN p.oid IS NOT NULL THEN concat_ws(' ',
                 CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END, p.polcmd,
                 'USING ' || pg_get_expr(p.polqual, p.polrelid),
                 'WITH CHECK ' || pg_get_expr(p.polwithcheck, p.polrelid))
            WHEN w.oid IS NOT NULL THEN pg_get_ruledef(w.oid, true)
            WHEN g.oid IS NOT NULL THEN pg_get_triggerdef(g.oid, true)
            WHEN k.oid IS NOT NULL THEN pg_get_constraintdef(k.oid)
            WHEN s.oid IS NOT NULL THEN pg_get_statisticsobjdef(s.oid)
            WHEN f.prokind <> 'a' THEN pg_get_functiondef(f.oid)
            WHEN c.relkind IN ('i', 'I') THEN pg_get_indexdef(c.oid, 0, true)
            WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid)
            WHEN c.relkind = 'p' THEN 'PARTITION BY ' || pg_get_partkeydef(c.oid)
            WHEN c.relispartition THEN 'PARTITION ' || pg_get_expr(c.relpartbound, c.oid) END AS detail,
       ARRAY(SELECT r.rolname FROM pg_roles r WHERE r.oid = ANY(p.polroles) ORDER BY 1) AS roles
  FROM unnest($2::oid[], $3::oid[], $4::oid[]) AS u(ns, classid, objid)
  JOIN ns ON ns.oid = u.ns
 CROSS JOIN LATERAL pg_identify_object(u.classid, u.objid, 0) AS i
  LEFT JOIN pg_policy p ON u.classid = 'pg_policy'::regclass AND p.oid = u.objid
  LEFT JOIN pg_rewrite w ON u.classid = 'pg_rewrite'::regclass AND w.oid = u.objid
  LEFT JOIN pg_trigger g ON u.classid = 'pg_trigger'::regclass AND g.oid = u.objid
  LEFT JOIN pg_constraint k ON u.classid = 'pg_constraint'::regclass AND k.oid = u.objid
  LEFT JOIN pg_statistic_ext s ON u.classid = 'pg_statistic_ext'::regclass AND s.oid = u.objid
  LEFT JOIN pg_proc f ON u.classid = 'pg_proc'::regclass AND f.oid = u.objid
  LEFT JOIN pg_class c ON u.classid = 'pg_class'::regclass AND c.oid = u.objid
 WHERE i.schema IS DISTINCT FROM 'pg_toast'
 ORDER BY u.ns, u.classid, u.objid
"""

_LABELS: Final = """
SELECT l.classoid AS classid, l.objoid AS objid, l.objsubid, l.provider, l.label
  FROM pg_seclabel l
 ORDER BY l.classoid, l.objoid, l.objsubid, l.provider
"""

_RIGHTS: Final = """
SELECT m.ns, m.classid, m.objid, i.type, i.identity, e.grantee = m.owner AS is_owner,
       CASE WHEN e.grantee = 0 THEN 'public' ELSE pg_get_userbyid(e.grantee)::text END AS role,
       e.privilege_type AS privilege, e.is_grantable
  FROM (SELECT p.pronamespace AS ns, 'pg_proc'::regclass::oid AS classid, p.oid AS objid, 0 AS objsubid,
               p.proowner AS owner, p.proacl AS acl, 'f'::"char" AS sort
          FROM pg_proc p
         UNION ALL
        SELECT y.typnamespace, 'pg_type'::regclass, y.oid, 0, y.typowner, y.typacl, 'T' FROM pg_type y
         UNION ALL
        SELECT c.relnamespace, 'pg_class'::regclass, c.oid, 0, c.relowner, c.relacl,
               CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char"
          FROM pg_class c
         UNION ALL
        SELECT c.relnamespace, 'pg_class'::regclass, c.oid, a.attnum, c.relowner, a.attacl, 'c'
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS m
  JOIN pg_depend d ON d.classid = m.classid AND d.objid = m.objid AND d.objsubid = 0
                  AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
  LEFT JOIN pg_init_privs v ON v.classoid = m.classid AND v.objoid = m.objid AND v.objsubid = m.objsubid
 CROSS JOIN LATERAL pg_identify_object(m.classid, m.objid, m.objsubid) AS i
  LEFT JOIN LATERAL aclexplode(coalesce(m.acl, acldefault(m.sort, m.owner))) AS e ON true
 WHERE m.ns = ANY($1::oid[]) AND m.acl IS DISTINCT FROM v.initprivs
 ORDER BY m.ns, m.classid, m.objid, m.objsubid, is_owner, role, privilege
"""
"""What roles may do with the members of extensions that are no longer as their scripts have left them (manual:
pg_init_privs): granted by hand, or by default privileges when they were made."""

_OF_THE_SCHEMA: Final = frozenset({"default acl", "publication namespace"})
"""What has the schema's own name in its identity, and no dot behind it."""


async def note_unmodelled(connection: Connection, namespaces: str, links: Mapping[int, Links]) -> None:
    """Give every capture the lines of what nobody has read. `namespaces` is the inspector's CTE."""
    await _objects(connection, namespaces, links)
    for row in await connection.rows(_LABELS):
        for of in links.values():
            if (row.classid, row.objid) in of.parts:
                _note(of, row, _label)
    await _rights(connection, links)


async def _objects(connection: Connection, namespaces: str, links: Mapping[int, Links]) -> None:
    """Whole objects: those whose holder has not been read either are told of with it alone, and count in its digest."""
    found = await digests(connection, namespaces, links)
    if not found:
        return
    columns = [ns for ns, _ in found], [part[0] for _, part in found], [part[1] for _, part in found]
    await connection.run("SET LOCAL search_path = ''")
    for row in await connection.rows(namespaces + _OBJECTS, [list(links), *columns]):
        of = links[row.ns]
        if row.identity is None:
            # pg_identify_object() looks the object up as of now: it was dropped after our snapshot was taken.
            of.capture.error = TornRead(of.capture.reader.tenant, "an object was dropped")
            continue
        root = (row.classid, row.objid)
        line = _object(row, of, found[row.ns, root])
        of.capture.reader.unmodelled(line)
        if leans := of.leans_on(of.unread_within[root]):
            of.capture.leans[line] = leans


async def _rights(connection: Connection, links: Mapping[int, Links]) -> None:
    """Privileges on what belongs to an extension, which is no object of its own."""
    holders = [ns for ns, of in links.items() if of.members]
    if not holders:
        return
    found: dict[tuple[int, str], list[str]] = {}
    for row in await connection.rows(_RIGHTS, [holders]):
        if row.identity is not None:
            reader = links[row.ns].capture.reader
            name = text.neutral(row.identity, reader.tenant).replace(f"{text.PLACEHOLDER}.", "")
            those = found.setdefault((row.ns, f"{row.type} {name}"), [])
            role = OWNER if row.is_owner else reader.roles.spelled(row.role or "")
            option = " WITH GRANT OPTION" if row.is_grantable else ""
            those += [f"{row.privilege} TO {role}{option}"] if row.privilege else []
    for (ns, what), rights in found.items():
        links[ns].capture.reader.unmodelled(f"privileges on {what}: {', '.join(rights) or 'none'}")


def _object(row: Row, of: Links, digest: str) -> str:
    """A line: what people should know of it, and behind that the digest, which says all."""
    tenant = of.capture.reader.tenant
    owners = [
        ident
        for link in of.rows
        if (link.classid, link.objid) == (row.classid, row.objid) and link.deptype == "a"
        if (ident := of.resolve(link.refclassid, link.refobjid)) is not None
    ]
    neutral = text.neutral_list if row.type in _OF_THE_SCHEMA else text.neutral
    name = neutral(row.identity, tenant)
    if owners:
        name = f"{name.rpartition(f' on {text.PLACEHOLDER}.')[0] or row.name or name} on {min(owners).text}"
    what = f"{row.type.replace(' ', '_')} {name.replace(f'{text.PLACEHOLDER}.', '')}"
    details = [" ".join(text.neutral(row.detail, tenant).split())] if row.detail else []
    details += ["TO " + ", ".join(map(of.capture.reader.roles.spelled, row.roles))] if row.roles else []
    return f"{what}: {' '.join([*details, digest])}"


def _note(of: Links, row: Row, describe: Callable[[Row, str], Iterable[tuple[str, str]]]) -> None:
    """Note the lines about an object that was read; of one that was not, only that it is there is said."""
    ident = of.resolve(row.classid, row.objid, row.objsubid)
    where = "schema" if row.objid == getattr(row, "ns", None) else ident.text if ident is not None else None
    if where is None:
        return
    for what, detail in describe(row, of.capture.reader.tenant):
        of.capture.reader.unmodelled(f"{what} on {where}: {detail}" if detail else f"{what} on {where}")


def _label(row: Row, _tenant: str) -> Iterable[tuple[str, str]]:
    yield f"security_label {row.provider}", row.label
