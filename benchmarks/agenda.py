"""What is to be measured: trials, which of them are there already, and how long the others take.

A *trial* is a method on one deal of one table: one process, one fit, a line for each model that comes of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import fmean

from stockpot.benchmarks.lines import Cell, Line
from stockpot.benchmarks.methods import METHODS
from stockpot.benchmarks.protocol import TableSet, items

START_S, SCORE_S = 5.0, 10.0
"""Seconds that a process takes to start, and that scoring one model takes: roughly."""


class Trial(Cell):
    """A method on a table's learning rows of one seed: its ``method`` is one of METHODS, not a line of it."""

    @property
    def name(self) -> str:
        cut = f", {self.rows} rows" if self.rows else ""
        return f"{self.method} on {self.item}{cut}, seed {self.seed}"

    @property
    def cells(self) -> list[Cell]:
        """One a model."""
        return [
            Cell(line, self.set, self.rows, self.package, self.item, self.seed)
            for line in METHODS[self.method].lines
        ]


def trials(
    methods: Sequence[str], tables: Sequence[str], rows: Sequence[int], seeds: Sequence[int]
) -> list[Trial]:
    """A seed of everything before the next. ``rows``: of the large tables."""
    return [
        Trial(method, which, count, item.package, item.name, seed)
        for seed in seeds
        for which, counts in _cuts(rows)
        for count in counts
        for item in items(which)
        if item.name in tables
        for method in methods
    ]


def _cuts(rows: Sequence[int]) -> Iterator[tuple[TableSet, Sequence[int | None]]]:
    yield "tables", [None]
    yield "truth", rows
    yield "tuning", [None]


def missing(wanted: Iterable[Trial], lines: Iterable[Line]) -> list[Trial]:
    """Those of which a line is not there; a line that tells of a failure is there."""
    done = {line.cell for line in lines}
    return [trial for trial in wanted if not done.issuperset(trial.cells)]


def seconds(todo: Iterable[Trial], lines: Iterable[Line]) -> float:
    """Of one worker: as long as the same method took on as many rows before, else a rough guess."""
    known = _known(lines)
    return sum(_seconds(trial, known) for trial in todo)


def _seconds(trial: Trial, known: dict[tuple[str, int | None], float]) -> float:
    method = METHODS[trial.method]
    guess = method.cpu_s + SCORE_S * len(method.lines)
    return START_S + known.get((trial.method, trial.rows), guess)


def _known(lines: Iterable[Line]) -> dict[tuple[str, int | None], float]:
    """(method, rows) -> mean seconds of fitting, drawing and scoring."""
    owner = {line: name for name, method in METHODS.items() for line in method.lines}
    fits: dict[Cell, list[Line]] = defaultdict(list)
    for line in lines:
        if line.cell.method in owner and line.error is None:
            fits[replace(line.cell, method=owner[line.cell.method])].append(line)
    spent: dict[tuple[str, int | None], list[float]] = defaultdict(list)
    for cell, found in fits.items():
        scoring = SCORE_S * len(METHODS[cell.method].lines)
        if all("score_s" in line.figures for line in found):
            scoring = fmean(line.figures["score_s"] for line in found) * len(METHODS[cell.method].lines)
        fitting = max(line.figures.get("wall_s", 0.0) for line in found)
        spent[cell.method, cell.rows].append(fitting + scoring)
    return {key: fmean(values) for key, values in spent.items()}
