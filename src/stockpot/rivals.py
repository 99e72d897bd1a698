"""What stands beside the soup: other models of the same rows, judged and drawn alike.

All come from one cook: the main menagerie's ingredients, and one *run*, a single ingredient on all learning
rows that trains for as many steps as the whole menagerie together. Averages of its snapshots are SWA
(Izmailov et al., 'Averaging Weights Leads to Wider Optima and Better Generalization', UAI 2018) and EMA
(Polyak & Juditsky, 1992). Losses are nats a token, lower is better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

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
from stockpot.recipes import Proportions, uniform
from stockpot.summary import best_single
from stockpot.table import Table
from stockpot.tally import Tally
from stockpot.taste import HELD_OUT_ROWS
from stockpot.train import Lot, padded, train

SHIPPED, ALL = "shipped soup", "soup of all"
BEST, HINDSIGHT, RANDOM = "best single by tasting", "best single by hindsight", "random single"
ENSEMBLE = "ensemble"
ONE_NET, LONG_RUN, SWA, EMA = "one net on all rows", "one long run", "SWA of one run", "EMA of one run"

SNAPSHOTS = 48
"""Of the run, evenly spread."""
EMA_DECAY = 0.8
"""From one snapshot to the next: a tenth of the run is remembered."""
TWINS = 4
"""So many more runs leave a part of the rows out, to choose the scales of the run's averages."""


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
    return (*_of_menagerie(tally, judge), *_of_one_run(tally))


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
    kitchen, count = tally.kitchen, 1 if rival.mix is None else len(rival.mix)
    bound = kitchen.program.bind(table.canonical, [kitchen.main] * count)
    numbers, share = padded([rows] * count)
    masks = kitchen.masks(len(rows), HELD_OUT_ROWS)
    found = bound.judge(rival.weights, numbers, share, masks, torch.tensor(list(scales)), rival.mix)
    return [float(value) for value in found.loss[0]]


def rows(tally: Tally, rival: Rival, count: int, seed: int) -> pd.DataFrame:
    """``count`` rows, drawn and raked as the shipped soup's are. DrawError if hardly any is valid."""
    pattern = tally.ladle(tally.kitchen.main, {0: 1.0})
    ladle = replace(pattern, weights=rival.weights, scale=rival.scale, mix=rival.mix)
    return ladle.draw(count, seed)


def _of_menagerie(tally: Tally, judge: Table) -> list[Rival]:
    kitchen, tasting = tally.kitchen, tally.tasting
    stack, season = menagerie(tally.weights, kitchen.main), tasting.seasons[kitchen.main]
    sound, whole = survivors(tally.weights), kitchen.plan.base.steps + menagerie_steps(kitchen)

    def blended(name: str, proportions: Proportions, steps: int = whole) -> Rival:
        kind: Kind = "single" if len(proportions) == 1 else "soup"
        return Rival(name, kind, soup(stack, proportions), season.scale(len(proportions)), steps)

    every = uniform(sound)
    singles = [blended(HINDSIGHT, {number: 1.0}) for number in sound]
    luck = sound[np.random.default_rng(noise.key("random single", kitchen.plan.seed)).integers(len(sound))]
    alone = kitchen.plan.base.steps + kitchen.plan.ingredients[luck].settings.steps
    tasted = [blended(BEST, best_single(tasting).proportions)] if kitchen.plan.folds else []
    members, mix = chosen(stack, every)
    return [
        blended(SHIPPED, tasting.taste(tasting.shipped).proportions),
        blended(ALL, every),
        Rival(ENSEMBLE, "ensemble", members, season.ensemble, whole, mix),
        *tasted,
        min(singles, key=lambda single: loss(tally, single, judge)),
        blended(RANDOM, {luck: 1.0}, alone),
    ]


def menagerie_steps(kitchen: Kitchen) -> int:
    """Of all ingredients of one menagerie together."""
    return sum(spec.settings.steps for spec in kitchen.plan.ingredients)


def _of_one_run(tally: Tally) -> list[Rival]:
    """One net after an ingredient's steps; and after the menagerie's, its last weights and averages."""
    kitchen = tally.kitchen
    settings, total = run_settings(kitchen), menagerie_steps(kitchen)
    first = kitchen.plan.fractions[tally.tasting.seasons[kitchen.main].fraction] * settings.steps / total
    run = _Run(kitchen, settings, total, first)
    last, cost = SNAPSHOTS - 1, kitchen.plan.base.steps + total
    decayed = [EMA_DECAY ** (last - i) for i in range(SNAPSHOTS)]
    return [
        run.rival(ONE_NET, {SNAPSHOTS: 1.0}, kitchen.plan.base.steps + settings.steps),
        run.rival(LONG_RUN, {last: 1.0}, cost),
        run.rival(SWA, uniform(range(SNAPSHOTS // 2, SNAPSHOTS)), cost),
        run.rival(EMA, {i: share / sum(decayed) for i, share in enumerate(decayed)}, cost),
    ]


def run_settings(kitchen: Kitchen) -> Settings:
    """Those of the grid's middle point; nothing is left out that could stop it early."""
    points = kitchen.plan.points
    return replace(points[len(points) // 2], patience=0)


class _Run:
    """One ingredient on all learning rows, and twins that each leave a part out."""

    def __init__(self, kitchen: Kitchen, settings: Settings, steps: int, first: float) -> None:
        self.kitchen = kitchen
        deal, main = kitchen.deal, kitchen.main
        parts = [s for s in range(len(deal.subsets)) if len(deal.left_out(main, s))]
        self.twins = parts[:TWINS] if len(kitchen.plan.scales) > 1 else []
        everything = deal.learning(main)
        learned = [everything, *(deal.subset(main, part) for part in self.twins)]
        long, key = replace(settings, steps=steps), noise.key("run", kitchen.plan.seed)
        base = train_base(kitchen, [main])
        start = {name: value[[0] * len(learned)] for name, value in base.items()}
        bound = kitchen.program.bind(kitchen.frame, [main] * len(learned))
        marks = [*((i + 1) / SNAPSHOTS for i in range(SNAPSHOTS)), first]
        made = train(bound, start, [Lot(key, long, own, own) for own in learned], marks)
        self.snapshots = {name: torch.stack([one[name] for one in made], dim=1) for name in made[0]}

    def rival(self, name: str, proportions: Proportions, steps: int) -> Rival:
        """An average of snapshots; its scale is the one that is best for the twins' same average."""
        blends = [soup(menagerie(self.snapshots, e), proportions) for e in range(1 + len(self.twins))]
        kind: Kind = "single" if len(proportions) == 1 else "soup"
        return Rival(name, kind, blends[0], self._scale(blends[1:]), steps)

    def _scale(self, blends: Sequence[Weights]) -> float:
        kitchen, scales = self.kitchen, self.kitchen.plan.scales
        if not blends:
            return scales[0]
        judged = []
        for blend, part in zip(blends, self.twins, strict=True):
            numbers, share = padded([kitchen.deal.left_out(kitchen.main, part)])
            masks = kitchen.masks(numbers.shape[1], HELD_OUT_ROWS)
            found = kitchen.bound(kitchen.main).judge(blend, numbers, share, masks, torch.tensor(scales))
            judged.append(found.loss[0].tolist())
        return scales[int(np.argmin([fmean(each) for each in zip(*judged, strict=True)]))]
