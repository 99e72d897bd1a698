"""Between a table's canonical rows and the rows that a family learns.

A family learns the sdtypes that it says it learns, as they are. Nothing here is fitted on rows: all follows
from the table's schema and the family, so a soup's folder needs nothing more to draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from stockpot.schema import Schema


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
        return frame[[name for name in self.learned.names if name in frame]]

    def back(self, frame: pd.DataFrame, key: int, start: int) -> pd.DataFrame:
        """Learned canonical rows as the table's. What is not learned is made afresh, by ``key``, the same one
        for all blocks of a draw; ``start``: rows drawn before these.
        """
        del key, start
        return frame


def transform_of(schema: Schema, model: str) -> Transform:
    """The transform of a table for the family called ``model``."""
    del model
    return Transform(schema, schema)
