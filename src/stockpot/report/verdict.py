"""The verdict's table as data: models between their rails, beside the single that is to be beaten.

Text, Markdown and page draw the same rows; only here is decided which and in what order.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from stockpot.figures import Difference, Figure, Figures, Model

HOLDOUT = ("held_out_loss_holdout", "fidelity_holdout", "quality_holdout")
COLUMNS = (
    "held_out_loss",
    "held_out_accuracy",
    "fidelity_held_out",
    "quality_held_out",
    "fidelity_all",
    "quality_all",
    "copy_rate",
)
LEAKS = ("copy_rate", "verbatim", "nearer_train")
JUDGES = ("held_out_loss", "fidelity_held_out", "quality_held_out", "fidelity_all", "quality_all")
"""What a difference is told in: the first of these that the figures have."""


@dataclass(frozen=True)
class Row:
    """One model or rail: its figures by name, and its difference to the best single."""

    name: str
    kind: Literal["rail", "single", "soup", "ensemble"]
    figures: Mapping[str, Figure]
    difference: Figure | None = None
    to_beat: bool = False
    shipped: bool = False


@dataclass(frozen=True)
class Verdict:
    """The table: its columns, what differences are told in, who is to be beaten, and the rows in order."""

    columns: tuple[str, ...]
    judge: str
    to_beat: str | None
    rows: tuple[Row, ...]

    @property
    def models(self) -> tuple[Row, ...]:
        """The rows between the rails."""
        return tuple(row for row in self.rows if row.kind != "rail")


def verdict(figures: Figures) -> Verdict:
    """Floor, the best single, other singles, soups, ensemble, copy, reference."""
    best = best_single(figures)
    judge = judged_by(figures)
    rails = [Row(name, "rail", entry) for name, entry in figures.rails.items()]
    below = [row for row in rails if row.name == "floor"]
    above = [row for row in rails if row.name != "floor"]
    models = [_row(figures, model, best, judge) for model in _in_order(figures, best)]
    return Verdict(_columns(figures), judge, best.name if best else None, (*below, *models, *above))


def best_single(figures: Figures) -> Model | None:
    """The single that differences are taken to; else that of the lowest held-out loss; else the first."""
    singles = {model.name: model for model in figures.models if model.kind == "single"}
    compared = Counter(each.b for each in figures.differences if each.b in singles)
    if compared:
        return singles[compared.most_common(1)[0][0]]
    return min(
        singles.values(), key=lambda model: value(model.figures, "held_out_loss", math.inf), default=None
    )


def shipped_model(figures: Figures) -> str | None:
    """The name of the model that was shipped; where none is told, the one that the protocol would ship."""
    names = [model.name for model in figures.models]
    for told in (figures.shipped.model, figures.shipped.recipe):
        if told in names:
            return told
    able = [model for model in figures.models if model.kind != "ensemble"]
    best = min(able, key=lambda model: value(model.figures, "held_out_loss", math.inf), default=None)
    return best.name if best else None


def judged_by(figures: Figures) -> str:
    """The figure that differences are told in."""
    have = {name for difference in figures.differences for name in difference.figures}
    return next((name for name in JUDGES if name in have), JUDGES[0])


def less(figures: Figures, model: str, other: str) -> Mapping[str, Figure]:
    """Figures of ``model`` less those of ``other``, whichever way round they were taken."""
    for each in figures.differences:
        if (each.a, each.b) == (model, other):
            return each.figures
        if (each.a, each.b) == (other, model):
            return _turned(each)
    return {}


def value(entries: Mapping[str, Figure], name: str, otherwise: float = math.nan) -> float:
    """The value of a figure, or ``otherwise`` where there is none that is finite."""
    figure = entries.get(name)
    return figure.value if figure is not None and math.isfinite(figure.value) else otherwise


def _turned(difference: Difference) -> dict[str, Figure]:
    return {name: _negative(figure) for name, figure in difference.figures.items()}


def _negative(figure: Figure) -> Figure:
    low = None if figure.high is None else -figure.high
    high = None if figure.low is None else -figure.low
    return replace(figure, value=-figure.value, low=low, high=high)


def _in_order(figures: Figures, best: Model | None) -> list[Model]:
    kinds = ("single", "soup", "ensemble")
    return sorted(figures.models, key=lambda model: (model is not best, kinds.index(model.kind)))


def _row(figures: Figures, model: Model, best: Model | None, judge: str) -> Row:
    difference = less(figures, model.name, best.name).get(judge) if best and model is not best else None
    shipped = model.name == shipped_model(figures)
    return Row(model.name, model.kind, model.figures, difference, model is best, shipped)


def _columns(figures: Figures) -> tuple[str, ...]:
    """The seven that always stand, then what a holdout adds (the page has another table of what leaks)."""
    names = {name for model in figures.models for name in model.figures}
    return (*COLUMNS, *(name for name in HOLDOUT if name in names))
