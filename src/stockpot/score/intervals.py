"""Intervals of a mean over folds, seeds or tables: Student's t, 95 % unless it says otherwise.

Folds share most of their learning rows, so their figures are not independent and a plain interval is too
narrow. Nadeau & Bengio ('Inference for the Generalization Error', Machine Learning 52, 2003) put (1/J +
n_test / n_train) in the place of 1/J in the variance of the mean over J folds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from scipy.stats import t as student


@dataclass(frozen=True)
class Interval:
    """A mean, and the interval around it (None where one value alone gives none)."""

    value: float
    low: float | None
    high: float | None

    @property
    def half(self) -> float | None:
        return None if self.high is None else self.high - self.value

    @property
    def apart(self) -> bool:
        """Whether the mean can be told from 0."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def t_interval(values: Sequence[float], *, level: float = 0.95) -> Interval:
    """Of independent values: seeds, or tables."""
    return _interval(values, 0.0, level)


def fold_interval(
    values: Sequence[float], *, test_rows: float, train_rows: float, level: float = 0.95
) -> Interval:
    """Of one value a fold, corrected for the folds' overlap. Rows are those of one fold's two sides."""
    return _interval(values, test_rows / train_rows, level)


def paired_difference(
    ours: Sequence[float],
    theirs: Sequence[float],
    *,
    test_rows: float,
    train_rows: float,
    level: float = 0.95,
) -> Interval:
    """Of ours less theirs, fold by fold."""
    gaps = [a - b for a, b in zip(ours, theirs, strict=True)]
    return fold_interval(gaps, test_rows=test_rows, train_rows=train_rows, level=level)


def _interval(values: Sequence[float], overlap: float, level: float) -> Interval:
    if not values:
        raise ValueError("An interval needs at least one value.")
    centre = fmean(values)
    if len(values) < 2:
        return Interval(centre, None, None)
    quantile = float(student.ppf((1 + level) / 2, len(values) - 1))
    half = quantile * stdev(values) * sqrt(1 / len(values) + overlap)
    return Interval(centre, centre - half, centre + half)
