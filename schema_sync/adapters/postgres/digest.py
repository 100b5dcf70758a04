"""What an unread part of a tenant is, whole: digests over its catalog rows, for what has no complete text.

Nothing here knows a kind of object. Every column of a part's rows counts, those of later servers too, but for what is
no definition: oids become the names of what they point to, as pg_get_catalog_foreign_keys() says (manual: 9.26),
expressions what the server prints of them, and counters, owners and column numbers are left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final, LiteralString, NamedTuple

from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.access import Roles
from schema_sync.adapters.postgres.cell import PG_CLASS, PG_PROC, PG_TYPE, Row
from schema_sync.adapters.postgres.depends import PG_NAMESPACE, Links, Part
from schema_sync.adapters.postgres.session import Connection
from schema_sync.adapters.sql import Literal, Name, Sql, join, sql
from schema_sync.model.codec import canonical

LENGTH: Final = 16
"""Hex digits of a digest."""

PG_ATTRIBUTE: Final = 1249
PG_AUTHID: Final = 1260
PG_TS_CONFIG: Final = 3602

_KEYS: Final = {
    "pg_attribute": "attrelid",
    "pg_index": "indexrelid",
    "pg_partitioned_table": "partrelid",
    "pg_foreign_table": "ftrelid",
    "pg_inherits": "inhrelid",
    "pg_sequence": "seqrelid",
    "pg_aggregate": "aggfnoid",
    "pg_range": "rngtypid",
    "pg_ts_config_map": "mapcfg",
}
"""Catalogs without objects of their own, and the column that says whom a row describes. All others have `oid`."""

_MORE: Final[Mapping[int, tuple[str, ...]]] = {
    PG_CLASS: ("pg_attribute", "pg_index", "pg_partitioned_table", "pg_foreign_table", "pg_inherits", "pg_sequence"),
    PG_PROC: ("pg_aggregate",),
    PG_TYPE: ("pg_range",),
    PG_TS_CONFIG: ("pg_ts_config_map",),
}
"""Where the objects of a catalog have further rows."""

_TEXTS: Final[Mapping[str, LiteralString]] = {
    "pg_class": "jsonb_build_array(pg_get_expr(x.relpartbound, x.oid),"
    " (SELECT t.reloptions FROM pg_class t WHERE t.oid = x.reltoastrelid),"
    " CASE x.relkind WHEN 'p' THEN pg_get_partkeydef(x.oid) WHEN 'i' THEN pg_get_indexdef(x.oid, 0, true)"
    " WHEN 'I' THEN pg_get_indexdef(x.oid, 0, true) WHEN 'v' THEN pg_get_viewdef(x.oid)"
    " WHEN 'm' THEN pg_get_viewdef(x.oid) END)",
    "pg_attrdef": "jsonb_build_array(pg_get_expr(x.adbin, x.adrelid),"
    " (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = x.adrelid AND a.attnum = x.adnum))",
    "pg_constraint": "pg_get_constraintdef(x.oid)",
    "pg_trigger": "CASE WHEN NOT x.tgisinternal THEN pg_get_triggerdef(x.oid, true) END",
    "pg_rewrite": "pg_get_ruledef(x.oid, true)",
    "pg_policy": "jsonb_build_array(pg_get_expr(x.polqual, x.polrelid), pg_get_expr(x.polwithcheck, x.polrelid))",
    "pg_statistic_ext": "pg_get_statisticsobjdef(x.oid)",
    "pg_proc": "CASE WHEN x.prokind = 'a' THEN pg_get_function_arguments(x.oid) ELSE pg_get_functiondef(x.oid) END",
    "pg_publication_rel": "jsonb_build_array(pg_get_expr(x.prqual, x.prrelid),"
    " ARRAY(SELECT a.attname FROM pg_attribute a"
    " WHERE a.attrelid = x.prrelid AND a.attnum = ANY (x.prattrs::int2[]) ORDER BY 1))",
}
"""What the server prints of a row `x` whose expressions are node trees, or whose columns are numbers."""

_SINCE: Final = {"pg_publication_rel": "prqual"}
"""A column that a text needs and that not every server has: PostgreSQL 15 brought row filters and column lists."""

_CATALOGS: Final = """
SELECT c.relname::text AS catalog, a.attname::text AS name, a.atttypid::regtype::text AS type, k.pktable::oid AS target
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_get_catalog_foreign_keys() k ON k.fktable = c.oid AND k.fkcols[cardinality(k.fkcols)] = a.attname
 WHERE c.relnamespace = 'pg_catalog'::regnamespace AND (c.oid = ANY($1::oid[]) OR c.relname = ANY($2::text[]))
 ORDER BY c.relname, a.attnum
