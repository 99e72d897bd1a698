"""Lines as a board: method -> table -> figure, each table's seeds averaged first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean

import pandas as pd

from stockpot.benchmarks.lines import Line
from stockpot.benchmarks.methods import BASE, REAL
from stockpot.benchmarks.protocol import TableSet

Figures = Mapping[str, float]
Cut = tuple[TableSet, int | None]
"""A set of tables, and the rows that they were cut to."""
JUDGING: tuple[Cut, ...] = (("tables", None), ("truth", 80))
TUNING: tuple[Cut, ...] = (("tuning", None),)
"""All tables of a sort, at some 80 learning rows."""


@dataclass(frozen=True)
class Board:
    """Some cuts. A table counts for a method that has all seeds that CART has on it; what failed is told."""

    figures: Mapping[str, Mapping[str, Figures]]
    seeds: Mapping[str, frozenset[int]]
    failed: tuple[Line, ...]

    @staticmethod
    def of(lines: Iterable[Line], cuts: Collection[Cut]) -> Board:
        mine = [line for line in lines if (line.cell.set, line.cell.rows) in cuts]
        cells: dict[str, dict[str, dict[int, Figures]]] = defaultdict(lambda: defaultdict(dict))
        for line in mine:
            if line.error is None:
                cells[line.cell.method][line.cell.item][line.cell.seed] = line.figures
        seeds = {table: frozenset(found) for table, found in cells[BASE].items()}
        whole = {
            method: {
                table: _mean([found[seed] for seed in sorted(seeds[table])])
                for table, found in tables.items()
                if table in seeds and seeds[table] <= set(found)
            }
            for method, tables in cells.items()
        }
        return Board(whole, seeds, tuple(line for line in mine if line.error is not None))

    @property
    def tables(self) -> list[str]:
        """Those that both CART and the real rows have."""
        return sorted(set(self.figures.get(BASE, {})) & set(self.figures.get(REAL, {})))

    @property
    def told(self) -> str:
        """How much it stands on."""
        counts = sorted({len(self.seeds[table]) for table in self.tables})
        seeds = " to ".join(str(count) for count in sorted({counts[0], counts[-1]}))
        tables = "1 table" if len(self.tables) == 1 else f"{len(self.tables)} tables"
        return f"{tables} x {seeds} {'seed' if counts == [1] else 'seeds'}"

    @property
    def methods(self) -> list[str]:
        """Those that finished all tables, most faithful first."""
        done = [m for m in self.figures if m != REAL and set(self.tables) <= set(self.figures[m])]
        return sorted(done, key=lambda method: -self.mean(method, "fidelity"))

    @property
    def unfinished(self) -> list[str]:
        """A sentence on each method that did not finish all tables; where CART did not, no method counts."""
        failed = {line.cell.method: line for line in reversed(self.failed)}
        others = ({*self.figures, *failed} - {REAL}) - set(self.methods)
        told = [self._unfinished(method, failed.get(method)) for method in sorted(others)]
        gone = [line for line in self.failed if line.cell.method in (BASE, REAL)]
        return told + [
            f"{line.cell.item} is left out: `{line.cell.method}` failed, {line.error}." for line in gone
        ]

    def _unfinished(self, method: str, failed: Line | None) -> str:
        done = f"{len(set(self.tables) & set(self.figures.get(method, {})))} of {len(self.tables)} tables"
        if failed is None:
            return f"`{method}` was measured on {done} alone."
        return f"`{method}` finished {done}; first failure, on {failed.cell.item}: {failed.error}."

    def has(self, method: str, figure: str) -> bool:
        found = self.figures.get(method, {})
        return all(table in found and figure in found[table] for table in self.tables)

    def mean(self, method: str, figure: str) -> float:
        return fmean(self.figures[method][table][figure] for table in self.tables)

    def gaps(self, a: str, b: str, figure: str) -> dict[str, float]:
        """Table -> figure of a less that of b, on the tables where both have it."""
        pairs = {t: (self.figures[a].get(t, {}), self.figures[b].get(t, {})) for t in self.tables}
        return {t: x[figure] - y[figure] for t, (x, y) in pairs.items() if figure in x and figure in y}

    def grid(self, methods: Iterable[str], figure: str) -> pd.DataFrame:
        """Tables x methods."""
        return pd.DataFrame(
            {m: {t: self.figures[m][t][figure] for t in self.tables} for m in methods}, dtype=float
        )


def _mean(found: list[Figures]) -> dict[str, float]:
    """Of the figures that each seed has."""
    names = [name for name in found[0] if all(name in figures for figures in found)]
    return {name: fmean(figures[name] for figures in found) for name in names}


def cuts(lines: Iterable[Line]) -> list[Cut]:
    """What was measured, small tables first."""
    found = {(line.cell.set, line.cell.rows) for line in lines}
    return sorted(found, key=lambda cut: (cut[0], cut[1] or 0))


def pooled(lines: Iterable[Line]) -> tuple[Cut, ...]:
    """What tests are over: the tables that judge, or those of tuning where nothing else was measured."""
    found = set(cuts(lines))
    return JUDGING if found & set(JUDGING) else TUNING
