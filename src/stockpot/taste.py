"""Tasting: judging recipes on rows that their menageries never saw.

A candidate is (criterion, k, recipe). What it reports for a fold comes from what it chose on the other folds,
so no candidate is judged on rows that chose it. (Almost nested: a fold's rows did teach the menageries of the
other folds.) Losses are nats a token, lower is better; accuracies are shares of tokens, higher is better.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

import torch

from stockpot.errors import ConfigError
from stockpot.families.base import Judged, Weights
from stockpot.figures import Kind
from stockpot.kitchen import HELD_OUT_ROWS, Kitchen, Menageries, chosen, menagerie, soup, survivors
from stockpot.plan import Plan
from stockpot.recipes import RECIPES, Proportions, uniform
from stockpot.season import Season, season
from stockpot.train import padded

ALL, ENSEMBLE = "all", "ensemble"
"""What the uniform soup of all ingredients, and the ensemble of them, are called."""


@dataclass(frozen=True)
class Candidate:
    """A way to a soup: order the ingredients by a criterion, take the top ``size``, follow a recipe."""

    criterion: str
    size: int
    recipe: str

    @property
    def name(self) -> str:
        if self.recipe == "uniform" and self.size == 0:
            return ALL
        first = f"top {self.size}" if self.recipe == "uniform" else self.recipe
        return f"{first} by {self.criterion}"


@dataclass(frozen=True)
class Taste:
    """One model's judgement: what all folds chose, and proportions and figures a fold (if there are any)."""

    name: str
    kind: Kind
    recipe: str
    proportions: dict[int, float]
    of_folds: tuple[dict[int, float], ...]
    losses: tuple[float, ...]
    accuracies: tuple[float, ...]


@dataclass(frozen=True)
class Tasting:
    """All that tasting found. ``merits``: held-out (loss, accuracy) of each ingredient, mean over folds;
    ``size_losses``: (size, held-out loss) of the uniform soup of the best so many; ``unseen_values``: of the
    folds' rows.
    """

    seasons: tuple[Season, ...]
    tastes: tuple[Taste, ...]
    shipped: str
    merits: tuple[tuple[float, float], ...]
    size_losses: tuple[tuple[int, float], ...]
    unseen_values: int
    diverged: int

    def taste(self, name: str) -> Taste:
        return next(taste for taste in self.tastes if taste.name == name)


def candidates(plan: Plan) -> list[Candidate]:
    """Every candidate of a plan, the thing to beat first. A soup of all needs no criterion."""
    total = len(plan.ingredients)
    sizes = [size for size in plan.sizes if 1 < size < total]
    found = [Candidate(by, 1, "best") for by in plan.criteria]  # always: the thing to beat
    for recipe in plan.recipes:
        if recipe == "uniform":
            found += [Candidate(by, size, recipe) for by in plan.criteria for size in sizes]
            found += [Candidate(plan.criteria[0], 0, recipe)] if total in plan.sizes else []
        elif recipe != "best":
            found += [Candidate(by, total, recipe) for by in plan.criteria]
    return found


def taste(kitchen: Kitchen, weights: Menageries) -> Tasting:
    """Season every menagerie, then judge all candidates over the folds. Without folds: the soup of all."""
    sound = survivors(weights)
    if not sound:
        raise ConfigError(
            "Every ingredient's training diverged: use a lower learning rate (--grid.learning-rate)."
        )
    seasons = tuple(season(kitchen, weights, m, sound) for m in range(kitchen.deal.menageries))
    if not kitchen.plan.folds:
        return _untasted(kitchen, seasons, sound)
    table = _Tasters(kitchen, weights, seasons, sound)
    tastes = [table.taste(candidate) for candidate in candidates(kitchen.plan)]
    shipped = min(tastes, key=lambda t: _low(fmean(t.losses))).name
    folds = range(kitchen.plan.folds)
    unseen = sum(kitchen.program.unseen(kitchen.held_out(f), f) for f in folds)
    sizes = tuple((size, table.size_loss(size)) for size in doublings(len(sound)))
    return Tasting(
        seasons,
        (*tastes, table.ensemble()),
        shipped,
        table.merits(list(folds)),
        sizes,
        unseen,
        table.diverged,
    )


def _low(loss: float) -> float:
    """The loss to sort by: what is not a number (training that diverged) is worst."""
    return math.inf if math.isnan(loss) else loss


def doublings(most: int) -> list[int]:
    """1, 2, 4, 8 ... and ``most``: the sizes at which a curve over soup size is measured."""
    return sorted({min(2**i, most) for i in range(most.bit_length() + 1)})


def _untasted(kitchen: Kitchen, seasons: tuple[Season, ...], sound: Sequence[int]) -> Tasting:
    kept = Taste(ALL, "soup", "uniform", dict(uniform(sound)), (), (), ())
    return Tasting(seasons, (kept,), kept.name, (), (), 0, len(kitchen.plan.ingredients) - len(sound))


