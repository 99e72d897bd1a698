"""The protocol of a cook in one process: read down ``tasted`` for the method."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from importlib.metadata import version
from typing import Any

import numpy as np

from stockpot import noise
from stockpot.bins import Ints
from stockpot.config import CookConfig
from stockpot.constraints.settle import constraints_of
from stockpot.deal import LEAST_LEARNING_ROWS
from stockpot.draw import Ladle
from stockpot.errors import ConfigError
from stockpot.figures import Figures
from stockpot.kitchen import Kitchen
from stockpot.plan import Plan, plan
from stockpot.recipes.mixture import Mixture, Proportions
from stockpot.served import served
from stockpot.soup import Soup
from stockpot.stock import train_all
from stockpot.summary import Scores, figures
from stockpot.table import LEAST_ROWS, Table
from stockpot.tally import Tally
from stockpot.taste import Tasting, taste


def cooked(table: Table, config: CookConfig) -> Soup:
    """Train, taste, and blend the winner; scoring waits until its figures are asked for."""
    clock = Clock()
    tally = tasted(table, config, clock)
    made = provenance(tally.kitchen, tally.tasting)
    return Soup(
        shipped_ladle(tally),
        tally.kitchen.plan.model,
        made,
        lambda: scored(tally, clock, tally.kitchen.table.notes),
    )


def tasted(table: Table, config: CookConfig, clock: Clock) -> Tally:
    """Set a holdout apart, deal the rows, train bases and ingredients, taste recipes."""
    learning, holdout = set_apart(table, config)
    kitchen = Kitchen(learning, plan(config, learning.rows, constraints_of(table, learning, config)))
    with clock.timed("train"):
        stock = train_all(kitchen)
    with clock.timed("taste"):
        tasting = taste(stock)
    return Tally(stock, tasting, holdout)


def set_apart(table: Table, config: CookConfig) -> tuple[Table, Table | None]:
    """(learning rows, holdout rows or None), dealt by seed, without what the family cannot learn."""
    table = served(table, config.model)
    if not config.holdout:
        return table, None
    learning, beyond = numbers_apart(table.rows, config)
    return table.take(learning), table.take(beyond)


def numbers_apart(rows: int, config: CookConfig) -> tuple[Ints, Ints]:
    """The numbers, in the whole table, of the learning rows and of the holdout's."""
    count = math.floor(config.holdout * rows)
    if config.holdout and (count < LEAST_LEARNING_ROWS or rows - count < LEAST_ROWS):
        raise ConfigError(
            f"Option 'holdout' is {config.holdout}, which sets {count} of {rows} rows apart: choose a "
            f"share that leaves at least {LEAST_LEARNING_ROWS} rows there and {LEAST_ROWS} to learn from."
        )
    order = np.random.default_rng(noise.key("holdout", config.seed)).permutation(rows)
    return np.sort(order[count:]), np.sort(order[:count])


def shipped_ladle(tally: Tally) -> Ladle:
    """What draws from the shipped soup: the main menagerie's blend and its own codec, without the folds'."""
    kitchen = tally.kitchen
    ladle = tally.ladle(kitchen.main, tally.tasting.taste(tally.tasting.shipped).mixture)
    return replace(ladle, program=kitchen.program.only(kitchen.main), menagerie=0)


def scored(tally: Tally, clock: Clock, notes: tuple[str, ...]) -> Figures:
    """Score every model between its rails."""
    with clock.timed("score"):
        scores = Scores(tuple(tally.model(t) for t in tally.tasting.tastes), tally.rails())
    return figures(tally.kitchen, tally.tasting, scores, clock.seconds, notes)


def provenance(kitchen: Kitchen, tasting: Tasting) -> Mapping[str, Any]:
    """What went in, without a value of the table."""
    taste = tasting.taste(tasting.shipped)
    return account(kitchen.table, taste.name, taste.mixture, kitchen.plan)


def account(learned: Table, name: str, mixture: Mixture, plan: Plan) -> Mapping[str, Any]:
    """Of one soup: the rows that it learned from, what it is called, and how it was made."""
    return {
        "stockpot": version("stockpot"),
        "torch": version("torch"),
        "table": {"rows": learned.rows, "digest": learned.digest},
        "shipped": name,
        "recipe": mixture.recipe,
        "proportions": _named(mixture.proportions),
        "layers": {layer: _named(own) for layer, own in mixture.layers.items()},
        "knobs": mixture.knobs,
        "plan": _plain({k: v for k, v in asdict(plan).items() if k != "constraints" or v}),
    }


def _named(proportions: Proportions) -> dict[str, float]:
    return {str(number): share for number, share in proportions.items()}


def _plain(value: Any) -> Any:
    """JSON has no tuples: lists, so that what is read is what was written."""
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value


class Clock:
    """Wall seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = round(self.seconds.get(stage, 0.0) + time.perf_counter() - start, 3)
