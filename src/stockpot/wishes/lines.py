"""Partial rows that a person gives, as lines to complete."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from stockpot.canonical import canonical_column, rounded
from stockpot.errors import ConditionError, SchemaError
from stockpot.schema import Column, Schema, nearest
from stockpot.transform import TIMES
from stockpot.wishes.condition import Condition
from stockpot.wishes.reading import digits_of
from stockpot.wishes.told import form_of, misread
from stockpot.wishes.wishes import Lines


def lines_of(rows: Any, schema: Schema, conditions: tuple[Condition, ...] = ()) -> Lines:
    """Cells that are missing, and columns that are not there, are to be drawn."""
    if not isinstance(rows, pd.DataFrame) or rows.empty:
        raise ConditionError(
            "There are no rows to complete: give a table (in Python a DataFrame) with some of the soup's "
            "columns."
        )
    plain = rows.set_axis([str(name) for name in rows.columns], axis=1).reset_index(drop=True)
    for name, double in zip(plain.columns, plain.columns.duplicated(), strict=True):
        if double:
            raise ConditionError(f"The rows to complete have two columns {name!r}: leave one out.")
        if name not in schema.names:
            raise ConditionError(
                f"The rows to complete have column {name!r}, which the soup lacks"
                f"{nearest(name, schema.names)}: leave it out."
            )
    cells = pd.DataFrame({c.name: _cells(plain[c.name], c) for c in schema.columns if c.name in plain})
    for one in conditions:
        if one.name in cells:
            _refuse(one, cells[one.name])
    return Lines(cells, cells.notna())


def completions(each: Any) -> int:
    """How many rows complete each line. ConditionError for what is no number of rows."""
    if isinstance(each, bool) or not isinstance(each, int | np.integer) or each < 1:
        raise ConditionError(f"Asked for {each!r} completions of each row: give a whole number above 0.")
    return int(each)


def _cells(values: pd.Series, column: Column) -> pd.Series:
    if not values.notna().any():  # whatever dtype a reader gave it
        return pd.Series([None] * len(values), dtype="float64" if column.sdtype == "numerical" else object)
    try:
        cells = canonical_column(values, column)
    except (SchemaError, ValueError) as error:
        raise ConditionError(f"The rows to complete cannot be read: {error}") from None
    _refuse_misfits(cells, column)
    return cells


def _refuse_misfits(cells: pd.Series, column: Column) -> None:
    """Cells that the column's form cannot hold."""
    known = cells.notna().to_numpy()
    if column.sdtype == "numerical":
        numbers = cells.to_numpy(dtype=np.float64)
        wrong = known & (rounded(numbers, column) != numbers)
        why = digits_of(column)
    elif column.sdtype in TIMES:
        wrong, why = misread(cells, column), form_of(column)
    elif column.holds == "boolean":
        wrong = known & ~cells.isin(["True", "False"]).to_numpy()
        why = "is true or false"
    else:
        return
    if wrong.any():
        line = int(np.argmax(wrong))
        raise ConditionError(
            f"Row {line} to complete, counted from 0, says {_said(cells.iloc[line])} in column "
            f"{column.name!r}, which {why}."
        )


def _refuse(condition: Condition, cells: pd.Series) -> None:
    wrong = cells.notna().to_numpy() & ~condition.meets(cells)
    if wrong.any():
        line = int(np.argmax(wrong))
        raise ConditionError(
            f"Row {line} to complete, counted from 0, says {_said(cells.iloc[line])} in column "
            f"{condition.name!r}, against '{condition.text}': leave one of them out."
        )


def _said(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else repr(value)
