"""How long to train and how sharply to draw: ``python -m stockpot.benchmarks.tuning FOLDER``.

Defaults are chosen on the twenty tables of tuning.csv, and nowhere else: they are in no other set, so their
rows may be looked at as often as one likes. 80 rows (60 % of a table below 140) are learned from, up to 1,000
others judge. A method is ``steps, exponent``: rows of the uniform soup are drawn with the seasoned scale to
the power of the exponent (1: calibrated, 0: as trained) and raked; CART and the real rows stand beside them.
``attack_auc``: how well the loss of a row, at that scale, tells learning rows from unseen ones; 0.5 leaks
nothing. Lines are kept in the folder. At the end: means, and differences to CART with a 95 % interval over
tables, each table's seeds averaged first.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import torch

from stockpot.benchmarks.board import TUNING, Board
from stockpot.benchmarks.cart import cart
from stockpot.benchmarks.lines import Cell, Line, append, read
from stockpot.benchmarks.methods import BASE, REAL
from stockpot.benchmarks.protocol import SYNTHETIC_ROWS, Deal, Item, items, load, reference, score, split
from stockpot.benchmarks.words import interval, number, table
from stockpot.canonical import canonical, restore
from stockpot.configuration import configured
from stockpot.draw import Ladle
from stockpot.families.base import Weights
from stockpot.kitchen import Kitchen, menagerie, soup
from stockpot.plan import plan
from stockpot.presets import STEPS
from stockpot.rake import Margins
from stockpot.recipes.choosing import equal
from stockpot.score.align import FloatArray
from stockpot.score.intervals import t_interval
from stockpot.score.membership import auc
from stockpot.season import season
from stockpot.stock import train_all
from stockpot.table import of_frame
from stockpot.threads import single_threaded

EXPONENTS = (-0.5, 0.0, 0.5, 1.0)
FIGURES = ("fidelity", "utility", "utility_equal", "detection", "nearer_train", "attack_auc", "loss")
MASKS = 64
"""About so many judge a row's loss."""
FILE = "tuning.jsonl"


def way(steps: int, exponent: float) -> str:
    """What it is called."""
    return f"{steps}, {exponent:g}"


def measured(deal: Deal, seed: int, steps: int) -> Iterator[tuple[str, dict[str, float]]]:
    """Each way to draw after so many steps, and its figures."""
    learn = of_frame(deal.train)
    options = {"seed": seed, "folds": 0, "grid": {"steps": [steps]}}
    kitchen = Kitchen(learn, plan(configured(options), learn.rows))
    weights, margins = train_all(kitchen).ingredients, Margins.fit(kitchen.frame, kitchen.transform.learned)
    scale = season(kitchen, weights, kitchen.main).soup
    blended = soup(menagerie(weights, kitchen.main), equal(range(len(kitchen.plan.ingredients))))
    for exponent in EXPONENTS:
        sharp = scale**exponent
        ladle = Ladle(kitchen.program, blended, kitchen.transform, margins, 1 / sharp, kitchen.plan.rake)
        rows = restore(ladle.block(SYNTHETIC_ROWS, seed)[0], learn.schema)
        yield way(steps, exponent), asdict(score(deal, rows)) | leaked(kitchen, blended, sharp, deal)


def beside(deal: Deal, seed: int) -> Iterator[tuple[str, dict[str, float]]]:
    """CART and the real rows."""
    yield BASE, asdict(score(deal, cart(deal.train, SYNTHETIC_ROWS, seed)))
    yield REAL, {name: value for name, value in asdict(reference(deal)).items() if value is not None}


def leaked(kitchen: Kitchen, weights: Weights, scale: float, deal: Deal) -> dict[str, float]:
    """Of the model: whether its losses tell who was learned from, and their mean on the judging rows."""
    judge = kitchen.transform.forward(canonical(deal.holdout, kitchen.table.schema))
    seen, unseen = (losses(kitchen, weights, scale, frame) for frame in (kitchen.frame, judge))
    return {"attack_auc": auc(-seen, -unseen), "loss": float(unseen.mean())}


def losses(kitchen: Kitchen, weights: Weights, scale: float, frame: pd.DataFrame) -> FloatArray:
    """Nats a field of each row."""
    bound, rows = kitchen.program.bind(frame, [kitchen.main]), torch.arange(len(frame))[None]
    return bound.losses(weights, rows, kitchen.masks(1, MASKS), scale)[0].double().numpy()


def measure(folder: Path, seeds: Sequence[int], steps: Sequence[int]) -> None:
    """Append what is not there yet."""
    for seed in seeds:
        for item in items("tuning"):
            done = {line.cell for line in read(folder)}
            wanted = [n for n in steps if _cell(way(n, EXPONENTS[-1]), item, seed) not in done]
            if _cell(REAL, item, seed) in done and not wanted:
                continue
            deal = split(load(item), seed)
            found = [] if _cell(REAL, item, seed) in done else list(beside(deal, seed))
            for count in wanted:
                found += measured(deal, seed, count)
            append(folder / FILE, [Line(_cell(method, item, seed), told) for method, told in found])
            print(f"{item.name}, seed {seed}", flush=True)


def _cell(method: str, item: Item, seed: int) -> Cell:
    return Cell(method, "tuning", None, item.package, item.name, seed)


def summary(lines: Sequence[Line]) -> str:
    """Markdown, of the ways that finished all tables and seeds."""
    board = Board.of(lines, TUNING)
    rows = [[m, *(_told(board, m, name) for name in FIGURES)] for m in board.methods]
    return f"{board.told}\n\n{table(['steps, exponent', *FIGURES], rows)}"


def _told(board: Board, method: str, name: str) -> str:
    if not board.has(method, name):
        return "-"
    mean = number(board.mean(method, name))
    if method == BASE or not board.has(BASE, name):
        return mean
    return f"{mean} ({interval(t_interval(list(board.gaps(method, BASE, name).values())))})"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="of the measured lines")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--steps", type=int, nargs="+", default=[STEPS], help="of an ingredient")
    given = parser.parse_args()
    with single_threaded():
        measure(given.folder, given.seeds, given.steps)
    print(summary(read(given.folder)))


if __name__ == "__main__":
    main()
