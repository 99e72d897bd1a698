"""Tasting: judging recipes on rows that their menageries never saw.

A candidate is (criterion, k, recipe). What it reports for a fold comes from what it chose on the other folds,
so no candidate is judged on rows that chose it. (Almost nested: a fold's rows did teach the menageries of the
other folds.) Losses are nats a token, lower is better; accuracies are shares of tokens, higher is better.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

import torch
from torch import Tensor

from stockpot.errors import ConfigError
from stockpot.figures import Kind
from stockpot.kitchen import survivors
from stockpot.plan import Plan
from stockpot.recipes import RECIPES
from stockpot.recipes.choosing import equal
from stockpot.recipes.making import decide
from stockpot.recipes.mixture import Mixture
from stockpot.recipes.pot import Pot
from stockpot.season import Season, season
from stockpot.stock import Stock
from stockpot.tongue import Tongue

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
        if self.size == 0:
            return ALL if self.recipe == "uniform" else self.recipe
        first = f"top {self.size}" if self.recipe == "uniform" else self.recipe
        return f"{first} by {self.criterion}"


@dataclass(frozen=True)
class Taste:
    """One model's judgement: what all folds chose, and for each fold (if there are any) what the others chose
    and its figures.
    """

    name: str
    kind: Kind
    mixture: Mixture
    of_folds: tuple[Mixture, ...]
    losses: tuple[float, ...]
    accuracies: tuple[float, ...]

    @property
    def recipe(self) -> str:
        return self.mixture.recipe

    @property
    def proportions(self) -> dict[int, float]:
        """Of all folds' choice."""
        return self.mixture.proportions


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
            orders = plan.criteria if RECIPES[recipe].ranked else plan.criteria[:1]
            found += [of_all(recipe, by, total) for by in orders]
    return found


def of_all(recipe: str, criterion: str, total: int) -> Candidate:
    """A recipe that may take every ingredient; only what asks for the order of merit is named by it."""
    return Candidate(criterion, total if RECIPES[recipe].ranked else 0, recipe)


def winner(tastes: Iterable[Taste], folds: Iterable[int]) -> Taste:
    """That of the lowest mean held-out loss over some folds; the ensemble is no model to ship."""
    some = list(folds)
    return min(
        (one for one in tastes if one.kind != "ensemble"),
        key=lambda one: _low(fmean(one.losses[f] for f in some)),
    )


def taste(stock: Stock) -> Tasting:
    """Season every menagerie, then judge all candidates over the folds. Without folds: the soup of all."""
    kitchen, weights = stock.kitchen, stock.ingredients
    sound = survivors(weights)
    if not sound:
        raise ConfigError(
            "Every ingredient's training diverged: use a lower learning rate (--grid.learning-rate)."
        )
    seasons = tuple(season(kitchen, weights, m, sound) for m in range(kitchen.deal.menageries))
    if not kitchen.plan.folds:
        return _untasted(stock, seasons, sound)
    table = Tasters(stock, seasons, sound)
    tastes = [table.taste(candidate) for candidate in candidates(kitchen.plan)]
    folds = range(kitchen.plan.folds)
    shipped = winner(tastes, folds).name
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


def _untasted(stock: Stock, seasons: tuple[Season, ...], sound: Sequence[int]) -> Tasting:
    kept = Taste(ALL, "soup", Mixture("uniform", dict(equal(sound))), (), (), ())
    return Tasting(seasons, (kept,), kept.name, (), (), 0, len(stock.kitchen.plan.ingredients) - len(sound))


class Tasters:
    """Recipes, judged by the folds."""

    def __init__(self, stock: Stock, seasons: Sequence[Season], sound: Sequence[int]) -> None:
        self.stock, self.seasons, self.kitchen, self.sound = stock, seasons, stock.kitchen, sound
        self.tongues = [Tongue(stock, f, seasons[f]) for f in range(stock.kitchen.plan.folds)]

    def afresh(self) -> Tasters:
        """Others, who have judged single ingredients alone."""
        others = Tasters(self.stock, self.seasons, self.sound)
        others.singles = self.singles
        return others

    @cached_property
    def singles(self) -> list[list[tuple[float, float]]]:
        """Of each fold, (loss, accuracy) of every ingredient."""
        return [tongue.singles() for tongue in self.tongues]

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

    def choose(self, candidate: Candidate, folds: Sequence[int]) -> Mixture:
        """The candidate's mixture by the held-out loss of some folds, at the knobs that are best there."""
        order = self.order(candidate.criterion, folds)
        top, recipe = order[: candidate.size] if candidate.size else order, RECIPES[candidate.recipe]
        tried = [decide(recipe, self.pot(recipe.name, top, folds, k), k) for k in recipe.settings()]
        return tried[0] if len(tried) == 1 else min(tried, key=lambda mixture: self.loss(folds, mixture))

    def pot(self, recipe: str, order: Sequence[int], folds: Sequence[int], knobs: dict[str, float]) -> Pot:
        """What a recipe may look at, of some folds."""
        tongues, merits = [self.tongues[f] for f in folds], self.merits(folds)

        def slope(shares: Tensor) -> tuple[float, Tensor]:
            found = [tongue.slope(order, shares) for tongue in tongues]
            return fmean(loss for loss, _ in found), torch.stack([g for _, g in found]).mean(0)

        return Pot(
            order=order,
            losses={number: merits[number][0] for number in order},
            judge=lambda shares: self.loss(folds, Mixture(recipe, dict(shares), knobs=knobs)),
            judge_all=lambda some: list(map(fmean, zip(*(t.averages(some) for t in tongues), strict=True))),
            slope=slope,
            layers=tongues[0].layers,
            seed=self.kitchen.plan.seed,
        )

    def loss(self, folds: Sequence[int], mixture: Mixture) -> float:
        """Mean held-out loss over some folds."""
        return fmean(self.tongues[f].judge(mixture)[0] for f in folds)

    def taste(self, candidate: Candidate) -> Taste:
        """Judge each fold by what the others chose."""
        folds = list(range(len(self.tongues)))
        picked = tuple(self.choose(candidate, [g for g in folds if g != f]) for f in folds)
        losses, accuracies = zip(*(self.tongues[f].judge(picked[f]) for f in folds), strict=True)
        kind: Kind = "single" if candidate.recipe == "best" else "soup"
        return Taste(candidate.name, kind, self.choose(candidate, folds), picked, losses, accuracies)

    def size_loss(self, size: int) -> float:
        """Held-out loss of the uniform soup of the ``size`` best by loss, mean over folds, each by the
        others' order.
        """
        folds = range(len(self.tongues))
        orders = [self.order("loss", [g for g in folds if g != f]) for f in folds]
        soups = [Mixture("uniform", dict(equal(sorted(order[:size])))) for order in orders]
        return fmean(self.tongues[f].judge(soups[f])[0] for f in folds)

    def ensemble(self) -> Taste:
        """The bound: the mean of all ingredients' probabilities."""
        every = Mixture(ENSEMBLE, dict(equal(self.sound)))
        losses, accuracies = zip(
            *(tongue.ensemble(every.proportions) for tongue in self.tongues), strict=True
        )
        return Taste(ENSEMBLE, "ensemble", every, tuple(every for _ in losses), losses, accuracies)
