"""What a person says a value is, as the column's canonical value."""

from __future__ import annotations

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


def moment(value: Any, column: Column, text: str) -> np.datetime64:
    """A datetime as ``of_column`` compares them: UTC where the column has a zone, else the wall clock."""
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
    if not isinstance(value, str) or column.written is None:
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
        digits = f"{column.decimals} digits after the point" if column.decimals else "whole numbers"
        raise ConditionError(f"'{text}' asks for {value:g}: column {column.name!r} has {digits}.")
    if column.sdtype not in ("datetime", "timedelta"):
        return value
    cells = pd.Series([value], dtype=object)
    coarse = units.told(units.counted(cells, column), column)[0]
    finer = column.sdtype == "datetime" and of_column(cells, column).values[0] != moment(said, column, text)
    if finer or coarse != value:
        raise ConditionError(
            f"'{text}' asks for {said!r}, which lies between two values of column {column.name!r}: the "
            f"nearest is {coarse}."
        )
    return value


def _truth(value: Any, column: Column, text: str) -> str:
    told = TRUTHS.get(str(value).strip().casefold())
    if told is None:
        raise ConditionError(f"'{text}' asks for {value!r}: column {column.name!r} is true or false.")
    return told


def _stamp(value: Any, column: Column, text: str) -> pd.Timestamp:
    try:
        if isinstance(value, str) and column.format:
            return pd.to_datetime(value.strip(), format=column.format)
    except ValueError:
        pass  # another spelling of a datetime
    try:
        return pd.Timestamp(value)
    except (TypeError, ValueError, OverflowError):
        raise ConditionError(
            f"'{text}' asks for {value!r}: column {column.name!r} holds datetimes, as in 2026-01-31."
        ) from None


def _time(value: Any, column: Column, text: str) -> str:
    if column.sdtype == "timedelta":
        return _span(value, column, text)
    stamp = _stamp(value, column, text)
    if stamp.tzinfo is not None:
        stamp = stamp.tz_convert(column.zone if units.is_zone(column.zone) else "UTC").tz_localize(None)
    return units.written(pd.Series([stamp.as_unit("ns")]), column)[0]


def _span(value: Any, column: Column, text: str) -> str:
    try:
        span = pd.Timedelta(units.nanoseconds([value])[0] if isinstance(value, str) else value)
    except (TypeError, ValueError, OverflowError):
        raise ConditionError(
            f"'{text}' asks for {value!r}: column {column.name!r} holds durations, as in '3 days 02:00:00'."
        ) from None
    return str(units.told(np.array([span.value / units.NANOSECONDS[column.unit]]), column)[0])
