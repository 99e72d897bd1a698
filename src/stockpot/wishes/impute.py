"""Missing cells of a table, filled with the middle of what a soup thinks of them: not a draw, but the median
or the most likely category, so that the error of a cell is as small as it can be.

Each cell is filled by itself, given the cells of its row that are there.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch

from stockpot import noise
from stockpot.canonical import restore_column
from stockpot.constraints.cells import Truths
from stockpot.constraints.rules import drawn
from stockpot.draw import Ladle, conditional
from stockpot.families.base import Central, Given
from stockpot.schema import Column
from stockpot.wishes.told import told

DRAWS = 32
"""Of a family that knows no cell's distribution, so many completions of a row are drawn ..."""
AT_ONCE = 64
"""... for so many rows at once."""


def imputed(ladle: Ladle, table: pd.DataFrame) -> pd.DataFrame:
    """The table with the cells filled that the soup knows of; SchemaError for a column that it lacks."""
    rows = told(table, ladle.schema, "The table to impute")
    learned = ladle.transform.forward(rows)
    filled = ladle.rules.mend(ladle.transform.back(_filled(ladle, learned), 0, 0))
    out = table.copy()
    for name in drawn(ladle.transform):
        gone = rows[name].isna().to_numpy() & filled[name].notna().to_numpy()
        if gone.any():
            out[name] = _put(out[name], filled[name], gone, ladle.schema.column(name))
    return out


def _filled(ladle: Ladle, learned: pd.DataFrame) -> pd.DataFrame:
    if not bool(learned.isna().any(axis=None)):
        return learned
    program, scale = ladle.program, 1 / ladle.temperature
    if isinstance(program, Central):
        with torch.no_grad():
            return program.centres(ladle.weights, ladle.menagerie, learned, scale, ladle.mix)
    gone = np.flatnonzero(learned.isna().any(axis=1))
    out = learned.copy()
    for start in range(0, len(gone), AT_ONCE):
        part = gone[start : start + AT_ONCE]
        out.iloc[part] = _middles(ladle, learned.iloc[part].reset_index(drop=True), start).to_numpy()
    return out


def _middles(ladle: Ladle, rows: pd.DataFrame, number: int) -> pd.DataFrame:
    """The rows, each filled with the middle of ``DRAWS`` completions; a cell that none of them fills stays
    missing.
    """
    lines = np.repeat(np.arange(len(rows)), DRAWS)
    given = Given(len(rows), rows, rows.notna()).take(lines)
    generator = torch.Generator().manual_seed(noise.key("impute", number))
    program = conditional(ladle.program)
    found = program.complete(
        ladle.weights, ladle.menagerie, given, generator, 1 / ladle.temperature, ladle.mix
    )
    owner, drawn_rows = lines[found.valid], found.frame[found.valid]
    out = rows.copy()
    for name in rows:
        middle = drawn_rows[name].groupby(owner).agg(_middle)
        out[name] = rows[name].where(rows[name].notna(), middle.reindex(range(len(rows))))
    return out


def _middle(values: pd.Series) -> object:
    """A value that was drawn, in the middle of them; of words, the one that came most often."""
    known = values.dropna()
    if known.empty:
        return None
    if pd.api.types.is_float_dtype(known.dtype):
        return known.quantile(0.5, interpolation="lower")
    return known.mode().iloc[0]


def _put(values: pd.Series, filled: pd.Series, gone: Truths, column: Column) -> pd.Series:
    """The filled cells in the dtype of the others."""
    cells = _like(values, filled[gone], column)
    put = values.copy()
    if isinstance(put.dtype, pd.CategoricalDtype):
        put = put.cat.add_categories([v for v in cells.unique() if v not in put.cat.categories])
    elif put.dtype != object:
        put, cells = _agreed(put, cells)
    put[gone] = cells.to_numpy()
    return put


def _like(values: pd.Series, filled: pd.Series, column: Column) -> pd.Series:
    """As text where the others are text, as numbers where they are numbers."""
    cells = restore_column(filled.to_numpy(), column)
    if column.sdtype == "numerical" and pd.api.types.is_numeric_dtype(values.dtype) and values.notna().any():
        return filled
    if pd.api.types.infer_dtype(values, skipna=True) == "string":
        return cells.astype(str) if column.sdtype == "numerical" else filled
    return cells


def _agreed(values: pd.Series, cells: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Of one dtype: the values' own if it holds the cells, and is more than a reader's of no values."""
    number = pd.api.types.is_numeric_dtype(cells.dtype) and not pd.api.types.is_bool_dtype(cells.dtype)
    if values.dtype == np.float64 and not number and not values.notna().any():
        return values.astype(object), cells
    try:
        return values, cells.astype(values.dtype)
    except (TypeError, ValueError):
        return values.astype(object), cells
