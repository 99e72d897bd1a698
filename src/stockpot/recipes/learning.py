"""From ingredients to proportions: the recipes that fit shares to the held-out loss.

Shares are the softmax of free numbers, so that they stay positive and sum to 1; the start is equal shares.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from stockpot import noise
from stockpot.recipes.choosing import equal
from stockpot.recipes.mixture import Proportions
from stockpot.recipes.pot import Choice, Pot

STEPS = 40
"""Of L-BFGS at most."""
CRUMB = 1e-3
"""A smaller share is none."""
EVALUATIONS = 300
"""Soups that a search judges at most."""
WIDTH = 1.0
"""Standard deviation of a search's first population, in logits."""


def learned(pot: Pot) -> Proportions:
    """Shares by gradient steps on the held-out loss of the average, one share an ingredient.

    It needs the slope of that loss, and has no knobs. Where ingredients differ in worth and the rows that
    choose are many: with few of them it learns their noise. On them it is never worse than uniform.
    """
    return dict(zip(pot.order, _fitted(pot, 1)[0].tolist(), strict=True))


def learned_layers(pot: Pot) -> Choice:
    """Shares by gradient steps on the held-out loss of the average, one share an ingredient and layer.

    It needs the slope of that loss, and has no knobs. As learned, with as many times more shares to fit as
    the net has layers, and so as many times more ways to learn the noise of the rows that choose.
    """
    rows = _fitted(pot, len(pot.layers)).tolist()
    return Choice(
        {layer: dict(zip(pot.order, own, strict=True)) for layer, own in zip(pot.layers, rows, strict=True)}
    )


def _fitted(pot: Pot, rows: int) -> Tensor:
    """(rows, n): the fitted shares, or equal ones where those are as good on the rows that choose."""
    from scipy.optimize import minimize

    slope, n = pot.slope, len(pot.order)
    assert slope is not None

    def fall(logits: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, np.ndarray[Any, Any]]:
        shares = torch.softmax(torch.from_numpy(logits).view(rows, n), -1)
        loss, gradient = slope(shares)
        return loss, (shares * (gradient - (shares * gradient).sum(-1, keepdim=True))).flatten().numpy()

    found = minimize(
        fall, np.zeros(rows * n), jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "gtol": 1e-7}
    )
    even = torch.full((rows, n), 1 / n, dtype=torch.float64)
    shares = _swept(torch.softmax(torch.from_numpy(found.x).view(rows, n), -1))
    return shares if slope(shares)[0] < slope(even)[0] else even


def _swept(shares: Tensor) -> Tensor:
    """Without crumbs."""
    kept = shares * (shares >= min(CRUMB, 1 / shares.shape[-1]))
    return kept / kept.sum(-1, keepdim=True)


def searched(pot: Pot) -> Proportions:
    """Shares by an evolution strategy (CMA-ES) on the held-out loss of the average, one an ingredient.

    It needs a judge of many averages at once, but no slope, and has no knobs. What learned does, for losses
    that have no gradient; it takes longer. On the rows that choose it is never worse than uniform.
    """
    from cmaes import CMA

    assert pot.judge_all is not None
    numbers = sorted(pot.order)
    found, lowest = equal(numbers), pot.judge_all([equal(numbers)])[0]
    if len(numbers) == 1:
        return found
    seed = noise.key("searched", pot.seed) % 2**32
    search = CMA(mean=np.zeros(len(numbers)), sigma=WIDTH, seed=seed)
    for _ in range(EVALUATIONS // search.population_size):
        asked = [search.ask() for _ in range(search.population_size)]
        tried = [_shares(numbers, logits) for logits in asked]
        losses = [math.inf if math.isnan(loss) else loss for loss in pot.judge_all(tried)]
        search.tell(list(zip(asked, losses, strict=True)))
        if min(losses) < lowest:
            found, lowest = tried[losses.index(min(losses))], min(losses)
    return found


def _shares(numbers: list[int], logits: np.ndarray[Any, Any]) -> Proportions:
    parts = np.exp(logits - logits.max())
    return dict(zip(numbers, (parts / parts.sum()).tolist(), strict=True))
