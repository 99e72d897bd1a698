"""Train a batch of ingredients."""

from __future__ import annotations

from stockpot import stages
from stockpot.dish import Batch, Dish, Made, batch_key
from stockpot.tasks.stage import stage


@stage("train", "train {batch.label} of {dish.name}", batch_key)
def train_ingredients(dish: Dish, batch: Batch) -> Made:
    """The batch in every menagerie, all in one stack."""
    return stages.make_batch(dish, batch)
