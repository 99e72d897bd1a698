"""Between a table's canonical rows and the rows that a family learns.

A family learns the sdtypes that it says it learns, as they are; a datetime or duration that it does not is a
number of whole units. Ids and personal data are never learned: what is, is whether they are missing. Nothing
here is fitted on rows: all follows from the table's schema and the family, so a soup's folder needs nothing
more to draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from stockpot import units
from stockpot.afresh import made
from stockpot.column import Column
from stockpot.errors import SchemaError
from stockpot.families import family
from stockpot.schema import Schema
from stockpot.values import Texts

PRESENT = "True"
"""What is learned of a value that is there and made afresh."""
TIMES = ("datetime", "timedelta")


@dataclass(frozen=True)
class Transform:
    """``schema``: the table's, column by column what is drawn. ``learned``: what the family learns."""

    schema: Schema
    learned: Schema

    @property
    def plain(self) -> bool:
        """Whether every column is learned as it is."""
        return self.learned == self.schema

    def forward(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Canonical rows of the table, or some of its columns, as learned ones (where all is plain, the same
        frame).
        """
        if self.plain:
            return frame
        names = [name for name in self.learned.names if name in frame]
        found = {name: self._forward(frame[name], self.schema.column(name)) for name in names}
        return pd.DataFrame(found, index=frame.index, columns=names)

    def _forward(self, values: pd.Series, column: Column) -> pd.Series:
        if column == self.learned.column(column.name):
            return values
        if column.sdtype in TIMES:
            return pd.Series(units.counted(values, column), index=values.index)
        return values.where(values.isna(), PRESENT)

    def back(self, frame: pd.DataFrame, key: int, start: int) -> pd.DataFrame:
        """Learned canonical rows as the table's. What is not learned is made afresh, by ``key``, the same one
        for all blocks of a draw; ``start``: rows drawn before these.
        """
        if self.plain:
            return frame
        found = {c.name: self._back(frame, c, key, start) for c in self.schema.columns}
        return pd.DataFrame(found, index=frame.index, columns=list(self.schema.names))

    def _back(self, frame: pd.DataFrame, column: Column, key: int, start: int) -> pd.Series | Texts:
        if column.afresh is not None:
            fresh = made(column, len(frame), key, start)
            if column.name in frame:
                fresh[frame[column.name].isna().to_numpy()] = None
            return fresh
        values = frame[column.name]
        if column == self.learned.column(column.name):
            return values
        return units.told(values.to_numpy(dtype=np.float64), column)


def transform_of(schema: Schema, model: str) -> Transform:
    """The transform of a table for the family called ``model``. SchemaError if there is nothing to learn."""
    learns = family(model).learns
    found = [told for column in schema.columns if (told := _learned(column, learns)) is not None]
    if not found:
        raise SchemaError("Every column is an id or personal data, so there is nothing to learn: add others.")
    if tuple(found) == schema.columns:
        return Transform(schema, schema)
    return Transform(schema, Schema(tuple(found)))


def _learned(column: Column, learns: frozenset[str]) -> Column | None:
    if column.afresh is not None:
        return Column(column.name, "categorical", "object", None, missing=True) if column.missing else None
    if column.sdtype in TIMES and column.sdtype not in learns:
        return Column(column.name, "numerical", "float64", 0, holds="number", missing=column.missing)
    return column
