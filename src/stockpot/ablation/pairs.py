"""Pairs of ingredients, and what foretells whether their average is better than the better of the two.

Losses are nats a token. What is judged has two values, one by each half of the judging rows. A number by one
half is held against the gain by the *other*, both ways round: rows that both share would make even a number
that is pure luck foretell the gain.

One thing holds by arithmetic: on the same rows, the gain is what the midpoint lies below the mean of the two,
less half the gap between them. So a barrier, which is told from the line between the two, cannot know of the
gap; and ``midpoint``, the gain on the one half, is the number that any other has to beat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import spearmanr

Two = tuple[float, float]
"""By the first half of the judging rows, and by the second."""
TOLERANCE = 0.02
"""Share of the loss below which a barrier counts as none: Frankle et al. 2020 allow 2 % of error."""
LEAST = 3
"""So many pairs have a rank correlation."""


@dataclass(frozen=True)
class Pair:
    """Two ingredients.

    ``barrier``: the highest loss between them less the straight line between their own; below 0 the loss sags
    all the way. ``learned``: that on the learning rows. ``midpoint``: the lower loss of the two less the
    midpoint's. ``gain``: that where the other half chose which of the two; ``gain_fitted``: of calibrated
    models, both halves. ``loss``: mean of the two; ``gap``: how far they lie apart. ``distance`` of their
    weights, and ``cosine`` of what each added to its base: not a number where they have no base in common.
    """

    barrier: Two
    midpoint: Two
    gain: Two
    gap: Two
    loss: Two
    learned: float
    gain_fitted: float
    distance: float
    cosine: float


FORETELLERS = ("midpoint", "barrier", "learned", "gap", "distance", "cosine")
"""From what judges both and their midpoint to what needs no rows at all."""
RULES = ("always", "barrier", "tolerance", "learned", "midpoint")
"""Ways to say whether a pair should be averaged."""


def averages(rule: str, pair: Pair, half: int) -> bool:
    """Whether a rule, by one half, averages the pair."""
    told = {
        "always": True,
        "barrier": pair.barrier[half] < 0,
        "tolerance": pair.barrier[half] < TOLERANCE * pair.loss[half],
        "learned": pair.learned < 0,
        "midpoint": pair.midpoint[half] > 0,
    }
    return told[rule]


def foretold(pairs: Sequence[Pair]) -> dict[str, float]:
    """Spearman's rank correlation of each number with the gain on the other half."""
    return {f"rank {name}": _mean([_rank(pairs, name, half) for half in (0, 1)]) for name in FORETELLERS}


def _rank(pairs: Sequence[Pair], name: str, half: int) -> float:
    told = [getattr(pair, name) for pair in pairs]
    numbers = [one[half] if isinstance(one, tuple) else one for one in told]
    return rank_correlation(numbers, [pair.gain[1 - half] for pair in pairs])


def rank_correlation(told: Sequence[float], came: Sequence[float]) -> float:
    """Spearman's; not a number where one of the two never differs, or few are known."""
    if len(told) < LEAST or not np.isfinite(told).all() or len(set(told)) == 1 or len(set(came)) == 1:
        return float("nan")
    return float(spearmanr(told, came).statistic)


def decided(pairs: Sequence[Pair]) -> dict[str, float]:
    """Of each rule: the share of pairs where it is ``right`` (it averages, and there is a gain; or neither),
    and what it gains a pair over the better of the two, which it keeps where it does not average. By
    ``hindsight``, the most that there is to gain.
    """
    ways = [(pair, half) for pair in pairs for half in (0, 1)]
    found = {}
    for rule in RULES:
        done = [averages(rule, pair, half) for pair, half in ways]
        gains = [pair.gain[1 - half] for pair, half in ways]
        found[f"right {rule}"] = _mean([one == (gain > 0) for one, gain in zip(done, gains, strict=True)])
        found[f"gains {rule}"] = _mean([gain if one else 0.0 for one, gain in zip(done, gains, strict=True)])
    return found | {"gains hindsight": _mean([max(gain, 0.0) for pair in pairs for gain in pair.gain])}


def means(pairs: Sequence[Pair]) -> dict[str, float]:
    """Of the pairs' own numbers."""
    two = ("barrier", "gain", "gap")
    one = ("learned", "gain_fitted", "distance", "cosine")
    found = {name: _mean([_mean(getattr(pair, name)) for pair in pairs]) for name in two}
    return found | {name: _mean([getattr(pair, name) for pair in pairs]) for name in one}


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
