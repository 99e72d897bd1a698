"""Every picture of a cook, as bytes: one pure function a picture, SVG or PNG.

None stands for a picture that has nothing to show. Nothing here touches pyplot, so threads may draw.
"""

import math
import textwrap
from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure as Canvas

from stockpot.figures import Figures
from stockpot.report.association import associations
from stockpot.report.ink import MUTED, Form, legible, picture
from stockpot.report.menagerie import absolute_name, draw_menagerie, draw_sizes, draw_standing, height_of
from stockpot.report.panels import caption, draw_columns, draw_pairs, draw_shape, key
from stockpot.report.shapes import Shape, farthest, kind_of, shapes
from stockpot.report.verdict import verdict

COLUMNS = 24
"""As many columns are drawn at most: those that differ most from the real ones."""
PAIRED = 40
"""As many columns stand in the matrices of pairs."""


def columns(real: pd.DataFrame, synthetic: pd.DataFrame, form: Form = "png") -> bytes | None:
    """Columns real against synthetic as small multiples, missing values apart."""
    shown = farthest(shapes(real, synthetic)[0], COLUMNS)
    if not shown:
        return None
    across = min(4, len(shown))
    size = 3.1 * across + 0.2, 1.75 * math.ceil(len(shown) / across) + 0.9
    return picture(lambda canvas: draw_columns(canvas, shown, form, across), size, form, "columns")


def column(shape: Shape, form: Form = "svg") -> bytes:
    """One column, without its name: a cell of the page's grid."""

    def draw(canvas: Canvas) -> None:
        bottom = 0.02 if shape.kind == "categories" else 0.17
        draw_shape(canvas.add_axes((0.015, bottom, 0.97, 0.98 - bottom)), shape, form)

    rows = len(shape.labels) + any(shape.missing)
    return picture(draw, (2.75, 1.4 if rows <= 8 else 1.95), form, f"column {shape.name}")


def pairs(real: pd.DataFrame, synthetic: pd.DataFrame, form: Form = "svg") -> bytes | None:
    """How strongly each two columns go together: real, synthetic, and the difference."""
    kinds = {str(name): kind_of(real[name]) for name in real.columns if name in synthetic.columns}
    kinds = dict([item for item in kinds.items() if item[1] != "words"][:PAIRED])
    if len(kinds) < 2 or real.empty or synthetic.empty:
        return None
    ours, theirs = associations(real, kinds), associations(synthetic, kinds)
    names = list(kinds)
    return picture(lambda canvas: draw_pairs(canvas, names, ours, theirs, form), (11.0, 4.7), form, "pairs")


def menagerie(figures: Figures, form: Form = "svg") -> bytes | None:
    """Accuracy against quality: ingredients are dots, soups diamonds, the ensemble a square."""
    if height_of(figures) is None:
        return None

    def draw(canvas: Canvas) -> None:
        draw_menagerie(figures, canvas.add_axes((0.085, 0.13, 0.66, 0.79)), form)

    return picture(draw, (8.2, 4.4), form, "menagerie")


def sizes(figures: Figures, form: Form = "svg") -> bytes | None:
    """Quality and held-out loss by soup size, with the best single and the ensemble as lines."""
    if len(figures.sizes) < 2:
        return None

    def draw(canvas: Canvas) -> None:
        draw_sizes(figures, canvas.add_axes((0.06, 0.17, 0.31, 0.7)), "quality_all", form)
        draw_sizes(figures, canvas.add_axes((0.555, 0.17, 0.31, 0.7)), "held_out_loss", form)

    return picture(draw, (9.6, 3.2), form, "sizes")


def standing(figures: Figures, form: Form = "svg") -> bytes | None:
    """How the models stand between the rails, and their paired differences to the best single."""
    if absolute_name(figures) is None:
        return None
    height = 1.3 + 0.3 * len(verdict(figures).models)
    return picture(lambda canvas: draw_standing(figures, canvas, form), (10.4, height), form, "standing")


def summary(figures: Figures, real: pd.DataFrame, synthetic: pd.DataFrame) -> bytes:
    """One wide PNG: what was shipped, the menagerie or the standing, and six columns."""

    def draw(canvas: Canvas) -> None:
        _title(canvas, figures)
        if height_of(figures) is not None:
            draw_menagerie(figures, canvas.add_axes((0.045, 0.115, 0.3, 0.63)), "png", 22)
            left = 0.505
        else:
            left = 0.02
        _draw_six(canvas, shapes(real, synthetic)[0], left)

    return picture(draw, (14.0, 5.0), "png", "summary")


def _title(canvas: Canvas, figures: Figures) -> None:
    table = figures.table
    title = f"{table.name}: {table.rows:,} real rows, {table.columns} columns"
    canvas.text(0.015, 0.945, legible(title, "png", 90), fontsize=14, fontweight="bold", va="center")
    lines = textwrap.wrap(legible(figures.shipped.sentence, "png", 320), 165)[:2]
    canvas.text(0.015, 0.905, "\n".join(lines), fontsize=9.5, color=MUTED, va="top", linespacing=1.4)


def _draw_six(canvas: Canvas, made: Sequence[Shape], left: float) -> None:
    shown = farthest(made, 6)
    grid = canvas.add_gridspec(2, 3, left=left, right=0.99, top=0.7, bottom=0.07, hspace=0.5, wspace=0.1)
    for place, shape in enumerate(shown):
        axes = canvas.add_subplot(grid[divmod(place, 3)])
        draw_shape(axes, shape, "png")
        axes.set_title(legible(shape.name, "png", 20), fontweight="bold", fontsize=9)
        axes.set_title(caption(shape).split(",")[0], loc="right", color=MUTED, fontsize=7.5)
    key(canvas, left, 0.785)
