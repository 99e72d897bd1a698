"""What a column holds, and its values as plain arrays, however pandas stores them.

Numbers are float64 with NaN for missing; everything else is text (object of str) with None for missing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Holds = Literal[
    "integer",
    "number",
    "boolean",
    "datetime",
    "date",
    "timedelta",
    "text",
    "mixed",
    "empty",
    "nested",
    "other",
]
"""mixed: scalars of several kinds, read as text; nested: lists or structs; other: bytes, periods ..."""

Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]

NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
INTEGER = re.compile(r"\s*[+-]?\d+\s*")
LEADING_ZERO = re.compile(r"\s*[+-]?0\d+\s*")

_INFERRED: dict[str, Holds] = {
    "string": "text",
    "boolean": "boolean",
    "integer": "integer",
    "floating": "number",
    "integer-na": "integer",
    "mixed-integer-float": "number",
    "decimal": "number",
    "date": "date",
    "datetime": "datetime",
    "datetime64": "datetime",
    "timedelta": "timedelta",
    "timedelta64": "timedelta",
    "time": "mixed",
    "empty": "empty",
    "mixed": "mixed",
    "mixed-integer": "mixed",
}


def _is_duration(dtype: Any) -> bool:
    return pd.api.types.is_timedelta64_dtype(dtype) or str(dtype).startswith("duration[")


_DTYPES: tuple[tuple[Holds, Callable[[Any], bool]], ...] = (
    ("boolean", pd.api.types.is_bool_dtype),
    ("integer", pd.api.types.is_integer_dtype),
    ("number", pd.api.types.is_float_dtype),
    ("datetime", pd.api.types.is_datetime64_any_dtype),
    ("timedelta", _is_duration),
)


def holds(series: pd.Series) -> Holds:
    """What the column's values are, whatever its dtype."""
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return holds(pd.Series(dtype.categories))
    return next((kind for kind, is_one in _DTYPES if is_one(dtype)), None) or _inferred(series)


def _inferred(series: pd.Series) -> Holds:
    kind = _INFERRED.get(pd.api.types.infer_dtype(series, skipna=True), "other")
    if kind in ("mixed", "other") and any(_is_nested(v) for v in series):
        return "nested"
    return kind


def _is_nested(value: object) -> bool:
    return isinstance(value, list | tuple | dict | set | frozenset | np.ndarray | pd.Series | pd.DataFrame)


def is_number(text: str) -> bool:
    """Whether the text is a plain decimal number (no inf, no nan, no underscores, no thousands)."""
    return NUMBER.fullmatch(text) is not None


def is_integer(text: str) -> bool:
    """Whether the text is a whole number without a point."""
    return INTEGER.fullmatch(text) is not None


def has_leading_zero(text: str) -> bool:
    """'007' is a code, not the number 7."""
    return LEADING_ZERO.fullmatch(text) is not None


def as_numbers(series: pd.Series) -> Floats:
    """The column as float64, NaN where missing; text must be numbers (ValueError if not).

    A float32 counts as what it prints as: 0.1 of float32 is 0.1, not 0.10000000149.
    """
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        values = np.append(as_numbers(pd.Series(dtype.categories)), np.nan)
        return values[series.cat.codes.to_numpy()]
    if pd.api.types.is_numeric_dtype(dtype):
        numbers = series.to_numpy(dtype="float64", na_value=np.nan)
        narrow = pd.api.types.is_float_dtype(dtype) and getattr(dtype, "itemsize", 8) < 8
        return _shortest(numbers) if narrow else numbers.copy()
    pairs = zip(series, series.isna(), strict=True)
    return np.array([np.nan if gone else float(v) for v, gone in pairs], dtype=np.float64)


def _shortest(numbers: Floats) -> Floats:
    return numbers.astype(np.float32).astype("U").astype(np.float64)


def as_integers(series: pd.Series) -> list[int | None]:
    """An integer column exactly, None where missing."""
    return [None if gone else int(v) for v, gone in zip(series, series.isna(), strict=True)]


def as_text(series: pd.Series, form: str = "") -> Texts:
    """The column as str, None where missing. ``form``: strftime format of datetimes (else found)."""
    kind = holds(series)
    if kind == "datetime":
        stamps = as_stamps(series)
        return _objects(stamps.dt.strftime(form or datetime_format(series)), stamps.isna())
    if kind == "timedelta":
        return _objects(as_spans(series), series.isna())
    if kind == "integer":
        return _objects(as_integers(series), series.isna())
    if kind == "number":
        numbers = as_numbers(series)
        whole = bool((numbers == np.trunc(numbers))[~np.isnan(numbers)].all())
        words = [_number_text(v, whole=whole) for v in numbers]
        return _objects(words, np.isnan(numbers))
    return _objects(series, series.isna())


def _number_text(value: float, *, whole: bool) -> str:
    return str(int(value)) if whole and np.isfinite(value) else repr(float(value))


def _objects(values: Iterable[Any], missing: Iterable[bool]) -> Texts:
    words = [None if gone else str(v) for v, gone in zip(values, missing, strict=True)]
    out = np.empty(len(words), dtype=object)
    out[:] = words
    return out


def as_stamps(series: pd.Series) -> pd.Series:
    """A column of datetimes (dtype, category or Python objects) as a datetime64 column."""
    if isinstance(series.dtype, pd.ArrowDtype):  # its strftime differs
        zone = getattr(series.dtype.pyarrow_dtype, "tz", None)
        return series.astype(pd.DatetimeTZDtype(tz=zone) if zone else "datetime64[ns]")
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return series
    values = series.astype(object)
    aware = any(isinstance(v, dt.datetime) and v.tzinfo is not None for v in values)
    return pd.to_datetime(values, utc=aware)


def as_spans(series: pd.Series) -> pd.Series:
    """A column of durations (dtype, category or Python objects) as a timedelta64 column."""
    spans: pd.Series = pd.to_timedelta(series.astype(object))
    return spans


def datetime_format(series: pd.Series) -> str:
    """The shortest format that tells all the column's datetimes: to days, seconds or microseconds."""
    stamps = as_stamps(series).dropna()
    zone = "%z" if stamps.dt.tz is not None else ""
    if not zone and bool((stamps == stamps.dt.normalize()).all()):
        return "%Y-%m-%d"
    fraction = "" if bool((stamps.dt.microsecond == 0).all()) else ".%f"
    return f"%Y-%m-%d %H:%M:%S{fraction}{zone}"
