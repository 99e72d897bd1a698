"""Labels in a column at the right of a picture, each led to what it names, none on another.

Heights are in the picture's data until they are placed, then shares of its height.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from stockpot.report.ink import FAINT, INK, Form, legible


@dataclass(frozen=True)
class Mark:
    """A label at the right of a picture, at a height in the picture's data."""

    text: str
    height: float
    colour: str
    bold: bool = False
    x: float | None = None


def draw_marks(axes: Axes, marks: Sequence[Mark], form: Form, length: int) -> None:
    """Labels in a column at the right, pushed apart where they would overlap, each led to its mark."""
    ordered = sorted(marks, key=lambda mark: float(axes.transData.transform((0, mark.height))[1]))
    inverse = axes.transAxes.inverted()
    heights = [float(inverse.transform(axes.transData.transform((0, mark.height)))[1]) for mark in ordered]
    figure = axes.get_figure()
    tall = axes.get_position().height * (figure.get_figheight() if isinstance(figure, Canvas) else 4.0)
    for mark, place, height in zip(ordered, spread(heights, 0.155 / tall), heights, strict=True):
        colour = INK if mark.bold else mark.colour
        axes.text(
            1.045,
            place,
            legible(mark.text, form, length) + (" (shipped)" if mark.bold else ""),
            transform=axes.transAxes,
            va="center",
            fontsize=8,
            color=colour,
            fontweight="bold" if mark.bold else "normal",
        )
        axes.plot([1.0, 1.035], [height, place], transform=axes.transAxes, color=FAINT, lw=0.8, clip_on=False)
        if mark.x is not None:
            left = float(inverse.transform(axes.transData.transform((mark.x, mark.height)))[0])
            axes.plot([left, 1.0], [height, height], transform=axes.transAxes, color=FAINT, lw=0.8, zorder=1)


def spread(heights: Sequence[float], gap: float) -> list[float]:
    """Ascending heights moved as little as needed so that neighbours are ``gap`` apart."""
    groups: list[list[float]] = []
    for height in heights:
        groups.append([height])
        while len(groups) > 1 and _bottom(groups[-1], gap) - _top(groups[-2], gap) < gap:
            last = groups.pop()
            groups[-1] += last
    return [_bottom(group, gap) + gap * place for group in groups for place in range(len(group))]


def _bottom(group: Sequence[float], gap: float) -> float:
    return sum(group) / len(group) - gap * (len(group) - 1) / 2


def _top(group: Sequence[float], gap: float) -> float:
    return sum(group) / len(group) + gap * (len(group) - 1) / 2
