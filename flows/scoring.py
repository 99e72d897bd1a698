"""Scoring two files at a terminal."""

from __future__ import annotations

from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid

from stockpot.score.align import kinds_of_schema
from stockpot.score.tables import Better, TableScores, score_tables
from stockpot.sources.asked import FOUND_OUT, Source
from stockpot.table import read

BESIDE = ("synthetic", "unseen", "floor", "copy", "reference")
MARKS: dict[Better, str] = {"higher": "↑", "as unseen": "≈", "0.5": "≈ 0.5"}
CAPTION = (
    "↑ higher is better, ≈ best as unseen real rows have it. Judged against the real rows: synthetic; unseen "
    "(holdout rows in their place); floor (each column drawn by itself); copy (real rows drawn again); "
    "reference (half of the real rows against the other half). Holdout figures: against the holdout."
)


def print_scores(
    real: str,
    synthetic: str,
    holdout: str | None,
    schema: Path | None,
    seed: int,
    console: Console,
    source: Source = FOUND_OUT,
) -> None:
    """Read the files under the real table's schema, score, print. ``source``: of the real rows."""
    table = read(real, schema=schema, source=source)
    rows = read(synthetic, schema=table.schema).frame
    unseen = read(holdout, schema=table.schema, source=source).frame if holdout else None
    scores = score_tables(table.frame, rows, unseen, kinds=kinds_of_schema(table.schema), seed=seed)
    console.print(grid(scores, holdout=unseen is not None))
    for note in (*table.told, *table.notes, *scores.notes):
        console.print(f"Note: {note}", highlight=False, markup=False)


def grid(scores: TableScores, *, holdout: bool) -> Grid:
    """A line a figure, beside what stands for comparison; it fits 80 columns."""
    shown = [name for name in BESIDE if holdout or name != "unseen"]
    table = Grid(box=SIMPLE_HEAD, pad_edge=False, caption_justify="left", caption=CAPTION)
    table.add_column("", no_wrap=True)
    for heading in shown:
        table.add_column(heading, justify="right", no_wrap=True)
    for line in scores.lines:
        cells = [_cell(getattr(line, name), line.unit) for name in shown]
        table.add_row(f"{line.name.replace('_', ' ')}, {line.unit} {MARKS[line.better]}", *cells)
    return table


def _cell(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if unit in ("of 100", "%") else f"{value:.3f}"
