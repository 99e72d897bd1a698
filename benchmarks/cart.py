"""CART, the thing to beat, and columns as methods without missing values take them.

Sequential trees as R's synthpop grows them (``syn.cart``): a column after the other from those before it,
leaves of at least 5 rows, and a drawn row takes the value of a random learning row of its leaf. A tree for a
number learns from the rows that have it. (PyPI's port of synthpop fails on missing numbers and on ten or more
categories under today's scikit-learn.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from stockpot.score.align import BoolArray, FloatArray, kinds_of

LEAF = 5
MISSING = "missing"


@dataclass(frozen=True)
class Column:
    """A column as a tree learns it: numbers (a category's number among ``names``), and the rows that have
    them.
    """

    values: FloatArray
    names: tuple[str, ...] | None
    have: BoolArray

    @staticmethod
    def of(values: pd.Series, have: BoolArray) -> Column:
        if pd.api.types.is_numeric_dtype(values):
            return Column(values.to_numpy(dtype=np.float64), None, have)
        names = tuple(sorted(values.unique()))
        return Column(
            values.map(names.index).to_numpy(dtype=np.float64), names, np.ones(len(values), dtype=bool)
        )

    def grown(self, known: FloatArray, seed: int) -> DecisionTreeClassifier | DecisionTreeRegressor:
        kind = DecisionTreeRegressor if self.names is None else DecisionTreeClassifier
        return kind(min_samples_leaf=LEAF, random_state=seed).fit(known[self.have], self.values[self.have])

    def decoded(self, picked: FloatArray) -> list[str] | FloatArray:
        return picked if self.names is None else [self.names[int(number)] for number in picked]


def cart(train: pd.DataFrame, rows: int, seed: int) -> pd.DataFrame:
    """``rows`` rows of sequential trees."""
    frame, draw = flagged(train), np.random.RandomState(seed)
    known, asked = np.empty((len(frame), 0)), np.empty((rows, 0))
    drawn = pd.DataFrame(index=range(rows))
    for name in map(str, frame):
        have = train[name].notna().to_numpy() if name in train else np.ones(len(train), dtype=bool)
        column = Column.of(frame[name], have)
        picked = _picked(column, known, asked, draw, seed)
        if f"{name} {MISSING}" in drawn:
            picked = np.where(drawn[f"{name} {MISSING}"] == "yes", train[name].median(), picked)
        known, asked = np.column_stack([known, column.values]), np.column_stack([asked, picked])
        drawn[name] = column.decoded(picked)
    return unflagged(drawn, train)


def flagged(train: pd.DataFrame) -> pd.DataFrame:
    """For methods that take no missing values: a missing category is a level; a number with missing values
    gets a column before it that says whether it is missing, and its median where it is.
    """
    out = pd.DataFrame(index=train.index)
    for name, kind in kinds_of(train).items():
        values = train[name]
        if kind == "categorical":
            out[name] = values.astype(object).where(values.notna(), MISSING).astype(str)
            continue
        if values.isna().any():
            out[f"{name} {MISSING}"] = np.where(values.isna(), "yes", "no")
        out[name] = values.fillna(values.median()).astype(float)
    return out


def unflagged(drawn: pd.DataFrame, train: pd.DataFrame) -> pd.DataFrame:
    """The table's own columns again, NaN where a value is missing."""
    out = {}
    for name, kind in kinds_of(train).items():
        values, flag = drawn[name], f"{name} {MISSING}"
        if kind == "categorical":
            values = values.where(values != MISSING, np.nan)
        elif flag in drawn:
            values = values.where(drawn[flag] != "yes", np.nan)
        out[name] = values
    return pd.DataFrame(out)


def _picked(
    column: Column, known: FloatArray, asked: FloatArray, draw: np.random.RandomState, seed: int
) -> FloatArray:
    """The first column is drawn from all its values, the others from their leaves."""
    values = column.values[column.have]
    if not known.shape[1]:
        return draw.choice(values, len(asked))
    tree = column.grown(known, seed)
    leaves = tree.apply(known[column.have])
    donors = {leaf: values[leaves == leaf] for leaf in np.unique(leaves)}
    return np.array([draw.choice(donors[leaf]) for leaf in tree.apply(asked)])
