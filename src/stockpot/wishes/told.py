"""Whole tables that a person gives beside a soup, as canonical rows of its columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from stockpot.canonical import canonical
from stockpot.constraints.cells import Truths, of_column
from stockpot.errors import SchemaError, TableError
from stockpot.schema import Column, Schema
from stockpot.transform import TIMES


def told(table: Any, schema: Schema, what: str) -> pd.DataFrame:
    """A UserError says which column or cell is not as the soup knows it; ``what`` the table is for."""
    if not isinstance(table, pd.DataFrame):
        raise TableError(f"{what} is a {type(table).__name__}: give a DataFrame.")
    for name in table.columns[table.columns.duplicated()]:
        raise TableError(f"{what} has two columns {name!r}: rename one of them.")
    rows = canonical(table, schema)
    for column in schema.columns:
        if column.sdtype in TIMES and (wrong := misread(rows[column.name], column)).any():
            line = int(np.argmax(wrong))
            raise SchemaError(
                f"Row {line}, counted from 0, says {rows[column.name].iloc[line]!r} in column "
                f"{column.name!r}, which {form_of(column)}: mend the cell."
            )
    return rows


def misread(cells: pd.Series, column: Column) -> Truths:
    """Cells of a datetime or duration that are not of its form."""
    misfit: Truths = cells.notna().to_numpy() & ~of_column(cells, column).known
    return misfit


def form_of(column: Column) -> str:
    """Of a datetime or duration, for a sentence."""
    called = "durations" if column.sdtype == "timedelta" else "datetimes"
    return f"holds {called}{' of the form ' * bool(column.format)}{column.format}"
