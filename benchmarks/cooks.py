"""Cooks as the benchmark fits them: one cook, and every model that comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from stockpot import rivals
from stockpot.benchmarks.clock import Cost, clocked
from stockpot.benchmarks.methods import BESIDE, Model
from stockpot.benchmarks.protocol import SYNTHETIC_ROWS, Deal
from stockpot.configuration import configured
from stockpot.cook import Clock, tasted
from stockpot.rivals import Rival
from stockpot.table import of_frame
from stockpot.tally import Tally
from stockpot.threads import single_threaded

NAMES = dict(
    zip(
        (
            rivals.SHIPPED,
            rivals.ALL,
            rivals.ENSEMBLE,
            rivals.BEST,
            rivals.HINDSIGHT,
            rivals.RANDOM,
            rivals.ONE_NET,
            rivals.LONG_RUN,
            rivals.SWA,
            rivals.EMA,
        ),
        BESIDE,
        strict=True,
    )
)
"""Rival -> its line's name, less the family's."""
OF_THE_RUN = {rivals.ONE_NET, rivals.LONG_RUN, rivals.SWA, rivals.EMA}


def family(model: str, dealt: Deal, seed: int, **options: Any) -> Iterator[Model]:
    """The cook's own models cost the cook, tasting included; those of the one long run cost that run."""
    with single_threaded():
        with clocked() as cook:
            tally = _tasted(dealt, {"model": model, "seed": seed} | options)
        judge = replace(tally.kitchen.table, frame=dealt.holdout)
        with clocked() as run:
            found = rivals.rivals(tally, judge)
        for rival in found:
            cost = run if rival.name in OF_THE_RUN else cook
            yield _model(f"{model}_{NAMES[rival.name]}", tally, rival, dealt, seed, cost)


def untasted(line: str, dealt: Deal, seed: int) -> Iterator[Model]:
    """The uniform soup of one menagerie: what ``Soup.fit(table, folds=0)`` gives."""
    with single_threaded():
        with clocked() as cost:
            tally = _tasted(dealt, {"folds": 0, "seed": seed})
        soup = tally.ladle(tally.kitchen.main, tally.tasting.taste(tally.tasting.shipped).proportions)
        steps = tally.kitchen.plan.base.steps + rivals.menagerie_steps(tally.kitchen)
        yield _model(line, tally, Rival(line, "soup", soup.weights, soup.scale, steps), dealt, seed, cost)


def _tasted(dealt: Deal, options: dict[str, Any]) -> Tally:
    return tasted(of_frame(dealt.train), configured(options), Clock())


def _model(line: str, tally: Tally, rival: Rival, dealt: Deal, seed: int, cost: Cost) -> Model:
    judge = replace(tally.kitchen.table, frame=dealt.holdout)
    known = {"holdout_loss": rivals.loss(tally, rival, judge), "steps": rival.steps}
    return Model(line, partial(rivals.rows, tally, rival, SYNTHETIC_ROWS, seed), cost, known)
