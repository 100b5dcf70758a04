"""What a PostgreSQL cell is: a kind with the catalog query that finds its objects and the reader of its rows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from schema_sync.adapters.kind import Kind
from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.access import PUBLIC, Roles
from schema_sync.adapters.postgres.body import LANGUAGES, neutral_body
from schema_sync.adapters.postgres.canonical import canonical
from schema_sync.errors import TenantBusy
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject
from schema_sync.model.report import Diagnostic

PG_TYPE: Final = 1247
PG_PROC: Final = 1255
PG_CLASS: Final = 1259
PG_ATTRDEF: Final = 2604
PG_CONSTRAINT: Final = 2606
PG_REWRITE: Final = 2618
PG_ENUM: Final = 3501
PG_TRIGGER: Final = 2620
"""The oids of catalogs, assigned in their header files and the same in every server: the `classid` of an address."""

DROPPED_COLUMN: Final = "?dropped?column?"
"""What ruleutils prints for a column that another transaction dropped after our snapshot was taken."""


BLOCKING: Final = frozenset({"SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"})
"""The locks that conflict with the one that INSERT takes, or SELECT (manual: 13.3.1)."""


class TornRead(TenantBusy):
    """Definitions and rows were read at different moments; another try may find them in agreement."""

    def __init__(self, tenant: str, what: str) -> None:
        super().__init__(
            f"{tenant} was changed by someone else while it was read: {what}",
            hint="try again when its migration is over",
        )


class Reader:
    """What is known of one tenant while its rows are read: addresses, diagnostics, the server.

    The kinds are read in the order of `KINDS`, so the objects of earlier kinds can be found by their address.
    """

    def __init__(self, tenant: str, version: int, roles: Roles | None = None) -> None:
        self.tenant = tenant
        """The schema's own name, unquoted. No field of an object may contain it but in a literal."""
        self.version = version
        """`server_version_num`, such as 150018."""
        self.roles = roles or Roles(tenant)
        self.needs: dict[Ident, set[Ident]] = {}
        """What objects need, beyond what pg_depend will say."""
        self.shared: set[str] = set()
        """What they need outside of the tenant and no dependency tells of: `role app`, `tablespace fast`."""
        self.shadowing: frozenset[str] = frozenset()
        """Names that an object of the tenant and one of pg_catalog both have. The server prints these alone with their
        schema, since pg_catalog is looked through first."""
        self.quoted = text.quote(tenant)
        """The tenant's name as the server writes it: with quotes only where it needs them."""
        self.named: dict[str, dict[Ident, str]] = {}
        """What may be schemas in literals and bodies -> who names them, and in what words."""
        self.meant: dict[str, dict[Ident, str]] = {}
        """What is a schema or nothing, where no dependency tells of it -> who refers to it, and in what words."""
        self.diagnostics: list[Diagnostic] = []
        self.unread: set[str] = set()
        self.parts: dict[Ident, tuple[int, int, int]] = {}
        """The addresses of what is a part of an object; see `part`."""
        self._idents: dict[tuple[int, int, int], Ident] = {}

    def ident(self, classid: int, objid: int, objsubid: int = 0) -> Ident | None:
        """The identity of what is at a physical address, if that was read before."""
        return self._idents.get((classid, objid, objsubid))

    def alias(self, classid: int, objid: int, ident: Ident, objsubid: int = 0) -> None:
        """Let a further address stand for an object: a row type for its table, an index for its constraint.

        What the catalog records as an internal part of an object (deptype `i`) is found without this.
        """
        self._idents[classid, objid, objsubid] = ident

    def part(self, ident: Ident, classid: int, objid: int, objsubid: int = 0) -> None:
        """Note the address of what is no object and can be renamed within one (`SchemaObject.named_parts`)."""
        self.parts[ident] = (classid, objid, objsubid)

    def text(self, definition: str | None, ident: Ident) -> str:
        """The canonical, tenant-neutral form of text that the server deparsed for `ident`.

        Raises:
            TornRead: there is none although there must be, or it shows a column dropped in the meantime.
        """
        if definition is None or DROPPED_COLUMN in definition:
            raise TornRead(self.tenant, f"{ident.text} has no complete definition")
        neutral = text.neutral(definition, self.tenant, self.shadowing)
        if text.mentions(neutral, self.tenant):
            self._names_own_tenant(ident)
        return canonical(neutral)

    def literal(self, value: str, ident: Ident) -> str:
        """Text that is a mere string to the server (a body): kept as it is, but watched for the tenant's name."""
        if text.mentions_in_body(value, self.tenant):
            self._names_own_tenant(ident)
        return value

    def path(self, names: str, ident: Ident) -> str:
        """A search_path of `ident`, tenant-neutral. A schema in it that is another tenant's is an isolation error."""
        for token in text.tokens(names):
            if token.name is not None and token.name != self.tenant:
                self.meant.setdefault(token.name, {}).setdefault(ident, f"schema {token.name} by its search_path")
        return text.neutral_list(names, self.tenant)

    def role(self, name: str, ident: Ident) -> str:
        """The spelling of a role that `ident` names; that there is such a role becomes a need.

        One that is another tenant's own is an isolation error.
        """
        if name == PUBLIC:
            return name
        for tenant in self.roles.others(name) if name not in self.roles.own.values() else ():
            self.meant.setdefault(tenant, {}).setdefault(ident, f"role {name} of the tenant {tenant}")
        spelled = self.roles.spelled(name)
        if f"role {spelled}" not in self.shared and self.roles.bears_its_name(name):
            message = (
                f"the role {name} bears its tenant's name: if every tenant has one of its own, say so in "
                "[postgres] roles, else tenants differ in it"
            )
            self.diagnostics.append(Diagnostic(code="names_own_tenant", object=f"role {name}", message=message))
        self.shared.add(f"role {spelled}")
        return spelled

    def body(self, value: str, ident: Ident, language: str, taken: Collection[str]) -> str:
        """The source of a routine: tenant-neutral where its language lets identifiers be told from all else.

        `taken` are names that mean a parameter or the routine itself, and no schema.
        """
        if language not in LANGUAGES:
            return self.literal(value, ident)
        return self.literal(neutral_body(value, self.tenant, self.quoted, taken), ident)

    def _names_own_tenant(self, ident: Ident) -> None:
        message = (
            f"{ident.text} names its own tenant, {self.tenant}, in a literal, a comment or its body: "
            "that is kept as it is, in other tenants too"
        )
        note = Diagnostic(code="names_own_tenant", object=ident.text, message=message)
        if note not in self.diagnostics:
            self.diagnostics.append(note)

    def unmodelled(self, what: str) -> None:
        """Note what the cell sees and does not read: `<kind> <name> on <object>: <detail>`, tenant-neutral."""
        self.unread.add(what)


