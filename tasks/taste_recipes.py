"""Taste recipes."""

from __future__ import annotations

from stockpot import stages
from stockpot.dish import Dish, Made, taste_key
from stockpot.tasks.stage import stage


@stage("taste", "taste soups of {dish.name}", taste_key)
def taste_recipes(dish: Dish) -> Made:
    """Judge every recipe on the folds' held-out rows."""
    return stages.make_tasting(dish)
