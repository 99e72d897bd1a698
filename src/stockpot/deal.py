"""Dealing rows: into folds, that judge, and into subsets, that ingredients learn from.

Subsets are drawn once, from all rows; ingredient i of fold f learns from its subset less fold f. So
ingredient i means the same in every menagerie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stockpot import noise
from stockpot.bins import Ints

FEW_ROWS = 200
"""Below so many rows there are 5 folds, else 3."""
LEAST_LEARNING_ROWS = 4


@dataclass(frozen=True)
class Deal:
    """Row numbers: ``folds`` hold out each its part; ``subsets`` are what ingredients learn from."""

    rows: int
    folds: tuple[Ints, ...]
    subsets: tuple[Ints, ...]

    @property
    def menageries(self) -> int:
        """One a fold, and the main one, which is the last."""
        return len(self.folds) + 1

    def learning(self, menagerie: int) -> Ints:
        """The rows that reach a menagerie: all but its fold's."""
        everything = np.arange(self.rows)
        return everything if menagerie == len(self.folds) else np.setdiff1d(everything, self.folds[menagerie])

    def subset(self, menagerie: int, subset: int) -> Ints:
        """The rows that an ingredient learns from; all of its menagerie's if its subset lies in the fold."""
        own = np.intersect1d(self.subsets[subset], self.learning(menagerie))
        return own if len(own) else self.learning(menagerie)

    def left_out(self, menagerie: int, subset: int) -> Ints:
        """The menagerie's rows that an ingredient does not learn from."""
        return np.setdiff1d(self.learning(menagerie), self.subset(menagerie, subset))


def default_folds(rows: int) -> int:
    """5 below 200 rows, else 3."""
    return 5 if rows < FEW_ROWS else 3


def deal(rows: int, folds: int, subsets: int, share: float | None, seed: int) -> Deal:
    """Folds of about equal size, and ``subsets`` subsets.

    ``share`` None: each subset leaves out one of as many equal parts, in turn. Otherwise each is a random
    draw of that share of the rows.
    """
    order = _shuffled(rows, "folds", seed)
    dealt = tuple(np.sort(part) for part in np.array_split(order, folds)) if folds else ()
    return Deal(rows, dealt, tuple(_subsets(rows, subsets, share, seed)))


def _subsets(rows: int, count: int, share: float | None, seed: int) -> Sequence[Ints]:
    everything = np.arange(rows)
    if share is not None:
        size = min(rows, max(LEAST_LEARNING_ROWS, round(share * rows)))
        return [np.sort(_shuffled(rows, f"subset {i}", seed)[:size]) for i in range(count)]
    if count == 1:
        return [everything]
    parts = np.array_split(_shuffled(rows, "subsets", seed), count)
    return [np.setdiff1d(everything, part) for part in parts]


def _shuffled(rows: int, what: str, seed: int) -> Ints:
    return np.random.default_rng(noise.key(what, seed)).permutation(rows)
