"""Train the bases."""

from __future__ import annotations

from stockpot import stages
from stockpot.dish import Dish, Made, base_key
from stockpot.tasks.stage import TRAIN, stage


@stage("base", "train the base of {dish.name}", base_key, tags=[TRAIN])
def train_base(dish: Dish) -> Made:
    """One base a menagerie, all in one stack."""
    return stages.make_base(dish)
