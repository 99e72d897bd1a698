"""Forgetting rows: the soup of the fold that never saw them, out of what a cook trained anyway.

Each fold's menagerie is a whole one that learned from none of the fold's rows: not through its ingredients,
base, codec or marginals. So a row is forgotten by shipping another soup, and nothing is trained. Rows are
counted from 0, in the order of the table's file, as pandas counts them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from stockpot.config import CookConfig
from stockpot.cook import account, numbers_apart
from stockpot.dish import Dish
from stockpot.draw import Ladle
from stockpot.errors import ConfigError
from stockpot.families import family
from stockpot.rake import Margins
from stockpot.recipes.mixture import Mixture
from stockpot.schema import Column, Schema, detect
from stockpot.table import Table
from stockpot.tally import Tally
from stockpot.taste import Taste, winner
from stockpot.transform import Transform, transform_of


@dataclass(frozen=True)
class Forgotten:
    """``rows``: numbers in the whole table; ``places``: among the learning rows. All lie in fold ``fold``."""

    tally: Tally
    rows: tuple[int, ...]
    places: tuple[int, ...]
    fold: int

    @cached_property
    def taste(self) -> Taste:
        """What the other folds chose: the candidate that lost least on them. Fold ``fold`` has no vote."""
        folds = range(self.tally.kitchen.plan.folds)
        return winner(self.tally.tasting.tastes, (f for f in folds if f != self.fold))

    @property
    def mixture(self) -> Mixture:
        """Proportions that the other folds chose."""
        return self.taste.of_folds[self.fold]

    @cached_property
    def learned(self) -> Table:
        """The rows that the fold's menagerie learned from, under a schema that they alone tell."""
        table = self.tally.kitchen.table
        rows = self.tally.kitchen.deal.learning(self.fold)
        frame = table.frame.iloc[rows].reset_index(drop=True)
        return replace(table, frame=frame, schema=retold(table, frame), notes=())

    @cached_property
    def ladle(self) -> Ladle:
        """What draws from the soup that never saw the rows."""
        program = self.tally.kitchen.program.only(self.fold)
        margins = Margins.fit(self._learned_rows, self._transform.learned)
        ladle = self.tally.ladle(self.fold, self.mixture)
        return replace(ladle, program=program, menagerie=0, transform=self._transform, margins=margins)

    @cached_property
    def _transform(self) -> Transform:
        return transform_of(self.learned.schema, self.tally.kitchen.plan.model)

    @cached_property
    def _learned_rows(self) -> pd.DataFrame:
        """The rows that were learned from, as the family learns them."""
        return self._transform.forward(self.learned.canonical)

    @property
    def provenance(self) -> Mapping[str, Any]:
        return account(self.learned, self.taste.name, self.mixture, self.tally.kitchen.plan)

    @property
    def left(self) -> Table:
        """The table's learning rows but those that are forgotten."""
        table = self.tally.kitchen.table
        return table.take(np.setdiff1d(np.arange(table.rows), self.places))

    @property
    def equals(self) -> int:
        """How many rows that were learned from equal a forgotten one in every column: these it did see."""
        asked = set(_told(self.tally.kitchen.frame.iloc[list(self.places)]))
        learning = self.tally.kitchen.learning(self.fold)
        return sum(row in asked for row in _told(learning))

    @property
    def own_codec(self) -> bool:
        """Whether the codec is, to the last digit, what the rows that were learned from give by themselves;
        else the whole table's forms (digits, dates) are in it.
        """
        plan = self.tally.kitchen.plan
        alone = family(plan.model).fit([self._learned_rows], self._transform.learned, dict(plan.net))
        return alone.to_json()["codecs"] == self.ladle.program.to_json()["codecs"]


def fold_of(dish: Dish, config: CookConfig, total: int, rows: Sequence[int]) -> tuple[tuple[int, ...], int]:
    """Of rows of a table of ``total``: their places among the learning rows, and the fold that held them all
    out. ConfigError where there is none.
    """
    learning, places = _places(config, total, rows)
    if not dish.plan.folds:
        raise ConfigError(
            "Option 'folds' is 0, so every model of this cook learned from every row: cook the table with "
            "folds, or without the rows."
        )
    folds = dish.plan.deal(learning).folds
    own = [next(number for number, part in enumerate(folds) if place in part) for place in places]
    if len(set(own)) > 1:
        told = ", ".join(f"row {row} in fold {fold}" for row, fold in zip(rows, own, strict=True))
        raise ConfigError(
            f"No soup was made without all of these rows, since different folds held them out ({told}): "
            "forget rows of one fold, or cook the table without them."
        )
    return tuple(places), own[0]


def _places(config: CookConfig, total: int, rows: Sequence[int]) -> tuple[int, list[int]]:
    """How many rows were learned from, and where among them these rows of the table are."""
    odd = next((row for row in rows if not 0 <= row < total), None)
    if odd is not None:
        raise ConfigError(
            f"There is no row {odd}: the table has {total}, counted from 0, so the last one is {total - 1}."
        )
    learning, beyond = numbers_apart(total, config)
    apart = next((row for row in rows if row in beyond), None)
    if apart is not None:
        raise ConfigError(
            f"Row {apart} is one of the holdout: nothing learned from it, so there is nothing to forget."
        )
    return len(learning), [int(np.searchsorted(learning, row)) for row in rows]


def retold(table: Table, frame: pd.DataFrame) -> Schema:
    """The schema of some of a table's rows. What the whole table said a column is (its sdtype, dtype and
    form) stays, because the models learned it so; digits, levels, gaps and notes are what these rows tell.
    """
    known = {column.name: column for column in table.schema.columns}
    shown = pd.DataFrame({name: _used(frame[name], table.frame[name]) for name in known})
    found = detect(shown, {name: _said(column) for name, column in known.items()}, _forms(table.schema))
    columns = tuple(_kept(column, known[column.name]) for column in found.columns)
    return Schema(columns, table.schema.key)


def _said(column: Column) -> str:
    return column.afresh.what or column.sdtype if column.afresh else column.sdtype


def _forms(schema: Schema) -> dict[str, str]:
    return {column.name: column.format for column in schema.columns if column.format}


def _kept(column: Column, whole: Column) -> Column:
    return replace(
        column,
        dtype=whole.dtype,
        format=whole.format,
        holds=whole.holds,
        unit=whole.unit,
        zone=whole.zone,
        unpadded=whole.unpadded,
        written=whole.written,
        missing=whole.missing if whole.afresh else column.missing,
    )


def _used(series: pd.Series, whole: pd.Series) -> pd.Series:
    """A pandas category dtype without the levels that other rows alone use."""
    if not isinstance(series.dtype, pd.CategoricalDtype):
        return series
    gone = set(whole.dropna().unique()) - set(series.dropna().unique())
    return series.cat.remove_categories(list(gone))


def _told(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    """Canonical rows, to be compared; what is missing equals itself."""
    return list(frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None))
