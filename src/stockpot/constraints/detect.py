"""Constraints that hold in every real row and hardly would by chance: offered, never imposed.

What counts as support: at least ``LEAST_ROWS`` rows in which no value is missing, and a probability below
``CHANCE`` that as many rows would hold if the columns had nothing to do with each other. So columns that
never overlap (a year and an age) are not offered: their order says nothing.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from stockpot.constraints.cells import Cells, of_column
from stockpot.constraints.evaluate import CLOSE
from stockpot.constraints.rule import SHARED, keys, spelling
from stockpot.constraints.spelling import spelt
from stockpot.schema import Column, Schema
from stockpot.sdtypes import MOST_DECIMALS, says_id
from stockpot.values import Floats

LEAST_ROWS = 20
CHANCE = 1e-6
NEAR = 0.25
"""So near, in standard deviations of the narrower column, some row comes to a bound that is one."""
FEW = 5
"""Columns of fewer different values are no numbers to compare or add."""
MOST_COLUMNS = 60
"""Of wider tables only the first so many numbers, and categories, are compared."""
COMMON = 3.0
"""Values that so many rows would share by chance are common: that they never meet says something."""
MOST_LOST = 0.05
"""Share of rows whose combination nobody shares, at most: they could never be drawn."""


@dataclass(frozen=True)
class Found:
    """A constraint, as it is spelt, and the rows that speak for it."""

    text: str
    rows: int


def detect(frame: pd.DataFrame, schema: Schema) -> list[Found]:
    """Constraints of a canonical frame: equations, order, one-hot columns, combinations, keys."""
    numbers = _measured(frame, schema, "number")
    times = _measured(frame, schema, "time")
    sums = [*_sums(numbers), *_shares(numbers)]
    orders = [one for one in (*_orders(numbers), *_orders(times)) if not _follows_from(one, sums)]
    return [*sums, *orders, *_one_hots(frame, schema), *_combinations(frame, schema), *_keys(frame, schema)]


def _follows_from(order: Found, sums: Sequence[Found]) -> bool:
    """``a <= total`` says nothing beside ``a + b == total``."""
    low, _, high = order.text.partition(" <= ")
    parts = [one.text.partition(" == ") for one in sums]
    return any(high == total and low in added.split(" + ") for added, _, total in parts)


@dataclass(frozen=True)
class _Measure:
    """A column as float64 (datetimes: days since 1970), and what it takes to compare it."""

    column: Column
    values: Floats
    known: np.ndarray

    @property
    def name(self) -> str:
        return self.column.name


def _measured(frame: pd.DataFrame, schema: Schema, kind: str) -> list[_Measure]:
    found = []
    for column in schema.columns:
        if column.sdtype not in ("numerical", "datetime"):
            continue
        cells = of_column(frame[column.name], column)
        if cells.kind == kind and len(np.unique(cells.values[cells.known])) >= FEW:
            found.append(_Measure(column, _days(cells), cells.known))
    return found[:MOST_COLUMNS]


def _days(cells: Cells) -> Floats:
    if cells.kind == "number":
        return cells.values.astype(np.float64)
    days: Floats = (cells.values - np.datetime64(0, "ns")) / np.timedelta64(1, "D")
    return days


def _orders(columns: Sequence[_Measure]) -> Iterator[Found]:
    """``low <= high``, less those that follow from two others."""
    found: dict[tuple[str, str], Found] = {}
    for low, high in itertools.permutations(columns, 2):
        one = _order(low, high)
        if one:
            found[low.name, high.name] = one
    for (low_name, high_name), one in found.items():
        if not any((low_name, c.name) in found and (c.name, high_name) in found for c in columns):
            yield one


def _order(low: _Measure, high: _Measure) -> Found | None:
    both = low.known & high.known
    rows = int(both.sum())
    if rows < LEAST_ROWS:
        return None
    small, large = low.values[both], high.values[both]
    gap = large - small
    if (gap < 0).any() or not (gap > 0).any() or not _alike(low, high):
        return None
    near = gap.min() <= NEAR * min(small.std(), large.std())
    by_chance = float(np.searchsorted(np.sort(small), large, side="right").mean() / rows)
    if not near or rows * math.log(max(by_chance, 1e-9)) > math.log(CHANCE):
        return None
    sign = "<" if gap.min() > 0 and low.column.sdtype == "datetime" else "<="
    return Found(f"{spelt(low.name)} {sign} {spelt(high.name)}", rows)


def _alike(low: _Measure, high: _Measure) -> bool:
    """Whether two columns may be of one unit: as many digits, and no more than tenfold apart in size."""
    if low.column.sdtype == "datetime":
        return True
    digits = low.column.decimals == high.column.decimals
    sizes = [np.median(np.abs(one.values[one.known])) for one in (low, high)]
    return digits and max(sizes) <= 10 * max(min(sizes), 1e-12)


def _sums(columns: Sequence[_Measure]) -> Iterator[Found]:
    """``a + b == total``: of two columns, of three in narrow tables, or of all the others."""
    for total in columns:
        others = [c for c in columns if c is not total and _reaches(total, c)]
        for size in (2, 3) if len(others) <= 12 else (2,):
            for parts in itertools.combinations(others, size):
                one = _sum(parts, total)
                if one:
                    yield one
        if len(others) > 3:
            one = _sum(others, total)
            if one:
                yield one


def _shares(columns: Sequence[_Measure]) -> Iterator[Found]:
    """``a + b == 24``: two columns that share a whole."""
    for first, second in itertools.combinations(columns, 2):
        both = first.known & second.known
        whole = (first.values + second.values)[both]
        if len(whole) >= LEAST_ROWS and np.ptp(whole) <= CLOSE * max(abs(float(whole[0])), 1.0):
            total = round(float(whole[0]), max(first.column.decimals or 0, second.column.decimals or 0))
            yield Found(f"{spelt(first.name)} + {spelt(second.name)} == {total:.12g}", int(both.sum()))


def _reaches(total: _Measure, part: _Measure) -> bool:
    """A part has no more digits than its total."""
    return (part.column.decimals or 0) <= (total.column.decimals or 0) < MOST_DECIMALS


def _sum(parts: Sequence[_Measure], total: _Measure) -> Found | None:
    all_known = total.known & np.logical_and.reduce([part.known for part in parts])
    rows = int(all_known.sum())
    if rows < LEAST_ROWS:
        return None
    added = np.sum([part.values for part in parts], axis=0)
    off = np.abs(added - total.values)[all_known]
    if off.max() > 0.5 * 10.0 ** -(total.column.decimals or 0):
        return None
    live = [part for part in parts if part.values[all_known].any()]
    if len(live) < len(parts):
        return None
    return Found(f"{' + '.join(spelt(p.name) for p in parts)} == {spelt(total.name)}", rows)


def _one_hots(frame: pd.DataFrame, schema: Schema) -> Iterator[Found]:
    """Columns of 0 and 1 side by side of which exactly one is 1 in every row."""
    binary = [c.name for c in schema.columns if c.sdtype == "numerical" and _is_binary(frame[c.name])]
    for _, group in itertools.groupby(binary, key=lambda name: name.rpartition("_")[0] or name[:1]):
        names = list(group)
        if len(names) > 2 and len(frame) >= LEAST_ROWS and bool((frame[names].sum(axis=1) == 1).all()):
            yield Found(spelling("one_hot", names), len(frame))


def _is_binary(values: pd.Series) -> bool:
    return bool(values.notna().all()) and set(values.unique()) == {0.0, 1.0}


def _combinations(frame: pd.DataFrame, schema: Schema) -> Iterator[Found]:
    """Pairs of categories of which some never meet, though they would by chance."""
    names = [c.name for c in schema.columns if c.sdtype in ("categorical", "boolean")][:MOST_COLUMNS]
    for pair in itertools.combinations(names, 2):
        if _combined(frame, pair):
            yield Found(spelling("combinations", pair), len(frame))


def _combined(frame: pd.DataFrame, pair: tuple[str, str]) -> bool:
    rows = len(frame)
    counts = pd.Series(keys(frame, pair)).value_counts()
    levels = [frame[name].value_counts(dropna=False) for name in pair]
    if rows < LEAST_ROWS or min(len(one) for one in levels) < 2:
        return False
    lost = int(counts[counts < SHARED].sum())
    if lost > MOST_LOST * rows or len(counts) == len(levels[0]) * len(levels[1]):
        return False
    return _never_meet(levels, counts, rows) or any(_follows(levels, counts, by, rows) for by in (0, 1))


def _never_meet(levels: Sequence[pd.Series], counts: pd.Series, rows: int) -> bool:
    """Whether common values that never meet would share too many rows by chance for that."""
    first, second = levels
    expected = [
        n * m / rows
        for (a, n), (b, m) in itertools.product(first.items(), second.items())
        if (_plain(a), _plain(b)) not in counts.index
    ]
    return bool(sum(e for e in expected if e >= COMMON) > -math.log(CHANCE))


def _follows(levels: Sequence[pd.Series], counts: pd.Series, by: int, rows: int) -> bool:
    """Whether each value of one column goes with one of the other alone, too often for chance."""
    if len(counts) > len(levels[by]) or len(levels[by]) < 3:
        return False
    shares = levels[1 - by].to_numpy(dtype=np.float64) / rows
    chance = sum(math.log(max((shares**n).sum(), 1e-300)) for n in levels[by])
    return chance < math.log(CHANCE)


def _plain(value: object) -> object:
    return None if pd.isna(value) else value  # type: ignore[call-overload]


def _keys(frame: pd.DataFrame, schema: Schema) -> Iterator[Found]:
    """Columns that tell rows apart: one that is called an id, or two that would hardly do so by chance."""
    rows = len(frame)
    whole = [c.name for c in schema.columns if bool(frame[c.name].notna().all())]
    alone = [name for name in whole if frame[name].is_unique]
    for name in alone:
        if rows >= LEAST_ROWS and (schema.column(name).sdtype == "id" or says_id(name)):
            yield Found(spelling("unique", [name]), rows)
    coarse = [c.name for c in schema.columns if c.name in whole and _is_coarse(frame[c.name], c)]
    for pair in itertools.combinations(coarse[:MOST_COLUMNS], 2):
        if not frame.duplicated(list(pair)).any() and _meetings(frame, pair) > -math.log(CHANCE):
            yield Found(spelling("unique", pair), rows)


def _is_coarse(values: pd.Series, column: Column) -> bool:
    """Whether rows share its values: a measured number tells almost all rows apart by itself."""
    return not column.decimals and values.nunique() <= len(values) / 2


def _meetings(frame: pd.DataFrame, pair: tuple[str, str]) -> float:
    """How many pairs of rows would be alike in both columns by chance."""
    shares = [float((frame[name].value_counts() / len(frame)).pow(2).sum()) for name in pair]
    return math.comb(len(frame), 2) * shares[0] * shares[1]
