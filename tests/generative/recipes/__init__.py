"""The recipes, by families; at least one for each kind of the vocabulary."""

from __future__ import annotations

from typing import Final

from tests.generative.model import Recipe
from tests.generative.recipes import access, code, constraints, search, tables, types

RECIPES: Final[dict[str, Recipe]] = {
    recipe.name: recipe for family in (types, tables, constraints, code, search, access) for recipe in family.RECIPES
}
"""All by their names."""