"""

_NAMES: Final = """
SELECT u.classid, u.objid,
       CASE WHEN u.classid = 'pg_authid'::regclass THEN pg_get_userbyid(u.objid)::text ELSE i.identity END AS name
  FROM unnest($1::oid[], $2::oid[]) AS u(classid, objid)
 CROSS JOIN LATERAL pg_identify_object(u.classid, u.objid, 0) AS i
 ORDER BY u.classid, u.objid
"""

_NO_DEFINITION: Final = frozenset(
    {
        *("relpages", "reltuples", "relallvisible", "relallfrozen", "relhasindex", "relhasrules", "relhastriggers"),
        *("relhassubclass", "relnatts", "relchecks", "reltoastrelid", "reltype", "relrewrite", "relispopulated"),
        *("attnum", "attndims", "attcacheoff", "atthasmissing", "attmissingval", "indcheckxmin", "indnatts"),
        *("conindid", "tgconstrindid", "typarray", "typrelid", "prattrs", "evtowner"),
    }
)
"""Counters, caches, and what the server makes up; an index that a foreign key relies on goes by the order in which
indexes were made."""

_NAMED_BY_THE_SERVER: Final = {"tgname": "tgisinternal", "tgparentid": "tgisinternal"}
"""Columns with names that have an oid in them, and the column that says whether they do."""


class _Column(NamedTuple):
    name: str
    type: str
    target: int | None
    """The catalog that it points to."""


_Catalogs = Mapping[str, list[_Column]]


async def digests(connection: Connection, namespaces: str, links: Mapping[int, Links]) -> dict[tuple[int, Part], str]:
    """For each unread part that stands for itself, a digest of it and of all that goes with it.

    `namespaces` is the inspector's CTE. Only statements about what is there are run.
    """
    within = {(ns, root): parts for ns, of in links.items() for root, parts in of.unread_within.items()}
    wanted = sorted({(ns, part) for (ns, _), parts in within.items() for part in parts})
    if not wanted:
        return {}
    classes = {part[0] for _, part in wanted}
    more = [catalog for classid in classes for catalog in _MORE.get(classid, ())]
    await connection.run("SET LOCAL search_path = ''")
    catalogs: dict[str, list[_Column]] = {}
    for row in await connection.rows(_CATALOGS, [list(classes), more]):
        catalogs.setdefault(row.catalog, []).append(_Column(row.name, row.type, row.target))
    rows = []
    for catalog, columns in catalogs.items():
        rows += [(catalog, row) for row in await _rows(connection, namespaces, catalog, columns, list(links), wanted)]
    names = await _names(connection, catalogs, rows)
    found: dict[tuple[int, Part], list[bytes]] = {}
    for catalog, row in rows:
        reader = links[row.ns].capture.reader
        meaning = _meaning(catalog, row, catalogs[catalog], _Names(names, row.ns, reader.tenant, reader.roles))
        found.setdefault((row.ns, (row.classid, row.objid)), []).append(canonical(meaning))
    return {
        (ns, root): _digest(data for part in parts for data in found.get((ns, part), ()))
        for (ns, root), parts in within.items()
    }


def _digest(rows: Iterable[bytes]) -> str:
    return hashlib.sha256(b"".join(sorted(rows))).hexdigest()[:LENGTH]


async def _rows(
    connection: Connection,
    namespaces: str,
    catalog: str,
    columns: list[_Column],
    tenants: list[int],
    wanted: list[tuple[int, Part]],
) -> list[Row]:
    """The rows of one catalog that describe these parts."""
    parameters = [ns for ns, _ in wanted], [part[0] for _, part in wanted], [part[1] for _, part in wanted]
    await connection.run("SET LOCAL search_path = ''")
    return await connection.rows(namespaces + _query(catalog, columns).text(), [tenants, *parameters])


def _query(catalog: str, columns: list[_Column]) -> Sql:
    key, subid = _KEYS.get(catalog, "oid"), sql("x.attnum" if catalog == "pg_attribute" else "0")
    of = "pg_class" if catalog == "pg_attribute" else catalog
    more = [
        sql("{name}, {value}", name=Literal(column.name), value=_value(column))
        for column in columns
        if column.type in ("regproc", "aclitem[]")
    ]
    known = {column.name for column in columns}
    printed = _TEXTS.get(catalog) if _SINCE.get(catalog, key) in known else None
    master = next((classid for classid, names in _MORE.items() if catalog in names), None)
    return sql(
        """
