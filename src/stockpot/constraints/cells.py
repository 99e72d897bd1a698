"""The values of a column or a formula, row by row, with what is known of them.

Truth has three values, as in SQL: what compares with a missing value is unknown, and neither holds nor fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpot import units
from stockpot.schema import Column
from stockpot.values import Floats

Kind = Literal["number", "text", "truth", "time", "span"]
Array: TypeAlias = npt.NDArray[Any]
Truths: TypeAlias = npt.NDArray[np.bool_]

CALLED: dict[Kind, str] = {
    "number": "numbers",
    "text": "text",
    "truth": "true or false",
    "time": "datetimes",
    "span": "spans of time",
}


@dataclass(frozen=True)
class Cells:
    """``values`` and whether each is ``known``; one value stands for all rows. ``order``: of an ordered
    category, its levels.
    """

    kind: Kind
    values: Array
    known: Truths
    order: tuple[str, ...] = ()


def of_column(values: pd.Series, column: Column) -> Cells:
    """A column of a canonical frame."""
    known = values.notna().to_numpy()
    if column.sdtype == "numerical":
        return Cells("number", np.where(known, values.to_numpy(dtype=np.float64), 0.0), known)
    if column.sdtype == "datetime":
        return _times(values, column, known)
    if str(column.sdtype) == "timedelta":
        spans = pd.to_timedelta(units.with_seconds(values), errors="coerce").to_numpy(dtype="timedelta64[ns]")
        return Cells("span", spans, known & ~np.isnat(spans))
    if column.sdtype == "boolean" and column.holds == "boolean":
        return Cells("truth", (values == "True").to_numpy(), known)
    if column.holds in ("integer", "number"):
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64)
        return Cells("number", np.where(known, numbers, 0.0), known)
    texts = values.where(values.notna(), "").to_numpy(dtype=object)
    return Cells("text", texts, known, column.levels if column.ordered else ())


def _times(values: pd.Series, column: Column, known: Truths) -> Cells:
    read = pd.to_datetime(values, format=column.format or None, utc=True, errors="coerce")
    stamps = read.dt.tz_localize(None).to_numpy(dtype="datetime64[ns]")
    return Cells("time", stamps, known & ~np.isnat(stamps))


def of_value(value: object) -> Cells:
    """A constant."""
    if isinstance(value, bool):
        return Cells("truth", np.array([value]), np.array([True]))
    if isinstance(value, int | float):
        return Cells("number", np.array([float(value)]), np.array([True]))
    return Cells("text", np.array([str(value)], dtype=object), np.array([True]))


def as_time(cells: Cells) -> Cells | None:
    """A constant text as a datetime, or None if it is none."""
    return _read(cells, "time")


def as_span(cells: Cells) -> Cells | None:
    """A constant text ("3 days") as a span of time, or None if it is none."""
    return _read(cells, "span")


def _read(cells: Cells, kind: Literal["time", "span"]) -> Cells | None:
    if cells.kind != "text" or len(cells.values) != 1:
        return None
    try:
        if kind == "span":
            return Cells(
                kind,
                np.array([pd.Timedelta(units.nanoseconds([str(cells.values[0])])[0]).to_timedelta64()]),
                cells.known,
            )
        stamp = pd.Timestamp(cells.values[0])
    except (ValueError, TypeError, OverflowError):
        return None
    plain = stamp.tz_convert("UTC").tz_localize(None) if stamp.tzinfo else stamp
    return Cells(kind, np.array([plain.to_datetime64()]).astype("datetime64[ns]"), cells.known)


def to_canonical(cells: Cells, column: Column, rows: int) -> tuple[Array, Truths]:
    """(values as a canonical frame has them, known) of a formula that gives the column."""
    known = np.broadcast_to(cells.known, rows)
    values = np.broadcast_to(cells.values, rows)
    if cells.kind == "number":
        numbers: Floats = np.where(known, values, np.nan)
        return numbers, known
    words = values
    if cells.kind == "truth":
        words = np.where(values, "True", "False")
    elif cells.kind == "time":
        words = pd.DatetimeIndex(values).strftime(column.format).to_numpy()
    out = np.empty(rows, dtype=object)
    out[:] = [str(w) if k else None for w, k in zip(words, known, strict=True)]
    return out, known
