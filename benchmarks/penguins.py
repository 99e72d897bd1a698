"""What the docs say of the penguins: ``python -m stockpot.benchmarks.penguins [--model char]``.

The 80 rows of examples/penguins.csv are cooked with three seeds at the defaults, and the other 264 penguins
judge the rows. Best single and best soup are those with the lowest held-out loss; no choice sees the 264.
*Shipped* is what a person gets: the main menagerie's. *Soup* and *best single* are compared in every
menagerie (those of the folds, by what the other folds chose, and the main one) and averaged, because one
draw of one ingredient says little; the interval is over seeds, of one table. CPU seconds are of training
and tasting, on one torch thread.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import pandas as pd

from stockpot.benchmarks.protocol import Item, load, split
from stockpot.benchmarks.words import table as markdown
from stockpot.config import CookConfig
from stockpot.configuration import configured
from stockpot.cook import Clock, tasted
from stockpot.score import rails
from stockpot.score.align import kinds_of_schema
from stockpot.score.compare import RowScores, Yardstick, reference
from stockpot.score.intervals import t_interval
from stockpot.summary import best_single
from stockpot.table import Table, of_frame, read
from stockpot.tally import SCORED_ROWS, Tally, score
from stockpot.taste import Taste
from stockpot.threads import single_threaded

HERE = Path(__file__).parent
SEEDS = (0, 1, 2)
HEAD = (
    "seed",
    "quality: floor",
    "best single",
    "soup",
    "shipped",
    "fidelity: real 80",
    "shipped",
    "copies: unseen real",
    "best single",
    "soup",
    "shipped",
    "CPU s",
)


@dataclass(frozen=True)
class Outcome:
    """One seed's scores against the other penguins; single and soup of each menagerie."""

    seed: int
    recipe: str
    floor: RowScores
    real: RowScores
    shipped: RowScores
    singles: tuple[RowScores, ...]
    soups: tuple[RowScores, ...]
    cpu_seconds: float

    @property
    def gain(self) -> float:
        """In quality, of the soup over the best single."""
        return mean(self.soups, "quality") - mean(self.singles, "quality")


def examples() -> tuple[Table, Table]:
    """The 80 penguins of the examples, and the other 264."""
    table = read(HERE.resolve().parent / "examples" / "penguins.csv")
    unseen = split(load(Item("palmerpenguins", "penguins", ())), 0).holdout
    return table, of_frame(unseen[list(table.schema.names)], name="others")


def measured(table: Table, others: Table, config: CookConfig) -> Outcome:
    """Cook, and judge by the others."""
    start = time.process_time()
    with single_threaded():
        tally = tasted(table, config, Clock())
        spent = time.process_time() - start
        tasting, kinds = tally.tasting, kinds_of_schema(table.schema)
        single = best_single(tasting)
        soup = min((t for t in tasting.tastes if t.kind == "soup"), key=lambda t: fmean(t.losses))
        both = zip(_judged(tally, others, single), _judged(tally, others, soup), strict=True)
        pairs = [(ours, theirs) for ours, theirs in both if known(ours) and known(theirs)]
        return Outcome(
            seed=config.seed,
            recipe=tasting.shipped,
            floor=_judge(tally, others, -1).score(rails.floor(table.frame, SCORED_ROWS, seed=config.seed)),
            real=reference(table.frame, others.frame, kinds),
            shipped=_judged(tally, others, tasting.taste(tasting.shipped))[-1],
            singles=tuple(ours for ours, _ in pairs),
            soups=tuple(theirs for _, theirs in pairs),
            cpu_seconds=spent,
        )


def _judge(tally: Tally, others: Table, number: int) -> Yardstick:
    """The others' yardstick, for rows of a menagerie."""
    kitchen = tally.kitchen
    known = range(kitchen.deal.menageries)[number]
    learn: pd.DataFrame = kitchen.table.frame.iloc[kitchen.deal.learning(known)]
    return Yardstick.of(others.frame, others.frame, learn, kinds_of_schema(kitchen.table.schema))


def _judged(tally: Tally, others: Table, taste: Taste) -> tuple[RowScores, ...]:
    """The model's rows from every menagerie, the main one last."""
    chosen = (*taste.of_folds, taste.mixture)
    ensemble = taste.kind == "ensemble"
    drawn = [tally.drawn(m, shares, ensemble=ensemble) for m, shares in enumerate(chosen)]
    return tuple(score(_judge(tally, others, m), rows) for m, rows in enumerate(drawn))


def known(scores: RowScores) -> bool:
    """Whether the model drew enough valid rows to be judged; where one did not, its pair is left out."""
    return scores.quality is not None


def mean(scores: Sequence[RowScores], name: str) -> float:
    """Of a figure that 264 rows can always tell."""
    return fmean(float(getattr(score, name)) for score in scores)


def _numbers(o: Outcome) -> list[float]:
    quality = [mean(side, "quality") for side in ([o.floor], o.singles, o.soups, [o.shipped])]
    fidelity = [mean([side], "fidelity") for side in (o.real, o.shipped)]
    copies = [mean(side, "copy_rate") for side in ([o.real], o.singles, o.soups, [o.shipped])]
    return [*quality, *fidelity, *copies, o.cpu_seconds]


def table_of(outcomes: Sequence[Outcome]) -> str:
    """Markdown: a line a seed, then the means."""
    means = [fmean(values) for values in zip(*map(_numbers, outcomes), strict=True)]
    lines = [_cells(str(o.seed), _numbers(o)) for o in outcomes]
    return markdown(HEAD, [*lines, _cells("mean", means)], "---:")


def _cells(name: str, numbers: Sequence[float]) -> list[str]:
    digits = [1] * 6 + [3] * 4 + [0]
    return [name, *(f"{x:.{d}f}" for x, d in zip(numbers, digits, strict=True))]


def sentence(outcomes: Sequence[Outcome]) -> str:
    """The soup's gain in quality and the ratio of copies."""
    gain = over_seeds([o.gain for o in outcomes])
    shipped = ", ".join(o.recipe for o in outcomes)
    return f"Quality of the soup less that of the best single: {gain}. Shipped: {shipped}."


def over_seeds(gains: Sequence[float]) -> str:
    """The mean of gains, one a seed, with its interval."""
    gain = t_interval(gains)
    around = "" if gain.low is None else f" (95 % interval over seeds: {gain.low:+.1f} to {gain.high:+.1f})"
    return f"{gain.value:+.1f}{around}"


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", choices=["field", "char"], default="field")
    parser.add_argument("--preset", choices=["default", "noisy", "seed"], default="default")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    asked = parser.parse_args()
    table, others = examples()
    outcomes = []
    for seed in asked.seeds:
        config = configured({"model": asked.model, "preset": asked.preset, "seed": seed})
        outcomes.append(measured(table, others, config))
        print(f"seed {seed}: gain {outcomes[-1].gain:+.1f}, {outcomes[-1].cpu_seconds:.0f} CPU s", flush=True)
    print(f"\n{table_of(outcomes)}\n\n{sentence(outcomes)}")


if __name__ == "__main__":
    main()
