"""Adversarial random forests (arfpy). It takes no missing values."""

from __future__ import annotations

import pandas as pd
from arfpy import arf as package


def arf(train: pd.DataFrame, kinds: dict[str, str], rows: int, seed: int) -> pd.DataFrame:
    """Numpy's own state, which the caller seeds, is what it draws with."""
    del seed
    frame = train.astype({name: "category" for name, kind in kinds.items() if kind == "categorical"})
    model = package.arf(x=frame, verbose=False)
    model.forde()
    drawn: pd.DataFrame = model.forge(n=rows)
    return drawn