SELECT u.ns, u.classid, u.objid, to_jsonb(x) || jsonb_build_object({more}) AS columns,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = {of}::regclass AND d.objoid = u.objid AND d.objsubid = {subid}) AS comment,
       ARRAY(SELECT l.provider || ' ' || l.label FROM pg_seclabel l
              WHERE l.classoid = {of}::regclass AND l.objoid = u.objid AND l.objsubid = {subid} ORDER BY 1) AS labels,
       CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN to_jsonb({printed}) END AS printed
  FROM unnest($2::oid[], $3::oid[], $4::oid[]) AS u(ns, classid, objid)
  LEFT JOIN pg_class c ON u.classid = 'pg_class'::regclass AND c.oid = u.objid
  JOIN ns ON ns.oid = u.ns
  JOIN pg_catalog.{catalog} x ON x.{key} = u.objid AND u.classid = {master} {alive}
 WHERE c.relnamespace IS DISTINCT FROM 'pg_toast'::regnamespace
 ORDER BY u.ns, u.classid, u.objid""",
        more=join(", ", more),
        of=Literal(f"pg_catalog.{of}"),
        subid=subid,
        printed=sql(printed or "NULL::text"),
        catalog=Name(catalog),
        key=Name(key),
        master=sql("{oid}::oid", oid=Literal(str(master)))
        if master is not None
        else sql("{name}::regclass", name=Literal(f"pg_catalog.{catalog}")),
        alive=sql("AND x.attnum > 0 AND NOT x.attisdropped") if catalog == "pg_attribute" else Sql(()),
    )


def _value(column: _Column) -> Sql:
    """What to_jsonb() would print by name alone, or with owners in it."""
    if column.type == "regproc":
        return sql("x.{name}::oid", name=Name(column.name))
    return sql(
        "CASE WHEN x.{name} IS NOT NULL THEN coalesce(("
        "SELECT jsonb_agg(jsonb_build_array(g.grantee::bigint, g.privilege_type, g.is_grantable)"
        " ORDER BY g.grantee, g.privilege_type) FROM aclexplode(x.{name}) AS g WHERE g.grantee <> g.grantor"
        "), '[]') END",
        name=Name(column.name),
    )


async def _names(
    connection: Connection, catalogs: _Catalogs, rows: Iterable[tuple[str, Row]]
) -> dict[Part, str | None]:
    """The qualified names of all that these rows point to."""
    wanted: set[Part] = set()
    for catalog, row in rows:
        for column in catalogs[catalog]:
            if column.type == "aclitem[]":
                wanted |= {(PG_AUTHID, grant[0]) for grant in row.columns[column.name] or ()}
            elif column.target is not None and column.name not in _NO_DEFINITION:
                wanted |= {(column.target, oid) for oid in _oids(row.columns[column.name])}
    parts = sorted(part for part in wanted if part[1] and part[0] != PG_ATTRIBUTE)
    if not parts:
        return {}
    await connection.run("SET LOCAL search_path = ''")
    found = await connection.rows(_NAMES, [[classid for classid, _ in parts], [objid for _, objid in parts]])
    return {(row.classid, row.objid): row.name for row in found}


def _oids(value: Any) -> list[int]:
    """The oids in a value: one, an array, or a vector, which JSON has as text."""
    if value is None:
        return []
    if isinstance(value, str):
        return [int(oid) for oid in value.split()]
    return [int(oid) for oid in value] if isinstance(value, list) else [int(value)]


class _Names(NamedTuple):
    """Turns oids into the names of one tenant."""

    known: Mapping[Part, str | None]
    namespace: int
    tenant: str
    roles: Roles

    def of(self, target: int, oid: int) -> str | None:
        """A name, with the placeholder for the tenant's own."""
        if not oid:
            return None
        if target == PG_NAMESPACE and oid == self.namespace:
            return text.PLACEHOLDER
        name = self.known.get((target, oid))
        if name is None:
            return None
        return self.roles.spelled(name) if target == PG_AUTHID else text.neutral(name, self.tenant)


def _meaning(catalog: str, row: Row, columns: Iterable[_Column], names: _Names) -> dict[str, Any]:
    """A row without what differs between equal objects."""
    found: dict[str, Any] = {"catalog": catalog, "comment": row.comment, "labels": row.labels}
    found["printed"] = _neutral(row.printed, names.tenant)
    for column in columns:
        value = row.columns[column.name]
        if not _defines(column) or row.columns.get(_NAMED_BY_THE_SERVER.get(column.name, "")):
            continue
        if column.type == "aclitem[]":
            value = value and sorted([names.of(PG_AUTHID, who) or "PUBLIC", *what] for who, *what in value)
        elif column.target is not None:
            value = [names.of(column.target, oid) for oid in _oids(value)]
        found[column.name] = value
    return found


def _defines(column: _Column) -> bool:
    """Whether a column says something of its object that SQL could have said."""
    if column.name in _NO_DEFINITION or column.name.endswith("owner") or column.target == PG_ATTRIBUTE:
        return False
    return column.type not in ("pg_node_tree", "xid") and (column.type != "oid" or column.target is not None)


def _neutral(printed: Any, tenant: str) -> Any:
    if isinstance(printed, str):
        return text.neutral(printed, tenant)
    return [_neutral(one, tenant) for one in printed] if isinstance(printed, list) else printed
