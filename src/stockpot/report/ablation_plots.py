"""Pictures of an ablation: one a question. Every whisker is a 95 % interval over seeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from stockpot import rivals
from stockpot.ablation.arms import Found
from stockpot.ablation.words import MEASURES
from stockpot.report import barrier_plots, contest_plots, memory_plots
from stockpot.report.ink import INK, MUTED, PAPER, SOUP, SYNTHETIC, TWO_SIDED, Form, picture
from stockpot.report.whiskers import gains, rows, whisker
from stockpot.score.intervals import Interval

Draw = Callable[[Found, Canvas], None]


def draw(question: str, found: Found, form: Form = "svg") -> bytes:
    """The picture of one question."""
    how, size = PICTURES[question]
    return picture(lambda canvas: how(found, canvas), size, form, f"ablation {question}")


def _standing(found: Found, canvas: Canvas) -> None:
    """The shipped soup's gain over each, figure by figure."""
    names = [name for name in found.names if name != rivals.SHIPPED]
    shown = [figure for figure in MEASURES if any(found.values(name, figure) for name in names)]
    gains(
        canvas,
        names,
        shown,
        lambda name, figure: found.less(rivals.SHIPPED, name, figure),
        lambda _: SOUP,
        left=0.15,
        right=0.99,
        top=0.83,
        bottom=0.12,
        wspace=0.12,
    )
    canvas.text(0.15, 0.94, "Gain of the shipped soup over each: right of the line it is better", color=MUTED)


def _curves(
    axes: Axes, found: Found, ways: Mapping[str, str], figure: str, title: str, anchor: str | None = None
) -> None:
    """Way -> colour; the arms are called ``way size``. With an anchor, all is less that arm's, seed by seed:
    rows that are hard to judge are hard for all.
    """
    for way, colour in ways.items():
        names = [n for n in found.names if n.rpartition(" ")[0] == way and n.rpartition(" ")[2].isdigit()]
        told = {n: found.less(n, anchor, figure) if anchor else found.mean(n, figure) for n in names}
        known = [(found.at(name)["size"], mean) for name, mean in told.items() if mean]
        x = [size for size, _ in known]
        axes.plot(x, [mean.value for _, mean in known], color=colour, marker="D", ms=4, lw=1.3, label=way)
        low = [mean.value if mean.low is None else mean.low for _, mean in known]
        high = [mean.value if mean.high is None else mean.high for _, mean in known]
        axes.fill_between(x, low, high, color=colour, alpha=0.12, lw=0)
    if not any(found.values(name, figure) for name in found.names):
        axes.set_title("hardly a valid row was drawn", color=MUTED, fontsize=9)
        return
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.set_xlabel("ingredients in the soup")
    axes.set_title(title, fontweight="bold", fontsize=9)
    axes.grid(visible=True, axis="y")
    axes.legend(frameon=False)


def _largest(found: Found, way: str) -> str:
    sizes = [int(n.rpartition(" ")[2]) for n in found.names if n.startswith(f"{way} ") and n[-1].isdigit()]
    return f"{way} {max(sizes)}"


def _selection(found: Found, canvas: Canvas) -> None:
    ways, title = {"loss": SYNTHETIC, "accuracy": SOUP}, "held-out loss ↓, calibrated, less the soup of all's"
    _curves(canvas.add_axes((0.08, 0.16, 0.39, 0.72)), found, ways, "loss", title, _largest(found, "loss"))
    _curves(canvas.add_axes((0.57, 0.16, 0.4, 0.72)), found, ways, "quality", "quality ↑")


def _controls(found: Found, canvas: Canvas) -> None:
    names = found.names
    axes = canvas.add_axes((0.25, 0.15, 0.72, 0.7))
    rows(axes, names, "held-out loss: soup (filled), mean of its ingredients (ring)", named=True)
    for row, name in enumerate(names):
        whisker(axes, row + 0.12, found.mean(name, "single"), INK, PAPER)
        whisker(axes, row - 0.12, found.mean(name, "soup"), SOUP)
    axes.set_xlabel("← better, nats a token", loc="left")


def _sizes(found: Found, canvas: Canvas) -> None:
    left, ways = canvas.add_axes((0.065, 0.16, 0.245, 0.72)), {"by loss": SYNTHETIC, "at random": SOUP}
    anchor = _largest(found, "by loss")
    _curves(left, found, ways, "loss", "held-out loss ↓, less the largest soup's", anchor)
    for place, part in enumerate(("best", "middle", "worst")):
        less = found.less(f"{part} third", anchor, "loss")
        if less:
            left.axhline(less.value, color=MUTED, lw=0.9, ls=(0, (4, 3)))
            left.text(4**place, less.value, f"{part} third", fontsize=7, color=MUTED, va="bottom")
    _curves(canvas.add_axes((0.39, 0.16, 0.25, 0.72)), found, {"by loss": SYNTHETIC}, "quality", "quality ↑")
    right = canvas.add_axes((0.73, 0.16, 0.25, 0.72))
    for name in (n for n in found.names if n.startswith("added")):
        accuracy, change = found.mean(name, "accuracy"), found.mean(name, "change")
        if accuracy and change:
            low, high = (change.value if end is None else end for end in (change.low, change.high))
            right.plot([accuracy.value] * 2, [low, high], color=SOUP, lw=1.5)
            right.scatter(accuracy.value, change.value, s=34, c=SOUP)
            words = name.removeprefix("added: ").replace("rate x ", "").replace("steps x ", "")
            right.annotate(
                words,
                (accuracy.value, change.value),
                fontsize=6.5,
                color=MUTED,
                xytext=(4, 3),
                textcoords="offset points",
            )
    right.axhline(0, color=INK, lw=0.9)
    right.locator_params(axis="x", nbins=4)
    right.set_yscale("symlog", linthresh=0.01)
    right.yaxis.set_major_formatter("{x:g}")
    right.set_title("loss that one added ingredient brings", fontweight="bold", fontsize=9)
    right.set_xlabel("its accuracy (label: rate, steps, in factors)")


