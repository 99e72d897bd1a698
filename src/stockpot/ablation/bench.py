"""Where questions are tried: one seed's learning rows, ingredients trained as asked, and the judging rows.

Losses are nats a token on the judging rows, which teach nothing. A *fitted* scale, or a *best* single, is
chosen on one half of these rows and judged on the other, both ways round; so nothing is judged by rows that
chose it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from stockpot import noise
from stockpot.draw import Ladle
from stockpot.errors import DrawError
from stockpot.families.base import Weights
from stockpot.kitchen import HELD_OUT_ROWS, Kitchen, soup, train_base
from stockpot.presets import FIELD_SCALES
from stockpot.rake import Margins
from stockpot.recipes.choosing import equal
from stockpot.rivals import run_settings
from stockpot.score.align import Kinds, kinds_of_schema
from stockpot.score.compare import Yardstick
from stockpot.table import Table
from stockpot.tally import SCORED_ROWS, Tally
from stockpot.train import Lot, padded, train

SCALES = (*FIELD_SCALES, 0.2)
"""A lower one for what is trained far too hot."""
STACK = 32
"""So many ingredients are trained or judged at once."""


@dataclass(frozen=True)
class Judged:
    """``halves``: loss (2, E, S) on each half of the judging rows; ``accuracy`` (E,) on all of them."""

    halves: Tensor
    accuracy: Tensor

    @property
    def plain(self) -> list[float]:
        """Of each model, as trained."""
        return [float(value) for value in self.halves[:, :, 0].mean(0)]

    @property
    def fitted(self) -> list[float]:
        """With the scale that the other half chose."""
        return [float(value) for value in self.fitted_halves.mean(0)]

    @property
    def fitted_halves(self) -> Tensor:
        """(2, E) on each half, with the scale that the other chose."""
        picked = self.halves.argmin(-1).flip(0)
        return self.halves.gather(-1, picked[..., None])[..., 0]

    def best(self, *, fitted: bool) -> float:
        """Of the model that the other half chose."""
        losses = self.fitted_halves if fitted else self.halves[:, :, 0]
        picked = losses.argmin(-1).flip(0)
        return float(losses.gather(-1, picked[:, None]).mean())


@dataclass(frozen=True)
class Bench:
    """One seed's kitchen without folds, and the rows that judge."""

    kitchen: Kitchen
    judges: Table

    @classmethod
    def of(cls, tally: Tally) -> Bench:
        kitchen = tally.kitchen
        if tally.holdout is None:
            raise ValueError("a bench needs rows that judge")
        alone = Kitchen(kitchen.table, replace(kitchen.plan, folds=0))
        return cls(alone, tally.holdout)

    @cached_property
    def base(self) -> Weights:
        """(1, ...)"""
        return train_base(self.kitchen, [0])

    @cached_property
    def lots(self) -> list[Lot]:
        """One of each subset, at the middle of the grid."""
        settings, deal = run_settings(self.kitchen), self.kitchen.deal
        specs = self.kitchen.plan.ingredients[: len(deal.subsets)]
        return [Lot(s.key, settings, deal.subset(0, s.subset), deal.left_out(0, s.subset)) for s in specs]

    def train(
        self, lots: Sequence[Lot], start: Weights | None = None, fractions: Sequence[float] = (1.0,)
    ) -> list[Weights]:
        """(E, ...) after each fraction, from the base, or each from its own start."""
        first = repeated(self.base, len(lots)) if start is None else start
        parts = []
        for begin in range(0, len(lots), STACK):
            some = lots[begin : begin + STACK]
            own = {name: value[begin : begin + STACK] for name, value in first.items()}
            parts.append(
                train(self.kitchen.program.bind(self.kitchen.frame, [0] * len(some)), own, some, fractions)
            )
        return [joined([part[i] for part in parts]) for i in range(len(fractions))]

    def apart(self, count: int) -> Weights:
        """(count, ...) bases that each have first weights of their own."""
        kitchen = self.kitchen
        keys = [noise.key("apart", kitchen.plan.seed, i) for i in range(count)]
        starts = joined([{n: v[:1] for n, v in kitchen.program.start(key).items()} for key in keys])
        everything = kitchen.deal.learning(0)
        return self.train([Lot(key, kitchen.plan.base, everything, everything) for key in keys], starts)[0]

    def judge(self, stack: Weights, scales: Sequence[float] = SCALES) -> Judged:
        """Every model of the stack."""
        count = len(next(iter(stack.values())))
        parts = [{n: v[i : i + STACK] for n, v in stack.items()} for i in range(0, count, STACK)]
        halves, sums = [], []
        for first in (0, 1):
            rows, frame = np.arange(first, self.judges.rows, 2), self.kitchen.told(self.judges)
            found = [self.kitchen.judged(0, part, rows, scales, frame=frame) for part in parts]
            halves.append(torch.cat([one.loss for one in found]))
            sums.append(torch.cat([one.accuracy for one in found]))
        return Judged(torch.stack(halves), torch.stack(sums).mean(0))

    def left_out_losses(self, stack: Weights, lots: Sequence[Lot]) -> list[float]:
        """Of each ingredient on the rows that it left out itself, less the mean of those that left out the
        same: what it is ordered by, since some rows are harder than others.
        """
        rows, share = padded([lot.left_out for lot in lots])
        bound = self.kitchen.program.bind(self.kitchen.frame, [0] * len(lots))
        masks = self.kitchen.masks(rows.shape[1], HELD_OUT_ROWS)
        losses = bound.judge(stack, rows, share, masks, torch.ones(1)).loss[:, 0].numpy()
        parts = [lot.left_out.tobytes() for lot in lots]
        means = {
            part: np.mean([x for x, p in zip(losses, parts, strict=True) if p == part]) for part in parts
        }
        return [float(x - means[part]) for x, part in zip(losses, parts, strict=True)]

    @cached_property
    def kinds(self) -> Kinds:
        return kinds_of_schema(self.kitchen.table.schema)

    @cached_property
    def yardstick(self) -> Yardstick:
        real = self.judges.frame
        return Yardstick.of(real, real, self.kitchen.table.frame, self.kinds)

    def scores(self, rows: pd.DataFrame | None) -> dict[str, float]:
        """Quality, fidelity and what leaks; nothing where nothing was drawn."""
        if rows is None:
            return {}
        return self.yardstick.score(rows).known("quality", "fidelity", "copy_rate")

    def rows(self, weights: Weights) -> pd.DataFrame | None:
        """Rows of a stack of one, drawn as the soup's are; None where hardly any is valid."""
        plan, transform = self.kitchen.plan, self.kitchen.transform
        margins = Margins.fit(self.kitchen.learning(0), transform.learned)
        ladle = Ladle(self.kitchen.program, weights, transform, margins, plan.temperature, plan.rake)
        try:
            return ladle.draw(SCORED_ROWS, plan.seed)
        except DrawError:
            return None


