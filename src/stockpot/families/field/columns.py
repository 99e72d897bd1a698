"""One column as tokens: what it tells the net, and how the net's outputs become probabilities of its tokens.

A column of K values has K + 1 tokens, the last one 'missing'; a categorical one has a token 'rare' before it,
for what fewer than two learning rows say and for what they never said. Rare is learned and scored, and never
drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from stockpot import bins
from stockpot.bins import Bins, Floats, Ints
from stockpot.families.base import Say, Test
from stockpot.families.field.allowed import Allowed, of_bins

SMOOTHING = 0.5
"""Rows added to every token's count."""
KNOTS = np.asarray(ndtri(np.linspace(0.08, 0.92, 5)))
"""Where the piecewise linear code of a number bends, in normal scores."""
FAR = 2.6
SHARED = 2
"""So many learning rows must say a category before it has a token of its own."""
MOST_NAMED = 8

Json = Mapping[str, object]


@dataclass(frozen=True)
class Number:
    """A numerical column."""

    name: str
    bins: Bins
    missing: int
    basis: int
    kind: ClassVar[str] = "number"

    @classmethod
    def fit(cls, name: str, values: pd.Series, decimals: int, most: int, basis: int) -> Number:
        """``most`` bins at most, ``basis`` smooth functions of their normal scores."""
        known = values.dropna().to_numpy(dtype=np.float64)
        return cls(name, bins.fit(known, decimals, most), int(values.isna().sum()), basis)

    @property
    def counts(self) -> Ints:
        return np.array([*self.bins.counts, self.missing])

    @property
    def drawable(self) -> NDArray[np.bool_]:
        return self.counts > 0

    @property
    def steady(self) -> int | None:
        """Of a number nothing is rare."""
        return None

    def tokens(self, values: pd.Series) -> Ints:
        gone = values.isna().to_numpy()
        placed = self.bins.place(values.fillna(0.0).to_numpy(dtype=np.float64))
        return np.where(gone, len(self.bins), placed)

    def unseen(self, values: pd.Series) -> int:
        """How many of the values no learning row told of: out of range, or missing where nothing was."""
        known = values.dropna().to_numpy(dtype=np.float64)
        outside = int(((known < self.bins.edges[0]) | (known > self.bins.edges[-1])).sum())
        return outside + (0 if self.missing else int(values.isna().sum()))

    def decode(self, tokens: Ints, rng: np.random.Generator) -> Floats:
        gone = tokens == len(self.bins)
        drawn = self.bins.draw(np.where(gone, 0, tokens), rng)
        return np.where(gone, np.nan, drawn)

    def scores(self) -> Floats:
        """(K,) normal score of each bin's middle rank."""
        counts = np.asarray(self.bins.counts, dtype=np.float64)
        total = counts.sum()
        rank = (np.cumsum(counts) - counts / 2) / total
        return np.asarray(ndtri(np.clip(rank, 0.5 / total, 1 - 0.5 / total)))

    def features(self) -> Floats:
        """(K + 1, 9): normal score, clipped z, piecewise linear code, and a flag of a missing value."""
        score = self.scores()
        centre = np.asarray(self.bins.inner)
        weight = np.asarray(self.bins.counts) / sum(self.bins.counts)
        mean = float(weight @ centre)
        spread = float(np.sqrt(weight @ (centre - mean) ** 2)) + 1e-9
        low, high = np.r_[-FAR, KNOTS], np.r_[KNOTS, FAR]
        ramps = np.clip(score[:, None] - low, 0, high - low) / (high - low)
        seen = np.c_[score, np.clip((centre - mean) / spread, -4, 4), ramps]
        return np.block([[seen, np.zeros((len(seen), 1))], [np.zeros((1, seen.shape[1])), np.ones((1, 1))]])

    def outputs(self) -> Floats:
        """(outputs, K + 1): smooth functions of the bins' normal scores, or one a bin where those are few."""
        score = self.scores()
        smooth = np.eye(len(score)) if self.basis >= len(score) else _smooth(score, self.basis)
        corner = np.zeros((len(smooth), 1))
        return np.block([[smooth, corner], [np.zeros((1, len(score))), np.ones((1, 1))]])

    def neighbours(self) -> Floats:
        """(K + 1, K + 1): where label smoothing moves a bin's share to: two bins on either side."""
        count = len(self.bins)
        gap = np.abs(np.arange(count)[:, None] - np.arange(count))
        near = np.where(gap == 1, 3.0, np.where(gap == 2, 1.0, 0.0))
        total = near.sum(axis=1, keepdims=True)
        spread = np.divide(near, total, out=np.eye(count), where=total > 0)
        return np.block([[spread, np.zeros((count, 1))], [np.zeros((1, count)), np.ones((1, 1))]])

    def allowed(self, test: Test) -> Allowed:
        """What of its bins holds, and a missing value if it does."""
        return of_bins(self.bins, test, missing=self.missing > 0)

    def impossible(self, values: pd.Series) -> NDArray[np.bool_]:
        """(rows,) True where no drawn row can have the value."""
        numbers = values.to_numpy(dtype=np.float64)
        outside = (numbers < self.bins.edges[0]) | (numbers > self.bins.edges[-1])
        gone: NDArray[np.bool_] = np.isnan(numbers) & (self.missing == 0)
        return outside | gone

    def reach(self, say: Say) -> str:
        """What its values can be, for a sentence."""
        low, high = self.bins.quantiles(np.array([0, len(self.bins) - 1]), np.array([0.0, 1.0]))
        never = "" if self.missing else " and is never missing"
        return f"lies between {say(self.name, low)} and {say(self.name, high)}{never}"

    def centres(self, chances: Floats) -> Floats:
        """(rows,) medians of (rows, K + 1) probabilities, a missing value left aside."""
        shares = chances[:, : len(self.bins)]
        shares = shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-30)
        ends = np.cumsum(shares, axis=1)
        bin_ = np.minimum((ends < 0.5).sum(axis=1), len(self.bins) - 1)
        row = np.arange(len(shares))
        into = np.clip(
            (0.5 - ends[row, bin_] + shares[row, bin_]) / np.maximum(shares[row, bin_], 1e-30), 0, 1
        )
        return self.bins.ranked(bin_, into)

    def to_json(self) -> Json:
        return {"kind": self.kind, "name": self.name, "missing": self.missing, "basis": self.basis} | asdict(
            self.bins
        )

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Number:
        fields = {k: v for k, v in data.items() if k not in ("kind", "name", "missing", "basis")}
        read = {k: _tuples(v) for k, v in fields.items()}
        made = Bins(**read)  # type: ignore[arg-type]
        return cls(str(data["name"]), made, int(str(data["missing"])), int(str(data["basis"])))


