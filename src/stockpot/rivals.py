"""What stands beside the soup: other models of the same rows, judged and drawn alike.

All come from one cook: the main menagerie's ingredients; one net on all learning rows that trains as long as
an ingredient; and one *run* that trains for as many steps as the whole menagerie together. Averages of its
snapshots are SWA (Izmailov et al., 'Averaging Weights Leads to Wider Optima and Better Generalization', UAI
2018) and EMA (Polyak & Juditsky, 1992). Losses are nats a token, lower is better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from stockpot import noise
from stockpot.families.base import Weights
from stockpot.figures import Kind
from stockpot.kitchen import Kitchen, chosen, menagerie, soup, survivors, train_base
from stockpot.optimise import Settings
from stockpot.presets import FIELD_SCALES
from stockpot.recipes.choosing import equal
from stockpot.recipes.mixture import Mixture, Proportions
from stockpot.summary import best_single
from stockpot.table import Table
from stockpot.tally import Tally
from stockpot.train import Lot, train

SHIPPED, ALL = "shipped soup", "soup of all"
BEST, HINDSIGHT, RANDOM = "best single by tasting", "best single by hindsight", "random single"
ENSEMBLE = "ensemble"
ONE_NET, LONG_RUN, SWA, EMA = "one net on all rows", "one long run", "SWA of one run", "EMA of one run"

SNAPSHOTS = 48
"""Of the run, evenly spread."""
MARKS = tuple((i + 1) / SNAPSHOTS for i in range(SNAPSHOTS))
ENDS = (SNAPSHOTS // 8, SNAPSHOTS // 4, SNAPSHOTS // 2, SNAPSHOTS)
"""Snapshots after which the run and its averages may end."""
EMA_DECAY = 0.8
"""From one snapshot to the next: a tenth of the run is remembered."""
TWINS = 4
"""So many more runs leave a part of the rows out, to choose where averages end, and their scales."""


@dataclass(frozen=True)
class Rival:
    """A model: a stack of weights, with ``mix`` an ensemble. ``scale`` of the logits is what left-out rows
    chose. ``steps`` are all the optimiser steps, the base's included, that were made to have it (tasting's
    not counted).
    """

    name: str
    kind: Kind
    weights: Weights
    scale: float
    steps: int
    mix: Tensor | None = None


@dataclass(frozen=True)
class Losses:
    """Of one rival on rows that it never saw: at its own scale, at scale 1, and ``refitted``: at the scale
    that is best on the other half of these rows.
    """

    own: float
    plain: float
    refitted: float


def rivals(tally: Tally, judge: Table) -> tuple[Rival, ...]:
    """The shipped soup first. Hindsight is an oracle: ``judge`` rows choose it, and nothing else. A cook
    without folds has no single by tasting.
    """
    return (*of_menagerie(tally, judge), one_net(tally), *of_one_run(tally))


def losses(tally: Tally, rival: Rival, table: Table) -> Losses:
    """Under fixed masks, the same for every rival of a family."""
    scales = [rival.scale, *FIELD_SCALES]
    halves = [judged(tally, rival, table, scales, np.arange(start, table.rows, 2)) for start in (0, 1)]
    counts = [(table.rows + 1) // 2, table.rows // 2]
    other = [half[int(np.argmin(rest))] for half, rest in zip(halves, reversed(halves), strict=True)]
    own, plain = ([half[place] for half in halves] for place in (0, 1 + FIELD_SCALES.index(1.0)))
    return Losses(*(float(np.average(values, weights=counts)) for values in (own, plain, other)))


def loss(tally: Tally, rival: Rival, table: Table) -> float:
    """At the rival's own scale."""
    return judged(tally, rival, table, [rival.scale], np.arange(table.rows))[0]


def judged(
    tally: Tally, rival: Rival, table: Table, scales: Sequence[float], rows: np.ndarray
) -> list[float]:
    """Loss at each scale on some rows of a table."""
    kitchen = tally.kitchen
    found = kitchen.judged(kitchen.main, rival.weights, rows, scales, rival.mix, kitchen.told(table))
    return [float(value) for value in found.loss[0]]


def rows(tally: Tally, rival: Rival, count: int, seed: int) -> pd.DataFrame:
    """``count`` rows, drawn and raked as the shipped soup's are. DrawError if hardly any is valid."""
    pattern = tally.ladle(tally.kitchen.main, {0: 1.0})
    ladle = replace(pattern, weights=rival.weights, mix=rival.mix)
    return ladle.draw(count, seed)


def shipped(tally: Tally) -> Rival:
    """What a cook gives."""
    return blended(tally, SHIPPED, tally.tasting.taste(tally.tasting.shipped).mixture)


def blended(tally: Tally, name: str, what: Mixture | Proportions) -> Rival:
    """Of the main menagerie's ingredients, for all of which steps were made."""
    kitchen = tally.kitchen
    count = len(what.proportions if isinstance(what, Mixture) else what)
    kind: Kind = "single" if count == 1 else "soup"
    blend = tally.stock.soup(kitchen.main, what)
    scale = tally.tasting.seasons[kitchen.main].scale(count)
    return Rival(name, kind, blend, scale, _whole(kitchen))


def ensemble(tally: Tally, shares: Proportions) -> Rival:
    """The mean of the main menagerie's probabilities."""
    kitchen = tally.kitchen
    members, mix = chosen(menagerie(tally.weights, kitchen.main), shares)
    scale, steps = tally.tasting.seasons[kitchen.main].ensemble, _whole(kitchen)
    return Rival(ENSEMBLE, "ensemble", members, scale, steps, mix)


