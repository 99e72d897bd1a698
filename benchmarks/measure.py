"""All seeds of one method on one table, in this process: ``benchmarks.run`` starts one for each.

Wall and CPU seconds are of fitting and drawing, imports left out; peak memory, in MB, is of the process after
the first seed's drawing, so it stands in the first line alone. A seed that fails is a line with its error.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.lines import Cell, Line, append
from benchmarks.methods import METHODS, REAL
from benchmarks.protocol import SYNTHETIC_ROWS, Deal, Item, TableSet, deal, items, load, reference, score


def measure(cells: list[Cell]) -> Iterator[Line]:
    """The cells differ in their seeds alone."""
    first = cells[0]
    frame = load(_item(first.set, first.package, first.item))
    if first.method != REAL:
        METHODS[first.method].prepare()
    for cell in cells:
        try:
            figures = measured(cell.method, deal(frame, cell.seed, cell.rows), cell.seed)
        except Exception as error:  # noqa: BLE001 - a method's failure is a result
            yield Line(cell, error=f"{type(error).__name__}: {error}"[:300])
        else:
            kept = figures if cell is first else {k: v for k, v in figures.items() if k != "peak_mb"}
            yield Line(cell, kept)


def measured(method: str, dealt: Deal, seed: int) -> dict[str, float]:
    """Draw, by the clock, and score."""
    if method == REAL:
        return {name: value for name, value in asdict(reference(dealt)).items() if value is not None}
    wall, cpu = time.perf_counter(), time.process_time()
    synthetic = METHODS[method].draw(dealt.train, SYNTHETIC_ROWS, seed)
    spent = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu, "peak_mb": _peak_mb()}
    return spent | asdict(score(dealt, synthetic))


def main(arguments: list[str]) -> None:
    """OUT METHOD SET ROWS PACKAGE ITEM SEED ... (ROWS 0: not cut)."""
    out, method, which, rows, package, item, *seeds = arguments
    table_set: TableSet = "truth" if which == "truth" else "tables"
    cell = Cell(method, table_set, int(rows) or None, package, item, seed=0)
    for line in measure([replace(cell, seed=int(seed)) for seed in seeds]):
        append(Path(out), [line])


def _item(which: TableSet, package: str, name: str) -> Item:
    return next(item for item in items(which) if (item.package, item.name) == (package, name))


def _peak_mb() -> float:
    """Linux tells it in KB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak // (1 << 20 if sys.platform == "darwin" else 1 << 10))


if __name__ == "__main__":
    main(sys.argv[1:])
