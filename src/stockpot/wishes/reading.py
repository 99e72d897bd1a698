"""What a person says a value is, as the column's canonical value."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from stockpot import units
from stockpot.canonical import rounded
from stockpot.constraints.cells import of_column
from stockpot.errors import ConditionError
from stockpot.schema import Column
from stockpot.values import as_text

TRUTHS = {"true": "True", "yes": "True", "1": "True", "false": "False", "no": "False", "0": "False"}

EARLIEST, LATEST = 1678, 2261
"""Years that nanoseconds in 64 bits hold."""


def value_of(value: Any, column: Column, text: str) -> object:
    """None for a missing value. ConditionError for what no cell of the column can say; ``text`` is the
    condition as it was given.
    """
    if value is None or bool(np.all(pd.isna(value))):
        return None
    if column.sdtype == "numerical":
        return _number(value, column, text)
    if column.sdtype in ("datetime", "timedelta"):
        return _time(value, column, text)
    if column.holds == "boolean":
        return _truth(value, column, text)
    if column.holds in ("integer", "number") and not isinstance(value, str):
        return as_text(pd.Series([value]))[0]
    return str(value)


def point(value: Any, column: Column, text: str) -> np.datetime64 | np.timedelta64 | None:
    """A datetime or duration in nanoseconds, as ``of_column`` compares them; None in another column."""
    if column.sdtype == "timedelta":
        return _duration(value, column, text).as_unit("ns").to_timedelta64()
    return _moment(value, column, text) if column.sdtype == "datetime" else None


def _moment(value: Any, column: Column, text: str) -> np.datetime64:
    """UTC where the column has a zone, else the wall clock."""
    stamp = _stamp(value, column, text)
    if stamp.tzinfo is None and units.is_zone(column.zone):
        stamp = stamp.tz_localize(column.zone, ambiguous=True, nonexistent="shift_forward")
    plain = stamp.tz_convert("UTC").tz_localize(None) if stamp.tzinfo else stamp
    found: np.datetime64 = plain.to_datetime64().astype("datetime64[ns]")
    return found


def _number(value: Any, column: Column, text: str) -> float:
    try:
        number = _read(value, column)
    except (TypeError, ValueError):
        raise ConditionError(f"'{text}' asks for {value!r}: column {column.name!r} is numerical.") from None
    if not np.isfinite(number):
        raise ConditionError(f"'{text}' asks for {value!r}, which is no number of column {column.name!r}.")
    return number


def _read(value: Any, column: Column) -> float:
    mark = column.written.thousands if column.written else ""
    misplaced = mark and re.search(rf"{re.escape(mark)}(?!\d{{3}}(?!\d))", str(value))
    if not isinstance(value, str) or column.written is None or misplaced:
        return float(value)
    try:
        return column.written.read(value.strip())
    except ValueError:
        return float(value)


def exact(value: object, said: Any, column: Column, text: str) -> object:
    """The value, if a cell of the column can be just what was said; else ConditionError."""
    if value is None:
        return None
    if column.sdtype == "numerical" and float(rounded(np.array([value]), column)[0]) != value:
        raise ConditionError(f"'{text}' asks for {said!r}: column {column.name!r} {digits_of(column)}.")
    if column.sdtype not in ("datetime", "timedelta"):
        return value
    cells = pd.Series([value], dtype=object)
    coarse = units.told(units.counted(cells, column), column)[0]
    if coarse != value or of_column(cells, column).values[0] != point(said, column, text):
        raise ConditionError(
            f"'{text}' asks for {said!r}, which lies between two values of column {column.name!r}: the "
            f"nearest is {coarse}."
        )
    return value


def digits_of(column: Column) -> str:
    """Of a column of numbers, for a sentence."""
    digits = column.decimals or 0
    return f"has {digits} digit{'s' * (digits > 1)} after the point" if digits else "holds whole numbers"


def _truth(value: Any, column: Column, text: str) -> str:
    told = TRUTHS.get(str(value).strip().casefold())
    if told is None:
        raise ConditionError(f"'{text}' asks for {value!r}: column {column.name!r} is true or false.")
    return told


def _stamp(value: Any, column: Column, text: str) -> pd.Timestamp:
    stamp: Any = _stamped(value, column.format)
    if pd.isna(stamp) or not EARLIEST <= stamp.year <= LATEST:
        raise ConditionError(
            f"'{text}' asks for {value!r}: column {column.name!r} holds datetimes from {EARLIEST} to "
            f"{LATEST}, as in 2026-01-31."
        )
    return stamp  # type: ignore[no-any-return]


def _stamped(value: Any, form: str) -> pd.Timestamp | None:
    """In the column's form, or another spelling of a datetime; None if it is none."""
    try:
        if isinstance(value, str) and form:
            return pd.to_datetime(value.strip(), format=form)
    except ValueError:
        pass
    try:
        return pd.Timestamp(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _time(value: Any, column: Column, text: str) -> str:
    if column.sdtype == "timedelta":
        span = _duration(value, column, text).value / units.NANOSECONDS[column.unit]
        return str(units.told(np.array([span]), column)[0])
    stamp = _stamp(value, column, text)
    if stamp.tzinfo is not None:
        stamp = stamp.tz_convert(column.zone if units.is_zone(column.zone) else "UTC").tz_localize(None)
    return units.written(pd.Series([stamp.as_unit("ns")]), column)[0]


def _duration(value: Any, column: Column, text: str) -> pd.Timedelta:
    span: Any
    try:
        span = pd.Timedelta(units.nanoseconds([value])[0] if isinstance(value, str) else value)
    except (TypeError, ValueError, OverflowError):
        span = None
    if pd.isna(span):
        raise ConditionError(
            f"'{text}' asks for {value!r}: column {column.name!r} holds durations, as in '3 days 02:00:00'."
        )
    return span  # type: ignore[no-any-return]
