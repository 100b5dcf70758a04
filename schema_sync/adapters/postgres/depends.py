"""What hangs on what: `needs` out of pg_depend, in bulk, and what a tenant uses outside of itself.

The parts of a tenant are what depends on its namespace, and again what would go with those (deptypes `a`, `i`, `P` and
`S`; manual: pg_depend). That finds all there is, whether a cell reads it or not: what nobody has read is left over for
`unmodelled.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, LiteralString, NamedTuple

from schema_sync.adapters.postgres.capture import Capture
from schema_sync.adapters.postgres.cell import PG_ATTRDEF, PG_CLASS, PG_CONSTRAINT, PG_TYPE, Row
from schema_sync.adapters.postgres.versions import NOT_NULL_ROWS
from schema_sync.errors import IsolationError
from schema_sync.model.ident import Ident
from schema_sync.model.report import outside

if TYPE_CHECKING:
    from schema_sync.adapters.postgres.session import Connection

PG_NAMESPACE: Final = 2615
PG_EXTENSION: Final = 3079

PARTS: Final[LiteralString] = """
, part(ns, classid, objid) AS (
    SELECT ns.oid, d.classid, d.objid
      FROM ns
      JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid AND d.deptype IN ('n', 'a')
     UNION
    SELECT part.ns, d.classid, d.objid
      FROM part
      JOIN pg_depend d ON d.refclassid = part.classid AND d.refobjid = part.objid
                      AND (d.deptype IN ('a', 'i', 'P', 'S')
                           OR d.classid IN ('pg_cast'::regclass, 'pg_transform'::regclass,
                                            'pg_event_trigger'::regclass))
)
"""
"""The CTE of all parts; stands behind one of namespaces, `ns`."""

LINKS: Final[LiteralString] = (
    PARTS
    + """
SELECT part.ns, d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
  FROM part
  JOIN pg_depend d ON d.classid = part.classid AND d.objid = part.objid
 ORDER BY part.ns, d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid
"""
)
"""Every dependency of every part. References to pinned objects, those of initdb, are not recorded. Casts, transforms
and event triggers live in no schema: they are a tenant's that has made their types or functions."""

_NOT_NULLS: Final = """
SELECT c.oid, c.conrelid, c.contypid, c.conkey[1]::int AS attnum, e.description AS comment
  FROM pg_constraint c
  LEFT JOIN pg_description e ON e.objoid = c.oid AND e.classoid = 'pg_constraint'::regclass AND e.objsubid = 0
 WHERE c.oid = ANY($1::oid[]) AND c.contype = 'n'
 ORDER BY c.oid
"""
"""From PostgreSQL 18 on, NOT NULL is a row of pg_constraint with a name that a rename leaves behind."""

_OUTSIDE: Final = """
SELECT a.classid, a.objid, i.type, coalesce(s.nspname, n.object_names[1]) AS schema, i.identity,
       x.extname AS extension, v.nspname AS place
  FROM unnest($1::oid[], $2::oid[]) AS a(classid, objid)
 CROSS JOIN LATERAL pg_identify_object(a.classid, a.objid, 0) AS i
 CROSS JOIN LATERAL pg_identify_object_as_address(a.classid, a.objid, 0) AS n
  LEFT JOIN pg_namespace s ON quote_ident(s.nspname) = i.schema
  LEFT JOIN pg_depend e ON e.classid = a.classid AND e.objid = a.objid AND e.deptype = 'e'
  LEFT JOIN pg_extension x ON x.oid = CASE WHEN a.classid = 'pg_extension'::regclass THEN a.objid ELSE e.refobjid END
  LEFT JOIN pg_namespace v ON v.oid = x.extnamespace
 ORDER BY a.classid, a.objid
"""
"""pg_identify_object() gives the name of the schema as SQL would have it, in quotes where it needs them."""

