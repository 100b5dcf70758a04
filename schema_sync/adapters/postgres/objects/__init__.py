"""The vocabulary of PostgreSQL: what each kind of object means, a room to a family.

Texts of types, expressions and definitions are the server's own spelling, tenant-neutral and at the fixed point of its
deparsing (`text.py`). Owners: a column, constraint, index or trigger belongs to its table or view.
"""

from __future__ import annotations

from typing import Final

from schema_sync.adapters.postgres.objects.access import DatabaseDefault, DefaultPrivilege, Grant, Namespace, Ownership
from schema_sync.adapters.postgres.objects.attached import (
    Policy,
    PublicationMember,
    PublishedSchema,
    Rule,
    Statistic,
    Trigger,
)
from schema_sync.adapters.postgres.objects.collations import Collation
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
from schema_sync.adapters.postgres.objects.operators import (
    Cast,
    MemberFunction,
    MemberOperator,
    Operator,
    OperatorClass,
    OperatorFamily,
    Transform,
)
from schema_sync.adapters.postgres.objects.outside import Extension, ForeignTable
from schema_sync.adapters.postgres.objects.routines import (
    Aggregate,
    Argument,
    FinalFunction,
    Function,
    Moving,
    Procedure,
)
from schema_sync.adapters.postgres.objects.search import (
    Conversion,
    TextSearchConfiguration,
    TextSearchDictionary,
    TextSearchMapping,
    TextSearchParser,
    TextSearchTemplate,
)
from schema_sync.adapters.postgres.objects.storage import Stored, StoredAttribute
from schema_sync.adapters.postgres.objects.tables import Column, Identity, Sequence, Table
from schema_sync.adapters.postgres.objects.types import (
    Attribute,
    CompositeType,
    Domain,
    DomainCheck,
    Enum,
    RangeType,
)
from schema_sync.adapters.postgres.objects.views import MaterializedView, View
from schema_sync.model.objects import vocabulary

__all__ = [
    "VOCABULARY",
    "Aggregate",
    "Argument",
    "Attribute",
    "BackedByIndex",
    "Cast",
    "Check",
    "Collation",
    "Column",
    "CompositeType",
    "Conversion",
    "DatabaseDefault",
    "DefaultPrivilege",
    "Domain",
    "DomainCheck",
    "Enum",
    "ExcludedElement",
    "Exclusion",
    "Extension",
    "FinalFunction",
    "ForeignKey",
    "ForeignTable",
    "Function",
    "Grant",
    "Identity",
    "Index",
    "IndexElement",
    "MaterializedView",
    "MemberFunction",
    "MemberOperator",
    "Moving",
    "Namespace",
    "Operator",
    "OperatorClass",
    "OperatorFamily",
    "Ownership",
    "Policy",
    "PrimaryKey",
    "Procedure",
    "PublicationMember",
    "PublishedSchema",
    "RangeType",
    "Rule",
    "Sequence",
    "Statistic",
    "Stored",
    "StoredAttribute",
    "Table",
    "TextSearchConfiguration",
    "TextSearchDictionary",
    "TextSearchMapping",
    "TextSearchParser",
    "TextSearchTemplate",
    "Transform",
    "Trigger",
    "Unique",
    "View",
]

VOCABULARY: Final = vocabulary(
    [
        *(Collation, Enum, Domain, DomainCheck, CompositeType, RangeType),
        *(Table, Column, PrimaryKey, Unique, Check, ForeignKey, Exclusion, Index, Sequence),
        *(View, MaterializedView, Procedure, Function, Aggregate, Trigger, Policy, Rule, Statistic),
        *(Operator, OperatorFamily, OperatorClass, Cast, Transform, Conversion),
        *(TextSearchParser, TextSearchTemplate, TextSearchDictionary, TextSearchConfiguration),
        *(ForeignTable, Extension),
        *(Grant, DefaultPrivilege, Ownership, Namespace),
        *(PublicationMember, PublishedSchema),
    ]
)
"""Every kind by its name."""
