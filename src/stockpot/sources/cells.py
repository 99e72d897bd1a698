"""Columns of Python's own values, as an Excel sheet or a database gives them, in the dtypes that a CSV or
Parquet file of them would have.

A decimal is a float64; whole numbers with missing values are float64; truths with missing values, and text,
are object with NaN for missing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

BIGGEST = 2**63


def column_of(values: Sequence[Any]) -> pd.Series:
    """One column; None and NaN are missing."""
    plain = [_plain(value) for value in values]
    kinds = {type(value) for value in plain if value is not None}
    if not kinds:
        return pd.Series(np.full(len(plain), np.nan))
    if kinds <= {int, float}:
        return _numbers(plain, kinds)
    if kinds == {bool} and None not in plain:
        return pd.Series(plain, dtype=bool)
    if kinds == {dt.datetime}:
        return pd.to_datetime(pd.Series(plain, dtype=object), utc=any(v.tzinfo for v in plain if v))
    return pd.Series([np.nan if value is None else value for value in plain], dtype=object)


def _numbers(plain: list[Any], kinds: set[type]) -> pd.Series:
    if kinds == {int} and any(v is not None and abs(v) >= BIGGEST for v in plain):
        return pd.Series([np.nan if v is None else str(v) for v in plain], dtype=object)  # as in a CSV
    if kinds == {int} and None not in plain:
        return pd.Series(plain, dtype=np.int64)
    return pd.Series([np.nan if v is None else v for v in plain], dtype=np.float64)


def _plain(value: Any) -> Any:
    """As one of Python's plain types."""
    if isinstance(value, Decimal):
        return None if value.is_nan() else float(value)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and np.isnan(value):
        return None
    return str(value) if isinstance(value, uuid.UUID) else value


def word_of(value: Any) -> str:
    """How a CSV would say it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < BIGGEST:
        return str(int(value))
    return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else str(value)
