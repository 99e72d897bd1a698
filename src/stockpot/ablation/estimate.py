"""How long an ablation takes: a few steps are timed on the table itself, and multiplied."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from stockpot.ablation.answers import answer_key
from stockpot.ablation.extent import cost, extent
from stockpot.ablation.questions import QUESTIONS
from stockpot.dish import Dish
from stockpot.kitchen import Kitchen
from stockpot.stages import larder
from stockpot.threads import single_threaded
from stockpot.train import train

TRIED, STEPS, TIMES = 4, 3, 3
JUDGING = {"field": 2.0, "char": 1.6}
"""Of the time that training takes, all together: the rest draws and judges rows."""


def estimate(dishes: Sequence[Dish], workers: int) -> float:
    """Seconds for what is not in the store yet."""
    todo = sum(not dish.place.has("answer", answer_key(dish, q)) for dish in dishes for q in QUESTIONS)
    if not todo:
        return 0.0
    dish, plan = dishes[0], dishes[0].plan
    together = cost(
        extent(plan.model), plan.points[0].steps, plan.base.steps, len(plan.ingredients), plan.folds + 1
    )
    return (
        step_seconds(dish)
        * together
        * JUDGING[plan.model]
        * todo
        / len(QUESTIONS)
        / min(workers, len(dishes))
    )


def step_seconds(dish: Dish) -> float:
    """Of one ingredient's step."""
    kitchen = Kitchen(larder(dish).learning, replace(dish.plan, folds=0))
    start = {name: value[[0] * TRIED] for name, value in kitchen.program.start(0).items()}
    specs = kitchen.plan.ingredients
    lots = [kitchen.lot(0, specs[i % len(specs)]) for i in range(TRIED)]
    lots = [replace(lot, settings=replace(lot.settings, steps=STEPS)) for lot in lots]
    bound = kitchen.program.bind(kitchen.frame, [0] * TRIED)
    with single_threaded():
        # the first steps of a process take several times as long as all that follow
        return min(_timed(lambda: train(bound, start, lots)) for _ in range(TIMES)) / STEPS / TRIED


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
