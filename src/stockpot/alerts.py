"""What a delivery tells those who watch: how good the soup is on rows that it never saw, and whether that
dropped. Quality lies in [0, 100], higher is better.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from stockpot.figures import Figure, Figures
from stockpot.report.verdict import shipped_model

UNSEEN = ("quality_held_out", "quality_holdout")
"""What held-out quality is read from: the folds; without folds the holdout; without both there is none."""


def quality(figures: Figures) -> tuple[str, Figure] | None:
    """The shipped soup's quality on unseen rows, with its name in the figures."""
    shipped = next((model for model in figures.models if model.name == shipped_model(figures)), None)
    for name in UNSEEN if shipped else ():
        found = shipped.figures.get(name) if shipped else None
        if found and math.isfinite(found.value):
            return name, found
    return None


def drops(figures: Figures, previous: Figures | None, below: float | None) -> list[str]:
    """Why held-out quality counts as dropped, a sentence each: it is below what was asked for, or under the
    lower end of the last run's interval of the same figure.
    """
    now, before = quality(figures), quality(previous) if previous else None
    if now is None:
        return []
    name, value = now[0], now[1].value
    reasons = []
    if below is not None and value < below:
        reasons.append(f"Held-out quality is {value:.1f}, below {below:g}.")
    if before and before[0] == name and before[1].low is not None and value < before[1].low:
        reasons.append(
            f"Held-out quality is {value:.1f}, under the last run's {before[1].value:.1f} "
            f"({before[1].low:.1f} to {before[1].high:.1f})."
        )
    return reasons


def facts(figures: Figures) -> dict[str, Any]:
    """Figures as an event carries them: plain JSON, no value of the table."""
    return {
        "table_digest": figures.table.digest,
        "table_rows": figures.table.rows,
        "recipe": shipped_model(figures),
        "ingredients": len(figures.shipped.proportions),
        "quality": _plain(quality(figures)),
    }


def _plain(found: tuple[str, Figure] | None) -> Mapping[str, Any] | None:
    if found is None:
        return None
    name, figure = found
    return {"name": name, "value": figure.value, "low": figure.low, "high": figure.high}
