"""A cook at a terminal: mistakes are found before Prefect starts, progress is live, and the verdict is printed."""

from __future__ import annotations

import time

from rich.console import Console

from stockpot.config import CookConfig
from stockpot.dish import Dish
from stockpot.flows import environment
from stockpot.flows.watch import Watch
from stockpot.larder import prepare
from stockpot.report.text import as_rich
from stockpot.reporting import read_figures
from stockpot.results import check_folder


def cook_by_hand(config: CookConfig, console: Console, *, verbose: bool) -> None:
    """Cook, show, and say where everything is."""
    start = time.perf_counter()
    environment.prepare(verbose=verbose)
    check_folder(config)
    dish = prepare(config)
    _announce(dish, config, console)
    with Watch(dish, console):
        _run(config, console)
    figures = read_figures(dish, config.rows, config.format)
    console.print(as_rich(figures))
    for note in figures.notes:
        console.print(f"Note: {note}", highlight=False)
    console.print(figures.shipped.sentence, highlight=False)
    took = time.perf_counter() - start
    console.print(f"{config.rows} rows, the soup, figures and report.html are in {config.folder} ({took:.0f} s)", highlight=False)


def _announce(dish: Dish, config: CookConfig, console: Console) -> None:
    count, folds = len(dish.plan.ingredients), dish.plan.folds
    judged = f"tasted over {folds} folds" if folds else "without tasting"
    console.print(f"Cooking {config.table} with {dish.plan.model}: {count} ingredients, {judged}", highlight=False)


def _run(config: CookConfig, console: Console) -> None:
    from prefect.settings import get_current_settings

    from stockpot.flows.cook import cook

    if not get_current_settings().api.url:
        console.print(
            "No Prefect server is configured, so a temporary one starts first (10 to 30 s). To keep one: "
            "prefect server start, and prefect config set PREFECT_API_URL=http://127.0.0.1:4200/api",
            style="dim",
            highlight=False,
        )
    cook(config)
