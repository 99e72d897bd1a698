"""A cook at a terminal: mistakes are found before Prefect starts, progress is live, and the verdict is
printed.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

from rich.console import Console

from stockpot import figures as ledger
from stockpot.config import CookConfig
from stockpot.dish import Dish
from stockpot.figures import Figures
from stockpot.flows import environment
from stockpot.flows.cancelling import cancellable, heed
from stockpot.flows.endings import server_needed
from stockpot.flows.roll import BEGUN
from stockpot.flows.runners import check_runner
from stockpot.flows.watch import Place, Station, Watch
from stockpot.larder import read_table, stocked
from stockpot.report.text import as_rich
from stockpot.results import check_folder
from stockpot.sources.place import shown

if TYPE_CHECKING:  # Prefect reads its settings when it is imported
    from prefect import Flow

R = TypeVar("R")

TEMPORARY = (
    "No Prefect server runs, so this waits for a temporary one (10 to 30 s, each time). To keep one for all: "
    "stockpot serve"
)


def cook_by_hand(config: CookConfig, console: Console, *, verbose: bool) -> None:
    """Cook, show, and say where everything is."""
    start = time.perf_counter()
    environment.prepare(verbose=verbose)
    check_runner(config)
    check_folder(config)
    table = read_table(config)
    for note in table.told:
        say(console, f"Note: {note}")
    dish = stocked(config, table)
    say(console, _announcement(dish, config))
    _run(config, dish, console, verbose=verbose)
    _tell(ledger.read(config.folder / "figures.json"), console)
    took = time.perf_counter() - start
    say(
        console,
        f"{config.rows} rows, the soup, figures and report.html are in {config.folder} ({took:.0f} s)",
    )


def _announcement(dish: Dish, config: CookConfig) -> str:
    count, folds = len(dish.plan.ingredients), dish.plan.folds
    judged = f"tasted over {folds} folds" if folds else "without tasting"
    return f"Cooking {shown(config.table)} with {dish.plan.model}: {count} ingredients, {judged}"


def _run(config: CookConfig, dish: Dish, console: Console, *, verbose: bool) -> None:
    # Prefect reads its settings, which ``environment`` has prepared, when it is imported.
    from stockpot.flows.cook import cook

    run_watched(cook, config, Station(dish), console, verbose=verbose)


def run_watched(
    flow: Flow[..., Any], config: object, place: Place, console: Console, *, verbose: bool
) -> None:
    """Run a flow on a lasting server, or a temporary one, and show where it is."""
    from stockpot.flows.server import check_server, guard_temporary_server

    starting = "starting"
    if not check_server():
        guard_temporary_server()
        say(console, TEMPORARY, style="dim")
        starting = "waiting for a temporary Prefect server"
    BEGUN.clear()
    with Watch(place, console, starting, plain=verbose):
        run_heeded(flow, config)


def run_heeded(flow: Flow[..., R], config: object) -> R:
    """Run a flow that ends when it is cancelled in the UI, and says so when its server goes away."""
    with cancellable(), server_needed():
        return flow.with_options(on_running=[*flow.on_running_hooks, heed])(config)


def _tell(figures: Figures, console: Console) -> None:
    console.print(as_rich(figures))
    for note in figures.notes:
        say(console, f"Note: {note}")
    say(console, figures.shipped.sentence)


def say(console: Console, sentence: str, style: str = "") -> None:
    """One sentence, as it is."""
    console.print(sentence, style=style, highlight=False, markup=False)
