"""One dish a seed: learning rows drawn by seed, and the other rows of the table as its holdout, to judge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from stockpot import noise
from stockpot.ablation.config import AblateConfig
from stockpot.ablation.questions import QUESTIONS
from stockpot.dish import Dish
from stockpot.errors import ConfigError
from stockpot.larder import Larder, read_table, rows_digest, save_larder
from stockpot.plan import plan
from stockpot.store import Store, located, open_store
from stockpot.table import LEAST_ROWS, Table

USUAL, SMALL, SHARE = 80, 140, 0.6
"""So many rows are learned from by default; of a table of fewer than ``SMALL``, this share."""
LEAST_JUDGES, MOST_JUDGES = 20, 1000
"""More rows than that make nothing clearer than the seeds' own spread does."""


def learning_rows(config: AblateConfig, rows: int) -> int:
    """How many rows are learned from; ConfigError where too few are left to judge."""
    learn = config.learn or (USUAL if rows >= SMALL else int(SHARE * rows))
    if rows - learn < LEAST_JUDGES or learn < LEAST_ROWS:
        raise ConfigError(
            f"Option 'learn' is {learn}, which leaves {max(0, rows - learn)} of {rows} rows to judge: at "
            f"least {LEAST_JUDGES} must judge and {LEAST_ROWS} be learned from: use fewer, or more rows."
        )
    return learn


def deal_seeds(config: AblateConfig, tell: Callable[[str], object] = str) -> list[Dish]:
    """Read the table, deal its rows anew for each seed, and put them into the store. ``tell`` hears how the
    table was read; by default nobody does.
    """
    table = read_table(config.cook(0))
    for note in table.told:
        tell(note)
    learn = learning_rows(config, table.rows)
    store = open_store(located(config.store))
    store.attend()
    return [_dish(config, table, learn, seed, store) for seed in range(config.count)]


def _dish(config: AblateConfig, table: Table, learn: int, seed: int, store: Store) -> Dish:
    learning, judges = deal_rows(table, learn, seed)
    settled = plan(config.cook(seed), learn)
    key = save_larder(store, Larder(learning, judges))
    return Dish(store.location, key, rows_digest(learning), table.name, settled)


def deal_rows(table: Table, learn: int, seed: int) -> tuple[Table, Table]:
    """(learning rows, judging rows), by seed."""
    order = np.random.default_rng(noise.key("learn", seed)).permutation(table.rows)
    judges = order[learn : learn + MOST_JUDGES]
    return table.take(np.sort(order[:learn])), replace(table.take(np.sort(judges)), notes=())


def asked(dishes: Sequence[Dish]) -> dict[str, list[object]]:
    """Every question of every seed, as the arguments of a task."""
    pairs = [(dish, question) for question in QUESTIONS for dish in dishes]
    return {"dish": [dish for dish, _ in pairs], "question": [question for _, question in pairs]}
