"""How sharply rows should be drawn, and after how many steps: ``python -m benchmarks.inner OUT.jsonl``.

Judged on folds inside the learning rows of tables.csv alone; no holdout row is seen. One line a (table,
fold, fraction of the steps, exponent): rows of the uniform soup are drawn with the seasoned scale to the
power of the exponent (1: fully calibrated, 0: as trained), raked, and scored against the fold. At the end:
the mean over tables of each figure's difference to the default, with a 95 % interval over tables.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

import torch

from benchmarks.protocol import items, load, split
from stockpot.canonical import restore
from stockpot.configuration import configured
from stockpot.draw import Ladle
from stockpot.kitchen import Kitchen, Menageries, gather, menagerie, soup, train_base, train_batch
from stockpot.plan import plan
from stockpot.rake import Margins
from stockpot.recipes import uniform
from stockpot.score.align import kinds_of_schema
from stockpot.score.compare import RowScores, Yardstick
from stockpot.score.intervals import t_interval
from stockpot.season import season
from stockpot.table import of_frame

EXPONENTS = (-0.5, 0.0, 0.5, 1.0)
SEEDS = (0, 1)
ROWS = 1000
DEFAULT = (1, 0.5)
"""The last fraction of the steps, and the square root of the scale."""
FIGURES = ("fidelity", "quality", "nearer_train")
Key = tuple[int, float]


def trained(kitchen: Kitchen) -> list[Menageries]:
    """All ingredients, at each fraction of their steps."""
    base = train_base(kitchen)
    batches = [train_batch(kitchen, base, numbers) for numbers in kitchen.plan.batches]
    return [gather(parts) for parts in zip(*batches, strict=True)]


def scores(kitchen: Kitchen, fractions: list[Menageries], fold: int) -> Iterator[tuple[Key, RowScores]]:
    """Each way to draw from the fold's menagerie, against the fold's rows."""
    frame, schema = kitchen.table.frame, kitchen.table.schema
    held, learn = frame.iloc[kitchen.deal.folds[fold]], frame.iloc[kitchen.deal.learning(fold)]
    yardstick = Yardstick.of(held, held, learn, kinds_of_schema(schema))
    scale = season(kitchen, fractions, fold).soup
    margins = Margins.fit(kitchen.learning(fold), schema)
    for number, weights in enumerate(fractions):
        blended = soup(menagerie(weights, fold), uniform(range(len(kitchen.plan.ingredients))))
        for exponent in EXPONENTS:
            # a ladle draws with the square root of its scale
            sharp = scale ** (2 * exponent)
            ladle = Ladle(kitchen.program, blended, schema, margins, sharp, rake=8, menagerie=fold)
            yield (number, exponent), yardstick.score(restore(ladle.block(ROWS, 1)[0], schema))


def measure(out: Path) -> None:
    """Append a line for each; what is there is not measured again."""
    known = (
        {(r["table"], r["seed"]) for r in map(json.loads, out.read_text().splitlines())}
        if out.exists()
        else set()
    )
    for seed in SEEDS:
        for item in items("tables"):
            if (item.name, seed) in known:
                continue
            table = of_frame(split(load(item), seed).train)
            kitchen = Kitchen(table, plan(configured({"seed": seed}), table.rows))
            fractions = trained(kitchen)
            lines = [
                {"table": item.name, "seed": seed, "fold": fold, "key": key}
                | {name: getattr(score, name) for name in FIGURES}
                for fold in range(kitchen.plan.folds)
                for key, score in scores(kitchen, fractions, fold)
            ]
            with out.open("a") as file:
                file.writelines(json.dumps(line) + "\n" for line in lines)


def summary(out: Path) -> str:
    """Markdown: each way's difference to the default."""
    cells: dict[tuple[str, Key, str], list[float]] = defaultdict(list)
    for line in map(json.loads, out.read_text().splitlines()):
        for name in FIGURES:
            cells[name, tuple(line["key"]), line["table"]].append(line[name])
    keys = sorted({key for _, key, _ in cells})
    tables = sorted({table for _, _, table in cells})
    rows = ["| fraction, exponent | " + " | ".join(FIGURES) + " |", "| --- | ---: | ---: | ---: |"]
    for key in keys:
        shown = []
        for name in FIGURES:
            gaps = [fmean(cells[name, key, t]) - fmean(cells[name, DEFAULT, t]) for t in tables]
            found = t_interval(gaps)
            shown.append(f"{found.value:+.3f} ± {found.half or 0:.3f}")
        rows.append(f"| {key[0]}, {key[1]:+} | " + " | ".join(shown) + " |")
    return "\n".join(rows)


if __name__ == "__main__":
    torch.set_num_threads(1)
    measure(Path(sys.argv[1]))
    print(summary(Path(sys.argv[1])))