Row = Any
"""One row of a cell's query: a named tuple with the query's column names."""


@dataclass(frozen=True, kw_only=True)
class Cell(Kind):
    """One kind of object of PostgreSQL: how it is read, and its rules."""

    query: str
    """A constant SELECT over the CTE `ns(oid, nspname, sp)`, which the inspector puts before it.

    Its first columns are `ns` (the namespace's oid), `classid`, `objid`, `objsubid`: the object's physical address. It
    tells renames, so what shares a catalog's row with others (a grant) has the `classid` 0, which is none.
    It is driven from pg_depend (`refclassid = 'pg_namespace'::regclass AND refobjid = ns.oid AND deptype = 'n'`), or
    from the tables found so: no catalog has an index that leads with the namespace. Every deparsed text is
    `CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN pg_get_…(…) END`, inside any aggregate, and
    pretty where the plain form qualifies. It ends with an explicit ORDER BY, which for kinds `in_order` is their
    order. Oids of parts that no dependency tells of are in a column `parts`. A column that only some server versions
    have is `to_jsonb(row) ->> 'column'`. There are no parameters, and a `%` is a `%`.
    """

    blocking: frozenset[str] = BLOCKING

    among: frozenset[str] = frozenset()
    """Where the query finds its objects among what depends on a namespace: catalogs, and relations by their relkind,
    `pg_class.v`. It is not run where there are none of these. Empty for what is found in another way."""

    only_with_owners: bool = False
    """Whether it is read only where the configuration has owners compared."""

    read: Callable[[Row, Reader], SchemaObject | None]
    """One row -> the object, or `None` where it is not of this kind after all or belongs to what no cell reads. The
    object's address is registered afterwards."""
