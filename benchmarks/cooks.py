"""Cooks as the benchmark fits them: one cook, and every model that comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from stockpot import rivals
from stockpot.benchmarks.clock import Cost, clocked
from stockpot.benchmarks.methods import Model
from stockpot.benchmarks.protocol import SYNTHETIC_ROWS, Deal
from stockpot.configuration import configured
from stockpot.cook import Clock, tasted
from stockpot.rivals import Rival
from stockpot.table import Table, of_frame
from stockpot.tally import Tally
from stockpot.threads import single_threaded

NAMES = {
    rivals.SHIPPED: "soup",
    rivals.ALL: "all",
    rivals.ENSEMBLE: "ensemble",
    rivals.BEST: "best",
    rivals.HINDSIGHT: "hindsight",
    rivals.RANDOM: "random",
    rivals.ONE_NET: "one_net",
    rivals.LONG_RUN: "long_run",
    rivals.SWA: "swa",
    rivals.EMA: "ema",
}
"""Rival -> its line's name, less the family's."""


def family(model: str, dealt: Deal, seed: int, **options: Any) -> Iterator[Model]:
    """The cook's own models cost the cook, tasting included; one net, and the averages of one long run, cost
    what they and their calibration took.
    """
    with single_threaded():
        with clocked() as cook:
            tally = _tasted(dealt, {"model": model, "seed": seed} | options)
        made = [(cook, rivals.of_menagerie(tally, _judge(tally, dealt)))]
        with clocked() as alone:
            net = rivals.one_net(tally)
        with clocked() as run:
            averages = rivals.of_one_run(tally)
        for cost, found in [*made, (alone, [net]), (run, averages)]:
            for rival in found:
                yield _model(f"{model}_{NAMES[rival.name]}", tally, rival, dealt, seed, cost)


def untasted(line: str, dealt: Deal, seed: int) -> Iterator[Model]:
    """The uniform soup of one menagerie: what ``Soup.fit(table, folds=0)`` gives."""
    with single_threaded():
        with clocked() as cost:
            tally = _tasted(dealt, {"folds": 0, "seed": seed})
        yield _model(line, tally, rivals.shipped(tally), dealt, seed, cost)


def _tasted(dealt: Deal, options: dict[str, Any]) -> Tally:
    return tasted(of_frame(dealt.train), configured(options), Clock())


def _model(line: str, tally: Tally, rival: Rival, dealt: Deal, seed: int, cost: Cost) -> Model:
    losses = rivals.losses(tally, rival, _judge(tally, dealt))
    known = {
        "holdout_loss": losses.own,
        "holdout_loss_plain": losses.plain,
        "holdout_loss_refitted": losses.refitted,
        "steps": rival.steps,
    }
    return Model(line, partial(rivals.rows, tally, rival, SYNTHETIC_ROWS, seed), cost, known)


def _judge(tally: Tally, dealt: Deal) -> Table:
    return replace(tally.kitchen.table, frame=dealt.holdout)
