"""What the docs say of the penguins: ``python -m benchmarks.penguins [--model char] [--preset seed]``.

The 80 rows of examples/penguins.csv are cooked with three seeds at the defaults; the other 264 penguins judge
the rows. The soup is the best by held-out loss, the single ingredient likewise: both chosen without the 264.
Copy rates are of 1,000 drawn rows. One torch thread; seconds are CPU seconds of training and tasting.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from benchmarks.protocol import Item, load, split
from stockpot.config import CookConfig
from stockpot.configuration import configured
from stockpot.cook import Clock, tasted
from stockpot.score.compare import RowScores
from stockpot.score.intervals import t_interval
from stockpot.summary import best_single
from stockpot.table import Table, of_frame, read
from stockpot.tally import Tally
from stockpot.taste import Taste
from stockpot.threads import single_threaded

HERE = Path(__file__).parent
SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Outcome:
    """One seed's scores against the 264 other penguins."""

    seed: int
    single: RowScores
    soup: RowScores
    shipped: str
    floor: RowScores
    real: RowScores
    cpu_seconds: float


def measured(table: Table, others: Table, config: CookConfig) -> Outcome:
    """Cook, and judge the shipped model, the best soup and the best single."""
    start = time.process_time()
    with single_threaded():
        tally = replace(tasted(table, config, Clock()), holdout=others)
    spent = time.process_time() - start
    with single_threaded():
        rails = {rail.name: rail.holdout for rail in tally.rails()}
        single, soup = (_judged(tally, taste) for taste in (best_single(tally.tasting), best_soup(tally)))
    floor, real = rails["floor"], rails["reference"]
    assert floor is not None
    assert real is not None
    return Outcome(config.seed, single, soup, tally.tasting.shipped, floor, real, spent)


def best_soup(tally: Tally) -> Taste:
    """The soup with the lowest held-out loss."""
    return min((t for t in tally.tasting.tastes if t.kind == "soup"), key=lambda t: fmean(t.losses))


def _judged(tally: Tally, taste: Taste) -> RowScores:
    scores = tally.model(replace(taste, of_folds=())).holdout
    assert scores is not None
    return scores


def table_of(outcomes: Sequence[Outcome]) -> str:
    """Markdown: a line a seed, then the means."""
    head = [
        "seed",
        "quality: floor",
        "best single",
        "soup",
        "gain",
        "fidelity: real 80",
        "best single",
        "soup",
    ]
    head += ["copies: unseen real rows", "best single", "soup", "CPU s"]
    lines = [head, ["---:"] * len(head), *(_cells(str(o.seed), _numbers(o)) for o in outcomes)]
    means = [fmean(values) for values in zip(*map(_numbers, outcomes), strict=True)]
    return "\n".join(f"| {' | '.join(line)} |" for line in [*lines, _cells("mean", means)])


def _numbers(o: Outcome) -> list[float]:
    quality = [known(each.quality) for each in (o.floor, o.single, o.soup)]
    fidelity = [known(each.fidelity) for each in (o.real, o.single, o.soup)]
    copies = [known(each.copy_rate) for each in (o.real, o.single, o.soup)]
    return [*quality, quality[2] - quality[1], *fidelity, *copies, o.cpu_seconds]


def _cells(name: str, numbers: Sequence[float]) -> list[str]:
    points, copies, seconds = numbers[:7], numbers[7:10], numbers[10]
    return [name, *(f"{x:.1f}" for x in points), *(f"{x:.3f}" for x in copies), f"{seconds:.1f}"]


def known(value: float | None) -> float:
    """A figure that 264 rows can always tell."""
    assert value is not None
    return value


def gain_of(outcomes: Sequence[Outcome]) -> str:
    """The soup's gain in quality, with its interval over seeds."""
    gain = t_interval([known(o.soup.quality) - known(o.single.quality) for o in outcomes])
    interval = f"{gain.low or 0:+.1f} to {gain.high or 0:+.1f}"
    return (
        f"Quality of the soup less that of the best single: {gain.value:+.1f} (95 % interval over "
        f"{len(outcomes)} seeds of one table: {interval}). Shipped: {', '.join(o.shipped for o in outcomes)}."
    )


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", choices=["field", "char"], default="field")
    parser.add_argument("--preset", choices=["default", "seed"], default="default")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    asked = parser.parse_args()
    item = Item("palmerpenguins", "penguins", ())
    dealt = split(load(item), 0)
    table = read(HERE.parent / "examples" / "penguins.csv")
    others = of_frame(dealt.holdout[list(table.schema.names)], name="others")
    outcomes = []
    for seed in asked.seeds:
        config = configured({"model": asked.model, "preset": asked.preset, "seed": seed})
        outcomes.append(measured(table, others, config))
        print(f"seed {seed}: {outcomes[-1].cpu_seconds:.0f} CPU s", flush=True)
    print(table_of(outcomes))
    print()
    print(gain_of(outcomes))


if __name__ == "__main__":
    main()
