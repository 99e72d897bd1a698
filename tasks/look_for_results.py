"""Look whether all is cooked already."""

from __future__ import annotations

from stockpot import reporting
from stockpot.dish import Dish
from stockpot.tasks.stage import worldly


@worldly("look for {rows} rows of {dish.name}")
def look_for_results(dish: Dish, rows: int, form: str) -> bool:
    """Whether the soup, the rows and the report are there: never cached, for they may have gone."""
    return reporting.is_cooked(dish, rows, form)
