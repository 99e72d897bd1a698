"""ForestDiffusion."""

from __future__ import annotations

import pandas as pd
from ForestDiffusion import ForestDiffusionModel
from matrix import frame_of, matrix, whole


def forest_diffusion(train: pd.DataFrame, kinds: dict[str, str], rows: int, seed: int) -> pd.DataFrame:
    """Told which columns are categories and which integers; one job."""
    data, names = matrix(train, kinds)
    model = ForestDiffusionModel(
        data, cat_indexes=list(names), int_indexes=whole(train, names), n_jobs=1, seed=seed
    )
    drawn: pd.DataFrame = frame_of(model.generate(batch_size=rows), train, names)
    return drawn
