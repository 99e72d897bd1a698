"""Tests and intervals over tables, never over seeds: tables are what one wants to say something about.

Wilcoxon's signed-rank test with Holm's correction, mean ranks with Nemenyi's test, and a critical difference
(Demsar, 'Statistical Comparisons of Classifiers over Multiple Data Sets', JMLR 7, 2006). With n tables the
least p that Wilcoxon's test can give is 2 / 2^n: 0.03 of six.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from stockpot.score.intervals import Interval, t_interval

RESAMPLES = 10_000


@dataclass(frozen=True)
class Judgement:
    """A difference over ``tables`` tables: Student's interval, the bootstrap's, and Wilcoxon's p (``holm``:
    corrected for all methods that were tested beside it).
    """

    tables: int
    student: Interval
    bootstrap: Interval
    p: float
    holm: float


def judge(gaps: Mapping[str, Sequence[float]]) -> dict[str, Judgement]:
    """Method -> judgement of its differences, one a table."""
    values = {method: wilcoxon(found) for method, found in gaps.items()}
    corrected = holm(values)
    return {
        method: Judgement(len(found), t_interval(found), bootstrap(found), values[method], corrected[method])
        for method, found in gaps.items()
    }


def wilcoxon(gaps: Sequence[float]) -> float:
    """Two-sided p; 1 where nothing differs. Ties are no evidence, so they count for both sides (Demsar)."""
    return float(stats.wilcoxon(gaps, zero_method="zsplit").pvalue) if np.any(gaps) else 1.0


def holm(values: Mapping[str, float]) -> dict[str, float]:
    """Corrected p of each."""
    from statsmodels.stats.multitest import multipletests

    if not values:
        return {}
    corrected = multipletests(list(values.values()), method="holm")[1]
    return dict(zip(values, map(float, corrected), strict=True))


def bootstrap(gaps: Sequence[float]) -> Interval:
    """Tables drawn again: percentiles of their mean. Of few tables it is too narrow: see Student's."""
    draw = np.random.default_rng(0)
    means = draw.choice(np.asarray(gaps), (RESAMPLES, len(gaps))).mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(float(np.mean(gaps)), float(low), float(high))


def ranks(grid: pd.DataFrame) -> pd.Series:
    """Mean rank over tables of each method; 1 has the highest figure everywhere."""
    return grid.rank(axis=1, ascending=False).mean()


def nemenyi(grid: pd.DataFrame) -> pd.DataFrame:
    """P of each pair of methods, by their mean ranks."""
    import scikit_posthocs

    found: pd.DataFrame = scikit_posthocs.posthoc_nemenyi_friedman(grid.to_numpy())
    return found.set_axis(grid.columns, axis=0).set_axis(grid.columns, axis=1)
