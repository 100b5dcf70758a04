"""The vocabulary of PostgreSQL: what each kind of object means, a room to a family.

Texts of types, expressions and definitions are the server's own spelling, tenant-neutral and at the fixed point of its
deparsing (`text.py`). Owners: a column, constraint, index or trigger belongs to its table or view.
"""

from __future__ import annotations

from typing import Final

from schema_sync.adapters.postgres.objects.attached import Policy, Trigger
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
from schema_sync.adapters.postgres.objects.routines import Argument, Function, Procedure
from schema_sync.adapters.postgres.objects.search import (
    Conversion,
    TextSearchConfiguration,
    TextSearchDictionary,
    TextSearchMapping,
    TextSearchParser,
    TextSearchTemplate,
)
from schema_sync.adapters.postgres.objects.tables import Column, Identity, Sequence, Table
from schema_sync.adapters.postgres.objects.types import Attribute, CompositeType, Domain, DomainCheck, Enum
from schema_sync.adapters.postgres.objects.views import MaterializedView, View
from schema_sync.model.objects import vocabulary

__all__ = [
    "VOCABULARY",
    "Argument",
    "Attribute",
    "BackedByIndex",
    "Cast",
    "Check",
    "Column",
    "CompositeType",
    "Conversion",
    "Domain",
    "DomainCheck",
    "Enum",
    "ExcludedElement",
    "Exclusion",
    "Extension",
    "ForeignKey",
    "ForeignTable",
    "Function",
    "Identity",
    "Index",
    "IndexElement",
    "MaterializedView",
    "MemberFunction",
    "MemberOperator",
    "Operator",
    "OperatorClass",
    "OperatorFamily",
    "Policy",
    "PrimaryKey",
    "Procedure",
    "Sequence",
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
        *(Enum, Domain, DomainCheck, CompositeType),
        *(Table, Column, PrimaryKey, Unique, Check, ForeignKey, Exclusion, Index, Sequence),
        *(View, MaterializedView, Procedure, Function, Trigger, Policy),
        *(Operator, OperatorFamily, OperatorClass, Cast, Transform, Conversion),
        *(TextSearchParser, TextSearchTemplate, TextSearchDictionary, TextSearchConfiguration),
        *(ForeignTable, Extension),
    ]
)
"""Every kind by its name."""
