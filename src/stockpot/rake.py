"""Raking: of many drawn rows, keep those whose every column's marginal is the learning rows'.

Iterative proportional fitting (Deming & Stephan, 1940) finds a weight for each drawn row, and a systematic
draw by those weights keeps as many rows as were asked for. The marginals are coarse (eight groups a number)
and hold no value of a single row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from stockpot import bins
from stockpot.bins import Floats, Ints
from stockpot.schema import Column, Schema

GROUPS = 8
ROUNDS = 15
STRETCH = 5.0
"""No round changes a weight by more than this factor."""
SHARED = 2
"""So many learning rows must say a category before it is a group of its own."""


@dataclass(frozen=True)
class Margin:
    """One column's groups and the share of each. ``edges`` bound a number's groups, ``levels`` name a
    category's; the last group is 'missing', and a category's last but one is 'any other'.
    """

    name: str
    shares: tuple[float, ...]
    edges: tuple[float, ...] = ()
    levels: tuple[str, ...] = ()

    def groups(self, values: pd.Series) -> Ints:
        """The group of each value."""
        gone = values.isna().to_numpy()
        last = len(self.shares) - 1
        if self.edges:
            known = values.fillna(0.0).to_numpy(dtype=np.float64)
            placed = np.searchsorted(np.asarray(self.edges), known, side="left").astype(np.int64)
        else:
            place = {level: i for i, level in enumerate(self.levels)}
            placed = np.asarray(values.map(place).fillna(last - 1), dtype=np.int64)
        return np.where(gone, last, placed)

    def part(self, values: pd.Series) -> tuple[Ints, Floats]:
        """(the group of each drawn value, the share that each group should have). What is rare and was never
        drawn is shared among the levels, not with missing values.
        """
        groups, shares = self.groups(values), np.array(self.shares)
        rare, listed = len(shares) - 2, shares[: len(self.levels)].sum()
        if self.levels and not (groups == rare).any():
            shares[: len(self.levels)] *= 1 + shares[rare] / listed
            shares[rare] = 0.0
        return groups, shares


@dataclass(frozen=True)
class Margins:
    """The marginals of a table's learning rows."""

    columns: tuple[Margin, ...]

    @classmethod
    def fit(cls, frame: pd.DataFrame, schema: Schema) -> Margins:
        """From canonical rows. A number of fewer than two distinct values has nothing to rake."""
        made = [_margin(frame[column.name], column) for column in schema.columns]
        return cls(tuple(one for one in made if one))

    def keep(self, frame: pd.DataFrame, rows: int, rng: np.random.Generator) -> Ints:
        """Numbers of the ``rows`` drawn rows to keep, in random order."""
        parts = [one.part(frame[one.name]) for one in self.columns]
        weight = _fitted(parts, len(frame))
        weight = _capped(weight, 1 / rows)
        order = rng.permutation(len(frame))
        ends = np.cumsum(weight[order])
        points = (np.arange(rows) + rng.random()) / rows * ends[-1]
        picked = order[np.minimum(np.searchsorted(ends, points), len(order) - 1)]
        return np.asarray(rng.permutation(picked))

    def to_json(self) -> list[Mapping[str, object]]:
        return [asdict(one) for one in self.columns]

    @classmethod
    def from_json(cls, data: Sequence[Mapping[str, Any]]) -> Margins:
        return cls(
            tuple(
                Margin(one["name"], tuple(one["shares"]), tuple(one["edges"]), tuple(one["levels"]))
                for one in data
            )
        )


def _margin(values: pd.Series, column: Column) -> Margin | None:
    total, missing = len(values), int(values.isna().sum())
    if column.sdtype == "numerical":
        known = values.dropna().to_numpy(dtype=np.float64)
        if len(np.unique(known)) < 2:
            return None
        made = bins.fit(known, column.decimals or 0, GROUPS)
        counts = [*made.counts, missing]
        return Margin(column.name, tuple(n / total for n in counts), edges=made.edges[1:-1])
    if column.sdtype not in ("categorical", "boolean"):
        return None
    seen = values.dropna().value_counts()
    levels = sorted(str(level) for level, n in seen.items() if n >= SHARED)
    counts = [int(seen[level]) for level in levels]
    shares = [*counts, total - missing - sum(counts), missing]
    return Margin(column.name, tuple(n / total for n in shares), levels=tuple(levels))


def _fitted(parts: Sequence[tuple[Ints, Floats]], rows: int) -> Floats:
    weight = np.full(rows, 1 / rows)
    for _ in range(ROUNDS):
        for groups, target in parts:
            now = np.bincount(groups, weights=weight, minlength=len(target))
            ratio = np.divide(target, now, out=np.ones_like(now), where=now > 0)
            weight *= np.clip(ratio, 1 / STRETCH, STRETCH)[groups]
            weight /= weight.sum()
    return weight


def _capped(weight: Floats, most: float) -> Floats:
    """No row weighs more than one kept row, so that none is kept twice."""
    for _ in range(ROUNDS):
        weight = np.minimum(weight, most)
        weight = weight / weight.sum()
    return weight
