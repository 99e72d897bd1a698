"""A table as floats and back, for libraries that take no text; a missing value is NaN."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

Names = dict[int, list[str]]
"""Place of a categorical column -> its levels."""


def matrix(train: pd.DataFrame, kinds: Mapping[str, str]) -> tuple[npt.NDArray[np.float64], Names]:
    """Levels are numbered in their order."""
    names: Names = {}
    columns = []
    for place, (column, kind) in enumerate(kinds.items()):
        if kind == "categorical":
            coded = pd.Categorical(train[column].astype(object))
            names[place] = [str(level) for level in coded.categories]
            columns.append(np.where(coded.codes < 0, np.nan, coded.codes.astype(float)))
        else:
            columns.append(train[column].astype(float).to_numpy())
    return np.column_stack(columns), names


def frame_of(drawn: npt.ArrayLike, train: pd.DataFrame, names: Names) -> pd.DataFrame:
    """The table's columns again; what lies between two levels is the nearer one."""
    out = pd.DataFrame(np.asarray(drawn, dtype=float), columns=list(train))
    for place, levels in names.items():
        found = [
            None if np.isnan(value) else levels[int(np.clip(round(value), 0, len(levels) - 1))]
            for value in out.iloc[:, place]
        ]
        out[list(train)[place]] = pd.Series(found, dtype=object)
    return out


def whole(train: pd.DataFrame, names: Names) -> list[int]:
    """Places of the numbers that are all integers."""
    numbers = [place for place in range(train.shape[1]) if place not in names]
    return [place for place in numbers if (train.iloc[:, place].dropna() % 1 == 0).all()]
