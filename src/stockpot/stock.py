"""All that was trained in a kitchen, and the soups that can be made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch

from stockpot.families.base import Noise, Weights
from stockpot.kitchen import Kitchen, Menageries, gather, menagerie, train_base, train_batch
from stockpot.recipes.making import Aids, make
from stockpot.recipes.mixture import Mixture, Proportions
from stockpot.train import train

SNAPSHOTS = 24
"""Of an ingredient's training, evenly spread, its end the last."""
FISHER_ROWS = 256
"""At most so many rows tell of an ingredient's Fisher information: each takes a step's time."""


@dataclass(frozen=True)
class Stock:
    """``base``: name -> (menageries, ...); ``ingredients``: name -> (menageries, ingredients, ...)."""

    kitchen: Kitchen
    base: Weights
    ingredients: Menageries
    _found: dict[tuple[str, int, tuple[int, ...]], Weights] = field(
        default_factory=dict, compare=False, repr=False
    )

    def soup(self, number: int, what: Mixture | Proportions) -> Weights:
        """The soup of menagerie ``number``, as a stack of one. Proportions are averaged."""
        mixture = what if isinstance(what, Mixture) else Mixture("uniform", dict(what))
        own, numbers = menagerie(self.ingredients, number), tuple(mixture.proportions)
        states = {i: {name: value[i] for name, value in own.items()} for i in numbers}
        aids = Aids(
            base={name: value[number] for name, value in self.base.items()},
            fisher=lambda: self._kept("fisher", number, numbers),
            trajectory=lambda: self._kept("trajectory", number, numbers),
            symmetry=self.kitchen.program.symmetry,
        )
        return {name: value[None] for name, value in make(mixture, states, aids).items()}

    def _kept(self, what: str, number: int, numbers: tuple[int, ...]) -> Weights:
        """Found once: a menagerie's soups are tasted again and again."""
        key = (what, number, numbers)
        if key not in self._found:
            find = self.fisher if what == "fisher" else self.trajectory
            self._found[key] = find(number, numbers)
        return self._found[key]

    def fisher(self, number: int, numbers: Sequence[int]) -> Weights:
        """(n, ...) the mean squared gradient of a learning row's loss, each ingredient by its own rows: the
        diagonal of its empirical Fisher information.
        """
        kitchen = self.kitchen
        specs = [kitchen.plan.ingredients[i] for i in numbers]
        own = menagerie(self.ingredients, number)
        stack = {name: value[list(numbers)].requires_grad_() for name, value in own.items()}
        bound, still = kitchen.bound(number, len(specs)), torch.zeros(len(specs))
        learned = [set(kitchen.deal.subset(number, spec.subset).tolist()) for spec in specs]
        total = {name: torch.zeros_like(value, requires_grad=False) for name, value in stack.items()}
        rows = sorted(set().union(*learned))[:FISHER_ROWS]
        for row in rows:
            by = Noise([spec.key for spec in specs], row, still, still)
            share = torch.tensor([[float(row in one)] for one in learned])
            loss = bound.loss(stack, torch.full((len(specs), 1), row), share, by)
            for name, slope in zip(stack, torch.autograd.grad(loss.sum(), list(stack.values())), strict=True):
                total[name] += slope.square() / len(rows)
        return total

    def trajectory(self, number: int, numbers: Sequence[int]) -> Weights:
        """(n, snapshots, ...) the ingredients trained once more, looked at on the way."""
        kitchen = self.kitchen
        lots = [kitchen.lot(number, kitchen.plan.ingredients[i]) for i in numbers]
        start = {name: value[[number] * len(lots)] for name, value in self.base.items()}
        marks = [(i + 1) / SNAPSHOTS for i in range(SNAPSHOTS)]
        made = train(kitchen.bound(number, len(lots)), start, lots, marks)
        return {name: torch.stack([one[name] for one in made], dim=1) for name in made[0]}


def train_all(kitchen: Kitchen) -> Stock:
    """The bases, and all batches from them."""
    base = train_base(kitchen)
    ingredients = gather([train_batch(kitchen, base, numbers) for numbers in kitchen.plan.batches])
    return Stock(kitchen, base, ingredients)
