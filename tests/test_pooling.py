"""Pooling: the published formulas, on numbers that are reckoned by hand, and what an interval covers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import stockpot
from stockpot.errors import ConfigError
from stockpot.pooling import pool

Q, V = [1.0, 3.0], [2.0, 4.0]  # mean 2, v = 3, b = 2


def variance(rule: str, rows: int = 50, real_rows: int = 100, q=Q, v=V) -> float:
    return pool(q, v, rows=rows, real_rows=real_rows, rule=rule).error.item() ** 2


def test_each_rule_by_hand():
    assert variance("plug-in") == pytest.approx(3 * (0.5 + 0.5))
    assert variance("proper") == pytest.approx(3 * (0.5 + 1.5 / 2))
    assert variance("partial") == pytest.approx(2 / 2 + 3)
    assert variance("full", q=[0.0, 4.0]) == pytest.approx(1.5 * 8 - 3)


def test_a_variance_below_nought_is_replaced_by_reiters_that_cannot_be():
    assert variance("full", q=[2.0, 2.0]) == pytest.approx(0.5 * 3)
    assert pool([2.0, 2.0], V, rows=50, real_rows=100, rule="full").freedom.item() == 1


def test_degrees_of_freedom_by_hand():
    full = pool([0.0, 4.0], V, rows=100, real_rows=100, rule="full")
    assert full.freedom.item() == pytest.approx(max((1 - 3 / 12) ** 2, 1))
    partial = pool(Q, V, rows=100, real_rows=100, rule="partial")
    assert partial.freedom.item() == pytest.approx((1 + 3 * 2 / 2) ** 2)
    assert pool(Q, V, rows=100, real_rows=100).freedom.item() == np.inf


def test_the_interval_is_the_normal_one():
    one = pool([2.0], [1.0], rows=100, real_rows=100)
    assert one.high.item() - one.low.item() == pytest.approx(2 * 1.96 * 2**0.5, abs=1e-3)
    assert one.estimate.item() == 2


def test_series_keep_their_names_in_whatever_order():
    first, second = pd.Series({"x": 1.0, "y": 5.0}), pd.Series({"y": 7.0, "x": 3.0})
    made = stockpot.pool([first, second], [first, second], rows=10, real_rows=10)
    assert made.table["estimate"].to_dict() == {"x": 2.0, "y": 6.0}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"rows": 0}, "'rows' is 0"),
        ({"real_rows": 2.5}, "'real_rows' is 2.5"),
        ({"rule": "rubin"}, "'rule' is 'rubin'"),
        ({"level": 95}, "'level' is 95"),
        ({"estimates": [1.0]}, r"Estimates are \(1, 1\) and variances \(2, 1\)"),
        ({"estimates": []}, "Estimates are"),
        ({"estimates": [1.0, np.nan]}, "finite"),
        ({"variances": [1.0, -1.0]}, "not negative"),
        ({"estimates": ["a", "b"]}, "must be numbers"),
        ({"estimates": [1.0], "variances": [1.0], "rule": "full"}, "give two or more"),
    ],
)
def test_what_cannot_be_pooled_is_a_sentence(given, told):
    options = {"estimates": Q, "variances": V, "rows": 5, "real_rows": 5} | given
    with pytest.raises(ConfigError, match=told):
        pool(options.pop("estimates"), options.pop("variances"), **options)


def coverage(rule: str, *, proper: bool) -> float:
    """Of 400 intervals of a mean, over populations of normal numbers: n = 40, five tables of 80 rows."""
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(400):
        real = rng.normal(0, 1, 40)
        spread = [real.std(ddof=1) * (np.sqrt(39 / rng.chisquare(39)) if proper else 1) for _ in range(5)]
        centre = [real.mean() + proper * rng.normal(0, s / 40**0.5) for s in spread]
        tables = [rng.normal(c, s, 80) for c, s in zip(centre, spread, strict=True)]
        means, errors = [t.mean() for t in tables], [t.var(ddof=1) / 80 for t in tables]
        one = pool(means, errors, rows=80, real_rows=40, rule=rule)
        hits += bool(one.low.item() <= 0 <= one.high.item())
    return hits / 400


def test_intervals_cover_what_they_promise_under_their_own_way_of_drawing():
    assert coverage("plug-in", proper=False) == pytest.approx(0.95, abs=0.035)
    assert coverage("proper", proper=True) == pytest.approx(0.95, abs=0.035)
    assert coverage("full", proper=True) > 0.9
