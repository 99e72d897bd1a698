"""Pictures of the table itself: columns real (filled grey) against synthetic (blue), and pair trends.

Heights and lengths are shares of all rows of a side. What is missing stands apart from the values, on the
same scale.
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from stockpot.report.ink import FAINT, INK, MUTED, REAL, SYNTHETIC, TWO_SIDED, Form, legible, minus
from stockpot.report.shapes import Shape

Floats = NDArray[np.float64]


def draw_shape(axes: Axes, shape: Shape, form: Form) -> None:
    """One column: a histogram of numbers and times, or a bar a category."""
    if shape.kind == "categories":
        _draw_bars(axes, shape, form)
    else:
        _draw_histogram(axes, shape)


def caption(shape: Shape) -> str:
    """The distance, and what chance alone would make of it: 'KS 0.07, chance 0.10'."""
    if not math.isfinite(shape.distance):
        return "no values to compare"
    return f"{shape.measure} {shape.distance:.2f}, by chance {shape.chance:.2f}"


def draw_columns(figure: Figure, shown: Sequence[Shape], form: Form, across: int = 4) -> None:
    """All of them as small multiples on one figure, and a legend above."""
    down = math.ceil(len(shown) / across)
    height = figure.get_figheight()
    grid = figure.add_gridspec(
        down,
        across,
        left=0.02,
        right=0.985,
        top=1 - 0.85 / height,
        bottom=0.35 / height,
        hspace=0.55,
        wspace=0.12,
    )
    for place, shape in enumerate(shown):
        axes = figure.add_subplot(grid[divmod(place, across)])
        draw_shape(axes, shape, form)
        axes.set_title(legible(shape.name, form, 26), fontweight="bold", fontsize=9.5)
        axes.set_title(caption(shape), loc="right", color=MUTED, fontsize=7.5)
    key(figure, 0.02, 1 - 0.3 / height)


def key(figure: Figure, x: float, y: float) -> None:
    """The legend of real and synthetic, its left end at ``x``, its middle at ``y``."""
    marks = [
        Patch(facecolor=REAL, label="real"),
        Patch(facecolor="none", edgecolor=SYNTHETIC, linewidth=1.6, label="synthetic"),
    ]
    figure.legend(
        handles=marks,
        loc="center left",
        bbox_to_anchor=(x, y),
        ncols=2,
        frameon=False,
        borderpad=0,
        borderaxespad=0,
        handlelength=1.2,
        handletextpad=0.5,
        columnspacing=1.2,
    )


def _draw_histogram(axes: Axes, shape: Shape) -> None:
    edges = np.asarray(shape.edges)
    axes.stairs(shape.real, edges, fill=True, color=REAL, linewidth=0)
    axes.stairs(shape.synthetic, edges, color=SYNTHETIC, linewidth=1.5)
    span = float(edges[-1] - edges[0])
    low, high = float(edges[0]) - span * 0.02, float(edges[-1]) + span * 0.02
    ticks = _ticks(shape)
    if any(shape.missing):
        high = _draw_missing(axes, shape, float(edges[-1]), span)
        ticks.append((high - span * 0.12, "missing"))
    tallest = max(*shape.real, *shape.synthetic, *shape.missing, 1e-9)
    axes.set(xlim=(low, high), ylim=(0, tallest * 1.2), yticks=[])
    axes.text(0, 1, f"peak {tallest:.0%}", va="top", fontsize=7, color=MUTED, transform=axes.transAxes)
    axes.set_xticks([at for at, _ in ticks], [text for _, text in ticks])
    axes.spines["left"].set_visible(False)


def _draw_missing(axes: Axes, shape: Shape, edge: float, span: float) -> float:
    """A bar apart, to the right of all values. Returns where the axis now ends."""
    left, right = edge + span * 0.09, edge + span * 0.17
    axes.stairs([shape.missing[0]], [left, right], fill=True, color=REAL, linewidth=0)
    axes.stairs([shape.missing[1]], [left, right], color=SYNTHETIC, linewidth=1.5)
    axes.axvline(edge + span * 0.05, color=FAINT, linewidth=0.8, linestyle=(0, (2, 2)))
    return edge + span * 0.25


def _ticks(shape: Shape) -> list[tuple[float, str]]:
    low, high = shape.edges[0], shape.edges[-1]
    if shape.kind == "times":
        at = [low + (high - low) * part for part in (0.12, 0.5, 0.88)]
        return [(day, _date(day, high - low)) for day in at]
    if shape.tenfold:
        return [(tick, _short(10.0**tick)) for tick in range(math.ceil(low), math.floor(high) + 1)]
    found = MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    span = high - low
    last = high - (0.12 if any(shape.missing) else 0.05) * span
    inside = [float(tick) for tick in found if low + 0.03 * span <= tick <= last]
    return [(tick, _short(tick)) for tick in inside]


def _date(day: float, span: float) -> str:
    moment = pd.Timestamp(0) + pd.Timedelta(days=day)
    return moment.strftime("%Y" if span > 3 * 365 else "%Y-%m-%d" if span > 3 else "%m-%d %H:%M")


def _short(value: float) -> str:
    """Ten thousands and more with a letter, so that ticks stay apart."""
    for least, size, letter in ((1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k")):
        if abs(value) >= least:
            return minus(f"{value / size:g}{letter}")
    return minus(f"{value:.4g}")


def _draw_bars(axes: Axes, shape: Shape, form: Form) -> None:
    """Wide grey bars with narrow blue ones on them, names at the left, shares as lengths."""
    rows = list(zip(shape.labels, shape.real, shape.synthetic, strict=True))
    if any(shape.missing):
        rows.append(("missing", *shape.missing))
    at = np.arange(max(len(rows), 4))[: len(rows)]
    axes.barh(at, [real for _, real, _ in rows], height=0.82, color=REAL, linewidth=0)
    axes.barh(at, [drawn for _, _, drawn in rows], height=0.34, color=SYNTHETIC, linewidth=0)
    longest = max((max(real, drawn) for _, real, drawn in rows), default=0.0) or 1.0
    size = 7.5 if len(rows) <= 8 else 6.2
    for place, (label, real, drawn) in enumerate(rows):
        lacks = place == len(rows) - 1 and any(shape.missing)
        words = axes.text(
            -0.03 * longest, place, legible(label, form, 15), ha="right", va="center", fontsize=size
        )
        words.set(color=MUTED if lacks else INK, style="italic" if lacks else "normal")
        axes.text(1.32 * longest, place, f"{real:.0%}", ha="right", va="center", fontsize=size, color=MUTED)
        axes.text(
            1.64 * longest, place, f"{drawn:.0%}", ha="right", va="center", fontsize=size, color=SYNTHETIC
        )
    axes.set(
        xlim=(-0.8 * longest, longest * 1.64), ylim=(max(len(rows), 4) - 0.4, -0.6), xticks=[], yticks=[]
    )
    axes.spines[:].set_visible(False)
    axes.axvline(0, color=MUTED, linewidth=0.8)


def draw_pairs(figure: Figure, names: Sequence[str], real: Floats, synthetic: Floats, form: Form) -> None:
    """Three matrices: real, synthetic, and synthetic less real."""
    titles = ("real", "synthetic", "synthetic less real")
    grid = figure.add_gridspec(1, 3, left=0.12, right=0.995, top=0.94, bottom=0.26, wspace=0.05)
    for place, (title, matrix) in enumerate(zip(titles, (real, synthetic, synthetic - real), strict=True)):
        axes = figure.add_subplot(grid[place])
        _draw_matrix(axes, matrix)
        axes.set_title(title, fontweight="bold")
        labels = [legible(name, form, 18) for name in names]
        size = 8.0 if len(names) <= 14 else 6.0
        axes.set_xticks(range(len(names)), labels, rotation=90, fontsize=size)
        axes.set_yticks(range(len(names)), labels if place == 0 else [], fontsize=size)
    scale = figure.add_axes((0.015, 0.12, 0.085, 0.03))
    scale.imshow(
        np.linspace(-1, 1, 41)[None], cmap=TWO_SIDED, vmin=-1, vmax=1, aspect="auto", extent=(-1, 1, 0, 1)
    )
    scale.set(yticks=[], xticks=[-1, 0, 1])
    scale.spines[:].set_visible(False)


def _draw_matrix(axes: Axes, matrix: Floats) -> None:
    """Colour for strength; figures too where there is room; a dot where nothing can be said."""
    axes.imshow(matrix, cmap=TWO_SIDED, vmin=-1, vmax=1, interpolation="none")
    axes.spines[:].set(visible=True, color=FAINT)
    axes.tick_params(length=0)
    if len(matrix) > 12:
        return
    for row, column in np.ndindex(*matrix.shape):
        value = float(matrix[row, column])
        if row == column:
            continue
        text = "·" if math.isnan(value) else minus(f"{value:.1f}".replace("-0.0", "0.0"))
        axes.text(column, row, text, ha="center", va="center", fontsize=7, color=INK)
