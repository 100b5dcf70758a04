"""The vocabulary of PostgreSQL: what each kind of object means, a room to a family.

Texts of types, expressions and definitions are the server's own spelling, tenant-neutral and at the fixed point of its
deparsing (`text.py`). Owners: a column, constraint, index or trigger belongs to its table or view.
"""

from __future__ import annotations

from typing import Final

from schema_sync.adapters.postgres.objects.access import DefaultPrivilege, Grant, Namespace, Ownership
from schema_sync.adapters.postgres.objects.attached import Policy, PublicationMember, PublishedSchema, Trigger
from schema_sync.adapters.postgres.objects.constraints import (
    BackedByIndex,
    Check,
    ExcludedElement,
    Exclusion,
    ForeignKey,
    Index,
    IndexElement,
    PrimaryKey,
    Unique,
)
from schema_sync.adapters.postgres.objects.routines import Argument, Function, Procedure
from schema_sync.adapters.postgres.objects.storage import Stored, StoredAttribute
from schema_sync.adapters.postgres.objects.tables import Column, Identity, Sequence, Table
from schema_sync.adapters.postgres.objects.types import Attribute, CompositeType, Domain, DomainCheck, Enum
from schema_sync.adapters.postgres.objects.views import MaterializedView, View
from schema_sync.model.objects import vocabulary

__all__ = [
    "VOCABULARY",
    "Argument",
    "Attribute",
    "BackedByIndex",
    "Check",
    "Column",
    "CompositeType",
    "DefaultPrivilege",
    "Domain",
    "DomainCheck",
    "Enum",
    "ExcludedElement",
    "Exclusion",
    "ForeignKey",
    "Function",
    "Grant",
    "Identity",
    "Index",
    "IndexElement",
    "MaterializedView",
    "Namespace",
    "Ownership",
    "Policy",
    "PrimaryKey",
    "Procedure",
    "PublicationMember",
    "PublishedSchema",
    "Sequence",
    "Stored",
    "StoredAttribute",
    "Table",
    "Trigger",
    "Unique",
    "View",
]

VOCABULARY: Final = vocabulary(
    [
        *(Enum, Domain, DomainCheck, CompositeType),
        *(Table, Column, PrimaryKey, Unique, Check, ForeignKey, Exclusion, Index, Sequence),
        *(View, MaterializedView, Procedure, Function, Trigger, Policy),
        *(Grant, DefaultPrivilege, Ownership, Namespace),
        *(PublicationMember, PublishedSchema),
    ]
)
"""Every kind by its name."""
