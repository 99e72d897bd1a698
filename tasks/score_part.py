"""Score one model, or the rails, or a plot's points."""

from __future__ import annotations

from stockpot import stages
from stockpot.dish import Dish, Made, score_key
from stockpot.tasks.stage import stage


@stage("score", "score {what} of {dish.name}", score_key)
def score_part(dish: Dish, what: str) -> Made:
    """Rows of each fold against rows that it never saw, and of the main menagerie against all."""
    return stages.make_scores(dish, what)
