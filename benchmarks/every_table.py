"""Does a cook end well on every table? ``python -m stockpot.benchmarks.every_table [FOLDER]``.

Each table (80 learning rows, seed 0) is written as CSV and cooked at the defaults, report and all, on a
store in FOLDER (a temporary one by default); a warning is an error. One line a table, and exit code 1 if one
failed.
"""

from __future__ import annotations

import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from stockpot.benchmarks.protocol import deal, items, load
from stockpot.configuration import configured
from stockpot.larder import prepare
from stockpot.reporting import read_figures

SEED, ROWS, FORM = 0, 500, "csv"


def learning_rows() -> Iterator[tuple[str, pd.DataFrame]]:
    """Name and rows of each table."""
    for which in ("tables", "truth"):
        for item in items(which):
            yield item.name, deal(load(item), SEED, 80 if which == "truth" else None).train


def cooked(name: str, frame: pd.DataFrame, folder: Path) -> str:
    """The verdict on one table."""
    path = folder / f"{name}.csv"
    frame.to_csv(path, index=False)
    dish = prepare(configured({"table": str(path), "rows": ROWS, "store": str(folder / "store")}))
    return read_figures(dish, ROWS, FORM).shipped.sentence


def main(folder: Path) -> int:
    """Cook them all; how many failed."""
    failed = 0
    for name, frame in learning_rows():
        start = time.perf_counter()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                told = cooked(name, frame, folder)
        except Exception as error:  # noqa: BLE001 - what failed is the result
            failed, told = failed + 1, f"FAILED: {type(error).__name__}: {error}"
        print(f"{name} ({time.perf_counter() - start:.0f} s): {told}", flush=True)
    return failed


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        sys.exit(bool(main(Path(sys.argv[1] if len(sys.argv) > 1 else temporary))))
