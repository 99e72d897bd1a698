"""Blend the soup."""

from __future__ import annotations

from stockpot import stages
from stockpot.dish import Dish, Made, soup_key
from stockpot.tasks.stage import stage


@stage("soup", "blend the soup of {dish.name}", soup_key)
def blend_soup(dish: Dish) -> Made:
    """The main menagerie by the winning proportions."""
    return stages.make_soup(dish)
