"""Do a soup's imputations beat the usual ones? ``python -m stockpot.benchmarks.imputing [TABLE ...]``.

Every judging table (tables.csv; truth.csv cut to 80 learning rows), dealt by seed 0. All methods learn from
the learning rows alone; of at most 300 holdout rows 15 % of the known cells are hidden completely at random,
and filled, each method seeing the same cells.

simple   the median of a number, the most frequent category
forests  scikit-learn's IterativeImputer with random forests
soup     ``Soup.fit(train, folds=0).impute``

Forests on mixed tables, as chosen before any figure was seen: missForest (Stekhoven & Bühlmann, 2012), a
regression forest for a number and a classification forest for a category, 100 trees each and scikit-learn's
other defaults, all ten rounds of IterativeImputer. Its two customs for categories are weaker. Codes that a
regression forest predicts, and that are rounded, put a level between two others that it is unlike. Of one-hot
columns each is told by its siblings, which are missing with it: the forest learns to copy what they were
filled with at the start. It would also stop after one round where the learning rows lack nothing (``tol``):
here it does not, as its rounds are needed for the holdout rows' cells.

Figures of a table. A cell that a method leaves empty is filled as ``simple`` does; a column whose hidden
cells the median hits exactly is left out of the errors.

error     of numbers: mean absolute error / that of the median, the geometric mean over columns (each ratio
          0.01 at least). It favours a median, which the soup gives, over a mean, which forests give
squared   the same of the root mean squared error, which favours a mean
accuracy  of categories: share of the hidden cells that are hit

Tables are independent of each other: intervals are Student's over tables, 95 %.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.experimental import enable_iterative_imputer  # noqa: F401 - what it imports into is guarded
from sklearn.impute import IterativeImputer

from stockpot.benchmarks.protocol import Item, deal, items, load
from stockpot.score.align import BoolArray, FloatArray, Kinds, align, kinds_of
from stockpot.score.forests import TREES, coded, levels_of
from stockpot.score.intervals import t_interval
from stockpot.soup import Soup

SEED, LEARNED, ROWS, HIDDEN = 0, 80, 300, 0.15
LEAST_RATIO = 0.01
ROUNDS = 10
FIRST_CODE = 2
"""A category's levels are coded from here on, numbers lie between 0 and 1: so a forest knows its kind."""
FIGURES = ("error", "squared", "accuracy")

Filler = Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]
"""(learning rows, rows with gaps) -> the rows, filled."""


@dataclass(frozen=True)
class Figures:
    """Of one method on one table; NaN where it has no such column."""

    error: float
    squared: float
    accuracy: float


def hide(frame: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, BoolArray]:
    """The rows with some known cells hidden, and (rows, columns) which."""
    known = np.flatnonzero(frame.notna().to_numpy())
    hidden = np.zeros(frame.size, dtype=bool)
    hidden[rng.choice(known, round(HIDDEN * len(known)), replace=False)] = True
    gone = hidden.reshape(frame.shape)
    plain = {
        name: frame[name].astype(float if kind == "numerical" else object).mask(gone[:, j], np.nan)
        for j, (name, kind) in enumerate(kinds_of(frame).items())
    }
    return pd.DataFrame(plain), gone


