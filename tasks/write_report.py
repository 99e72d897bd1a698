"""Write the report."""

from __future__ import annotations

from stockpot import reporting
from stockpot.dish import Dish, Made, report_key
from stockpot.tasks.stage import stage


@stage("report", "report on {dish.name}", report_key)
def write_report(dish: Dish, rows: int, form: str) -> Made:
    """Every figure, the page and the picture."""
    return reporting.make_report(dish, rows, form)
