"""What a recipe is handed to choose from: the first of its two halves.

Losses are held-out: of rows that no ingredient saw, lower is better, mean over folds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from torch import Tensor

from stockpot.recipes.mixture import Proportions


@dataclass(frozen=True)
class Choice:
    """Shares that differ by layer: layer -> proportions."""

    layers: Mapping[str, Proportions]


@dataclass(frozen=True)
class Pot:
    """``order``: ingredient numbers, the best first. ``losses``: of each alone. ``judge``: of what the recipe
    would make of some proportions; ``judge_all``: of plain averages, many at once. ``slope``: shares (L, n)
    in ``order``, for all layers alike (L is 1) or for each of ``layers`` -> the plain average's loss and its
    gradient (L, n). ``seed``: of what is random. ``knobs``: the recipe's settings. A recipe finds what it
    says that it needs; all else may be missing.
    """

    order: Sequence[int]
    losses: Mapping[int, float] = field(default_factory=dict)
    judge: Callable[[Proportions], float] | None = None
    judge_all: Callable[[Sequence[Proportions]], list[float]] | None = None
    slope: Callable[[Tensor], tuple[float, Tensor]] | None = None
    layers: Sequence[str] = ()
    seed: int = 0
    knobs: Mapping[str, float] = field(default_factory=dict)


Find = Callable[[Pot], Proportions | Choice]
"""From a pot to proportions."""
