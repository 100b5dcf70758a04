"""The cells of PostgreSQL, in the order in which they are read: what is referred to before what refers to it."""

from __future__ import annotations

from typing import Final

from schema_sync.adapters.postgres.cell import Cell
from schema_sync.adapters.postgres.kinds import (
    aggregate,
    check,
    collation,
    column,
    composite_type,
    default_privilege,
    domain,
    domain_check,
    enum,
    exclusion,
    foreign_key,
    function,
    grant,
    index,
    materialized_view,
    namespace,
    ownership,
    policy,
    primary_key,
    procedure,
    publication_member,
    published_schema,
    range_type,
    rule,
    sequence,
    statistic,
    table,
    trigger,
    unique,
    view,
)

KINDS: Final[tuple[Cell, ...]] = (
    # types
    collation.CELL,
    enum.CELL,
    domain.CELL,
    domain_check.CELL,
    composite_type.CELL,
    range_type.CELL,
    # relations
    table.CELL,
    column.CELL,
    view.CELL,
    materialized_view.CELL,
    # what belongs to them
    sequence.CELL,
    primary_key.CELL,
    unique.CELL,
    exclusion.CELL,
    check.CELL,
    foreign_key.CELL,
    index.CELL,
    statistic.CELL,
    # routines and what calls them
    procedure.CELL,
    function.CELL,
    aggregate.CELL,
    trigger.CELL,
    policy.CELL,
    rule.CELL,
    # who may do what, and whose things are
    namespace.CELL,
    default_privilege.CELL,
    ownership.CELL,
    grant.CELL,
    publication_member.CELL,
    published_schema.CELL,
)
