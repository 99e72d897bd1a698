"""Train ingredients."""

from __future__ import annotations

from stockpot import stages
from stockpot.dish import Dish, Load, Made, load_keys
from stockpot.tasks.stage import TRAIN, stage


@stage("train", "train {load.label} of {dish.name}", load_keys, tags=[TRAIN])
def train_ingredients(dish: Dish, load: Load) -> Made:
    """Some batches in every menagerie, each of them all in one stack."""
    return stages.make_load(dish, load)
