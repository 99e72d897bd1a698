"""What of a column's tokens holds a condition: by drawing inside each bin, or by what atoms and lattice say
of numbers that are listed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from stockpot.bins import Bins, Floats, Ints
from stockpot.families.base import Test

POOL, FINE_POOL = 512, 16384
"""So many values of a bin are tried for those that hold a condition; where none does, so many."""
NEVER = 1e-6
"""The share of a listed number that its bin never draws: it can be had where no other is listed."""


@dataclass(frozen=True)
class Allowed:
    """``shares`` (K,): how much of each token holds a condition. ``pools``: of a number's bin, values of it
    that do.
    """

    shares: Floats
    pools: tuple[Floats, ...] = ()

    def drawn(self, tokens: Ints, rng: np.random.Generator) -> Floats:
        """(rows,) a value of each bin's pool; NaN where the token is no bin, or nothing of it holds."""
        out = np.full(len(tokens), np.nan)
        for number, pool in enumerate(self.pools):
            where = tokens == number
            if len(pool) and where.any():
                out[where] = rng.choice(pool, int(where.sum()))
        return out


def of_bins(bins: Bins, test: Test, *, missing: bool) -> Allowed:
    """Of a number's bins, and of its missing values where there are any."""
    if test.among is None:
        pools, size = _pools(bins, test)
        shares = np.array([len(pool) / size for pool in pools])
    else:
        told = np.array(test.among, dtype=np.float64)
        told = told[(told >= bins.edges[0]) & (told <= bins.edges[-1])]
        home = bins.place(told)
        listed = [_listed(bins, b, told[home == b]) for b in range(len(bins))]
        pools, shares = tuple(pool for pool, _ in listed), np.array([share for _, share in listed])
    gone = float(missing and test.holds(pd.Series([np.nan]))[0])
    return Allowed(np.append(np.minimum(shares, 1.0), gone), pools)


def _pools(bins: Bins, test: Test, size: int = POOL) -> tuple[tuple[Floats, ...], int]:
    pools = tuple(_pool(bins, b, test, size) for b in range(len(bins)))
    done = size == FINE_POOL or any(map(len, pools))
    return (pools, size) if done else _pools(bins, test, FINE_POOL)


def _pool(bins: Bins, number: int, test: Test, size: int) -> Floats:
    drawn = bins.draw(np.full(size, number), np.random.default_rng(number))
    return drawn[test.holds(pd.Series(drawn))]


def _listed(bins: Bins, number: int, told: Floats) -> tuple[Floats, float]:
    """Values of a bin, each as often as it is drawn, and how much of the bin they are."""
    if not len(told):
        return told, 0.0
    shares = np.maximum(bins.chances(number, told), NEVER)
    often = np.maximum(1, np.round(POOL * shares / shares.sum())).astype(np.int64)
    return np.repeat(told, often), float(shares.sum())
