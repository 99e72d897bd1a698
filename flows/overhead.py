"""What a runner costs: ``python -m stockpot.flows.overhead threads processes dask ray``.

For each runner in turn: seconds until all its workers work; for a menagerie of 1,000 ingredients the training
tasks, seconds, and the share of the workers' time in which they did not train; and milliseconds a task of 10,
100 and 1,000 that do nothing, but have keys, retries and records as those that train. On the server that is
configured, or a temporary one.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import import_module

from prefect import flow
from prefect.settings import get_current_settings

from stockpot.config import CookConfig
from stockpot.configuration import configured
from stockpot.dish import Dish, Made, loads
from stockpot.flows.crew import Crew
from stockpot.flows.runners import RUNNERS
from stockpot.tasks.read_table import read_table
from stockpot.tasks.stage import TRAIN, stage
from stockpot.tasks.train_base import train_base
from stockpot.tasks.train_ingredients import train_ingredients

COUNTS = (10, 100, 1000)
SUBSETS, LEARNING_RATE = 8, 0.002
WARM_SECONDS = 2.0
"""A worker that has begun does nothing for so long, so that the others must begin too."""


def number_key(dish: Dish, number: str) -> str:
    """Of a task that makes nothing."""
    del dish
    return number


@stage("train", "begin {number}", number_key)
def begin_work(dish: Dish, number: str) -> Made:
    """Load what training needs."""
    del dish
    import_module("stockpot.stages")
    time.sleep(WARM_SECONDS)
    return Made("train", number, 0.0)


@stage("train", "do nothing, {number}", number_key, tags=[TRAIN])
def do_nothing(dish: Dish, number: str) -> Made:
    """All of a training task but the training."""
    del dish
    return Made("train", number, 0.0)


@flow(name="overhead", flow_run_name="overhead of {config.runner}")
def overhead(config: CookConfig, counts: Sequence[int], *, train: bool) -> str:
    """Start the runner, time tasks that train, then those that do nothing: of a thousand of these the server
    hears for half a minute more. Returns a row of a table.
    """
    dish, start = read_table(config), time.perf_counter()
    with Crew(config, dish) as crew:
        crew.do_each(begin_work, number=[f"begin-{i}" for i in range(config.workers)])
        cells = [f"{time.perf_counter() - start - WARM_SECONDS:.0f}"]
        cells += _training(crew, config) if train else []
        cells += [f"{1000 * _idle(crew, count) / count:.0f}" for count in counts]
    server = "running" if get_current_settings().api.url else "temporary"
    return " | ".join((f"| {config.runner}", server, *cells)) + " |"


def _idle(crew: Crew, count: int) -> float:
    """Seconds for so many tasks that do nothing."""
    start = time.perf_counter()
    crew.do_each(do_nothing, number=[f"{count}-{i}" for i in range(count)])
    return time.perf_counter() - start


def _training(crew: Crew, config: CookConfig) -> list[str]:
    """Tasks, seconds, and the share of the workers' time in which they did not train."""
    crew.do(train_base)
    work, start = loads(crew.dish.plan, config.workers), time.perf_counter()
    made = crew.do_each(train_ingredients, load=work)
    took = time.perf_counter() - start
    busy = sum(one.seconds for one in made) / config.workers
    return [str(len(work)), f"{took:.0f}", f"{100 * (1 - busy / took):.1f} %"]


def main(arguments: Sequence[str]) -> None:
    """Each runner in a process of its own: what one has imported, the next would find."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("runners", nargs="+", choices=RUNNERS)
    parser.add_argument("--tasks", nargs="*", type=int, default=COUNTS)
    parser.add_argument("--ingredients", type=int, default=1000, help="0: train nothing.")
    given = parser.parse_args(arguments)
    if len(given.runners) == 1:
        with tempfile.TemporaryDirectory() as store:
            config = _config(given.runners[0], given.ingredients, store)
            print(overhead(config, given.tasks, train=given.ingredients > 0), flush=True)
        return
    for runner in given.runners:
        options = ["--tasks", *map(str, given.tasks), "--ingredients", str(given.ingredients)]
        subprocess.run([sys.executable, "-m", __name__, runner, *options], check=True)  # noqa: S603 - this program


def _config(runner: str, ingredients: int, store: str) -> CookConfig:
    """So many ingredients of one menagerie, of one setting each."""
    grid = {"learning_rate": [LEARNING_RATE], "seeds": max(1, ingredients // SUBSETS)}
    many = {"folds": 0, "subsets": {"count": SUBSETS}, "grid": grid}
    return configured({"runner": runner, "store": store} | many)


if __name__ == "__main__":  # hand over at once: the classes must be stockpot.flows's
    import_module("stockpot.flows.overhead").main(sys.argv[1:])
