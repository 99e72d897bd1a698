"""The benchmark's pictures: mean ranks with what cannot be told apart, and fidelity by learning rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stockpot.benchmarks.board import Board, cuts
from stockpot.benchmarks.judgement import nemenyi, ranks
from stockpot.benchmarks.lines import Line
from stockpot.benchmarks.methods import BASE, REAL
from stockpot.report.ink import INK, MUTED, SOUP, SYNTHETIC, Form, picture
from stockpot.report.ink import REAL as GREY
from stockpot.score.intervals import t_interval


@dataclass(frozen=True)
class Series:
    """A line of the picture by rows. ``figure``: of the method's lines."""

    method: str
    figure: str
    name: str
    colour: str
    style: str


SERIES = (
    Series(REAL, "fidelity_oracle", "fresh real rows (oracle)", INK, ":"),
    Series("field_soup", "fidelity", "stockpot, tasted", SOUP, "-"),
    Series("field_folds0", "fidelity", "stockpot, folds=0", SOUP, "--"),
    Series(BASE, "fidelity", "CART", SYNTHETIC, "-"),
    Series(REAL, "fidelity_real", "the learning rows themselves", GREY, "-"),
)


def critical_difference(grid: pd.DataFrame, form: Form = "png", figure: str = "fidelity") -> bytes | None:
    """Mean ranks of tables x methods, 1 has the highest figure; a bar joins what Nemenyi's test cannot tell
    apart.
    """
    if len(grid) < 3 or len(grid.columns) < 3:
        return None
    import scikit_posthocs

    def draw(canvas: Figure) -> None:
        axes = canvas.add_axes((0.27, 0.04, 0.46, 0.8))
        scikit_posthocs.critical_difference_diagram(
            ranks(grid), nemenyi(grid), ax=axes, color_palette=[INK] * len(grid.columns)
        )
        axes.set_title(f"mean rank by {figure}, 1 is best", color=MUTED, fontsize=9)

    return picture(draw, (9.0, 1.3 + 0.16 * len(grid.columns)), form, "critical difference")


def by_rows(lines: Sequence[Line], form: Form = "png") -> bytes | None:
    """Mean fidelity over the large tables by number of learning rows, with 95 % intervals over tables."""
    boards = {rows: Board.of(lines, [(which, rows)]) for which, rows in cuts(lines) if rows}
    counts = sorted(rows for rows, board in boards.items() if board.tables)
    if len(counts) < 2:
        return None

    def draw(canvas: Figure) -> None:
        axes = canvas.add_axes((0.09, 0.14, 0.6, 0.78))
        for place, series in enumerate(SERIES):
            _line(axes, series, {rows: boards[rows] for rows in counts}, 1 + 0.012 * (place - 2))
        axes.set_xscale("log")
        axes.set_xticks(counts, [f"{rows:,}" for rows in counts])
        axes.minorticks_off()
        axes.set_xlabel("learning rows")
        axes.set_title(f"fidelity against 1,000 unseen rows, {_tables(boards, counts)}", color=MUTED)
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False)

    return picture(draw, (8.4, 4.0), form, "fidelity by rows")


def _line(axes: Axes, series: Series, boards: dict[int, Board], aside: float) -> None:
    """``aside``: so that intervals of one row count stand side by side. A single point is no line."""
    found = {
        rows: t_interval([board.figures[series.method][t][series.figure] for t in board.tables])
        for rows, board in boards.items()
        if board.has(series.method, series.figure)
    }
    if len(found) > 1:
        axes.errorbar(
            [rows * aside for rows in found],
            [point.value for point in found.values()],
            yerr=[point.half or 0 for point in found.values()],
            color=series.colour,
            linestyle=series.style,
            label=series.name,
            marker="o",
            markersize=4,
            elinewidth=0.7,
        )


def _tables(boards: dict[int, Board], counts: Iterable[int]) -> str:
    numbers = sorted({len(boards[rows].tables) for rows in counts})
    return f"mean of {' to '.join(str(n) for n in sorted({numbers[0], numbers[-1]}))} large tables"
