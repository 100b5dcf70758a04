"""The grid of cells and commands: what has to be there for each kind of object and for each command.

These laws look at the living objects, not at their source: a mapping may be put together in many ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from schema_sync.adapters.kind import Kind
from schema_sync.model.ident import plural
from schema_sync.model.objects import field_names
from schema_sync.model.snapshot import Snapshot


def engines(root: Path) -> list[str]:
    """The engines that have cells, by the name of their folder."""
    return sorted(kinds.parent.name for kinds in (root / "schema_sync" / "adapters").glob("*/kinds"))


def cells_of(engine: str) -> tuple[Kind, ...]:
    """The visible tuple of an engine's cells."""
    cells: tuple[Kind, ...] = import_module(f"schema_sync.adapters.{engine}.kinds").KINDS
    return cells


def alter_names_every_field(cells: Iterable[Kind]) -> list[str]:
    """A field that no rule was thought out for would be replaced silently, or not at all."""
    found = []
    for cell in cells:
        fields, ruled = set(field_names(cell.struct)), set(cell.alter)
        found += [f"{cell.name}: no rule for a change of {field!r}" for field in sorted(fields - ruled)]
        found += [f"{cell.name}: a rule for {field!r}, which its struct has not" for field in sorted(ruled - fields)]
    return found


def every_cell_has_a_case(cells: Iterable[Kind], folder: Path) -> list[str]:
    """`<kind>--<what>` is among the engine's case folders."""
    cased = {case.name.split("--")[0] for case in folder.iterdir()} if folder.is_dir() else set()
    return [f"{cell.name} has no case in {folder}" for cell in cells if cell.name not in cased]


def no_field_hides_children(snapshot: Snapshot) -> list[str]:
    """A child is written into its owner's file under its kind's plural: no field of the owner may be called so."""
    return sorted(
        {
            f"{obj.owner.kind} has a field {plural(obj.ident.kind)!r}, and children of that kind"
            for obj in snapshot
            if obj.owner is not None and plural(obj.ident.kind) in field_names(type(snapshot[obj.owner]))
        }
    )


def every_command_is_documented(commands: Iterable[str], readme: str) -> list[str]:
    """Every command of the command line stands in the README as `schema-sync <command>` or as `<command>` in code."""
    return [
        f"the README has no {command!r}"
        for command in commands
        if not re.search(rf"(schema-sync |`){re.escape(command)}(?![\w-])", readme)
    ]
