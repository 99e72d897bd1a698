"""How long to train and how sharply to draw: ``python -m stockpot.benchmarks.tuning OUT.jsonl``.

Defaults are chosen on the twenty tables of tuning.csv, and nowhere else: they are in no other set, so their
rows may be looked at as often as one likes. 80 rows (60 % of a table below 140) are learned from, up to 1,000
others judge. One line a (table, seed, steps, exponent): rows of the uniform soup are drawn
with the seasoned scale to the power of the exponent (1: fully calibrated, 0: as trained), raked and scored.
``attack_auc``: how well the loss of a row, at that scale, tells learning rows from unseen ones; 0.5 leaks
nothing. At the end: each figure's difference to the default, with a 95 % interval over tables, each table's
seeds averaged first.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import pandas as pd
import torch
from sklearn.metrics import roc_auc_score

from stockpot.benchmarks.protocol import SYNTHETIC_ROWS, Deal, items, load, split
from stockpot.canonical import canonical, restore
from stockpot.configuration import configured
from stockpot.draw import Ladle
from stockpot.families.base import Weights
from stockpot.kitchen import Kitchen, Menageries, gather, menagerie, soup, train_base, train_batch
from stockpot.plan import plan
from stockpot.presets import STEPS
from stockpot.rake import Margins
from stockpot.recipes import uniform
from stockpot.score.align import kinds_of
from stockpot.score.detection import detection
from stockpot.score.fidelity import fidelity
from stockpot.score.intervals import t_interval
from stockpot.score.privacy import nearer_train
from stockpot.score.utility import utility
from stockpot.season import season
from stockpot.table import of_frame
from stockpot.threads import single_threaded

EXPONENTS = (-0.5, 0.0, 0.5, 1.0)
DEFAULT = (STEPS, 0.0)
"""Steps, and rows drawn as the net was trained."""
FIGURES = ("fidelity", "utility", "utility_equal", "detection", "nearer_train", "attack_auc", "loss")
MASKS, CHUNK = 64, 100
"""So many masks judge a row's loss; so many rows at a time."""
Line = dict[str, Any]


def measured(deal: Deal, seed: int, steps: int) -> Iterator[Line]:
    """A line each way to draw, after each fraction of the steps."""
    table = of_frame(deal.train)
    kitchen = Kitchen(
        table, plan(configured({"seed": seed, "folds": 0, "grid": {"steps": [steps]}}), table.rows)
    )
    margins = Margins.fit(kitchen.frame, table.schema)
    for fraction, weights in zip(kitchen.plan.fractions, trained(kitchen), strict=True):
        scale = season(kitchen, [weights], kitchen.main).soup
        stack = menagerie(weights, kitchen.main)
        blended = soup(stack, uniform(range(len(kitchen.plan.ingredients))))
        for exponent in EXPONENTS:
            sharp = scale**exponent
            ladle = Ladle(kitchen.program, blended, table.schema, margins, temperature=1 / sharp, rake=8)
            rows = restore(ladle.block(SYNTHETIC_ROWS, seed)[0], table.schema)
            found = scored(deal, rows) | leaked(kitchen, blended, sharp, deal)
            yield {"steps": round(fraction * steps), "exponent": exponent} | found


def trained(kitchen: Kitchen) -> list[Menageries]:
    """All ingredients, at each fraction of their steps."""
    base = train_base(kitchen)
    batches = [train_batch(kitchen, base, numbers) for numbers in kitchen.plan.batches]
    return [gather(parts) for parts in zip(*batches, strict=True)]


def scored(deal: Deal, rows: pd.DataFrame) -> dict[str, float]:
    """Of the rows, against the judging ones."""
    learn, judge, kinds = deal.train, deal.holdout, kinds_of(deal.train)
    few = [rows.sample(len(learn), random_state=draw) for draw in range(3)]
    return {
        "fidelity": fidelity(judge, rows, kinds),
        "utility": utility(learn, judge, rows, kinds),
        "utility_equal": fmean(utility(learn, judge, part, kinds) for part in few),
        "detection": detection(learn, judge, rows, kinds),
        "nearer_train": nearer_train(learn, judge, rows, kinds),
    }


