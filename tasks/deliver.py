"""Deliver the results: files for a person, artifacts and events for the Prefect UI."""

from __future__ import annotations

from stockpot import reporting, results, stages
from stockpot.config import CookConfig
from stockpot.dish import Dish
from stockpot.tasks.showing import show_cook
from stockpot.tasks.stage import worldly
from stockpot.tasks.telling import tell


@worldly("deliver {dish.name} to {config.folder}")
def deliver(dish: Dish, config: CookConfig) -> str:
    """Show the verdict, and copy the stages' files to the results folder. Returns the verdict's sentence.

    What is told compares with the figures of the last run, which lie in the folder until the very last step:
    a try that is made again finds them there.
    """
    report = stages.folder_of(dish, reporting.make_report(dish, config.rows, config.format))
    drawn = [stages.make_rows(dish, config.rows, config.format, number) for number in range(config.sets)]
    rows = [stages.folder_of(dish, one) for one in drawn]
    soup = stages.folder_of(dish, stages.make_soup(dish))
    figures = reporting.read_figures(dish, config.rows, config.format)
    previous = results.figures_of(config)
    results.deliver(config, soup, rows, report)
    show_cook(dish, config, figures, report)
    tell(config, figures, previous)
    results.finish(config, report)
    return figures.shipped.sentence
