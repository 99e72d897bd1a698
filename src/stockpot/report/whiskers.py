"""Dots with their intervals, a line a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from stockpot.ablation.words import MEASURES, gain
from stockpot.report.ink import INK
from stockpot.score.intervals import Interval


def whisker(
    axes: Axes, at: float, interval: Interval | None, colour: str = INK, face: str | None = None
) -> None:
    """A dot and its interval along x, at a height."""
    if interval is None:
        return
    if interval.low is not None and interval.high is not None:
        axes.plot([interval.low, interval.high], [at, at], color=colour, lw=1.5, solid_capstyle="round")
    axes.scatter(interval.value, at, s=34, c=face or colour, ec=colour, lw=1.3, zorder=4)


def rows(axes: Axes, names: Sequence[str], title: str, *, named: bool) -> None:
    """A line of the picture a name, from the top down."""
    axes.set_ylim(len(names) - 0.5, -0.6)
    axes.set_yticks(range(len(names)), names if named else [])
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.spines["left"].set_visible(False)
    axes.grid(visible=True, axis="x")
    axes.set_title(title, fontweight="bold", fontsize=9)
    axes.locator_params(axis="x", nbins=4)


def gains(
    canvas: Canvas,
    names: Sequence[str],
    figures: Sequence[str],
    less: Callable[[str, str], Interval | None],
    colour: Callable[[str], str],
    **frame: float,
) -> None:
    """A panel a figure, a line a name: what ``less`` says of both, as a gain. ``frame``: the grid's."""
    grid = canvas.add_gridspec(1, len(figures), **frame)
    for place, figure in enumerate(figures):
        axes = canvas.add_subplot(grid[place])
        rows(axes, names, MEASURES[figure].label, named=not place)
        axes.axvline(0, color=INK, lw=0.9)
        for row, name in enumerate(names):
            found = less(name, figure)
            whisker(axes, row, found and gain(found, MEASURES[figure]), colour(name))