def leaked(kitchen: Kitchen, weights: Weights, scale: float, deal: Deal) -> dict[str, float]:
    """Of the model: whether its losses tell who was learned from, and their mean on the judging rows."""
    judge = canonical(deal.holdout, kitchen.table.schema)
    seen, unseen = (losses(kitchen, weights, scale, frame) for frame in (kitchen.frame, judge))
    truth = [1] * len(seen) + [0] * len(unseen)
    auc = float(roc_auc_score(truth, [-loss for loss in (*seen, *unseen)]))
    return {"attack_auc": auc, "loss": fmean(unseen)}


def losses(kitchen: Kitchen, weights: Weights, scale: float, frame: pd.DataFrame) -> list[float]:
    """Nats a field of each row: a stack of one model over and over, a row each."""
    found: list[float] = []
    for start in range(0, len(frame), CHUNK):
        rows = torch.arange(start, min(start + CHUNK, len(frame)))[:, None]
        bound = kitchen.program.bind(frame, [kitchen.main] * len(rows))
        stack = {name: value.expand(len(rows), *value.shape[1:]) for name, value in weights.items()}
        masks = kitchen.masks(1, MASKS)
        judged = bound.judge(stack, rows, torch.ones(rows.shape), masks, torch.tensor([scale]))
        found += judged.loss[:, 0].tolist()
    return found


def measure(out: Path, seeds: Sequence[int], steps: int) -> None:
    """Append what is not there yet."""
    known = {(line["table"], line["seed"], line["steps"]) for line in read(out)}
    for seed in seeds:
        for item in items("tuning"):
            if (item.name, seed, steps) not in known:
                found = [
                    {"table": item.name, "seed": seed} | line
                    for line in measured(split(load(item), seed), seed, steps)
                ]
                with out.open("a", encoding="utf-8") as file:
                    file.writelines(json.dumps(line) + "\n" for line in found)
                print(f"{item.name}, seed {seed}", flush=True)


def read(out: Path) -> list[Line]:
    """All lines; none of a file that is not there."""
    texts = out.read_text(encoding="utf-8").splitlines() if out.exists() else []
    return [json.loads(text) for text in texts]


def summary(lines: Sequence[Line]) -> str:
    """Markdown: the default's means, and each way's differences to them."""
    cells: dict[tuple[str, tuple[int, float]], dict[str, list[float]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for line in lines:
        for name in FIGURES:
            cells[name, (line["steps"], line["exponent"])][line["table"]].append(line[name])
    ways = sorted({way for _, way in cells})
    rows = ["| steps, exponent | " + " | ".join(FIGURES) + " |", "| --- |" + " ---: |" * len(FIGURES)]
    for way in [DEFAULT, *(way for way in ways if way != DEFAULT)]:
        shown = [_told(cells[name, way], cells[name, DEFAULT]) for name in FIGURES]
        rows.append(f"| {way[0]}, {way[1]:g} | " + " | ".join(shown) + " |")
    return "\n".join(rows)


def _told(found: dict[str, list[float]], default: dict[str, list[float]]) -> str:
    if found is default:
        return f"{fmean(fmean(values) for values in found.values()):.3f}"
    gaps = t_interval([fmean(found[table]) - fmean(default[table]) for table in found])
    return f"{gaps.value:+.3f} ± {gaps.half or 0:.3f}"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, help="lines are appended to this file")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--steps", type=int, default=STEPS, help="of an ingredient")
    given = parser.parse_args()
    with single_threaded():
        measure(given.out, given.seeds, given.steps)
    print(summary(read(given.out)))


if __name__ == "__main__":
    main()
