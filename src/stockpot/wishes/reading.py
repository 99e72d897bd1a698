"""What a person says a value is, as the column's canonical value."""

from __future__ import annotations

import re
from typing import Any, TypeGuard

import numpy as np
import pandas as pd

from stockpot import units
from stockpot.canonical import rounded
from stockpot.constraints.cells import of_column
from stockpot.errors import ConditionError
from stockpot.schema import Column
from stockpot.values import as_text, is_number

TRUTHS = {"true": "True", "yes": "True", "1": "True", "false": "False", "no": "False", "0": "False"}

EARLIEST, LATEST = 1678, 2261
"""Years that nanoseconds in 64 bits hold."""

MONTHS = 12
_EITHER = re.compile(r"\s*(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}(?!\d)")


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
    form = column.written
    if not isinstance(value, str) or form is None:
        return float(value)
    said, mark = value.strip(), re.escape(form.thousands)
    number = said.removeprefix("-").removeprefix(form.prefix).removesuffix(form.suffix)  # kr. has a point
    if mark and re.search(rf"(?<!\d){mark}|{mark}(?!\d{{3}}(?!\d))", number):  # misplaced
        return float(said)
    try:
        return form.read(said)
    except ValueError:
        return float(said)


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
    if isinstance(value, str) and not _follows(value, column.format) and _of_two_months(value):
        raise ConditionError(
            f"'{text}' asks for {value!r}, which may be of two months: write it as in 2026-01-31."
        )
    stamp: Any = _stamped(value, column.format)
    if pd.isna(stamp) or not EARLIEST <= stamp.year <= LATEST:
        raise ConditionError(
            f"'{text}' asks for {value!r}: column {column.name!r} holds datetimes from {EARLIEST} to "
            f"{LATEST}, as in 2026-01-31."
        )
    return stamp  # type: ignore[no-any-return]


def _follows(text: str, form: str) -> bool:
    return bool(form) and pd.notna(pd.to_datetime(text.strip(), format=form, errors="coerce"))


def _of_two_months(text: str) -> bool:
    """Whether a day and a month are told by numbers of which either could be the other."""
    found = _EITHER.match(text)
    parts = {int(found[1]), int(found[2])} if found else set()
    return len(parts) == 2 and max(parts) <= MONTHS


def _stamped(value: Any, form: str) -> pd.Timestamp | None:
    """In the column's form, or another spelling of a datetime; None if it is none."""
    if is_real(value):  # pandas would count nanoseconds
        return None
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
    if pd.isna(span) or (span and _has_no_unit(value)):
        raise ConditionError(
            f"'{text}' asks for {value!r}: column {column.name!r} holds durations, as in '3 days 02:00:00'."
        )
    return span  # type: ignore[no-any-return]


def _has_no_unit(value: Any) -> bool:
    """Whether it is a number, which pandas would count as nanoseconds."""
    return is_real(value) or (isinstance(value, str) and is_number(value))


def is_real(value: object) -> TypeGuard[float]:
    """Whether it is a number of Python's or numpy's, whose durations are integers by class."""
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, np.timedelta64)
