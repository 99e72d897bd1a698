"""Fit a peer and draw, by the clock: MODULE FUNCTION FOLDER ROWS SEED.

The folder holds learning.csv and kinds.json (column -> numerical or categorical), and gets drawn.csv and
cost.json. Imports are left out of the clock.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd


def main(module: str, function: str, folder: Path, rows: int, seed: int) -> None:
    """Read, draw, write."""
    kinds = json.loads((folder / "kinds.json").read_text(encoding="utf-8"))
    text = {name: object for name, kind in kinds.items() if kind == "categorical"}
    train = pd.read_csv(folder / "learning.csv", dtype=text, keep_default_na=False, na_values=[""])
    draw = getattr(importlib.import_module(module), function)
    np.random.seed(seed)
    wall, cpu = time.perf_counter(), time.process_time()
    drawn = draw(train, kinds, rows, seed)
    cost = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cost["peak_mb"] = peak // (1 << 20 if sys.platform == "darwin" else 1 << 10)
    drawn.to_csv(folder / "drawn.csv", index=False)
    (folder / "cost.json").write_text(json.dumps(cost), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
