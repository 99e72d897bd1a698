"""A kitchen: one table, its plan, and what follows from the two: the deal, the codecs, the net.

Menageries are numbered by the fold that they never see; the main one, which sees all rows, is the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import pandas as pd
import torch
from torch import Tensor

from stockpot.bins import Ints
from stockpot.blend import blend
from stockpot.deal import Deal
from stockpot.families import family
from stockpot.families.base import Bound, Judged, Program, Weights
from stockpot.keeper import Keeper
from stockpot.plan import Plan, Spec
from stockpot.recipes.mixture import Proportions
from stockpot.table import Table
from stockpot.train import Lot, Progress, padded, train
from stockpot.transform import Transform, transform_of

HELD_OUT_ROWS = 1024
"""About so many row-masks judge a model on a fold: their error is far below the spread over folds."""
Menageries = Weights
"""Name -> (menageries, ingredients, ...)."""


@dataclass(frozen=True)
class Kitchen:
    """Everything that the stages share and none of them changes."""

    table: Table
    plan: Plan

    @cached_property
    def deal(self) -> Deal:
        return self.plan.deal(self.table.rows)

    @cached_property
    def transform(self) -> Transform:
        """Between the table's canonical rows and those that the family learns."""
        return transform_of(self.table.schema, self.plan.model)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The canonical rows, in the columns that are learned."""
        return self.told(self.table)

    def told(self, table: Table) -> pd.DataFrame:
        """Any rows of the same columns likewise (the same frame each time: a program keeps its tokens)."""
        return _told(table, self.transform)

    @cached_property
    def program(self) -> Program:
        """Codecs of each menagerie from its learning rows alone, and the net over them."""
        kind = family(self.plan.model)
        kind.refuse(self.transform.learned)
        frames = [self.learning(m) for m in range(self.deal.menageries)]
        return kind.fit(frames, self.transform.learned, dict(self.plan.net))

    @property
    def main(self) -> int:
        """The menagerie that learns from all rows."""
        return self.deal.menageries - 1

    def learning(self, menagerie: int) -> pd.DataFrame:
        return self.frame.iloc[self.deal.learning(menagerie)].reset_index(drop=True)

    def held_out(self, fold: int) -> pd.DataFrame:
        return self.frame.iloc[self.deal.folds[fold]].reset_index(drop=True)

    def bound(self, menagerie: int, count: int = 1) -> Bound:
        """``count`` ingredients of one menagerie, over all rows."""
        return self.program.bind(self.frame, [menagerie] * count)

    def masks(self, rows: int, about: int) -> int:
        """So many masks a row that about ``about`` row-masks judge ``rows`` rows, every number of fields
        alike.
        """
        columns = len(self.transform.learned.columns)
        return columns * max(1, round(about / columns / rows))

    def judged(
        self,
        menagerie: int,
        weights: Weights,
        rows: Ints,
        scales: Sequence[float],
        mix: Tensor | None = None,
        frame: pd.DataFrame | None = None,
    ) -> Judged:
        """A stack's models, each on the same rows of a frame that was ``told`` (None: the kitchen's own), at
        each scale; with ``mix`` their ensemble.
        """
        count = len(next(iter(weights.values())))
        numbers, share = padded([rows] * count)
        bound = self.program.bind(self.frame if frame is None else frame, [menagerie] * count)
        masks = self.masks(len(rows), HELD_OUT_ROWS)
        return bound.judge(weights, numbers, share, masks, torch.tensor(list(scales)), mix)

    def lot(self, menagerie: int, spec: Spec) -> Lot:
        """What an ingredient of a menagerie learns from; its key is the same in every menagerie."""
        rows, left = self.deal.subset(menagerie, spec.subset), self.deal.left_out(menagerie, spec.subset)
        return Lot(spec.key, spec.settings, rows, left if len(left) else rows)


@lru_cache(maxsize=4)
def _told(table: Table, transform: Transform) -> pd.DataFrame:
    return transform.forward(table.canonical)


def train_base(
    kitchen: Kitchen,
    members: Sequence[int] | None = None,
    progress: Progress | None = None,
    keeper: Keeper | None = None,
) -> Weights:
    """The bases of all (or some) menageries, (menageries, ...): one start, a brief training on each one's
    rows.
    """
    members = range(kitchen.deal.menageries) if members is None else members
    rows = [kitchen.deal.learning(m) for m in members]
    key = kitchen.plan.seed
    lots = [Lot(key, kitchen.plan.base, own, own) for own in rows]
    start = {name: value[list(members)] for name, value in kitchen.program.start(kitchen.plan.seed).items()}
    bound = kitchen.program.bind(kitchen.frame, members)
    return train(bound, start, lots, progress=progress, keeper=keeper)[0]


def train_batch(
    kitchen: Kitchen,
    base: Weights,
    numbers: Sequence[int],
    progress: Progress | None = None,
    keeper: Keeper | None = None,
) -> Menageries:
    """Ingredients ``numbers`` of every menagerie, trained as one stack: (menageries, numbers, ...)."""
    specs = [kitchen.plan.ingredients[n] for n in numbers]
    count = kitchen.deal.menageries
    members = [m for m in range(count) for _ in specs]
    lots = [kitchen.lot(m, spec) for m in range(count) for spec in specs]
    start = {name: value[members] for name, value in base.items()}
    bound = kitchen.program.bind(kitchen.frame, members)
    trained = train(bound, start, lots, progress=progress, keeper=keeper)[0]
    return {name: value.reshape(count, len(specs), *value.shape[1:]) for name, value in trained.items()}


def gather(batches: Sequence[Menageries]) -> Menageries:
    """Batches side by side: (menageries, all ingredients, ...)."""
    return {name: torch.cat([batch[name] for batch in batches], dim=1) for name in batches[0]}


def survivors(weights: Menageries) -> list[int]:
    """Ingredients whose training did not diverge: their weights are finite in every menagerie."""
    finite = [value.isfinite().flatten(2).all(-1).all(0) for value in weights.values()]
    return [int(number) for number in torch.stack(finite).all(0).nonzero()[:, 0]]


def menagerie(weights: Menageries, number: int) -> Weights:
    """One menagerie, (ingredients, ...)."""
    return {name: value[number] for name, value in weights.items()}


def soup(weights: Weights, proportions: Proportions) -> Weights:
    """The blend of one menagerie's ingredients, as a stack of one."""
    states = [{name: value[i] for name, value in weights.items()} for i in proportions]
    return {name: value[None] for name, value in blend(states, list(proportions.values())).items()}


def chosen(weights: Weights, proportions: Proportions) -> tuple[Weights, Tensor]:
    """The ingredients that the proportions name, and their shares: an ensemble."""
    numbers = list(proportions)
    return {name: value[numbers] for name, value in weights.items()}, torch.tensor(list(proportions.values()))
