"""Which recipe wins, over public tables: ``python -m stockpot.benchmarks.recipes FOLDER --tables tuning``.

Of each table some 80 rows are cooked and the others judge, by the protocol; the ninth question of the
ablation (``stockpot.ablation.contest``) is asked of each cook. All recipes have the same ingredients.
``usual``: those that a cook has by default. ``wild``: learning rates of 0.001 to 0.1, so that some are bad.
The default is chosen on tuning.csv; tables.csv and truth.csv only say how that turned out. Lines are kept in
the folder, and what is there is not measured again. At the end: differences to the best single ingredient and
mean ranks over tables, each table's seeds averaged first, and a critical-difference plot a figure.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from stockpot.ablation.contest import contest
from stockpot.ablation.extent import extent
from stockpot.benchmarks.judgement import judge, ranks
from stockpot.benchmarks.lines import Cell, Line, append, read
from stockpot.benchmarks.pictures import critical_difference
from stockpot.benchmarks.protocol import Item, TableSet, deal, items, load
from stockpot.benchmarks.words import interval, number, table
from stockpot.configuration import configured
from stockpot.cook import Clock, tasted
from stockpot.recipes import RECIPES
from stockpot.table import of_frame
from stockpot.taste import ENSEMBLE
from stockpot.threads import single_threaded

Regime = Literal["usual", "wild"]
GRIDS: dict[Regime, dict[str, Any]] = {"usual": {}, "wild": {"learning_rate": [0.001, 0.01, 0.1]}}
FILE, FIRST = "recipes.jsonl", "best"
LOWER = {"loss": True, "loss_plain": True, "fidelity": False, "quality": False}
"""What is told of each recipe, and whether lower is better."""
DIGITS = {"loss": 3, "loss_plain": 3}
TRUTH_ROWS = 80


@dataclass(frozen=True)
class Contest:
    """A table's cook of one seed, in one regime."""

    regime: Regime
    set: TableSet
    item: Item
    seed: int

    def cell(self, recipe: str) -> Cell:
        rows = TRUTH_ROWS if self.set == "truth" else None
        return Cell(f"{self.regime} {recipe}", self.set, rows, self.item.package, self.item.name, self.seed)

    @property
    def cells(self) -> list[Cell]:
        """One a recipe, the ensemble last."""
        return [self.cell(recipe) for recipe in (*RECIPES, ENSEMBLE)]


def held(asked: Contest) -> list[Line]:
    """A line a recipe."""
    dealt = deal(load(asked.item), asked.seed, TRUTH_ROWS if asked.set == "truth" else None)
    config = configured({"seed": asked.seed, "grid": GRIDS[asked.regime]})
    with single_threaded():
        tally = tasted(of_frame(dealt.train), config, Clock())
        judged = replace(tally, holdout=replace(tally.kitchen.table, frame=dealt.holdout))
        arms = contest(judged, extent(config.model))
    return [Line(asked.cell(arm.name), arm.figures) for arm in arms]


def measure(folder: Path, wanted: Sequence[Contest], workers: int) -> None:
    """Append what is not there yet; each worker has one thread."""
    done = {line.cell for line in read(folder)}
    todo = [one for one in wanted if not done.issuperset(one.cells)]
    # a forked process would share torch's threads with this one
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for future in as_completed(pool.submit(held, one) for one in todo):
            lines = future.result()
            append(folder / FILE, [line for line in lines if line.cell not in done])
            print(f"{lines[0].cell.item}, seed {lines[0].cell.seed}", flush=True)


def grid(lines: Sequence[Line], regime: Regime, figure: str) -> pd.DataFrame:
    """Tables x recipes, of the tables that every recipe has the figure on."""
    found = pd.DataFrame(
        [
            {"table": line.cell.item, "recipe": recipe, "value": line.figures.get(figure)}
            for line in lines
            for of, _, recipe in [line.cell.method.partition(" ")]
            if of == regime
        ]
    )
    wide = found.pivot_table(index="table", columns="recipe", values="value", aggfunc="mean").dropna()
    return wide[[name for name in (*RECIPES, ENSEMBLE) if name in wide]]


def summary(lines: Sequence[Line], regime: Regime) -> str:
    """Markdown: a row a recipe, by its mean rank in held-out loss."""
    grids = {figure: grid(lines, regime, figure) for figure in (*LOWER, "seconds", "ingredients")}
    losses = grids["loss"]
    order = ranks(-losses).sort_values()
    judged = {figure: judge(_gains(grids[figure], lower=lower)) for figure, lower in LOWER.items()}
    rows = []
    for recipe, rank in order.items():
        told = [_told(judged[figure].get(str(recipe)), DIGITS.get(figure, 2)) for figure in LOWER]
        rest = [number(float(grids[name][recipe].mean())) for name in ("ingredients", "seconds")]
        rows.append([f"`{recipe}`", f"{rank:.1f}", *told, *rest])
    seeds = {line.cell.seed for line in lines if line.cell.method.startswith(regime)}
    head = ["recipe", "mean rank by loss", *(f"gain in {figure}" for figure in LOWER), "ingredients", "CPU s"]
    about = f"{regime}: {len(losses)} tables x {len(seeds)} seeds; gains over `{FIRST}`"
    return f"{about}\n\n{table(head, rows)}"


def _gains(found: pd.DataFrame, *, lower: bool) -> dict[str, list[float]]:
    """Recipe -> gain over the best single ingredient, table by table; above 0 is better."""
    less = found.sub(found[FIRST], axis=0) * (-1 if lower else 1)
    return {str(name): less[name].tolist() for name in less if name != FIRST}


def _told(judged: Any, digits: int) -> str:
    return "0" if judged is None else f"{interval(judged.student, digits)} (p {judged.holm:.2g})"


def wanted(sets: Sequence[TableSet], seeds: Sequence[int], regimes: Sequence[Regime]) -> Iterator[Contest]:
    """A seed of everything before the next."""
    for seed in seeds:
        for regime in regimes:
            for which in sets:
                yield from (Contest(regime, which, item, seed) for item in items(which))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="of the measured lines and the plots")
    parser.add_argument("--tables", nargs="+", choices=("tuning", "tables", "truth"), default=["tuning"])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--regimes", nargs="+", choices=list(GRIDS), default=list(GRIDS))
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    measure(given.folder, list(wanted(given.tables, given.seeds, given.regimes)), given.workers)
    lines = [line for line in read(given.folder) if line.cell.set in given.tables]
    for regime in given.regimes:
        print(f"\n{summary(lines, regime)}")
        for figure, lower in LOWER.items():
            drawn = critical_difference(
                grid(lines, regime, figure) * (-1 if lower else 1), figure=figure.replace("_", " ")
            )
            if drawn:
                (given.folder / f"{regime}-{figure}.png").write_bytes(drawn)


if __name__ == "__main__":
    main()
