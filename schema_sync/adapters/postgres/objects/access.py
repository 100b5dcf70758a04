"""Who may do what, whose things are, and what is said of the schema itself.

A role stands as `access.py` spells it: `app_user`, `public` for everyone, `{app}` for a tenant's own role of that
neutral name, `{owner}` for the owner.
"""

from __future__ import annotations

from typing import ClassVar

from schema_sync.model.objects import SchemaObject


class Grant(SchemaObject, frozen=True, kw_only=True):
    """What one role may do with the object that the grant belongs to (aclitem), or, at the top level, with the schema.

    It says how the role's rights differ from those that everybody has with such an object by default: its owner all of
    them, PUBLIC those of executing routines and of using types. Named like the role; where that is not all, by words in
    braces before it: `{column "total"} app` for a column of a view, `{sequence} app` for the sequence behind an
    identity column, `{SELECT by "clerk"} app` for a privilege that another than the owner has granted.
    """

    kind: ClassVar[str] = "grant"

    privileges: tuple[str, ...] = ()
    """What it may do beyond the default, sorted."""
    grantable: tuple[str, ...] = ()
    """What of all that it may do it may let others do (WITH GRANT OPTION), sorted."""
    withheld: tuple[str, ...] = ()
    """What of the default was taken away, sorted."""
    to: str | None = None
    """The role, where the name says more."""
    column: str | None = None
    """The column of a view; a table's are objects with grants of their own."""
    sequence: str | None = None
    """The sequence of the identity column that it belongs to."""
    by: str | None = None
    """Who has granted it, where that was not the owner: a role with a grant option."""

    @property
    def role(self) -> str:
        """Who may."""
        return self.name if self.to is None else self.to


class DefaultPrivilege(SchemaObject, frozen=True, kw_only=True):
    """What one role gets on objects that another makes in the schema (pg_default_acl)."""

    kind: ClassVar[str] = "default_privilege"

    creator: str
    """Who makes them; `{owner}` for the schema's owner."""
    objects: str
    """`TABLES`, `SEQUENCES`, `FUNCTIONS` or `TYPES`."""
    role: str
    privileges: tuple[str, ...] = ()
    """Sorted."""
    grantable: tuple[str, ...] = ()
    """Which of them WITH GRANT OPTION, sorted."""


class DatabaseDefault(DefaultPrivilege, frozen=True, kw_only=True):
    """What one role gets, or loses, on objects that another makes anywhere in the database: no object of a tenant's.

    It says how that differs from what everybody has with such an object by default.
    """

    withheld: tuple[str, ...] = ()
    """What of the default is taken away, sorted."""


class Ownership(SchemaObject, frozen=True, kw_only=True):
    """Who owns an object, where it is another than the schema's owner; at the top level, who owns the schema.

    Only where the configuration has owners compared.
    """

    kind: ClassVar[str] = "ownership"

    role: str


class Namespace(SchemaObject, frozen=True, kw_only=True):
    """The schema itself. It is an object only where there is something to say of it: an empty tenant has none."""

    kind: ClassVar[str] = "namespace"

    comment: str