def _whole(kitchen: Kitchen) -> int:
    """Steps of the base and of all ingredients from it."""
    return kitchen.plan.base.steps + menagerie_steps(kitchen)


def of_menagerie(tally: Tally, judge: Table) -> list[Rival]:
    """The soups, the ensemble and the singles of the main menagerie."""
    kitchen, tasting = tally.kitchen, tally.tasting
    sound = survivors(tally.weights)
    every = equal(sound)
    singles = [blended(tally, HINDSIGHT, {number: 1.0}) for number in sound]
    luck = sound[np.random.default_rng(noise.key("random single", kitchen.plan.seed)).integers(len(sound))]
    alone = kitchen.plan.base.steps + kitchen.plan.ingredients[luck].settings.steps
    tasted = [blended(tally, BEST, best_single(tasting).proportions)] if kitchen.plan.folds else []
    return [
        shipped(tally),
        blended(tally, ALL, every),
        ensemble(tally, every),
        *tasted,
        min(singles, key=lambda single: loss(tally, single, judge)),
        replace(blended(tally, RANDOM, {luck: 1.0}), steps=alone),
    ]


def menagerie_steps(kitchen: Kitchen) -> int:
    """Of all ingredients of one menagerie together."""
    return sum(spec.settings.steps for spec in kitchen.plan.ingredients)


def one_net(tally: Tally) -> Rival:
    """One net on all rows, after an ingredient's steps."""
    kitchen = tally.kitchen
    settings = run_settings(kitchen)
    run = _Run(kitchen, settings, (1.0,))
    return run.rival(ONE_NET, [{0: 1.0}], kitchen.plan.base.steps + settings.steps)


def of_one_run(tally: Tally) -> list[Rival]:
    """One net on all rows, after as many steps as the whole menagerie's: its last weights and their averages.
    Left-out rows choose where each of them ends: at all of the run, or an earlier part of it.
    """
    kitchen = tally.kitchen
    total = menagerie_steps(kitchen)
    settings = replace(run_settings(kitchen), steps=total)
    run, cost = _Run(kitchen, settings, MARKS), kitchen.plan.base.steps + total
    return [
        run.rival(LONG_RUN, [{end - 1: 1.0} for end in ENDS], cost),
        run.rival(SWA, [equal(range(end // 2, end)) for end in ENDS], cost),
        run.rival(EMA, [_decayed(end) for end in ENDS], cost),
    ]


def _decayed(end: int) -> Proportions:
    shares = [EMA_DECAY ** (end - 1 - i) for i in range(end)]
    return {i: share / sum(shares) for i, share in enumerate(shares)}


def run_settings(kitchen: Kitchen) -> Settings:
    """Those of the grid's middle point; nothing is left out that could stop it early."""
    points = kitchen.plan.points
    return replace(points[len(points) // 2], patience=0)


class _Run:
    """One ingredient on all learning rows with snapshots, and twins that each leave a part out."""

    def __init__(self, kitchen: Kitchen, settings: Settings, marks: Sequence[float]) -> None:
        self.kitchen = kitchen
        deal, main = kitchen.deal, kitchen.main
        parts = [s for s in range(len(deal.subsets)) if len(deal.left_out(main, s))]
        self.twins = parts[:TWINS]
        everything = deal.learning(main)
        learned = [everything, *(deal.subset(main, part) for part in self.twins)]
        key = noise.key("run", kitchen.plan.seed)
        base = train_base(kitchen, [main])
        start = {name: value[[0] * len(learned)] for name, value in base.items()}
        bound = kitchen.program.bind(kitchen.frame, [main] * len(learned))
        made = train(bound, start, [Lot(key, settings, own, own) for own in learned], marks)
        self.snapshots = {name: torch.stack([one[name] for one in made], dim=1) for name in made[0]}

    def rival(self, name: str, tried: Sequence[Proportions], steps: int) -> Rival:
        """Of the averages of snapshots that are tried, and of the scales, those that are best for the twins'
        same average; where nothing is left out, the last average as it is.
        """
        place, scale = self._chosen(tried) if self.twins else (len(tried) - 1, self.kitchen.plan.scales[0])
        kind: Kind = "single" if len(tried[place]) == 1 else "soup"
        return Rival(name, kind, self._average(0, tried[place]), scale, steps)

    def _chosen(self, tried: Sequence[Proportions]) -> tuple[int, float]:
        scales = self.kitchen.plan.scales
        losses = torch.stack([self._judged(shares) for shares in tried]).nan_to_num(torch.inf, torch.inf)
        place, scale = divmod(int(losses.argmin()), len(scales))
        return place, scales[scale]

    def _average(self, member: int, shares: Proportions) -> Weights:
        return soup(menagerie(self.snapshots, member), shares)

    def _judged(self, shares: Proportions) -> Tensor:
        """(S,) the twins' mean loss at each scale, each on what it left out."""
        kitchen, scales = self.kitchen, self.kitchen.plan.scales
        found = [
            kitchen.judged(
                kitchen.main, self._average(number, shares), kitchen.deal.left_out(kitchen.main, part), scales
            ).loss[0]
            for number, part in enumerate(self.twins, start=1)
        ]
        return torch.stack(found).mean(0)