def _variety(found: Found, canvas: Canvas) -> None:
    names = found.names
    grid = canvas.add_gridspec(1, 2, left=0.24, right=0.98, top=0.84, bottom=0.17, wspace=0.08)
    axes = canvas.add_subplot(grid[0])
    rows(axes, names, "calibrated loss ↓: soup (filled), ingredients (ring)", named=True)
    other = canvas.add_subplot(grid[1])
    rows(other, names, "fidelity ↑ of the soup's rows", named=False)
    for row, name in enumerate(names):
        whisker(axes, row + 0.12, found.mean(name, "single_fitted"), INK, PAPER)
        whisker(axes, row - 0.12, found.mean(name, "soup_fitted"), SOUP)
        whisker(other, row, found.mean(name, "fidelity"), SOUP)


def _regimes(found: Found, canvas: Canvas) -> None:
    """Rows of maps: what the soup is compared with. Columns: schedule and base."""
    wanted = (
        ("gain", "best single"),
        ("gain_over_fitted", "calibrated single"),
        ("gain_fitted", "both calibrated"),
    )
    at = {name: found.at(name) for name in found.names}
    columns = sorted({(where["decayed"], where["base"]) for where in at.values()})
    rates, steps = (sorted({where[axis] for where in at.values()}) for axis in ("rate", "steps"))
    grid = canvas.add_gridspec(
        len(wanted), len(columns), left=0.1, right=0.98, top=0.88, bottom=0.1, hspace=0.3, wspace=0.1
    )
    for row, (figure, over) in enumerate(wanted):
        values = {name: mean for name in at if (mean := found.mean(name, figure))}
        reach = max((abs(mean.value) for mean in values.values()), default=1.0) or 1.0
        for column, (decayed, base) in enumerate(columns):
            axes = canvas.add_subplot(grid[row, column])
            cells = {
                (rates.index(at[name]["rate"]), steps.index(at[name]["steps"])): mean
                for name, mean in values.items()
                if (at[name]["decayed"], at[name]["base"]) == (decayed, base)
            }
            _heat(axes, cells, (len(rates), len(steps)), reach)
            axes.set_xticks(range(len(steps)), [f"{x:g}" for x in steps])
            axes.set_yticks(range(len(rates)), [f"{x:.2g}" for x in rates] if not column else [])
            if not row:
                axes.set_title(f"{'decayed' if decayed else 'constant'}, base x {base:g}", fontsize=8.5)
            if not column:
                axes.set_ylabel(f"over {over}\nrate x", fontsize=8)
            if row == len(wanted) - 1:
                axes.set_xlabel("steps x", fontsize=8)
    canvas.text(
        0.1,
        0.955,
        "Gain of the soup in held-out loss, nats a token (blue: gain; bold: not noise)",
        color=MUTED,
    )


def _heat(
    axes: Axes, cells: Mapping[tuple[int, int], Interval], shape: tuple[int, int], reach: float
) -> None:
    """One map; ``reach``: the gain of the deepest colour."""
    heat = np.full(shape, np.nan)
    for (i, j), mean in cells.items():
        heat[i, j] = mean.value
        weight = "bold" if mean.apart else "normal"
        axes.text(j, i, f"{mean.value:+.2f}", ha="center", va="center", fontsize=7.5, fontweight=weight)
    axes.imshow(np.sign(heat) * np.sqrt(np.abs(heat) / reach), cmap=TWO_SIDED, vmin=-1, vmax=1, aspect="auto")


PICTURES: Mapping[str, tuple[Draw, tuple[float, float]]] = {
    "standing": (_standing, (12.5, 4.2)),
    "selection": (_selection, (9.0, 3.6)),
    "controls": (_controls, (8.6, 3.8)),
    "sizes": (_sizes, (12.5, 3.8)),
    "variety": (_variety, (9.4, 3.4)),
    "regimes": (_regimes, (12.0, 7.5)),
    "barrier": (barrier_plots.draw, (13.0, 7.4)),
    "memory": (memory_plots.draw, (11.0, 4.2)),
    "contest": (contest_plots.draw, (11.0, 4.6)),
}
