"""One fold's judge: held-out loss and accuracy of whatever its menagerie is made into.

The fold's rows judge under one fixed set of masks, the same for all; a model's logits are scaled as its
menagerie's season says. Losses are nats a token, lower is better; accuracies are shares of tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import torch
from torch import Tensor

from stockpot.families.base import Bound, Judged, Weights
from stockpot.kitchen import HELD_OUT_ROWS, chosen, menagerie
from stockpot.recipes.making import same_soup
from stockpot.recipes.mixture import Mixture, Proportions, layer_of
from stockpot.season import Season
from stockpot.stock import Stock
from stockpot.train import padded


class Tongue:
    """Judges fold ``fold``; what it judged it knows."""

    def __init__(self, stock: Stock, fold: int, season: Season) -> None:
        self.stock, self.kitchen, self.fold, self.season = stock, stock.kitchen, fold, season
        self.stack = menagerie(stock.ingredients, fold)
        self.bounds: dict[int, Bound] = {}
        self.known: dict[tuple[object, ...], tuple[float, float]] = {}

    def _judge(self, weights: Weights, scale: float, mix: Tensor | None = None) -> Judged:
        count = len(next(iter(weights.values())))
        rows, share = padded([self.kitchen.deal.folds[self.fold]] * count)
        if count not in self.bounds:
            self.bounds[count] = self.kitchen.bound(self.fold, count)
        masks = self.kitchen.masks(rows.shape[1], HELD_OUT_ROWS)
        return self.bounds[count].judge(weights, rows, share, masks, torch.tensor([scale]), mix)

    def judge(self, mixture: Mixture) -> tuple[float, float]:
        """(loss, accuracy) of a mixture's soup."""
        key = same_soup(mixture)
        if key not in self.known:
            scale = self.season.scale(len(mixture.proportions))
            judged = self._judge(self.stock.soup(self.fold, mixture), scale)
            self.known[key] = (float(judged.loss[0, 0]), float(judged.accuracy[0]))
        return self.known[key]

    def singles(self) -> list[tuple[float, float]]:
        """Of each ingredient."""
        judged = self._judge(self.stack, self.season.single)
        return list(zip(judged.loss[:, 0].tolist(), judged.accuracy.tolist(), strict=True))

    def ensemble(self, proportions: Proportions) -> tuple[float, float]:
        """Of the mean of probabilities."""
        weights, mix = chosen(self.stack, proportions)
        judged = self._judge(weights, self.season.ensemble, mix)
        return float(judged.loss[0, 0]), float(judged.accuracy[0])

    def averages(self, some: Sequence[Proportions]) -> list[float]:
        """Losses of plain averages, judged side by side."""
        numbers = range(len(next(iter(self.stack.values()))))
        shares = torch.tensor([[one.get(i, 0.0) for i in numbers] for one in some])
        weights = {name: torch.tensordot(shares, value, 1) for name, value in self.stack.items()}
        return [float(loss) for loss in self._judge(weights, self.season.soup).loss[:, 0]]

    @cached_property
    def layers(self) -> list[str]:
        """Of the net."""
        return list(dict.fromkeys(layer_of(name) for name in self.stack))

    def slope(self, order: Sequence[int], shares: Tensor) -> tuple[float, Tensor]:
        """The loss of the average of the ingredients in ``order`` by shares (L, n), L being 1 or one a layer,
        and its gradient (L, n).
        """
        leaf = shares.detach().to(torch.float32).requires_grad_()
        place = {layer: i % len(leaf) for i, layer in enumerate(self.layers)}
        weights = {
            name: torch.tensordot(leaf[place[layer_of(name)]], value[list(order)], 1)[None]
            for name, value in self.stack.items()
        }
        loss = self._judge(weights, self.season.soup).loss[0, 0]
        (gradient,) = torch.autograd.grad(loss, leaf)
        return float(loss.detach()), gradient.to(shares.dtype)
