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

AT_ONCE = 2000
"""Candidates of a batch where each line has conditions of its own, at least."""
MOST_TRIES = 2000
"""So many candidates are drawn for a line, at most."""

Draw = Callable[[int, int], tuple[pd.DataFrame, int]]
"""(number of the batch, rows) -> at most so many learned rows, and how many invalid ones were rejected."""
DrawLines = Callable[[int, Ints], tuple[pd.DataFrame, Truths]]
"""(number of the batch, numbers of lines) -> a learned row for each, and which are valid."""
Check = Callable[[pd.DataFrame, Ints], tuple[pd.DataFrame, Truths]]
"""(learned rows, numbers of their lines) -> the table's rows, and which of them hold."""
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
        asked = min(count << min(batch, 16), max(count, MOST_BATCH))
        drawn, invalid = draw(batch, asked)
        mended, kept = sieve.sift(back(drawn))
        tried, rejected = tried + asked, rejected + invalid
        learned.append(drawn[kept])
        told.append(mended[kept])
        pool = pd.concat(told, ignore_index=True)
        apart = np.flatnonzero(sieve.apart(pool))
        if len(apart) >= (max(rows, count // 2) if batch < PATIENCE else rows):
            among = pd.concat(learned, ignore_index=True)
            return _taken(among, apart[:count]), _taken(pool, apart[:count]), rejected
        sieve.judge(tried, len(apart), rows)
        batch += 1


def filled(draw: DrawLines, check: Check, sieve: Sieve, numbers: Ints) -> tuple[pd.DataFrame, int]:
    """(learned rows, invalid ones) where each line has conditions of its own: a line takes the first row that
    holds and repeats no other's key. ``numbers``: of the lines, as a person counts them.

    DrawError where a line finds none among ``MOST_TRIES``.
    """
    tries = np.zeros(len(numbers), dtype=np.int64)
    waiting, owner, rejected, batch = np.arange(len(numbers)), np.arange(0), 0, 0
    taken, told = pd.DataFrame(), pd.DataFrame()
    while len(waiting):
        if (tries[waiting] >= MOST_TRIES).any():
            stuck = waiting[np.argmax(tries[waiting])]
            raise sieve.refusal_of(int(numbers[stuck]), int(tries[stuck]))
        lines = _asked(waiting, tries)
        drawn, valid = draw(batch, lines)
        mended, holds = check(drawn, lines)
        found = np.flatnonzero(valid & holds)
        found = found[_placed(sieve, told, mended.iloc[found], lines[found])]
        taken, told = _behind(taken, drawn.iloc[found]), _behind(told, mended.iloc[found])
        owner = np.append(owner, lines[found])
        tries += np.bincount(lines, minlength=len(numbers))
        waiting = np.setdiff1d(np.arange(len(numbers)), owner)
        rejected, batch = rejected + int((~valid).sum()), batch + 1
    return _taken(taken, np.argsort(owner)), rejected


def _asked(waiting: Ints, tries: Ints) -> Ints:
    """The lines of the next batch: each once, then those that were tried most as often again as they were, so
    that one without hope is soon known.
    """
    if not tries.any():
        return waiting
    eager = waiting[np.argsort(-tries[waiting], kind="stable")]
    times = max(AT_ONCE // len(waiting), int(tries[eager[0]]))
    return np.repeat(eager[: max(1, AT_ONCE // times)], times)


def _placed(sieve: Sieve, told: pd.DataFrame, rows: pd.DataFrame, owner: Ints) -> Ints:
    """Numbers of the rows that are taken: of each line the first that repeats no key of rows taken before."""
    taken, free = np.arange(0), np.arange(len(rows))
    while len(free):
        beside = _behind(_behind(told, rows.iloc[taken]), rows.iloc[free])
        fresh = free[sieve.apart(beside)[-len(free) :]]
        if not len(fresh):
            break
        taken = np.append(taken, fresh[~pd.Series(owner[fresh]).duplicated().to_numpy()])
        free = free[~np.isin(owner[free], owner[taken])]
    return taken


def _behind(frame: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    if not (len(frame) and len(more)):
        return (frame if len(frame) else more).reset_index(drop=True)
    return pd.concat([frame, more], ignore_index=True)


def distinct(picked: Ints, size: int) -> Ints:
    """The picked numbers, each once, and as many others below ``size`` for those that were there twice."""
    once = list(dict.fromkeys(picked.tolist()))
    others = (i for i in range(size) if i not in set(once))
    filled = once + [next(others) for _ in range(len(picked) - len(once))]
    return np.asarray(filled, dtype=np.int64)


def _taken(frame: pd.DataFrame, numbers: Ints) -> pd.DataFrame:
    return frame.iloc[numbers].reset_index(drop=True)
