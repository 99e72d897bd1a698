"""The rails that stand beside every figure: tables that take no model to make.

floor      each column drawn by itself from the learning rows: what no model is needed for
copy       learning rows drawn again: what leaking alone reaches
reference  real rows judged against other real rows: not a bound, a good model passes it
"""

from __future__ import annotations

import numpy as np
import pandas as pd


def floor(learn: pd.DataFrame, rows: int, *, seed: int = 0) -> pd.DataFrame:
    """``rows`` rows, each column drawn by itself; the table's columns, order and dtypes."""
    draw = np.random.RandomState(seed)
    drawn = [learn[name].iloc[draw.randint(0, len(learn), rows)].reset_index(drop=True) for name in learn]
    return pd.concat(drawn, axis=1)


def copy(learn: pd.DataFrame, rows: int, *, seed: int = 0) -> pd.DataFrame:
    """``rows`` of the learning rows, drawn with replacement."""
    return learn.sample(rows, replace=True, random_state=seed).reset_index(drop=True)


def halves(real: pd.DataFrame, *, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows parted in two at random: where no unseen rows are given, one half stands for them."""
    order = np.random.RandomState(seed).permutation(len(real))
    cut = len(real) // 2
    return real.iloc[order[cut:]].reset_index(drop=True), real.iloc[order[:cut]].reset_index(drop=True)