def repeated(weights: Weights, count: int) -> Weights:
    """A stack of one as a stack of many."""
    return {name: value[[0] * count] for name, value in weights.items()}


def joined(stacks: Sequence[Weights]) -> Weights:
    """Stacks, one behind the other."""
    return {name: torch.cat([stack[name] for stack in stacks]) for name in stacks[0]}


def blended(stack: Weights, numbers: Sequence[int]) -> Weights:
    """The uniform soup of some of a stack, as a stack of one."""
    return soup(stack, equal(numbers))


def varied(lot: Lot, rate: float, steps: float) -> Lot:
    """The lot, with its learning rate and steps times these factors."""
    usual = lot.settings
    rate, count = min(1.0, usual.learning_rate * rate), max(1, round(usual.steps * steps))
    return replace(lot, settings=replace(usual, learning_rate=rate, steps=count))


def figures_of(bench: Bench, stack: Weights) -> dict[str, float]:
    """Of the ingredients of a stack (mean, and best on other rows) and of their uniform soup."""
    count = len(next(iter(stack.values())))
    alone, together = bench.judge(stack), bench.judge(blended(stack, range(count)))
    return {
        "single": float(np.mean(alone.plain)),
        "single_fitted": float(np.mean(alone.fitted)),
        "best": alone.best(fitted=False),
        "best_fitted": alone.best(fitted=True),
        "soup": together.plain[0],
        "soup_fitted": together.fitted[0],
    }


def known(values: Mapping[str, float]) -> dict[str, float]:
    """Only what is a number."""
    return {name: value for name, value in values.items() if np.isfinite(value)}
