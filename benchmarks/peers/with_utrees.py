"""UnmaskingTrees (utrees)."""

from __future__ import annotations

import pandas as pd
from matrix import frame_of, matrix, whole
from utrees import UnmaskingTrees


def unmasking_trees(train: pd.DataFrame, kinds: dict[str, str], rows: int, seed: int) -> pd.DataFrame:
    """Told which columns are categories, integers and continuous."""
    data, names = matrix(train, kinds)
    integers = set(whole(train, names))
    types = [
        "categorical" if place in names else "integer" if place in integers else "continuous"
        for place in range(data.shape[1])
    ]
    model = UnmaskingTrees(random_state=seed).fit(data, quantize_cols=types)
    drawn: pd.DataFrame = frame_of(model.generate(n_generate=rows), train, names)
    return drawn
