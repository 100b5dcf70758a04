"""The cells of PostgreSQL, in the order in which they are read: what is referred to before what refers to it."""

from __future__ import annotations

from typing import Final

from schema_sync.adapters.postgres.cell import Cell
from schema_sync.adapters.postgres.kinds import (
    cast,
    check,
    column,
    composite_type,
    conversion,
    domain,
    domain_check,
    enum,
    exclusion,
    extension,
    foreign_key,
    foreign_table,
    function,
    index,
    materialized_view,
    operator,
    operator_class,
    operator_family,
    policy,
    primary_key,
    procedure,
    sequence,
    table,
    text_search_configuration,
    text_search_dictionary,
    text_search_parser,
    text_search_template,
    transform,
    trigger,
    unique,
    view,
)

KINDS: Final[tuple[Cell, ...]] = (
    extension.CELL,
    # types
    enum.CELL,
    domain.CELL,
    domain_check.CELL,
    composite_type.CELL,
    # relations
    table.CELL,
    foreign_table.CELL,
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
    # routines and what calls them
    procedure.CELL,
    function.CELL,
    trigger.CELL,
    policy.CELL,
    # operators, and what types are by them
    operator.CELL,
    operator_family.CELL,
    operator_class.CELL,
    cast.CELL,
    transform.CELL,
    # encodings and text search
    conversion.CELL,
    text_search_parser.CELL,
    text_search_template.CELL,
    text_search_dictionary.CELL,
    text_search_configuration.CELL,
)
