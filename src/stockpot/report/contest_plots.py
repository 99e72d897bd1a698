"""The picture of the contest of recipes: gain over the best single ingredient, by loss and by rows."""

from __future__ import annotations

from matplotlib.figure import Figure as Canvas

from stockpot.ablation.arms import Found
from stockpot.report.ink import MUTED, SOUP, SYNTHETIC
from stockpot.report.whiskers import gains
from stockpot.taste import ENSEMBLE

FIRST = "best"


def draw(found: Found, canvas: Canvas) -> None:
    """Recipes from the lowest loss down; the ensemble, which is no recipe, in another colour."""
    names = [name for name in found.names if name != FIRST]
    loss = {name: mean.value for name in names if (mean := found.mean(name, "loss"))}
    names.sort(key=lambda name: loss.get(name, float("inf")))
    gains(
        canvas,
        names,
        ("loss", "fidelity", "quality"),
        lambda name, figure: found.less(name, FIRST, figure),
        lambda name: SYNTHETIC if name == ENSEMBLE else SOUP,
        left=0.16,
        right=0.98,
        top=0.86,
        bottom=0.08,
        wspace=0.1,
    )
    canvas.text(
        0.16, 0.94, "Gain over the best single ingredient: right of the line it is better", color=MUTED
    )
