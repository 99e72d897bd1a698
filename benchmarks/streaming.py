"""Memory of a stream of rows: ``python -m stockpot.benchmarks.streaming --rows 10000 10000000``.

A soup of examples/penguins.csv draws rows into a Parquet file (``--suffix`` for another kind), each number of
them in a process of its own, which says its peak resident memory (of getrusage) and how long drawing and
writing took. A process that runs out of ``--minutes`` ends its file there, and says how many rows it has.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

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


def stream(soup: Path, rows: int, out: Path, seconds: float) -> Streamed:
    """Draw and write in this process, as ``stockpot sample`` does."""
    start, pot = time.monotonic(), Soup.load(soup)
    with open_writer(out, pot.schema) as writer:
        for block, _ in pot.blocks(rows):
            writer.write(block)
            if time.monotonic() - start > seconds:
                break
    took = time.monotonic() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux says kilobytes
    return Streamed(rows, writer.rows, peak, took, out.stat().st_size / 2**20)


def apart(soup: Path, rows: int, out: Path, minutes: float) -> Streamed:
    """The same in a process of its own."""
    command = [
        sys.executable,
        "-m",
        __spec__.name,
        "--inside",
        str(soup),
        str(out),
        "--minutes",
        str(minutes),
    ]
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
    parser.add_argument("--inside", nargs=2, type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        print(json.dumps(asdict(stream(asked.inside[0], asked.rows[0], asked.inside[1], asked.minutes * 60))))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        soup = Soup.fit(read(EXAMPLES / "penguins.csv"), folds=0).save(folder / "soup")
        found = [apart(soup, rows, folder / f"rows{asked.suffix}", asked.minutes) for rows in asked.rows]
    print(table_of(found))
    return int(found[-1].peak > MOST * found[0].peak)


if __name__ == "__main__":
    sys.exit(main())
