"""What a drawing is asked for, and what of it a block of lines must be, in the columns that are learned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpot import noise, units
from stockpot.constraints.cells import Truths
from stockpot.errors import ConditionError, DrawError
from stockpot.families.base import Given, Test, plainly
from stockpot.schema import Schema
from stockpot.transform import TIMES, Transform
from stockpot.wishes.condition import Condition


@dataclass(frozen=True)
class Lines:
    """Rows of which some cells are known. ``cells``: canonical, columns of the table; ``known``: which."""

    cells: pd.DataFrame
    known: pd.DataFrame

    @classmethod
    def nothing(cls, rows: int) -> Lines:
        empty = pd.DataFrame(index=pd.RangeIndex(rows))
        return cls(empty, empty)

    def __len__(self) -> int:
        return len(self.cells)

    def take(self, numbers: npt.NDArray[np.int64]) -> Lines:
        parts = [frame.iloc[numbers].reset_index(drop=True) for frame in (self.cells, self.known)]
        return Lines(*parts)

    def put(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Canonical rows of the table with the known cells."""
        kept: dict[str, pd.Series] = {
            str(name): frame[name].where(~self.known[name].to_numpy(), self.cells[name].to_numpy())
            for name in self.cells
        }
        return frame.assign(**kept)

    def kept(self, frame: pd.DataFrame) -> Truths:
        """(rows,) whether each row says what is known of it."""
        same = np.ones(len(frame), dtype=bool)
        for name in self.cells:
            ours, theirs = self.cells[name].reset_index(drop=True), frame[name].reset_index(drop=True)
            equal = (ours == theirs).to_numpy() | (ours.isna() & theirs.isna()).to_numpy()
            same &= equal | ~self.known[name].to_numpy(dtype=bool)
        return same


@dataclass(frozen=True)
class Balance:
    """Every level of a column in as many rows, but for one."""

    name: str
    levels: tuple[str, ...]

    def lines(self, rows: int, start: int, seed: int) -> Lines:
        """In random order within a block, the levels in turn over all blocks."""
        numbers = (start + np.arange(rows)) % len(self.levels)
        order = np.random.default_rng(noise.key("balance", seed, start)).permutation(numbers)
        cells = pd.DataFrame({self.name: np.array(self.levels, dtype=object)[order]})
        return Lines(cells, cells.notna())


@dataclass(frozen=True)
class Wishes:
    """``tests`` are what conditions make of learned columns, and hold in every row. Each row is of a
    ``balance``'s level, or completes one of ``lines``, ``each`` rows one line. ``emphasis``: column -> factor
    on how much it depends on the others.
    """

    tests: Mapping[str, Test] = field(default_factory=dict)
    balance: Balance | None = None
    lines: Lines | None = None
    each: int = 1
    emphasis: Mapping[str, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.tests or self.emphasis) or self.lined

    @property
    def lined(self) -> bool:
        """Whether one row's conditions are not another's."""
        return self.balance is not None or self.lines is not None

    def numbers(self, rows: int, start: int) -> npt.NDArray[np.int64]:
        """Of a block's rows as a person counts them: those that are completed by the lines."""
        return (start + np.arange(rows)) // self.each

    def at(self, rows: int, start: int, seed: int) -> Lines:
        """What is known of a block's rows, after the first ``start``. ConditionError past the last line."""
        if self.lines is not None:
            most = len(self.lines) * self.each
            if start + rows > most:
                raise ConditionError(
                    f"More than the {most} rows were asked for that complete the given ones: ask for as many."
                )
            return self.lines.take(self.numbers(rows, start))
        if self.balance is not None:
            return self.balance.lines(rows, start, seed)
        return Lines.nothing(rows)

    def refuse_repeated(self, frame: pd.DataFrame, own: Lines, schema: Schema) -> None:
        """DrawError for an id that was made afresh for one row and given for another."""
        if self.lines is None:
            return
        for name in (name for name in schema.of("id") if name in own.cells):
            made = frame.loc[~own.known[name].to_numpy(dtype=bool), name].dropna()
            twice = made[made.isin(self.lines.cells[name].dropna())]
            if len(twice):
                raise DrawError(
                    f"Column {name!r} of the rows to complete says {twice.iloc[0]!r}, which is also the id "
                    "made for a row without one: give all rows an id, or none."
                )

    def given(self, lines: Lines, transform: Transform) -> Given:
        """In learned columns. Tests that a column's other tests rule out are told of by the family."""
        names = [name for name in lines.cells if name in transform.learned.names]
        cells = transform.forward(lines.cells[names]) if names else lines.cells[names]
        say = _saying(transform)
        return Given(len(lines), cells, lines.known[names], self.tests, self.emphasis, say)


def tests_of(conditions: tuple[Condition, ...], transform: Transform) -> dict[str, Test]:
    """Learned column -> what its values must be."""
    found: dict[str, list[Condition]] = {}
    for one in conditions:
        found.setdefault(one.name, []).append(one)
    return {name: _test(tuple(several), transform) for name, several in found.items()}


def _test(several: tuple[Condition, ...], transform: Transform) -> Test:
    column = several[0].column
    back = _back(transform, column.name)

    def holds(values: pd.Series) -> Truths:
        told = back(values)
        met: Truths = np.logical_and.reduce([one.meets(told) for one in several])
        return met

    listed = next((one.listed for one in several if one.listed is not None), None)
    text = "' and '".join(one.text for one in several)
    if listed is None:
        return Test(text, holds)
    learned = transform.learned.column(column.name)
    if learned.sdtype != "numerical":
        plain = learned == column and column.holds not in (
            "integer",
            "number",
        )  # these have several spellings
        only = listed[0] if len(listed) == 1 and plain else None
        return Test(text, holds, only=cast("str | None", only))
    cells = pd.Series([v for v in listed if v is not None], dtype=object)
    numbers = units.counted(cells, column) if column.sdtype in TIMES else cells.to_numpy(dtype=np.float64)
    kept = numbers[holds(pd.Series(numbers, dtype="float64"))]
    among = tuple(np.unique(kept).tolist())
    return Test(text, holds, among, among[0] if len(among) == 1 and len(listed) == 1 else None)


def _back(transform: Transform, name: str) -> Callable[[pd.Series], pd.Series]:
    """Learned canonical values of a column -> the table's; of what is made afresh, whether there is one."""
    column = transform.schema.column(name)
    if column == transform.learned.column(name) or column.afresh is not None:
        return lambda values: values
    return lambda values: pd.Series(units.told(values.to_numpy(dtype=np.float64), column), dtype=object)


def refuse_afresh(one: Condition, transform: Transform) -> None:
    """ConditionError for what no model draws, but for whether it is missing."""
    if one.column.afresh is None or (one.values == (None,) and one.name in transform.learned.names):
        return
    raise ConditionError(
        f"'{one.text}' is about column {one.name!r}, which is made afresh and not learned: leave it out."
    )


def _saying(transform: Transform) -> Callable[[str, object], str]:
    def say(name: str, value: object) -> str:
        if pd.isna(value):  # type: ignore[call-overload]
            return plainly(name, None)
        told = _back(transform, name)(pd.Series([value])).iloc[0]
        return str(told) if transform.schema.column(name).sdtype in TIMES else plainly(name, told)

    return say
