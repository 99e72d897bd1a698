"""A table with every kind of column, and soups of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

SDTYPES = {"code": "categorical"}


def odd(rows: int = 40, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    days = pd.Series(pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 300, rows), unit="D"))
    minutes = pd.to_timedelta(rng.integers(0, 24 * 60, rows), unit="min")
    return pd.DataFrame(
        {
            "key": [f"T{i:03d}" for i in range(rows)],
            "size": np.where(rng.random(rows) < 0.2, np.nan, np.round(rng.normal(40, 5, rows), 1)),
            "count": rng.integers(0, 9, rows),
            "price": [f"${v:,.2f}" for v in rng.exponential(2000, rows)],
            "kind": pd.Series(rng.choice(["oak", "elm", "ash", None], rows), dtype=object),
            "healthy": rng.random(rows) < 0.7,
            "sick": pd.array(rng.choice([True, False, None], rows), dtype="boolean"),
            "grade": pd.Categorical(
                rng.choice(["low", "mid", "high"], rows), categories=["low", "mid", "high"], ordered=True
            ),
            "code": pd.array(rng.choice([1, 2, 30, None], rows), dtype="Int64"),
            "seen": (days + minutes).dt.tz_localize("Europe/Berlin", ambiguous=True, nonexistent="NaT"),
            "day": days.dt.strftime("%d/%m/%Y").where(rng.random(rows) < 0.8),
            "month": days.dt.strftime("%Y-%m"),
            "stay": pd.to_timedelta(rng.integers(1, 20, rows), unit="D"),
            "email": [f"p{i}@example.org" for i in range(rows)],
        }
    )


def pair(rows: int = 400, seed: int = 0) -> pd.DataFrame:
    """b is what a is in nine rows of ten, c what both are if they agree."""
    rng = np.random.default_rng(seed)
    a = rng.choice(["x", "y", "z"], rows)
    b = np.where(rng.random(rows) < 0.8, a, rng.choice(["x", "y", "z"], rows))
    c = np.where((a == b) & (rng.random(rows) < 0.9), a, rng.choice(["x", "y", "z"], rows))
    return pd.DataFrame({"a": a, "b": b, "c": c})
