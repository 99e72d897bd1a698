"""One trial in this process: ``stockpot.benchmarks.run`` starts one for each.

``wall_s`` and ``cpu_s`` are of the whole fit and of drawing this model's rows, imports left out: models of
one cook share the cost of that cook. ``peak_mb`` is of the process so far. ``score_s``, wall seconds of
scoring, is no part of them. A model that draws nothing is a line with its error and what is known of it
without rows; a fit that fails is one for each of its models.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import asdict
from pathlib import Path

from stockpot.benchmarks.agenda import Trial
from stockpot.benchmarks.clock import clocked, peak_mb
from stockpot.benchmarks.lines import Cell, Line, append, read
from stockpot.benchmarks.methods import METHODS, REAL, Model
from stockpot.benchmarks.protocol import Deal, deal, items, load, reference, score


def measure(trial: Trial, done: Collection[Cell] = ()) -> Iterator[Line]:
    """A line a cell that is not done, as they come."""
    cells = {cell.method: cell for cell in trial.cells if cell not in done}
    found = next(
        item for item in items(trial.set) if (item.package, item.name) == (trial.package, trial.item)
    )
    dealt = deal(load(found), trial.seed, trial.rows)
    if trial.method == REAL:
        yield Line(cells[REAL], {k: v for k, v in asdict(reference(dealt)).items() if v is not None})
        return
    METHODS[trial.method].prepare()
    try:
        for model in METHODS[trial.method].fit(dealt, trial.seed):
            if model.line in cells:
                yield _measured(cells.pop(model.line), model, dealt)
    except Exception as error:  # noqa: BLE001 - a method's failure is a result
        yield from (Line(cell, error=_told(error)) for cell in cells.values())


def _measured(cell: Cell, model: Model, dealt: Deal) -> Line:
    try:
        with clocked() as drawing:
            rows = model.draw()
        spent = asdict(model.cost + drawing) | {"peak_mb": model.peak_mb or peak_mb()}
        start = time.perf_counter()
        scores = asdict(score(dealt, rows))
    except Exception as error:  # noqa: BLE001 - a model's failure is a result
        return Line(cell, model.figures, _told(error))
    return Line(cell, {**spent, **model.figures, **scores, "score_s": time.perf_counter() - start})


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _end_with(parent: int) -> None:
    """Nobody waits for a trial whose benchmark was killed."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def main(file: str, parent: str, text: str) -> None:
    """Append what the file's folder has no line of."""
    threading.Thread(target=_end_with, args=(int(parent),), daemon=True).start()
    path, trial = Path(file), Trial(**json.loads(text))
    done = {line.cell for line in read(path.parent)}
    for line in measure(trial, done):
        append(path, [line])


if __name__ == "__main__":
    main(*sys.argv[1:])
