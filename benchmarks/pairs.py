"""What a soup of two gains in char's noisy regime: ``python -m stockpot.benchmarks.pairs [--preset noisy]``.

The experiment that this project comes from blended two models of scores 44 and 42 into one of 61. Here the 80
rows of examples/penguins.csv are learned from and the other 264 judge, by SDMetrics' quality: the menagerie's
ingredients are paired as they come, no choice sees the 264, and a soup of two is compared with the better of
its two. A pair of which no ingredient, or not even the soup, draws valid rows is left out and counted. Pairs
of one seed are averaged first; the interval is over seeds, of one table.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from stockpot.benchmarks.penguins import examples, over_seeds
from stockpot.benchmarks.words import table
from stockpot.config import CookConfig
from stockpot.configuration import configured
from stockpot.cook import Clock, tasted
from stockpot.recipes.choosing import equal
from stockpot.score import rails
from stockpot.score.align import kinds_of_schema
from stockpot.score.compare import Yardstick
from stockpot.table import Table
from stockpot.tally import SCORED_ROWS, Tally, score
from stockpot.threads import single_threaded

SEEDS = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Pair:
    """Quality of two ingredients and of their soup; None where hardly a valid row is drawn."""

    first: float | None
    second: float | None
    soup: float | None

    @property
    def better(self) -> float | None:
        return max((q for q in (self.first, self.second) if q is not None), default=None)

    @property
    def gain(self) -> float | None:
        """Of the soup over the better of its two."""
        return None if self.soup is None or self.better is None else self.soup - self.better


@dataclass(frozen=True)
class Outcome:
    """One seed: its pairs, the soup of all ingredients, and the floor."""

    seed: int
    pairs: tuple[Pair, ...]
    everything: float | None
    floor: float | None

    @property
    def gains(self) -> list[float]:
        return [pair.gain for pair in self.pairs if pair.gain is not None]


def measured(learn: Table, others: Table, config: CookConfig) -> Outcome:
    """Cook without tasting, and judge by the others."""
    with single_threaded():
        tally = tasted(learn, config, Clock())
        judge = Yardstick.of(others.frame, others.frame, learn.frame, kinds_of_schema(learn.schema))
        count = len(tally.kitchen.plan.ingredients)
        alone = [_quality(tally, judge, [number]) for number in range(count)]
        pairs = [(i, i + 1) for i in range(0, count - 1, 2)]
        return Outcome(
            config.seed,
            tuple(Pair(alone[i], alone[j], _quality(tally, judge, [i, j])) for i, j in pairs),
            _quality(tally, judge, range(count)),
            judge.score(rails.floor(learn.frame, SCORED_ROWS, seed=config.seed)).quality,
        )


def _quality(tally: Tally, judge: Yardstick, numbers: Sequence[int]) -> float | None:
    return score(judge, tally.drawn(tally.kitchen.main, equal(numbers), ensemble=False)).quality


def table_of(outcomes: Sequence[Outcome]) -> str:
    """Markdown: a line a seed."""
    head = ("seed", "floor", "better of two", "soup of two", "soup of all", "gain", "pairs judged")
    return table(head, map(_cells, outcomes), "---:")


def _cells(found: Outcome) -> list[str]:
    judged = [pair for pair in found.pairs if pair.gain is not None]
    better = [pair.better for pair in judged if pair.better is not None]
    soups = [pair.soup for pair in judged if pair.soup is not None]
    figures: list[Sequence[float | None]] = [[found.floor], better, soups, [found.everything], found.gains]
    shown = [_mean([value for value in values if value is not None]) for values in figures]
    return [str(found.seed), *shown, f"{len(judged)} of {len(found.pairs)}"]


def _mean(values: Sequence[float]) -> str:
    return f"{fmean(values):.1f}" if values else "-"


def sentence(outcomes: Sequence[Outcome]) -> str:
    """The gain over all seeds that have one."""
    gains = [fmean(found.gains) for found in outcomes if found.gains]
    if not gains:
        return "No pair could be judged."
    return f"Quality of a soup of two less that of the better of its two: {over_seeds(gains)}."


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", choices=["default", "noisy", "seed"], default="noisy")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    asked = parser.parse_args()
    learn, others = examples()
    outcomes = []
    for seed in asked.seeds:
        config = configured({"model": "char", "preset": asked.preset, "folds": 0, "seed": seed})
        outcomes.append(measured(learn, others, config))
        print(f"seed {seed} is measured", flush=True)
    print(f"\n{table_of(outcomes)}\n\n{sentence(outcomes)}")


if __name__ == "__main__":
    main()
