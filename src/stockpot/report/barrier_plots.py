"""The picture of barriers: the loss between ingredients, on planes through three, and against the gain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FixedLocator

from stockpot.ablation.arms import Found
from stockpot.ablation.barrier import ALIGNED, ALL, APART, DOT, HALVES, HOT, ONE_BASE, PLANES, UNLIKE, USUAL
from stockpot.ablation.barrier_telling import NUMBERS
from stockpot.report.ink import INK, MUTED, PAPER, REAL, SOUP, SYNTHETIC, TWO_SIDED
from stockpot.report.whiskers import rows, whisker

NEAR = 0.02
"""So many nats a token lie on a plain scale, larger ones on one of logarithms."""
SMOOTH = 9
"""A grid of fewer points a side has no lines of equal loss."""
CORNERS = ((0.0, 0.0), (1.0, 0.0), (0.5, 3**0.5 / 2))
MARKS: Mapping[str, tuple[str, str, str]] = {
    USUAL: (SYNTHETIC, "o", "-"),
    HOT: (SYNTHETIC, "^", "--"),
    HALVES: (SYNTHETIC, "s", ":"),
    UNLIKE: (REAL, "D", "-"),
    APART: (SOUP, "X", "-"),
    ALIGNED: (SOUP, "P", "--"),
}
"""Kind -> colour, sign, line."""


def draw(found: Found, canvas: Canvas) -> None:
    """Above the line and three planes, below pairs and correlations."""
    _lines(found, canvas.add_axes((0.06, 0.6, 0.2, 0.31)))
    for place, kind in enumerate(PLANES):
        _plane(found, canvas.add_axes((0.405 + 0.2 * place, 0.58, 0.18, 0.33)), kind)
    said = "Loss less that of the soup of three (diamond), nats a token: blue is better, orange worse"
    canvas.text(0.405, 0.96, said, color=MUTED)
    _scatter(found, canvas.add_axes((0.06, 0.09, 0.24, 0.36)), "barrier", "barrier on one half of the rows")
    _scatter(found, canvas.add_axes((0.36, 0.09, 0.24, 0.36)), "midpoint", "gain on one half of the rows")
    _ranks(found, canvas.add_axes((0.81, 0.09, 0.17, 0.36)))


def _points(found: Found, kind: str, axis: str) -> list[str]:
    """The arms of a kind that have a coordinate."""
    return [name for name in found.names if name.startswith(f"{kind} ") and axis in found.at(name)]


def _lines(found: Found, axes: Axes) -> None:
    for kind, (colour, sign, line) in MARKS.items():
        told = [
            (found.at(n)["share"], mean)
            for n in _points(found, kind, "share")
            if (mean := found.mean(n, "above"))
        ]
        x, y = [share for share, _ in told], [mean.value for _, mean in told]
        axes.plot(x, y, color=colour, ls=line, lw=1.4, marker=sign, ms=3.5, label=kind)
    axes.axhline(0, color=INK, lw=0.9)
    axes.set_title("loss between two, less the straight line", fontweight="bold", fontsize=9)
    axes.set_xlabel("share of the second")
    axes.set_ylabel("nats a token")
    axes.legend(frameon=False, fontsize=7.5, loc="upper left", bbox_to_anchor=(1, 1), borderaxespad=0)


def _plane(found: Found, axes: Axes, kind: str) -> None:
    at = {n: (found.at(n)["x"], found.at(n)["y"]) for n in _points(found, kind, "y")}
    known = {place: mean.value for name, place in at.items() if (mean := found.mean(name, "above"))}
    axes.set_title(f"plane: {kind}", fontweight="bold", fontsize=9)
    axes.set_xticks([])
    axes.set_yticks([])
    if not known:
        axes.set_title(f"plane: {kind}: fewer than three", color=MUTED, fontsize=9)
        return
    xs, ys = (sorted({place[axis] for place in at.values()}) for axis in (0, 1))
    heat = np.array([[known.get((x, y), np.nan) for x in xs] for y in ys])
    reach = float(np.nanmax(np.abs(heat))) or 1.0
    shown = np.sign(heat) * np.sqrt(np.abs(heat) / reach)
    edges = (*_ends(xs), *_ends(ys))
    axes.imshow(-shown, cmap=TWO_SIDED, vmin=-1, vmax=1, origin="lower", extent=edges, aspect="equal")
    if min(len(xs), len(ys)) >= SMOOTH:
        drawn = axes.contour(xs, ys, heat, levels=6, colors=MUTED, linewidths=0.6)
        axes.clabel(drawn, fontsize=6, fmt="%+.2f")
    x, y = np.array(CORNERS).T
    axes.scatter(x, y, s=30, c=PAPER, ec=INK, zorder=4)
    axes.scatter(x.mean(), y.mean(), s=46, c=SOUP, marker="D", zorder=5)


def _ends(places: Sequence[float]) -> tuple[float, float]:
    half = (places[-1] - places[0]) / max(1, len(places) - 1) / 2
    return places[0] - half, places[-1] + half


def _scatter(found: Found, axes: Axes, number: str, label: str) -> None:
    """A dot a pair and seed."""
    axes.set_xscale("symlog", linthresh=NEAR)
    axes.set_yscale("symlog", linthresh=NEAR)
    for kind, (colour, sign, _) in MARKS.items():
        pairs = [
            (arm.figures[number], arm.figures["gain"])
            for seed in found.seeds
            for arm in seed
            if DOT in arm.at and arm.name.startswith(f"{kind} pair") and {number, "gain"} <= set(arm.figures)
        ]
        x, y = [a for a, _ in pairs], [b for _, b in pairs]
        axes.scatter(x, y, s=12, c=colour, marker=sign, alpha=0.6, lw=0)
    axes.axhline(0, color=INK, lw=0.9)
    axes.axvline(0, color=INK, lw=0.9)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(FixedLocator((-1, -0.1, -NEAR, 0, NEAR, 0.1, 1)))
        axis.set_major_formatter("{x:g}")
    axes.set_title(f"gain on the other half, by the {number}", fontweight="bold", fontsize=9)
    axes.set_xlabel(label)


def _ranks(found: Found, axes: Axes) -> None:
    names = list(NUMBERS)
    rows(axes, [NUMBERS[name] for name in names], "rank correlation with the gain", named=True)
    axes.tick_params(axis="y", labelsize=7)
    axes.axvline(0, color=INK, lw=0.9)
    axes.set_xlim(-1, 1)
    for row, name in enumerate(names):
        whisker(axes, row - 0.14, found.mean(ONE_BASE, f"rank {name}"), SYNTHETIC)
        whisker(axes, row + 0.14, found.mean(ALL, f"rank {name}"), INK, PAPER)
    axes.set_xlabel("filled: one base; ring: all pairs", loc="left", fontsize=7.5)
