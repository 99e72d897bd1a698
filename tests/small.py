"""Tables and settings so small that a whole cook takes a second."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import torch

from stockpot.configuration import configured
from stockpot.kitchen import Kitchen
from stockpot.plan import Plan, plan
from stockpot.soup import Soup
from stockpot.table import of_frame

torch.set_num_threads(1)

QUICK: dict[str, Any] = {"folds": 2, "subsets": {"count": 2}, "grid": {"steps": [5]}, "net": {"width": 8}}


def frame(rows: int = 40, seed: int = 0) -> pd.DataFrame:
    """Every kind of column that the field family learns, with missing values in two of them."""
    rng = np.random.default_rng(seed)
    size = np.round(rng.normal(40, 5, rows), 1)
    size[rng.random(rows) < 0.2] = np.nan
    kind = rng.choice(["oak", "elm", "ash"], rows).astype(object)
    kind[rng.random(rows) < 0.2] = None
    return pd.DataFrame(
        {
            "size": size,
            "count": rng.integers(0, 9, rows),
            "kind": kind,
            "healthy": rng.random(rows) < 0.7,
            "grade": pd.Categorical(
                rng.choice(["low", "high"], rows), categories=["low", "high"], ordered=True
            ),
            "years": pd.array(rng.choice([1, 2, 3, None], rows), dtype="Int64"),
        }
    )


def settings(rows: int, **options: Any) -> Plan:
    """A plan of quick settings and these."""
    return plan(configured(QUICK | options), rows)


def kitchen(table: pd.DataFrame, **options: Any) -> Kitchen:
    """The table with a quick plan."""
    return Kitchen(of_frame(table), settings(len(table), **options))


def quick(table: pd.DataFrame, **options: Any) -> Soup:
    """A soup of few ingredients and few steps."""
    return Soup.fit(table, **(QUICK | options))
