"""Quality: 100 x the overall score of SDMetrics' single-table QualityReport, in [0, 100], higher is better.

``quality`` is the report's number (a test holds the two equal), fast enough for the hundred tables that a
cook scores; ``QualityTo`` prepares the real side once. The report itself, with the diagnostic, is in
``reports.py``. The report looks at shapes of columns and at trends of the pairs that are strongly associated
in the real rows; what it misses at this size is said in ``fidelity.py``.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.stats.contingency import association

from stockpot.score.align import IntArray, Kinds, Levels, align, kinds_of
from stockpot.score.columns import (
    Categories,
    Column,
    Numbers,
    Shape,
    Trend,
    contingency,
    correlation,
    mean,
    shape,
)

CORRELATION = 0.5
"""Pairs of numbers count if their real correlation is above this, in size ..."""
ASSOCIATION = 0.3
"""... and other pairs if Cramer's V of the real rows is: the report's own thresholds."""
BINS = 12
"""Ten bins of a number's own range, one below and one above, where the largest and the missing values
fall."""


@dataclass(frozen=True)
class QualityScore:
    """The figure with what it is made of; the parts are in [0, 100], NaN where the table has none."""

    value: float
    column_shapes: float
    pair_trends: float
    shapes: tuple[Shape, ...]
    trends: tuple[Trend, ...]

    @staticmethod
    def of(shapes: tuple[Shape, ...], trends: tuple[Trend, ...]) -> QualityScore:
        parts = mean(s.score for s in shapes), mean(t.score for t in trends if t.counts)
        return QualityScore(100 * mean(parts), 100 * parts[0], 100 * parts[1], shapes, trends)


@dataclass(frozen=True)
class QualityTo:
    """Real rows, prepared: any number of tables are scored against them."""

    kinds: Kinds
    real: Mapping[str, Column]
    levels: Mapping[str, Levels]

    @staticmethod
    def of(real: pd.DataFrame, kinds: Kinds | None = None) -> QualityTo:
        kinds = kinds_of(real) if kinds is None else kinds
        frame = align(real, kinds)
        levels = {name: Levels.of(frame[name]) for name, kind in kinds.items() if kind == "categorical"}
        return QualityTo(kinds, _columns(frame, levels), levels)

    @cached_property
    def truths(self) -> dict[tuple[str, str], float]:
        """Correlation of each pair of numbers that counts."""
        found: dict[tuple[str, str], float] = {}
        for pair in itertools.combinations(self.kinds, 2):
            a, b = (self.real[name] for name in pair)
            if isinstance(a, Numbers) and isinstance(b, Numbers):
                truth = _correlation(a, b)
                if truth is not None and abs(truth) > CORRELATION:
                    found[pair] = truth
        return found

    @cached_property
    def cells(self) -> dict[str, IntArray | None]:
        return {name: _cells(column) for name, column in self.real.items()}

    @cached_property
    def associated(self) -> frozenset[tuple[str, str]]:
        """The pairs with a category that count."""
        pairs = itertools.combinations(self.kinds, 2)
        return frozenset(
            p for p in pairs if "categorical" in (self.kinds[p[0]], self.kinds[p[1]]) and self._strong(*p)
        )

    def score(self, other: pd.DataFrame) -> QualityScore:
        columns = _columns(align(other, self.kinds), self.levels)
        cells = {name: _cells(column) for name, column in columns.items()}
        shapes = tuple(shape(name, self.real[name], columns[name]) for name in self.kinds)
        trends = tuple(self._trend(a, b, columns, cells) for a, b in itertools.combinations(self.kinds, 2))
        return QualityScore.of(shapes, trends)

    def _trend(
        self, a: str, b: str, columns: Mapping[str, Column], cells: Mapping[str, IntArray | None]
    ) -> Trend:
        x, y = columns[a], columns[b]
        if isinstance(x, Numbers) and isinstance(y, Numbers):
            truth, found = self.truths.get((a, b)), _correlation(x, y)
            score = None if truth is None or found is None or np.isnan(found) else 1 - abs(truth - found) / 2
            return Trend(a, b, "CorrelationSimilarity", score, counts=score is not None)
        ours, theirs = _both(self.cells[a], self.cells[b]), _both(cells[a], cells[b])
        if (a, b) not in self.associated or ours is None or theirs is None:
            return Trend(a, b, "ContingencySimilarity", None, counts=False)
        return Trend(a, b, "ContingencySimilarity", contingency(ours, theirs, (self._size(a), self._size(b))))

    def _size(self, name: str) -> int:
        return self.levels[name].size if name in self.levels else BINS

    def _strong(self, a: str, b: str) -> bool:
        pair = _both(self.cells[a], self.cells[b])
        if pair is None:
            return False
        table = pd.crosstab(*pair).to_numpy()
        return min(table.shape) > 1 and float(association(table, method="cramer")) > ASSOCIATION


def quality(real: pd.DataFrame, other: pd.DataFrame, kinds: Kinds | None = None) -> float:
    """How alike ``other`` is to the real rows. NaN where nothing can be compared."""
    return QualityTo.of(real, kinds).score(other).value


def _correlation(a: Numbers, b: Numbers) -> float | None:
    """None where the report refuses: a constant column, or fewer than two rows with both."""
    both = ~(a.missing | b.missing)
    if a.distinct == 1 or b.distinct == 1 or both.sum() < 2:
        return None
    return correlation(a, b)


def _cells(column: Column) -> IntArray | None:
    """Category, or bin of the column's *own* range, as the report has it; None of a range too narrow to
    cut.
    """
    if isinstance(column, Categories):
        return column.codes
    try:
        edges = np.histogram_bin_edges(column.present)
    except ValueError:
        return None
    return np.digitize(column.values, edges).astype(np.intp)


def _both(a: IntArray | None, b: IntArray | None) -> tuple[IntArray, IntArray] | None:
    return None if a is None or b is None else (a, b)


def _columns(frame: pd.DataFrame, levels: Mapping[str, Levels]) -> dict[str, Column]:
    return {
        str(name): Categories.of(values, levels[str(name)]) if name in levels else Numbers(values.to_numpy())
        for name, values in frame.items()
    }
