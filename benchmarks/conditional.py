"""Are rows under a condition as good as others? ``python -m stockpot.benchmarks.conditional [SEEDS] [RAKE]``.

Three tables: two small ones, and a large one cut to 80 learning rows, dealt by each of SEEDS seeds (5 if not
said); ``Soup.fit(train, folds=0)``. The conditions: every level of every category that at least 50 holdout
rows and 5 learning rows meet in every deal, and of each table a range of a number, and two ranges at once.

Of each condition 500 rows are drawn by ``where``, and are held against rows that were drawn without it and
then filtered: as many of the first of 20,000 that meet it. Fidelity of each, in the columns that the
condition does not name, to the holdout rows that meet it. Conditional less filtered, with an interval over
seeds: what a draw under a condition loses (below 0) or gains.

conditional  fidelity of the rows drawn by ``where``
filtered     ... of rows drawn without, and filtered. They are raked to the table's marginals before, as
             every draw without conditions is (RAKE 0: they are not); conditional ones are not, as raking
             would undo the condition
learning     ... of the learning rows that meet the condition, which are few
all          ... of 500 rows drawn without, to all holdout rows, in all columns: the usual quality

Seeds of one table share its rows (of a small one most of them), so they are not independent: an interval
tells how the figure varies from deal to deal of this table, 95 % by Student's t, and nothing of other tables.
"""

from __future__ import annotations

import operator
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from stockpot.benchmarks.protocol import Deal, Item, deal, load
from stockpot.score.align import BoolArray, kinds_of
from stockpot.score.fidelity import FidelityTo
from stockpot.score.intervals import Interval, t_interval
from stockpot.soup import Soup

ROWS, POOL = 500, 20_000
LEAST_HELD, LEAST_LEARNED = 50, 5
KINDS = ("conditional", "filtered", "learning", "all")
OPS: Mapping[str, Callable[[Any, Any], Any]] = {"=": operator.eq, "<=": operator.le, ">=": operator.ge}


@dataclass(frozen=True)
class Part:
    """A condition on one column."""

    name: str
    op: str
    value: str | float

    @property
    def text(self) -> str:
        return f"{self.name} {self.op} {self.value}"

    def met(self, frame: pd.DataFrame) -> BoolArray:
        """By pandas, not by the library: that is what is to be tested. A missing value meets nothing."""
        told = frame[self.name]
        return np.asarray(told.notna() & OPS[self.op](told, self.value), dtype=bool)


Parts = tuple[Part, ...]


@dataclass(frozen=True)
class Table:
    """``rows``: learning rows that a large one is cut to. ``ranges``: its conditions on numbers."""

    item: Item
    rows: int | None
    ranges: tuple[Parts, ...]


TABLES = (
    Table(
        Item("palmerpenguins", "penguins"),
        None,
        (
            (Part("body_mass_g", ">=", 4500),),
            (Part("bill_length_mm", ">=", 45), Part("bill_depth_mm", "<=", 17)),
        ),
    ),
    Table(
        Item("carData", "Salaries"),
        None,
        (
            (Part("yrs.since.phd", "<=", 20),),
            (Part("yrs.since.phd", ">=", 15), Part("salary", ">=", 110_000)),
        ),
    ),
    Table(
        Item("AER", "CPS1988"),
        80,
        (
            (Part("education", ">=", 14),),
            (Part("experience", "<=", 15), Part("wage", ">=", 500)),
        ),
    ),
)


@dataclass(frozen=True)
class Measured:
    """Of one condition in one deal: a figure of each of ``KINDS``, and how many drawn rows broke it."""

    fidelity: Mapping[str, float]
    broke: int

    @property
    def gap(self) -> float:
        return self.fidelity["conditional"] - self.fidelity["filtered"]


