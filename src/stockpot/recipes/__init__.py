"""Every recipe by name. A new one is a function and a line in ``ALL``."""

from __future__ import annotations

from collections.abc import Mapping

from stockpot.recipes.choosing import best, greedy, uniform
from stockpot.recipes.recipe import Recipe

SOUPS = "Wortsman et al., 'Model soups', ICML 2022 (arXiv 2203.05482)"

ALL = (
    Recipe("best", find=best, ranked=True),
    Recipe("uniform", find=uniform, paper=SOUPS),
    Recipe("greedy", find=greedy, needs=frozenset({"judge"}), ranked=True, paper=SOUPS),
)
RECIPES: Mapping[str, Recipe] = {recipe.name: recipe for recipe in ALL}
