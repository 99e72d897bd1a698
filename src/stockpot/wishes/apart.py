"""A distance that drawn rows keep from real ones."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from stockpot.canonical import restore
from stockpot.constraints.cells import Truths
from stockpot.constraints.rule import Rule
from stockpot.constraints.spelling import Sentence
from stockpot.errors import ConfigError
from stockpot.schema import Schema
from stockpot.score.align import Kinds, align, kinds_of_schema
from stockpot.score.privacy import Records
from stockpot.wishes.reading import is_real
from stockpot.wishes.told import told


@dataclass(frozen=True)
class Apart(Rule):
    """Rows nearer to a real one than ``least`` are rejected: Gower's distance, averaged over the columns that
    are learned, in [0, 1].
    """

    records: Records
    least: float
    even: ClassVar[bool] = True

    @classmethod
    def of(cls, least: object, real: pd.DataFrame | None, schema: Schema) -> Apart:
        """ConfigError for a distance out of range, or without rows to keep it from."""
        if least is None:
            raise ConfigError(
                "A table to keep a distance from was given, and no distance: say how far (apart, --apart)."
            )
        if isinstance(least, bool) or not is_real(least) or not 0 < float(least) < 1:
            raise ConfigError(
                f"A distance of {least!r} to real rows was asked for: give one above 0, below 1."
            )
        if real is None:
            raise ConfigError(
                "A distance to real rows was asked for, and a soup holds none: give the table as well "
                "(apart_from, --apart-from)."
            )
        kinds = kinds_of_schema(schema)
        rows = _aligned(real, schema, kinds)
        text = f"at least {least:g} from every real row"
        return cls(
            Sentence(text, ast.Constant(value=True), {}), schema, Records.of(rows, kinds), float(least)
        )

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.records.kinds)

    def holds(self, frame: pd.DataFrame) -> Truths:
        rows = align(restore(frame, self.schema), self.records.kinds)
        far = self.records.distances(rows, slice(0, len(self.records.frame)))
        held: Truths = far / max(1, len(self.records.kinds)) >= self.least
        return held


def _aligned(real: pd.DataFrame, schema: Schema, kinds: Kinds) -> pd.DataFrame:
    """As drawn rows come. A UserError says what the soup's columns cannot hold."""
    rows = told(real, schema, "The table to keep a distance from")
    if not len(rows):
        raise ConfigError("The table to keep a distance from has no rows: give the real ones.")
    try:
        return align(restore(rows, schema), kinds)
    except (KeyError, ValueError) as error:
        why = str(error).rstrip(".")
        raise ConfigError(f"The table to keep a distance from does not fit the soup ({why}).") from None
