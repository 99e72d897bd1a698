"""Drawing rows that hold: candidates are drawn and sifted until there are enough, in batches that grow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from stockpot.bins import Ints
from stockpot.constraints.cells import Truths
from stockpot.constraints.sieve import Sieve

MOST_BATCH = 8000
"""Candidates of a batch, at most."""
PATIENCE = 4
"""So many batches are drawn for the sake of raking, which wants rows to choose from."""

MOST_LINES = 200
"""Under conditions so many rows are drawn for each line, at most."""

Draw = Callable[[int, int], tuple[pd.DataFrame, int]]
"""(number of the batch, rows) -> learned rows, and how many invalid ones were rejected."""
Back = Callable[[pd.DataFrame], pd.DataFrame]
"""Learned rows -> the table's."""


def gathered(
    draw: Draw, back: Back, sieve: Sieve, rows: int, count: int
) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """(learned rows, the table's, invalid ones): at most ``count`` that hold, and ``rows`` at least.

    DrawError where hardly a drawn row holds.
    """
    learned: list[pd.DataFrame] = []
    told: list[pd.DataFrame] = []
    tried = rejected = batch = 0
    while True:
        drawn, invalid = draw(batch, min(count << min(batch, 16), max(count, MOST_BATCH)))
        mended, kept = sieve.sift(back(drawn))
        tried, rejected = tried + len(drawn), rejected + invalid
        learned.append(drawn[kept])
        told.append(mended[kept])
        pool = pd.concat(told, ignore_index=True)
        apart = np.flatnonzero(sieve.apart(pool))
        if len(apart) >= (max(rows, count // 2) if batch < PATIENCE else rows):
            among = pd.concat(learned, ignore_index=True)
            return _taken(among, apart[:count]), _taken(pool, apart[:count]), rejected
        sieve.judge(tried, len(apart), rows)
        batch += 1


def filled(draw: Draw, back: Back, sieve: Sieve, rows: int) -> tuple[pd.DataFrame, int]:
    """(learned rows, invalid ones) where each of the ``rows`` lines has conditions of its own: every batch
    draws all lines, and a line takes the first row that holds.

    DrawError where a line finds none in ``MOST_LINES`` batches.
    """
    taken, rejected = draw(0, rows)
    told, held = sieve.sift(back(taken))
    for batch in range(1, MOST_LINES):
        held = held & _fresh(sieve, told, held)
        if held.all():
            return taken, rejected
        drawn, invalid = draw(batch, rows)
        mended, holds = sieve.sift(back(drawn))
        put = ~held & holds
        taken, told = _put(taken, drawn, put), _put(told, mended, put)
        held, rejected = held | put, rejected + invalid
    raise sieve.refusal(rows * MOST_LINES, int(held.sum()))


def _put(frame: pd.DataFrame, other: pd.DataFrame, where: Truths) -> pd.DataFrame:
    return pd.concat([frame[~where], other[where]]).sort_index()


def _fresh(sieve: Sieve, told: pd.DataFrame, held: Truths) -> Truths:
    """Of the lines that hold, those that repeat no key of another one."""
    fresh = np.zeros(len(told), dtype=bool)
    fresh[held] = sieve.apart(told[held])
    return fresh


def distinct(picked: Ints, size: int) -> Ints:
    """The picked numbers, each once, and as many others below ``size`` for those that were there twice."""
    once = list(dict.fromkeys(picked.tolist()))
    others = (i for i in range(size) if i not in set(once))
    filled = once + [next(others) for _ in range(len(picked) - len(once))]
    return np.asarray(filled, dtype=np.int64)


def _taken(frame: pd.DataFrame, numbers: Ints) -> pd.DataFrame:
    return frame.iloc[numbers].reset_index(drop=True)
