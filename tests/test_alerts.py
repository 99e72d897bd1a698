"""Held-out quality, and when it counts as dropped."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from stockpot.alerts import drops, facts, quality
from stockpot.figures import Figure, Figures, Model
from tests.report.sample import full_figures


def figures(value: float, low: float | None = None, high: float | None = None, name="quality_held_out"):
    """Of a cook that shipped its only model."""
    figure = Figure(value, low, high, "of 100", "unseen rows")
    full = full_figures()
    shipped = replace(full.shipped, recipe="uniform", model="all")
    return replace(full, models=(Model("all", "soup", {name: figure}),), shipped=shipped)


def untasted() -> Figures:
    """Without folds and without a holdout."""
    return figures(90.0, name="quality_all")


@pytest.mark.parametrize(
    ("now", "before", "below", "reasons"),
    [
        (figures(80.0), None, None, 0),
        (figures(80.0), None, 80.0, 0),
        (figures(79.0), None, 80.0, 1),
        (figures(79.0), figures(80.0, 79.0, 81.0), None, 0),
        (figures(78.0), figures(80.0, 79.0, 81.0), None, 1),
        (figures(78.0), figures(80.0, 79.0, 81.0), 80.0, 2),
        (figures(78.0), figures(80.0), None, 0),
        (figures(78.0), figures(90.0, 89.0, 91.0, name="quality_holdout"), None, 0),
        (figures(78.0, name="quality_holdout"), figures(90.0, 89.0, 91.0, name="quality_holdout"), 80.0, 2),
        (figures(math.nan), figures(90.0, 89.0, 91.0), 80.0, 0),
        (untasted(), figures(95.0, 94.0, 96.0), 99.0, 0),
    ],
)
def test_quality_drops_below_what_is_asked_for_or_under_the_last_runs_interval(now, before, below, reasons):
    assert len(drops(now, before, below)) == reasons


def test_a_drop_is_told_with_both_figures():
    told = " ".join(drops(figures(78.04), figures(80.0, 79.0, 81.0), 80.0))
    assert told == (
        "Held-out quality is 78.0, below 80. "
        "Held-out quality is 78.0, under the last run's 80.0 (79.0 to 81.0)."
    )


def test_without_folds_and_holdout_there_is_no_held_out_quality():
    assert quality(untasted()) is None
    assert facts(untasted())["quality"] is None


def test_an_event_carries_plain_json():
    found = json.loads(json.dumps(facts(figures(80.0, 79.0, 81.0))))
    assert found["quality"] == {"name": "quality_held_out", "value": 80.0, "low": 79.0, "high": 81.0}
    assert found["recipe"] == "all"
