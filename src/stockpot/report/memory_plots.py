"""The picture of what models remember: what their rows repeat, and what their losses betray."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from stockpot.ablation import memory as m
from stockpot.ablation.arms import Found
from stockpot.report.ink import INK, MUTED, PAPER, REAL, SOUP, SYNTHETIC
from stockpot.report.whiskers import rows, whisker
from stockpot.rivals import ALL, ENSEMBLE, SHIPPED

DRAWN = (m.REAL, m.SINGLE, SHIPPED, ALL, ENSEMBLE)
SHOWN = {"copy_rate": "copy rate", "nearest": "to the nearest", "nearer_train": "nearer to learning"}
ATTACKED = (
    m.NOBODY,
    m.NO_NET,
    m.BASE,
    m.SINGLE,
    SHIPPED,
    ALL,
    ENSEMBLE,
    m.UNSEEN,
    m.LEFT_OUT,
    m.BY_BASE,
)
COIN = 0.5


def draw(found: Found, canvas: Canvas) -> None:
    """Rows to the left, attacks on the weights to the right."""
    grid = canvas.add_gridspec(1, 3, left=0.11, right=0.5, top=0.83, bottom=0.1, wspace=0.14)
    for place, (figure, title) in enumerate(SHOWN.items()):
        axes = canvas.add_subplot(grid[place])
        rows(axes, DRAWN, title, named=not place)
        for row, name in enumerate(DRAWN):
            whisker(axes, row, found.mean(name, figure), REAL if name == m.REAL else _colour(name))
    _attacks(found, canvas.add_axes((0.68, 0.1, 0.31, 0.73)))
    canvas.text(0.11, 0.94, "Drawn rows beside fresh real ones", color=MUTED)
    canvas.text(
        0.68,
        0.94,
        "AUC of telling learning rows (ring: by the loss alone)",
        color=MUTED,
        ha="left",
    )


def _attacks(found: Found, axes: Axes) -> None:
    rows(axes, ATTACKED, "membership inference", named=True)
    axes.set_xlim(0.35, 1)
    axes.axvline(COIN, color=INK, lw=0.9)
    for row, name in enumerate(ATTACKED):
        whisker(axes, row + 0.14, found.mean(name, "auc_loss"), _colour(name), PAPER)
        whisker(axes, row - 0.14, found.mean(name, "auc_ratio"), _colour(name))


def _colour(name: str) -> str:
    return SOUP if name in (SHIPPED, ALL) else SYNTHETIC if name == ENSEMBLE else INK
