"""Draw the rows."""

from __future__ import annotations

from stockpot import stages
from stockpot.dish import Dish, Made, rows_key
from stockpot.tasks.stage import stage


@stage("rows", "draw {rows} rows of {dish.name}", rows_key)
def draw_rows(dish: Dish, rows: int, form: str, number: int = 0) -> Made:
    """Synthetic rows as one file; of several tables of them, this one."""
    return stages.make_rows(dish, rows, form, number)
