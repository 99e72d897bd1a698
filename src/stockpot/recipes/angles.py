"""Blends by angle: of ingredients seen from the base, and of two ingredients seen from zero."""

from __future__ import annotations

import torch
from torch import Tensor

from stockpot.errors import BlendError
from stockpot.recipes.choosing import equal
from stockpot.recipes.mix import Mix, Tensors, average
from stockpot.recipes.mixture import Proportions
from stockpot.recipes.pot import Pot

PARALLEL = 1 - 1e-6
"""From this cosine on an arc is a line."""


def model_stock(mix: Mix) -> Tensors:
    """Pull the average towards the base, tensor by tensor, the further the less the ingredients agree on the
    way from it: base + t (average - base) with t = n cos / (1 + (n - 1) cos).

    cos is the mean cosine between two ingredients' ways; where they are at right angles or worse, the base
    stays. It needs the base, no data, and has no knobs. For a few ingredients whose noise is large; of many,
    t is near 1 and the soup near uniform.
    """
    assert mix.base is not None
    base, mean = mix.base, average(mix)
    return {name: torch.lerp(base[name], mean[name], _trust(v - base[name])) for name, v in mix.stack.items()}


def _trust(ways: Tensor) -> Tensor:
    """How far to go towards the average of (n, ...) ways from the base: t."""
    n = len(ways)
    if n == 1:
        return torch.ones((), dtype=ways.dtype)
    flat = torch.nn.functional.normalize(ways.flatten(1), dim=1, eps=1e-300)
    cosine = ((flat.sum(0).square().sum() - flat.square().sum()) / (n * (n - 1))).clamp(0, 1)
    return n * cosine / (1 + (n - 1) * cosine)


def best_two(pot: Pot) -> Proportions:
    """Equal shares of the two best."""
    return equal(pot.order[:2])


def slerp(mix: Mix) -> Tensors:
    """Two ingredients, blended along the arc between them instead of the line, tensor by tensor: the soup
    keeps their norm, which an average shortens.

    It needs just two: of more, tasting takes the best two. No knobs: the second one's share says how far
    along the arc. For two that lie far apart; between nearly parallel tensors, or from zero, it is the line.
    """
    if len(mix.numbers) == 1:
        return average(mix)
    if len(mix.numbers) != 2:
        raise BlendError(
            f"Cannot blend {len(mix.numbers)} ingredients by 'slerp': it takes two, so name two or use "
            "another recipe."
        )
    return {name: _arc(value[0], value[1], mix.shares_of(name)[1]) for name, value in mix.stack.items()}


def _arc(one: Tensor, other: Tensor, t: Tensor) -> Tensor:
    size = one.norm() * other.norm()
    cosine = (one * other).sum() / size if size > 0 else torch.ones_like(size)
    if cosine.abs() > PARALLEL:
        return torch.lerp(one, other, t)
    angle = cosine.acos()
    return (torch.sin((1 - t) * angle) * one + torch.sin(t * angle) * other) / torch.sin(angle)
