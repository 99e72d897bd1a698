"""Measure methods under the protocol: ``python -m benchmarks.run OUT.jsonl METHOD ... [--tables
tables|truth]``.

One process a (method, table), one torch thread, one line of JSON a seed, appended to OUT.jsonl. A line that
is there already is not measured again, whether it holds figures or an error: interrupt it and start it again
as you like.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.lines import Cell, Line, append, read
from benchmarks.methods import METHODS, REAL
from benchmarks.protocol import HERE, SEEDS, TableSet, items

LIMIT_S = 1800


def run(
    out: Path,
    methods: list[str],
    which: TableSet,
    rows: int | None,
    seeds: list[int],
    *,
    only: list[str] | None = None,
    limit_s: float = LIMIT_S,
) -> Iterator[str]:
    """Measure what is not in ``out`` yet, and tell of each method and table in a sentence."""
    done = {line.cell for line in read(out)}
    for item in [item for item in items(which) if not only or item.name in only]:
        for method in methods:
            cells = [Cell(method, which, rows, item.package, item.name, seed) for seed in seeds]
            missing = [cell for cell in cells if cell not in done]
            if missing:
                started = time.perf_counter()
                _measure(out, missing, limit_s)
                yield f"{method} on {item.name}: {len(missing)} seeds, {time.perf_counter() - started:.0f} s"


def _measure(out: Path, cells: list[Cell], limit_s: float) -> None:
    """In a process of its own; seeds that it did not answer for are lines with what stopped it."""
    first = cells[0]
    command = [sys.executable, "-m", "benchmarks.measure", str(out.absolute()), first.method, first.set]
    command += [str(first.rows or 0), first.package, first.item, *[str(cell.seed) for cell in cells]]
    try:
        ended = subprocess.run(
            command, cwd=HERE.parent, env=_environment(), capture_output=True, timeout=limit_s, check=False
        )
        error = f"exit {ended.returncode}: {ended.stderr.decode(errors='replace')[-300:]}"
    except subprocess.TimeoutExpired:
        error = f"no answer in {limit_s:.0f} s"
    answered = {line.cell for line in read(out)}
    append(out, [Line(cell, error=error) for cell in cells if cell not in answered])


def _environment() -> dict[str, str]:
    """One thread, and this very stockpot."""
    paths = [str(HERE.parent / "src"), str(HERE.parent), os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, help="lines are appended to this file")
    parser.add_argument("methods", nargs="+", choices=[REAL, *METHODS], metavar="METHOD")
    parser.add_argument("--tables", choices=["tables", "truth"], default="tables")
    parser.add_argument("--rows", type=int, default=80, help="learning rows of a table of 'truth'")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--only", nargs="+", metavar="ITEM", help="tables, by name; all if left out")
    parser.add_argument("--limit", type=float, default=LIMIT_S, help="seconds a method and table")
    given = parser.parse_args()
    rows = given.rows if given.tables == "truth" else None
    told = run(
        given.out,
        given.methods,
        given.tables,
        rows,
        given.seeds,
        only=given.only,
        limit_s=given.limit,
    )
    for sentence in told:
        print(sentence, flush=True)


if __name__ == "__main__":
    main()
