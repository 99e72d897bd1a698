"""Membership inference by the menageries: do a model's losses tell the rows that it learned from?

The attacker needs models that never saw a row, *out-models*. The folds' menageries are such models, so no
shadow models are trained. A learning row's out-models are the menagerie of its fold. A judging row is out of
every menagerie, and is given one of them, dealt by seed in equal numbers. So every row is held against models
of n - n / folds rows that never saw it and a target of n rows, and rows of both sorts differ in nothing but
that the target saw the ones. (Without a learned-from row, a target has one *other* row in its place.)

What the attacker knows is more than one would have who was handed the soup: it is an audit, not a forecast.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from stockpot import noise
from stockpot.bins import Ints
from stockpot.families.base import Weights
from stockpot.kitchen import chosen, menagerie
from stockpot.recipes.mixture import Mixture, Proportions
from stockpot.score.align import FloatArray
from stockpot.score.membership import auc, caught, likelihood_ratio
from stockpot.tally import Tally

OTHERS = 4
"""At most so many judging rows for each learning row."""
ROW_MASKS = 32
"""About so many masks a row: with fewer, AUC is lower for the masks' noise."""


@dataclass(frozen=True)
class Held:
    """A target's losses (R,) and those of its like in each row's menagerie of out-models (R,)."""

    losses: FloatArray
    out: FloatArray


@dataclass(frozen=True)
class Suspects:
    """The learning rows, which come first, and judging rows; ``sound``: the ingredients to look at."""

    tally: Tally
    judges: pd.DataFrame
    sound: Sequence[int]

    @cached_property
    def members(self) -> Ints:
        return np.arange(self.tally.kitchen.table.rows)

    @cached_property
    def others(self) -> Ints:
        return len(self.members) + np.arange(min(len(self.judges), OTHERS * len(self.members)))

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Canonical. The other rows are drawn by seed: tables come sorted, and their first rows are not like
        the rest.
        """
        kitchen = self.tally.kitchen
        luck = np.random.default_rng(noise.key("judging rows", kitchen.plan.seed))
        drawn = self.judges.iloc[luck.permutation(len(self.judges))[: len(self.others)]]
        return pd.concat([kitchen.frame, drawn], ignore_index=True)

    @cached_property
    def asked(self) -> list[Ints]:
        """For each fold's menagerie the rows that it is asked about: its fold, and as many of the others."""
        folds = self.tally.kitchen.deal.folds
        order = np.random.default_rng(noise.key("others", self.tally.kitchen.plan.seed))
        dealt = np.array_split(order.permutation(self.others), len(folds))
        return [np.concatenate(pair) for pair in zip(folds, dealt, strict=True)]

    def judged(
        self, number: int, weights: Weights, rows: Ints, scale: float = 1.0, mix: Tensor | None = None
    ) -> FloatArray:
        """(E, R) losses of a menagerie's models on these rows, as trained."""
        count, kitchen = len(next(iter(weights.values()))), self.tally.kitchen
        bound = kitchen.program.bind(self.frame, [number] * count)
        asked = torch.as_tensor(rows).expand(count, -1)
        found = bound.losses(weights, asked, kitchen.masks(1, ROW_MASKS), scale, mix)
        return np.asarray(found.double().numpy())

    def _stack(self, number: int) -> Weights:
        return {name: value[list(self.sound)] for name, value in self._all(number).items()}

    def _all(self, number: int) -> Weights:
        return menagerie(self.tally.weights, number)

    def _everywhere(self, weights_of: Sequence[Weights], scale: float, mix: Tensor | None) -> Held:
        """Of one model a menagerie, the main one's last."""
        main, both = self.tally.kitchen.main, np.concatenate([self.members, self.others])
        out = np.empty(len(both))
        for number, rows in enumerate(self.asked):
            out[rows] = self.judged(number, weights_of[number], rows, scale, mix)[0]
        return Held(self.judged(main, weights_of[main], both, scale, mix)[0], out)

    def soup(self, what: Mixture | Proportions) -> Held:
        """Of the main menagerie's, and of the others' by the same proportions."""
        stock = self.tally.stock
        return self._everywhere([stock.soup(m, what) for m in self._menageries], 1.0, None)

    def ensemble(self, shares: Proportions) -> Held:
        """Likewise."""
        stacks = [chosen(self._all(m), shares) for m in self._menageries]
        return self._everywhere([weights for weights, _ in stacks], 1.0, stacks[0][1])

    def base(self, scale: float = 1.0) -> Held:
        """Of the bases; at scale 0 of a net that adds nothing to its codec's marginals."""
        base = self.tally.stock.base
        bases = [{name: value[m : m + 1] for name, value in base.items()} for m in self._menageries]
        return self._everywhere(bases, scale, None)

    @property
    def _menageries(self) -> range:
        return range(self.tally.kitchen.deal.menageries)

    @cached_property
    def outs(self) -> FloatArray:
        """(E, R) losses of every sound ingredient of the menagerie that each row is held against."""
        found = np.empty((len(self.sound), len(self.frame)))
        for number, rows in enumerate(self.asked):
            found[:, rows] = self.judged(number, self._stack(number), rows)
        return found

    @cached_property
    def singles(self) -> list[Held]:
        """Of each sound ingredient; its like are all the out-models."""
        main, out = self.tally.kitchen.main, self.outs.mean(axis=0)
        losses = self.judged(main, self._stack(main), np.arange(len(self.frame)))
        return [Held(one, out) for one in losses]

    def scores(self, held: Held) -> Mapping[str, FloatArray]:
        """(R,) of each attack: by the loss alone, and by how far it lies below the out-models'."""
        return {"loss": -held.losses, "ratio": likelihood_ratio(held.losses, self.outs, held.out)}

    def attacked(
        self, held: Held, members: Ints | None = None, others: Ints | None = None
    ) -> dict[str, float]:
        """AUC of both attacks, and what the ratio catches at one false alarm in ten; all members against all
        others, or some against some.
        """
        ours, theirs = (
            (self.members if members is None else members),
            self.others if others is None else others,
        )
        pairs = {name: (score[ours], score[theirs]) for name, score in self.scores(held).items()}
        found = {f"auc_{name}": auc(*pair) for name, pair in pairs.items()}
        return found | {"caught": caught(*pairs["ratio"])}