def met(parts: Parts, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that meet all parts."""
    kept = np.logical_and.reduce([part.met(frame) for part in parts])
    return frame[kept].reset_index(drop=True)


def conditions(deals: Sequence[Deal], ranges: Sequence[Parts]) -> list[Parts]:
    """Levels that enough rows of every deal say, and the ranges."""
    first = deals[0].holdout
    names = [name for name, kind in kinds_of(first).items() if kind == "categorical"]
    levels = [(Part(name, "=", level),) for name in names for level in sorted(first[name].dropna().unique())]
    return [parts for parts in [*levels, *ranges] if all(_enough(parts, one) for one in deals)]


def _enough(parts: Parts, dealt: Deal) -> bool:
    return len(met(parts, dealt.holdout)) >= LEAST_HELD and len(met(parts, dealt.train)) >= LEAST_LEARNED


def compared(soup: Soup, dealt: Deal, pool: pd.DataFrame, parts: Parts, seed: int) -> Measured:
    """One condition. ``pool``: rows drawn without it."""
    drawn = soup.sample(ROWS, seed=seed, where=[part.text for part in parts])
    filtered = met(parts, pool).head(ROWS)
    named = {part.name for part in parts}
    kinds = {name: kind for name, kind in kinds_of(dealt.train).items() if name not in named}
    to = FidelityTo.of(met(parts, dealt.holdout), kinds)
    everything = FidelityTo.of(dealt.holdout, kinds_of(dealt.train))
    rows = (drawn.head(len(filtered)), filtered, met(parts, dealt.train))
    told = [*(to.score(one).value for one in rows), everything.score(pool.head(ROWS)).value]
    return Measured(dict(zip(KINDS, told, strict=True)), len(drawn) - len(met(parts, drawn)))


def measured(table: Table, seeds: int, rake: int | None) -> dict[Parts, list[Measured]]:
    """Each condition in each deal. ``rake``: of the rows that are filtered; None: as ever."""
    frame = load(table.item)
    deals = [deal(frame, seed, table.rows) for seed in range(seeds)]
    found: dict[Parts, list[Measured]] = {parts: [] for parts in conditions(deals, table.ranges)}
    for seed, dealt in enumerate(deals):
        soup = Soup.fit(dealt.train, folds=0, seed=seed, rake=rake)
        pool = soup.sample(POOL, seed=seed)
        for parts, several in found.items():
            several.append(compared(soup, dealt, pool, parts, seed))
    return found


def mean_gap(found: Mapping[Parts, Sequence[Measured]]) -> Interval:
    """Over a table's conditions, with its interval over seeds."""
    return t_interval(np.mean([[one.gap for one in several] for several in found.values()], axis=0).tolist())


def _told(made: Interval) -> str:
    low, high = (np.nan if end is None else end for end in (made.low, made.high))
    return f"{made.value:+.2f} [{low:+.2f}, {high:+.2f}]"


def _line(name: str, several: Sequence[Measured]) -> str:
    means = [f"{np.mean([one.fidelity[kind] for one in several]):.1f}" for kind in KINDS]
    broke = sum(one.broke for one in several)
    gap = _told(t_interval([one.gap for one in several]))
    return (
        f"| {name} | {len(several) * ROWS - broke} of {len(several) * ROWS} | {' | '.join(means)} | {gap} |"
    )


def main(seeds: int = 5, rake: int | None = None) -> None:
    """One line a condition, and a summary."""
    start, every = time.perf_counter(), {}
    print(f"| condition | met | {' | '.join(KINDS)} | conditional less filtered |")
    print("| --- |" + " ---: |" * 6)
    for table in TABLES:
        found = every[table.item.name] = measured(table, seeds, rake)
        for parts, several in found.items():
            text = ", ".join(part.text for part in parts)
            print(_line(f"{table.item.name}: {text}", several), flush=True)
    ones = [one for found in every.values() for several in found.values() for one in several]
    broke, drawn = sum(one.broke for one in ones), ROWS * len(ones)
    print(f"\n{drawn - broke} of {drawn} drawn rows meet their condition ({seeds} seeds a table).")
    for name, found in every.items():
        print(f"{name}, mean of {len(found)} conditions: {_told(mean_gap(found))}")
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
