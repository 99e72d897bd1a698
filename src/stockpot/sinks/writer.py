"""What all writers share: blocks of rows in the table's dtypes, and how a value is printed.

Numbers have the column's digits; whole numbers of a column that pandas holds as float64 only because values
are missing are written 1, not 1.0.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import pandas as pd

from stockpot.canonical import canonical, rounded
from stockpot.schema import Column, Schema
from stockpot.values import as_stamps, as_text


class Writer(ABC):
    """Takes blocks of rows in the table's dtypes. ``rows``: so many were written."""

    rows = 0

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def write(self, block: pd.DataFrame) -> None:
        """Append a block's rows."""
        if tuple(block.columns) != self.schema.names:
            raise ValueError(
                f"The block has columns {list(block.columns)}, the schema {list(self.schema.names)}."
            )
        self._append(block.reset_index(drop=True))
        self.rows += len(block)

    @abstractmethod
    def _append(self, block: pd.DataFrame) -> None: ...

    @abstractmethod
    def close(self) -> None:
        """Write what is left; the file itself is its opener's to close."""


def printed(block: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """The block with every value as it should be printed."""
    return pd.DataFrame(
        {c.name: _printed_column(block[c.name], c) for c in schema.columns}, columns=list(schema.names)
    )


def plain_rows(block: pd.DataFrame, schema: Schema) -> list[tuple[Any, ...]]:
    """The block's rows in Python's own types, None for missing, datetimes as such."""
    columns = [_plain_column(block[c.name], c) for c in schema.columns]
    return list(zip(*columns, strict=True))


def is_datetime(column: Column) -> bool:
    """Whether the dtype holds datetimes: a column of text that says them stays text."""
    return column.holds == "datetime"


def _plain_column(series: pd.Series, column: Column) -> list[Any]:
    if is_datetime(column):
        return [None if pd.isna(v) else v.to_pydatetime() for v in as_stamps(series)]
    plain = series if column.holds == "date" else _printed_column(series, column)
    return [None if gone else v for v, gone in zip(plain.astype(object), plain.isna(), strict=True)]


def _printed_column(series: pd.Series, column: Column) -> pd.Series:
    if column.holds == "timedelta":
        return pd.Series(as_text(series), dtype=object)
    if column.format and column.holds in ("datetime", "date"):
        return pd.Series(as_text(series, column.format), dtype=object)
    if column.sdtype != "numerical" or column.dtype == "category":
        return series
    if not pd.api.types.is_float_dtype(series.dtype):
        return series
    numbers = rounded(canonical(series.to_frame(), Schema((column,)))[column.name].to_numpy(), column)
    if column.decimals == 0 and column.missing:
        return pd.Series(numbers).astype("Int64")
    return pd.Series(numbers)
