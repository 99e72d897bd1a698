"""Pictures of the models: the menagerie, soups by size, and how models stand against rails and best single.

A dot is an ingredient, a ring a single, a diamond a soup, a square the ensemble. Quality and fidelity lie in
[0, 100], higher is better; of losses lower is better, and their axes say so.
"""

import math
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from stockpot.figures import Figure, Figures, Model
from stockpot.report.ink import INK, MUTED, PAPER, SOUP, SYNTHETIC, Form, legible
from stockpot.report.labels import Mark, draw_marks
from stockpot.report.verdict import Verdict, best_single, less, shipped_model, value, verdict
from stockpot.report.words import ARROWS, word

RAILS = ("floor", "reference")
_MARKERS = {"single": "o", "soup": "D", "ensemble": "s"}


def height_of(figures: Figures) -> str | None:
    """What a menagerie is drawn against: quality, or held-out loss where ingredients have no quality."""
    if any(_known(each.quality_all) for each in figures.menagerie):
        return "quality_all"
    if any(_known(each.held_out_loss) and _known(each.held_out_accuracy) for each in figures.menagerie):
        return "held_out_loss"
    return None


def draw_menagerie(figures: Figures, axes: Axes, form: Form, labels: int = 26) -> None:
    """Accuracy against quality: ingredients as dots (filled: in the bowl), models labelled at the right."""
    y = height_of(figures) or "quality_all"
    for each in figures.menagerie:
        used = figures.shipped.proportions.get(str(each.number), 0) > 0
        height = each.quality_all if y == "quality_all" else each.held_out_loss
        if height is not None:
            face = SYNTHETIC if used else "none"
            axes.scatter(
                each.held_out_accuracy, height, s=24, c=face, ec=SYNTHETIC, lw=0.9, alpha=0.75, zorder=2
            )
    marks = [mark for model in figures.models if (mark := _draw_model(axes, figures, model, y))]
    _breathe(axes)
    marks += _draw_rails(axes, figures.rails, y)
    if word(y).better == "lower":
        axes.invert_yaxis()
    axes.set_xlabel(f"held-out accuracy {ARROWS['higher']}")
    axes.set_ylabel(f"{word(y).label} {ARROWS[word(y).better]}")
    axes.grid(visible=True, axis="x")
    draw_marks(axes, marks, form, labels)
    _explain(axes)


