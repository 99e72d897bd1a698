"""Memory of a stream of rows: ``python -m stockpot.benchmarks.streaming --rows 10000 10000000``.

A soup of examples/penguins.csv draws rows into a Parquet file (``--suffix`` for another kind), each number of
them in a process of its own, which says its peak resident memory (of getrusage) and how long drawing and
writing took. A process that runs out of ``--minutes`` ends its file there, and says how many rows it has;
``--drawn 10000`` draws only so many rows and writes them again and again, which tells of the writing alone.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path

import pandas as pd

from stockpot.benchmarks.words import table as markdown
from stockpot.soup import Soup
from stockpot.table import read
from stockpot.writing import open_writer

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
MOST = 1.5
"""So many times the first peak the last may have."""


@dataclass(frozen=True)
class Streamed:
    """``peak``: MB of 1,048,576 bytes. ``size``: of the file, likewise."""

    asked: int
    rows: int
    peak: float
    seconds: float
    size: float


def stream(soup: Path, rows: int, out: Path, seconds: float, drawn: int | None) -> Streamed:
    """Draw and write in this process, as ``stockpot sample`` does."""
    start, pot = time.monotonic(), Soup.load(soup)
    with open_writer(out, pot.schema) as writer:
        for block in _blocks(pot, rows, drawn):
            writer.write(block)
            if time.monotonic() - start > seconds:
                break
    took = time.monotonic() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux says kilobytes
    return Streamed(rows, writer.rows, peak, took, out.stat().st_size / 2**20)


def _blocks(pot: Soup, rows: int, drawn: int | None) -> Iterator[pd.DataFrame]:
    if drawn is None:
        yield from (block for block, _ in pot.blocks(rows))
        return
    again = cycle([block for block, _ in pot.blocks(min(drawn, rows))])
    done = 0
    while done < rows:
        block = next(again)[: rows - done]
        yield block
        done += len(block)


def apart(soup: Path, rows: int, out: Path, minutes: float, drawn: int | None) -> Streamed:
    """The same in a process of its own."""
    module = "stockpot.benchmarks.streaming"
    command = [sys.executable, "-m", module, "--inside", str(soup), str(out), "--minutes", str(minutes)]
    command += ["--drawn", str(drawn)] if drawn else []
    done = subprocess.run([*command, "--rows", str(rows)], stdout=subprocess.PIPE, check=True)
    return Streamed(**json.loads(done.stdout))


def table_of(found: Sequence[Streamed]) -> str:
    """Markdown: a line a run."""
    head = ("rows", "peak memory, MB", "of the first", "rows a second", "file, MB")
    lines = [
        [
            f"{one.rows:,}" + f" (of {one.asked:,}: out of time)" * (one.rows < one.asked),
            f"{one.peak:.0f}",
            f"{one.peak / found[0].peak:.2f}",
            f"{one.rows / one.seconds:,.0f}",
            f"{one.size:.1f}",
        ]
        for one in found
    ]
    return markdown(head, lines, "---:")


def main() -> int:
    """Measure, print; 1 if memory grew beyond the bar."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 10_000_000])
    parser.add_argument("--suffix", default=".parquet")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--drawn", type=int)
    parser.add_argument("--inside", nargs=2, type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        soup, out = asked.inside
        done = stream(soup, asked.rows[0], out, asked.minutes * 60, asked.drawn)
        print(json.dumps(asdict(done)))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        folder, file = Path(scratch), f"rows{asked.suffix}"
        soup = Soup.fit(read(EXAMPLES / "penguins.csv"), folds=0).save(folder / "soup")
        found = [apart(soup, rows, folder / file, asked.minutes, asked.drawn) for rows in asked.rows]
    print(table_of(found))
    return int(found[-1].peak > MOST * found[0].peak)


if __name__ == "__main__":
    sys.exit(main())