_THERE: Final = """
SELECT n.nspname AS name
  FROM pg_namespace n
 WHERE n.nspname = ANY($1::text[]) AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_temp', 'pg_toast')
 ORDER BY n.nspname
"""

_UNPLACED: Final = frozenset(
    {"extension", "language", "access method", "foreign-data wrapper", "server", "cast", "publication", "transform"}
)
"""What lives in no schema, by the type that pg_identify_object() gives it."""

_SYSTEM: Final = frozenset({"pg_catalog", "information_schema"})
_EVERYBODYS: Final = "public"

Part = tuple[int, int]
"""A physical address without a column: `classid`, `objid`."""


class Links:
    """The dependencies of one tenant's parts."""

    def __init__(self, capture: Capture, rows: Iterable[Row]) -> None:
        self.capture = capture
        self.parts: set[Part] = set()
        self.rows: list[Row] = []
        """All that is not about the tenant's namespace itself."""
        self._inside: dict[Part, set[Part]] = {}
        """Part -> the parts that would go with it."""
        self._holders: dict[Part, tuple[int, int, int]] = {}
        """Internal parts -> what they are a part of: an index of a constraint, the rule of a view, a default. Members
        of an extension -> the extension, so that what needs one of them needs it."""
        self._copied: dict[Part, tuple[int, int, int]] = {}
        """What the server has copied for a partition -> what it is a copy of: a trigger, a foreign key."""
        self._known: dict[tuple[int, int, int], Ident | None] = {}
        members = set()
        for row in rows:
            ns, classid, objid, _, refclassid, refobjid, refobjsubid, deptype = row
            part = (classid, objid)
            self.parts.add(part)
            if refclassid == PG_NAMESPACE and refobjid == ns:
                continue
            self.rows.append(row)
            if deptype in "aiPS" and part != (refclassid, refobjid):
                self._inside.setdefault((refclassid, refobjid), set()).add(part)
            if deptype == "e":
                members.add(part)
                self._holders.setdefault(part, (refclassid, refobjid, 0))
            elif deptype == "i" or (classid == PG_ATTRDEF and deptype == "a"):
                self._holders[part] = (refclassid, refobjid, refobjsubid)
            if deptype == "P" or (deptype == "i" and classid == refclassid == PG_CONSTRAINT):
                self._copied[part] = (refclassid, refobjid, refobjsubid)
        self.members = self._with(members)
        """What belongs to an extension, and what would go with that."""

    def resolve(self, classid: int, objid: int, objsubid: int = 0) -> Ident | None:
        """The object that an address is, or is a part of; `None` for what no cell has read."""
        address = (classid, objid, objsubid)
        if address not in self._known:
            self._known[address] = self._resolve(classid, objid, objsubid)
        return self._known[address]

    def _resolve(self, classid: int, objid: int, objsubid: int) -> Ident | None:
        ident = self.capture.reader.ident
        for _ in range(8):
            if (found := ident(classid, objid, objsubid) or ident(classid, objid)) is not None:
                return found
            part = (classid, objid)
            if (holder := self._holders.get(part) or self._copied.get(part)) is None:
                return None
            classid, objid, objsubid = holder
        return None

    def alias(self, classid: int, objid: int, ident: Ident) -> None:
        """Let an object stand at one more address."""
        self.capture.reader.alias(classid, objid, ident)
        self._known.clear()

    def unread(self) -> list[Part]:
        """The parts that no cell has read, and that are no internal part of what one has, sorted."""
        return sorted(part for part in self.parts - self.members if self.resolve(*part) is None)

    @cached_property
    def unread_within(self) -> Mapping[Part, frozenset[Part]]:
        """The unread parts that would not go with another unread one, each with all that would go with it."""
        left = set(self.unread())
        unread = frozenset(left)
        inner = {part for holder in unread for part in self._inside.get(holder, ())}
        found: dict[Part, frozenset[Part]] = {}
        for root in [*sorted(unread - inner), *sorted(unread & inner)]:
            if root in left:
                found[root] = frozenset(self._with({root}) & unread)
                left -= found[root]
        return found

    def _with(self, parts: Iterable[Part]) -> set[Part]:
        """The parts and what would go with them."""
        found = set(parts)
        todo = list(found)
        while todo:
            further = self._inside.get(todo.pop(), set()) - found
            found |= further
            todo += further
        return found

    def leans_on(self, parts: Iterable[Part]) -> set[Ident]:
        """The objects that these unread parts depend on."""
        those = set(parts)
        found = {
            self.resolve(row.refclassid, row.refobjid, row.refobjsubid)
            for row in self.rows
            if (row.classid, row.objid) in those
        }
        return {ident for ident in found if ident is not None}

    def needs(self) -> Iterable[tuple[Ident, Ident]]:
        """Each object and what it needs within the tenant, its owner left out.

        A top-level object that would go with a column is there without it: a sequence is not held up by its OWNED BY.
        """
        resolve, parts = self.resolve, self.parts
        for _, classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype in self.rows:
            if (refclassid, refobjid) not in parts:
                continue
            one, other = resolve(classid, objid, objsubid), resolve(refclassid, refobjid, refobjsubid)
            if self._is_copy((classid, objid)):
                continue  # what a copy needs, the plan need not know: it comes and goes with the original
            if one is None or other is None or one is other or one.within(other) or other.within(one):
                continue
            if not (deptype == "a" and one.owner is None and refobjsubid):
                yield one, other

    def _is_copy(self, part: Part) -> bool:
        """Whether it is no object, but the server's copy of one."""
        original = self._copied.get(part)
        is_read = self.capture.reader.ident(*part) is not None
        return original is not None and not is_read and self._holders.get(part, original) == original

    def attached(self) -> Iterable[tuple[Ident, Ident]]:
        """Each top-level object that would go with a part of another one, and that part: a sequence and its column."""
        for _, classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype in self.rows:
            if deptype == "a" and refobjsubid and (refclassid, refobjid) in self.parts:
                one, other = self.resolve(classid, objid, objsubid), self.resolve(refclassid, refobjid, refobjsubid)
                if one is not None and other is not None and one.owner is None:
                    yield one, other

    def marks(self) -> Iterable[tuple[Ident, Part]]:
        """What is to go with an extension (ALTER … DEPENDS ON EXTENSION), and the extension."""
        for _, classid, objid, _, refclassid, refobjid, _, deptype in self.rows:
            if deptype == "x" and (ident := self.resolve(classid, objid)) is not None:
                yield ident, (refclassid, refobjid)

    def outside(self) -> Iterable[tuple[Part, Part]]:
        """Each part, and what it refers to that is no part of the tenant."""
        for _, classid, objid, _, refclassid, refobjid, _, deptype in self.rows:
            if (refclassid, refobjid) not in self.parts and deptype != "e":
                yield (classid, objid), (refclassid, refobjid)


