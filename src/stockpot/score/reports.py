"""SDMetrics' own reports, quiet and typed: for the rows that are shipped, and to hold our fast figures
against.

Quality lies in [0, 100], higher is better. The diagnostic is a percentage of values that are valid (in the
real rows' range, or one of their categories); new rows is a share in [0, 1] of rows that match no real row,
where numbers within one percent match. Missing values match missing values.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from stockpot.score.align import BoolArray, Kinds, align, kinds_of
from stockpot.score.columns import Shape, Trend
from stockpot.score.quality import QualityScore

TOLERANCE = 0.01
"""NewRowSynthesis: numbers that differ by less than this share of the synthetic one match."""
BLOCK = 1 << 22
"""Comparisons of rows made at once."""


@dataclass(frozen=True)
class DiagnosticScore:
    """Percent of what is valid, with a line a column."""

    value: float
    columns: tuple[Shape, ...]


def quality_report(real: pd.DataFrame, other: pd.DataFrame, kinds: Kinds | None = None) -> QualityScore:
    """The QualityReport as it is shipped (but for its unseeded cut of tables above 50,000 rows)."""
    kinds = kinds_of(real) if kinds is None else kinds
    with _quiet():
        from sdmetrics.reports.single_table import QualityReport

        report = _generated(QualityReport(), real, other, kinds)
        shapes = tuple(_shapes(report.get_details("Column Shapes")))
        trends = tuple(_trends(report.get_details("Column Pair Trends")))
        parts = [100 * float(score) for score in report.get_properties()["Score"]]
        return QualityScore(100 * float(report.get_score()), parts[0], parts[1], shapes, trends)


def diagnostic_report(real: pd.DataFrame, other: pd.DataFrame, kinds: Kinds | None = None) -> DiagnosticScore:
    """The DiagnosticReport: are the values of ``other`` ones that the real rows could hold?"""
    kinds = kinds_of(real) if kinds is None else kinds
    with _quiet():
        from sdmetrics.reports.single_table import DiagnosticReport

        report = _generated(DiagnosticReport(), real, other, kinds)
        return DiagnosticScore(
            100 * float(report.get_score()), tuple(_shapes(report.get_details("Data Validity")))
        )


def new_rows(real: pd.DataFrame, other: pd.DataFrame, kinds: Kinds | None = None) -> float:
    """NewRowSynthesis' share (it asks the real table one query a row, which takes seconds: this is the
    same).
    """
    kinds = kinds_of(real) if kinds is None else kinds
    ours, theirs = align(real, kinds), align(other, kinds)
    if not len(theirs):
        return float("nan")
    step = max(1, BLOCK // max(1, len(ours)))
    blocks = [theirs.iloc[start : start + step] for start in range(0, len(theirs), step)]
    return sum(int((~_matched(ours, block, kinds)).sum()) for block in blocks) / len(theirs)


def _matched(real: pd.DataFrame, rows: pd.DataFrame, kinds: Kinds) -> BoolArray:
    alike = np.ones((len(rows), len(real)), dtype=bool)
    for name, kind in kinds.items():
        if kind == "numerical":
            a, b = rows[name].to_numpy()[:, None], real[name].to_numpy()[None, :]
            same = np.abs(b - a) <= np.abs(TOLERANCE * a)
        else:
            codes = pd.factorize(pd.concat([rows[name], real[name]]))[0]
            a, b = codes[: len(rows), None], codes[None, len(rows) :]
            same = a == b  # both missing: both -1
        alike &= same | (rows[name].isna().to_numpy()[:, None] & real[name].isna().to_numpy()[None, :])
    return np.asarray(alike.any(axis=1))


def _generated(report: Any, real: pd.DataFrame, other: pd.DataFrame, kinds: Kinds) -> Any:
    report.num_rows_subsample = None
    columns = {name: {"sdtype": kind} for name, kind in kinds.items()}
    report.generate(align(real, kinds), align(other, kinds), {"columns": columns}, verbose=False)
    return report


def _shapes(details: pd.DataFrame) -> Iterator[Shape]:
    for column, metric, score in zip(details["Column"], details["Metric"], details["Score"], strict=True):
        yield Shape(str(column), str(metric), _known(score))


def _trends(details: pd.DataFrame) -> Iterator[Trend]:
    names = ["Column 1", "Column 2", "Metric", "Score", "Meets Threshold?"]
    for a, b, metric, score, counts in details[names].itertuples(index=False, name=None):
        known = _known(score)
        yield Trend(
            str(a),
            str(b),
            str(metric),
            known,
            counts=known is not None and not pd.isna(counts) and bool(counts),
        )


def _known(score: Any) -> float | None:
    return None if pd.isna(score) else float(score)


@contextmanager
def _quiet() -> Iterator[None]:
    """SDMetrics warns of its own deprecations, and of columns that it leaves out."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
