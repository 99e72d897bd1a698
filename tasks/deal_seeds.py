"""Deal a table's rows for each seed of an ablation."""

from __future__ import annotations

from stockpot.ablation import seeds
from stockpot.ablation.config import AblateConfig
from stockpot.dish import Dish
from stockpot.tasks.stage import worldly


@worldly("deal {config.table}")
def deal_seeds(config: AblateConfig) -> list[Dish]:
    """Learning and judging rows in the store: never cached, for the file may have changed."""
    return seeds.deal_seeds(config)
