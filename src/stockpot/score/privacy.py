"""Do the rows give their learning rows away? Shares in [0, 1], each read beside what unseen real rows reach.

Copy rate and verbatim: lower is safer, but unseen real rows repeat some rows and numbers too. Nearer train:
0.5 is learned, 1 is remembered. Nearest: Gower distance to the closest record, averaged over columns, in [0,
1]; a number's gap counts relative to its range, a category's is 0 or 1, a missing value is far from all but a
missing one.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from stockpot.score.align import BoolArray, FloatArray, IntArray, Kinds, align, kinds_of

BLOCK = 1 << 21
"""Distances computed at once."""


def copy_rate(learn: pd.DataFrame, rows: pd.DataFrame, kinds: Kinds | None = None) -> float:
    """Share of the rows that equal some learning row in every field. NaN of no rows."""
    kinds = kinds_of(learn) if kinds is None else kinds
    return Seen.of(learn, kinds).share(align(rows, kinds))


def verbatim(
    learn: pd.DataFrame, others: pd.DataFrame, rows: pd.DataFrame, kinds: Kinds | None = None
) -> float:
    """Share of the rows' numbers that repeat what exactly one learning row and none of the other rows says. 0
    where there are no numbers.
    """
    kinds = kinds_of(learn) if kinds is None else kinds
    return Unique.of(learn, others, kinds).share(align(rows, kinds))


def nearer_train(
    learn: pd.DataFrame, unseen: pd.DataFrame, rows: pd.DataFrame, kinds: Kinds | None = None
) -> float:
    """Share of the rows whose closest record is a learning row, not an unseen one; of either kind, the first
    so many that both have. A tie counts half. The caller shuffles a sorted table.
    """
    kinds = kinds_of(learn) if kinds is None else kinds
    n = min(len(learn), len(unseen))
    ours, theirs, asked = (align(frame, kinds) for frame in (learn[:n], unseen[:n], rows))
    if not (n and len(asked)):
        return float("nan")
    known = Records.of(pd.concat([ours, theirs], ignore_index=True), kinds)
    near = [known.distances(asked, slice(0, n)), known.distances(asked, slice(n, 2 * n))]
    return float(np.mean((near[0] < near[1]) + 0.5 * (near[0] == near[1])))


def nearest(learn: pd.DataFrame, rows: pd.DataFrame, kinds: Kinds | None = None) -> FloatArray:
    """Distance of each row to its closest learning row, in [0, 1]."""
    kinds = kinds_of(learn) if kinds is None else kinds
    known = Records.of(align(learn, kinds), kinds)
    return known.distances(align(rows, kinds), slice(0, len(learn))) / max(1, len(kinds))


@dataclass(frozen=True)
class Seen:
    """The learning rows, to look rows up in. Frames are aligned."""

    rows: frozenset[tuple[Hashable, ...]]

    @staticmethod
    def of(learn: pd.DataFrame, kinds: Kinds) -> Seen:
        return Seen(frozenset(_keys(align(learn, kinds))))

    def share(self, rows: pd.DataFrame) -> float:
        found = [key in self.rows for key in _keys(rows)]
        return float(np.mean(found)) if found else float("nan")


@dataclass(frozen=True)
class Unique:
    """Column -> the numbers that exactly one learning row holds and none of the others."""

    numbers: dict[str, FloatArray]

    @staticmethod
    def of(learn: pd.DataFrame, others: pd.DataFrame, kinds: Kinds) -> Unique:
        names = [name for name, kind in kinds.items() if kind == "numerical"]
        ours, theirs = align(learn, kinds), align(others, kinds)
        return Unique({name: _once(ours[name], theirs[name]) for name in names})

    def share(self, rows: pd.DataFrame) -> float:
        hits = sum(int(np.isin(rows[name].to_numpy(), once).sum()) for name, once in self.numbers.items())
        total = sum(int(rows[name].notna().sum()) for name in self.numbers)
        return hits / total if total else 0.0


@dataclass(frozen=True)
class Records:
    """Real rows, and the range of their numbers, to measure distances to."""

    frame: pd.DataFrame
    kinds: Kinds
    ranges: dict[str, float]

    @staticmethod
    def of(frame: pd.DataFrame, kinds: Kinds) -> Records:
        names = [name for name, kind in kinds.items() if kind == "numerical"]
        return Records(
            frame, kinds, {name: float(frame[name].max() - frame[name].min()) or 1.0 for name in names}
        )

    def distances(self, rows: pd.DataFrame, among: slice) -> FloatArray:
        """Gower distance, summed over columns, of each row to the closest record of a slice."""
        real = self.frame[among]
        pairs = {name: self._coded(name, rows, real) for name in self.kinds}
        step = max(1, BLOCK // max(1, len(real)))
        starts = range(0, len(rows), step)
        return (
            np.concatenate([self._block(pairs, slice(s, s + step)) for s in starts])
            if len(rows)
            else np.empty(0)
        )

    def _block(self, pairs: dict[str, tuple[FloatArray, FloatArray]], part: slice) -> FloatArray:
        total: FloatArray = np.zeros((1, 1))
        for name, (ours, theirs) in pairs.items():
            a, b = ours[part, None], theirs[None, :]
            far = np.isnan(a) != np.isnan(b)
            gap = (
                np.clip(np.abs(a - b) / self.ranges[name], 0, 1)
                if name in self.ranges
                else (a != b).astype(float)
            )
            total = total + np.where(np.isnan(a) | np.isnan(b), far.astype(float), gap)
        return np.asarray(total.min(axis=1))

    def _coded(self, name: str, rows: pd.DataFrame, real: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
        if self.kinds[name] == "numerical":
            return rows[name].to_numpy(), real[name].to_numpy()
        codes: IntArray = pd.factorize(pd.concat([rows[name], real[name]]))[0]
        numbers = np.where(codes < 0, np.nan, codes.astype(float))
        return numbers[: len(rows)], numbers[len(rows) :]


def _keys(frame: pd.DataFrame) -> list[tuple[Hashable, ...]]:
    """A row as a tuple; None where a value is missing, which equals itself."""
    present: BoolArray = frame.notna().to_numpy()
    values = frame.astype(object).to_numpy()
    values[~present] = None
    return [tuple(row) for row in values]


def _once(ours: pd.Series, theirs: pd.Series) -> FloatArray:
    values, counts = np.unique(ours.dropna().to_numpy(), return_counts=True)
    single = values[counts == 1]
    return np.asarray(single[~np.isin(single, theirs.to_numpy())])
