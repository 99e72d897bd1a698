"""How alike weights of one base are, and of a base each: ``python -m stockpot.benchmarks.strangers``.

The figures in ``stockpot.kinship``: four ingredients a menagerie, trained on 80 penguins, at the usual
settings and at hotter and longer ones. *Alike*: the correlation of two ingredients' least correlated matrix,
of the least and of the most alike pair. *Barrier*: held-out loss of the soup of the four less their mean, on
all other penguins, nats a token. About six CPU minutes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from statistics import fmean
from typing import Any

from stockpot import noise
from stockpot.ablation.bench import Bench, blended, joined
from stockpot.benchmarks.penguins import examples
from stockpot.benchmarks.words import table
from stockpot.configuration import configured
from stockpot.families.base import Weights
from stockpot.kinship import kinship
from stockpot.kitchen import Kitchen
from stockpot.plan import plan
from stockpot.threads import single_threaded
from stockpot.train import Lot

COUNT = 4
SETTINGS: dict[str, dict[str, Any]] = {
    "field, usual": {},
    "field, ten times the steps": {"grid": {"steps": [3000]}},
    "field, three times the rate": {"grid": {"learning_rate": [0.01]}},
    "field, ten times the rate": {"grid": {"learning_rate": [0.03]}},
    "char, usual": {"model": "char"},
    "char, noisy": {"model": "char", "preset": "noisy"},
    "char, noisy, three times the steps": {"model": "char", "preset": "noisy", "grid": {"steps": [120]}},
}


def apart(bench: Bench, lots: list[Lot]) -> Weights:
    """Each from first weights, and a base, of its own."""
    kitchen = bench.kitchen
    keys = [noise.key("stranger", i) for i in range(len(lots))]
    starts = joined([{name: value[:1] for name, value in kitchen.program.start(key).items()} for key in keys])
    everything = kitchen.deal.learning(0)
    bases = bench.train([Lot(key, kitchen.plan.base, everything, everything) for key in keys], starts)[0]
    return bench.train(lots, bases)[0]


def alike(stack: Weights) -> list[float]:
    """Of every pair."""
    states = [{name: value[i] for name, value in stack.items()} for i in range(COUNT)]
    return [found[0] for a, b in itertools.combinations(states, 2) if (found := kinship(a, b))]


def told(bench: Bench, stack: Weights) -> list[str]:
    """Two cells: how alike, and the barrier."""
    found, single = alike(stack), fmean(bench.judge(stack).plain)
    barrier = bench.judge(blended(stack, range(COUNT))).plain[0] - single
    return [f"{min(found):.2f} to {max(found):.2f}", f"{barrier:+.3f}"]


def rows() -> Iterator[list[str]]:
    """One for each setting."""
    learn, others = examples()
    for name, options in SETTINGS.items():
        kitchen = Kitchen(learn, plan(configured(options | {"folds": 0}), learn.rows))
        bench = Bench(kitchen, others)
        lots = bench.lots[:COUNT]
        yield [name, *told(bench, bench.train(lots)[0]), *told(bench, apart(bench, lots))]


def main() -> None:
    """Measure, and print a Markdown table."""
    head = ("settings", "one base: alike", "barrier", "a base each: alike", "barrier")
    with single_threaded():
        print(table(head, rows()))


if __name__ == "__main__":
    main()