class Outside(NamedTuple):
    """Something that is in no tenant that was asked for, or in another one."""

    schema: str | None
    text: str
    """`function public.f(integer)`, `extension pg_trgm`."""
    place: str | None
    """Of an extension, the schema that it was put in."""


async def link(connection: Connection, links: Mapping[int, Links], shared: frozenset[str]) -> None:
    """Give every capture its `needs` and `shared`, or its isolation error.

    The transaction's search_path must be empty, so that names outside come out qualified.
    """
    if NOT_NULL_ROWS.on(connection.version):
        await _alias_not_nulls(connection, links)
    references = {ns: list(of.outside()) for ns, of in links.items()}
    outside = await _identify(connection, {other for pairs in references.values() for _, other in pairs})
    for ns, of in links.items():
        for one, other in of.needs():
            of.capture.needs.setdefault(one, set()).add(other)
        for ident, extension in of.marks():
            own = of.resolve(*extension)
            what = f"extension {own.name}" if own is not None else outside[extension].text
            of.capture.reader.unmodelled(f"depends_on_extension {what} on {ident.text}: it goes with that")
        for part, reference in references[ns]:
            if reference in outside:
                _refer(of, part, reference, outside[reference], shared)


async def _alias_not_nulls(connection: Connection, links: Mapping[int, Links]) -> None:
    """Let the rows for NOT NULL stand for their columns and domains, which say it themselves; of a domain's, a comment
    is left over.
    """
    unread = {objid: of for of in links.values() for classid, objid in of.unread() if classid == PG_CONSTRAINT}
    if not unread:
        return
    for row in await connection.rows(_NOT_NULLS, [list(unread)]):
        of = unread[row.oid]
        ident = of.resolve(PG_CLASS, row.conrelid, row.attnum) if row.conrelid else of.resolve(PG_TYPE, row.contypid)
        if ident is not None:
            of.alias(PG_CONSTRAINT, row.oid, ident)
            if row.comment is not None and not row.conrelid:
                of.capture.reader.unmodelled(f"comment of not_null on {ident.text}: {row.comment}")


