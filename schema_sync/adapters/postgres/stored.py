"""How relations and their columns are kept: read from pg_class and pg_attribute, written as settings of ALTER TABLE.

Tables, materialized views and indexes share the syntax and the locks (manual: ALTER TABLE, Storage Parameters;
catalogs pg_class, pg_attribute, pg_index).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, LiteralString, Protocol

from schema_sync.adapters.kind import Action, Rules
from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.cell import Reader, Row
from schema_sync.adapters.postgres.objects import BackedByIndex, Column, Domain, DomainCheck, Index, Stored, Table
from schema_sync.adapters.postgres.rules import ACCESS_EXCLUSIVE, SHARE_UPDATE_EXCLUSIVE
from schema_sync.adapters.postgres.versions import SET_ACCESS_METHOD, STORAGE_DEFAULT
from schema_sync.adapters.sql import Literal, Name, Sql, join, raw, sql
from schema_sync.errors import NotConvergeable
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject
from schema_sync.model.plan import Hazard
from schema_sync.model.snapshot import Snapshot

RELATION: Final[LiteralString] = """c.reloptions AS options,
       (SELECT x.reloptions FROM pg_class x WHERE x.oid = c.reltoastrelid) AS toast_options,
       (SELECT o.spcname FROM pg_tablespace o WHERE o.oid = c.reltablespace) AS tablespace,
       (SELECT m.amname FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap') AS access_method,
       (SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
         WHERE i.indrelid = c.oid AND i.indisclustered) AS clustered_by"""
"""How a relation `c` is kept."""

COLUMN: Final[LiteralString] = """CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END AS storage,
       nullif(a.attcompression, '') AS compression, nullif(a.attstattarget::int, -1) AS statistics,
       a.attoptions AS attribute_options"""
"""How the values of a column `a` of the type `t` are kept. The default target is -1, and NULL from PostgreSQL 17 on."""

JSON: Final[LiteralString] = """'storage', CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END,
            'compression', nullif(a.attcompression, ''), 'statistics', nullif(a.attstattarget::int, -1),
            'attribute_options', a.attoptions"""
"""The same as pairs of a JSON object."""

_STORAGES: Final = {"p": "plain", "e": "external", "m": "main", "x": "extended"}
_COMPRESSIONS: Final = {"p": "pglz", "l": "lz4"}
_MAIN: Final = ("numeric", "inet", "cidr")
"""The types whose own storage is MAIN; that of the others which may be stored otherwise is EXTENDED."""

_EXCLUSIVE: Final = frozenset({"user_catalog_table"})
"""The storage parameters that no reader may be in the way of (AlterTableGetRelOptionsLockLevel)."""


def relation_fields(row: Row, reader: Reader) -> dict[str, Any]:
    """The fields of `Stored`, out of the columns of `RELATION`."""
    if row.tablespace is not None:
        reader.shared.add(f"tablespace {row.tablespace}")
    return {
        "options": tuple(row.options or ()),
        "toast_options": tuple(row.toast_options or ()),
        "tablespace": row.tablespace,
        "access_method": row.access_method,
        "clustered_by": row.clustered_by,
    }


def column_fields(found: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a column, out of those of `COLUMN` or `JSON`."""
    return {
        "storage": found["storage"] and _STORAGES[found["storage"]],
        "compression": found["compression"] and _COMPRESSIONS[found["compression"]],
        "statistics": found["statistics"],
        "options": tuple(found["attribute_options"] or ()),
    }


# -- storage parameters ----------------------------------------------------------------------------------------------


def pairs(options: Iterable[str], prefix: str = "") -> Sql:
    """`name = 'value'`, separated by commas; `prefix` is `toast` for those of the TOAST table."""
    split = (option.partition("=") for option in options)
    return join(", ", [sql("{n} = {v}", n=_named(name, prefix), v=Literal(value)) for name, _, value in split])


def _named(name: str, prefix: str) -> Name:
    """A parameter may have a namespace before it; nothing else has a dot."""
    return Name(prefix, name) if prefix else Name(name)


def settings(
    on: Sql, old: tuple[str, ...], new: tuple[str, ...], *, prefix: str = "", lock: str | None = SHARE_UPDATE_EXCLUSIVE
) -> Iterable[Action]:
    """ALTER `on` SET and RESET, for anything that takes parameters. What is written is not written anew.

    All of them are set, since one that is set anew goes to the end of the list.
    """
    kept = {option.partition("=")[0] for option in new}
    gone = [name for option in old if (name := option.partition("=")[0]) not in kept]
    if gone:
        names = join(", ", [_named(name, prefix) for name in gone])
        yield _setting(on, sql("RESET ({names})", names=names), gone, lock)
    if new and new != tuple(option for option in old if option.partition("=")[0] in kept):
        clause = sql("SET ({options})", options=pairs(new, prefix))
        yield _setting(on, clause, [option.partition("=")[0] for option in new], lock)


def _setting(on: Sql, clause: Sql, names: Iterable[str], lock: str | None) -> Action:
    exclusive = lock is not None and not _EXCLUSIVE.isdisjoint(names)
    return Action(
        sql("ALTER {on} {clause}", on=on, clause=clause),
        hazards=frozenset({Hazard.BRIEF_LOCK}) if exclusive else frozenset(),
        lock=ACCESS_EXCLUSIVE if exclusive else lock,
    )


# -- relations -------------------------------------------------------------------------------------------------------


def behind(obj: Stored) -> Sql:
    """What follows the columns of CREATE TABLE and CREATE MATERIALIZED VIEW: USING, WITH, TABLESPACE."""
    parts = []
    if obj.access_method is not None:
        parts.append(sql(" USING {method}", method=Name(obj.access_method)))
    if obj.options:
        parts.append(sql(" WITH ({options})", options=pairs(obj.options)))
    if obj.tablespace is not None:
        parts.append(sql(" TABLESPACE {tablespace}", tablespace=Name(obj.tablespace)))
    return join("", parts)


def once_there(obj: Stored, on: Sql, rules: Rules) -> Iterable[Action]:
    """What can only be said of a new relation when its columns and indexes are there."""
    columns = frozenset(child.ident for child in rules.new.children(obj.ident) if isinstance(child, Column))
    for action in settings(on, (), obj.toast_options, prefix="toast", lock=None):
        yield Action(action.sql, late=True, after=columns)
    if obj.clustered_by is not None:
        yield _clustered(obj, on, rules, lock=None)


def alter_options(old: Any, new: Any, rules: Rules) -> Iterable[Action]:
    """SET and RESET of storage parameters, those of the TOAST table apart."""
    on = _on(new, rules)
    yield from settings(on, old.options, new.options)
    yield from settings(on, old.toast_options, new.toast_options, prefix="toast")


def alter_tablespace(_old: Any, new: Any, rules: Rules) -> Iterable[Action]:
    """SET TABLESPACE, which copies all of it and changes none."""
    tablespace = Name(new.tablespace or "pg_default")
    yield _rewrite(new, sql("SET TABLESPACE {tablespace}", tablespace=tablespace), rules)


def alter_access_method(_old: Any, new: Any, rules: Rules) -> Iterable[Action]:
    """SET ACCESS METHOD, which came with PostgreSQL 15."""
    if SET_ACCESS_METHOD.is_lacked_by(rules.server):
        raise NotConvergeable(
            f"{new.ident.text} cannot get another access method: PostgreSQL changes it from version 15 on",
            hint="make a new table with that access method and move the rows",
        )
    yield _rewrite(new, sql("SET ACCESS METHOD {method}", method=Name(new.access_method or "heap")), rules)


def _rewrite(obj: Stored, clause: Sql, rules: Rules) -> Action:
    return Action(
        sql("ALTER {on} {clause}", on=_on(obj, rules), clause=clause),
        hazards=frozenset({Hazard.REWRITES_TABLE}),
        lock=ACCESS_EXCLUSIVE,
    )


def _on(obj: SchemaObject, rules: Rules) -> Sql:
    on = rules.kinds[obj.ident.kind].on
    assert on is not None
    return on(obj)


def alter_clustering(_old: Any, new: Any, rules: Rules) -> Iterable[Action]:
    """CLUSTER ON and SET WITHOUT CLUSTER: what a later CLUSTER goes by. No row moves."""
    on = _on(new, rules)
    if new.clustered_by is None:
        yield Action(sql("ALTER {on} SET WITHOUT CLUSTER", on=on), lock=SHARE_UPDATE_EXCLUSIVE)
    else:
        yield _clustered(new, on, rules, lock=SHARE_UPDATE_EXCLUSIVE)


def _clustered(obj: Stored, on: Sql, rules: Rules, *, lock: str | None) -> Action:
    assert obj.clustered_by is not None
    return Action(
        sql("ALTER {on} CLUSTER ON {index}", on=on, index=Name(obj.clustered_by)),
        lock=lock,
        late=True,
        after=_index_and_columns(obj.ident, obj.clustered_by, rules.new),
    )


def replica_identity(table: Table, rules: Rules, *, is_new: bool = False) -> Action:
    """REPLICA IDENTITY as it should be. An index counts only when it and NOT NULL of its columns are there."""
    after: frozenset[Ident] = frozenset()
    what = raw((table.replica_identity or "default").upper())
    if table.replica_index is not None:
        what = sql("USING INDEX {index}", index=Name(table.replica_index))
        after = _index_and_columns(table.ident, table.replica_index, rules.new)
    return Action(
        sql("ALTER TABLE {table} REPLICA IDENTITY {what}", table=Name(table.name), what=what),
        hazards=frozenset() if is_new else frozenset({Hazard.BRIEF_LOCK}),
        lock=None if is_new else ACCESS_EXCLUSIVE,
        late=True,
        after=after,
    )


def index_called(table: Ident, name: str, side: Snapshot) -> SchemaObject | None:
    """The index of a relation, be it a constraint's, by its name."""
    found = (one for one in side.children(table) if isinstance(one, Index | BackedByIndex) and one.name == name)
    return next(found, None)


def _index_and_columns(relation: Ident, name: str, side: Snapshot) -> frozenset[Ident]:
    index = index_called(relation, name, side)
    return frozenset() if index is None else frozenset({index.ident, *side.needs.get(index.ident, ())})


def held_by_relation(index: SchemaObject, rules: Rules, *, called: str | None = None) -> Iterable[Action]:
    """What a relation that stays said of an index, and has to say again of the one that takes its place, which may be
    `called` otherwise until the old one is gone.
    """
    assert index.owner is not None
    old, new = rules.old.get(index.owner), rules.new.get(index.owner)
    if not isinstance(old, Stored) or not isinstance(new, Stored):
        return
    name = called or index.name
    if old.clustered_by == new.clustered_by == index.name:
        said = new.replace(clustered_by=name)
        yield _clustered(said, _on(new, rules), rules, lock=SHARE_UPDATE_EXCLUSIVE)
    if isinstance(old, Table) and isinstance(new, Table) and old.replica_index == new.replica_index == index.name:
        yield replica_identity(new.replace(replica_index=name), rules)


# -- columns ---------------------------------------------------------------------------------------------------------


class Kept(Protocol):
    """A column with how its values are kept."""

    @property
    def type(self) -> str:
        """As format_type() prints it."""
        ...

    @property
    def storage(self) -> str | None:
        """Where it is not the type's own."""
        ...

    @property
    def compression(self) -> str | None:
        """Where it is not the default."""
        ...

    @property
    def statistics(self) -> int | None:
        """The target, where it is not the default."""
        ...

    @property
    def options(self) -> tuple[str, ...]:
        """Attribute options."""
        ...


Change = Callable[[Sql, str], Action]
"""`(change of the column, lock) -> action`: `SET STORAGE EXTERNAL` behind what names the column."""


def column_settings(
    old: Kept | None, new: Kept, change: Change, *, base: str, rules: Rules, retyped: bool = False
) -> Iterator[Action]:
    """The settings of a column that are not yet what they should be.

    A change of the type gives storage and compression back to it, and leaves the others (ATExecAlterColumnType). `base`
    is the type that the column's has in the end, where that is a domain.
    """
    was = None if retyped else old
    if (None if was is None else was.storage) != new.storage:
        yield change(sql("SET STORAGE {storage}", storage=_storage(new, base, rules)), ACCESS_EXCLUSIVE)
    if (None if was is None else was.compression) != new.compression:
        method = raw(new.compression or "default")
        yield change(sql("SET COMPRESSION {method}", method=method), ACCESS_EXCLUSIVE)
    if (None if old is None else old.statistics) != new.statistics:
        target = raw(str(-1 if new.statistics is None else new.statistics))
        yield change(sql("SET STATISTICS {target}", target=target), SHARE_UPDATE_EXCLUSIVE)
    before = () if old is None else old.options
    kept = {option.partition("=")[0] for option in new.options}
    if gone := [name for option in before if (name := option.partition("=")[0]) not in kept]:
        names = join(", ", [Name(name) for name in gone])
        yield change(sql("RESET ({names})", names=names), SHARE_UPDATE_EXCLUSIVE)
    if new.options and new.options != tuple(option for option in before if option.partition("=")[0] in kept):
        yield change(sql("SET ({options})", options=pairs(new.options)), SHARE_UPDATE_EXCLUSIVE)


def _storage(column: Kept, base: str, rules: Rules) -> Sql:
    """The storage by name; DEFAULT came with PostgreSQL 16, so that before the type has to be known."""
    if column.storage is not None:
        return raw(column.storage.upper())
    if STORAGE_DEFAULT.on(rules.server):
        return raw("DEFAULT")
    return raw("MAIN" if base.partition("(")[0] in _MAIN and not base.endswith("]") else "EXTENDED")


def refuses_values(domain: Domain, side: Snapshot) -> bool:
    """Whether a domain does not let every value through, whatever those do that it is over."""
    return not domain.nullable or any(isinstance(child, DomainCheck) for child in side.children(domain.ident))


def base_type(type_: str, of: Ident, side: Snapshot, *, unchecked: bool = False) -> str:
    """The type that a domain of the tenant is over in the end, if an object has that type; any other type itself.

    With `unchecked`, a domain that does not let every value through is a type itself.
    """
    while True:
        domain = _domain(type_, of, side)
        if domain is None or (unchecked and refuses_values(domain, side)):
            return type_
        type_, of = domain.type, domain.ident


def _domain(type_: str, of: Ident, side: Snapshot) -> Domain | None:
    """The domain that a type is. Its name alone does not say so: pg_catalog may have a type that is called like it."""
    names = [token.name for token in text.tokens(type_.removeprefix(f"{text.PLACEHOLDER}."))]
    found = {need.name: side.get(need) for need in side.needs.get(of, ()) if need.kind == Domain.kind}
    domain = found.get(names[0]) if len(names) == 1 and names[0] is not None else None
    return domain if isinstance(domain, Domain) else None
