"""What is attached to a table and acts on its rows or queries: triggers, policies, rules, statistics, publications."""

from __future__ import annotations

from typing import ClassVar

from schema_sync.model.objects import SchemaObject


class Trigger(SchemaObject, frozen=True, kw_only=True):
    """A trigger of a table or a view (pg_trigger); those of foreign keys are no objects, nor copies of a parent's."""

    kind: ClassVar[str] = "trigger"

    timing: str
    """`BEFORE`, `AFTER` or `INSTEAD OF`."""
    events: tuple[str, ...]
    """Of `INSERT`, `DELETE`, `UPDATE` and `TRUNCATE`, in this order."""
    columns: tuple[str, ...] = ()
    """The columns of UPDATE OF, in the order of the server."""
    level: str = "ROW"
    """`ROW` or `STATEMENT`."""
    old_table: str | None = None
    new_table: str | None = None
    """The transition tables of REFERENCING."""
    when: str | None = None
    execute: str
    """The call: `touch('updated_at')`."""
    constraint: bool = False
    from_table: str | None = None
    deferrable: bool = False
    initially_deferred: bool = False
    enabled: str = "ORIGIN"
    """When it fires, by session_replication_role: `ORIGIN`, `REPLICA`, `ALWAYS`, or `DISABLED`."""
    copied: bool = False
    """Whether it is a partition's copy of its parent's, which is only an object where it is enabled otherwise."""
    comment: str | None = None


class Policy(SchemaObject, frozen=True, kw_only=True):
    """A row security policy of a table (pg_policy)."""

    kind: ClassVar[str] = "policy"

    command: str = "ALL"
    """`ALL`, `SELECT`, `INSERT`, `UPDATE` or `DELETE`."""
    permissive: bool = True
    roles: tuple[str, ...] = ("public",)
    """Sorted; `public` stands for everyone."""
    using: str | None = None
    check: str | None = None
    comment: str | None = None


class Rule(SchemaObject, frozen=True, kw_only=True):
    """A rule of a table or a view (pg_rewrite); that of a view's own query is none."""

    kind: ClassVar[str] = "rule"

    event: str
    """`INSERT`, `UPDATE` or `DELETE`."""
    definition: str
    """The condition and the actions: `WHERE … DO INSTEAD …`."""
    enabled: str = "ORIGIN"
    """When it applies, by session_replication_role: `ORIGIN`, `REPLICA`, `ALWAYS`, or `DISABLED`."""
    comment: str | None = None


class Statistic(SchemaObject, frozen=True, kw_only=True):
    """Extended statistics of a table or a materialized view (pg_statistic_ext); what they count is data."""

    kind: ClassVar[str] = "statistic"

    kinds: tuple[str, ...] = ()
    """Of `ndistinct`, `dependencies` and `mcv`, in this order; none over a single expression."""
    columns: tuple[str, ...] = ()
    """In the order of the server."""
    expressions: tuple[str, ...] = ()
    target: int | None = None
    """How much is sampled, where it is not what the columns say."""
    comment: str | None = None


class PublicationMember(SchemaObject, frozen=True, kw_only=True):
    """A table's place in a publication (pg_publication_rel), named like the publication, which is the database's."""

    kind: ClassVar[str] = "publication_member"

    columns: tuple[str, ...] = ()
    """The columns that are published, sorted; empty for all (PostgreSQL 15)."""
    where: str | None = None
    """The rows that are published (PostgreSQL 15)."""


class PublishedSchema(SchemaObject, frozen=True, kw_only=True):
    """That a publication has all tables of the tenant (pg_publication_namespace, PostgreSQL 15); named like it."""

    kind: ClassVar[str] = "published_schema"
