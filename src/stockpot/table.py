"""The real rows with their schema, from a file or a DataFrame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpot import digest as digests
from stockpot.afresh.people import LOCALE
from stockpot.canonical import canonical, restore
from stockpot.csvtext import reject_doubles
from stockpot.errors import TableError
from stockpot.reading import read_frame
from stockpot.schema import Given, Schema, nearest, resolve
from stockpot.sources.asked import FOUND_OUT, Source
from stockpot.sources.place import called, where
from stockpot.values import as_numbers, as_stamps, holds
from stockpot.writing import write

__all__ = ["LEAST_ROWS", "Table", "canonical", "of_frame", "read", "restore", "write"]

LEAST_ROWS = 8
FEW_ROWS = 30


@dataclass(frozen=True, eq=False)
class Table:
    """Rows in their original dtypes, the schema, and sentences that a person should read."""

    name: str
    frame: pd.DataFrame
    schema: Schema
    notes: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    """How the rows were read: of the file that held them, not of the rows."""

    @property
    def rows(self) -> int:
        return len(self.frame)

    @cached_property
    def digest(self) -> str:
        """Of column names, sdtypes and values alone: not of the file, its time, or how a value is stored."""
        types = [(c.name, c.sdtype) for c in self.schema.columns]
        return digests.digest("table", types, digests.frame_digest(self.frame))

    @cached_property
    def canonical(self) -> pd.DataFrame:
        """Numerical columns as float64 (NaN missing), everything else as object of str (None missing)."""
        return canonical(self.frame, self.schema)

    def take(self, positions: npt.ArrayLike) -> Table:
        """The rows at these positions, under the same schema."""
        frame = self.frame.iloc[np.asarray(positions, dtype=np.int64)].reset_index(drop=True)
        return replace(self, frame=frame)

    def without(self, *names: str) -> Table:
        """The table less some columns."""
        return replace(self, frame=self.frame.drop(columns=list(names)), schema=self.schema.without(*names))


def read(
    place: str | Path,
    schema: Given | None = None,
    drop: Sequence[str] = (),
    source: Source = FOUND_OUT,
    sdtypes: Mapping[str, str] | None = None,
    locale: str = LOCALE,
) -> Table:
    """Read a table: a file of any kind, a saved dataset, a URL, a database's query, or standard input.

    docs/formats.md lists them; ``source`` says what is not to be found out. ``sdtypes`` of some
    columns go over the schema and what is detected; ``locale`` is that of personal data.
    """
    if where(str(place)) == "file":
        place = Path(place).expanduser()
    try:
        frame, told = read_frame(place, source)
    except OSError as error:
        raise TableError(
            f"{place} cannot be opened ({error.strerror or error}): check its permissions."
        ) from None
    name = called(str(place.resolve() if isinstance(place, Path) else place))
    return replace(of_frame(frame, schema, name, drop, sdtypes, locale), told=told)


def of_frame(
    frame: pd.DataFrame,
    schema: Given | None = None,
    name: str = "table",
    drop: Sequence[str] = (),
    sdtypes: Mapping[str, str] | None = None,
    locale: str = LOCALE,
) -> Table:
    """A table of a DataFrame's rows; its index is left out. ``sdtypes`` and ``locale``: see ``read``."""
    _check_names(frame, name)
    drop = [drop] if isinstance(drop, str) else list(drop)
    unknown = next((c for c in drop if c not in frame.columns), None)
    if unknown is not None:
        raise TableError(f"{name} has no column {unknown!r} to drop{nearest(unknown, frame.columns)}.")
    frame = frame.drop(columns=drop).reset_index(drop=True)
    _check_size(frame, name)
    for column in frame.columns:
        _check_values(str(column), frame[column])
    found = resolve(schema, frame, drop, sdtypes, locale)
    return Table(name, frame, found, (*_size_notes(frame), *found.notes))


def _check_names(frame: pd.DataFrame, where: str) -> None:
    if not isinstance(frame, pd.DataFrame):
        raise TableError(f"{where} is a {type(frame).__name__}: give a DataFrame, or read a file.")
    names: list[object] = [*frame.columns]
    other = next((c for c in names if not isinstance(c, str)), None)
    if other is not None:
        mend = "set frame.columns = frame.columns.astype(str)"
        raise TableError(f"Column name {other!r} of {where} is no text: {mend}, or give names.")
    reject_doubles(names, where)


def _check_size(frame: pd.DataFrame, where: str) -> None:
    rows, columns = frame.shape
    if columns == 0:
        raise TableError(f"{where} has no columns: give at least two.")
    if rows == 0:
        raise TableError(f"{where} has a header but no rows: add rows.")
    if columns == 1:
        raise TableError(
            f"{where} has one column, {frame.columns[0]!r}: give at least two, or there is nothing to relate."
        )
    if rows < LEAST_ROWS:
        counted = "one row" if rows == 1 else f"{rows} rows"
        raise TableError(f"{where} has {counted}: give at least {LEAST_ROWS}, better {FEW_ROWS} or more.")


def _size_notes(frame: pd.DataFrame) -> tuple[str, ...]:
    if len(frame) >= FEW_ROWS:
        return ()
    return (
        f"The table has {len(frame)} rows: below {FEW_ROWS}, figures are mostly noise and rows leak easily.",
    )


def _check_values(name: str, series: pd.Series) -> None:
    kind = holds(series)
    if kind == "nested":
        raise TableError(f"Column {name!r} holds lists or structs: give each part a column, or drop it.")
    if kind == "other":
        raise TableError(f"Column {name!r} holds {_spelt(series)}: turn it into numbers or text, or drop it.")
    if kind == "number":
        infinite = np.flatnonzero(np.isinf(as_numbers(series)))
        if len(infinite):
            where = f"row {infinite[0] + 1}"
            raise TableError(f"Column {name!r} is infinite in {where}: give a number, or leave it empty.")
    if kind == "datetime" and not _within_years(series):
        raise TableError(
            f"Column {name!r} holds datetimes outside 1678 to 2261: turn them into text, or drop it."
        )


def _spelt(series: pd.Series) -> str:
    """What odd values a column holds: the dtype, or the type of the first in an object column."""
    dtype: object = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        dtype = dtype.categories.dtype
    return type(series.dropna().iloc[0]).__name__ if str(dtype) == "object" else str(dtype)


def _within_years(series: pd.Series) -> bool:
    """Whether nanoseconds since 1970 in 64 bits, which pandas parses to, can tell the datetimes."""
    try:
        years = as_stamps(series).dt.year.dropna()
    except pd.errors.OutOfBoundsDatetime:
        return False
    return bool(years.between(1678, 2261).all())
