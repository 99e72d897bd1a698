"""A table as a family can serve it: what it cannot learn is left out, and what it never draws is told."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from stockpot.column import Column
from stockpot.errors import SchemaError
from stockpot.families import family
from stockpot.table import Table
from stockpot.transform import transform_of

TOLD = 0.05
"""A share of rows with a category of their own that is worth a sentence."""


def served(table: Table, model: str) -> Table:
    """The table without free text that the family does not learn, and with its notes. SchemaError if nothing
    is left.
    """
    learns = family(model).learns
    lost = [c.name for c in table.schema.columns if c.sdtype == "text" and "text" not in learns]
    if len(lost) == len(table.schema.columns):
        raise SchemaError(f"Every column is free text, which {model} does not learn: use --model char.")
    left = table.without(*lost) if lost else table
    family(model).refuse(transform_of(left.schema, model).learned)
    notes = [
        f"Column {name!r} is free text, which the {model} family does not learn: the drawn rows lack it "
        "(--model char learns it)."
        for name in lost
    ]
    notes += [
        f"Column {c.name!r} is free text: from few rows {model} learns whole texts by heart and draws them, "
        f"so leave it out (--drop {c.name!r}) if they tell of somebody."
        for c in left.schema.columns
        if c.sdtype == "text"
    ]
    notes += [
        note for c in left.schema.columns if model == "field" and (note := _rare(c, left.frame[c.name]))
    ]
    if not lost and not notes:
        return table
    known = [
        note for note in left.notes if not any(note == c.note for c in table.schema.columns if c.name in lost)
    ]
    return replace(left, notes=(*known, *(note for note in notes if note not in known)))


def _rare(column: Column, series: pd.Series) -> str:
    """Of a category, how much of it is never drawn."""
    if column.sdtype != "categorical":
        return ""
    counts = series.value_counts()
    alone = int((counts == 1).sum())
    if alone < TOLD * len(series):
        return ""
    return (
        f"{alone} of {len(series)} rows have a value of column {column.name!r} that no other row has: such "
        "values are never drawn, so that nobody is told of."
    )
