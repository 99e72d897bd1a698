"""Lines between two models and planes through three, in the space of their weights, and the losses there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from stockpot.ablation.bench import STACK, Bench, Judged, blended, joined
from stockpot.ablation.pairs import Pair
from stockpot.bins import Ints
from stockpot.families.base import Weights

REACH = 0.35
"""So far beyond the corners a plane is judged, in sides of their triangle."""
OWN = (1.0,)
"""The scale of logits as trained."""


@dataclass(frozen=True)
class Kin:
    """Models, (E, ...); which of them are pairs, by place; and the base that each was trained from (E, ...),
    where all have the same.
    """

    stack: Weights
    pairs: tuple[tuple[int, int], ...]
    base: Weights | None = None


@dataclass(frozen=True)
class Walk:
    """Losses on the way from the first of each pair to the second, (P, T) with both ends.

    ``halves`` (2, P, T) on each half of the judging rows, ``learned`` (P, T) on the learning rows; ``shares``
    (T,) of the second; ``ends``: what all the models themselves are worth.
    """

    halves: Tensor
    learned: Tensor
    shares: Tensor
    ends: Judged

    @property
    def above(self) -> Tensor:
        """(2, P, T) How far each point lies above the straight line between the ends."""
        return _above(self.halves, self.shares)

    @property
    def barrier(self) -> Tensor:
        """(2, P) Of the points between the ends alone: it may lie below 0.

        Entezari et al., 'The Role of Permutation Invariance in Linear Mode Connectivity', ICLR 2022; Frankle
        et al., 'Linear Mode Connectivity and the Lottery Ticket Hypothesis', ICML 2020, take the highest less
        the *mean* of the ends. Both count the ends in, and so call a line that sags 0.
        """
        return self.above[..., 1:-1].amax(-1)

    @property
    def barrier_learned(self) -> Tensor:
        """(P,)"""
        return _above(self.learned, self.shares)[:, 1:-1].amax(-1)


def _above(losses: Tensor, shares: Tensor) -> Tensor:
    return losses - torch.lerp(losses[..., :1], losses[..., -1:], shares)


def walk(bench: Bench, kin: Kin, points: int) -> Walk:
    """``points``: an odd number, both ends counted; an end is judged once, however many pairs it is in."""
    shares, rows = torch.linspace(0, 1, points), np.arange(bench.kitchen.table.rows)
    ends, at = bench.judge(kin.stack), torch.tensor(kin.pairs)
    learned = bench.kitchen.judged(0, kin.stack, rows, OWN).loss[:, 0]
    parts = [_inner(bench, kin.stack, some, shares[1:-1], rows) for some in _batches(kin.pairs, points)]
    halves, own = torch.cat([part for part, _ in parts], 1), torch.cat([part for _, part in parts])
    return Walk(_ended(ends.halves[..., 0][:, at], halves), _ended(learned[at], own), shares, ends)


def _batches(pairs: Sequence[tuple[int, int]], points: int) -> list[Sequence[tuple[int, int]]]:
    """So many pairs as are judged at once."""
    many = max(1, STACK // points)
    return [pairs[begin : begin + many] for begin in range(0, len(pairs), many)]


def _inner(
    bench: Bench, stack: Weights, pairs: Sequence[tuple[int, int]], shares: Tensor, rows: Ints
) -> tuple[Tensor, Tensor]:
    """(2, P, T) and (P, T): between the ends."""
    models = joined([_between(stack, pair, shares) for pair in pairs])
    learned = bench.kitchen.judged(0, models, rows, OWN).loss
    return bench.judge(models, OWN).halves.reshape(2, len(pairs), -1), learned.reshape(len(pairs), -1)


def _ended(ends: Tensor, inner: Tensor) -> Tensor:
    return torch.cat([ends[..., :1], inner, ends[..., 1:]], -1)


def _between(stack: Weights, pair: tuple[int, int], shares: Tensor) -> Weights:
    first, second = pair
    return {n: torch.lerp(v[first], v[second], shares.view(-1, *[1] * v[0].dim())) for n, v in stack.items()}


def pairs_of(bench: Bench, kin: Kin, way: Walk) -> list[Pair]:
    """What each pair is, and what its average gains."""
    ends = way.ends.fitted_halves[:, torch.tensor(kin.pairs)]  # (2, P, 2)
    middles = bench.judge(midpoints(kin)).fitted_halves
    fitted = (_kept(ends) - middles).mean(0)
    return [_pair(kin, way, place, float(fitted[place])) for place in range(len(kin.pairs))]


def _pair(kin: Kin, way: Walk, place: int, fitted: float) -> Pair:
    ends, middle = way.halves[:, place, [0, -1]], way.halves[:, place, way.halves.shape[-1] // 2]
    first, second = kin.pairs[place]
    return Pair(
        barrier=_two(way.barrier[:, place]),
        midpoint=_two(ends.amin(-1) - middle),
        gain=_two(_kept(ends) - middle),
        gap=_two((ends[:, 0] - ends[:, 1]).abs()),
        loss=_two(ends.mean(-1)),
        learned=float(way.barrier_learned[place]),
        gain_fitted=fitted,
        distance=float(_flat(kin.stack, first).dist(_flat(kin.stack, second))),
        cosine=_cosine(kin, first, second),
    )


def _kept(ends: Tensor) -> Tensor:
    """(2, ..., 2) losses of two models -> (2, ...) on each half, of the one that the other half chose."""
    return ends.gather(-1, ends.argmin(-1, keepdim=True).flip(0))[..., 0]


def _cosine(kin: Kin, first: int, second: int) -> float:
    if kin.base is None:
        return math.nan
    one, two = (_flat(kin.stack, i) - _flat(kin.base, 0) for i in (first, second))
    return float(torch.nn.functional.cosine_similarity(one, two, dim=0))


def midpoints(kin: Kin) -> Weights:
    """(P, ...) the soup of each pair."""
    return joined([blended(kin.stack, pair) for pair in kin.pairs])


def grid(side: int) -> list[tuple[float, float]]:
    """Places (x, y) of a plane where the three corners are (0, 0), (1, 0) and the tip of an even triangle."""
    height = math.sqrt(3) / 2
    across = np.linspace(-REACH, 1 + REACH, side)
    up = np.linspace(height / 2 - 0.5 - REACH, height / 2 + 0.5 + REACH, side)
    return [(float(x), float(y)) for y in up for x in across]


def plane(bench: Bench, stack: Weights, places: Sequence[tuple[float, float]]) -> list[float]:
    """Loss at each place of the plane through the first three of the stack, as trained."""
    height = math.sqrt(3) / 2
    third = torch.tensor([y / height for _, y in places])
    second = torch.tensor([x for x, _ in places]) - third / 2
    shares = torch.stack([1 - second - third, second, third], dim=1)
    blends = {n: torch.tensordot(shares, v[:3], dims=1) for n, v in stack.items()}
    return bench.judge(blends, OWN).plain


def _flat(stack: Weights, place: int) -> Tensor:
    return torch.cat([stack[name][place].flatten() for name in sorted(stack)])


def _two(values: Tensor) -> tuple[float, float]:
    return float(values[0]), float(values[1])