def simple(train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Median and mode."""
    kinds = kinds_of(train)
    known, out = align(train, kinds), align(rows, kinds)
    for name, kind in kinds.items():
        told = known[name].dropna()
        if len(told):
            out[name] = out[name].fillna(told.median() if kind == "numerical" else told.mode().iloc[0])
    return out


class Forest(BaseEstimator):  # type: ignore[misc]
    """A forest for whatever column it is given."""

    def __init__(self, seed: int = SEED) -> None:
        self.seed = seed

    def fit(self, x: FloatArray, y: FloatArray) -> Forest:
        """As many trees as the figures' own forests have."""
        kind = RandomForestClassifier if y.min() >= FIRST_CODE else RandomForestRegressor
        self.forest_ = kind(TREES, random_state=self.seed).fit(x, y)
        return self

    def predict(self, x: FloatArray) -> FloatArray:
        """Numbers, or codes."""
        found: FloatArray = self.forest_.predict(x)
        return found


def forests(train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """missForest, by way of IterativeImputer."""
    kinds = kinds_of(train)
    levels = levels_of(train, kinds)
    known, asked = coded(train, kinds, levels), coded(rows, kinds, levels)
    numbers = [name for name, kind in kinds.items() if kind == "numerical"]
    low = known[numbers].min()
    wide = (known[numbers].max() - low).replace(0, 1)
    for frame in (known, asked):
        frame[numbers] = (frame[numbers] - low) / wide
        frame[list(levels)] += FIRST_CODE
    imputer = IterativeImputer(
        Forest(), initial_strategy="median", max_iter=ROUNDS, tol=0, keep_empty_features=True
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # all rounds are wanted
        imputer.fit(known.to_numpy())
    found = pd.DataFrame(imputer.transform(asked.to_numpy()), columns=list(kinds))
    found[numbers] = found[numbers] * wide + low
    for name, own in levels.items():
        if len(own.known):
            code = found[name].round().astype(int) - FIRST_CODE
            found[name] = np.asarray(own.known, dtype=object)[code.clip(0, len(own.known) - 1)]
    told = align(rows, kinds)  # among it levels that no learning row has, which are no gaps
    return told.where(told.notna(), found)


def soup(train: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Of all ingredients in equal shares."""
    return Soup.fit(train, folds=0, seed=SEED).impute(rows)


METHODS: Mapping[str, Filler] = {"simple": simple, "forests": forests, "soup": soup}


def figures(truth: pd.DataFrame, base: pd.DataFrame, filled: pd.DataFrame, gone: BoolArray) -> Figures:
    """Of the cells that are ``gone``. ``base``: as the simple method fills them."""
    kinds = kinds_of(truth)
    real, plain = align(truth, kinds), align(base, kinds)
    found = align(filled, kinds).where(lambda frame: frame.notna(), plain)
    ratios, hits = [], []
    for j, (name, kind) in enumerate(kinds.items()):
        told, usual, ours = (frame[name].to_numpy()[gone[:, j]] for frame in (real, plain, found))
        if kind == "categorical":
            hits.append(told == ours)
        elif len(told) and np.abs(usual - told).max() > 0:
            ratios.append(_ratios(np.abs(ours - told), np.abs(usual - told)))
    error, squared = np.exp(np.log(np.array(ratios)).mean(axis=0)) if ratios else (np.nan, np.nan)
    cells = np.concatenate(hits) if hits else np.array([])
    return Figures(float(error), float(squared), float(cells.mean()) if len(cells) else np.nan)


def _ratios(ours: FloatArray, usual: FloatArray) -> tuple[float, float]:
    mean = float(ours.mean() / usual.mean())
    root = float(np.sqrt((ours**2).mean() / (usual**2).mean()))
    return max(mean, LEAST_RATIO), max(root, LEAST_RATIO)


def settled(kinds: Kinds, rows: pd.DataFrame, filled: pd.DataFrame) -> None:
    """AssertionError if a method changed what was not hidden."""
    asked, found = align(rows, kinds), align(filled, kinds)
    for name, kind in kinds.items():
        seen = asked[name].notna().to_numpy()
        a, b = asked[name].to_numpy()[seen], found[name].to_numpy()[seen]
        assert np.allclose(a, b) if kind == "numerical" else (a == b).all(), name


def measured(frame: pd.DataFrame, rows: int | None) -> tuple[dict[str, Figures], int, float]:
    """Every method's figures on a table, how many cells were hidden, and the seconds it took."""
    start, dealt = time.perf_counter(), deal(frame, SEED, rows)
    truth = dealt.holdout.head(ROWS)
    asked, gone = hide(truth, np.random.default_rng((SEED, len(frame))))
    base, found = simple(dealt.train, asked), {}
    for name, fill in METHODS.items():
        filled = fill(dealt.train, asked)
        settled(kinds_of(truth), asked, filled)
        found[name] = figures(truth, base, filled, gone)
    return found, int(gone.sum()), time.perf_counter() - start


def summary(found: Sequence[Mapping[str, Figures]]) -> list[str]:
    """Lines of Markdown: each method over tables, and what the soup's figures are less others'."""
    lines = ["| | error (median) | squared (median) | accuracy (mean) |", "| --- | ---: | ---: | ---: |"]
    for name in METHODS:
        by = {figure: _over(found, name, figure) for figure in FIGURES}
        middle = [f"{np.median(by[figure]):.2f}" for figure in ("error", "squared")]
        lines.append(f"| {name} | {' | '.join(middle)} | {100 * np.mean(by['accuracy']):.1f} % |")
    for other in ("simple", "forests"):
        cells = [_gap(found, other, figure) for figure in FIGURES]
        lines.append(f"| soup less {other} (mean) | {' | '.join(cells)} |")
    return lines


def _over(found: Sequence[Mapping[str, Figures]], name: str, figure: str) -> FloatArray:
    values = np.array([getattr(one[name], figure) for one in found])
    return np.asarray(values[~np.isnan(values)])


def _gap(found: Sequence[Mapping[str, Figures]], other: str, figure: str) -> str:
    """With its interval, and on how many tables the soup is better."""
    gaps = _over(found, "soup", figure) - _over(found, other, figure)
    made, much = t_interval(gaps.tolist()), 100 if figure == "accuracy" else 1
    better = int((gaps > 0).sum() if figure == "accuracy" else (gaps < 0).sum())
    digits = 1 if figure == "accuracy" else 3
    low, high = (np.nan if end is None else much * end for end in (made.low, made.high))
    span = f"{much * made.value:+.{digits}f} [{low:+.{digits}f}, {high:+.{digits}f}]"
    return f"{span}, better on {better} of {len(gaps)}"


def _line(item: Item, found: Mapping[str, Figures], cells: int, seconds: float) -> str:
    told: list[Any] = [f"{getattr(found[n], f):.2f}" for f in FIGURES[:2] for n in ("forests", "soup")]
    told += [f"{100 * found[name].accuracy:.1f}" for name in METHODS]
    return f"| {item.package}/{item.name} | {cells} | {' | '.join(told)} | {seconds:.0f} |"


def main(names: Sequence[str] = ()) -> None:
    """One line a table, and a summary. ``names``: of these tables only."""
    print(
        "| table | hidden cells | error: forests | soup | squared: forests | soup "
        "| accuracy: simple | forests | soup | s |"
    )
    print("| --- |" + " ---: |" * 9)
    every = []
    for rows, item in [(None, one) for one in items("tables")] + [(LEARNED, one) for one in items("truth")]:
        if names and item.name not in names:
            continue
        found, cells, seconds = measured(load(item), rows)
        every.append(found)
        print(_line(item, found, cells, seconds), flush=True)
    print("\n" + "\n".join(summary(every)))


if __name__ == "__main__":
    main(sys.argv[1:])
