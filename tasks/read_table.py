"""Read the table, set the holdout apart, fill in the plan."""

from __future__ import annotations

from stockpot import larder
from stockpot.config import CookConfig
from stockpot.dish import Dish
from stockpot.tasks.stage import worldly


@worldly("read {config.table}")
def read_table(config: CookConfig) -> Dish:
    """The table in the store, and the plan: never cached, for the file may have changed."""
    return larder.prepare(config)