class _Tasters:
    """The folds' menageries with their held-out rows, and what has been judged so far."""

    def __init__(
        self, kitchen: Kitchen, weights: Menageries, seasons: Sequence[Season], sound: Sequence[int]
    ) -> None:
        self.kitchen, self.seasons, self.sound = kitchen, seasons, sound
        self.folds = [menagerie(weights, f) for f in range(kitchen.plan.folds)]
        self.bounds = [kitchen.bound(f) for f in range(kitchen.plan.folds)]
        self.known: dict[tuple[int, tuple[tuple[int, float], ...]], tuple[float, float]] = {}

    def _judge(self, fold: int, stack: Weights, scale: float, mix: torch.Tensor | None = None) -> Judged:
        count = len(next(iter(stack.values())))
        rows, share = padded([self.kitchen.deal.folds[fold]] * count)
        masks = self.kitchen.masks(rows.shape[1], HELD_OUT_ROWS)
        bound = self.bounds[fold] if count == 1 else self.kitchen.bound(fold, count)
        return bound.judge(stack, rows, share, masks, torch.tensor([scale]), mix)

    def judge(self, fold: int, proportions: Proportions) -> tuple[float, float]:
        """(loss, accuracy) of a blend on a fold's held-out rows."""
        key = (fold, tuple(sorted(proportions.items())))
        if key not in self.known:
            scale = self.seasons[fold].scale(len(proportions))
            judged = self._judge(fold, soup(self.folds[fold], dict(sorted(proportions.items()))), scale)
            self.known[key] = (float(judged.loss[0, 0]), float(judged.accuracy[0]))
        return self.known[key]

    @cached_property
    def singles(self) -> list[list[tuple[float, float]]]:
        """Of each fold, (loss, accuracy) of every ingredient."""
        judged = [self._judge(f, stack, self.seasons[f].single) for f, stack in enumerate(self.folds)]
        return [list(zip(j.loss[:, 0].tolist(), j.accuracy.tolist(), strict=True)) for j in judged]

    def merits(self, folds: Sequence[int]) -> tuple[tuple[float, float], ...]:
        """Mean (loss, accuracy) of each ingredient over some folds."""
        count = len(self.kitchen.plan.ingredients)
        return tuple(
            (fmean(self.singles[f][i][0] for f in folds), fmean(self.singles[f][i][1] for f in folds))
            for i in range(count)
        )

    def order(self, criterion: str, folds: Sequence[int]) -> list[int]:
        """Ingredients from best to worst over some folds."""
        merits = self.merits(folds)
        value = [_low(loss if criterion == "loss" else -accuracy) for loss, accuracy in merits]
        return sorted(self.sound, key=value.__getitem__)

    @property
    def diverged(self) -> int:
        """How many ingredients' training went wrong: they are in no soup."""
        return len(self.kitchen.plan.ingredients) - len(self.sound)

    def choose(self, candidate: Candidate, folds: Sequence[int]) -> dict[int, float]:
        """The candidate's proportions by the summed held-out loss of some folds."""
        order = self.order(candidate.criterion, folds)
        top = order[: candidate.size] if candidate.size else order
        found = RECIPES[candidate.recipe](top, lambda p: sum(self.judge(f, p)[0] for f in folds))
        return dict(sorted(found.items()))

    def taste(self, candidate: Candidate) -> Taste:
        """Judge each fold by what the others chose."""
        folds = list(range(len(self.folds)))
        picked = tuple(self.choose(candidate, [g for g in folds if g != f]) for f in folds)
        judged = [self.judge(f, picked[f]) for f in folds]
        kind: Kind = "single" if candidate.recipe == "best" else "soup"
        losses, accuracies = zip(*judged, strict=True)
        return Taste(
            candidate.name, kind, candidate.recipe, self.choose(candidate, folds), picked, losses, accuracies
        )

    def size_loss(self, size: int) -> float:
        """Held-out loss of the uniform soup of the ``size`` best by loss, mean over folds, each by the
        others' order.
        """
        folds = range(len(self.folds))
        orders = [self.order("loss", [g for g in folds if g != f]) for f in folds]
        return fmean(self.judge(f, uniform(sorted(orders[f][:size])))[0] for f in folds)

    def ensemble(self) -> Taste:
        """The bound: the mean of all ingredients' probabilities."""
        every = dict(uniform(self.sound))
        judged = []
        for f, weights in enumerate(self.folds):
            stack, mix = chosen(weights, every)
            one = self._judge(f, stack, self.seasons[f].ensemble, mix)
            judged.append((float(one.loss[0, 0]), float(one.accuracy[0])))
        losses, accuracies = zip(*judged, strict=True)
        return Taste(
            ENSEMBLE, "ensemble", "ensemble", every, tuple(every for _ in judged), losses, accuracies
        )
