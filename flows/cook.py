"""The main job: from a real table to scored synthetic rows."""

from __future__ import annotations

from prefect import State, flow
from prefect.states import Completed

from stockpot import results
from stockpot.config import CookConfig
from stockpot.dish import loads
from stockpot.flows.crew import Crew
from stockpot.flows.progress_artifact import progress_shown
from stockpot.flows.roll import begin, close
from stockpot.flows.watch import Station
from stockpot.reporting import scored_parts
from stockpot.tasks.blend_soup import blend_soup
from stockpot.tasks.deliver import deliver
from stockpot.tasks.draw_rows import draw_rows
from stockpot.tasks.look_for_results import look_for_results
from stockpot.tasks.read_table import read_table
from stockpot.tasks.score_part import score_part
from stockpot.tasks.taste_recipes import taste_recipes
from stockpot.tasks.train_base import train_base
from stockpot.tasks.train_ingredients import train_ingredients
from stockpot.tasks.write_report import write_report


@flow(
    name="cook",
    on_running=[begin],
    on_crashed=[close],
    flow_run_name="cook {config.rows} rows of {config.name} with {config.model}",
)
def cook(config: CookConfig = CookConfig()) -> str | State[str]:  # noqa: B008 - frozen, the UI's form shows it
    """Read the table and deal its rows. Train a base, then a menagerie of ingredients from it, batch by
    batch. Taste recipes on rows that their menageries never saw, and blend the soup that did best. Draw
    rows from it, score every model between its rails, report, and deliver. Returns the verdict's sentence.

    A cook of which all is there (the table is the one of last night) delivers it, and ends as 'Cached'.
    """
    results.begin(config)
    dish = read_table(config)
    if look_for_results(dish, config.rows, config.format):
        return Completed(name="Cached", message=deliver(dish, config))
    with progress_shown(Station(dish), dish.name), Crew(config, dish) as crew:
        crew.do(train_base)
        crew.do_each(train_ingredients, load=loads(dish.plan, config.workers))
        crew.do(taste_recipes)
        crew.do(blend_soup)
        crew.do(draw_rows, rows=config.rows, form=config.format)
        # the last ones take longest, so they begin first: no worker waits for them at the end
        crew.do_each(score_part, what=scored_parts(dish)[::-1])
        crew.do(write_report, rows=config.rows, form=config.format)
        return deliver(dish, config)


if __name__ == "__main__":  # hand over at once: the classes must be stockpot.flows's
    import sys

    from stockpot.flows.cli import main

    main(["cook", *sys.argv[1:]])