@dataclass(frozen=True)
class Category:
    """A categorical or boolean column."""

    name: str
    levels: tuple[str, ...]
    level_counts: tuple[int, ...]
    rare: int
    missing: int
    kind: ClassVar[str] = "category"

    @classmethod
    def fit(cls, name: str, values: pd.Series, public: tuple[str, ...] = ()) -> Category:
        """``public`` levels (True and False) tell of nobody and are kept however rare."""
        counts = values.dropna().value_counts()
        known = sorted(str(level) for level, n in counts.items() if n >= SHARED or level in public)
        kept = tuple(int(counts[level]) for level in known)
        return cls(name, tuple(known), kept, int(counts.sum()) - sum(kept), int(values.isna().sum()))

    @property
    def counts(self) -> Ints:
        return np.array([*self.level_counts, self.rare, self.missing])

    @property
    def drawable(self) -> NDArray[np.bool_]:
        """All but rare; rare (as missing) where nothing else can be."""
        drawable = self.counts > 0
        drawable[-2] = False
        if not drawable.any():
            drawable[-1] = True
        return drawable

    @property
    def steady(self) -> int | None:
        """The token of a missing value, if it must not take a part of what rare is likely."""
        return len(self.levels) + 1 if self.rare and self.missing and self.levels else None

    def tokens(self, values: pd.Series) -> Ints:
        place = {level: i for i, level in enumerate(self.levels)}
        rare, missing = len(self.levels), len(self.levels) + 1
        gone = values.isna().to_numpy()
        found = values.map(place).fillna(rare).to_numpy(dtype=np.int64)
        return np.where(gone, missing, found)

    def unseen(self, values: pd.Series) -> int:
        foreign = int((~values.dropna().isin(self.levels)).sum())
        return foreign + (0 if self.missing else int(values.isna().sum()))

    def decode(self, tokens: Ints, rng: np.random.Generator) -> NDArray[np.object_]:
        del rng  # a category is said, not drawn
        return np.array([*self.levels, None, None], dtype=object)[tokens]

    def allowed(self, test: Test) -> Allowed:
        """Levels that hold, and a missing value if it does; never rare."""
        told = test.holds(pd.Series([*self.levels, None], dtype=object))
        gone = bool(told[-1]) and self.missing > 0
        return Allowed(np.array([*told[:-1], False, gone], dtype=np.float64) * self.drawable)

    def impossible(self, values: pd.Series) -> NDArray[np.bool_]:
        """(rows,) True where no drawn row can have the value."""
        return np.where(values.isna(), self.missing == 0, ~values.isin(self.levels)).astype(bool)

    def reach(self, say: Say) -> str:
        """What its values can be, for a sentence."""
        if not self.levels:
            return "is always missing"
        named = ", ".join(say(self.name, level) for level in self.levels[:MOST_NAMED])
        never = "" if self.missing else " and is never missing"
        return f"is one of {named}{' ...' * (len(self.levels) > MOST_NAMED)}{never}"

    def centres(self, chances: Floats) -> NDArray[np.object_]:
        """(rows,) the most likely levels of (rows, K + 1) probabilities; None where there is no level."""
        if not self.levels:
            return np.full(len(chances), None, dtype=object)
        named: NDArray[np.object_] = np.array(self.levels, dtype=object)
        return np.asarray(named[chances[:, : len(self.levels)].argmax(axis=1)])

    def features(self) -> Floats:
        return np.eye(len(self.levels) + 2)

    def outputs(self) -> Floats:
        return np.eye(len(self.levels) + 2)

    def neighbours(self) -> Floats:
        return np.eye(len(self.levels) + 2)

    def to_json(self) -> Json:
        return {"kind": self.kind} | asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Category:
        read = {k: _tuples(v) for k, v in data.items() if k != "kind"}
        return cls(**read)  # type: ignore[arg-type]


Field = Number | Category


def _smooth(score: Floats, basis: int) -> Floats:
    """(basis, K): the score, its square, and bumps from -2 to 2."""
    rows = [score, 0.7 * (score**2 - 1)][:basis]
    centres = np.linspace(-2, 2, max(basis - 2, 1)) if basis > 3 else np.zeros(1)
    width = 4 / max(basis - 3, 1) * 0.8
    rows += [1.5 * np.exp(-0.5 * ((score - c) / width) ** 2) for c in centres[: max(basis - 2, 0)]]
    return np.stack(rows)


def _tuples(value: object) -> object:
    return tuple(_tuples(v) for v in value) if isinstance(value, list) else value
