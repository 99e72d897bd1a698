"""How strongly each two columns go together, on one scale for all types.

Two numbers: Spearman's rank correlation, in [-1, 1]. A number and a category: the correlation ratio of ranks;
two categories: Cramér's V; both in [0, 1] and corrected for what chance makes of many categories and few
rows, so that 80 rows can stand beside 1,000. NaN: fewer than three rows have both, or one is constant.
"""

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from stockpot.report.shapes import Kind, labels, values

Floats = NDArray[np.float64]
ROWS = 5_000
"""More rows than that say nothing more about a trend; as many, evenly spaced, are looked at."""
TOP = 20


def associations(frame: pd.DataFrame, kinds: dict[str, Kind]) -> Floats:
    """The matrix over the columns of ``kinds``, in their order; its diagonal is NaN."""
    some = frame.iloc[:: max(len(frame) // ROWS, 1)]
    numbers = {name: _ranks(values(some[name], kind)) for name, kind in kinds.items() if kind != "categories"}
    groups = {name: _indicators(labels(some[name])) for name, kind in kinds.items() if kind == "categories"}
    names = list(kinds)
    found = np.full((len(names), len(names)), math.nan)
    for row, a in enumerate(names):
        for column, b in enumerate(names[:row]):
            found[row, column] = found[column, row] = _pair(a, b, numbers, groups)
    return found


def _pair(a: str, b: str, numbers: dict[str, Floats], groups: dict[str, Floats]) -> float:
    if a in numbers and b in numbers:
        return _spearman(numbers[a], numbers[b])
    if a in groups and b in groups:
        return _cramer(groups[a], groups[b])
    number, group = (a, b) if a in numbers else (b, a)
    return _ratio(numbers[number], groups[group])


def _ranks(column: Floats) -> Floats:
    return np.asarray(pd.Series(column).rank(), dtype=np.float64)


def _indicators(column: list[str | None]) -> Floats:
    """One column of 0 and 1 a category, the rare ones together; a row without a value is all 0."""
    codes = pd.Series(column, dtype=object)
    common = codes.value_counts().index[: TOP - 1]
    kept = codes.where(codes.isin(common) | codes.isna(), "\0others")
    return np.asarray(pd.get_dummies(kept), dtype=np.float64)


def _spearman(a: Floats, b: Floats) -> float:
    both = ~(np.isnan(a) | np.isnan(b))
    x, y = a[both], b[both]
    if x.size < 3:
        return math.nan
    x, y = x - x.mean(), y - y.mean()
    scale = math.sqrt(float(x @ x) * float(y @ y))
    return float(x @ y) / scale if scale else math.nan


def _ratio(ranks: Floats, group: Floats) -> float:
    known = ~np.isnan(ranks) & (group.sum(axis=1) > 0)
    x, g = ranks[known], group[known]
    sizes = g.sum(axis=0)
    g, sizes = g[:, sizes > 0], sizes[sizes > 0]
    total = float(((x - x.mean()) ** 2).sum()) if x.size else 0.0
    if x.size <= sizes.size + 1 or sizes.size < 2 or total == 0:
        return math.nan
    between = float((sizes * ((x @ g) / sizes - x.mean()) ** 2).sum())
    explained = 1 - (1 - between / total) * (x.size - 1) / (x.size - sizes.size)
    return math.sqrt(max(explained, 0.0))


def _cramer(a: Floats, b: Floats) -> float:
    """Cramér's V with Bergsma's correction."""
    counts = a.T @ b
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    rows = float(counts.sum())
    r, k = counts.shape
    if rows < 3 or min(r, k) < 2:
        return math.nan
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / rows
    strength = float(((counts - expected) ** 2 / expected).sum()) / rows
    strength = max(0.0, strength - (r - 1) * (k - 1) / (rows - 1))
    smaller = min(r - (r - 1) ** 2 / (rows - 1), k - (k - 1) ** 2 / (rows - 1)) - 1
    return math.sqrt(strength / smaller) if smaller > 0 else math.nan