def draw_sizes(figures: Figures, axes: Axes, y: str, form: Form) -> None:
    """Quality or held-out loss of the uniform soup of the k best ingredients, by k."""
    sizes = sorted(figures.sizes, key=lambda each: each.size)
    x = [each.size for each in sizes]
    heights = [each.quality_all if y == "quality_all" else each.held_out_loss for each in sizes]
    axes.plot(x, heights, color=SOUP, marker="D", markersize=5, linewidth=1.3)
    axes.set_xscale("log", base=2)
    axes.set_xticks(x, [str(each) for each in x])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("ingredients in the soup, the best by held-out loss")
    axes.set_title(f"{word(y).label} {ARROWS[word(y).better]}", fontweight="bold")
    axes.grid(visible=True, axis="y")
    lines = [(model.name, value(model.figures, y)) for model in _beside(figures)]
    for _, height in lines:
        if math.isfinite(height):
            axes.axhline(height, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    _breathe(axes)
    draw_marks(axes, [Mark(name, at, MUTED) for name, at in lines if math.isfinite(at)], form, 18)


def draw_standing(figures: Figures, canvas: Canvas, form: Form) -> None:
    """A row a model: fidelity between the rails, then paired differences to the best single."""
    told = verdict(figures)
    differences = difference_names(figures)
    at = {row.name: place for place, row in enumerate(told.models)}
    panels = 1 + len(differences)
    height = canvas.get_figheight()
    grid = canvas.add_gridspec(
        1,
        panels,
        left=0.17,
        right=0.985,
        top=1 - 0.75 / height,
        bottom=0.52 / height,
        wspace=0.1,
        width_ratios=[1.25, *[1.0] * len(differences)],
    )
    first = canvas.add_subplot(grid[0])
    _draw_absolute(first, figures, told, at)
    first.set_yticks(list(at.values()), [legible(name, form, 22) for name in at], color=INK)
    for place, name in enumerate(differences):
        _draw_differences(canvas.add_subplot(grid[1 + place]), figures, told, name, at)


def absolute_name(figures: Figures) -> str | None:
    """The figure in which models are shown between rails: the first that any model has."""
    names = ("fidelity_held_out", "fidelity_all", "quality_held_out", "quality_all")
    return next((n for n in names if any(_known(value(m.figures, n)) for m in figures.models)), None)


def difference_names(figures: Figures) -> list[str]:
    """The differences that are drawn: held-out loss, then fidelity, then quality."""
    wanted = ("held_out_loss", "fidelity_held_out", "quality_held_out")
    have = {name for each in figures.differences for name in each.figures}
    return [name for name in wanted if name in have]


def _explain(axes: Axes) -> None:
    """Which mark is what, above the picture."""
    kinds = (
        ("ingredient", "o", SYNTHETIC, SYNTHETIC),
        ("single", "o", PAPER, INK),
        ("soup", "D", SOUP, SOUP),
        ("ensemble", "s", INK, INK),
    )
    marks = [
        Line2D(
            [], [], ls="", marker=sign, markersize=6, markerfacecolor=face, markeredgecolor=edge, label=name
        )
        for name, sign, face, edge in kinds
    ]
    axes.legend(
        handles=marks,
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=4,
        frameon=False,
        handletextpad=0.1,
        columnspacing=1.0,
        fontsize=8.5,
    )


def _draw_model(axes: Axes, figures: Figures, model: Model, y: str) -> Mark | None:
    x, height = value(model.figures, "held_out_accuracy"), value(model.figures, y)
    if not (_known(x) and _known(height)):
        return None
    shipped = model.name == shipped_model(figures)
    colour = _colour(model.kind)
    face = PAPER if model.kind == "single" else colour
    axes.scatter(
        x,
        height,
        s=62,
        marker=_MARKERS[model.kind],
        c=face,
        ec=colour if model.kind == "single" else PAPER,
        lw=1.6 if model.kind == "single" else 0.8,
        zorder=4,
    )
    if shipped:
        axes.scatter(x, height, s=190, marker="o", c="none", ec=colour, lw=1.1, zorder=3)
    return Mark(model.name, height, colour, shipped, x)


def _draw_rails(axes: Axes, rails: Mapping[str, Mapping[str, Figure]], y: str) -> list[Mark]:
    """A dashed line a rail; a rail far away is named at the edge, so that the dots keep their room."""
    low, high = axes.get_ylim()
    marks = []
    for name in RAILS:
        height = value(rails.get(name, {}), y)
        if not _known(height):
            continue
        near = low - (high - low) * 0.6 <= height <= high + (high - low) * 0.6
        if near:
            axes.axhline(height, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
            axes.set_ylim(min(low, height - 0.04 * (high - low)), max(high, height + 0.04 * (high - low)))
            low, high = axes.get_ylim()
            marks.append(Mark(name, height, MUTED))
        else:
            edge = low if height < low else high
            marks.append(Mark(f"{'↓' if height < low else '↑'} {name} {height:.1f}", edge, MUTED))
    return marks


def _draw_absolute(axes: Axes, figures: Figures, told: Verdict, at: Mapping[str, int]) -> None:
    name = absolute_name(figures)
    if name is None:
        return
    _frame(axes, name, len(at), f"{word(name).label}\nbetween its rails")
    for row in told.models:
        _draw_interval(axes, row.figures.get(name), at[row.name], row.kind)
    for rail, entries in figures.rails.items():
        height = value(entries, name)
        if _known(height):
            axes.vlines(height, -0.5, len(at) - 0.5, color=MUTED, lw=0.9, ls=(0, (4, 3)), zorder=1)
            axes.text(height, -0.55, rail, ha="center", va="bottom", fontsize=7.5, color=MUTED)
    axes.margins(x=0.08)


def _draw_differences(axes: Axes, figures: Figures, told: Verdict, name: str, at: Mapping[str, int]) -> None:
    _frame(axes, name, len(at), f"{word(name).label}\nless best single's")
    axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
    for row in told.models:
        if told.to_beat is not None and not row.to_beat:
            _draw_interval(axes, less(figures, row.name, told.to_beat).get(name), at[row.name], row.kind)
        elif row.to_beat:
            axes.scatter(0, at[row.name], s=44, c=PAPER, ec=INK, lw=1.5, zorder=4)
    low, high = axes.get_xlim()
    reach = max(abs(low), abs(high))
    axes.set_xlim(-reach, reach)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10], symmetric=True))
    axes.set_yticks(list(at.values()), [])


def _frame(axes: Axes, name: str, rows: int, title: str) -> None:
    axes.set_ylim(rows - 0.5, -0.8)
    axes.set_title(title, fontweight="bold", fontsize=9, pad=12)
    axes.grid(visible=True, axis="x")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    better = {"lower": "← better", "higher": "better →"}.get(word(name).better, "")
    axes.set_xlabel(better, loc="left" if better.startswith("←") else "right", fontsize=8)


def _draw_interval(axes: Axes, figure: Figure | None, row: int, kind: str) -> None:
    if figure is None or not _known(figure.value):
        return
    colour = _colour(kind)
    if figure.low is not None and figure.high is not None:
        axes.plot([figure.low, figure.high], [row, row], color=colour, linewidth=1.6, solid_capstyle="round")
    face = PAPER if kind == "single" else colour
    axes.scatter(figure.value, row, s=44, marker=_MARKERS[kind], c=face, ec=colour, lw=1.5, zorder=4)


def _beside(figures: Figures) -> list[Model]:
    """What a soup's size is judged against: the best single and the ensemble."""
    best = best_single(figures)
    return [model for model in figures.models if model is best or model.kind == "ensemble"]


def _colour(kind: str) -> str:
    return SOUP if kind == "soup" else INK


def _breathe(axes: Axes) -> None:
    axes.margins(0.08)
    axes.autoscale_view()


def _known(number: float | None) -> bool:
    return number is not None and bool(np.isfinite(number))