async def _identify(connection: Connection, parts: Iterable[Part]) -> dict[Part, Outside]:
    wanted = sorted(parts)
    if not wanted:
        return {}
    columns: list[Any] = [[classid for classid, _ in wanted], [objid for _, objid in wanted]]
    found = {}
    for row in await connection.rows(_OUTSIDE, columns):
        schema = None if row.type in _UNPLACED else row.schema
        text = f"{row.type} {row.identity}" if row.extension is None else f"extension {row.extension}"
        found[row.classid, row.objid] = Outside(schema, text, row.place)
    return found


def _refer(of: Links, part: Part, reference: Part, other: Outside, shared: frozenset[str]) -> None:
    """Note a reference to something outside, or refuse it. What comes with every server is nothing to note."""
    if other.schema in _SYSTEM and not other.text.startswith("extension "):
        return
    if other.schema is None or other.schema in shared | _SYSTEM:
        ident = of.resolve(*part)
        of.capture.shared.add(other.text)
        of.capture.lines.setdefault(ident, set()).add(other.text)
        if other.place in shared:
            of.capture.places[other.text] = other.place
        elif other.place is None and other.schema in shared and reference[0] != PG_NAMESPACE:
            of.capture.refers.setdefault(ident, set()).add((other.schema, reference))
        return
    _isolate(of.capture, of.resolve(*part), other.text, other.schema)


def _isolate(capture: Capture, ident: Ident | None, what: str, schema: str) -> None:
    tenant = capture.reader.tenant
    capture.error = capture.error or IsolationError(
        f"{tenant}: {ident.text if ident else 'an object'} refers to {what}, which is outside of the tenant",
        hint=f"put {schema!r} among `shared` if all tenants may use it",
    )


async def note_foreign(connection: Connection, captures: Iterable[Capture], shared: frozenset[str]) -> None:
    """Find references to other schemas of which the server records no dependency.

    One in a setting is as sure as any, and refused. One in a literal or a body is a diagnostic, since only who runs it
    would know whether it is reached; so is a path over `public`, which everybody's default has.
    """
    those = list(captures)
    wanted = {schema for one in those for schema in (*one.reader.named, *one.reader.meant)} - shared
    there = {row.name for row in await connection.rows(_THERE, [sorted(wanted)])} if wanted else set()
    for one in those:
        tenant = one.reader.tenant
        for schema in sorted(one.reader.meant.keys() & there - {tenant, _EVERYBODYS}):
            for ident, what in sorted(one.reader.meant[schema].items()):
                _isolate(one, ident, what, schema)
        for schema in sorted(one.reader.named.keys() & there - {tenant}):
            named = sorted(one.reader.named[schema].items())
            one.reader.diagnostics += [outside(ident.text, words) for ident, words in named]
